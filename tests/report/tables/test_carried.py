"""What too few draws carry, years that are not whole, a page's figure beside the report's: as they are told."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

import simkit
from simkit.base.money import format_wan, signed
from simkit.cli.run import memo
from simkit.report.annexes.budget import budget
from simkit.report.annexes.costing import costing
from simkit.report.annexes.medium_term import medium_term
from simkit.report.annexes.payers import payers
from simkit.report.make.summary import summarise
from simkit.report.pages.budget_report import _facts
from simkit.report.papers.pieces import Sentences
from simkit.report.papers.table import Column, Ratio, Sum, Table, cell_text, without
from simkit.report.papers.xlsx.sheet import _amount
from simkit.report.pictures import flow
from simkit.report.pictures.need import fan
from simkit.report.pictures.years import years_by_measure
from simkit.report.tables.all import (
    appropriation,
    by_fund_department_level,
    by_year,
    comparables,
    headline,
    measures,
    reasons,
    refusals,
    sanity,
    waterfall,
)
from simkit.report.tables.beside import beside, reported
from simkit.report.tables.compare import compared, compared_by
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.runs.store import save_result
from simkit.scenario import load_scenario
from simkit.sizing.quantiles import quantile
from simkit.whatif.compare import compare
from tests.report.annexes.desks import desk_of, tables_of

TOY = Path(simkit.__file__).parent / "cli" / "toy" / "scenario.yaml"
SUCCESSOR = Path(__file__).parents[3] / "scenarios" / "ningbo-hr-2023" / "successor.yaml"
RARE = {"claims.fee.frequency": "poisson", "claims.fee.take_up.value": 1}
LANGUAGES = ("zh", "en")


@lru_cache
def rare(intensity: float, draws: int = 200) -> Result:
    """The self-test's hundred agencies with so many claims a year each, by chance."""
    changes = {**RARE, "claims.fee.intensity.value": intensity}
    return run(load_scenario(TOY, changes=changes), draws=draws, seed=3)


@lru_cache
def successor() -> Result:
    return run(load_scenario(SUCCESSOR), draws=250, seed=3)


# ------------------------------------------------------------------ none met, too few, all alike


def test_the_memo_of_what_no_draw_met_says_how_rare_it_is() -> None:
    """200 draws: under 1.5 %; 2,000 draws would meet that thirty times."""
    result = rare(1e-8)
    assert not result.paid(special=True).any()
    text = " ".join(memo(result, "en"))
    assert "none met" in text and "fewer than 1.5% of all futures" in text and "at least 2,000 draws" in text
    assert "(0.00)" not in text and "between 0.00" not in text and "Expected outlay" not in text
    chinese = "".join(memo(result, "zh"))
    assert "未出现" in chinese and "1.5%" in chinese and "（0.00" not in chinese


def test_the_memo_of_few_hits_names_the_draws_that_they_need() -> None:
    result = rare(1e-4)
    met = np.count_nonzero(result.paid(special=True), axis=0)
    assert 0 < met.max() < 30
    text = " ".join(memo(result, "en"))
    needs = re.search(r"E is not given: it needs at least ([\d,]+) draws", text)
    assert needs is not None and int(needs[1].replace(",", "")) >= 200 * 30 / met.max()


def test_the_memo_of_what_never_varies_shows_no_error_of_zero() -> None:
    text = " ".join(memo(run(load_scenario(TOY), draws=50, seed=1), "en"))
    assert "40.00 (—)" in text and "(0.00)" not in text and "tell no error" in text


def test_tables_say_none_met_where_it_could_have_been_and_zero_where_it_could_not() -> None:
    result, never = (
        rare(1e-8),
        run(load_scenario(TOY, changes={"claims.fee.take_up.value": 0}), draws=200, seed=3),
    )
    for lang, word in (("zh", "未出现"), ("en", "none met")):
        for table in (by_year(result, lang=lang), waterfall(result, lang=lang), headline(result, lang=lang)):
            keys = {"by_year_special": "expected", "waterfall": "paid", "headline": "amount"}
            cells = [row[keys[table.id]] for row in table.rows]
            assert word in cells and any("1.5%" in note for note in table.notes), table.id
        for table in (by_year(never, lang=lang), waterfall(never, lang=lang)):
            assert all(word not in row.values() for row in table.rows), table.id


