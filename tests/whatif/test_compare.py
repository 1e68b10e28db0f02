"""Comparisons: each figure as two whole runs give it, and what common luck promises."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.awards.gains import GAINS, LOSES, STAYS
from simkit.awards.outlays import sum_by
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario, ScenarioFile, load_scenario
from simkit.whatif.answers import load_answer, save_answer
from simkit.whatif.compare import compare
from simkit.whatif.comparison import Comparison
from simkit.whatif.evaluate import moved
from simkit.whatif.kept.again import decide_again
from simkit.whatif.kept.claims import draw_outlays, keep_claims
from tests.folders import file_names
from tests.small_scenarios import assumed, claim, fixed, measure, write_scenario
from tests.yardstick import quantity

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
DRAWS, SEED = 400, 5
CAP = {"measures.headhunting.caps.yearly.amount": "60万元"}
EXPORTS = ("export_subsidy", "offshore_interest")

#: Changes, whether claims stay, and the measures moved; None: all.
CHANGES: dict[str, tuple[Mapping[str, Any], str, tuple[str, ...] | None]] = {
    "cap": (CAP, "kept", ("headhunting",)),
    "payers": ({"measures.above_scale.payers.shares": {"districts": "100%"}}, "kept", ("above_scale",)),
    "take-up": ({"claims.export_subsidy.take_up.value": 0.9}, "again", EXPORTS),
    "frequency beside what others pay": (
        {"claims.digital.intensity.value": "2%"},
        "again",
        ("digital", "digital_other_funds"),
    ),
    "a reading that draws anew": ({"choose": {"top10_first": "in_term"}}, "again", ("top10_list",)),
    "common factor": ({"factor.cv.value": 0}, "again", None),
    "growth": ({"population.growth.exit_rate.value": "8%"}, "again", None),
}


@pytest.fixture(scope="module")
def file() -> ScenarioFile:
    return ScenarioFile(BASELINE)


@pytest.fixture(scope="module")
def baseline(file: ScenarioFile) -> Scenario:
    return file.lay()


@pytest.fixture(scope="module")
def before(baseline: Scenario) -> Result:
    return run(baseline, draws=DRAWS, seed=SEED)


@pytest.fixture(scope="module")
def found(file: ScenarioFile, baseline: Scenario) -> dict[str, Comparison]:
    laid = [file.lay(changes=dict(changes)) for changes, _, _ in CHANGES.values()]
    return dict(zip(CHANGES, compare(baseline, laid, draws=DRAWS, seed=SEED), strict=True))


@pytest.mark.parametrize("name", CHANGES)
def test_every_line_is_that_of_two_runs(
    name: str, file: ScenarioFile, before: Result, found: dict[str, Comparison]
) -> None:
    changes, how, measures = CHANGES[name]
    after, one = run(file.lay(changes=dict(changes)), draws=DRAWS, seed=SEED), found[name]
    assert one.how == how
    assert one.measures == (tuple(before.scenario.policy.measures) if measures is None else measures)
    assert (one.sides is None) == (how == "again")
    assert any(line.difference for line in one.lines)
    for line in one.lines:
        old, new = (sample_of(result, line.by, line.key, line.year) for result in (before, after))
        assert line.before == old.mean() and line.after == new.mean()
        assert line.difference == (new - old).mean()
        if line.difference_error is not None:
            assert line.difference_error == pytest.approx((new - old).std(ddof=1) / DRAWS**0.5, rel=1e-12)
        assert line.costs_more == (new > old).mean() and line.costs_less == (new < old).mean()


def sample_of(result: Result, by: str, key: str, year: int | None) -> np.ndarray:
    """What a line is of, from a whole run: fen[draw]."""
    if by in ("total", "special_total"):
        return result.paid(special=by == "special_total").sum(axis=1)
    if by in ("year", "special_year"):
        paid = result.paid(special=by == "special_year")
        known = int(key) in result.paid_years
        return paid[:, result.paid_years.index(int(key))] if known else np.zeros(result.draws, dtype=np.int64)
    policy = result.scenario.policy
    if by == "measure":
        return result.paid_by("measure", year)[:, list(policy.measures).index(key)]
    funds = result.paid_by("fund", year)
    ours = [name == key if by == "fund" else fund.department == key for name, fund in policy.funds.items()]
    return funds[:, ours].sum(axis=1)


def test_the_rest_of_the_policy_stays_to_the_fen(
    file: ScenarioFile, baseline: Scenario, before: Result
) -> None:
    """An overlay on one measure leaves every other measure's draws as they are, also where claims are drawn anew."""
    changed = file.lay(changes={"claims.export_subsidy.take_up.value": 0.9})
    assert moved(baseline, changed) == EXPORTS
    after = run(changed, draws=DRAWS, seed=SEED)
    same = [name not in EXPORTS for name in baseline.policy.measures]
    assert np.array_equal(before.paid_by("measure")[:, same], after.paid_by("measure")[:, same])


