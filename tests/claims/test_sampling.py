"""Claims drawn: take-up, frequency, first events, calendar, bases and attributes, against closed forms."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.errors import FaultsError, InputError, RunError
from simkit.claims.blueprint import blueprint
from simkit.claims.drawn import draw_rates
from simkit.claims.sampling import Sampler
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from tests.small_scenarios import (
    assumed,
    attribute,
    claim,
    column,
    draw_claims,
    fixed,
    measure,
    of_measure,
    write_scenario,
)
from tests.statistical import assert_mean, assert_quantile, assert_share, assert_variance

Data = dict[str, Any]

RATE = {"kind": "rate", "rate": "100%"}


def scenario_of(folder: Path, claims: dict[str, Data], **more: Any) -> Scenario:
    measures = {name: measure(fixed("1元")) for name in claims} | more.pop("measures", {})
    return load_scenario(write_scenario(folder, measures, claims, **more))


def counts_of(scenario: Scenario, draws: int, seed: int = 11) -> np.ndarray:
    """Claims that pass step 1: int[draw, measure, year]."""
    return run(scenario, draws=draws, seed=seed, jobs=1).counts[..., 0]


def years_of(claims: Any) -> np.ndarray:
    return claims.earned.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970


def per_agency(claims: Any, rows: np.ndarray) -> dict[tuple[int, int, int], int]:
    """Claims by draw, agency and year."""
    keys, numbers = np.unique(
        np.stack([claims.draw[rows], claims.agency[rows], years_of(claims)[rows]]), axis=1, return_counts=True
    )
    return {tuple(key): int(number) for key, number in zip(keys.T.tolist(), numbers, strict=True)}


def padded(values: list[int], length: int) -> np.ndarray:
    """Counts of those who have some, then zeros of all the others."""
    return np.array(values + [0] * (length - len(values)), dtype=float)


# ------------------------------------------------------------------ who files


@pytest.mark.parametrize("ceiling", [1.0, 0.45])
def test_a_mark_is_shared_by_all_claims_of_an_agency_and_year(tmp_path: Path, ceiling: float) -> None:
    """30 % of the agencies file, all of their Poisson(4) claims: mean and variance over agencies; sees 2 %."""
    take_up, rate, agencies, draws = 0.3, 4.0, 500, 120
    plan = claim(rate, frequency="poisson", take_up=assumed(take_up), ceiling=ceiling)
    scenario = scenario_of(tmp_path, {"one": plan}, start=agencies, years=(2024, 2025))
    claims, _ = draw_claims(scenario, draws)
    found = per_agency(claims, np.ones(len(claims), dtype=bool))
    sample = padded(list(found.values()), agencies * draws * 2)
    variance = take_up * (rate + rate**2) - (take_up * rate) ** 2
    assert_mean(sample, take_up * rate, variance**0.5)
    assert_share(sample > 0, take_up * (1 - np.exp(-rate)))
    # The marks of two years are independent.
    both = sum((draw, agency, 2025) in found for draw, agency, year in found if year == 2024)
    any_of_year = (take_up * (1 - np.exp(-rate))) ** 2
    assert_share(padded([1] * both, agencies * draws) > 0, any_of_year)


def test_a_mark_of_its_own_for_each_claim(tmp_path: Path) -> None:
    """Thinning: Poisson(4) claims of which 30 % are filed are Poisson(1.2) for each agency."""
    plan = claim(4, frequency="poisson", take_up=assumed(0.3), mark="claim")
    claims, _ = draw_claims(scenario_of(tmp_path, {"one": plan}, start=500), 120)
    sample = padded(list(per_agency(claims, np.ones(len(claims), dtype=bool)).values()), 60_000)
    assert_mean(sample, 1.2, 1.2**0.5)
    assert_variance(sample, 1.2, excess_kurtosis=1 / 1.2)
    assert_share(sample > 0, 1 - np.exp(-1.2))


@pytest.mark.parametrize("frequency", ["event", "poisson"])
def test_the_first_event_of_an_agency_files_by_its_own_mark(tmp_path: Path, frequency: str) -> None:
    """Of the agencies with an event in the only year, half file the first: sees 2 %."""
    take_up, rate, agencies, draws = 0.5, 0.7, 300, 100
    plan = claim(rate, frequency=frequency, take_up=assumed(take_up), mark="claim")
    more = {"measures": {"one": measure(fixed("1元"), first_time=True, repeat="once")}}
    claims, _ = draw_claims(scenario_of(tmp_path, {"one": plan}, start=agencies, **more), draws)
    first = claims.first_time
    sample = padded([1] * int(first.sum()), agencies * draws)
    assert_share(sample > 0, take_up * (1 - np.exp(-rate)))


@pytest.mark.parametrize("ceiling", [1.0, 0.5])
def test_a_mark_for_ever_files_in_every_year(tmp_path: Path, ceiling: float) -> None:
    plan = claim(1, frequency="fixed", take_up=assumed(0.3), ceiling=ceiling, mark="agency")
    claims, _ = draw_claims(scenario_of(tmp_path, {"one": plan}, start=500, years=(2024, 2026)), 60)
    year = years_of(claims)
    filing = [
        set(zip(claims.draw[year == y], claims.agency[year == y], strict=True)) for y in (2024, 2025, 2026)
    ]
    assert filing[0] == filing[1] == filing[2]
    assert_share(padded([1] * len(filing[0]), 30_000) > 0, 0.3)


def test_take_up_below_the_same_ceiling_only_takes_claims_away(tmp_path: Path) -> None:
    """On kept claims: who files at 20 % files at 40 %, with the same bases (common random numbers)."""
    law = {
        "unit": "yuan",
        "variables": {"x": {"dist": "lognormal", "mean": "5万元", "cv": 1}},
        "source": "made_up",
    }
    plan = claim(2, frequency="poisson", take_up=assumed(0.4), ceiling=0.6, base=law)
    event = claim(0.5, take_up=assumed(0.4), ceiling=0.6, base=law)
    path = write_scenario(
        tmp_path, {"one": measure(RATE), "two": measure(RATE)}, {"one": plan, "two": event}, start=400
    )
    found = []
    for take_up in (0.2, 0.4):
        changes = {f"claims.{name}.take_up.value": take_up for name in ("one", "two")}
        claims, _ = draw_claims(load_scenario(path, changes=changes), 40)
        found.append(
            set(
                zip(
                    *(
                        getattr(claims, name).tolist()
                        for name in ("draw", "agency", "measure", "matter", "base")
                    ),
                    strict=True,
                )
            )
        )
    assert found[0] < found[1]
    with pytest.raises((InputError, FaultsError), match="take_up"):
        draw_claims(load_scenario(path, changes={"claims.one.take_up.value": 0.7}), 4)


def test_a_ramp_scales_the_take_up_by_year(tmp_path: Path) -> None:
    """A quarter, a half, then all of 40 %; years after the last as the last."""
    ramp = {2024: 0.25, 2025: 0.5, 2026: 1}
    plan = claim(1, frequency="fixed", take_up=assumed(0.4), ramp=ramp)
    scenario = scenario_of(tmp_path, {"one": plan}, start=1_000, years=(2024, 2027))
    counts = counts_of(scenario, 400)
    for place, factor in enumerate((0.25, 0.5, 1, 1)):
        share = 0.4 * factor
        assert_mean(counts[:, 0, place], 1_000 * share, (1_000 * share * (1 - share)) ** 0.5)


# ------------------------------------------------------------------ how often


@pytest.mark.parametrize("intensity", [0.05, 0.8, 3.0])
def test_an_event_comes_with_chance_one_less_exp(tmp_path: Path, intensity: float) -> None:
    """Binomial(agencies, 1 - exp(-x)): mean and variance; at most one a year each."""
    chance, agencies = 1 - np.exp(-intensity), 300
    scenario = scenario_of(tmp_path, {"one": claim(intensity)}, start=agencies)
    counts = counts_of(scenario, 4_000)[:, 0, 0]
    assert_mean(counts, agencies * chance, (agencies * chance * (1 - chance)) ** 0.5)
    assert_variance(counts, agencies * chance * (1 - chance), excess_kurtosis=0.1)
    claims, _ = draw_claims(scenario, 20)
    assert max(per_agency(claims, np.ones(len(claims), dtype=bool)).values()) == 1


def test_weights_of_lines_multiply_the_intensity(tmp_path: Path) -> None:
    """Intensity by line, none for lines that are not named."""
    population = {"lines": {name: assumed(0.25) for name in "abcd"}}
    plans = {
        "event": claim(0.5, lines={"a": 1, "b": 0.2, "d": 0}),
        "often": claim(0.5, frequency="poisson", lines={"a": 1, "b": 0.2, "d": 0}),
    }
    claims, _ = draw_claims(scenario_of(tmp_path, plans, start=400, population=population), 300)
    for name in plans:
        lines = claims.agency[claims.measure == list(plans).index(name)] >> 20
        for line, weight in enumerate((1, 0.2, 0, 0)):
            mean = 0.5 * weight if name == "often" else 1 - np.exp(-0.5 * weight)
            assert_mean(padded([1] * int((lines == line).sum()), 30_000), mean, max(mean, 1e-12) ** 0.5)


def test_a_negative_binomial_spreads_between_agencies(tmp_path: Path) -> None:
    """Mean m, variance m + s m**2, for agencies and for the city; sees 6 % in the variance."""
    mean, spread = 2.0, 1.5
    plans = {
        "agencies": claim(mean, frequency="negative_binomial", spread=spread),
        "city": claim(mean, frequency="negative_binomial", spread=spread, among="city"),
    }
    scenario = scenario_of(tmp_path, plans, start=20)
    counts = counts_of(scenario, 6_000)
    variance = mean + spread * mean**2
    # Excess kurtosis of a negative binomial: 6 / size + p**2 / ((1 - p) size) with size = 1 / spread.
    chance = 1 / (1 + spread * mean)
    excess = 6 * spread + spread * chance**2 / (1 - chance)
    assert_mean(counts[:, 1, 0], mean, variance**0.5)
    assert_variance(counts[:, 1, 0], variance, excess_kurtosis=excess)
    assert_mean(counts[:, 0, 0], 20 * mean, (20 * variance) ** 0.5)
    assert_variance(counts[:, 0, 0], 20 * variance, excess_kurtosis=excess / 20)


@pytest.mark.parametrize("frequency", ["event", "poisson"])
def test_a_part_year_scales_counts_and_not_bases(tmp_path: Path, frequency: str) -> None:
    """In force from 12 April: 264 of 365 days in 2023, all of 2024; thresholds and bases as ever."""
    law = {
        "unit": "yuan",
        "variables": {"x": {"dist": "uniform", "low": "1万元", "high": "3万元"}},
        "source": "made_up",
    }
    intensity = 0.3
    plan = claim(intensity, frequency=frequency, base=law)
    scenario = load_scenario(
        write_scenario(
            tmp_path,
            {"one": measure(RATE, conditions={"most": {"of": "base", "at_least": "2万元"}})},
            {"one": plan},
            start=500,
            years=(2023, 2024),
            in_force={"since": "2023-04-12", "until": "2024-12-31"},
        )
    )
    yearly = 500 * (1 - np.exp(-intensity) if frequency == "event" else intensity)
    claims, _ = draw_claims(scenario, 600)
    year = years_of(claims)
    for which, part in ((2023, 264 / 365), (2024, 1.0)):
        rows = year == which
        counts = np.bincount(claims.draw[rows], minlength=600)
        assert_mean(counts, yearly * part, (yearly * part) ** 0.5)
        assert_mean(claims.base[rows] / 100, 20_000, 20_000 / 12**0.5)
        assert_share(claims.base[rows] >= 2_000_000, 0.5)
    assert claims.earned.min() == (datetime.date(2023, 4, 12) - datetime.date(1970, 1, 1)).days
    refused = run(scenario, draws=50, seed=4, jobs=1).counts.sum(axis=(0, 1, 2))
    assert refused[1] == 0  # none is drawn outside the term, to be refused later


def test_the_measures_own_term_scales_its_claims(tmp_path: Path) -> None:
    """A measure in force for the first quarter of 2025 (90 days) has 90/365 of a year's claims."""
    own = {"one": measure(fixed("1元"), in_force={"since": "2025-01-01", "until": "2025-03-31"})}
    scenario = scenario_of(
        tmp_path, {"one": claim(0.4, frequency="poisson")}, measures=own, start=500, years=(2024, 2026)
    )
    counts = counts_of(scenario, 800)[:, 0]
    assert counts[:, 0].sum() == counts[:, 2].sum() == 0
    mean = 500 * 0.4 * 90 / 365
    assert_mean(counts[:, 1], mean, mean**0.5)


