"""Which YAML files of a folder are policies, scenarios or overlays, by the keys at their top."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from simkit.policy.load import scan_yaml

__all__ = ["Kind", "kind_of", "overlays_beside", "yaml_files"]

Kind = Literal["policy", "scenario", "overlay"]
_ENDINGS = ("yaml", "yml")
_MARKS: dict[Kind, set[str]] = {
    "policy": {"measures", "document", "funds"},
    "overlay": {"changes", "sweep", "base"},
    "scenario": {"claims", "population", "budget_year", "earned_years", "factor"},
}


def yaml_files(folder: Path) -> list[Path]:
    """The YAML files of a folder and of those below it, hidden ones left out, sorted."""
    found = (file for end in _ENDINGS for file in folder.rglob(f"*.{end}"))
    return sorted(file for file in found if _is_open(file, folder))


def overlays_beside(scenario: Path) -> list[Path]:
    """The YAML files of the folder `overlays` beside a scenario; those of its subfolders, as of readings, are not."""
    found = (file for end in _ENDINGS for file in (scenario.parent / "overlays").glob(f"*.{end}"))
    return sorted(file for file in found if _is_open(file, scenario.parent))


def kind_of(file: Path) -> tuple[Kind | None, str]:
    """What a file is, by the keys at its top; else what was found, empty where it cannot be read at all."""
    tree, _ = scan_yaml(file)
    if tree is None:
        return None, ""
    keys = set(tree.data) if isinstance(tree.data, dict) else set()
    best = max(_MARKS, key=lambda kind: len(_MARKS[kind] & keys))
    if _MARKS[best] & keys:
        return best, ""
    return None, ", ".join(sorted(keys)[:6]) or type(tree.data).__name__


def _is_open(file: Path, root: Path) -> bool:
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(root).parts)
