"""The simulation against its twin: small scenarios and the baseline, and what verify sees when one side is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.days import first_day
from simkit.claims.agencies import NEVER, SERIAL_BITS, SERIAL_MASK
from simkit.claims.blueprint import blueprint
from simkit.claims.sampling import Sampler
from simkit.exact import verify as module
from simkit.exact.path import PopulationPath, population_path, repeated
from simkit.exact.verify import Verification, restricted, simulate_path, verify
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from tests.small_scenarios import assumed, attribute, claim, fixed, measure, write_scenario

SEED, DRAWS = 20_261_122, 4_000
BASELINE = Path("scenarios/ningbo-hr-2023/baseline.yaml")
Data = dict[str, Any]

GAMMA = {"dist": "gamma", "mean": "2万元", "cv": 0.8}
SLOW = {"filing_days": [0, 180], "review_days": 45, "rounds": ["06-30", "11-30"], "source": "made_up"}


def money(law: Data = GAMMA, **more: Any) -> Data:
    return {"unit": "yuan", "variables": {"x": law}, "source": "made_up", **more}


def yearly(amount: str, per: str = "agency") -> Data:
    return {"caps": {"most": {"per": per, "within": "year", "amount": amount}}}


def all_kinds() -> tuple[dict[str, Data], dict[str, Data]]:
    """One measure of each kind that has a twin."""
    by_rule = {"kind": "by_rule"}
    some: Data = {"take_up": assumed(0.4), "ceiling": 0.8, "loading": assumed(1)}
    measures = {
        "events": measure(by_rule, **yearly("3万元")),
        "poisson": measure({"kind": "rate", "rate": "60%"}, **yearly("4万元")),
        "spread": measure(
            by_rule, conditions={"least": {"of": "base", "at_least": "1.5万元"}}, **yearly("5万元")
        ),
        "trials": measure(by_rule),
        "by_claim": measure(by_rule, **yearly("3万元")),
        "always_same": measure(by_rule),
        "heads": measure({"kind": "per_unit", "amount": "500元"}, base_unit="count", **yearly("2万元")),
        "capped": measure(by_rule, caps={"each": {"per": "claim", "within": "claim", "amount": "2万元"}}),
        "whole": measure(by_rule, **yearly("12万元", "measure")),
        "once": measure(fixed("2万元"), repeat="once"),
        "a_year": measure(by_rule, repeat="yearly"),
        "first": measure(fixed("1万元"), first_time=True, repeat="once_per_key"),
        "gain": measure(by_rule, repeat="once"),
        "holders": measure(by_rule, **yearly("3万元")),
        "first_holder": measure(fixed("1万元"), first_time=True),
        "flagged": measure(
            by_rule,
            conditions={
                "kind": {"of": "kind", "one_of": ["a", "c"]},
                "flag": {"of": "flag", "is_true": True},
                "size": {"of": "size", "more_than": "3万元"},
                "line": {"of": "line", "none_of": ["small"]},
            },
        ),
        "programme": measure(fixed("7万元")),
    }
    claims = {
        "events": claim(
            0.3, lines={"large": 1, "small": 0.3}, base=money(growth=assumed(0.05), of_year=2023), **some
        ),
        "poisson": claim(
            1.5, frequency="poisson", lines={"large": 1, "small": 0.2}, calendar=SLOW, base=money(), **some
        ),
        "spread": claim(
            1.2, frequency="negative_binomial", spread=1.5, base=money(), ramp={2024: 0.5, 2025: 1}, **some
        ),
        "trials": claim(0.9, frequency="binomial", spread=3, base=money(), **some),
        "by_claim": claim(1.1, frequency="poisson", mark="claim", base=money(), **some),
        "always_same": claim(0.7, frequency="poisson", mark="agency", base=money(), **some),
        "heads": claim(
            1.4,
            frequency="poisson",
            base={
                "unit": "count",
                "variables": {"x": {"dist": "lognormal", "mean": 15, "cv": 0.9}},
                "source": "made_up",
            },
            **some,
        ),
        "capped": claim(6, among="city", frequency="poisson", loading=assumed(0.5), base=money()),
        "whole": claim(8, among="city", frequency="poisson", loading=assumed(0.5), base=money()),
        "once": claim(0.15, calendar=SLOW, **some),
        "a_year": claim(1.3, frequency="poisson", base=money(), **some),
        "first": claim(0.2, keys={"x": 2, "y": 1}, already=assumed(0.4), **some),
        "gain": claim(transition="listed", take_up=assumed(0.7), base=money()),
        "holders": claim(2, holders="listed", frequency="poisson", base=money(), **some),
        "first_holder": claim(0.4, holders="listed", already=assumed(0.3), **some),
        "flagged": claim(
            1.0,
            frequency="poisson",
            base={
                "unit": "yuan",
                "variables": {"x": GAMMA, "times": {"dist": "pert", "low": 0.5, "mode": 1, "high": 2}},
                "source": "made_up",
            },
            attributes={
                "kind": {"weights": {"a": 3, "b": 2, "c": 1}},
                "flag": {"chance": assumed(0.6)},
                "size": {"law": {"dist": "uniform", "low": "1万元", "high": "6万元"}},
            },
            **some,
        ),
        "programme": claim(1, among="city", frequency="fixed", day="10-31"),
    }
    return measures, claims


def small(
    folder: Path, change: Callable[[dict[str, Data], dict[str, Data]], None] | None = None, only: str = ""
) -> Scenario:
    """All kinds of measures over three years in which agencies come and go, and half a year without the policy."""
    measures, claims = all_kinds()
    if change is not None:
        change(measures, claims)
    if only:
        measures, claims = {only: measures[only]}, {only: claims[only]}
    values: Data = {
        "kind": attribute("claim", "category", values=["a", "b", "c"]),
        "flag": attribute("claim", "flag"),
        "size": attribute("claim", "yuan"),
        "line": attribute("agency", "category", values=["small", "large"]),
    }
    statuses: Data = {"listed": {"share": assumed(0.2), "rate": assumed(0.1), "loading": assumed(0.5)}}
    listed = any("listed" in (one.get("transition"), one.get("holders")) for one in claims.values())
    path = write_scenario(
        folder,
        measures,
        claims,
        years=(2024, 2026),
        in_force={"since": "2024-04-12", "until": "2026-06-30"},
        start=60,
        growth={"entry_rate": assumed("15%"), "exit_rate": assumed("12%"), "shock_sd": assumed(0.2)},
        population={
            "lines": {"small": assumed(0.6), "large": assumed(0.4)},
            "eligible": assumed(0.8),
            # What nothing reads is a fault.
            "statuses": statuses if listed else {},
        },
        policy={"attributes": values},
        factor_cv={"dist": "uniform", "low": 0.2, "high": 0.4},
        factor={"activity_sd": assumed(0.1)},
    )
    return restricted(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Verification:
    return verify(small(tmp_path_factory.mktemp("small")), draws=DRAWS, seed=SEED)


def told(found: Verification) -> str:
    return "\n".join(
        f"{row.measure} {row.year}: exact {row.exact:.2f} (+- {row.error:.2f}), simulated {row.simulated:.2f}, "
        f"{row.z:.2f} SE, {row.levels}"
        for row in found.failures
    )


def test_every_kind_agrees_with_its_twin(whole: Verification) -> None:
    """17 measures, three years, means and three quantiles each; sees 0.5 to 8 % in the means."""
    assert not whole.reasons and whole.covered == 1.0
    assert not whole.failures, told(whole)
    compared = [row for row in whole.rows if row.compared]
    assert len(compared) >= 46 and {row.measure for row in compared} == set(all_kinds()[0])
    assert all(len(row.levels) == 3 for row in compared)


def test_differences_are_of_the_size_that_chance_gives(whole: Verification) -> None:
    """Standard errors are neither too large nor too small: the differences' mean square is about 1.

    They share the factor, so that they go together: of 46 the mean square is within 0.3 and 3 for certain.
    """
    z = np.array([row.z for row in whole.rows if row.compared and row.standard_error > 0])
    assert 0.3 < float(np.mean(z**2)) < 3


# ------------------------------------------------------------------ what verify sees


def in_claims(name: str, **more: Any) -> Callable[[dict[str, Data], dict[str, Data]], None]:
    def change(_: dict[str, Data], claims: dict[str, Data]) -> None:
        claims[name] = claims[name] | more

    return change


def in_measure(name: str, **more: Any) -> Callable[[dict[str, Data], dict[str, Data]], None]:
    def change(measures: dict[str, Data], _: dict[str, Data]) -> None:
        measures[name] = measures[name] | more

    return change


WRONG = {
    "law": ("poisson", in_claims("poisson", base=money(GAMMA | {"cv": 1.1}))),
    "mean": ("capped", in_claims("capped", base=money(GAMMA | {"mean": "2.2万元"}))),
    "rate": ("by_claim", in_claims("by_claim", intensity=assumed(1.3))),
    "take_up": ("events", in_claims("events", take_up=assumed(0.46))),
    "spread": ("spread", in_claims("spread", spread=0.2)),
    "cap": ("poisson", in_measure("poisson", **yearly("4.6万元"))),
    "cap_of_all": ("whole", in_measure("whole", **yearly("13万元", "measure"))),
    "gate": ("spread", in_measure("spread", conditions={"least": {"of": "base", "at_least": "2万元"}})),
    "repeat": ("once", in_measure("once", repeat="always")),
    "already": ("first", in_claims("first", already=assumed(0.3))),
    "loading": ("capped", in_claims("capped", loading=assumed(1))),
}


@pytest.mark.parametrize("kind", list(WRONG))
def test_a_wrong_simulation_is_seen(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A law, cap, rate or rule that the draws follow and the twin does not: its measure fails."""
    name, change = WRONG[kind]
    right, wrong = small(tmp_path / "right", only=name), small(tmp_path / "wrong", change, only=name)
    real = module.simulate_path
    monkeypatch.setattr(module, "simulate_path", lambda _, *rest: real(wrong, *rest))
    assert verify(right, draws=DRAWS, seed=SEED).failures