def test_only_some_measures_drawn_are_those_of_the_run(baseline: Scenario, before: Result) -> None:
    drawn = draw_outlays(baseline, draws=DRAWS, seed=SEED, measures=EXPORTS)
    names = list(baseline.policy.measures)
    ours = [name in EXPORTS for name in names]
    found = sum_by(drawn, drawn.cells["measure"].astype(np.int64), len(names))
    assert np.array_equal(found[:, ours], before.paid_by("measure")[:, ours])
    assert not found[:, np.logical_not(ours)].any()


# ------------------------------------------------------------------ what common luck promises


def of(law: dict[str, Any]) -> dict[str, Any]:
    """A base in yuan of this law."""
    return {"unit": "yuan", "variables": {"size": law}, "source": "made_up"}


def test_raising_a_take_up_only_adds_claims(file: ScenarioFile, baseline: Scenario) -> None:
    """Every claim of the lower take-up is there under the higher one, and more."""
    path = "claims.students.take_up.value"
    more = file.lay(changes={path: 0.1})
    less = file.lay(changes={path: 0.05})
    claims = [
        {
            tuple(row)
            for part in keep_claims(one, draws=60, seed=SEED, measures=["students"]).parts[
                frozenset({"students"})
            ]
            for row in zip(
                np.repeat(np.arange(60), np.diff(part.claims.firsts)).tolist(),
                *(part.claims.rows[name].tolist() for name in ("agency", "matter", "earned", "base")),
                strict=True,
            )
        }
        for one in (less, more)
    ]
    assert claims[0] < claims[1]


def test_a_higher_cap_can_pay_less_where_measures_meet(tmp_path: Path) -> None:
    """A cap per claim counts before a selection by money: under a higher one fewer projects fit the envelope.

    An envelope of 100 yuan pays 40 + 40 under a cap of 40; under one of 60 the first takes 60, the second does
    not fit, and 60 is paid.
    """

    def small(cap: str) -> Scenario:
        one = measure(
            {"kind": "rate", "rate": "100%"},
            rigidity="adjustable",
            selection={"kind": "ranked", "envelope": "100元"},
            caps={"item": {"per": "claim", "within": "claim", "amount": cap}},
        )
        plan = claim(1.2, frequency="poisson", base=of({"dist": "uniform", "low": "30元", "high": "90元"}))
        folder = tmp_path / cap
        return load_scenario(write_scenario(folder, {"one": one}, {"one": plan}, start=3))

    (found,) = compare(small("40元"), [small("60元")], draws=2_000, seed=1)
    assert found.how == "kept"
    assert found.line("total").costs_less > 0.05


