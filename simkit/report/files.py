"""Files of a report: whole or as they were, and told apart from what a dead process left."""

from __future__ import annotations

from pathlib import Path

from simkit.partial import whole

__all__ = ["write_whole"]


def write_whole(target: Path, text: str) -> None:
    """Write beside the target, then put it in its place: whole, or as it was.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    with whole(target) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
