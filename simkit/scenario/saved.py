"""A scenario as plain data: their digests, and a scenario from those that were saved with a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from simkit.base.errors import FaultsError
from simkit.documents.overlay import Change
from simkit.documents.overlay_file import Overlay
from simkit.documents.tree import Tree
from simkit.documents.validate import jsonable, validate
from simkit.policy.schema import Policy
from simkit.scenario.types import Plan, Scenario

__all__ = ["data_digest", "data_of", "restore_scenario"]


def restore_scenario(
    name: str,
    policy_data: Mapping[str, Any],
    plan_data: Mapping[str, Any],
    changes: Sequence[Change],
    file: str,
    digests: Mapping[str, str],
    overlays: Sequence[Mapping[str, Any]] = (),
) -> Scenario:
    """A scenario from the data that were saved with a result.

    Raises
    ------
    FaultsError
        When the data are not those of a scenario of this version.
    """
    policy, faults = validate(Policy, Tree(dict(policy_data), f"{file}: policy"))
    plan, more = validate(Plan, Tree(dict(plan_data), f"{file}: scenario"))
    read = [validate(Overlay, Tree(dict(one), f"{file}: overlay")) for one in overlays]
    faults += [*more, *(fault for _, found in read for fault in found)]
    if policy is None or plan is None or faults:
        raise FaultsError(faults)
    return Scenario(
        name=name,
        plan=plan,
        policy=policy,
        changes=tuple(changes),
        file=file,
        digests=digests,
        policy_data=policy_data,
        plan_data=plan_data,
        overlays=tuple(overlay for overlay, _ in read if overlay is not None),
    )


def data_of(tree: Tree) -> tuple[Any, str]:
    """Plain data of a tree, and their digest."""
    data = jsonable(tree.data)
    return data, data_digest(data)


def data_digest(data: Any) -> str:
    """SHA-256 of plain data, whatever the order of their keys; days as ISO text."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
