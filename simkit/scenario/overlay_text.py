"""Overlays and values as YAML text that is read back as what it was."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from simkit.base.errors import InputError
from simkit.base.filenames import MOST_LETTERS, is_device
from simkit.base.whole_files import replace_files
from simkit.base.written import is_own
from simkit.scenario import Overlay

__all__ = ["flow", "is_name", "overlay_text", "write_overlays"]

#: Text that a file would take for a number, a day or a truth value where PyYAML would not quote it.
_NUMERIC = re.compile(r"[-+]?[0-9.][0-9.eE+-]*")
_WIDEST = 100_000
_LETTERS = re.compile(r"[a-z0-9_-]+")


class _Dumper(yaml.SafeDumper):
    """Writes text in quotes where it might be read as something else."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = '"' if "\n" in value else "'" if _NUMERIC.fullmatch(value) or value == "<<" else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
_Dumper.ignore_aliases = lambda *_: True  # type: ignore[method-assign]  # files know no aliases


def flow(value: Any) -> str:
    """A value on one line."""
    text = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, default_flow_style=True, width=_WIDEST, sort_keys=False
    )
    return str(text).removesuffix("\n").removesuffix("\n...")


def is_name(name: str) -> bool:
    """Whether an overlay may be called so: it names the file too."""
    return _LETTERS.fullmatch(name) is not None and len(name) <= MOST_LETTERS and not is_device(name)


def overlay_text(overlay: dict[str, Any]) -> str:
    """An overlay's data as a file."""
    order = [name for name in Overlay.model_fields if overlay.get(name)]
    lines = []
    for name in order:
        value = overlay[name]
        if name in ("changes", "sweep"):
            lines.append(f"{name}:")
            lines += [f"  {flow(path)}: {flow(one)}" for path, one in value.items()]
        elif isinstance(value, dict):
            lines.append(f"{name}:")
            lines += [f"  {key}: {flow(one)}" for key, one in value.items()]
        else:
            lines.append(f"{name}: {flow(value)}")
    return "\n".join(lines) + "\n"


def write_overlays(texts: Mapping[str, str], folder: str | Path, *, force: bool = False) -> list[Path]:
    """Write overlays as `FOLDER/NAME.yaml`, all of them or none.

    Raises
    ------
    InputError
        Where one is there already, unless `force`; one that a person wrote or changed even then.
    RunError
        When one cannot be written.
    """
    paths = {Path(folder) / f"{name}.yaml": text for name, text in texts.items()}
    there = [str(path) for path in paths if os.path.lexists(path)]
    if there and not force:
        raise InputError(
            "error.files_exist",
            paths=", ".join(there),
        )
    changed = [str(path) for path in paths if os.path.lexists(path) and not is_own(path)]
    if changed:
        raise InputError("error.overlays_changed", paths=", ".join(changed))
    replace_files(paths, new=[path for path in paths if str(path) not in there])
    return list(paths)
