"""Readings: the ways to understand an ambiguous clause, and the one that a scenario takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field, model_validator

from simkit.base.errors import Fault
from simkit.base.said import Said
from simkit.documents.models import Frozen, Id, Names, Text
from simkit.documents.spelling import nearest
from simkit.documents.tree import Tree
from simkit.documents.validate import Disagreement

__all__ = ["Option", "Reading", "readings_chosen"]


class Option(Frozen):
    """One way to read a clause: what it changes (path -> value; empty: the text as encoded)."""

    label: Text
    overlay: dict[str, Any] = {}


class Reading(Frozen):
    """An ambiguous clause: the question, each reading, the default and why."""

    clause: str
    quote: Names = Field(min_length=1)
    question: Text
    options: dict[Id, Option] = Field(min_length=2)
    default: Id
    why: Text

    @model_validator(mode="after")
    def _default_exists(self) -> Reading:
        if self.default not in self.options:
            raise Disagreement(("default", Said("fault.a_default_among", options=", ".join(self.options))))
        return self


def readings_chosen(tree: Tree, policy: Tree, faults: list[Fault]) -> Iterator[Tree]:
    """The overlay of the option in force of each reading that is not read by default."""
    choices = tree.get(("choose",), {})
    choices = choices if isinstance(choices, dict) else {}  # what else stands there, the plan's types name
    readings = policy.get(("readings",), {}) or {}
    for name, option in choices.items():
        if name not in readings:
            expected = Said("fault.reading_policy", readings=", ".join(readings) or Said("fault.none"))
            faults.append(tree.fault(("choose", name), expected, name, nearest(name, readings)))
            continue
        options = policy.get(("readings", name, "options"), {}) or {}
        if option not in options:
            hint = nearest(str(option), options)
            faults.append(
                tree.fault(("choose", name), Said("fault.one_of", known=", ".join(options)), hint=hint)
            )
    for name in readings:
        option = choices.get(name, policy.get(("readings", name, "default")))
        laid = ("readings", name, "options", option, "overlay")
        found = policy.get(laid)
        if isinstance(found, dict) and found:
            yield policy.under(laid)