# ------------------------------------------------------------------ what all share


def test_the_factor_lifts_intensities_by_its_loading(tmp_path: Path) -> None:
    """Poisson with mean m (1 + w (F - 1)), F gamma with cv c: variance m + (m w c)**2; w = 0 none; sees 8 %."""
    mean, cv, weights = 30.0, 0.4, {"one": 1.0, "half": 0.5, "none": 0.0}
    plans = {
        name: claim(mean, frequency="poisson", among="city", loading=assumed(weight))
        for name, weight in weights.items()
    }
    plans["fixed"] = claim(3, frequency="fixed", among="city")
    scenario = scenario_of(tmp_path, plans, factor_cv=cv, loading=1, years=(2024, 2025))
    counts = counts_of(scenario, 12_000)
    for place, weight in enumerate(weights.values()):
        variance = mean + (mean * weight * cv) ** 2
        assert_mean(counts[:, place, 0], mean, variance**0.5)
        # A gamma factor has excess kurtosis 6 c**2, the mixture less than that and the Poisson's own.
        assert_variance(counts[:, place, 0], variance, excess_kurtosis=6 * cv**2 + 1 / mean)
    # One factor for all years and measures: covariance of two measures or years is m**2 w v c**2.
    for one, other, weight in (((0, 0), (0, 1), 1.0), ((0, 0), (1, 1), 0.5), ((0, 0), (2, 0), 0.0)):
        first, second = counts[:, one[0], one[1]] - mean, counts[:, other[0], other[1]] - mean
        # sd of the product: bounded by that of two fully dependent counts.
        sd = 3 * (mean + (mean * cv) ** 2)
        assert_mean(first * second, mean**2 * weight * cv**2, sd)
    assert (counts[:, 3] == 3).all()