# ------------------------------------------------------------------ the path


def path_of(scenario: Scenario, draw: int) -> PopulationPath:
    return population_path(module._rates_of_path(scenario, SEED, draw), SEED, draw)


def test_a_draw_on_its_own_path_is_an_ordinary_draw(tmp_path: Path) -> None:
    """Draw 3 on path 3 is what `run` makes of it, to the fen; other draws differ from theirs."""
    scenario = small(tmp_path)
    fixed_path = simulate_path(scenario, 6, SEED, 3)
    ordinary = run(scenario, draws=6, seed=SEED, jobs=1).money[..., 6]
    assert np.array_equal(fixed_path[3], ordinary[3])
    assert all((fixed_path[draw] != ordinary[draw]).any() for draw in (0, 1, 2, 4, 5))


def test_all_draws_have_the_population_of_the_path(tmp_path: Path) -> None:
    """Numbers at the ends of the years, in every draw; the path read here has the same, agency by agency."""
    scenario = small(tmp_path)
    plan, numbers = scenario.plan, np.arange(8, dtype=np.int64)
    sketch = blueprint(scenario.policy, plan.population, plan.claims, plan.calendar, plan.earned_years)
    of_path = module._rates_of_path(scenario, SEED, 2)._replace(eligible=np.ones(1))
    rates = repeated(of_path, 8)
    drawn = module._rates(scenario, SEED, numbers)[1]
    agencies = Sampler(sketch, SEED, 8, 2).sample(rates, drawn, numbers, 0).agencies
    assert (agencies == agencies[0]).all()
    path = population_path(of_path, SEED, 2)
    for at in range(path.years):
        last = int(first_day(path.first_year + at + 1)) - 1
        assert int(((path.entry <= last) & (path.leave > last)).sum()) == agencies[0, at + 1]


