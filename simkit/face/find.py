"""Files by their names: what is looked for beside the notebook, in `scenarios/` here and in the folders above."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simkit.base.errors import InputError
from simkit.base.project import project_folders
from simkit.runs.manifest import MANIFEST

__all__ = ["find_policy", "find_run", "find_scenario"]

_FOLDER = "scenarios"


def find_scenario(file: str | Path) -> Path:
    """A scenario's file: a path, or its folder and name as `ningbo-hr-2023/baseline`.

    Raises
    ------
    InputError
        Where there is none; the nearest that there are stand in the sentence.
    """
    return _found(file, ("", ".yaml", ".yml"), folders=False)


def find_policy(file: str | Path) -> Path:
    """A policy's file: a path, or the name of its folder as `ningbo-hr-2023`.

    Raises
    ------
    InputError
        Where there is none.
    """
    found = _found(file, ("/policy.yaml", "", ".yaml"), folders=True)
    return found / "policy.yaml" if found.is_dir() else found


def find_run(folder: str | Path) -> Path:
    """The folder of a saved run: the one given, or the newest below it.

    Raises
    ------
    InputError
        Where there is none.
    """
    folder = Path(folder)
    below = (one for depth in ("*", "*/*") for one in folder.glob(f"{depth}/{MANIFEST}"))
    saved = [folder / MANIFEST] if (folder / MANIFEST).is_file() else list(below)
    if not saved:
        raise InputError("face.no_run", folder=str(folder))
    return max(saved, key=lambda one: (one.stat().st_mtime_ns, str(one))).parent


def _found(file: str | Path, endings: tuple[str, ...], *, folders: bool) -> Path:
    tries = [Path(f"{file}{ending}") for ending in endings]
    places = [Path(), *(one / _FOLDER for one in project_folders())]
    for place in places:
        for one in tries:
            path = place / one
            if path.is_file() or (folders and (path / "policy.yaml").is_file()):
                return path
    known = [one for place in places[1:] if place.is_dir() for one in _names(place, folders)]
    raise InputError("face.no_such_file", found=str(file), known=tuple(dict.fromkeys(known)) or ("—",))


def _names(place: Path, folders: bool) -> Iterator[str]:
    """What there is in a folder of scenarios, as it would be asked for."""
    for folder in sorted(one for one in place.iterdir() if (one / "policy.yaml").is_file()):
        if folders:
            yield folder.name
        else:
            files = (one for one in sorted(folder.glob("*.yaml")) if one.name != "policy.yaml")
            yield from (f"{folder.name}/{one.stem}" for one in files)