def test_yearly_shocks_are_shared_and_apart_from_the_factor(tmp_path: Path) -> None:
    """A lognormal year with mean 1: variance of a Poisson count m + m**2 (exp(s**2) - 1); years independent."""
    mean, sd = 40.0, 0.3
    plans = {name: claim(mean, frequency="poisson", among="city") for name in ("one", "two")}
    scenario = scenario_of(tmp_path, plans, factor={"activity_sd": assumed(sd)}, years=(2024, 2025))
    counts = counts_of(scenario, 12_000)
    shock = np.expm1(sd**2)
    variance = mean + mean**2 * shock
    assert_mean(counts[:, 0, 0], mean, variance**0.5)
    assert_variance(counts[:, 0, 0], variance, excess_kurtosis=2.0)
    together = (counts[:, 0, 0] - mean) * (counts[:, 1, 0] - mean)
    apart = (counts[:, 0, 0] - mean) * (counts[:, 0, 1] - mean)
    assert_mean(together, mean**2 * shock, 3 * variance)
    assert_mean(apart, 0.0, variance)


# ------------------------------------------------------------------ first events


def test_an_unfiled_first_event_is_used_up(tmp_path: Path) -> None:
    """Chance p a year, 30 % file: first-time claims are n q p (1 - p)**k, however many were filed before."""
    p, take_up, agencies = 0.3, 0.3, 1_000
    plan = claim(-np.log(1 - p), take_up=assumed(take_up))
    scenario = scenario_of(
        tmp_path,
        {"one": plan},
        measures={"one": measure(fixed("1元"), first_time=True)},
        start=agencies,
        years=(2024, 2026),
    )
    counts = run(scenario, draws=1_500, seed=2, jobs=1).counts
    for passed in range(3):
        first = take_up * p * (1 - p) ** passed
        again = take_up * p * (1 - (1 - p) ** passed)
        assert_mean(counts[:, 0, passed, 0], agencies * first, (agencies * first) ** 0.5)
        assert_mean(counts[:, 0, passed, 3], agencies * again, max(1e-9, agencies * again) ** 0.5)


