"""Moved sliders as an overlay's file: written whole or not at all, and never over another."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from simkit.base.errors import InputError, RunError
from simkit.base.filenames import MOST_LETTERS, is_device
from simkit.base.leftovers import partial_name
from simkit.documents.models import Text
from simkit.scenario import Scenario

__all__ = ["is_name", "overlay_text", "write_overlay"]

_LETTERS = re.compile(r"[a-z0-9_-]+")


def is_name(name: str) -> bool:
    """Whether an overlay may be called so: it names the file too."""
    return _LETTERS.fullmatch(name) is not None and len(name) <= MOST_LETTERS and not is_device(name)


def overlay_text(
    scenario: Scenario,
    changes: Mapping[str, Any],
    *,
    base_digest: str,
    name: str,
    title: Text,
    author: str,
    reason: Text,
    date: datetime.date,
) -> str:
    """An overlay as YAML, in the order in which overlays are read.

    Parameters
    ----------
    scenario : Scenario
        The baseline that it is laid on.
    changes : mapping of path to value
    base_digest : str
        First digits of the baseline's digest.
    name : str
        Names its file too.
    date : date
        On which it was made.

    Raises
    ------
    InputError
        For a name that no file can have.
    """
    if not is_name(name):
        raise InputError("error.overlay_name", found=repr(name))
    data = {
        "name": name,
        "title": title.model_dump(),
        "base": scenario.plan.id,
        "base_digest": base_digest,
        "author": author,
        "date": date,
        "reason": reason.model_dump(),
        "changes": dict(changes),
    }
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110))


def write_overlay(text: str, folder: str | Path, name: str) -> Path:
    """Write an overlay's text as `FOLDER/NAME.yaml`.

    Raises
    ------
    InputError
        Where there is one of that name: nothing is lost without being asked.
    RunError
        When it cannot be written.
    """
    path = Path(folder) / f"{name}.yaml"
    partial, reserved = partial_name(path), False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        path.touch(exist_ok=False)
        reserved = True
        os.replace(partial, path)
    except OSError as error:
        if reserved:
            path.unlink(missing_ok=True)
        with suppress(OSError):  # its folder may be what is missing
            partial.unlink()
        if isinstance(error, FileExistsError) and path.exists():
            raise InputError("error.exists", path=path) from error
        raise RunError("error.not_written", path=path, reason=error) from error
    return path
