"""The changeable numbers and choices of a scenario, a row each, in the order of the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from simkit.base.said import Said, Words, joined
from simkit.base.words import DEFAULT, catalogue
from simkit.documents.build import TreePath, dotted
from simkit.documents.models import Name, Text
from simkit.documents.tree import Tree, paths_of
from simkit.policy.measure import Status
from simkit.scenario import ScenarioFile
from simkit.scenario.parameters.names import Phrase, is_law_key, phrases, words_of

__all__ = ["Parameter", "parameters", "split_value", "text_of"]

_STATUSES = get_args(Status)
#: What parameters are listed under that are of no measure; all others are of the costing.
_GROUPS = ("population", "calendar", "factor", "total_caps")
_NUMBER = re.compile(r"([+-]?\d[\d,]*(?:\.\d+)?)\s*([^\d\s.,]*)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number or choice of a scenario.

    Attributes
    ----------
    path : str
        Dotted.
    group, meaning : Name
        The measure or subject that it is of, and what it says.
    unit : str
        As in the file (万元, %, 人); empty for a plain number and for a choice.
    choices : dict of str to Name
        Words it may be, with their labels; empty for a number.
    value : number or str
        The baseline's, as written.
    """

    path: str
    group: Name
    meaning: Name
    unit: str
    choices: dict[str, Name]
    value: Any


def parameters(file: ScenarioFile) -> tuple[Parameter, ...]:
    """Every parameter of a scenario without overlays: measures with their claims, population, the rest, readings."""
    tree, policy = file.unchanged
    found = [*_matching(policy, policy, "measures"), *_matching(tree, policy, "claims")]
    measures = list(policy.get(("measures",), {}))
    order = {(name, root): place for place, name in enumerate(measures) for root in ("measures", "claims")}
    found.sort(key=lambda one: order.get((one.path.split(".")[1], one.path.split(".")[0]), len(measures)))
    found += _matching(policy, policy, "total_caps")
    for root in ("population", "calendar", "factor", "budget_year", "confidence", "earned_years"):
        found += _matching(tree, policy, root)
    return (*found, *_readings(tree, policy))


def split_value(value: Any) -> tuple[Decimal, str] | None:
    """A number and its unit as they are written, None where there is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    match = _NUMBER.fullmatch(str(value).strip())
    return (Decimal(match[1].replace(",", "")), match[2]) if match else None


def _matching(tree: Tree, policy: Tree, root: str) -> list[Parameter]:
    """Parameters below one key, in the order of the phrases within each measure."""
    found: list[tuple[tuple[int, int], Parameter]] = []
    paths = paths_of(tree.get((root,)), (root,))
    leaves = [path for path in paths if _is_leaf(tree.get(path)) and _pays(policy, path)]
    owners: dict[Any, int] = {}
    for path in leaves:
        for place, phrase in enumerate(phrases()):
            stars = _stars(phrase, path)
            if stars is not None:
                named = root in ("measures", "claims")
                owner = owners.setdefault(path[1] if named else "", len(owners))
                found.append(((owner, place), _parameter(tree, policy, path, phrase, stars)))
                break
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _is_leaf(value: Any) -> bool:
    return (
        value in _STATUSES if isinstance(value, str) and not value[:1].isdigit() else bool(split_value(value))
    )


def _pays(policy: Tree, path: TreePath) -> bool:
    """Whether a path is not of a measure without an award, which makes no claims."""
    return path[0] != "measures" or policy.get(("measures", path[1], "award")) is not None


def _stars(phrase: Phrase, path: TreePath) -> list[str | int] | None:
    """What the stars of a pattern stand for, None where it does not fit; below a law's end, the law's number."""
    extra = len(path) - len(phrase.pattern)
    if extra < 0 or extra > (1 if phrase.law else 0):
        return None
    if extra and not is_law_key(path[-1]):
        return None
    if any(word not in ("*", str(segment)) for word, segment in zip(phrase.pattern, path, strict=False)):
        return None
    return [segment for word, segment in zip(phrase.pattern, path, strict=False) if word == "*"]


def _parameter(tree: Tree, policy: Tree, path: TreePath, phrase: Phrase, stars: list[str | int]) -> Parameter:
    value = tree.get(path)
    number = split_value(value)
    meaning: Name = words_of(phrase.key, *(_name(policy, path, star) for star in stars))
    if len(path) > len(phrase.pattern):
        meaning = words_of("law_of", meaning, words_of(f"law.{path[-1]}"))
    choices: dict[str, Name] = {}
    if not number:
        choices = {word: Said(f"status.{word}") for word in _STATUSES}
    meaning = _with_choices(meaning, choices)
    return Parameter(dotted(path), _group(policy, path), meaning, number[1] if number else "", choices, value)


def _with_choices(meaning: Name, choices: dict[str, Name]) -> Name:
    if not choices:
        return meaning
    listed = joined([Said("parameter.choice", word=word, label=label) for word, label in choices.items()])
    return Said("parameter.with_choices", meaning=meaning, choices=listed)


def _group(policy: Tree, path: TreePath) -> Name:
    root = str(path[0])
    if root in ("measures", "claims"):
        name = policy.get(("measures", path[1], "name"))
        return text_of(name, str(path[1]))
    return words_of(f"group.{root if root in _GROUPS else 'costing'}")


def text_of(names: Any, otherwise: Words) -> Name:
    """Names as a file gives them; what stands for them where they are not whole."""
    if isinstance(names, dict) and all(names.get(lang) for lang in Text.model_fields):
        return Text(**{lang: str(names[lang]) for lang in Text.model_fields})
    return otherwise


def _name(policy: Tree, path: TreePath, star: str | int) -> Name:
    """What a star of a pattern stands for: a cap by its scope, a condition by what it tests, else by its name."""
    if isinstance(star, int):
        return str(star + 1)
    at = path.index(star)
    around = path[at - 1] if at else ""
    if around == "caps":
        cap = policy.get(path[: at + 1])
        words = dict.fromkeys(str(cap.get(key)) for key in ("per", "within"))
        return joined([_word(word) for word in words], "parameter.scope")
    if around == "conditions":
        of = policy.get((*path[: at + 1], "of"))
        return text_of(policy.get(("attributes", of, "name")), _word(str(of)))
    for section in ("funds", "total_caps", "measures"):
        if section == around or (section == "funds" and around == "shares"):
            return text_of(policy.get((section, star, "name")), star)
    return _word(star)


def _word(word: str) -> Words:
    return words_of(f"word.{word}") if f"parameter.word.{word}" in catalogue(DEFAULT) else word


def _readings(tree: Tree, policy: Tree) -> Iterator[Parameter]:
    group = words_of("group.readings")
    for name, reading in (policy.get(("readings",)) or {}).items():
        choices = {option: text_of(one.get("label"), option) for option, one in reading["options"].items()}
        meaning = _with_choices(text_of(reading["question"], name), choices)
        value = tree.get(("choose", name), reading["default"])
        yield Parameter(f"choose.{name}", group, meaning, "", choices, value)
