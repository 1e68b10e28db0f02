"""Aims that are surely reached are so in expected_agencies; what only draws tell is left to them."""

from __future__ import annotations

from typing import Any

import pytest

from simkit.base.errors import InputError
from simkit.claims.population import expected_agencies
from simkit.claims.population_plan import Growth, PopulationPlan
from simkit.claims.reach import surely_reached


def assumed(value: Any) -> dict[str, Any]:
    return {"value": value, "source": "x"}


def plan_of(start: Any, entry: Any, leave: Any, **more: Any) -> PopulationPlan:
    mode = "target" if "target" in more else "path"
    rates = {"start": assumed(start), "entry_rate": assumed(entry), "exit_rate": assumed(leave)}
    growth = Growth.model_validate({"mode": mode, "start_year": 2022, **rates, **more})
    line = {"lines": {"all": assumed(1)}, "eligible": assumed(1)}
    return PopulationPlan.model_validate({"growth": growth, **line})


UNEVEN = {"dist": "triangular", "low": 900, "mode": 1000, "high": 1200}


@pytest.mark.parametrize(
    ("plan", "surely", "reached"),
    [
        (plan_of(1000, "10%", "5%", target={"year": 2025, "agencies": 1500}), True, True),
        (plan_of(UNEVEN, "10%", "5%", path={2023: 1300, 2025: 1400}, shock_sd=assumed(0.1)), True, True),
        # Some draws need no entry at all: only their mean tells.
        (plan_of(UNEVEN, "10%", "0%", path={2023: 1100}), False, True),
        (plan_of(1000, "10%", "0%", path={2023: 1500, 2024: 1400}), False, False),
        (plan_of(1000, "0%", "5%", target={"year": 2025, "agencies": 1500}), False, False),
    ],
)
def test_what_is_surely_reached_is_reached(plan: PopulationPlan, surely: bool, reached: bool) -> None:
    assert surely_reached(plan.growth, None) is surely
    last = max([*plan.growth.path, plan.growth.target.year if plan.growth.target else 0])
    if reached:
        assert expected_agencies(plan, last)[last] > 0
        return
    with pytest.raises(InputError, match="to be reachable by entries"):
        expected_agencies(plan, last)


def test_a_roster_stands_for_the_start() -> None:
    growth = plan_of(1000, "10%", "5%", target={"year": 2023, "agencies": 1500}).growth
    assert surely_reached(growth, 1200) and not surely_reached(growth, 2000)
