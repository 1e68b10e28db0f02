"""A tree against a pydantic model: every fault with its place, in words that name units and ways out."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from simkit.base.errors import MOST_SOUGHT, Fault
from simkit.base.said import Said, joined
from simkit.documents.build import TreePath, show
from simkit.documents.fields import field_names, may_be_empty
from simkit.documents.spelling import nearest
from simkit.documents.tree import Tree, has

__all__ = ["Disagreement", "Wrong", "jsonable", "survey", "validate", "without"]

Model = TypeVar("Model", bound=BaseModel)
_ABSENT: Any = object()
#: Most ways to understand a path that are tried: NaN equals nothing, so that none would fit.
_MOST_WAYS = 1000

# Beginnings of pydantic's error types -> what would be right; the first that fits.
_EXPECTED = {
    "missing": "fault.value_required",
    "union_tag_not_found": "fault.value_required",
    "string_too_short": "fault.text_not_empty",
    "finite": "fault.a_finite_number",
    "bool": "fault.true_or_false",
    "int": "fault.a_whole_number",
    "float": "fault.a_number",
    "decimal": "fault.a_number",
    "string": "fault.text",
    "date": "fault.day_2023_04_12",
    "dict": "fault.keys_with_values",
    "model": "fault.keys_with_values",
    "list": "fault.a_list",
    "tuple": "fault.a_list",
    "set": "fault.a_list",
    "frozen_set": "fault.a_list",
}
# The same where a bound belongs into the words, and pydantic's name of it.
_BOUNDED = {
    "greater_than_equal": ("fault.a_number_at_least", "ge"),
    "greater_than": ("fault.a_number_above", "gt"),
    "less_than_equal": ("fault.a_number_at_most", "le"),
    "less_than": ("fault.a_number_below", "lt"),
    "too_short": ("fault.length_at_least", "min_length"),
    "too_long": ("fault.length_at_most", "max_length"),
    "string_pattern_mismatch": ("fault.text_of_the_form", "pattern"),
}

#: Pydantic's name of what one of several words can be.
_CHOICES = {"literal_error": "expected", "enum": "expected", "union_tag_invalid": "expected_tags"}
_PATTERNS = {
    "^[a-z][a-z0-9_]*$": "fault.id_lower_case_letters_digits",
    "^[a-z0-9_-]+$": "fault.name_lower_case_letters_digits",
}


class Disagreement(ValueError):
    """Fields of one thing that do not agree: each is named at its own line.

    Parameters
    ----------
    *wrong : (field, words)
        The field, or the path from the thing on, whose line is named; and what would be right.
    """

    def __init__(self, *wrong: tuple[str | TreePath, Said]) -> None:
        self.wrong = [((at,) if isinstance(at, str) else at, words) for at, words in wrong]
        super().__init__(joined([words for _, words in wrong]))


class Wrong(NamedTuple):
    """A fault and its path in segments; `unknown`: a key that the model does not have."""

    path: TreePath
    fault: Fault
    unknown: bool = False


def validate(model: type[Model], tree: Tree) -> tuple[Model | None, list[Fault]]:
    """Make an instance of `model` from a tree, strictly: text is no number, a number no truth value.

    Parameters
    ----------
    model : pydantic model
        It may hold discriminated unions: their tags do not appear in the faults' paths.
    tree : Tree
        The model meets its dates as ISO text, as in JSON.

    Returns
    -------
    instance of `model`, or None where there are faults; list of Fault, in order of the file
    """
    instance, wrong, _ = survey(model, tree)
    return (None if wrong else instance), [one.fault for one in wrong]


def survey(model: Any, tree: Tree) -> tuple[Any, list[Wrong], Tree]:
    """Validate as far as possible.

    Unknown keys are taken out for a second look: they keep pydantic from saying what else is wrong.
    So are keys with nothing after them, where leaving them out means none: they are no faults.

    Returns
    -------
    instance or None, what is wrong, and the tree without its unknown and empty keys
    """
    tree = Tree(jsonable(tree.data), tree.file, tree.places)
    instance, wrong = _look(model, tree)
    empty = [one.path for one in wrong if _is_empty(model, tree, one.path)]
    wrong = [one for one in wrong if one.path not in empty]
    taken_out = empty + [one.path for one in wrong if one.unknown]
    if taken_out:
        tree = Tree(without(tree.data, taken_out), tree.file, tree.places)
        instance, more = _look(model, tree)
        seen = {one.path for one in wrong}
        wrong += [one for one in more if one.path not in seen]
    wrong = [one for one in wrong if not _is_misspelt(one, wrong, tree)]
    return instance, sorted(wrong, key=lambda one: (one.fault.file, one.fault.line)), tree


def _is_empty(model: Any, tree: Tree, path: TreePath) -> bool:
    around = tree.get(path[:-1])
    stands = bool(path) and isinstance(around, dict) and around.get(path[-1], _ABSENT) is None
    return stands and may_be_empty(model, path, around)


def _is_misspelt(one: Wrong, wrong: list[Wrong], tree: Tree) -> bool:
    """Whether a key is called missing only because it stands there with a slip, which is told."""
    if not one.path or has(tree.get(one.path[:-1]), one.path[-1]):
        return False
    beside = (other for other in wrong if other.unknown and other.path[:-1] == one.path[:-1])
    meant = (other.fault.hint.values["near"] for other in beside if other.fault.hint is not None)
    return one.path[-1] in meant


def jsonable(data: Any) -> Any:
    """Give the same data as JSON knows it: days as ISO text, tuples as lists, keys as text."""
    return json.loads(json.dumps(data, default=str))


def without(node: Any, paths: list[TreePath]) -> Any:
    """Copy a tree's data, leaving out what stands at `paths`."""
    if not isinstance(node, dict | list) or not paths:
        return node
    below: dict[Any, list[TreePath]] = defaultdict(list)
    for path in paths:
        below[path[0]].append(path[1:])
    if isinstance(node, list):
        return [without(item, below[i]) for i, item in enumerate(node) if () not in below[i]]
    return {key: without(value, below[key]) for key, value in node.items() if () not in below[key]}


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def _look(model: Any, tree: Tree) -> tuple[Any, list[Wrong]]:
    try:
        return _adapter(model).validate_json(json.dumps(tree.data), strict=True), []
    except ValidationError as error:
        first = islice(error.errors(include_url=False), MOST_SOUGHT)
        placed = [_place(one, tree.data) for one in first]
    caused = [one for one in _one_way(placed) if not _only_follows(one, placed)]
    return None, [wrong for one in caused for wrong in _words(one, model, tree)]


