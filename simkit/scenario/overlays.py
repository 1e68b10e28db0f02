"""Overlays: a reform or another assumption as a file, laid on a baseline."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from simkit.errors import Fault
from simkit.policy.load import scan_yaml, validate
from simkit.policy.tree import Tree
from simkit.policy.types import Frozen, Text

__all__ = ["Overlay", "read_overlays"]


class Overlay(Frozen):
    """A reform or another assumption, laid on a baseline: path -> value."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    title: Text
    base: str
    reason: Text
    author: str = ""
    date: datetime.date | None = None
    changes: dict[str, Any] = Field(min_length=1)


def read_overlays(
    overlays: Sequence[str | Path], changes: Mapping[str, Any] | None, name: str | None, base: Any
) -> tuple[list[Tree], list[str], list[Fault]]:
    """The changes of each overlay as a tree of its own, and their names."""
    laid, names, faults = [], [], []
    for path in overlays:
        tree, more = scan_yaml(path)
        faults += more
        if tree is None:
            continue
        overlay, more = validate(Overlay, tree)
        faults += more
        if overlay is not None:
            laid.append(tree.under(("changes",)))
            names.append(overlay.name)
            if overlay.base != base:
                faults.append(tree.fault(("base",), f"the scenario it is laid on, {base}", overlay.base))
    if changes:
        laid.append(Tree(dict(changes), name or "changes"))
        names.append(name or "changes")
    return laid, names, faults
