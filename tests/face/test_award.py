"""What one claim would be paid, for each of some bases."""

from __future__ import annotations

import doctest
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import simkit
from simkit.base.errors import FaultsError, InputError
from simkit.face.policy import Policy
from tests import reference
from tests.face.frames import face_of
from tests.strategies import claims_of, policy_of

POLICY = simkit.load_policy("ningbo-hr-2023")


def faults(policy: Policy, measure: Any, bases: Any, **facts: Any) -> list[str]:
    with pytest.raises(FaultsError) as raised:
        policy.award(measure, bases, **facts)
    return raised.value.said("en").splitlines()


def test_each_base_is_decided_alone_up_to_its_cap() -> None:
    """The yearly cap of 500,000 yuan holds for each, and none takes the room of another."""
    with simkit.options(unit="万元"):
        found = POLICY.award("headhunting", ["80万元", "100万元", "200万元", "0元"])
    assert found.tolist() == [40, 50, 50, 0]
    assert found.index.tolist() == [80, 100, 200, 0]
    assert (found.name, found.index.name) == ("headhunting", "amount")
    assert found.attrs == {"unit": "万元", "base_unit": "万元"}


def test_whole_fen() -> None:
    with simkit.options(unit="fen"):
        found = POLICY.award("猎头引才奖励", "1.11元")
    assert found.dtype == np.int64 and found.index.dtype == np.int64
    assert (found.tolist(), found.index.tolist()) == ([56], [111])


def test_counts_are_counted() -> None:
    found = POLICY.award("students", [800, "1200人", 3.0])
    assert found.tolist() == [40, 50, 0.15]
    assert found.index.tolist() == [800, 1200, 3]
    assert found.attrs["base_unit"] == ""
    assert "expected a count" in faults(POLICY, "students", ["8万元"])[0]
    assert "whole number" in faults(POLICY, "students", [0.5])[0]


def test_a_condition_on_what_is_not_given_is_met() -> None:
    assert POLICY.award("headhunting", "80万元", income_tax="10万元").tolist() == [40]
    assert POLICY.award("headhunting", "80万元", income_tax="9.99万元").tolist() == [0]
    assert POLICY.award("headhunting", "80万元", client="大优强").tolist() == [40]
    assert POLICY.award("headhunting", "80万元", client="other").tolist() == [0]


MEASURES: dict[str, Any] = {
    "tiered": {
        "base_unit": "usd",
        "award": {
            "kind": "tiers", "on": "tax",
            "tiers": [{"reached": "1万元", "amount": "100元"}, {"reached": "5万元", "amount": "700元"}],
        },
    },
    "shared": {
        "award": {"kind": "rate", "rate": "50%"},
        "caps": {"share": {"per": "claim", "within": "claim", "share": "10%", "of": "revenue", "year": -1}},
        "conditions": {"grew": {"of": "revenue", "grew_at_least": "10%"}, "base": {"of": "base", "at_least": "10元"}},
        "first_time": True,
        "selection": {"kind": "ranked", "places": 1},
    },
}  # fmt: skip


def test_what_a_tier_or_cap_reads_must_be_given() -> None:
    policy = face_of(policy_of(MEASURES))
    (line,) = faults(policy, "shared", ["100元"])
    assert line.startswith("award: revenue@-1: expected a value of revenue@-1 (some@-1), which 'some' reads")
    (line,) = faults(policy, "tiered", ["100美元"])
    assert line.startswith("award: tax: ")
    with simkit.options(unit="元"):
        assert policy.award("tiered", ["1美元"], tax="6万元").tolist() == [700]
        assert policy.award("tiered", ["1美元"], tax="6万元").attrs["base_unit"] == "美元"


@pytest.mark.parametrize("revenue", [None, 100_000, 109_999, 110_000])
def test_the_curve_is_the_reference_s(revenue: int | None) -> None:
    """Growth of the revenue is tested when both years are given; the base's own condition always is."""
    policy = policy_of(MEASURES)
    before, bases = 100_000, [0, 999, 1_000, 1_001, 19_999, 20_000, 1_000_000]
    facts = {"revenue@-1": "1000元"} | ({} if revenue is None else {"revenue": f"{Decimal(revenue) / 100}元"})
    with simkit.options(unit="fen"):
        found = face_of(policy).award("shared", [f"{Decimal(base) / 100}元" for base in bases], **facts)
    names = (("revenue", -1), ("revenue", 0))
    now = 10 * before if revenue is None else revenue
    rows = [
        {
            "measure": "shared",
            "draw": draw,
            "base": base,
            "attributes": dict(zip(names, (before, now), strict=True)),
        }
        for draw, base in enumerate(bases)
    ]
    expected = reference.decide(policy, claims_of(policy, rows, names))
    assert found.tolist() == [one.award for one in expected]


def test_what_cannot_be_used_is_named() -> None:
    lines = faults(
        POLICY, "headhunting", [800_000, "3人", "-1元"], income_tax=5, clint="other", client="othr"
    )
    assert lines[0] == (
        'award: bases[0]: expected money with its unit, such as "80万元" or "800000 yuan", found 800000 '
        '(write the unit: "80万元")'
    )
    assert [line.split(": ")[1] for line in lines] == [
        "bases[0]",
        "bases[1]",
        "bases[2]",
        "income_tax",
        "clint",
        "client",
    ]
    assert "did you mean 'client'?" in lines[4]
    assert "expected no facts" in faults(POLICY, "students", [1], income_tax="5万元")[0]
    assert "did you mean 'headhunting'?" in faults(POLICY, "headhuntng", ["1元"])[0]
    with pytest.raises(InputError, match="has no amount in the policy"):
        POLICY.award("platforms", ["1元"])


def test_examples() -> None:
    (found,) = doctest.DocTestFinder().find(Policy.award, "award", globs={})
    assert doctest.DocTestRunner().run(found).failed == 0
