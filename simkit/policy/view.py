"""What the checks of a policy look at: the policy as far as it is valid, and the tree that it came from."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, get_origin

from simkit.base.errors import Fault
from simkit.base.said import Said
from simkit.documents.build import TreePath, show
from simkit.documents.spelling import nearest
from simkit.documents.tree import Tree
from simkit.documents.validate import Wrong, survey, without
from simkit.policy.conditions import Attribute
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy

__all__ = ["View", "partial_policy", "relay"]

_EMPTY: dict[str, Any] = {"id": "", "document": None, "districts": ()}
_ABSENT: Any = object()


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
    """A policy, whole or partial, its tree, and shorthands for the checks.

    `whole`: whether the policy is valid, or only what is valid of it. `only`: the measures that are looked at where
    the others were before; None: all.
    """

    policy: Policy
    tree: Tree
    whole: bool = True
    only: Collection[str] | None = None

    @property
    def measures(self) -> dict[str, Measure]:
        """The measures that are looked at."""
        known = self.policy.measures
        return known if self.only is None else {name: known[name] for name in self.only}

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


def relay(view: View, given: Tree, tree: Tree) -> tuple[View, dict[str, Collection[str]]] | None:
    """The view of a tree with something laid on it; what is the same object as before is not validated again.

    Parameters
    ----------
    view : View
        Of the policy before.
    given : Tree
        That the view was made from.
    tree : Tree
        Made from `given`.

    Returns
    -------
    the view, and what was validated by section; None where either policy has a fault of its own, so that all
    must be looked at
    """
    if not view.whole or not set(tree.data) <= set(Policy.model_fields):
        return None
    parts: dict[str, Any] = {}
    changed: dict[str, Collection[str]] = {}
    data = dict(view.tree.data)
    for name, field in Policy.model_fields.items():
        now, before = tree.data.get(name, _ABSENT), given.data.get(name, _ABSENT)
        if now is before:
            continue
        changed[name] = ()
        if now is _ABSENT:
            if field.is_required():
                return None
            parts[name] = field.get_default(call_default_factory=True)
            data.pop(name, None)
            continue
        named = isinstance(now, dict) and isinstance(before, dict) and get_origin(field.annotation) is dict
        new = (
            {str(key): one for key, one in now.items() if before.get(key, _ABSENT) is not one}
            if named
            else now
        )
        kind = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        made, wrong, clean = survey(kind, Tree(new, tree.file))
        if wrong:
            return None
        parts[name], data[name] = made, clean.data
        if named:
            changed[name] = made
            parts[name] = _renewed(getattr(view.policy, name), now, new, made)
            data[name] = _renewed(view.tree.data.get(name, {}), now, new, clean.data)
    return View(view.policy.model_copy(update=parts), Tree(data, tree.file, tree.places)), changed


def _renewed(
    old: dict[str, Any], keys: Iterable[str], new: Container[str], made: dict[str, Any]
) -> dict[str, Any]:
    """In the order of `keys`: what was made of the new ones, and the old ones as they are."""
    both = {key: one for key, one in old.items() if key not in new} | made
    return {key: both[key] for key in map(str, keys) if key in both}
