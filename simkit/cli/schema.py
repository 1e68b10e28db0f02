"""`simkit schema`: what the files may hold, for completion in editors."""

from __future__ import annotations

import json
from pathlib import Path

from simkit.cli.messages import say
from simkit.cli.terminal import echo
from simkit.cli.written import beside
from simkit.partial import whole
from simkit.policy.types import Frozen, Policy
from simkit.scenario import Overlay, Plan
from simkit.store import check_writable
from simkit.whatif.kinds import kind_of, schema_paths

__all__ = ["show_schema"]

_MODELS: dict[str, type[Frozen]] = {"policy": Policy, "scenario": Plan, "overlay": Overlay}


def show_schema(kind: str, out: str | None, language: str) -> int:
    """Print one schema, or write it to OUT/KIND.schema.json; give the exit code.

    `paths`: every path that an overlay can change, and what kind of change it makes.
    """
    if kind == "paths":
        return _show_paths(language)
    text = json.dumps(_MODELS[kind].model_json_schema(), ensure_ascii=False, indent=1)
    if out is None:
        echo(text)
        return 0
    check_writable(Path(out))
    with whole(Path(out) / f"{kind}.schema.json") as new:
        new.partial.write_text(text + "\n", encoding="utf-8")
    echo("\n".join([*beside([new.path], language), say(language, "written", path=new.path)]))
    return 0


def _show_paths(language: str) -> int:
    """Every path of policy and scenario with its kind of change."""
    rows = [(path, kind_of(path)) for path in schema_paths()]
    size = max(len(path) for path, _ in rows)
    for path, kind in rows:
        echo(f"{path:<{size}}  {say(language, f'kind_{kind}')}")
    return 0
