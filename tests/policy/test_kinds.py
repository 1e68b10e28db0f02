"""Kinds of award: each tells all that is asked of it, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from simkit.base.money import LARGEST_FEN
from simkit.base.said import Said
from simkit.base.words import catalogue
from simkit.documents.about import SliderKind
from simkit.documents.fields import members
from simkit.documents.walks import leaf_paths, named, numbers
from simkit.policy.conditions import Condition, Test
from simkit.policy.kinds.award import Award
from simkit.policy.kinds.kind import AwardKind
from simkit.policy.kinds.said import ForEach, Value
from simkit.policy.schema import Policy
from simkit.rules.codes import KINDS, TESTS
from tests.reference import formula

TIERS = [{"reached": "0元", "amount": "30万元"}, {"reached": "2亿元", "amount": "60.5万元"}]
EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "rate": [{"rate": "12.5%"}],
    "per_unit": [{"amount": "500元"}],
    "fixed": [{"amount": "5万元"}],
    "tiers": [{"tiers": TIERS}, {"by": "line", "by_value": {"training": TIERS}, "on": "revenue"}],
    "bands": [
        {"bands": [{"above": "0元", "rate": "1%"}, {"above": "1亿元", "per_full": "1万元", "amount": "1元"}]}
    ],
    "graded": [{"grades": [{"reached": "10万元", "rate": "5%"}, {"reached": "100万元", "rate": "8%"}]}],
    "step": [{"per_full": "5000元", "amount": "0.05元"}],
    "by_rule": [{}],
}
LANGUAGES = ("zh", "en")
CONDITIONS: dict[Test, Any] = {
    "at_least": "3人",
    "more_than": "0元",
    "at_most": "5美元",
    "less_than": "9人",
    "one_of": ["a"],
    "none_of": ["a", "b"],
    "is_true": False,
    "grew_at_least": "5%",
}


def award(kind: str, data: dict[str, Any]) -> AwardKind:
    made: AwardKind = TypeAdapter(Award).validate_python({"kind": kind, **data})
    return made


AWARDS = [award(kind, one) for kind, data in EXAMPLES.items() for one in data]


def keys(value: Value) -> Iterator[str]:
    """Keys of the catalogues that a value is said by."""
    match value:
        case Said():
            yield value.key
            for one in value.values.values():
                yield from keys(one)
        case ForEach():
            yield from ("rule.each", "rule.per_unit")


def test_every_kind_has_a_number_and_an_example() -> None:
    kinds = {get_args(kind.model_fields["kind"].annotation)[0] for kind in members(Award)}
    assert kinds == set(EXAMPLES) == set(KINDS) - {"none"}
    assert set(CONDITIONS) == set(get_args(Test)) == set(TESTS)


@pytest.mark.parametrize("one", AWARDS, ids=lambda one: one.kind)
def test_a_kind_has_words_in_both_languages(one: AwardKind) -> None:
    said = set(keys(one.said()))
    assert said and all(said <= set(catalogue(lang)) for lang in LANGUAGES)
    mean = one.mean()
    assert mean is None or all(f"annex.basis.{mean.key}" in catalogue(lang) for lang in LANGUAGES)


@pytest.mark.parametrize("test", CONDITIONS)
def test_a_condition_has_words_in_both_languages(test: Test) -> None:
    for year in (-1, 0, 1):
        one = Condition.model_validate({"of": "x", "year": year, test: CONDITIONS[test]})
        assert one.test == test and one.fits
        assert all(set(keys(one.said())) <= set(catalogue(lang)) for lang in LANGUAGES)


@pytest.mark.parametrize("one", AWARDS, ids=lambda one: one.kind)
def test_the_largest_base_pays_an_amount_that_is_money(one: Any) -> None:
    if one.kind == "tiers":
        assert one.largest_base() == LARGEST_FEN
        return
    policy: Any = None
    row: Any = SimpleNamespace(base=one.largest_base())
    assert 0 < one.largest_base() <= LARGEST_FEN and formula(policy, one, row) <= LARGEST_FEN


@pytest.mark.parametrize("one", AWARDS, ids=lambda one: one.kind)
def test_every_amount_and_rate_has_a_slider(one: AwardKind) -> None:
    for at in numbers(one):
        moved = [about.slider for about in at.abouts if about.slider is not None]
        assert len(moved) == (at.path[-1] in ("rate", "amount")), at.path


def test_every_slider_has_a_label() -> None:
    labels = {key.split(".")[2] for key in catalogue("zh") if key.startswith("live.label.")}
    assert labels == {one for part in get_args(SliderKind) for one in get_args(part) or (part,)}


def test_what_is_named_is_a_path_with_words() -> None:
    paths = set(leaf_paths(Policy))
    for pattern, about, _ in named(Policy):
        assert pattern in paths, pattern
        assert all(f"parameter.{about.name}" in catalogue(lang) for lang in LANGUAGES)
