"""Seeks: closed forms, a fresh run of the answer, and what is said when none does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simkit.base.errors import InputError
from simkit.base.money import parse_quantity
from simkit.cli import doctor
from simkit.runs.simulate import run
from simkit.scenario import Scenario, ScenarioFile
from simkit.whatif.answers import load_answer, save_answer
from simkit.whatif.seek import Seek, seek
from simkit.whatif.sweep import sweep
from tests.small_scenarios import claim, measure, write_scenario
from tests.yardstick import quantity

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
CAP, RATE = "measures.one.caps.item.amount", "measures.one.award.rate"
HEADHUNTING = "measures.headhunting.caps.yearly.amount"
#: Standard errors that a false alarm of one in a million allows, over those of a 95 % interval.
REACH = 4.9 / 1.96


def layer(file: ScenarioFile) -> Callable[[Mapping[str, Any]], Scenario]:
    return lambda changes: file.lay(changes=dict(changes) or None)


@pytest.fixture(scope="module")
def headhunting(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, Any]], Scenario]:
    """CMP-01: N Poisson(120); award min(X / 2, 500,000), X lognormal with mean 240,000 yuan and cv 0.9."""
    caps = {"item": {"per": "claim", "within": "claim", "amount": "50万元"}}
    one = measure({"kind": "rate", "rate": "50%"}, caps=caps)
    fee = {"dist": "lognormal", "mean": "24万元", "cv": 0.9}
    base = {"unit": "yuan", "variables": {"fee": fee}, "source": "made_up"}
    plan = claim(120, among="city", frequency="poisson", base=base)
    folder = tmp_path_factory.mktemp("one")
    return layer(ScenarioFile(write_scenario(folder, {"one": one}, {"one": plan}, budget_year=2024)))


def number(texts: tuple[str, ...] | None) -> float:
    assert texts is not None
    return float(parse_quantity(texts[0]).value)


@pytest.mark.parametrize(
    ("path", "budget", "level", "name"),
    [
        (CAP, 13_500_000, None, "cap for a mean of 13,500,000 (rate 0.5)"),
        (RATE, 12_000_000, None, "rate for a mean of 12,000,000 (cap 500,000)"),
        (CAP, 16_500_000, 0.95, "cap for P95 = 16,500,000 (rate 0.5)"),
    ],
)
def test_what_is_sought_in_closed_form_is_found(
    headhunting: Any, path: str, budget: int, level: float | None, name: str
) -> None:
    """GOAL-01; the interval is narrow: a hundredth for the means, a twentieth for the quantile."""
    truth = quantity("GOAL-01", name)["value"]
    found = seek(headhunting, [path], budget=f"{budget}元", level=level, draws=20_000, seed=20_250_101)
    assert found.outcome == "found" and found.rising
    low, value, high = number(found.low), number(found.values), number(found.high)
    assert low < value < high
    assert high - low < truth * (0.03 if level is None else 0.12)
    assert value - REACH * (value - low) <= truth <= value + REACH * (high - value)


def test_the_setting_found_is_the_last_that_is_enough(headhunting: Any) -> None:
    """To the finest step that was looked at: a little more is not enough any more."""
    found = seek(headhunting, [CAP], budget="1650万元", level=0.95, draws=2_000, seed=1)
    assert found.probability >= 0.95
    more = [one for one in found.tried if one.at > number(found.values)]
    assert min(one.at for one in more) - number(found.values) < 2_000
    assert all(one.probability < 0.95 for one in more)


def test_the_answer_run_afresh_reaches_its_level() -> None:
    """With another seed, P(outlay <= budget) lies within three standard errors of its level."""
    file, level, draws, budget = ScenarioFile(BASELINE), 0.9, 3_000, 2_600_000_000
    found = seek(layer(file), [HEADHUNTING], budget=f"{budget // 100}元", level=level, draws=draws, seed=1)
    assert found.outcome == "found"
    fresh = run(file.lay(changes={HEADHUNTING: found.values[0]}), draws=draws, seed=2)
    share = (fresh.paid(special=True)[:, fresh.paid_years.index(2024)] <= budget).mean()
    error = (2 * level * (1 - level) / draws) ** 0.5  # both samples err
    assert abs(share - level) <= 3 * error


def test_one_factor_moves_several(headhunting: Any) -> None:
    """Cap and rate by one factor: the award and so the mean move by it, so the factor is budget over mean."""
    mean = seek(headhunting, [CAP, RATE], budget="1000亿元", level=None, draws=4_000, seed=3).mean
    budget = round(0.8 * run(headhunting({}), draws=4_000, seed=3).paid(special=True).sum(axis=1).mean())
    found = seek(
        headhunting, [CAP, RATE], budget=f"{Decimal(budget) / 100}元", level=None, draws=4_000, seed=3
    )
    assert mean > budget
    assert found.factor == pytest.approx(0.8, abs=0.001)
    assert found.values[0] == "40万元" or number(found.values) == pytest.approx(400_000, rel=0.002)


@pytest.mark.parametrize(("budget", "outcome"), [("1000元", "never"), ("1000亿元", "always")])
def test_it_says_so_when_none_does_or_all_do(headhunting: Any, budget: str, outcome: str) -> None:
    found = seek(headhunting, [CAP], budget=budget, draws=500, seed=1)
    assert found.outcome == outcome
    assert found.low is None and found.high is None
    assert (found.probability == 0) == (outcome == "never")


def test_a_threshold_falls_the_other_way() -> None:
    """More heads asked for cost less: the most generous setting is the lowest that is enough."""
    path = "measures.supplied_employees.conditions.heads.at_least"
    file = ScenarioFile(BASELINE)
    found = seek(layer(file), [path], budget="2100万元", level=None, draws=1_000, seed=1)
    assert found.outcome == "found" and not found.rising
    assert found.mean <= 2_100_000_000
    fewer = [one for one in found.tried if number(one.values) < number(found.values)]
    assert fewer and all(one.mean > 2_100_000_000 for one in fewer)


def test_a_seek_reads_back_the_same(headhunting: Any, tmp_path: Path) -> None:
    found = seek(headhunting, [CAP], budget="1650万元", draws=500, seed=1)
    assert load_answer(Seek, save_answer(found, tmp_path)) == found


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"budget": "0元"}, "budget: expected an amount above 0 with its unit"),
        (
            {"budget": 26_000_000},
            "budget: expected an amount above 0 with its unit, such as 2500万元, found 26000000",
        ),
        ({"budget": "26000000"}, "budget: expected an amount above 0 with its unit"),
        ({"budget": "1元", "level": 1.0}, "level: expected a probability"),
        ({"budget": "1元", "bounds": ("5元", "5元")}, "expected bounds of which the lower"),
        ({"budget": "1元", "bounds": ("5", "9")}, "expected bounds in the unit of 50万元, found 5..9"),
        ({"budget": "1元", "bounds": (5, 9)}, "expected bounds in the unit of 50万元, found 5..9"),
    ],
)
def test_bad_arguments_are_named(headhunting: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        seek(headhunting, [CAP], draws=10, **options)


TOY = Path(doctor.__file__).parent / "toy" / "scenario.yaml"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("measures.fee.caps.yearly.amount", "3000元"),  # a hundredth of the cap rounds to 0
        ("claims.fee.intensity.value", "2.499397"),
        ("claims.fee.take_up.value", "0.75"),  # four times all who are entitled cannot be
    ],
)
def test_no_bound_is_beyond_what_the_schema_accepts(path: str, value: str) -> None:
    """100 agencies of 4,000 yuan: for 300,000 they may be paid 3,000 each, or three quarters of them file."""
    found = seek(layer(ScenarioFile(TOY)), [path], budget="30万元", level=None, draws=200, seed=1)
    assert found.outcome == "found"
    assert parse_quantity(found.values[0]).value == pytest.approx(
        parse_quantity(value).value, rel=Decimal("0.1")
    )


def test_what_is_whole_is_sought_and_swept_in_whole_numbers() -> None:
    lay, path = layer(ScenarioFile(BASELINE)), "calendar.review_days"
    found = seek(lay, [path], budget="20亿元", draws=20, seed=1)
    assert all("." not in one.values[0] for one in found.tried)
    assert [one.values for one in sweep(lay, {path: [Decimal(30)]}, draws=20, seed=1).points][-1] == ("30",)
