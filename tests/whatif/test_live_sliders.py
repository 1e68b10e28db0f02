"""Sliders: written as the policy writes, each end of each range is a policy that can be laid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simkit.base.money import parse_quantity
from simkit.scenario import ScenarioFile
from simkit.whatif.kept.claims import KeptClaims, keep_claims
from simkit.whatif.live.figures import Slider, sliders_of
from tests.small_scenarios import claim, fixed, measure, write_scenario

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"


@pytest.fixture(scope="module")
def file() -> ScenarioFile:
    return ScenarioFile(BASELINE)


@pytest.fixture(scope="module")
def kept(file: ScenarioFile) -> KeptClaims:
    return keep_claims(file.lay(), draws=60, seed=5)


@pytest.fixture(scope="module")
def sliders(kept: KeptClaims) -> tuple[Slider, ...]:
    return sliders_of(kept)


def at(data: Any, path: str) -> Any:
    for word in path.split("."):
        data = data[int(word)] if isinstance(data, list) else data[word]
    return data


def test_each_says_what_the_policy_says(kept: KeptClaims, sliders: tuple[Slider, ...]) -> None:
    assert len({one.path for one in sliders}) == len(sliders) > 20
    for one in sliders:
        assert one.written(one.value) == at(kept.scenario.policy_data, one.path), one.path
        assert one.clause == kept.scenario.policy.measures[one.measure].clause


def test_every_cap_rate_and_amount_of_a_live_measure_has_one(
    kept: KeptClaims, sliders: tuple[Slider, ...]
) -> None:
    paths = {one.path for one in sliders}
    for name, found in kept.scenario.policy.measures.items():
        if not found.live or found.outside:
            assert not any(path.startswith(f"measures.{name}.") for path in paths)
            continue
        assert {f"measures.{name}.caps.{key}.amount" for key in found.caps} <= paths
        if found.award is not None and found.award.kind in ("rate", "fixed", "per_unit"):
            key = "rate" if found.award.kind == "rate" else "amount"
            assert f"measures.{name}.award.{key}" in paths


def test_the_figure_is_one_of_the_stops_between_half_and_double(sliders: tuple[Slider, ...]) -> None:
    for one in sliders:
        assert one.value / 2 - 1e-9 <= one.low < one.high <= 2 * one.value + 1e-9, one.path
        for end in (one.low, one.high):
            steps = (end - one.value) / one.step
            assert abs(steps - round(steps)) < 1e-6, one.path
        assert 4 <= (one.high - one.low) / one.step <= 150, one.path


@pytest.mark.parametrize("end", ["low", "high"])
def test_each_end_can_be_laid(file: ScenarioFile, sliders: tuple[Slider, ...], end: str) -> None:
    changes = {one.path: one.written(getattr(one, end)) for one in sliders}
    laid = file.lay(changes=changes)
    assert {one.path for one in laid.changes if not one.same} == set(changes)


def test_a_threshold_stays_where_claims_were_drawn(kept: KeptClaims, sliders: tuple[Slider, ...]) -> None:
    months = next(one for one in sliders if one.path.endswith("months_in_post.at_least"))
    part = next(parts for tie, parts in kept.parts.items() if "supplied_employees" in tie)
    number = list(kept.scenario.policy.measures).index("supplied_employees")
    column = kept.job.columns["supplied_employees"].index(("months_in_post", 0))
    drawn = [
        value for one in part for value in one.claims.attributes[one.claims.rows["measure"] == number, column]
    ]
    assert (months.low, months.high) == (max(3, min(drawn)), min(12, max(drawn)))
    assert months.low > 3  # half of six months: nothing was drawn there


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("万元", 50.0, "50万元"),
        ("万元", 0.5, "0.5万元"),
        ("元", 1000.0, "1000元"),
        ("%", 12.5, "12.5%"),
        ("", 6.0, 6),
        ("", 6.5, "6.5"),
        ("万元", 0.1 + 0.2, "0.3万元"),
        ("人", 1e9, "1000000000人"),
        ("万元", float("inf"), "inf万元"),
        ("", float("nan"), "nan"),
    ],
)
def test_a_value_is_written_with_its_unit(unit: str, value: float, text: str | int) -> None:
    slider = Slider(
        path="x",
        measure="m",
        clause="",
        kind="cap",
        scope="",
        of=None,
        unit=unit,
        value=1,
        low=0,
        high=2,
        step=1,
    )
    assert slider.written(value) == text


def test_small_scenarios_have_theirs(tmp_path: Path) -> None:
    """What is 0 has no slider; a cap on several measures has one."""
    grant = measure(fixed("2万元"), caps={"yearly": {"per": "agency", "within": "year", "amount": "3万元"}})
    zero = {"of": "base", "more_than": "0元"}
    other = measure(fixed("2万元"), conditions={"some": zero})
    total = {
        "name": {"zh": "总量", "en": "total"},
        "clause": "一",
        "measures": ["grant", "other"],
        "amount": "5万元",
    }
    path = write_scenario(
        tmp_path,
        {"grant": grant, "other": other},
        {"grant": claim(0.5), "other": claim(0.5)},
        start=20,
        policy={"total_caps": {"both": total}},
    )
    found = {one.path: one for one in sliders_of(keep_claims(ScenarioFile(path).lay(), draws=8, seed=1))}
    assert "total_caps.both.amount" in found and found["total_caps.both.amount"].kind == "total"
    assert "measures.grant.caps.yearly.amount" in found
    assert not any("conditions" in path for path in found)
    assert parse_quantity(found["total_caps.both.amount"].written(5.0)).value == 50_000
