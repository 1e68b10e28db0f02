"""What drives the range: closed forms, the older split, and answers that any number of threads gives alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.errors import InputError
from simkit.documents.models import Text
from simkit.scenario import Scenario, load_scenario
from simkit.sizing.estimate import Estimate
from simkit.sizing.sobol import Index
from simkit.whatif.answers import load_answer, save_answer
from simkit.whatif.drivers import Assumption, Drivers, drivers, work
from tests.small_scenarios import assumed, claim, fixed, measure, write_scenario

BASELINE = Path(__file__).parent.parent.parent / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
#: Standard errors that an estimate may lie off.
Z = 5.0
#: Fen in 10,000 yuan.
WAN = 1_000_000


def even(low: float, high: float) -> dict[str, Any]:
    return assumed({"dist": "uniform", "low": low, "high": high})


def near(found: Index, expected: float) -> None:
    assert abs(found.raw - expected) <= Z * found.standard_error, (found, expected)


def close(found: Estimate, expected: float) -> None:
    assert abs(found.value - expected) <= Z * found.standard_error + 1, (found, expected)


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Poisson claims of 10,000 yuan; rate even from 2 to 6 and gamma factor with cv 0.5, fully loaded."""
    plan = claim(2, among="city", frequency="poisson") | {"intensity": even(2, 6)}
    path = write_scenario(
        tmp_path_factory.mktemp("counted"),
        {"m": measure(fixed("1万元"))},
        {"m": plan},
        factor_cv=0.5,
        loading=1,
    )
    return load_scenario(path)


def test_a_compound_poisson_with_a_gamma_factor_and_an_uncertain_rate(counted: Scenario) -> None:
    """N given rate and factor is Poisson(l F): E Var = 4; Var l = 16/12 alone, 4**2/4 the factor, 1/3 both."""
    of_rate, of_factor, of_both, given = 16 / 12, 16 / 4, 16 / 12 / 4, 4.0
    whole = of_rate + of_factor + of_both + given
    found = drivers(counted, draws=4_096, seed=5)
    parameters, shocks, chance = found.groups
    near(parameters.first, of_rate / whole)
    near(shocks.first, of_factor / whole)
    # What chance does alone, and with others, hangs on how counts share luck; all of it together does not.
    near(chance.total, given / whole)
    (rate,) = found.assumptions
    assert rate.path == "claims.m.intensity"
    assert rate.first.raw == pytest.approx(parameters.first.raw, abs=Z * parameters.first.standard_error)
    assert (rate.low, rate.high) == pytest.approx((2.4, 5.6))
    close(rate.mean.low, -1.6 * WAN)
    close(rate.mean.high, 1.6 * WAN)
    close(rate.mean.between, 3.2 * WAN)
    assert rate.mean.distinct and rate.level.distinct and rate.level.between.value > 0
    close(found.mean, 4 * WAN)
    close(found.deviation, whole**0.5 * WAN)
    # On the same luck the swing is known far better than from two samples of their own.
    assert rate.mean.between.standard_error < 0.8 * np.hypot(*[found.mean.standard_error] * 2)