def _only_follows(one: _Placed, placed: list[_Placed]) -> bool:
    """Whether a list is called too short only because pydantic leaves out its items with a fault."""
    below = (other for other in placed if len(other.path) > len(one.path))
    return one.error["type"] == "too_short" and any(
        other.path[: len(one.path)] == one.path for other in below
    )


class _Placed(NamedTuple):
    """One of pydantic's errors with its path, and the members of unions that were left out of the path."""

    path: TreePath
    skipped: tuple[tuple[TreePath, str | int], ...]
    error: Any


def _place(error: Any, data: Any) -> _Placed:
    """Find the path of an error: pydantic mixes the names of unions' members into it."""
    loc = error["loc"][:-1] if _of_key(error) else error["loc"]
    first = next(_ways(loc, data, (), ()))
    ways = islice(_ways(loc, data, (), ()), _MOST_WAYS)
    path, skipped = next((way for way in ways if _fits(way[0], error, data)), first)
    if error["type"].startswith("union_tag"):
        path = (*path, error["ctx"]["discriminator"].strip("'"))
    return _Placed(path, skipped, error)


def _of_key(error: Any) -> bool:
    """Tell whether the key of a mapping is wrong, not its value: pydantic ends the path in `[key]`."""
    loc = error["loc"]
    named = len(loc) > 1 and loc[-1] == "[key]" and loc[-2] == error["input"]
    return named and error["type"] not in ("extra_forbidden", "missing")


