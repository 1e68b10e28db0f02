"""The folders of a project: where scenarios, notebooks and saved results are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simkit.base.errors import InputError

__all__ = ["NOTEBOOKS", "PAPERS", "newest_saved", "project_folders"]

_CHECKOUT = Path(__file__).parents[2]
#: The notebooks of the checkout that simkit runs from, and those that commands run; simkit knows them as paths only.
NOTEBOOKS = _CHECKOUT / "notebooks"
PAPERS = NOTEBOOKS / "papers"
_REPORTS = "reports"


def project_folders() -> Iterator[Path]:
    """Folders in which a project may lie: this one, those above it, and the one simkit is run from."""
    here = Path.cwd()
    yield from dict.fromkeys([here, *here.parents, _CHECKOUT])


def newest_saved(*patterns: str, command: str) -> Path:
    """The newest file in `reports/` of the first folder of the project that has one.

    Parameters
    ----------
    patterns : str
        Below the folder of a scenario. Variants that a report runs, whose folders have a dot, are passed over.
    command : str
        What makes one, for whoever has none.

    Raises
    ------
    InputError
        Where there is none.
    """
    for folder in project_folders():
        scenarios = [one for one in (folder / _REPORTS).glob("*") if "." not in one.name]
        found = [path for one in scenarios for pattern in patterns for path in one.glob(pattern)]
        if found:
            return max(found, key=lambda path: (path.stat().st_mtime_ns, str(path)))
    raise InputError("error.nothing_saved", command=command)