def test_events_before_the_term_are_first_events_too(tmp_path: Path) -> None:
    """The population starts a year before the policy: that year's events use the first time up."""
    p = 0.4
    scenario = scenario_of(
        tmp_path,
        {"one": claim(-np.log(1 - p))},
        measures={"one": measure(fixed("1元"), first_time=True)},
        start=1_000,
        growth={"start_year": 2022},
    )
    counts = run(scenario, draws=500, seed=2, jobs=1).counts
    expected = 1_000 * p * (1 - p)
    assert_mean(counts[:, 0, 0, 0], expected, expected**0.5)


def test_a_share_of_the_old_agencies_had_their_first_event_before(tmp_path: Path) -> None:
    """Of the start's agencies 25 % had it already, of newcomers none; a first event of each key counts."""
    p = 0.5
    plan = claim(-np.log(1 - p), already=assumed(0.25), day="12-31", keys={"x": 3, "y": 1})
    own = {"one": measure(fixed("1元"), first_time=True)}
    old = scenario_of(tmp_path / "old", {"one": plan}, measures=own, start=1_000, years=(2024, 2025))
    new = scenario_of(
        tmp_path / "new", {"one": plan}, measures=own, growth={"entries": {2024: assumed(1_000)}}
    )
    claims, _ = draw_claims(old, 200)
    year = years_of(claims)
    chances = {0: 0.75, 1: 0.25}
    for key, weight in chances.items():
        # The first year: an event of this key, and not before; the second: none of this key in the first.
        for passed in range(2):
            rows = (claims.key == key) & (year == 2024 + passed) & claims.first_time
            chance = 0.75 * p * weight * (1 - p * weight) ** passed
            assert_mean(padded([1] * int(rows.sum()), 200_000), chance, chance**0.5)
    counts = run(new, draws=200, seed=2, jobs=1).counts
    assert counts[:, 0, 0, 3].sum() == 0
    assert_mean(counts[:, 0, 0, 0], 1_000 * p, (1_000 * p) ** 0.5)


