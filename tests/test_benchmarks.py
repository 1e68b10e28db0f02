"""The benchmarks count right, compare right and say what they measured; speed itself is not tested."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import engine, house, openfisca_rules, packages, processes
from benchmarks.__main__ import FIGURES, main
from benchmarks.floor import claims_of, draw_and_cap, laws
from benchmarks.measure import Log, Row, missing, table, told
from benchmarks.scenarios import baseline, tripled
from benchmarks.ten_awards import ASKED, AWARDS, Kept, agree, keep, simkit_rules, total
from simkit.base.random import uniform_pair
from simkit.distributions.severity import Constant
from simkit.runs.simulate import run
from simkit.whatif.kept.again import decide_again
from simkit.whatif.kept.claims import keep_claims
from tests.small_scenarios import draw_claims

DRAWS = 24


@pytest.fixture(scope="module")
def kept() -> Kept:
    """Claims of the ten awards of some draws of the baseline."""
    policy = baseline().policy
    return keep(policy, draw_claims(baseline(), DRAWS, 11)[0], DRAWS)


# --- how it is measured and shown ---------------------------------------------------------------------------


def test_one_command_prints_the_table_and_saves_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    assert main(["--only", "whatif, floor", "--repeat", "2", "--scale", "0.001", "--json", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:5] == ["figure", "measured", "against", "value", "target"]
    shown = [line.split()[0] for line in lines[3:7]]
    assert shown == ["floor", "whatif", "whatif", "whatif"]  # in the order of the table
    assert "at most 3 x" in lines[3]
    assert lines[-1].startswith("A trial")
    saved = json.loads(file.read_text("utf-8"))
    assert saved["machine"]["rounds"] == 2
    floor, *whatif = saved["figures"]
    assert floor["value"] > 1 and floor["claims"] > 500 and floor["nanoseconds"] > 0
    assert floor["reached"] == (floor["value"] <= 3)
    assert [len(times["cpu"]) for times in floor["details"]["seconds"].values()] == [2, 2]
    for row in whatif:
        assert row["value"] > 0 and row["claims"] > 50 and row["reached"] is None  # a trial has no target


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "rules,flor"], "found flor"),
        (["--only", ","], "found none"),
        (["--repeat", "0"], "whole number of rounds"),
        (["--scale", "2"], "at most 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert said in capsys.readouterr().err


def test_every_figure_has_a_name_in_the_readme() -> None:
    text = (Path(packages.__file__).parent / "README.md").read_text("utf-8")
    assert [name for name in FIGURES if f"| `{name}` |" not in text] == []


def test_a_round_times_each_side_once_with_a_seed_of_its_own() -> None:
    log, calls = Log(), []
    for seed in log.rounds(3):
        for side in ("a", "b"):
            assert (
                log.time(side, lambda side, seed: calls.append((side, seed)) or seed, side, seed=seed) == seed
            )
    assert calls == [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3), ("b", 3)]
    assert all(seconds > 0 for times in log.seconds.values() for seconds in times["wall"])


def test_ratios_are_of_rounds_and_medians() -> None:
    """A round in which the machine was slow for both sides leaves the ratio as it is."""
    log = Log()
    for slow, ours, theirs in ((1, 2.0, 6.0), (100, 2.0, 8.0), (1, 1.0, 9.0)):
        log.add("ours", wall=slow * ours)
        log.add("theirs", wall=slow * theirs)
    log.claims["ours"] = [1_000, 100_000, 1_000]
    assert log.ratio("theirs", "ours", "wall") == 4
    assert log.median("ours", "wall") == 2
    assert log.nanoseconds("ours", "wall") == pytest.approx(2e6)


@pytest.mark.parametrize(
    ("value", "at_most", "reached"),
    [(2.9, True, True), (3.1, True, False), (2.9, False, False), (3, False, True)],
)
def test_a_target_is_reached_or_not(value: float, at_most: bool, reached: bool) -> None:
    row = Row(figure="f", measured="m", value=value, target=3, at_most=at_most)
    assert row.reached is reached
    assert ("yes" if reached else "NO") in table([row])


def test_what_is_not_measured_says_why() -> None:
    row = missing("rules", "ten awards", "no such package")
    assert "not measured" in table([row]) and "rules: no such package" in table([row])
    strange = Row(
        figure="f", measured="m", value=1.0, details={"a": [math.nan, np.int64(3)], 5: np.float64(2)}
    )
    assert told(strange)["details"] == {"a": [None, 3], "5": 2.0}


# --- the floor ----------------------------------------------------------------------------------------------


def test_the_floor_draws_as_many_severities_as_the_run_has_claims() -> None:
    """The run's counts are those of its claims; a severity that is always 1 counts them."""
    scenario, seed = baseline(), 5
    result = run(scenario, draws=DRAWS, seed=seed, jobs=1)
    counts = claims_of(result)
    claims = draw_claims(scenario, DRAWS, seed)[0]
    outside = np.array([measure.outside for measure in scenario.policy.measures.values()])
    drawn = np.zeros((DRAWS, len(outside)), dtype=np.int64)
    np.add.at(drawn, (claims.draw, claims.measure), 1)
    assert np.array_equal(counts, np.where(outside, 0, drawn))
    flat, caps, table_ = laws(scenario)
    flat["family"], flat["first"], caps[:] = 0, 1.0, np.inf
    totals = np.zeros(DRAWS)
    draw_and_cap(seed, flat, caps, table_, counts, totals)
    assert np.array_equal(totals, counts.sum(axis=1))


