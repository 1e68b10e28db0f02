"""Which reports there are below a folder: the newest of each scenario, and those that were not finished."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from simkit.base.errors import InputError
from simkit.base.whole_files import asked_name
from simkit.report.make.record import (
    FAILURE,
    RECORD,
    Failure,
    Record,
    has_failed,
    read_failure,
    read_record,
    record_path,
)

__all__ = ["Failed", "Listed", "keep_newest", "listed_reports"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A finished report: its folder and what stands in its record."""

    folder: Path
    record: Record


@dataclass(frozen=True, slots=True)
class Failed:
    """A report that was not finished: its name, why, and its run's folder where there is one."""

    name: str
    message: str
    folder: Path | None = None


def listed_reports(out: Path, now: Sequence[Path] = ()) -> tuple[list[Listed], list[Failed]]:
    """The newest report of each scenario below a folder; those that failed the last time.

    Parameters
    ----------
    out : Path
        Runs stand in `out/SCENARIO/RUN/`.
    now : sequence of folders
        Runs of this command: of their scenarios they are the newest, whatever was written when.
    """
    done: list[Listed] = []
    failed: list[Failed] = []
    for scenario in sorted(path for path in out.iterdir() if path.is_dir()) if out.is_dir() else []:
        folder = _newest(scenario, now)
        if folder is None:
            continue
        try:
            if has_failed(folder):
                failure: Failure = read_failure(folder)
                failed.append(Failed(failure.name, failure.message, folder))
            else:
                done.append(Listed(folder, read_record(folder)))
        except InputError as error:
            failed.append(Failed(scenario.name, str(error), folder))
    return sorted(done, key=_order), failed


def _newest(scenario: Path, now: Sequence[Path]) -> Path | None:
    """The run of a scenario that was reported last."""
    found = []
    for name in (RECORD, FAILURE):
        for path in scenario.glob(f"*/{Path(name).stem}*.json"):
            if path.name != name and (asked_name(path) or path).name != name:
                continue
            with suppress(OSError):  # it has just gone
                found.append((path.parent in now, path.stat().st_mtime_ns, path.parent.name, path.parent))
    return max(found)[-1] if found else None


def keep_newest(now: Sequence[Path]) -> None:
    """Let later commands, too, list these runs of their scenarios; only where another was written after them."""
    for folder in now:
        if _newest(folder.parent, ()) != folder:
            with suppress(OSError):  # it cannot be written to: then this page alone knows
                os.utime(record_path(folder))


def _order(one: Listed) -> tuple[str, bool, str]:
    """A baseline first, then what is laid on it."""
    summary = one.record.summary
    return summary.base or summary.name, bool(summary.base), summary.name
