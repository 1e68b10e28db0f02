"""`simkit schema`: what the files may hold, for completion in editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simkit.base.whole_files import write_whole
from simkit.base.words import catalogue
from simkit.cli.terminal import echo
from simkit.cli.words import say
from simkit.cli.written import beside
from simkit.documents.models import Frozen
from simkit.policy.schema import Policy
from simkit.runs.store import check_writable
from simkit.scenario import Overlay, Plan
from simkit.scenario.kinds_of_change import kind_of, schema_paths

__all__ = ["schema_of", "show_schema"]

_MODELS: dict[str, type[Frozen]] = {"policy": Policy, "scenario": Plan, "overlay": Overlay}


def show_schema(kind: str, out: str | None, language: str) -> int:
    """Print one schema, or write it to OUT/KIND.schema.json; give the exit code.

    `paths`: every path that an overlay can change, and what kind of change it makes.
    """
    if kind == "paths":
        return _show_paths(language)
    text = json.dumps(schema_of(kind, language), ensure_ascii=False, indent=1)
    if out is None:
        echo(text)
        return 0
    check_writable(Path(out))
    path = write_whole(Path(out) / f"{kind}.schema.json", text + "\n")
    echo("\n".join([*beside([path], language), say(language, "written", path=path)]))
    return 0


def schema_of(kind: str, language: str) -> dict[str, Any]:
    """JSON Schema of a kind of file: each property with a description, and what may be left empty with null."""
    model = _MODELS[kind]
    schema = model.model_json_schema()
    words = catalogue(language)
    for name, part in {model.__name__: schema, **schema.get("$defs", {})}.items():
        for key, known in part.get("properties", {}).items():
            about = words.get(f"schema.{name}.{key}") or words.get(f"schema.*.{key}", "")
            part["properties"][key] = _emptiable(known) | {"description": about}
    return schema


def _emptiable(known: dict[str, Any]) -> dict[str, Any]:
    """A property, null allowed where a key with nothing after it means none."""
    if "default" not in known or not (known["default"] in ({}, [], "") or "$ref" in known):
        return known
    about: dict[str, Any] = {key: known[key] for key in ("title", "default") if key in known}
    kept = {key: value for key, value in known.items() if key not in (*about, "description")}
    return {"anyOf": [kept, {"type": "null"}], **about}


def _show_paths(language: str) -> int:
    """Every path of policy and scenario with its kind of change."""
    rows = [(path, kind_of(path)) for path in schema_paths()]
    size = max(len(path) for path, _ in rows)
    for path, kind in rows:
        echo(f"{path:<{size}}  {say(language, f'kind_{kind}')}")
    return 0