def _ways(loc: Any, node: Any, path: TreePath, skipped: Any) -> Iterator[tuple[TreePath, Any]]:
    """Every way to understand `loc`: a segment is a step into the data, or the name of a union's member."""
    if not loc:
        yield path, skipped
        return
    head, rest = loc[0], loc[1:]
    if has(node, head):
        yield from _ways(rest, node[head], (*path, head), skipped)
    elif not rest:
        yield (*path, head), skipped
    # Two names in a row are a union in a union: the outer one tells the members apart.
    is_inner = any(place == path for place, _ in skipped)
    yield from _ways(rest, node, path, skipped if is_inner else (*skipped, (path, head)))


def _fits(path: TreePath, error: Any, data: Any) -> bool:
    """Tell whether pydantic's input is what stands at the path."""
    tree = Tree(data, "")
    if _of_key(error):
        return path[-1:] == (error["input"],)
    if error["type"] == "missing":
        around = tree.get(path[:-1], _ABSENT) if path else _ABSENT
        return isinstance(around, dict) and around == error["input"] and path[-1] not in around
    return bool(tree.get(path, _ABSENT) == error["input"])


def _one_way(placed: list[_Placed]) -> list[_Placed]:
    """Of a union's members that all failed, keep the one that the data were meant for."""
    members: dict[TreePath, dict[Any, list[_Placed]]] = defaultdict(lambda: defaultdict(list))
    for one in placed:
        for path, member in one.skipped:
            members[path][member].append(one)
    dropped: list[int] = []
    for path, by_member in members.items():
        groups = list(by_member.values())
        deeper = [group for group in groups if any(len(one.path) > len(path) for one in group)]
        kept = min(deeper, key=len) if deeper else groups[-1]
        if len(groups) > 1:
            dropped += [id(one) for group in groups for one in group if group is not kept]
            kept[0].error.setdefault("or", [] if deeper else [group[0].error for group in groups[:-1]])
    return [one for one in placed if id(one) not in dropped]


def _words(one: _Placed, model: Any, tree: Tree) -> Iterator[Wrong]:
    cause = one.error.get("ctx", {}).get("error")
    if not isinstance(cause, Disagreement):
        yield _word(one, model, tree)
        return
    for at, expected in cause.wrong:
        path = (*one.path, *at)
        found = Said("fault.nothing") if tree.get(path, _ABSENT) is _ABSENT else None
        yield Wrong(path, tree.fault(path, expected, found))


def _word(one: _Placed, model: Any, tree: Tree) -> Wrong:
    path, error = one.path, one.error
    if error["type"] == "extra_forbidden":
        names = field_names(model, path[:-1], tree.get(path[:-1]))
        fault = tree.fault(path, Said("fault.a_known_key"), hint=nearest(str(path[-1]), names))
        return Wrong(path, fault, unknown=True)
    if _of_key(error):
        return Wrong(path, tree.fault(path, _expected(error), show(error["input"])))
    several = (*error.get("or", ()), error)
    expected = joined([*dict.fromkeys(map(_expected, several))], "language.either")
    value = tree.get(path, _ABSENT)
    hint = None
    if isinstance(value, str) and error["type"] in _CHOICES:
        hint = nearest(value, [word.strip("'") for each in several for word in _choices(each)])
    return Wrong(path, tree.fault(path, expected, Said("fault.nothing") if value is _ABSENT else None, hint))


def _choices(error: Any) -> tuple[str, ...]:
    """What one of several words can be; pydantic gives them as a list in English."""
    name = _CHOICES.get(error["type"])
    return tuple(re.split(", | or ", error["ctx"][name])) if name else ()


def _expected(error: Any) -> Said:
    kind, context = error["type"], error.get("ctx", {})
    if choices := _choices(error):
        return Said("fault.one_of", known=choices if kind != "union_tag_invalid" else ", ".join(choices))
    if kind in _BOUNDED:
        key, name = _BOUNDED[kind]
        return Said(_PATTERNS.get(context[name], key), bound=context[name])
    for beginning, key in _EXPECTED.items():
        if kind.startswith(beginning):
            return Said(key)
    words = getattr(context.get("error"), "args", [context.get("error")])[0]
    return words if isinstance(words, Said) else Said("fault.only", words=words or error["msg"])