#: Cells without an error column of their own, which no draw has met: table, and the keys of its first row.
UNMET = {
    "waterfall": ("gross", "over_running_cap", "awarded", "paid"),
    "refusals": ("filed", "passed", "awarded_claims"),
    "measures_special": ("passed", "awarded_claims", "agencies_awarded", "cost"),
    "by_fund_department_level": ("y2024", "y2025", "total"),
    "reasons_special": ("claims", "earned", "paid"),
    "comparables": ("amount",),
    "sanity": ("y2024", "y2025", "share"),
    "appropriation": ("due",),
    "annex_budget_special": ("y2024", "y2025", "total"),
    "annex_budget_whole": ("y2024", "y2025", "total"),
    "annex_departments": ("y2024", "y2025", "total"),
    "annex_medium_term": ("y2024", "y2025", "total", "change_y2025"),
    "annex_costing_process": ("gross", "over_running_cap", "awarded"),
    "annex_costing_bridge": ("awarded", "paid_in_year", "special"),
}
#: And those that the rules make 0: no such step, nothing paid then.
RULED = {
    "waterfall": ("over_claim_cap", "not_selected", "same_matter", "over_total_cap", "forfeited"),
    "annex_budget_special": ("y2026",),
    "annex_medium_term": ("y2026",),
}


def _all_tables(result: Result) -> dict[str, Table]:
    desk = desk_of(result, "en")
    found = tables_of(one for annex in (budget, costing, payers, medium_term) for one in annex(desk))
    makers = (
        waterfall,
        refusals,
        measures,
        by_fund_department_level,
        reasons,
        comparables,
        sanity,
        appropriation,
    )
    return found | {table.id: table for table in (make(result, lang="en") for make in makers)}


def test_a_zero_without_an_error_of_its_own_says_that_no_draw_met_it() -> None:
    tables = _all_tables(rare(1e-8))
    for name, keys in UNMET.items():
        table = tables[name]
        for row in (table.rows[0], table.rows[-1])[: 2 if name in ("waterfall", "annex_medium_term") else 1]:
            assert {row[key] for key in keys} == {"none met"}, (name, row)
        assert any("1.5%" in note for note in table.notes), name
    for name, keys in RULED.items():
        assert {tables[name].rows[0][key] for key in keys} == {0}, name
    bound = "at most 0.00"
    assert not any(bound in note for table in tables.values() for note in table.notes)
    stays = _all_tables(run(load_scenario(TOY, changes={"claims.fee.take_up.value": 0}), draws=200, seed=3))
    assert not any("none met" in row for table in stays.values() for row in map(str, table.rows))


def test_the_words_of_a_report_that_no_draw_met_anything_of() -> None:
    """The prose quotes sums that are none, and the chart of the steps has nothing to draw."""
    for lang, word in (("zh", "0.00（未出现）"), ("en", "0.00 (none met)")):
        facts = _facts(rare(1e-8), lang)
        assert {facts[name] for name in ("mean", "term", "peak", "gross", "awarded", "paid")} == {word}
        assert flow.waterfall(waterfall(rare(1e-8), lang=lang), lang) is None


def test_the_margin_of_a_year_in_which_nothing_can_be_paid_is_sure() -> None:
    rows = {row["item"]: row for row in _all_tables(rare(1e-8))["annex_budget_special"].rows}
    assert rows["Standard error of the risk margin"]["y2026"] == 0


def test_sums_do_without_what_no_draw_met() -> None:
    total, part, whole = Sum(((0, "a"), (1, "a")), ((2, "a"),)), (0, "a"), (3, "a")
    links = {whole: total, part: Sum(((4, "a"),)), (3, "b"): Ratio(part, whole), (5, "a"): Sum((part,))}
    assert without(links, {part}) == {whole: Sum(((1, "a"),), ((2, "a"),))}
    assert without(links, set()) == links


def test_a_change_that_no_draw_met_is_not_no_difference() -> None:
    changes = {**RARE, "claims.fee.intensity.value": 1e-8}
    before = load_scenario(TOY, changes=changes)
    after = load_scenario(TOY, changes={**changes, "measures.fee.award.rate": "60%"})
    (same,), (moved,) = (compare(before, [one], draws=200, seed=3) for one in (before, after))
    for lang, none, unmet in (
        ("zh", "无差别", "均未涉及"),
        ("en", "no difference", "met in none of 200 draws"),
    ):
        stays, moves = ([row["verdict"] for row in compared(one, lang=lang).rows] for one in (same, moved))
        assert none in stays and not any(unmet in verdict for verdict in stays)
        assert none not in moves and any(unmet in verdict for verdict in moves)
        cells = [text for row in compared_by(moved, "measure", lang=lang).texts() for text in row]
        assert "0.00" not in cells