def test_the_floor_draws_from_each_measure_s_own_law_and_caps_it() -> None:
    """Against the laws' own quantile functions, claim by claim."""
    scenario, seed = baseline(), 5
    counts = claims_of(run(scenario, draws=3, seed=seed, jobs=1))
    flat, limits, table_ = laws(scenario)
    totals = np.zeros(3)
    draw_and_cap(seed, flat, limits, table_, counts, totals)
    expected = np.zeros(3)
    caps = {"headhunting": 5e5, "students": 5e5, "supplied_employees": 3e5, "listing": 3e6}
    caps |= dict.fromkeys(("digital", "export_subsidy", "offshore_interest", "standards"), 1e6)
    for draw in range(3):
        for number, name in enumerate(scenario.policy.measures):
            variables = scenario.plan.claims[name].base.variables if counts[draw, number] else {}
            law = next(iter(variables.values()), Constant.model_validate({"value": 1}))
            for claim in range(counts[draw, number]):
                u = uniform_pair(seed, int(flat["asked"][number]), draw, 0, claim, 0)[0]
                expected[draw] += min(float(law.ppf(np.array([u]))[0]), caps.get(name, math.inf))
    assert totals == pytest.approx(expected, rel=1e-5)  # tabulated laws are right to 1e-6


# --- what if ------------------------------------------------------------------------------------------------


def test_a_fen_between_kept_claims_and_runs_is_noticed() -> None:
    """In any draw and year; and a cap that moves nothing measures nothing."""
    scenario = engine.changed("students", "20万元")
    before, after = (run(one, draws=DRAWS, seed=5, jobs=1) for one in (baseline(), scenario))
    again = decide_again(keep_claims(baseline(), draws=DRAWS, seed=5, measures=["students"]), scenario)
    engine.differ_alike(again, before, after)
    again.after.fen[-1] += 1
    with pytest.raises(AssertionError, match="are apart"):
        engine.differ_alike(again, before, after)
    with pytest.raises(AssertionError, match="moves nothing"):
        engine.differ_alike(replace(again, after=again.before), before, before)


# --- the rules, written anew -------------------------------------------------------------------------------


def plain(kept: Kept) -> dict[str, np.ndarray]:
    """The formulas of the ten awards, claim by claim and group by group, without OpenFisca."""
    amounts: dict[str, np.ndarray] = {}
    first, last = (np.datetime64(day).astype(int) for day in ("2023-04-12", "2026-04-11"))
    live = (kept.columns["earned"] >= first) & (kept.columns["earned"] <= last)
    for number, (name, award) in enumerate(AWARDS.items()):
        due = award.law(*(kept.columns[word] for word in award.reads)) * live
        due = np.where(kept.columns["measure"] == number, due, 0.0)
        groups = getattr(kept, award.group, np.arange(len(due)))
        sums: dict[int, float] = defaultdict(float)
        for row in np.flatnonzero(due):
            if award.once:
                if any(due[earlier] and kept.agency[earlier] == kept.agency[row] for earlier in range(row)):
                    due[row] = 0
                continue
            before = sums[groups[row]]
            sums[groups[row]] = max(before, due[row]) if award.highest else before + due[row]
        if award.group != "claim":
            due = np.array([min(sums[group], award.cap) for group in range(groups.max() + 1)])
        amounts[name] = due
    amounts["exports"] = np.maximum(amounts.pop("export_subsidy"), amounts.pop("offshore_interest"))
    return amounts