def test_what_one_agency_gains_is_counted(tmp_path: Path) -> None:
    """Agencies with a claim of 100 under a cap of 60, then 80: each gains 20; those below stay."""

    def small(cap: str, folder: str) -> Scenario:
        measures = {
            "first": measure(
                {"kind": "rate", "rate": "100%"},
                caps={"all": {"per": "agency", "within": "year", "amount": cap}},
            )
        }
        plan = claim(0.5, frequency="event", base=of({"dist": "empirical", "values": ["50元", "100元"]}))
        return load_scenario(write_scenario(tmp_path / folder, measures, {"first": plan}, start=60))

    (found,) = compare(small("60元", "a"), [small("80元", "b")], draws=2_000, seed=2)
    assert found.sides is not None
    (side,) = found.sides
    share = 1 - np.exp(-0.5)
    sd = (60 * (share / 2) * (1 - share / 2)) ** 0.5
    assert side.large is None
    assert abs(side.gain - 60 * share / 2) < 5 * sd / 2_000**0.5
    assert abs(side.stay - 60 * share / 2) < 5 * sd / 2_000**0.5
    assert side.lose == 0 and side.lost == 0
    assert side.gained == pytest.approx(2_000 * side.gain, rel=1e-12)
    assert side.gained == pytest.approx(found.line("total").difference, rel=1e-12)


def test_winners_by_agency_add_up_to_the_difference(baseline: Scenario, file: ScenarioFile) -> None:
    """In every draw, over lines and sizes: gained less lost is the difference, whatever measures are touched."""
    kept = keep_claims(baseline, draws=DRAWS, seed=SEED)
    changed = file.lay(
        changes={
            "measures.students.award.amount": "600元",
            "measures.export_subsidy.caps.yearly.amount": "30万元",
            "measures.standards.status": "removed",
        }
    )
    again = decide_again(kept, changed, winners=True)
    assert again.winners is not None
    totals = [
        sum_by(one, np.zeros(len(one.cells), dtype=np.int64), 1)[:, 0] for one in (again.before, again.after)
    ]
    fen = again.winners.fen.sum(axis=(1, 2))
    assert np.array_equal(fen[:, 0] - fen[:, 1], totals[1] - totals[0])
    assert again.winners.agencies[..., GAINS].any() and again.winners.agencies[..., LOSES].any()
    assert again.winners.agencies[..., STAYS].any()
    assert again.winners.agencies[:, :, 1].any()  # above scale
    assert not again.winners.agencies[:, -1].any()  # no park claims these


# ------------------------------------------------------------------ take-up that answers


def answering(folder: Path, amount: str, elasticity: float | None, **more: Any) -> Scenario:
    """One fixed award; 30 % of 400 agencies file their 1.5 claims a year."""
    plan = claim(1.5, frequency="poisson", take_up=assumed(0.3), **more)
    if elasticity is not None:
        plan["elasticity"] = assumed(elasticity)
    return load_scenario(write_scenario(folder, {"one": measure(fixed(amount))}, {"one": plan}, start=400))


def test_take_up_answers_by_its_elasticity(tmp_path: Path) -> None:
    """Twice the award at an elasticity of 1/2: static 2, dynamic 2 x sqrt(2) of what was paid; sees 1 %."""
    one = answering(tmp_path / "a", "100元", 0.5)
    (found,) = compare(one, [answering(tmp_path / "b", "200元", 0.5)], draws=4_000, seed=3)
    assert found.how == "kept" and found.response is not None
    (answer,) = found.response.answers
    assert (answer.measure, answer.elasticity, answer.generosity) == ("one", 0.5, 2.0)
    assert answer.factor == pytest.approx(2**0.5, rel=1e-12)
    static, (*_, dynamic), (*_, effect) = found.line("total"), found.response.lines, found.response.effect
    paid = 400 * 0.3 * 1.5 * 100_00
    assert static.after == 2 * static.before
    # Claims of an agency come together: variance of its claims is take-up x (rate + rate^2) - (take-up x rate)^2.
    rate, taken = 1.5, 0.3 * 2**0.5
    sd = 200_00 * (400 * (taken * (rate + rate**2) - (taken * rate) ** 2)) ** 0.5
    assert abs(dynamic.after - paid * 2 * 2**0.5) <= 4.9 * sd / 4_000**0.5
    assert dynamic.difference == pytest.approx(static.difference + effect.difference, rel=1e-12)
    assert effect.costs_less == 0  # more only come besides


