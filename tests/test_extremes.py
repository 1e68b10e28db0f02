"""At the ends of what files may say, money stays whole, not negative, and within int64."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.awards.adjudicate import Desk
from simkit.awards.types import no_levers
from simkit.base.errors import InputError
from simkit.base.money import LARGEST_AMOUNT, LARGEST_FEN, RATE_ONE
from simkit.policy.compile import compile_policy
from simkit.policy.schema import Policy
from simkit.rules.codes import GREW_AT_LEAST
from simkit.rules.condition import holds
from simkit.rules.formula import of_share
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from tests.claim_columns import decided, desk_rows
from tests.small_scenarios import assumed, claim, measure, write_scenario
from tests.strategies import claims_of, policy_of

Data = dict[str, Any]
MOST, LEAST = f"{LARGEST_AMOUNT // 100}元", "0.01元"
#: Awards at both ends of their numbers, and the unit of their base.
AWARDS: dict[str, tuple[Data, str]] = {
    "rate": ({"kind": "rate", "rate": "1000%"}, "yuan"),
    "least rate": ({"kind": "rate", "rate": "0.01%"}, "yuan"),
    "per unit": ({"kind": "per_unit", "amount": MOST}, "count"),
    "fixed": ({"kind": "fixed", "amount": MOST}, "yuan"),
    "by rule": ({"kind": "by_rule"}, "yuan"),
    "step": ({"kind": "step", "per_full": "0.01元", "amount": MOST}, "yuan"),
    "least step": ({"kind": "step", "per_full": MOST, "amount": LEAST}, "yuan"),
    "tiers": ({"kind": "tiers", "tiers": [{"reached": "0元", "amount": MOST}]}, "yuan"),
    "bands": (
        {
            "kind": "bands",
            "bands": [
                {"above": "0元", "rate": "1000%"},
                {"above": "1元", "per_full": "0.01元", "amount": MOST},
                {"above": "2元", "rate": "1000%"},
            ],
        },
        "yuan",
    ),
}


def policy_with(name: str) -> Policy:
    award, unit = AWARDS[name]
    split = {"shares": {"talent": "33.33%", "science": "66.67%"}}
    caps = {"ever": {"per": "agency", "within": "ever", "share": "1000%", "of": "revenue"}}
    return policy_of({"one": {"award": award, "base_unit": unit, "payers": split, "caps": caps}})


@pytest.mark.parametrize("name", AWARDS)
@given(base=st.integers(0, LARGEST_FEN) | st.sampled_from([0, 1, LARGEST_FEN]))
def test_an_award_is_within_the_range_of_money(name: str, base: int) -> None:
    """As a simulation decides, which brings any base up to the largest; by plain whole numbers below that."""
    policy = policy_with(name)
    names = (("revenue", 0),)
    rows = [{"measure": "one", "agency": 1, "base": base, "attributes": {names[0]: LARGEST_FEN}}]
    claims = claims_of(policy, [{**row, "earned": date(2023, 6, 1)} for row in rows * 2], names)
    flat = compile_policy(policy, names)
    records, paid = desk_rows(claims)
    awards = Desk(flat, paid).decide(records, no_levers(flat, 1, (2023, 2023)))
    assert (awards.award >= 0).all() and (awards.gross <= LARGEST_FEN).all()
    taken = awards.over_claim_cap + awards.over_running_cap + awards.same_matter + awards.over_total_cap
    assert np.array_equal(awards.gross, awards.award + taken + awards.not_selected)
    # 1000 % of the largest revenue is more than all that is awarded: the cap, as plain numbers have it.
    assert int(awards.over_running_cap.sum()) == 0
    try:
        real = decided(policy, claims)
    except InputError:
        assert base > int(flat.measures["most_base"][0])  # of a real claim it is refused
    else:
        assert np.array_equal(real.award, awards.award)


@pytest.mark.parametrize("name", AWARDS)
def test_a_run_at_the_ends_is_finite(tmp_path: Path, name: str) -> None:
    award, unit = AWARDS[name]
    one = measure(
        award, base_unit=unit, instalments=[{"share": "0.01%"}, {"share": "99.99%", "after_years": 10}]
    )
    scale = {"yuan": "1e15元", "count": "1e15"}[unit]
    base = {"unit": unit, "scale": assumed(scale)}
    if name in ("fixed", "tiers"):  # neither reads its base
        base["scale"] = assumed("1元")
    plan = claim(30, frequency="poisson", base=base, loading=assumed(20))
    path = write_scenario(
        tmp_path,
        {"one": one},
        {"one": plan},
        start=4,
        factor_cv=10,
        factor={"activity_sd": assumed(3)},
        confirmed={
            "claims.one.intensity.value": "an end",
            "claims.one.loading.value": "an end",
            "factor.cv.value": "an end",
            "factor.activity_sd.value": "an end",
        },
        policy={"confirmed": dict.fromkeys(amounts(award), "an end")},
    )
    result = run(load_scenario(path), draws=8, seed=1, jobs=1)
    money = result.money[:, 0]
    assert (result.outlays.fen > 0).all() and np.isfinite(money).all() and (money >= 0).all()
    assert result.outlays.fen.sum(dtype=object) < 2**63


def amounts(award: Data, path: str = "measures.one.award") -> list[str]:
    """Paths of the unusual numbers of an award."""
    found = [
        f"{path}.{key}" for key, value in award.items() if value in (MOST, "1000%") and key != "per_full"
    ]
    for section in ("tiers", "bands"):
        for place, part in enumerate(award.get(section, ())):
            found += amounts(part, f"{path}.{section}.{place}")
    return found


@given(
    before=st.integers(1, LARGEST_FEN),
    value=st.integers(0, LARGEST_FEN),
    factor=st.integers(RATE_ONE + 1, 11 * RATE_ONE),
)
def test_growth_and_shares_are_exact_to_the_largest(before: int, value: int, factor: int) -> None:
    """Held against whole numbers without end; the value too that is just enough."""
    enough = -(-before * factor // RATE_ONE)
    for one in (value, enough, enough - 1):
        assert holds(GREW_AT_LEAST, one, before, factor) == (one * RATE_ONE >= before * factor)
    assert of_share(before, factor) == before * factor // RATE_ONE


def test_rates_over_ten_thousand_leave_room() -> None:
    """The largest award of the largest base at the largest rate is what int64 holds."""
    assert LARGEST_FEN * RATE_ONE < 2**63
