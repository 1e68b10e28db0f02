"""What the checks of a policy look at: the policy as far as it is valid, and the tree that it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simkit.base.errors import Fault
from simkit.base.said import Said
from simkit.documents.build import TreePath, show
from simkit.documents.spelling import nearest
from simkit.documents.tree import Tree
from simkit.documents.validate import Wrong, survey, without
from simkit.policy.conditions import Attribute
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy

__all__ = ["View", "partial_policy"]

_EMPTY: dict[str, Any] = {"id": "", "document": None, "districts": ()}


def partial_policy(tree: Tree, wrong: list[Wrong]) -> Policy:
    """Build a policy of what is valid, so that a fault in one measure hides nothing in another.

    `document` is None where it is not valid; things with a fault are left out of their section.
    """
    paths = [one.path[:2] for one in wrong if not one.unknown]
    data = {} if () in paths or not isinstance(tree.data, dict) else without(tree.data, paths)
    valid = Tree(data, tree.file)
    parts: dict[str, Any] = {}
    for name, known in Policy.model_fields.items():
        instance = survey(known.annotation, valid.under((name,)))[0] if name in data else None
        parts[name] = _EMPTY.get(name, {}) if instance is None else instance
    return Policy.model_construct(**parts)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A policy, whole or partial, its tree, and shorthands for the checks."""

    policy: Policy
    tree: Tree

    def names(self, section: str) -> list[str]:
        """Ids in a section of the file, those of faulty things too."""
        return list(self._section(section))

    def words(self, section: str, key: str) -> set[str]:
        """Words under `key` (one, or a list of them) of all things in a section."""
        found: set[str] = set()
        for thing in self._section(section).values():
            value = thing.get(key) if isinstance(thing, dict) else None
            words = value if isinstance(value, list) else [value]
            found |= {word for word in words if isinstance(word, str)}
        return found

    def _section(self, section: str) -> dict[str, Any]:
        things = self.tree.get((section,))
        return things if isinstance(things, dict) else {}

    def unknown(self, word: str, known: list[str], path: TreePath, what: Said) -> Iterator[Fault]:
        """Name a word that is not among those known."""
        if word not in known:
            yield self.tree.fault(path, what, show(word), nearest(word, known))

    def declared(self, attribute: str, path: TreePath) -> Iterator[Fault]:
        """Name an attribute that is not declared."""
        if attribute != "base":
            known = self.names("attributes")
            yield from self.unknown(attribute, known, path, Said("fault.base_declared_attribute"))

    def attribute(self, of: str) -> Attribute | None:
        """Attribute with that id, or None: the base, not declared, or faulty."""
        return self.policy.attributes.get(of)

    def unit(self, of: str, measure: Measure) -> str | None:
        """Unit of the base or of an attribute, None where it is not known."""
        if of == "base":
            return measure.base_unit
        attribute = self.attribute(of)
        return attribute.unit if attribute else None