def test_a_doubled_rare_award_needs_more_draws() -> None:
    changes = {**RARE, "claims.fee.intensity.value": 1e-4}
    before = load_scenario(TOY, changes=changes)
    after = load_scenario(TOY, changes={**changes, "measures.fee.award.rate": "100%"})
    (found,) = compare(before, [after], draws=200, seed=3)
    line = found.line("total")
    assert line.costs_more > 0 and line.refused == ("before", "after", "difference")
    assert line.needs is not None and line.needs > 200 and line.difference_error is None
    verdicts = [row["verdict"] for row in compared(found, lang="en").rows]
    assert any(f"run at least {line.needs:,}" in verdict for verdict in verdicts)


# ------------------------------------------------------------------ years that are not whole


def test_no_year_is_compared_with_one_that_is_not_whole() -> None:
    """2026 lacks what was earned in 2025: no change from it, in words, tables, on the terminal or a figure."""
    result = successor()
    for lang in LANGUAGES:
        pieces = medium_term(desk_of(result, lang))
        words = [piece.text for piece in pieces if isinstance(piece, Sentences)]
        told = [text for text in words if "2026" in text]
        assert len(told) == 1 and "%" not in told[0] and ("不作比较" in told[0] or "not compared" in told[0])
        assert any("2028" in text and "%" in text for text in words)
        assert any("2026" in line for line in memo(result, lang) if "比较" in line or "not to be" in line)
        for picture in (fan(result, lang), years_by_measure(result, lang)):
            assert "*" in picture.note
            assert "2026*" in [label.get_text() for label in picture.axes.get_xticklabels()]
            assert "2027" in [label.get_text() for label in picture.axes.get_xticklabels()]


def test_a_plan_that_begins_with_such_a_year_has_no_change_from_it() -> None:
    result = run(load_scenario(SUCCESSOR, changes={"budget_year": 2026}), draws=60, seed=3)
    plan = tables_of(medium_term(desk_of(result, "en")))["annex_medium_term"]
    for row in plan.rows:
        assert row["change_y2027"] == row["change_y2027_share"] == "not compared"
        seldom = row["y2027"] in (0, "none met") and row["y2028"] in (0, "none met")
        assert row["change_y2028"] == "none met" if seldom else isinstance(row["change_y2028"], int)
    assert not any(cell[1].startswith("change_y2027") for cell in plan.links)


# ------------------------------------------------------------------ beside the report


def test_a_page_names_the_report_with_most_draws_of_its_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario(TOY, changes={**RARE, "claims.fee.intensity.value": 1})
    assert reported(scenario) is None
    assert "100 draws" in beside(None, 100, "en") and "100次" in beside(None, 100, "zh")
    for draws in (300, 120):
        save_result(run(scenario, draws=draws, seed=1), tmp_path / "reports" / scenario.name / f"n{draws}")
    found = reported(scenario)
    assert found is not None and (found.draws, found.seed) == (300, 1)
    sample = run(scenario, draws=300, seed=1).paid(special=True)[:, 0]
    assert found.needed == quantile(sample, 0.9)
    text = beside(found, 100, "en", quantile(sample[:100], 0.9))
    for number in (found.needed.value, found.needed.low, found.needed.high, np.sort(sample[:100])[89]):
        assert format_wan(round(float(number))) in text
    assert "300 draws" in text and "100 draws" in text and "as many" in beside(found, 300, "en")
    assert reported(load_scenario(TOY)) is None  # another scenario of the same name


# ------------------------------------------------------------------ no negative nothing


def test_what_shows_as_nothing_has_no_sign() -> None:
    money, share, count = (Column(key="x", heading="x", kind=kind) for kind in ("money", "share", "count"))
    assert format_wan(-0.4) == format_wan(-4_999) == "0.00" and format_wan(-5_000) == "-0.01"
    assert cell_text(-0.2, money) == "0.00" and cell_text(-1e-9, share) == "0.0%"
    assert cell_text(-0.01, count) == "0.0"
    assert signed("0.00") == "0.00" and signed("0.01") == "+0.01" and signed("-0.01") == "-0.01"
    assert str(_amount(-0.2, money)) == "0.0"
    # A workbook's totals foot to the fen, so a fen stays one.
    assert _amount(-1, money) == -1e-6 and _amount(4_999, money) == 0.004999


def test_a_summary_without_an_error_still_has_its_value(tmp_path: Path) -> None:
    desk = desk_of(run(load_scenario(TOY), draws=50, seed=1))
    found = summarise(desk.saved).expected
    assert (found.value, found.error, found.needs) == (40_000_000, None, None)
    refused = summarise(desk_of(rare(1e-8)).saved).expected
    assert refused.needs == 2_000 and refused.error is None