def ways() -> list[str]:
    """Where the extra `bench` is installed, OpenFisca too; the formulas are the same."""
    return ["plain", "openfisca"] if packages.installed("openfisca_core") else ["plain"]


@pytest.mark.parametrize("way", ways())
def test_ten_awards_written_anew_are_those_that_simkit_decides(kept: Kept, way: str) -> None:
    """By claim, agency or agency-year, within what float32 leaves; every rule of them is met."""
    theirs = plain(kept)
    if way == "openfisca":
        with np.errstate(all="warn"):
            theirs = openfisca_rules.simulation(openfisca_rules.system(kept.policy), kept)()
    awards = simkit_rules(kept)()
    ours = total(kept, awards)
    assert tuple(ours) == ASKED
    agree(ours, theirs)
    assert all(amounts.any() for name, amounts in ours.items() if name != "listing")
    assert (awards.over_running_cap > 0).any() and (awards.same_matter > 0).any()
    assert {1, 2, 3} & set(awards.refusal.tolist()) >= {2, 3}


def test_a_yuan_too_much_is_noticed(kept: Kept) -> None:
    ours = total(kept, simkit_rules(kept)())
    assert agree(ours, ours) == 0
    for name, amounts in ours.items():
        wrong = amounts.copy()
        wrong[len(wrong) // 2] += 1
        with pytest.raises(AssertionError, match=f"{name}: 1.0000 yuan apart"):
            agree(ours, ours | {name: wrong})


def test_without_the_extra_the_figure_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "installed", lambda module: False)
    (row,) = packages.rules(5, 1.0)
    assert row.value is None and "benchmarks/requirements.lock" in row.note


# --- the scenarios and processes ---------------------------------------------------------------------------


def test_three_times_the_agencies_claim_as_often() -> None:
    """Same draws, so the parameters are the same; the difference of a draw's claims is chance."""
    few, many = (run(scenario, draws=256, seed=3) for scenario in (baseline(), tripled()))
    assert many.agencies.mean() / few.agencies.mean() == pytest.approx(3, rel=0.02)
    difference = (claims_of(many) - claims_of(few)).sum(axis=1)
    error = difference.std(ddof=1) / math.sqrt(len(difference))
    assert abs(difference.mean()) < 5 * error
    assert error < 0.02 * claims_of(few).sum(axis=1).mean()  # what it can see: a tenth
    plans = tripled().plan.claims
    assert plans["headhunting"].ceiling == pytest.approx(0.7 / 3)
    assert plans["headhunting"].take_up.value.mean() == pytest.approx((0.2 + 0.4 + 0.65) / 9)
    assert plans["park_appraisal"] == baseline().plan.claims["park_appraisal"]


def test_peak_memory_is_that_of_a_fresh_process() -> None:
    """Whatever this process holds: the peak of a run of 64 draws is that of its imports and kernels."""
    told_ = json.loads(processes.measured_run(64, 1))
    assert 50 < told_["MB"] < 700
    assert told_["claims"] > 500


def test_pure_computation_computes() -> None:
    """A mean of uniforms, at six standard errors."""
    count = 100_000
    assert processes.spin(1, count) / count == pytest.approx(0.5, abs=6 * math.sqrt(1 / 12 / count))


# --- how the code is built ---------------------------------------------------------------------------------

SMALL = '''
class One:
    @property
    def of(self, a, b, /, c, *, d):
        """Two lines
        of words."""
        def inside():
            return a == "zh"

        return "en" != b, c == "zhe", inside
'''


def test_functions_are_counted_without_docstring_and_self(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "simkit").mkdir()
    (tmp_path / "simkit" / "one.py").write_text(SMALL, encoding="utf-8")
    (source,) = house.sources(tmp_path, "simkit")
    found = [(one.name, one.lines, one.positional) for one in source.functions()]
    assert found == [("of", 5, 3), ("inside", 2, 0)]
    assert sorted(source.comparisons_with_a_language()) == ["simkit/one.py:10", "simkit/one.py:8"]
    values = {row.measured: row.value for row in house.rows(tmp_path)}
    assert values["lines of simkit/"] == 10 and values["functions of at most 20 lines"] == 100