# ------------------------------------------------------------------ how much


def test_the_index_moves_bases_and_nothing_else(tmp_path: Path) -> None:
    """1,234.56 yuan in 2024 prices, 5 % a year, to the nearest fen; a fixed cap stays."""
    base = {"unit": "yuan", "scale": assumed("1234.56元"), "growth": assumed(0.05), "of_year": 2024}
    cap = {"most": {"per": "claim", "within": "claim", "amount": "1300元"}}
    scenario = scenario_of(
        tmp_path,
        {"one": claim(1, frequency="fixed", among="city", base=base)},
        measures={"one": measure(RATE, caps=cap)},
        years=(2023, 2026),
    )
    claims, _ = draw_claims(scenario, 3)
    expected = {2023 + k: round(123_456 * 1.05 ** (k - 1)) for k in range(4)}
    assert {int(y): int(b) for y, b in zip(years_of(claims), claims.base, strict=True)} == expected
    result = run(scenario, draws=3, jobs=1)
    assert result.money[0, 0, :, 6].tolist() == [min(130_000, fen) for fen in expected.values()]


def test_what_nobody_knows_is_one_number_a_draw(tmp_path: Path) -> None:
    """The scale is drawn once a draw, the variables for each claim; the base is their product."""
    base = {
        "unit": "yuan",
        "scale": assumed({"dist": "uniform", "low": "100元", "high": "300元"}),
        "variables": {"heads": {"dist": "empirical", "values": [1, 2, 3]}},
        "source": "made_up",
    }
    scenario = scenario_of(
        tmp_path,
        {"one": claim(40, frequency="fixed", among="city", base=base)},
        measures={"one": measure(RATE)},
    )
    claims, _ = draw_claims(scenario, 2_000)
    by_draw = claims.base.reshape(2_000, 40)
    scale = by_draw.min(axis=1)  # one of 40 claims has one head but in one draw of ten million
    assert_mean(scale / 100, 200, 200 / 12**0.5)
    heads = by_draw / scale[:, None]
    assert np.abs(heads - np.rint(heads)).max() < 1e-3
    assert_mean(np.rint(heads).ravel(), 2.0, (2 / 3) ** 0.5)


