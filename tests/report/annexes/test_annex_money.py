"""Annexes of money: every table foots to the fen with the ledger, and what was not given is never a number."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from simkit.report.annexes.adjustment import adjustment
from simkit.report.annexes.all import annexes, template_of
from simkit.report.annexes.budget import budget
from simkit.report.annexes.medium_term import medium_term
from simkit.report.annexes.payers import payers
from simkit.report.annexes.sources import Sources
from simkit.report.papers.pieces import Sentences
from simkit.report.papers.table import Blank, Language, Sum, Table, linked
from simkit.report.tables.saved import Saved
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.figures import year_sample
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.runs.store import save_result
from simkit.scenario import load_scenario
from simkit.sizing.quantiles import quantile
from tests.report import results

LANGS: tuple[Language, ...] = ("zh", "en")
ROOM = TemporaryDirectory()
CAP = results.FOLDER / "overlays" / "headhunting_rate.yaml"


def saved(result: Result, name: str, base: Result | None = None) -> Saved:
    """A result saved once a name."""
    folders = [Path(ROOM.name) / one for one in (name, f"{name}.base")]
    for folder, one in zip(folders, (result, base), strict=True):
        if one is not None and not folder.exists():
            save_result(one, folder)
    return Saved(folders[0], base=None if base is None else folders[1])


@lru_cache
def changed() -> Result:
    """The baseline with a dearer headhunting rate."""
    written = {
        "measures.headhunting.award.rate": "60%",
        "measures.headhunting.caps.yearly.amount": "70万元",
    }
    path = Path(ROOM.name) / "dearer.yaml"
    lines = "\n".join(f"  {key}: {value}" for key, value in written.items())
    path.write_text(
        "name: dearer\ntitle: {zh: 提标, en: dearer}\nbase: baseline\nauthor: 测试\ndate: 2023-05-01\n"
        f"reason: {{zh: 提高标准, en: a higher rate}}\nchanges:\n{lines}\n",
        encoding="utf-8",
    )
    return run(load_scenario(results.BASELINE, [path]), draws=results.DRAWS, seed=1)


def desk(one: Saved, lang: Language = "zh") -> Sources:
    return Sources(one, lang, template_of())


def tables(pieces: object) -> list[Table]:
    return [piece for piece in pieces if isinstance(piece, Table)]  # type: ignore[attr-defined]


def baseline_desk(lang: Language = "zh") -> Sources:
    return desk(saved(results.result(), "baseline"), lang)


# ------------------------------------------------------------------ budget


def test_lines_margin_and_need_foot() -> None:
    special, whole, _ = tables(budget(baseline_desk()))
    result = baseline_desk().result  # as it was saved: a fen may fall to another cell than in memory
    money = whole_fen(result)
    for table, is_special in ((special, True), (whole, False)):
        by_item = {row["item"]: row for row in table.rows}
        for year in (2024, 2025, 2026):
            key = f"y{year}"
            need = quantile(year_sample(result, year, special=is_special), 0.9).value
            assert by_item["期望支出小计"][key] == money.sum(special=is_special, paid=year)
            assert by_item["资金需求（保障程度90%）"][key] == round(need)
            assert by_item["风险准备"][key] == round(need) - money.sum(special=is_special, paid=year)
        assert by_item["风险准备"]["total"] is None  # margins of years do not add
    assert sum(row["y2024"] for row in special.rows if row["number"]) == money.sum(special=True, paid=2024)


def test_every_formula_is_live_and_right() -> None:
    for table in tables([*budget(baseline_desk()), *medium_term(baseline_desk()), *payers(baseline_desk())]):
        for cell, link in table.links.items():
            expected = linked(table, link)
            found = table.number(cell)
            assert found == pytest.approx(expected, rel=1e-12) if expected is not None else found is None


def test_money_voted_is_an_input_and_never_invented() -> None:
    special = tables(budget(baseline_desk()))[0]
    voted = next(row for row in special.rows if row["item"] == "拟安排预算")
    gap = next(number for number, row in enumerate(special.rows) if row["item"].startswith("差额"))
    assert isinstance(voted["y2024"], Blank) and voted["y2024"].value == "未提供"
    assert special.rows[gap]["y2024"] == "未提供"
    assert isinstance(special.links[gap, "y2024"], Sum)  # it follows once somebody writes an amount

    given = tables(budget(desk(saved(results.budgeted("defer"), "voted"))))[0]
    rows = {row["item"]: row for row in given.rows}
    assert rows["拟安排预算"]["y2024"].value == 2_000 * 1_000_000
    need = rows["资金需求（保障程度90%）"]["y2024"]
    assert rows["差额（拟安排预算－资金需求）"]["y2024"] == 2_000 * 1_000_000 - need
    funds = results.budgeted("defer").budget
    assert funds is not None
    carried = round(float(np.mean(funds.funds["hr"].carry_out[:, 1])))
    assert rows["预计年末结转"]["y2024"] == carried


@pytest.mark.parametrize("lang", LANGS)
def test_too_few_draws_refuse_the_quantile_only(lang: Language) -> None:
    special, _, quantiles = tables(budget(desk(saved(results.result(19), "few"), lang)))
    text = "\n".join("\t".join(row) for row in special.texts())
    refused = {"zh": "抽样不足", "en": "too few draws"}[lang]
    assert refused in text and refused in str(quantiles.texts())
    assert isinstance(special.rows[0]["y2024"], int)


def test_an_unpriced_fund_is_not_zero() -> None:
    whole = tables(budget(baseline_desk()))[1]
    row = next(row for row in whole.rows if row["item"].startswith("鄞州区"))
    assert row["y2024"] == row["total"] == "未定价"


def test_nobody_there() -> None:
    """No claims at all: every line is 0 and nothing divides by it."""
    found = [*budget(desk(saved(results.empty(), "empty"))), *payers(desk(saved(results.empty(), "empty")))]
    medium_term(desk(saved(results.empty(), "empty")))
    shares = [row["share"] for table in tables(found) for row in table.rows if "share" in row]
    assert shares and set(shares) <= {None}


# ------------------------------------------------------------------ years, payers


def test_the_plan_foots_and_explains_each_year() -> None:
    pieces = medium_term(baseline_desk())
    plan = tables(pieces)[0]
    money = whole_fen(baseline_desk().result)
    total = plan.rows[-1]
    assert [total[f"y{year}"] for year in (2024, 2025, 2026)] == [
        money.sum(paid=year) for year in (2024, 2025, 2026)
    ]
    assert total["change_y2025"] == money.sum(paid=2025) - money.sum(paid=2024)
    sentences = [piece.text for piece in pieces if isinstance(piece, Sentences) and piece.kind == "p"]
    assert [text[:4] for text in sentences] == ["2024", "2025", "2026"]
    change = money.sum(special=True, paid=2025) - money.sum(special=True, paid=2024)
    assert f"增加{change / 1e6:,.2f}万元" in sentences[1]


def test_departments_and_districts_add_up() -> None:
    departments, districts = tables(payers(baseline_desk()))
    result = baseline_desk().result  # as it was saved: a fen may fall to another cell than in memory
    money, policy = whole_fen(result), result.scenario.policy
    assert departments.rows[-1]["total"] == sum(money.sum(paid=year) for year in (2024, 2025, 2026))
    level = [place for place, fund in enumerate(policy.funds.values()) if fund.level == "district"]
    paid = sum(money.sum(paid=year, fund=place) for year in (2024, 2025, 2026) for place in level)
    assert districts.rows[-1]["total"] == paid  # every purse of a district is some district's
    beilun = next(row for row in districts.rows if row["district"] == "北仑区")
    own = list(policy.funds).index("beilun")
    assert beilun["own"] == sum(money.sum(paid=year, fund=own) for year in (2024, 2025, 2026)) > 0
    assert beilun["total"] == beilun["own"] + beilun["shared"]
    shares = [row["share"] for row in departments.rows[:-1] if row["share"] is not None]
    assert sum(shares) == pytest.approx(1)


# ------------------------------------------------------------------ adjustment


def test_without_an_overlay_there_is_nothing_to_reallocate() -> None:
    (words,) = adjustment(baseline_desk())
    assert isinstance(words, Sentences) and "无调剂事项" in words.text


def test_before_and_after_are_both_runs_to_the_fen() -> None:
    one = saved(changed(), "changed", results.result())
    base, after = one.baseline, one.result
    assert base is not None
    (table,) = tables(adjustment(desk(one)))
    rows = {row["item"]: row for row in table.rows}
    headhunting = rows["猎头引才奖励"]
    place = list(base.scenario.policy.measures).index("headhunting")
    assert headhunting["before"] == whole_fen(base).sum(special=True, paid=2024, measure=place)
    assert headhunting["after"] == whole_fen(after).sum(special=True, paid=2024, measure=place)
    assert headhunting["change"] == headhunting["after"] - headhunting["before"] > 0
    assert headhunting["why"] == "提高标准"
    assert rows["大学生技能人才培养输送补贴"]["why"] == ""
    need = [quantile(year_sample(one, 2024, special=True), 0.9).value for one in (base, after)]
    assert rows["资金需求（保障程度90%）"]["change"] == round(need[1]) - round(need[0])
    whole = rows["全政策期望支出合计"]
    assert whole["after"] == whole_fen(after).sum(paid=2024) and whole["before"] == whole_fen(base).sum(
        paid=2024
    )


def test_other_luck_is_not_compared() -> None:
    other = run(results.baseline(), draws=300, seed=1)
    (words,) = adjustment(desk(saved(changed(), "unlike", other)))
    assert isinstance(words, Sentences) and "未找到" in words.text
    (words,) = adjustment(desk(saved(changed(), "alone")))
    assert isinstance(words, Sentences) and "未找到" in words.text


# ------------------------------------------------------------------ the set


@pytest.mark.parametrize("lang", LANGS)
def test_the_set_speaks_one_language(lang: Language) -> None:
    paper = annexes(saved(results.result(), "baseline"), lang=lang)
    for annex in paper.annexes:
        for table in tables(annex.pieces):
            heads = "".join(column.heading for column in table.columns)
            assert heads.isascii() == (lang == "en"), heads
            assert all(not cell.startswith("annex.") for row in table.texts() for cell in row)
    assert paper.annexes[0].label == {"zh": "附件1", "en": "Annex 1"}[lang]
    assert len({annex.id for annex in paper.annexes}) == len(paper.annexes)
