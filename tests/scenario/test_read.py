"""Scenarios: every fault named with its place, readings and overlays laid on in order, rosters joined."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from simkit.base.errors import Fault, FaultsError
from simkit.policy.schema import Policy
from simkit.runs.simulate import run
from simkit.scenario import (
    Plan,
    Scenario,
    ScenarioFile,
    assumptions,
    central_changes,
    load_scenario,
    uncertain,
)
from simkit.scenario.types import SCENARIO_ROOTS
from tests.small_scenarios import (
    assumed,
    attribute,
    claim,
    column,
    draw_claims,
    fixed,
    measure,
    write_scenario,
)

NINGBO = Path(__file__).parent.parent.parent / "scenarios" / "ningbo-hr-2023"
BASELINE = NINGBO / "baseline.yaml"


def faults_of(changes: dict[str, Any]) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        load_scenario(BASELINE, changes=changes)
    return [str(fault) for fault in caught.value.faults]


WRONG = [
    ({"earned_years": [2023, 2027]}, "earned_years", "years in the policy's term, 2023-04-12 to 2026-04-11"),
    ({"budget_year": 2022}, "budget_year", "a year in which something can be paid, 2023 to"),
    ({"budget_year": 2050}, "budget_year", "a year in which something can be paid, 2023 to"),
    ({"earned_years": [2026, 2023]}, "earned_years", "[first, last]"),
    ({"choose": 5}, "choose", "keys with values"),
    ({"calendar.rounds": ["06-31"]}, "calendar.rounds", "days of the year as MM-DD"),
    ({"claims.students.lines": {"recruitmnt": 1}}, "claims.students.lines.recruitmnt", "one of recruitment"),
    ({"claims.students.lines": {"training": 0}}, "claims.students.lines", "weights with a sum > 0"),
    ({"population.statuses.exporter.lines": {"outsorcing": 1}}, "exporter.lines.outsorcing", "one of"),
    ({"population.districts": {}}, "claims.headquarters.district", "the district whose fund pays"),
    (
        {"claims.top10_list.already.value": 1.7},
        "claims.top10_list.already.value",
        "a probability from 0% to 100% in every draw",
    ),
    ({"population.lines.headhunting.value": 0.5}, "population.lines", "shares whose means sum to 1"),
    ({"population.eligible.value": 1.2}, "population.eligible.value", "from 0% to 100% in every draw"),
    ({"population.growth.exit_rate.value": -0.1}, "population.growth.exit_rate.value", "from 0 to"),
    (
        {"claims.headhunting.take_up.value": 0.99},
        "claims.headhunting.take_up.value",
        "from 0 to 0.7 in every draw",
    ),
    ({"claims.headhunting.base.unit": "count"}, "claims.headhunting.base", "base_unit, yuan"),
    ({"claims.headhunting.base.variables.pay.mean": "68万美元"}, "claims.headhunting.base", "in yuan"),
    ({"claims.headhunting.base.variables.pay.cv": -1}, "base.variables.pay.cv", "from 0.001 to 10"),
    (
        {"claims.headhunting.attributes.income_tax": None},
        "claims.headhunting.attributes.income_tax",
        "reads it",
    ),
    (
        {"claims.headhunting.take_up.source": "hearsay"},
        "claims.headhunting.take_up.source",
        "an id of sources",
    ),
    ({"claims.headhunting.frequency": "weekly"}, "claims.headhunting.frequency", "one of"),
    ({"claims.headhunting.tke_up": 1}, "claims.headhunting.tke_up", "a known key"),
    ({"confidence": "100%"}, "confidence", "from 0.01% to 99.99%"),
    ({"choose.digital_agency": "never"}, "choose", "one of"),
    ({"choose.no_such": "x"}, "choose.no_such", "a reading of the policy"),
    ({"claims.nothing": {"base": {"unit": "yuan"}}}, "claims.nothing", ""),
    (
        {"measures.headhunting.caps.yearly.amount": "-5万元"},
        "measures.headhunting.caps.yearly.amount",
        "from 0.01元 to 10,000亿元",
    ),
    ({"measures.headhuntin.caps.yearly.amount": "5万元"}, "measures.headhuntin", "a path that exists"),
]


@pytest.mark.parametrize(("changes", "place", "words"), WRONG, ids=[next(iter(one[0])) for one in WRONG])
def test_a_fault_names_its_place_and_what_is_right(changes: dict[str, Any], place: str, words: str) -> None:
    policy = yaml.safe_load((NINGBO / "policy.yaml").read_text(encoding="utf-8"))
    if "choose.digital_agency" in changes:
        changes = {f"choose.{next(iter(policy['readings']))}": "never"}
    found = faults_of(changes)
    assert any(place.split("(")[0] in fault and words in fault for fault in found), found


def test_faults_of_a_scenario_are_told_in_chinese() -> None:
    told = []
    for changes in ({"earned_years": [2023, 2027]}, {"population.eligible.value": 1.2}):
        with pytest.raises(FaultsError) as caught:
            load_scenario(BASELINE, changes=changes)
        told += [fault.said("zh") for fault in caught.value.faults]
    term = "应为政策有效期内的年度（2023-04-12 至 2026-04-11），实为2023 至 2027（政策到期后"
    assert any(term in line for line in told), told
    assert any("应为每次抽样均在 0% 至 100% 之间的占整体的份额" in line for line in told), told


def test_faults_of_scenario_and_policy_come_in_one_pass() -> None:
    found = faults_of(
        {
            "population.eligible.value": 1.5,
            "claims.headhunting.take_up.source": "hearsay",
            "measures.headhunting.caps.yearly.amount": "5千克",
        }
    )
    assert len(found) >= 2
    assert any("caps.yearly.amount" in fault for fault in found)


def test_a_fault_is_told_once_at_its_cause() -> None:
    """A change that cannot be laid on, or leaves no sound policy, says nothing of what the plan assumes."""
    for changes in (
        {"measures.headhunting.caps.yearly.amout": "80万元"},
        {"measures.headhuntin.caps.yearly.amount": "80万元", "earned_years": [2023, 2027]},
        {"claims.headhunting.take_upp.value": 0.3, "document.in_force.until": "2025-12-31"},
        {"document.in_force.until": "2028-02-30", "earned_years": [2023, 2027]},
        {"measures.digital.status": "suspendet", "claims.digital.take_up.value": 0.6},
        {"measures.new": {"name": {"zh": "新", "en": "new"}}, "claims.new": {}},
    ):
        found = faults_of(changes)
        assert all(any(path in one for path in changes) for one in found), found
        assert not any("policy_values" in one or "term" in one for one in found), found


def test_what_one_measure_lacks_hides_nothing_of_another() -> None:
    changes = {"measures.headhunting.caps.yearly.amout": "80万元", "claims.students.take_up.value": 0.99}
    found = faults_of(changes)
    assert len(found) == 2 and any("claims.students.take_up.value" in one for one in found), found


def test_an_overlay_that_cannot_be_read_leaves_no_faults_of_another(tmp_path: Path) -> None:
    """What the other needs of it is missing; that is no fault of its own."""
    head = (
        "title: {zh: 一, en: One}\nbase: baseline\nauthor: A\ndate: 2024-01-01\nreason: {zh: 一, en: One}\n"
    )
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(f"name: first\n{head}changs:\n  document.in_force.until: 2028-04-11\n", "utf-8")
    second.write_text(f"name: second\n{head}changes:\n  earned_years: [2023, 2027]\n", "utf-8")
    with pytest.raises(FaultsError) as caught:
        load_scenario(BASELINE, [first, second])
    assert {fault.file for fault in caught.value.faults} == {str(first)}


@pytest.mark.parametrize("part", ["choose", "policy_values", "comparables", "appropriations"])
def test_an_empty_part_is_none(part: str, tmp_path: Path) -> None:
    path = write_scenario(tmp_path, {"one": measure(fixed("1万元"))}, {"one": claim(1)})
    text = "".join(
        line for line in path.read_text("utf-8").splitlines(True) if not line.startswith(f"{part}:")
    )
    path.write_text(f"{text.rstrip()}\n{part}:\n", "utf-8")
    load_scenario(path)


def test_overlay_roots_are_the_plan_and_are_not_the_policys() -> None:
    assert set(SCENARIO_ROOTS) <= set(Plan.model_fields)
    assert not set(SCENARIO_ROOTS) & set(Policy.model_fields)


def test_every_option_of_every_reading_can_be_chosen() -> None:
    scenario = load_scenario(BASELINE)
    options = [
        (reading, option)
        for reading, data in scenario.policy.readings.items()
        for option in data.options
        if option != data.default
    ]
    assert len(options) >= 12
    for reading, option in options:
        changed = load_scenario(BASELINE, changes={f"choose.{reading}": option})
        same = changed.digests["policy"] == scenario.digests["policy"]
        assert not (same and changed.digests["scenario"] == scenario.digests["scenario"]), (reading, option)


def test_central_changes_leave_nothing_uncertain() -> None:
    scenario = load_scenario(BASELINE)
    central = load_scenario(BASELINE, changes=central_changes(scenario))
    assert uncertain(scenario) and not uncertain(central)
    before, after = dict(assumptions(scenario)), dict(assumptions(central))
    for path in uncertain(scenario):
        assert after[path].value.mean() == pytest.approx(before[path].value.mean(), rel=1e-9)


def test_an_overlay_names_the_scenario_it_is_laid_on(tmp_path: Path) -> None:
    overlay = tmp_path / "o.yaml"
    overlay.write_text(
        "name: o\ntitle: {zh: 某, en: some}\nbase: successor\nauthor: me\ndate: 2026-11-22\n"
        "reason: {zh: 某, en: some}\n"
        "changes: {confidence: 80%}\n",
        encoding="utf-8",
    )
    with pytest.raises(FaultsError, match="the scenario it is laid on, baseline"):
        load_scenario(BASELINE, overlays=[overlay])


def test_no_agencies_and_nothing_to_pay(tmp_path: Path) -> None:
    path = write_scenario(
        tmp_path, {"one": measure(fixed("1万元"))}, {"one": claim(2, frequency="poisson")}, start=0
    )
    result = run(load_scenario(path), draws=5, seed=1)
    assert len(result.outlays.fen) == 0 and not result.paid(special=True).any()


def test_an_aim_out_of_reach_says_so(tmp_path: Path) -> None:
    growth = {"mode": "target", "target": {"year": 2024, "agencies": 60}, "entry_rate": assumed(0)}
    path = write_scenario(
        tmp_path, {"one": measure(fixed("1万元"))}, {"one": claim(1)}, start=100, growth=growth
    )
    with pytest.raises(
        FaultsError, match="expected 60 agencies at the end of 2024 to be reachable"
    ) as caught:
        load_scenario(path)
    (fault,) = caught.value.faults
    assert (fault.file, fault.path) == (str(path), "population.growth.target.agencies") and fault.line
    assert "年末" in fault.said("zh") and "reachable" not in fault.said("zh")


def roster_scenario(folder: Path, rows: list[list[str]]) -> Path:
    """Two lines of business; the award reads the revenue of the agency and the status of an exporter."""
    path = write_scenario(
        folder,
        {
            "one": measure(
                {"kind": "rate", "rate": "1%"}, conditions={"big": {"of": "revenue", "at_least": "100元"}}
            )
        },
        {
            "one": claim(
                1,
                frequency="fixed",
                holders="exporter",
                base={"unit": "yuan", "scale": assumed("100元")},
            )
        },
        policy={
            "attributes": {
                "line": attribute("agency", "category", values=["training", "other"]),
                "revenue": attribute("agency", "yuan"),
            },
            "districts": ["海曙区", "江北区"],
        },
        population={
            "lines": {"training": assumed(0.5), "other": assumed(0.5)},
            "statuses": {"exporter": {"share": assumed(0), "rate": assumed(0)}},
            "numbers": {"revenue": {"value": assumed("1元")}},
            "roster": "roster.csv",
        },
    )
    with (folder / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["name", "line", "district", "eligible", "exporter", "revenue(元)"], *rows]
        )
    return path


def test_a_roster_stands_for_the_start(tmp_path: Path) -> None:
    path = roster_scenario(
        tmp_path,
        [
            ["甲", "training", "江北区", "yes", "yes", "150"],
            ["乙", "other", "海曙区", "yes", "yes", "99"],
            ["丙", "other", "江北区", "no", "yes", "500"],
            ["丁", "other", "海曙区", "yes", "no", "500"],
            ["戊", "other", "", "yes", "yes", "100"],
        ],
    )
    scenario = load_scenario(path)
    claims, agencies = draw_claims(scenario, 3)
    assert np.array_equal(agencies[:, 0], [5, 5, 5])
    # The exporters that qualify: 甲, 乙, 戊; slots by line, in the order of the list.
    assert sorted(claims.agency[:3].tolist()) == [0, 1 << 20, (1 << 20) + 3]
    first = claims.agency == 0
    assert (claims.district[first] == 1).all() and (column(claims, "revenue")[first] == 15_000).all()
    result = run(scenario, draws=3, seed=7)
    assert (result.counts[:, 0, 0, 0] == 2).all() and (result.counts[:, 0, 0, 2] == 1).all()


def test_faults_of_a_roster_reach_the_user(tmp_path: Path) -> None:
    path = roster_scenario(tmp_path, [["甲", "aerospace", "江北区", "maybe", "yes", "约150"]])
    with pytest.raises(FaultsError) as caught:
        load_scenario(path)
    assert len(caught.value.faults) == 3


def test_votes_cover_every_year_from_the_first(tmp_path: Path) -> None:
    amounts = {"hr": {"2023": "1元", "2025": "1元"}}
    with pytest.raises(FaultsError, match="an amount for each year from 2023 to 2025"):
        load_scenario(
            BASELINE, changes={"appropriations": {"amounts": amounts, "label": {"zh": "某", "en": "some"}}}
        )


def test_a_first_event_may_refuse_claims_but_makes_none(tmp_path: Path) -> None:
    """Of holders of a status, as of all agencies: they must exist, qualify and hold it."""
    totals = {}
    for first_time in (False, True):
        path = write_scenario(
            tmp_path / str(first_time),
            {"one": measure(fixed("1万元"), first_time=first_time)},
            {"one": claim(0.4, holders="exporter")},
            years=(2024, 2026),
            start=400,
            growth={"entry_rate": assumed(0.1), "exit_rate": assumed(0.2)},
            population={
                "eligible": assumed(0.5),
                "statuses": {"exporter": {"share": assumed(0.1), "rate": assumed(0.1)}},
            },
        )
        totals[first_time] = int(run(load_scenario(path), draws=40, seed=3).counts[..., :5].sum())
    # Events of a year: the same chance, drawn otherwise; 6 standard deviations of a Poisson count apart.
    assert abs(totals[True] - totals[False]) < 6 * np.sqrt(totals[True] + totals[False])


def test_claims_of_two_measures_are_never_the_same_project_by_chance(tmp_path: Path) -> None:
    path = write_scenario(
        tmp_path,
        {"one": measure(fixed("1万元")), "two": measure(fixed("2万元"))},
        {"one": claim(3, frequency="fixed"), "two": claim(3, frequency="fixed")},
        start=5,
    )
    claims, _ = draw_claims(load_scenario(path), 1)
    assert len(set(claims.matter.tolist())) == len(claims) == 30


VARIATIONS: list[dict[str, Any]] = [
    {},
    {"measures.headhunting.caps.yearly.amount": "60万元"},
    {"measures.headhunting.award.rate": "40%", "claims.headhunting.take_up.value": 0.3},
    {"choose.last_day": "text"},
    {"renewed": {"until": "2029-04-11", "source": "assumed", "note": {"zh": "续期", "en": "renewed"}}},
    {"population.growth.entry_rate.value": 0.2},
    *(changes for changes, _, _ in WRONG),
    # Sound by themselves, at odds with the rest.
    {"measures.headhunting.base_unit": "count"},
    {"measures.headhunting.conditions.new": {"of": "no_such", "is_true": True}},
    {"measures.headhunting": None},
    {"funds.hr": None},
    {"attributes.line.values": ["recruitment"]},
    {"document.in_force.until": "2024-01-01"},
    {"measures.headhunting.quote": ["没有这句话"]},
]


Lay = Callable[[Sequence[Path], dict[str, Any] | None], Scenario]


def told(lay: Lay, overlays: Sequence[Path] = (), changes: dict[str, Any] | None = None) -> list[Any]:
    """All that a scenario is, or the faults in its place."""
    try:
        scenario = lay(overlays, changes)
    except FaultsError as error:
        return list(error.faults)
    return [getattr(scenario, field.name) for field in dataclasses.fields(scenario)]


def test_laying_on_a_file_read_once_is_reading_it_anew() -> None:
    """Whatever was laid on before: sound and faulty changes, those at odds with the other file too."""

    def anew(overlays: Sequence[Path], changes: dict[str, Any] | None) -> Scenario:
        return load_scenario(BASELINE, overlays, changes)

    file = ScenarioFile(BASELINE)
    faulty = 0
    for changes in VARIATIONS:
        found = told(file.lay, (), changes)
        assert found == told(anew, (), changes), changes
        faulty += isinstance(found[0], Fault)
    assert faulty >= len(WRONG) + 5
    for path in sorted((NINGBO / "overlays").glob("*.yaml")):
        assert told(file.lay, [path]) == told(anew, [path])
    assert told(file.lay) == told(anew)


def test_changes_can_have_a_name() -> None:
    scenario = ScenarioFile(BASELINE).lay(changes={"confidence": "80%"}, name="confidence=80%")
    assert scenario.name == "baseline+confidence=80%"


def test_laying_reads_neither_file_again(tmp_path: Path) -> None:
    """That is what makes it quick."""
    for name in ("policy.yaml", "policy.zh.txt", "baseline.yaml"):
        (tmp_path / name).write_bytes((NINGBO / name).read_bytes())
    file = ScenarioFile(tmp_path / "baseline.yaml")
    for name in ("policy.yaml", "baseline.yaml"):
        (tmp_path / name).unlink()
    changes = {"measures.headhunting.caps.yearly.amount": "60万元"}
    assert file.lay(changes=changes).digests == load_scenario(BASELINE, changes=changes).digests
