"""Frames: tidy, numeric, with their unit, and the same money as the arrays."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import simkit
from simkit.documents.overlay import split_path
from simkit.documents.tree import Tree
from simkit.face.answer import Answer
from simkit.face.comparing import Compared
from simkit.face.result import Result
from simkit.face.scenario import Scenario
from simkit.sizing import quantiles

BASELINE = "ningbo-hr-2023/baseline"
CAP = "measures.headhunting.caps.yearly.amount"
TAKE_UP = "claims.headhunting.take_up"
DRAWS = 300


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return simkit.load_scenario(BASELINE)


@pytest.fixture(scope="module")
def result(scenario: Scenario) -> Result:
    return simkit.run(scenario, draws=DRAWS)


@pytest.fixture(scope="module")
def answers(scenario: Scenario) -> dict[str, Answer]:
    return {
        "compare": simkit.compare(
            scenario, {"30万元": {CAP: "30万元"}, "80万元": {CAP: "80万元"}}, draws=DRAWS
        ),
        "sweep": simkit.sweep(scenario, CAP, ["30万元", "50万元"], draws=DRAWS),
        "steps": simkit.sweep(scenario, CAP, "30万元..50万元:3", draws=100),
        "seek": simkit.seek(scenario, CAP, budget="2600万元", draws=DRAWS),
        "provisions": simkit.provisions(scenario, draws=100),
    }


def check_tidy(frame: pd.DataFrame, unit: str) -> None:
    assert frame.columns.is_unique and frame.attrs["unit"] == unit
    for name, column in frame.items():
        assert str(name).isascii() and str(name).islower(), name
        if pd.api.types.is_object_dtype(column):
            kinds = {type(one) for one in column}
            assert kinds <= {str, bool}, (name, kinds)


def test_every_frame_is_tidy(scenario: Scenario, result: Result, answers: dict[str, Answer]) -> None:
    for lang in ("zh", "en"):
        with simkit.options(lang=lang):
            check_tidy(scenario.to_frame(), "万元")
            for by in ("paid", "earned", "measure", "fund", "district", "quarter", ["paid", "measure"]):
                check_tidy(result.to_frame(by, special=False), "万元")
            for answer in answers.values():
                check_tidy(answer.to_frame(), "万元")
            check_tidy(answers["compare"].to_frame(against="30万元"), "万元")


def test_fen_add_up_to_what_the_arrays_hold(result: Result) -> None:
    for special in (True, False):
        paid = result.data.paid(special=special)
        for by in ("paid", "earned", "measure", "fund", "district", "quarter"):
            frame = result.draws(by, special=special, unit="fen")
            assert (frame.dtypes == np.int64).all()
            assert (frame.sum(axis=1).to_numpy() == paid.sum(axis=1)).all(), by
        assert (result.draws("paid", special=special, unit="fen").to_numpy() == paid).all()


def test_figures_are_those_of_the_report_in_the_unit_asked_for(result: Result) -> None:
    year = result.data.paid_years.index(2024)
    sample = result.data.paid(special=True)[:, year]
    mean, high = quantiles.mean(sample), quantiles.quantile(sample, 0.9)
    for unit, fen in {"万元": 1e6, "元": 1e2, "fen": 1}.items():
        row = result.to_frame("paid", unit=unit).loc[2024]
        assert row["mean"] == mean.value / fen and row["se"] == mean.standard_error / fen
        assert row["p90"] == high.value / fen
        need = result.headline(unit)
        assert (need.value, need.low, need.high) == (high.value / fen, high.low / fen, high.high / fen)
    assert result.quantile(0.9).value == result.headline().value
    assert result.quantile(0.9, by="paid").loc[2024, "value"] == result.headline().value


def test_a_refused_figure_is_nan_with_its_reason(scenario: Scenario) -> None:
    frame = simkit.run(scenario, draws=20).to_frame("measure")
    refused = frame[frame["p90"].isna()]
    assert len(refused) and (refused["note"] != "").all()
    assert (frame[frame["p90"].notna() & frame["mean"].notna()]["note"] == "").all()


def test_errors_know_that_draws_were_stratified(scenario: Scenario) -> None:
    from simkit.runs.simulate import run

    found = Result(run(scenario.data, draws=2_000, parameters="latin"), scenario)
    sample = found.data.paid(special=True)[:, found.data.paid_years.index(2024)]
    wanted = quantiles.mean(sample, group=found.data.group).standard_error
    assert found.to_frame("paid", unit="fen").loc[2024, "se"] == wanted


def test_every_path_of_the_assumptions_is_one_that_change_takes(scenario: Scenario) -> None:
    """Each set to what stands there: every path is accepted, and nothing has changed."""
    frame = scenario.to_frame()
    assert len(frame) > 150 and frame.index.is_unique
    held = {}
    for path in frame.index:
        for data in (scenario.data.plan_data, scenario.data.policy_data):
            node = Tree(data, "").get(split_path(data, path))
            if node is not None:
                assumed = isinstance(node, dict) and {"value", "source"} <= set(node)
                held[path] = node["value"] if assumed else node
    assert set(held) == set(frame.index)
    again = scenario.change(held)
    assert again == scenario and len(again.diff()) == 0


def test_a_changed_assumption_carries_its_own_reason_and_source(scenario: Scenario) -> None:
    old = scenario.to_frame(lang="zh").loc[TAKE_UP]
    changed = scenario.change({TAKE_UP: "50%"}, reason="座谈会意见", source="2026年9月问卷")
    for lang in ("zh", "en"):
        row = changed.to_frame(lang=lang).loc[TAKE_UP]
        assert row["mean"] == 0.5 and row["source"] == "2026年9月问卷" and row["reason"] == "座谈会意见"
        assert row["before"] and old["source"] not in row["source"] and row["note"].startswith("座谈会意见")
    assert changed.diff().loc[TAKE_UP, "source"] == "2026年9月问卷"


def test_a_change_without_a_source_never_keeps_the_old_one(scenario: Scenario) -> None:
    old, row = (one.to_frame(lang="zh").loc[TAKE_UP] for one in (scenario, scenario.change({TAKE_UP: "50%"})))
    assert old["source"] and old["source"] != row["source"] and old["note"] not in (row["note"], "")


def test_the_reason_stands_in_the_report_too(scenario: Scenario) -> None:
    from simkit.report.tables.assumptions import assumptions_register

    changed = simkit.run(
        scenario.change({TAKE_UP: "50%"}, reason="座谈会意见", source="2026年9月问卷"), draws=100
    )
    texts = [cell for row in assumptions_register(changed.data, lang="zh").texts() for cell in row]
    assert any("座谈会意见" in one for one in texts) and any("2026年9月问卷" in one for one in texts)


def test_a_later_change_wins_and_the_others_stay(scenario: Scenario) -> None:
    first = scenario.change({TAKE_UP: "50%", CAP: "60万元"}, reason="a")
    last = first.change({TAKE_UP: "35%"})
    assert last.diff()["after"].to_dict() == {TAKE_UP: "35%", CAP: "60万元"}
    assert last.diff(first)["after"].tolist() == ["35%"] and len(first.diff(first)) == 0
    assert last.to_frame().loc[TAKE_UP, "mean"] == 0.35


def test_the_scenario_itself_stays_as_it_is(scenario: Scenario) -> None:
    before = scenario.to_frame()
    scenario.change({CAP: "60万元"})
    pd.testing.assert_frame_equal(before, scenario.to_frame())


def test_equal_inputs_give_equal_results_and_everything_pickles(
    scenario: Scenario, result: Result, answers: dict[str, Answer]
) -> None:
    assert simkit.run(BASELINE, draws=DRAWS) == result != simkit.run(scenario, draws=DRAWS, seed=1)
    for one in (simkit.load_policy("ningbo-hr-2023"), scenario, result, *answers.values()):
        again = pickle.loads(pickle.dumps(one))
        assert again == one and repr(again) == repr(one)


def test_what_is_handed_out_cannot_change_the_result(result: Result) -> None:
    before = result.to_frame("paid", unit="fen")
    frame = result.draws("paid", unit="fen")
    frame.iloc[:, :] = 0
    with pytest.raises(ValueError, match="read-only"):
        result.data.outlays.fen[0] = 0
    pd.testing.assert_frame_equal(before, result.to_frame("paid", unit="fen"))


def test_against_another_option_is_that_comparison(scenario: Scenario, answers: dict[str, Answer]) -> None:
    found = answers["compare"].to_frame(against="30万元")
    low, high = (scenario.change({CAP: one}) for one in ("30万元", "80万元"))
    wanted = simkit.compare(low, {"80万元": high}, draws=DRAWS).to_frame()
    pd.testing.assert_frame_equal(found, wanted)


def test_a_saved_result_is_the_same_when_it_is_loaded(result: Result, tmp_path: object) -> None:
    saved = result.save(f"{tmp_path}/runs/first")
    assert simkit.load_result(saved) == result == simkit.load_result(saved.parent)
    assert simkit.load_result(saved).headline() == result.headline()


def test_an_array_of_xarray_holds_the_same_money(result: Result) -> None:
    array = result.to_xarray(unit="fen")
    assert array.sum(("measure", "fund")).to_numpy().tolist() == result.data.paid(special=False).tolist()


def test_what_too_few_draws_tell_has_no_verdict(answers: dict[str, Answer]) -> None:
    answer = answers["compare"]
    found = answer.data.found[0]
    line = replace(found.line("special_year", "2024", 2024), refused=("difference",))
    told = replace(found, lines=(line,), headline=None)
    (row,) = Answer(Compared((told,), ("A",)), answer.scenario, {}).to_frame().to_dict("records")
    assert np.isnan(row["difference"]) and row["verdict"] == "untold" and row["note"]


def test_what_one_more_yuan_of_a_cap_costs_has_no_unit(answers: dict[str, Answer]) -> None:
    """Yuan a yuan, whatever the unit of the other columns: by hand from the means of two points."""
    low, high = (answers["sweep"].to_frame(unit="元").loc[one, "mean"] for one in ("30万元", "50万元"))
    for unit in ("万元", "元", "fen"):
        assert answers["sweep"].to_frame(unit=unit).loc["50万元", "per_unit"] == pytest.approx(
            (high - low) / 200_000
        )


def test_what_is_plotted_next_does_not_land_on_simkits_axes(
    result: Result, answers: dict[str, Answer]
) -> None:
    """Those count in fen: bars of 万元 on them would not be seen."""
    from matplotlib import pyplot

    pyplot.close("all")
    own = [result.plot("need"), result.plot("years"), answers["compare"].plot(), answers["sweep"].plot()]
    assert not pyplot.get_fignums()
    after = result.draws("paid")[2024].plot.hist()
    assert after not in own and len(after.patches) == 10
    _, mine = pyplot.subplots()
    assert result.plot("need", ax=mine) is mine
    pyplot.close("all")
