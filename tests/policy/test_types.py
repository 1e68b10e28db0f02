"""The schema alone: what its types refuse, and what they compute."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simkit.documents import models
from simkit.policy import conditions
from simkit.policy import measure as schema
from simkit.policy.kinds.award import Award

NAME = {"zh": "名", "en": "name"}
MEASURE: dict[str, Any] = {
    "name": NAME,
    "clause": "三（一）",
    "quote": ["给予"],
    "priced_by": "text",
    "rigidity": "entitlement",
    "modelled": NAME,
    "award": {"kind": "fixed", "amount": "1万元"},
    "payers": {"shares": {"hr": "100%"}},
}


def test_data_are_frozen() -> None:
    text = models.Text(zh="一", en="one")
    with pytest.raises(ValidationError):
        text.zh = "二"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "live"),
    [({}, True), ({"status": "suspended"}, False), ({"priced_by": "by_rule", "award": None}, False)],
)
def test_a_measure_is_live_when_it_can_make_claims(change: dict[str, Any], live: bool) -> None:
    assert schema.Measure.model_validate(MEASURE | change).live is live


@pytest.mark.parametrize(
    "change",
    [
        {"award": None},
        {"priced_by": "unpriced"},
        {"priced_by": "non_monetary"},
        {"payers": None},
        {"rigidity": None},
        {"instalments": [{"share": "50%"}]},
        {"instalments": [{"share": "50%", "after_years": 1}, {"share": "50%"}]},
        {"payers": {"shares": {"hr": "50%"}}},
        {"quote": []},
        {"lag_days": -1},
        {"caps": {"x": {"per": "agency", "within": "claim", "amount": "1元"}}},
        {"caps": {"x": {"per": "agency", "within": "year"}}},
        {"caps": {"x": {"per": "agency", "within": "year", "share": "5%"}}},
        {"conditions": {"x": {"of": "base"}}},
        {"conditions": {"x": {"of": "base", "at_least": "1元", "at_most": "2元"}}},
        {"conditions": {"X": {"of": "base", "at_least": "1元"}}},
        {"in_force": {"since": "2024-01-01", "until": "2023-01-01"}},
        {"other": 1},
    ],
)
def test_a_measure_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        schema.Measure.model_validate(MEASURE | change)


@pytest.mark.parametrize(
    "award",
    [
        {"kind": "tiers"},
        {"kind": "tiers", "tiers": [{"reached": 2, "amount": "1元"}, {"reached": 1, "amount": "2元"}]},
        {"kind": "tiers", "tiers": [{"reached": 1, "amount": "1元"}], "by": "line"},
        {"kind": "bands", "bands": []},
        {"kind": "bands", "bands": [{"above": 1, "rate": "5%"}, {"above": 1, "rate": "6%"}]},
        {"kind": "bands", "bands": [{"above": 1}]},
        {"kind": "bands", "bands": [{"above": 1, "rate": "5%", "amount": "1元"}]},
        {"kind": "bands", "bands": [{"above": 1, "per_full": 0, "amount": "1元"}]},
        {"kind": "step", "per_full": "0元", "amount": "1元"},
        {"kind": "rate"},
        {"kind": "none"},
    ],
)
def test_an_award_that_makes_no_sense_is_refused(award: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Award).validate_python(award)


@pytest.mark.parametrize(
    "attribute",
    [{"unit": "category"}, {"unit": "yuan", "values": ["a"]}, {"unit": "category", "values": ["a", "a"]}],
)
def test_values_belong_to_categories(attribute: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        conditions.Attribute.model_validate({"of": "claim", "name": NAME} | attribute)


def test_a_condition_names_its_test() -> None:
    condition = conditions.Condition.model_validate({"of": "base", "is_true": False})
    assert condition.test == "is_true"


def test_what_was_validated_can_be_validated_again() -> None:
    measure = schema.Measure.model_validate(MEASURE)
    assert schema.Measure.model_validate(measure) == measure
