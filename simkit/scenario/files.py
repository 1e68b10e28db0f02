"""The YAML files of a folder, and the overlays beside a scenario."""

from __future__ import annotations

from pathlib import Path

__all__ = ["overlays_beside", "yaml_files"]

_ENDINGS = ("yaml", "yml")


def yaml_files(folder: Path) -> list[Path]:
    """The YAML files of a folder and of those below it, hidden ones left out, sorted."""
    found = (file for end in _ENDINGS for file in folder.rglob(f"*.{end}"))
    return sorted(file for file in found if _is_open(file, folder))


def overlays_beside(scenario: Path) -> list[Path]:
    """The YAML files of the folder `overlays` beside a scenario; those of its subfolders, as of readings, are not."""
    found = (file for end in _ENDINGS for file in (scenario.parent / "overlays").glob(f"*.{end}"))
    return sorted(file for file in found if _is_open(file, scenario.parent))


def _is_open(file: Path, root: Path) -> bool:
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(root).parts)
