"""The manifest of a saved run: what it was made from, the digests of its files, and its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simkit.base.errors import InputError
from simkit.documents.build import show
from simkit.documents.validate import jsonable
from simkit.scenario.saved import data_digest

__all__ = ["FILES", "FORMAT", "MANIFEST", "misfit", "read_manifest", "signed", "unsigned_manifest"]

MANIFEST = "manifest.json"
FORMAT = 3
#: What it vouches for.
FILES = ("draws.npz", "outlays.parquet", "policy.json", "scenario.json")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Change(_Strict):
    path: str
    before: Any
    after: Any


class _Precision(_Strict):
    asked: float
    found: float
    limit: int
    year: int
    special: bool


class _Manifest(_Strict):
    """What stands in the file; a person reads it too, so it stays plain JSON for all who use it."""

    format: int
    scenario: str
    file: str
    seed: int = Field(ge=0, lt=2**63)
    draws: int = Field(ge=1)
    parameters: Literal["crude", "latin"]
    digests: dict[str, str]
    overlay: list[_Change]
    overlays: list[dict[str, Any]]
    levers: list[str]
    precision: _Precision | None
    code: dict[str, Any]
    versions: dict[str, Any]
    files: dict[Literal["draws.npz", "outlays.parquet", "policy.json", "scenario.json"], str] = Field(
        min_length=len(FILES)
    )
    digest: str


def signed(data: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest as JSON has it, with its own digest."""
    plain: dict[str, Any] = jsonable({key: value for key, value in data.items() if key != "digest"})
    return plain | {"digest": data_digest(plain)}


def misfit(data: Any) -> str:
    """What of a manifest is missing or is of another kind; empty where it is sound."""
    try:
        _Manifest.model_validate(data)
    except ValidationError as error:
        return ", ".join(dict.fromkeys(".".join(map(str, one["loc"])) or "?" for one in error.errors()))
    return ""


def unsigned_manifest(folder: str | Path) -> tuple[dict[str, Any], bool]:
    """The manifest of a folder, and whether it is as it was saved.

    Raises
    ------
    InputError
        Where there is no run, or one of another format, or the manifest is torn.
    """
    path = Path(folder) / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError("error.no_manifest", folder=folder) from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError("error.no_sound_manifest", path=path, found=str(error).splitlines()[0]) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else show(data)
        raise InputError("error.other_format", path=path, expected=FORMAT, found=found)
    wrong = misfit(data)
    if wrong:
        raise InputError("error.no_sound_manifest", path=path, found=f"{wrong}?")
    return data, signed(data) == data


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """The manifest of a saved run, as it was saved.

    Raises
    ------
    InputError
        Where there is no run, or one of another format, or the manifest is torn or was changed.
    """
    data, sound = unsigned_manifest(folder)
    if not sound:
        raise InputError("error.manifest_edited", path=Path(folder) / MANIFEST)
    return data