def test_heads_that_appear_elsewhere_can_be_taken_off(tmp_path: Path) -> None:
    base = {"unit": "count", "scale": assumed("500人")}
    plan = claim(1, frequency="fixed", among="city", base=base, heads_elsewhere=assumed(0.3))
    own = {"one": measure({"kind": "per_unit", "amount": "1元"}, base_unit="count")}
    path = write_scenario(tmp_path, own, {"one": plan})
    for remove, heads in ((False, 500), (True, 350)):
        claims, _ = draw_claims(load_scenario(path, changes={"claims.one.remove_elsewhere": remove}), 1)
        assert claims.base.tolist() == [heads]


def test_attributes_come_by_every_way(tmp_path: Path) -> None:
    """A variable, a tax in bands of it, a law, weights and a chance; the tax by hand."""
    attributes = {
        "pay": attribute("claim", "yuan"),
        "tax": attribute("claim", "yuan"),
        "export": attribute("claim", "usd"),
        "kind": attribute("claim", "category", values=["p", "q", "r"]),
        "local": attribute("claim", "flag"),
        "line": attribute("agency", "category", values=["a", "b"]),
    }
    tests = {
        "pay": {"of": "pay", "at_least": "1元"},
        "tax": {"of": "tax", "at_least": "1元"},
        "export": {"of": "export", "at_least": "1美元"},
        "kind": {"of": "kind", "one_of": ["p"]},
        "local": {"of": "local", "is_true": True},
        "line": {"of": "line", "one_of": ["b"]},
    }
    bands = [
        {"above": "0元", "rate": "3%"},
        {"above": "36000元", "rate": "10%"},
        {"above": "144000元", "rate": "20%"},
    ]
    plan = claim(
        1,
        frequency="fixed",
        base={
            "unit": "yuan",
            "variables": {
                "pay": {"dist": "uniform", "low": "10万元", "high": "40万元"},
                "share": {"dist": "constant", "value": "25%"},
            },
            "source": "made_up",
            "growth": assumed(0.1),
            "of_year": 2023,
        },
        attributes={
            "pay": {"variable": "pay"},
            "tax": {"bands": bands, "of": "pay", "minus": "60000元"},
            "export": {"law": {"dist": "uniform", "low": "0美元", "high": "10美元"}, "source": "made_up"},
            "kind": {"weights": {"p": 1, "r": 3}},
            "local": {"chance": assumed(0.7)},
        },
    )
    scenario = scenario_of(
        tmp_path,
        {"one": plan},
        measures={"one": measure(RATE, conditions=tests)},
        start=1_000,
        population={"lines": {"a": assumed(0.4), "b": assumed(0.6)}},
        policy={"attributes": attributes},
    )
    claims, _ = draw_claims(scenario, 20)
    pay = column(claims, "pay") / 100
    assert pay.min() >= 110_000 and pay.max() <= 440_000
    assert np.abs(claims.base / 100 - pay * 0.25).max() <= 0.01
    income = pay - 60_000
    tax = 0.03 * np.minimum(income, 36_000) + 0.1 * np.clip(income - 36_000, 0, 108_000)
    tax += 0.2 * np.maximum(income - 144_000, 0)
    assert np.abs(column(claims, "tax") / 100 - tax).max() <= 0.011
    export = column(claims, "export")
    assert export.min() >= 0 and export.max() <= 1_000
    assert_mean(export / 100, 5, 10 / 12**0.5)
    assert_share(column(claims, "kind") == 0, 0.25)
    assert_share(column(claims, "kind") == 2, 0.75)
    assert_share(column(claims, "local") == 1, 0.7)
    assert np.array_equal(column(claims, "line"), claims.agency >> 20)


