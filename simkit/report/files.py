"""Files of a report: whole or as they were, and told apart from what a dead process left."""

from __future__ import annotations

import os
from pathlib import Path

from simkit.errors import RunError
from simkit.partial import partial_name

__all__ = ["write_whole"]


def write_whole(target: Path, text: str) -> None:
    """Write beside the target, then put it in its place: whole, or as it was.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    partial = partial_name(target)
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(partial, target)
    except OSError as error:
        raise RunError(
            "{path}: cannot be written: {reason}", path=target, reason=error.strerror or error
        ) from error
    finally:
        partial.unlink(missing_ok=True)
