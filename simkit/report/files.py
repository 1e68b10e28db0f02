"""Files of a report: whole or as they were, and put beside what is not ours."""

from __future__ import annotations

from pathlib import Path

from simkit.partial import whole

__all__ = ["write_whole"]


def write_whole(target: Path, text: str) -> Path:
    """Write a text: whole, or as it was; where it stands, as `place` says.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    with whole(target) as new:
        new.partial.write_bytes(text.encode("utf-8"))
    return new.path
