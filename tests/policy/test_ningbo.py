"""`scenarios/ningbo-hr-2023/policy.yaml` holds every provision of 甬人社发〔2023〕9号, in its own words."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from simkit.policy.load import load_policy
from simkit.policy.schema import Policy
from simkit.scenario.types import SCENARIO_ROOTS
from tests.cases_loader import load_cases
from tests.policy.small import find_faults

FOLDER = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023"

#: design.md, section 9, in the order of the text: clause, priced by, funds that pay.
PROVISIONS = {
    "platforms": ("三.1", "unpriced", "hr"),
    "headhunting": ("三.1", "text", "hr"),
    "students": ("三.1", "text", "hr"),
    "supplied_employees": ("三.1", "by_rule", "hr"),
    "practice_base": ("三.1", "by_rule", "hr"),
    "school_platforms": ("三.1", "non_monetary", ""),
    "recruiting_trips": ("三.1", "by_rule", "hr"),
    "contest": ("三.2", "programme", "hr"),
    "contest_talent_round": ("三.2", "non_monetary", ""),
    "incubation_base": ("三.2", "unpriced", "hr yinzhou"),
    "zjtx_cultivation": ("三.2", "programme", "hr"),
    "top10_list": ("三.2", "text", "hr"),
    "high_tech": ("三.2", "text", "science"),
    "digital": ("三.2", "text_ceiling", "services"),
    "specialised_parks": ("三.3", "unpriced", "districts"),
    "new_provincial_park": ("三.3", "text", "hr"),
    "training_base": ("三.3", "unpriced", ""),
    "park_cooperation": ("三.3", "non_monetary", ""),
    "park_appraisal": ("三.3", "by_rule", "hr"),
    "building_contribution": ("三.3", "by_rule", "services"),
    "export_base_support": ("三.4", "by_rule", "beilun hr"),
    "export_subsidy": ("三.4", "by_rule", "beilun hr"),
    "trade_base_title": ("三.4", "by_rule", "commerce"),
    "offshore_interest": ("三.4", "by_rule", "commerce"),
    "headquarters": ("三.5", "by_rule", "investment districts"),
    "recommended_list": ("三.5", "text", "hr"),
    "above_scale": ("三.5", "by_rule", "services districts"),
    "top100_ranking": ("三.5", "non_monetary", ""),
    "listing": ("三.5", "by_rule", "financial"),
    "teams": ("三.6", "unpriced", ""),
    "study_training": ("三.6", "programme", "hr"),
    "titles_services": ("三.6", "non_monetary", ""),
    "postdoc": ("三.6", "unpriced", ""),
    "credit_supervision": ("三.7", "non_monetary", ""),
    "star_rating": ("三.7", "programme", "hr"),
    "standards": ("三.7", "by_rule", "market"),
    "enforcement": ("三.7", "non_monetary", ""),
    "statistics_work": ("三.8", "programme", "hr"),
}

#: Part 二 of the text: value, unit.
GOALS = {
    "agencies": (2500, "家"),
    "high_end_share": (35, "%"),
    "headquarters": (10, "家"),
    "specialised": (20, "家"),
    "growth_agencies": (30, "家"),
    "top100": (50, "家"),
    "revenue": (2500, "亿元"),
    "above_scale_share": (18, "%"),
    "placements": (500, "万人次"),
    "clients": (40, "万家次"),
    "provincial_parks": (2, "家"),
    "base_agencies": (10, "家/年"),
    "trade": (100, "亿元"),
    "staff": (10, "万人"),
}


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(FOLDER)


@pytest.fixture(scope="module")
def text() -> str:
    return bare((FOLDER / "policy.zh.txt").read_text(encoding="utf-8"))


def test_the_loader_finds_no_fault():
    assert find_faults(FOLDER) == ()


def test_the_text_is_the_one_that_was_read(policy):
    digest = hashlib.sha256((FOLDER / policy.document.text.file).read_bytes()).hexdigest()
    assert digest == policy.document.text.sha256


def test_every_provision_is_there_in_the_order_of_the_text(policy):
    found = {
        name: (measure.clause, measure.priced_by, " ".join(measure.payers.shares if measure.payers else ()))
        for name, measure in policy.measures.items()
        if not measure.outside
    }
    assert list(found.items()) == list(PROVISIONS.items())


def test_every_quote_stands_in_the_text(policy, text):
    quotes = [quote for measure in policy.measures.values() for quote in measure.quote]
    quotes += [quote for reading in policy.readings.values() for quote in reading.quote]
    quotes += [goal.quote for goal in policy.goals.values()]
    assert [quote for quote in quotes if bare(quote) not in text] == []


def test_measures_follow_the_text(policy, text):
    places = [text.index(bare(m.quote[0])) for m in policy.measures.values() if not m.outside]
    assert places == sorted(places)


def test_every_clause_has_a_title(policy):
    things = (
        *policy.measures.values(),
        *policy.matters.values(),
        *policy.readings.values(),
        *policy.goals.values(),
    )
    assert {thing.clause for thing in things} <= set(policy.clauses)


def test_every_payer_that_the_text_lacks_has_its_basis(policy):
    assert [name for name, m in policy.measures.items() if m.payers and m.payers.basis is None] == []


def test_only_one_fund_is_the_special_fund(policy):
    assert [name for name, fund in policy.funds.items() if fund.special] == ["hr"]
    assert [name for name, fund in policy.funds.items() if fund.per_district] == ["districts"]


def test_the_caps_of_the_text(policy):
    caps = {
        (name, cap.per, cap.within): cap.amount
        for name, m in policy.measures.items()
        for cap in m.caps.values()
    }
    wan = 1_000_000
    assert caps == {
        ("headhunting", "agency", "year"): 50 * wan,
        ("students", "agency", "year"): 50 * wan,
        ("supplied_employees", "agency", "year"): 30 * wan,
        ("digital", "agency", "term"): 100 * wan,
        ("export_subsidy", "agency", "year"): 100 * wan,
        ("offshore_interest", "agency", "year"): 100 * wan,
        ("listing", "agency", "ever"): 300 * wan,
        ("standards", "claim", "claim"): 100 * wan,
    }


def test_chosen_projects_have_no_envelope_in_the_text(policy):
    ranked = {name: m.selection for name, m in policy.measures.items() if m.selection.kind == "ranked"}
    assert set(ranked) == {"digital", "park_appraisal"}
    assert all(one.envelope is None and one.places is None for one in ranked.values())


def test_rigidity_follows_the_words(policy):
    """不超过, 最高 without a formula, 择优, 一定资金 are adjustable; 给予 with an amount or a rule is not."""
    claimed = {name: m for name, m in policy.measures.items() if m.live and m.priced_by != "programme"}
    assert {name for name, measure in claimed.items() if measure.rigidity == "adjustable"} == {
        "supplied_employees",
        "digital",
        "park_appraisal",
        "export_base_support",
        "export_subsidy",
        "offshore_interest",
        "listing",
        "standards",
    }


def test_ambiguous_clauses_are_registered(policy):
    assert len(policy.readings) >= 12
    for reading in policy.readings.values():
        assert not reading.options[reading.default].overlay
        assert all(option.overlay for name, option in reading.options.items() if name != reading.default)


def test_every_reading_of_the_policy_is_worked_in_a_case(policy):
    """Each option that changes the policy is laid on it by some case: its effect was worked by hand."""
    cases = sorted((Path(__file__).parents[1] / "cases").glob("*.yaml"))
    files = "".join(path.read_text(encoding="utf-8") for path in cases)
    missing = [
        f"{name}: {option}"
        for name, reading in policy.readings.items()
        for option, data in reading.options.items()
        if any(path.split(".")[0] not in SCENARIO_ROOTS for path in data.overlay)
        and not re.search(rf"readings: {{[^}}]*\b{name}: {option}\b", files)
    ]
    assert missing == []


def test_every_live_measure_has_a_case(policy):
    live = {name for name, measure in policy.measures.items() if measure.live}
    worked = set()
    for case in load_cases():
        if case.policy.id == policy.id:
            names = list(case.policy.measures)
            rows = zip(case.claims.measure, case.expected, strict=True)
            worked |= {names[place] for place, row in rows if row.get("award", 0)}
    assert live - worked == set()


def test_the_goals_are_complete(policy):
    assert {name: (goal.value, goal.unit) for name, goal in policy.goals.items()} == GOALS