def test_a_product_splits_in_closed_form(tmp_path: Path) -> None:
    """An uncertain scale (even 1 to 3) times one amount (mean 1, cv 0.5), beside a scale that moves nothing."""
    amount = {"dist": "lognormal", "mean": "10000元", "cv": 0.5}
    scaled = {"unit": "yuan", "scale": even(1, 3), "variables": {"x": amount}, "source": "made_up"}
    rate = {"kind": "rate", "rate": "100%"}
    path = write_scenario(
        tmp_path,
        {"m": measure(rate), "idle": measure(rate)},
        {
            "m": claim(1, among="city", frequency="fixed", base=scaled),
            "idle": claim(0, among="city", frequency="poisson", base=scaled),
        },
    )
    found = drivers(load_scenario(path), draws=4_096, seed=6)
    of_scale, of_amount = 4 / 12, 4 / 4
    both = of_scale / 4
    whole = of_scale + of_amount + both
    parameters, shocks, chance = found.groups
    near(parameters.first, of_scale / whole)
    near(parameters.total, (of_scale + both) / whole)
    near(chance.first, of_amount / whole)
    near(chance.total, (of_amount + both) / whole)
    near(found.interaction, both / whole)
    assert shocks.first.high == shocks.total.high == 0
    scale, idle = found.assumptions
    near(scale.first, of_scale / whole)
    near(scale.total, (of_scale + both) / whole)
    assert idle.path == "claims.idle.base.scale"
    assert idle.total == idle.first == Index(0.0, 0.0, 0.0, 0.0, 0.0)
    assert not idle.mean.distinct and idle.mean.between.value == idle.level.between.value == 0


def test_any_number_of_threads_gives_the_same_and_it_can_be_saved(counted: Scenario, tmp_path: Path) -> None:
    done: list[int] = []
    one = drivers(counted, draws=700, seed=7, jobs=1, progress=done.append)
    assert sum(done) == work(counted, 700)
    assert drivers(counted, draws=700, seed=7, jobs=3) == one
    path = save_answer(one, tmp_path)
    assert path.name.startswith("drivers-") and load_answer(Drivers, path) == one
    other = save_answer(drivers(counted, draws=700, seed=7, of="whole"), tmp_path)
    assert other != path


def test_names_of_what_is_asked_stand_in_the_answer(counted: Scenario) -> None:
    found = drivers(counted, draws=200, seed=7)
    assert found.names == {"measures.m": Text(zh="某", en="some")}
    assert found.origin.draws == 200 and found.asked == {"of": "headline"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"of": "all"}, "of: expected headline, fund, year, whole, found 'all'"),
        ({"draws": 99}, "draws: expected a whole number from 100"),
        ({"seed": -1}, "seed: expected"),
        ({"jobs": 0}, "jobs: expected"),
    ],
)
def test_what_cannot_be_asked_is_refused(counted: Scenario, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        drivers(counted, **asked)


def test_money_that_never_varies_has_no_drivers(tmp_path: Path) -> None:
    plan = claim(2, among="city", frequency="fixed")
    path = write_scenario(tmp_path, {"m": measure(fixed("1万元"))}, {"m": plan})
    with pytest.raises(InputError, match="differs between draws"):
        drivers(load_scenario(path), draws=200)


def test_only_chance_is_left_without_assumptions(tmp_path: Path) -> None:
    plan = claim(2, among="city", frequency="poisson")
    path = write_scenario(tmp_path, {"m": measure(fixed("1万元"))}, {"m": plan})
    found = drivers(load_scenario(path), draws=200)
    assert found.assumptions == ()
    assert [one.first.value for one in found.groups] == [0, 0, 1]


def test_the_baseline_s_drivers_are_ranked_and_add_up() -> None:
    """Every uncertain assumption; first-order ones sum to what parameters explain alone, within the errors."""
    found = drivers(load_scenario(BASELINE), draws=200, seed=8)
    assert len(found.assumptions) == 62
    totals = [one.total.raw for one in found.assumptions]
    assert totals == sorted(totals, reverse=True)
    parameters = found.groups[0]
    alone = sum(one.first.raw for one in found.assumptions)
    error = np.sqrt(sum(one.first.standard_error**2 for one in found.assumptions))
    assert alone <= parameters.first.raw + Z * np.hypot(error, parameters.first.standard_error)
    by_path: dict[str, Assumption] = {one.path: one for one in found.assumptions}
    # It reaches every measure, and more agencies claim more.
    assert by_path["population.eligible"].mean.distinct
    assert by_path["population.eligible"].mean.between.value > 0
    assert by_path["claims.supplied_employees.heads_elsewhere"].total.high == 0
