"""The declaration of performance targets: each goal once at its place, money as in the budget, the rest left blank."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from simkit.base.errors import FaultsError
from simkit.report.annexes.all import ANNEXES, TEMPLATE, template_of
from simkit.report.annexes.budget import budget
from simkit.report.annexes.performance import performance
from simkit.report.annexes.template import read_template
from simkit.report.papers.pdf.columns import fitted
from simkit.report.papers.table import Blank, Sum, Table, merged_rows
from simkit.report.papers.widths import column_widths
from simkit.report.tables.budget import payable
from simkit.report.tables.headline import headline
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from tests.report.annexes.desks import chinese, desk_of, tables_of
from tests.report.results import BASELINE, empty, result
from tests.small_scenarios import claim, fixed, measure, write_scenario

BRANCHES = [
    "数量",
    "质量",
    "时效",
    "成本",
    "经济效益",
    "社会效益",
    "生态效益",
    "可持续影响",
    "服务对象满意度",
]


@lru_cache
def written(lang: str = "zh") -> dict[str, Table]:
    found = tables_of(performance(desk_of(result(), lang)))  # type: ignore[arg-type]
    return {name.removeprefix("annex_performance_"): table for name, table in found.items()}


def cells(table: Table) -> dict[str, object]:
    """Fields of a form by their label."""
    found = {}
    for row in table.rows:
        found[row["label"]] = row["value"]
        if "label2" in row:
            found[row["label2"]] = row["value2"]
    return found


# ------------------------------------------------------------------ the form


def test_what_is_known_is_filled_in_and_the_rest_is_blank():
    form = cells(written()["project"])
    assert form["项目名称"] == "市人才发展专项资金中的人力资源服务业专项经费"
    assert (form["项目开始时间"], form["项目终止时间"]) == ("2023-04-12", "2026-04-11")
    assert form["项目属性"].value == "□新增　□延续"  # type: ignore[union-attr]
    blank = ("填报单位（盖章）", "填报日期", "主管部门", "主管部门编码", "实施单位", "项目负责人", "联系电话")
    for label in blank:
        assert isinstance(form[label], Blank) and form[label].value is None and form[label].hint  # type: ignore[union-attr]
    why = cells(written()["reasons"])
    assert "《关于加快推进新时代人力资源服务业高质量发展的若干举措》（甬人社发〔2023〕9号" in why["立项依据"]  # type: ignore[operator]
    assert (
        "4条发展目标：规模能级更上台阶、园区布局更趋完善、平台载体更具特色、发展生态更加优化。"
        in why["项目长期目标"]
    )  # type: ignore[operator]
    assert "可量化目标共14项" in why["项目长期目标"]  # type: ignore[operator]
    assert isinstance(why["项目实施的必要性"], Blank) and isinstance(why["单位职能概述"], Blank)


def test_a_bureaus_template_fills_offices_and_codes(tmp_path):
    text = TEMPLATE.read_text(encoding="utf-8")
    for old, new in (("in_charge: {zh: ''", "in_charge: {zh: 某局"), ("department: ''", "department: '301'")):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "bureau.yaml"
    path.write_text(text, encoding="utf-8")
    found = tables_of(performance(desk_of(result(), template=template_of(str(path)))))
    form = cells(found["annex_performance_project"])
    assert (form["主管部门"], form["主管部门编码"]) == ("某局", "301")


def test_the_schedule_has_the_assumed_rounds_and_lines_to_fill_in():
    rows = written()["schedule"].rows
    assert [row["end"] for row in rows[:2]] == ["2024-06-30", "2024-11-30"]
    assert all(isinstance(row["step"], Blank) for row in rows[2:]) and len(rows) == 5


def test_opinions_and_signatures_are_left_to_people():
    table = written()["opinions"]
    assert len(table.rows) == 6 and [column.key for column in table.columns] == ["label", "value"]
    for row in table.rows:
        assert isinstance(row["value"], Blank)
        assert set(str(row["value"].value)) <= set(
            "\n\u3000（盖章）年月日"
        )  # a place for seal and date, no opinion
    assert all("（盖章）" in row["value"].value for row in table.rows[:4])


def test_who_gives_an_opinion_has_most_of_the_width():
    for lang in ("zh", "en"):
        table = written(lang)["opinions"]
        texts = table.texts()
        _, sheet = column_widths(table)
        assert sheet > 0.6 * sum(column_widths(table))
        paper = fitted(table, ["", ""], texts, 450).widths
        assert paper[1] > 0.6 * sum(paper)


# ------------------------------------------------------------------ money


def test_money_is_the_budgets():
    special, whole, _ = budget(desk_of(result()))
    year = {row["item"]: row["y2024"] for row in special.rows}
    rows = written()["money"].rows
    need = headline(result()).rows
    assert rows[0]["amount"] == year["资金需求（保障程度90%）"] == need[0]["amount"]
    assert rows[1]["amount"] == year["期望支出小计"]
    assert rows[2]["amount"] == year["风险准备"]
    assert rows[-1]["amount"] == {row["item"]: row["y2024"] for row in whole.rows}["期望支出小计"]
    assert rows[1]["amount"] + sum(row["amount"] for row in rows[5:-1]) == rows[-1]["amount"]
    assert rows[0]["error"] == need[0]["amount_error"] and rows[1]["error"] == year_error(special)


def year_error(table: Table) -> int:
    return int(next(row for row in table.rows if row["item"] == "期望支出标准误")["y2024"])


def test_totals_are_formulas_and_other_sources_are_asked_for():
    table = written()["money"]
    assert table.links[0, "amount"] == Sum(((1, "amount"), (2, "amount")))
    assert (len(table.rows) - 1, "amount") in table.links
    for row in table.rows[3:5]:
        assert isinstance(row["amount"], Blank) and row["amount"].value is None
    assert table.rows[0]["item"] == "资金总额（测算参考数，保障程度90%）"
    assert any("未作扣减" in note for note in table.notes)


# ------------------------------------------------------------------ indicators


def test_every_goal_stands_once_with_its_words_in_its_branch():
    goals = result().scenario.policy.goals
    rows = [row for row in written()["goals"].rows if not isinstance(row["item"], Blank)]
    assert sorted(row["quote"] for row in rows) == sorted(goal.quote for goal in goals.values())
    assert len(rows) == 14
    where = {row["item"]: row["level2"] for row in rows}
    assert where["行业年营业收入"] == "经济效益指标" and where["全年配置人力资源总量"] == "社会效益指标"
    assert where["中高端服务机构占比"] == "质量指标" and where["龙头总部机构"] == "数量指标"
    target = {row["item"]: row["target"] for row in rows}
    assert {item: words for item, words in target.items() if words[0] in "＞≥"} == {
        "中高端服务机构占比": "＞35%",
        "规上人力资源服务业占规上服务业比重": "＞18%",
        "行业年营业收入": "＞2,500亿元",
        "全省综合百强机构": "≥50家",
        "新增省级产业园": "≥2家",
        "服务经济实体": "≥40万家次",
    }
    assert target["人力资源服务机构数"] == "2,500家" and target["行业从业人员"] == "10万人"
    english = [row["target"] for row in written("en")["goals"].rows if isinstance(row["target"], str)]
    assert {one for one in english if one[0] in ">="} == {
        ">35%",
        ">18%",
        ">2,500亿元",
        ">=50家",
        ">=2家",
        ">=40万家次",
    }


@pytest.mark.parametrize("name", ["goals", "indicators"])
def test_the_tree_has_every_branch_in_the_forms_order(name):
    table = written()[name]
    assert list(dict.fromkeys(row["level2"] for row in table.rows)) == [f"{one}指标" for one in BRANCHES]
    tops = [row["level1"] for row in table.rows]
    assert list(dict.fromkeys(tops)) == ["产出指标", "效益指标", "满意度指标"]
    assert sum(merged_rows(table, table.columns[0]).values()) == len(tops) - tops.count("满意度指标")


@pytest.mark.parametrize(("name", "branch"), [("goals", "生态效益"), ("indicators", "服务对象满意度")])
def test_what_nobody_set_is_blank_with_a_hint(name, branch):
    (row,) = [row for row in written()[name].rows if row["level2"] == f"{branch}指标"]
    for key in ("item", "target", "remark"):
        assert isinstance(row[key], Blank) and row[key].value is None and branch in row[key].hint


def test_the_template_says_where_a_goal_belongs(tmp_path):
    text = TEMPLATE.read_text(encoding="utf-8")
    moved = text.replace("    revenue: economic\n", "").replace("staff: social", "staff: sustainable")
    path = tmp_path / "moved.yaml"
    path.write_text(moved, encoding="utf-8")
    found = tables_of(performance(desk_of(result(), template=template_of(str(path)))))
    where = {
        row["item"]: row["level2"]
        for row in found["annex_performance_goals"].rows
        if isinstance(row["item"], str)
    }
    assert where["行业年营业收入"] == "数量指标"  # what is not named is a quantity
    assert where["行业从业人员"] == "可持续影响指标" and len(where) == 14


def test_a_branch_that_there_is_none_of_is_a_fault(tmp_path):
    path = tmp_path / "wrong.yaml"
    wrong = TEMPLATE.read_text(encoding="utf-8").replace("revenue: economic", "revenue: economical")
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        read_template(path, tuple(ANNEXES))
    assert "performance.goals.revenue" in str(caught.value) and "economic" in str(caught.value)


def test_simulated_indicators_are_the_runs_with_their_errors():
    rows = {row["item"]: row for row in written()["indicators"].rows if isinstance(row["item"], str)}
    at = result().earned_years.index(2024)
    claims = result().counts[:, payable(result(), 2024), at, 5].sum(axis=1)
    row = rows["获补件数（专项经费承担的条款）"]
    assert row["reference"] == f"{claims.mean():,.0f}件"
    assert row["error"] == f"{claims.std(ddof=1) / np.sqrt(result().draws):,.2f}件"
    heads = result().money[:, list(result().scenario.policy.measures).index("students"), at, 0] / 50_000
    assert rows["大学生技能人才培养输送补贴：符合条件的申报数量"]["reference"] == f"{heads.mean():,.0f}人"
    money = {item: row["reference"] for item, row in rows.items()}
    assert money["专项经费资金需求（保障程度90%）"] == shown(written()["money"].rows[0]["amount"])
    assert money["专项经费期望支出"] == shown(written()["money"].rows[1]["amount"])
    for row in rows.values():
        need = "资金需求" in row["item"]
        assert row["error"] and row["remark"].startswith("模拟90%分位数；" if need else "模拟期望值；")


def shown(fen: int) -> str:
    return f"{fen / 1e6:,.2f}万元"


def test_goals_whose_year_is_over_have_to_be_set_anew():
    late = run(load_scenario(BASELINE, changes={"budget_year": 2026}), draws=60, seed=1)
    table = tables_of(performance(desk_of(late)))["annex_performance_goals"]
    assert all("重新设定" in row["remark"] for row in table.rows if isinstance(row["item"], str))
    assert all(row["remark"] == "" for row in written()["goals"].rows if isinstance(row["item"], str))


# ------------------------------------------------------------------ languages, few draws, small policies


def test_english_forms_are_english():
    for name, table in written("en").items():
        for words in (table.title, *(column.heading for column in table.columns)):
            assert words.isascii(), words
        for row in table.rows:
            for key, value in row.items():
                if isinstance(value, str) and key not in ("clause", "quote", "target", "value"):
                    assert not chinese(value.replace("风险准备", "")), (name, value)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_few_draws_refuse_figures_and_nothing_else(lang):
    few = run(load_scenario(BASELINE), draws=1, seed=1)
    found = tables_of(performance(desk_of(few, lang)))
    word = {"zh": "抽样不足", "en": "too few draws"}[lang]
    rows = found["annex_performance_money"].rows
    assert rows[0]["amount"] == rows[2]["amount"] == rows[1]["error"] == word
    assert isinstance(rows[1]["amount"], int)
    errors = [
        row["error"] for row in found["annex_performance_indicators"].rows if isinstance(row["item"], str)
    ]
    assert set(errors) == {word}


def test_nobody_there_counts_nobody():
    found = tables_of(performance(desk_of(empty())))
    rows = {
        row["item"]: row for row in found["annex_performance_indicators"].rows if isinstance(row["item"], str)
    }
    assert rows["获补件数（专项经费承担的条款）"]["reference"] == "0件"
    assert not any(row["level2"] == "时效指标" and isinstance(row["item"], str) for row in rows.values())


@pytest.mark.parametrize("count", [1, 60])
def test_a_policy_without_goals(tmp_path, count):
    names = [f"m{number}" for number in range(count)]
    path = write_scenario(
        tmp_path, dict.fromkeys(names, measure(fixed("1万元"))), dict.fromkeys(names, claim(1, among="city"))
    )
    found = tables_of(performance(desk_of(run(load_scenario(path), draws=60, seed=1))))
    assert all(isinstance(row["item"], Blank) for row in found["annex_performance_goals"].rows)
    assert isinstance(cells(found["annex_performance_reasons"])["项目长期目标"], Blank)
    assert len(found["annex_performance_indicators"].rows) == len(BRANCHES) + 1  # a second cost