# ------------------------------------------------------------------ when, in which order


def test_days_follow_the_calendar(tmp_path: Path) -> None:
    """Filed 10 to 40 days after the day earned, decided in the first round 20 days later."""
    calendar = {
        "filing_days": [10, 40],
        "review_days": 20,
        "rounds": ["02-29", "06-30", "11-30"],
        "source": "made_up",
    }
    plans = {"any": claim(1, frequency="fixed"), "set": claim(1, frequency="fixed", day="05-20")}
    scenario = scenario_of(tmp_path, plans, start=400, years=(2024, 2025), calendar=calendar)
    claims, _ = draw_claims(scenario, 20)
    wait = claims.filed - claims.earned
    assert wait.min() == 10 and wait.max() == 40
    assert_mean(wait, 25, ((31**2 - 1) / 12) ** 0.5)
    rounds = np.sort(
        np.array(
            [np.datetime64(f"{year}-{day}") for year in range(2024, 2028) for day in ("06-30", "11-30")]
            + [np.datetime64(day) for day in ("2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28")],
            dtype="datetime64[D]",
        ).astype(int)
    )
    assert np.array_equal(claims.decided, rounds[np.searchsorted(rounds, claims.filed + 20)])
    days = claims.earned[of_measure(scenario, claims, "set")].astype("datetime64[D]")
    assert set(days.astype(str)) == {"2024-05-20", "2025-05-20"}
    of_any = of_measure(scenario, claims, "any") & (years_of(claims) == 2025)
    assert_mean(
        claims.earned[of_any] - (np.datetime64("2025-01-01").astype(int)), 182, ((365**2 - 1) / 12) ** 0.5
    )


def test_claims_stand_in_order_of_decision(tmp_path: Path) -> None:
    """By day of decision, then place of the measure in the policy, then at random and not by agency."""
    calendar = {"filing_days": [0, 200], "review_days": 0, "rounds": ["06-30", "12-31"], "source": "made_up"}
    plans = {name: claim(2, frequency="poisson") for name in ("b", "a")}
    claims, _ = draw_claims(scenario_of(tmp_path, plans, start=300, calendar=calendar), 40)
    order = np.lexsort([claims.measure, claims.decided, claims.draw])
    assert np.array_equal(order, np.arange(len(claims)))
    group = (claims.draw.astype(int) * 10 + claims.measure) * 100_000 + claims.decided
    same = np.flatnonzero(np.diff(group) == 0)
    rising = claims.agency[same + 1] > claims.agency[same]
    # Of two neighbours at random either comes first, but for ties of one agency.
    differing = claims.agency[same + 1] != claims.agency[same]
    assert 0.45 < rising[differing].mean() < 0.55


def test_ranks_are_even_and_belong_to_ranked_measures(tmp_path: Path) -> None:
    own = {
        "ranked": measure(fixed("1元"), rigidity="adjustable", selection={"kind": "ranked", "places": "3个"})
    }
    plans = {"ranked": claim(1, frequency="fixed"), "plain": claim(1, frequency="fixed")}
    scenario = scenario_of(tmp_path, plans, measures=own, start=200)
    claims, _ = draw_claims(scenario, 200)
    ranked = of_measure(scenario, claims, "ranked")
    assert (claims.score[~ranked] == 0).all()
    assert_mean(claims.score[ranked], 0.5, 12**-0.5)
    for p in (0.1, 0.5, 0.9):
        assert_quantile(claims.score[ranked], p, p)
    result = run(scenario, draws=50, jobs=1)
    place = list(scenario.policy.measures).index("ranked")
    assert (result.counts[:, place, 0, 5] == 3).all()


