"""The exact side against closed forms: mixed counts, capped sums, first events, once over the years."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simkit.claims.blueprint import blueprint
from simkit.claims.values import banded_tax
from simkit.exact import laws as exact_laws
from simkit.exact.awarding import _taxed, amount_of
from simkit.exact.laws import YearLaw
from simkit.exact.quadrature import chebyshev, gamma_nodes, law_nodes
from simkit.exact.verify import restricted, twins
from simkit.scenario import load_scenario
from tests.distributions.test_compound import law, limited_sum
from tests.small_scenarios import assumed, attribute, claim, fixed, measure, write_scenario
from tests.statistical import cdf

SEED, CV = 7, 0.4
BASELINE = Path("scenarios/ningbo-hr-2023/baseline.yaml")


def exact_of(
    folder: Path, measures: dict[str, Any], claims: dict[str, Any], **plan: Any
) -> dict[str, dict[int, YearLaw]]:
    """The twins of a small scenario; none of its measures may be without."""
    found, reasons = twins(restricted(write_scenario(folder, measures, claims, **plan)), SEED, 0)
    assert not reasons
    return found


def drawn(law_data: Any, **more: Any) -> Any:
    return {"unit": "yuan", "variables": {"x": law_data}, "source": "made_up", **more}


EXPONENTIAL = {"dist": "gamma", "shape": 1, "scale": "1万元"}


# ------------------------------------------------------------------ quadrature


@pytest.mark.parametrize("cv", [0.05, 0.28, 0.6, 1.5])
def test_nodes_of_the_factor_have_its_moments(cv: float) -> None:
    """Mean 1, and the raw moments of the gamma law: the product of (1 + j cv**2).

    Nodes with a weight below 1e-11 are left out: of the fifth moment that is up to 1e-11 value**5.
    """
    nodes = gamma_nodes(cv)
    assert nodes.weight.sum() == pytest.approx(1, abs=1e-12)
    for order in range(1, 6):
        wanted = math.prod(1 + j * cv**2 for j in range(order))
        assert nodes.weight @ nodes.value**order == pytest.approx(
            wanted, rel=1e-11 * nodes.value.max() ** 5 + 1e-11
        )


def test_nodes_of_a_law_have_its_moments() -> None:
    for one in (
        law("pert", low="2元", mode="3元", high="9元"),
        law("uniform", low="2元", high="9元"),
        law("triangular", low="2元", mode="3元", high="9元"),
        law("triangular", low="2元", mode="2元", high="9元"),
        law("lognormal", mean="5元", cv=0.8),
        law("empirical", values=["1元", "4元"], weights=[3, 1]),
        law("constant", value="6元"),
    ):
        nodes = law_nodes(one)
        second = nodes.weight @ nodes.value**2
        assert nodes.weight @ nodes.value == pytest.approx(one.mean(), rel=1e-12)
        assert second - one.mean() ** 2 == pytest.approx(one.var(), rel=1e-9, abs=1e-9)


def test_few_nodes_stand_for_many_points() -> None:
    points = np.linspace(0, 2, 300) ** 2
    nodes = chebyshev(points, np.ones(300), 0.0, 4.0, 16)
    assert nodes.weight @ np.exp(-nodes.value) == pytest.approx(np.exp(-points).sum(), rel=1e-11)


# ------------------------------------------------------------------ sums


def test_a_mixed_poisson_number_is_negative_binomial(tmp_path: Path) -> None:
    """N given F is Poisson(8 F), F gamma: N is negative binomial, here times 3 万元; every probability."""
    found = exact_of(
        tmp_path,
        {"one": measure(fixed("3万元"))},
        {"one": claim(8, among="city", frequency="poisson", loading=assumed(1))},
        factor_cv=CV,
    )["one"][2024]
    shape = 1 / CV**2
    wanted = stats.nbinom(shape, shape / (shape + 8))
    numbers = np.arange(40)
    assert cdf(found.law, 30_000.0 * numbers) == pytest.approx(wanted.cdf(numbers), abs=1e-9)
    assert found.mean == pytest.approx(240_000, rel=1e-10)  # nodes with weights up to 1e-11 are left out
    assert found.law.var() == pytest.approx(
        wanted.var() * 9e8, rel=1e-7
    )  # up to 1e-8 lies beyond the lattice


def test_a_loading_above_one_bends_the_intensity(tmp_path: Path) -> None:
    """Intensity 2 max(0, 1 + 3 (F - 1)) of a Poisson number: the mean by plain quadrature of the gamma density."""
    found = exact_of(
        tmp_path,
        {"one": measure(fixed("1万元"))},
        {"one": claim(2, among="city", frequency="poisson", loading=assumed(3))},
        factor_cv=CV,
    )["one"][2024]
    points = (np.arange(400_000) + 0.5) / 400_000
    factor = stats.gamma(1 / CV**2, scale=CV**2).ppf(points)
    wanted = 2 * np.maximum(0, 1 + 3 * (factor - 1)).mean() * 10_000
    # A kink costs Gauss's rule its speed: a hundredth of what 10,000 draws can see.
    assert found.mean == pytest.approx(wanted, rel=2e-3)


@pytest.mark.parametrize("mark", ["agency_year", "claim"])
def test_a_cap_over_an_agencys_year(tmp_path: Path, mark: str) -> None:
    """50 agencies, exponential claims, a yearly cap: E min(cap, S) in closed form; take-up per agency or per claim."""
    rate, take_up, cap = 1.7, 0.35, 25_000.0
    found = exact_of(
        tmp_path,
        {
            "one": measure(
                {"kind": "by_rule"}, caps={"most": {"per": "agency", "within": "year", "amount": "2.5万元"}}
            )
        },
        {
            "one": claim(
                rate, frequency="poisson", mark=mark, take_up=assumed(take_up), base=drawn(EXPONENTIAL)
            )
        },
        start=50,
    )["one"][2024]
    thinned, files = (rate * take_up, 1.0) if mark == "claim" else (rate, take_up)
    with np.errstate(all="ignore"):
        pmf = stats.poisson.pmf(np.arange(60), thinned)
    one = limited_sum(pmf, 1.0, 10_000.0, cap) * files
    assert abs(found.mean - 50 * one) <= found.mean_error
    assert found.mean == pytest.approx(50 * one, rel=1e-6)
    assert found.law.mean() == pytest.approx(found.mean, rel=1e-6)
    assert float(cdf(found.law, 0.0)) == pytest.approx((1 - files + files * pmf[0]) ** 50, abs=2e-3)


def test_a_cap_over_a_measures_year(tmp_path: Path) -> None:
    """The whole measure at most 10 万元 a year: E min(cap, S) of a compound Poisson sum."""
    found = exact_of(
        tmp_path,
        {
            "one": measure(
                {"kind": "by_rule"}, caps={"most": {"per": "measure", "within": "year", "amount": "10万元"}}
            )
        },
        {"one": claim(9, among="city", frequency="poisson", base=drawn(EXPONENTIAL))},
    )["one"][2024]
    with np.errstate(all="ignore"):
        pmf = stats.poisson.pmf(np.arange(80), 9)
    wanted = limited_sum(pmf, 1.0, 10_000.0, 100_000.0)
    assert abs(found.mean - wanted) <= found.mean_error and found.mean == pytest.approx(wanted, rel=1e-6)
    assert found.law.quantile(0.99) == pytest.approx(100_000.0)


# ------------------------------------------------------------------ years


def test_once_over_the_years(tmp_path: Path) -> None:
    """Decided in the year it is earned: paid in year k with chance p (1 - p)**(k - 1), given the factor."""
    found = exact_of(
        tmp_path,
        {"one": measure(fixed("1万元"), repeat="once")},
        {"one": claim(0.5, among="city", take_up=assumed(0.8), loading=assumed(1))},
        years=(2024, 2026),
        factor_cv=CV,
    )["one"]
    points = (np.arange(200_000) + 0.5) / 200_000
    p = -np.expm1(-0.5 * stats.gamma(1 / CV**2, scale=CV**2).ppf(points)) * 0.8
    for place, year in enumerate((2024, 2025, 2026)):
        assert found[year].mean == pytest.approx(10_000 * (p * (1 - p) ** place).mean(), rel=1e-5)


def test_a_later_year_may_be_decided_first(tmp_path: Path) -> None:
    """Filed at once or a year later: the claim of either year can come first, and all that is paid is paid once."""
    slow = {"filing_days": [0, 700], "review_days": 0, "rounds": ["06-30", "12-31"], "source": "made_up"}
    found = exact_of(
        tmp_path,
        {"one": measure(fixed("1万元"), repeat="once")},
        {"one": claim(2.0, among="city", calendar=slow)},
        years=(2024, 2025),
    )["one"]
    p = -math.expm1(-2.0)
    total = found[2024].mean + found[2025].mean
    assert total == pytest.approx(10_000 * (1 - (1 - p) ** 2), rel=1e-9)
    assert 10_000 * p * (1 - p) < found[2025].mean < found[2024].mean < 10_000 * p


def test_the_first_event_of_each_key(tmp_path: Path) -> None:
    """Two lists; half of the agencies of the start had been on each before; unfiled firsts are used up."""
    found = exact_of(
        tmp_path,
        {
            "one": measure(
                fixed("1万元"),
                first_time=True,
                repeat="once_per_key",
                conditions={"list": {"of": "list", "one_of": ["a", "b"]}},
            )
        },
        {
            "one": claim(
                0.3,
                take_up=assumed(0.6),
                keys={"a": 3, "b": 1},
                already=assumed(0.5),
                attributes={"list": {"key": True}},
            )
        },
        years=(2024, 2025),
        start=40,
        policy={"attributes": {"list": attribute("claim", "category", values=["a", "b"])}},
    )["one"]
    p = -math.expm1(-0.3)
    assert found[2024].mean == pytest.approx(40 * 10_000 * p * 0.6 * 0.5, rel=1e-9)
    again = sum(share * (1 - share * p) for share in (0.75, 0.25))
    assert found[2025].mean == pytest.approx(40 * 10_000 * p * 0.6 * 0.5 * again, rel=1e-9)


def test_part_of_a_year_scales_the_number_alone(tmp_path: Path) -> None:
    """In force for 100 of 366 days: a Poisson number of 4 x 100 / 366 a year."""
    found = exact_of(
        tmp_path,
        {"one": measure(fixed("1万元"))},
        {"one": claim(4, among="city", frequency="poisson")},
        in_force={"since": "2024-03-01", "until": "2024-06-08"},
    )["one"][2024]
    assert found.mean == pytest.approx(40_000 * 100 / 366, rel=1e-12)
    assert float(cdf(found.law, 0.0)) == pytest.approx(math.exp(-400 / 366), abs=1e-10)


# ------------------------------------------------------------------ amounts


def test_the_amount_of_headhunting() -> None:
    """Half the fee of those who pay 10 万元 of tax and whose employer is listed: by plain integration."""
    scenario = restricted(BASELINE)
    amount = amount_of(scenario.policy, scenario.plan.claims["headhunting"], "headhunting", 2025)
    index = 1.035**2
    pay = law("lognormal", mean="68万元", cv=0.38).ppf((np.arange(400_000) + 0.5) / 400_000) * index
    gate = 126_000 + 420_000 + (100_000 - (1_080 + 10_800 + 31_200 + 30_000)) / 0.30
    fee, listed = (20 + 4 * 24 + 30) / 6 / 100, 0.3 + 0.18 + 0.22 + 0.07 + 0.05
    assert amount.passes == pytest.approx(listed * (pay >= gate).mean(), rel=1e-4)
    assert amount.mean() == pytest.approx(listed * 0.5 * fee * pay[pay >= gate].sum() / 400_000, rel=1e-4)


def test_income_and_tax_are_each_others_inverse() -> None:
    """What the amounts invert is what the claims compute."""
    scenario = load_scenario(BASELINE)
    plan = scenario.plan
    drawn_tax = plan.claims["headhunting"].attributes["income_tax"]
    sketch = blueprint(scenario.policy, plan.population, plan.claims, plan.calendar, plan.earned_years)
    for tax in (500.0, 12_000.0, 99_999.995, 250_000.0, 1e6):
        income = _taxed(drawn_tax, tax)
        assert banded_tax(0, sketch.tables, income) == pytest.approx(tax, rel=1e-12)


def test_heads_are_whole(tmp_path: Path) -> None:
    """500 yuan a head, heads to the nearest, at least 10 and at most 60 of them paid by a cap per claim."""
    heads = {
        "unit": "count",
        "variables": {"x": {"dist": "lognormal", "mean": 30, "cv": 0.9}},
        "source": "made_up",
    }
    path = write_scenario(
        tmp_path,
        {
            "one": measure(
                {"kind": "per_unit", "amount": "500元"},
                base_unit="count",
                conditions={"least": {"of": "base", "at_least": "10人"}},
                caps={"most": {"per": "claim", "within": "claim", "amount": "3万元"}},
            )
        },
        {"one": claim(1, among="city", frequency="fixed", base=heads)},
    )
    scenario = load_scenario(path)
    amount = amount_of(scenario.policy, scenario.plan.claims["one"], "one", 2024)
    x = law("lognormal", mean=30, cv=0.9).ppf((np.arange(400_000) + 0.5) / 400_000)
    whole = np.floor(x + 0.5)
    paid = np.where(whole >= 10, np.minimum(500 * whole, 30_000), 0)
    assert amount.mean() == pytest.approx(paid.mean(), rel=1e-5)
    assert amount.passes == pytest.approx((whole >= 10).mean(), abs=1e-5)
    points = np.array([4_900.0, 5_200.0, 30_000.0])
    assert amount.limited(points) == pytest.approx(
        [np.minimum(paid, point).mean() for point in points], rel=1e-5
    )
    assert amount.unit == 500.0


def test_more_nodes_move_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Twice as many nodes of exposure and factor: means to 1e-7, quantiles to a step."""
    measures = {
        "one": measure(
            {"kind": "by_rule"}, caps={"most": {"per": "agency", "within": "year", "amount": "3万元"}}
        )
    }
    claims = {
        "one": claim(
            2,
            frequency="negative_binomial",
            spread=1.5,
            take_up=assumed(0.3),
            loading=assumed(1),
            base=drawn(EXPONENTIAL),
        )
    }
    growth = {"entry_rate": assumed("20%"), "exit_rate": assumed("15%")}
    given: Any = {"start": 300, "growth": growth, "factor_cv": 0.28, "years": (2024, 2025)}
    before = exact_of(tmp_path, measures, claims, **given)["one"][2025]
    for name in ("LAW_EXPOSURES", "MEAN_EXPOSURES", "FACTORS"):
        monkeypatch.setattr(exact_laws, name, 2 * getattr(exact_laws, name))
    after = exact_of(tmp_path, measures, claims, **given)["one"][2025]
    assert before.mean == pytest.approx(after.mean, rel=1e-7)
    for p in (0.05, 0.5, 0.9, 0.99):
        assert abs(before.law.quantile(p) - after.law.quantile(p)) <= 2 * before.law.step