def test_claims_arise_while_their_agency_is_there(tmp_path: Path) -> None:
    """Every claim is of an agency of the path that qualifies, from its day of entry until before that of leaving."""
    scenario = small(tmp_path)
    plan, numbers = scenario.plan, np.arange(64, dtype=np.int64)
    sketch = blueprint(scenario.policy, plan.population, plan.claims, plan.calendar, plan.earned_years)
    rates = repeated(module._rates_of_path(scenario, SEED, 1), 64)
    drawn = module._rates(scenario, SEED, numbers)[1]
    rows = Sampler(sketch, SEED, 64, 1).sample(rates, drawn, numbers, 0).claims.rows
    path = path_of(scenario, 1)
    assert (path.leave < NEVER).any() and ((path.entry > 0) & path.eligible).any()
    line, serial = rows["agency"] >> SERIAL_BITS, rows["agency"] & SERIAL_MASK
    agencies = line < path.line.max() + 1
    row = np.searchsorted(path.line, line[agencies]) + serial[agencies]
    day = rows["earned"][agencies]
    assert agencies.sum() > 1_000 and path.eligible[row].all()
    assert ((path.entry[row] <= day) & (day < path.leave[row])).all()
    assert ((path.leave[row] - day) < 400).any() and ((day - path.entry[row]) < 400).any()


# ------------------------------------------------------------------ the baseline


def test_the_baseline_agrees_with_its_twin() -> None:
    """Most of the baseline's awards have a twin, and few draws agree with it; every other measure has its reason."""
    scenario = restricted(BASELINE)
    found = verify(scenario, draws=400, seed=SEED)
    assert not found.failures, told(found)
    assert found.covered > 0.6
    ours = {name for name in scenario.plan.claims if not scenario.policy.measures[name].outside}
    assert {row.measure for row in found.rows} | set(found.reasons) == ours


def test_parameters_of_the_restriction_are_central() -> None:
    """No shock of activity; the rest as `central_changes` says."""
    scenario, written = restricted(BASELINE), load_scenario(BASELINE)
    assert scenario.plan.factor.activity_sd is not None and scenario.plan.factor.activity_sd.value.mean() == 0
    assert scenario.plan.factor.cv.value.mean() == written.plan.factor.cv.value.mean()
    take_up = scenario.plan.claims["headhunting"].take_up
    assert take_up is not None and take_up.value.var() == 0
