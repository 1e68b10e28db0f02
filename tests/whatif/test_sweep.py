"""Sweeps: each point is the run of its setting; shares, slopes and cliffs by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.base.errors import InputError
from simkit.base.money import Quantity, parse_quantity, quantity_text
from simkit.runs.simulate import run
from simkit.scenario import ScenarioFile
from simkit.sizing.quantiles import quantile
from simkit.whatif.answers import load_answer, save_answer
from simkit.whatif.settings import Knob, knob_of, read_values
from simkit.whatif.sweep import Sweep, sweep

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
CAP = "measures.headhunting.caps.yearly.amount"
HEADS = "measures.supplied_employees.conditions.heads.at_least"
DRAWS, SEED = 400, 7


@pytest.fixture(scope="module")
def file() -> ScenarioFile:
    return ScenarioFile(BASELINE)


def swept(file: ScenarioFile, values: dict[str, list[str]]) -> Sweep:
    numbers = {path: [parse_quantity(text).value for text in texts] for path, texts in values.items()}
    return sweep(lambda changes: file.lay(changes=dict(changes)), numbers, draws=DRAWS, seed=SEED)


@pytest.fixture(scope="module")
def caps(file: ScenarioFile) -> Sweep:
    return swept(file, {CAP: ["30万元", "50万元", "80万元"]})


def test_each_point_is_the_run_of_its_setting(file: ScenarioFile, caps: Sweep) -> None:
    standing = run(file.lay(), draws=DRAWS, seed=SEED)
    at = standing.paid_years.index(2024)
    for point in caps.points:
        result = run(file.lay(changes={CAP: point.values[0]}), draws=DRAWS, seed=SEED)
        year, whole = result.paid(special=True)[:, at], result.paid(special=False).sum(axis=1)
        assert (point.mean, point.whole) == (year.mean(), whole.mean())
        assert point.need == quantile(year, 0.9).value
        assert point.difference == (year - standing.paid(special=True)[:, at]).mean()
        lever = result.levers.index("headhunting.yearly")
        measure = list(result.scenario.policy.measures).index("headhunting")
        share = result.agencies_at[:, lever].sum() / result.agencies_awarded[:, measure].sum()
        assert point.at_cap == pytest.approx(share, rel=1e-12)
        assert point.passed == pytest.approx(result.counts[:, measure, :, 0].sum(axis=1).mean(), rel=1e-12)
    assert [point.base for point in caps.points] == [False, True, False]
    assert [point.values for point in caps.points] == [("30万元",), ("50万元",), ("80万元",)]


def test_a_slope_is_the_rise_between_neighbours(caps: Sweep) -> None:
    """And it falls: each yuan more of cap helps fewer agencies."""
    first, second, third = caps.points
    assert first.slope is None and second.slope is not None and third.slope is not None
    assert second.slope.headline == pytest.approx((second.mean - first.mean) / 200_000, rel=1e-9)
    assert third.slope.whole == pytest.approx((third.whole - second.whole) / 300_000, rel=1e-9)
    assert second.slope.whole > third.slope.whole > 0


def test_a_threshold_has_a_cliff(file: ScenarioFile) -> None:
    """Who falls short loses all: a claim more costs much more than a head more."""
    found = swept(file, {HEADS: ["400人", "500人"]})
    low, high = found.points
    assert high.slope is not None and high.slope.per_claim is not None
    assert low.passed is not None and high.passed is not None and low.passed > high.passed
    assert high.slope.per_claim == pytest.approx(
        (high.whole - low.whole) / (high.passed - low.passed), rel=1e-9
    )
    assert high.slope.per_claim > 10_000_00


def test_two_numbers_make_a_map(file: ScenarioFile) -> None:
    found = swept(file, {CAP: ["30万元", "50万元"], "measures.headhunting.award.rate": ["40%", "50%"]})
    assert [point.values for point in found.points] == [
        ("30万元", "40%"),
        ("30万元", "50%"),
        ("50万元", "40%"),
        ("50万元", "50%"),
    ]
    means = np.array([point.mean for point in found.points]).reshape(2, 2)
    assert (np.diff(means, axis=0) > 0).all() and (np.diff(means, axis=1) > 0).all()
    assert [point.base for point in found.points] == [False, False, False, True]
    assert all(point.slope is None for point in found.points)


def test_a_sweep_reads_back_the_same(caps: Sweep, tmp_path: Path) -> None:
    assert load_answer(Sweep, save_answer(caps, tmp_path)) == caps


# ------------------------------------------------------------------ settings


@given(st.sampled_from(["yuan", "usd", "share", "count", "days", ""]), st.decimals(0, 10**9, places=2))
def test_a_quantity_reads_back_as_it_was_written(kind: str, value: Decimal) -> None:
    assert parse_quantity(quantity_text(Quantity(value, kind))) == (value, kind if kind != "count" else "")


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("yuan", "500000", "50万元"),
        ("yuan", "500", "500元"),
        ("yuan", "123456.7", "12.35万元"),
        ("share", "0.4", "40%"),
        ("share", "0.33333", "33.33%"),
        ("count", "612.4", "612"),
        ("", "0.123", "0.123"),
    ],
)
def test_a_setting_is_rounded_to_what_anybody_would_write(kind: str, value: str, text: str) -> None:
    assert Knob("a.path", Quantity(Decimal(1), kind)).text(Decimal(value)) == text


def test_values_are_a_list_or_even_steps(file: ScenarioFile) -> None:
    knob = knob_of(file.lay(), CAP)
    assert read_values(knob, "40万元, 60万元") == (400_000, 600_000)
    assert read_values(knob_of(file.lay(), "population.growth.target.agencies"), "300, 500") == (300, 500)
    assert read_values(knob, "20万元..100万元:5") == (200_000, 400_000, 600_000, 800_000, 1_000_000)


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("much", "expected values such as .* found 'much'"),
        ("40%", "expected values in the unit of .*, 50万元, found '40%'"),
        ("100万元..20万元:5", "even steps"),
        ("20万元..100万元:1", "even steps"),
        ("", "found ''"),
        ("300,500", "write 300500, or '300, 500'"),
        ("1,234,567元", "write 1234567, or '1, 234, 567'"),
    ],
)
def test_wrong_values_are_named(file: ScenarioFile, word: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_values(knob_of(file.lay(), CAP), word)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("measures.headhunting.caps.yearly.amont", "did you mean 'measures.headhunting.caps.yearly.amount'"),
        ("measures.headhunting.name.zh", "expected a path that holds a number"),
        ("measures.headhunting", "expected a path that holds a number"),
        ("claims.students.intensity.value", "expected a path that holds a number"),
    ],
)
def test_a_path_without_a_number_is_named(file: ScenarioFile, path: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        knob_of(file.lay(), path)