def test_companions_come_beside_claims(tmp_path: Path) -> None:
    """Others pay on 40 % of the claims, on the same matter of the same agency, 15 days before."""
    own = {
        "ours": measure(RATE),
        "theirs": measure({"kind": "by_rule"}, priced_by="by_rule", outside=True, level="province"),
    }
    amount = {"unit": "yuan", "scale": assumed("100元")}
    plans = {
        "ours": claim(1, frequency="fixed", day="06-30", base=amount),
        "theirs": claim(
            companion={"of": "ours", "chance": assumed(0.4), "days": -15}, take_up=None, base=amount
        ),
    }
    matter = {
        "name": {"zh": "某", "en": "some"},
        "clause": "一",
        "why": {"zh": "某", "en": "some"},
        "members": ["ours", "theirs"],
        "key": ["agency", "matter"],
    }
    scenario = scenario_of(
        tmp_path,
        plans,
        measures=own,
        start=500,
        policy={"matters": {"same": matter}},
        confirmed={"claims.theirs.companion.days": "decided before ours"},
    )
    claims, _ = draw_claims(scenario, 60)
    ours, theirs = (of_measure(scenario, claims, name) for name in ("ours", "theirs"))
    assert_share(padded([1] * int(theirs.sum()), int(ours.sum())) > 0, 0.4)
    known = set(zip(claims.draw[ours], claims.agency[ours], claims.matter[ours], strict=True))
    assert set(zip(claims.draw[theirs], claims.agency[theirs], claims.matter[theirs], strict=True)) <= known
    assert (claims.earned[theirs] - claims.decided[theirs] == 15).all()
    # What they paid is taken off ours: nothing is left of those.
    result = run(scenario, draws=60, seed=7, jobs=1)
    assert result.outside.sum() == 10_000 * theirs.sum()
    assert result.money[:, 0, 0, 4].sum() == result.outside.sum()


def test_parks_that_come_for_the_first_time(tmp_path: Path) -> None:
    """First events of what is no agency: n p, then n p (1 - p)."""
    p = 0.3
    own = {"one": measure(fixed("1元"), first_time=True, beneficiary="park")}
    scenario = scenario_of(
        tmp_path,
        {"one": claim(-np.log(1 - p), among="park")},
        measures=own,
        years=(2024, 2025),
        population={"others": {"park": assumed(50)}},
    )
    counts = counts_of(scenario, 2_000)[:, 0]
    assert_mean(counts[:, 0], 50 * p, (50 * p * (1 - p)) ** 0.5)
    again = p * (1 - p)
    assert_mean(counts[:, 1], 50 * again, (50 * again * (1 - again)) ** 0.5)


# ------------------------------------------------------------------ what no kernel knows


@pytest.mark.parametrize("field", ["origin", "frequency", "mark", "way", "family"])
def test_what_no_kernel_draws_is_an_error(tmp_path: Path, field: str) -> None:
    """Never a silent number: as if the blueprint named a kind for which no kernel has a branch."""
    size = {"dist": "uniform", "low": "1元", "high": "9元"}
    base = {"unit": "yuan", "variables": {"size": size}, "source": "made_up"}
    claims = {"one": claim(2, mark="claim", base=base)}
    scenario = scenario_of(tmp_path, claims, start=50, measures={"one": measure(RATE)})
    plan, policy, draws = scenario.plan, scenario.policy, np.arange(2, dtype=np.int64)
    given = (plan.population, plan.claims, plan.factor, plan.earned_years[1], 7, draws)
    sketch = blueprint(
        policy, plan.population, plan.claims, plan.calendar, plan.earned_years, {"one": (("line", 0),)}
    )
    rates, drawn = draw_rates(policy, *given, columns={"one": (("line", 0),)})
    assert len(Sampler(sketch, 7, 2).sample(rates, drawn, draws, 0).claims.rows)
    for rows in (sketch.plans, sketch.ways, sketch.tables.laws):
        if field in (rows.dtype.names or ()):
            rows[field] = 99
    with pytest.raises(RunError, match="no kernel draws"):
        Sampler(sketch, 7, 2).sample(rates, drawn, draws, 0)