def test_take_up_answers_no_further_than_its_ceiling(tmp_path: Path) -> None:
    one = answering(tmp_path / "a", "100元", 4, ceiling=0.45)
    (found,) = compare(one, [answering(tmp_path / "b", "200元", 4, ceiling=0.45)], draws=1_000, seed=3)
    assert found.response is not None
    (*_, dynamic) = found.response.lines
    assert dynamic.after / found.line("total").after == pytest.approx(1.5, rel=0.02)


@pytest.mark.parametrize("elasticity", [None, 0.0])
def test_without_an_elasticity_nobody_answers(tmp_path: Path, elasticity: float | None) -> None:
    one = answering(tmp_path / "a", "100元", elasticity)
    (found,) = compare(one, [answering(tmp_path / "b", "200元", elasticity)], draws=50, seed=3)
    assert found.response is None


def test_an_overlay_may_bring_the_elasticity(file: ScenarioFile, baseline: Scenario) -> None:
    """It moves no claim by itself."""
    only = {"claims.headhunting.elasticity.value": 0.4}
    alone, both = compare(
        baseline, [file.lay(changes=only), file.lay(changes=only | CAP)], draws=200, seed=SEED
    )
    assert alone.how == both.how == "kept"
    assert alone.response is None and alone.line("total").difference == 0
    assert both.response is not None
    assert both.response.lines[-1].difference > both.line("total").difference > 0


# ------------------------------------------------------------------ the yardstick


def test_the_variance_on_the_same_luck_is_that_of_theory(tmp_path: Path) -> None:
    """CRN-01: N Poisson(120), award min(X / 2, cap), X lognormal 240,000 yuan, cv 0.9; cap 500,000 -> 400,000.

    Sees an error of 0.2 % of the mean saving and 5 % of its variance.
    """
    draws = 20_000

    def small(cap: str, folder: str) -> Scenario:
        caps = {"item": {"per": "claim", "within": "claim", "amount": cap}}
        one = measure({"kind": "rate", "rate": "50%"}, caps=caps)
        fee = {"dist": "lognormal", "mean": "24万元", "cv": 0.9}
        plan = claim(120, among="city", frequency="poisson", base=of(fee))
        return load_scenario(write_scenario(tmp_path / folder, {"one": one}, {"one": plan}))

    (found,) = compare(small("50万元", "a"), [small("40万元", "b")], draws=draws, seed=20_250_101)
    line = found.line("total")
    saving, variance, ratio = (
        quantity("CRN-01", name)["value"]
        for name in ("E[D]", "Var[D] same draws", "variance ratio fresh/same")
    )
    sd = variance**0.5
    assert abs(-line.difference / 100 - saving) <= 4.9 * sd / draws**0.5
    assert (line.difference_error / 100) ** 2 * draws == pytest.approx(variance, rel=0.15)
    assert line.variance_ratio == pytest.approx(ratio, rel=0.2)


# ------------------------------------------------------------------ saved


def test_a_saved_comparison_reads_back_the_same(found: dict[str, Comparison], tmp_path: Path) -> None:
    paths = {save_answer(one, tmp_path) for one in found.values()}
    assert len(paths) == len(CHANGES)
    for one in found.values():
        assert load_answer(Comparison, save_answer(one, tmp_path)) == one
    assert not [name for name in file_names(tmp_path) if name.startswith(".")]


def test_nothing_changed_is_no_difference(baseline: Scenario) -> None:
    (one,) = compare(baseline, [baseline], draws=200, seed=1)
    assert one.measures == () and one.how == "kept"
    for line in one.lines:
        assert (
            line.difference == 0 and line.difference_error == 0 and not line.distinct and line.needs is None
        )
    assert one.headline is not None and one.headline.difference == 0
