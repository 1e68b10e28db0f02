"""The catalogue: every provision once, under its article, and nothing in it that the data do not say."""

from __future__ import annotations

from functools import lru_cache

import pytest

from simkit.report.annexes.catalogue import catalogue
from simkit.report.papers.table import Table, merged_rows
from simkit.report.tables.treatment import treatment
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from tests.report.annexes.desks import chinese, desk_of
from tests.report.results import BASELINE, empty, result
from tests.small_scenarios import BOTH, claim, fixed, measure, write_scenario


@lru_cache
def written(lang: str = "zh") -> Table:
    (table,) = catalogue(desk_of(result(), lang))  # type: ignore[arg-type]
    assert isinstance(table, Table)
    return table


def row_of(name: str) -> dict:
    return next(row for row in written().rows if row["award_item"] == name)


def test_every_provision_stands_once_with_its_words():
    measures = result().scenario.policy.measures.values()
    found = [(row["award_item"], row["content"]) for row in written().rows]
    assert sorted(found) == sorted((one.name.zh, "……".join(one.quote)) for one in measures)
    assert len(found) == 41
    assert [row["number"] for row in written().rows] == [str(number) for number in range(1, 42)]


def test_each_article_is_one_cell():
    spans = merged_rows(written(), written().columns[0])
    articles = [row["article"] for row in written().rows]
    assert sum(spans.values()) + sum(articles.count(one) == 1 for one in articles) == len(articles)
    assert len(set(articles)) == 9 and articles[0] == "三.1 充分发挥人力资源市场决定性配置作用"


@pytest.mark.parametrize(
    ("item", "procedure", "costed"),
    [
        ("猎头引才奖励", "申报审核", "按政策文本计价"),
        ("新输送员工补贴", "申报审核", "按假设计价"),
        ("数字化改造补助", "评审择优", "按假设计价"),
        ("高管研修、骨干提升和从业人员培训", "项目预算", "按假设计价"),
        ("重点企业供需对接平台", "政策文本未明确", "未定价"),
        ("全市服务业企业百强评选", "不涉及资金兑付", "不涉及资金"),
        ("其他标准化补助（其他政策）", "按其他政策执行", "其他政策，只作不重复比较"),
    ],
)
def test_how_it_is_carried_out_and_costed_follows_from_the_data(item, procedure, costed):
    row = row_of(item)
    assert (row["procedure"], row["costed"]) == (procedure, costed)


def test_nothing_is_said_to_be_paid_without_an_application():
    assert not any("免申即享" in text for row in written().texts() for text in row)


def test_what_is_unpriced_says_so_and_shows_no_number():
    names = result().scenario.policy.measures
    waiting = {one.name.zh for key, one in names.items() if treatment(result(), key) == "unpriced"}
    assert {row["award_item"] for row in written().rows if row["costed"] == "未定价"} == waiting
    assert not any(column.kind == "money" for column in written().columns)


def test_who_is_responsible_and_what_may_not_hold_in_law():
    assert row_of("大赛获奖团队直通“甬江人才工程”终轮评审")["departments"] == "市委人才办、市人力社保局"
    assert row_of("新引进机构总部地方财政贡献补助")["validity"].startswith(
        "有效（与地方财政贡献挂钩的补助自2024年8月1日"
    )


def test_a_note_names_a_reading_by_its_question():
    policy = result().scenario.policy
    question = policy.readings["fair_competition"].question.zh
    noted = [one.name.zh for one in policy.measures.values() if "fair_competition" in one.status_note]
    assert len(noted) == 4
    for name in noted:
        validity = row_of(name)["validity"]
        assert validity.endswith(f"见解读项“{question}”）。") and "。）" not in validity
    assert not any(key in text for key in policy.readings for row in written().texts() for text in row)


def test_a_reading_s_id_within_another_word_is_no_reading(tmp_path):
    reading = {
        "clause": "一",
        "quote": measure(fixed("1万元"))["quote"],
        "question": {"zh": "怎么算？", "en": "how?"},
        "options": {"a": {"label": BOTH}, "b": {"label": BOTH, "overlay": {"measures.m.repeat": "once"}}},
        "default": "a",
        "why": BOTH,
    }
    one = measure(fixed("1万元"), status_note="见cap_x和 cap，另见cap。")
    path = write_scenario(tmp_path, {"m": one}, {"m": claim(1)}, policy={"readings": {"cap": reading}})
    (table,) = catalogue(desk_of(run(load_scenario(path), draws=20, seed=1)))
    assert isinstance(table, Table)
    assert table.rows[0]["validity"] == "有效（见cap_x和“怎么算？”，另见“怎么算？”）。"


def test_what_the_scenario_limits_is_no_total_cap_of_the_policy():
    assert row_of("数字化改造补助")["total_capped"] == "否（测算另设年度额度，系假设）"
    assert row_of("产业园及园区机构绩效考评奖励")["total_capped"] == "否（测算另设年度名额，系假设）"
    assert row_of("猎头引才奖励")["total_capped"] == "否"


def test_a_total_cap_names_the_measures_that_count_under_it(tmp_path):
    measures = {
        "a": measure(fixed("1万元"), clause="二"),
        "b": measure(fixed("1万元"), clause="一", status="suspended", status_note="待修订"),
        "c": measure(fixed("1万元"), clause="二", in_force={"since": "2024-01-01", "until": "2024-06-30"}),
    }
    cap = {
        "name": {"zh": "年度总量", "en": "yearly total"},
        "clause": "四",
        "measures": ["a"],
        "amount": "5万元",
    }
    path = write_scenario(
        tmp_path, measures, {"a": claim(1), "c": claim(1)}, policy={"total_caps": {"all": cap}}
    )
    (table,) = catalogue(desk_of(run(load_scenario(path), draws=20, seed=1)))
    assert isinstance(table, Table)
    # The article of the first comes whole before the other.
    assert [(row["article"], row["total_capped"]) for row in table.rows] == [
        ("二", "是（年度总量）"),
        ("二", "否"),
        ("一", "否"),
    ]
    assert [row["validity"] for row in table.rows] == [
        "有效",
        "有效；执行期2024-01-01至2024-06-30",
        "暂停（待修订）",
    ]
    assert table.rows[2]["costed"] == "已停止，不计"
    assert {row["departments"] for row in table.rows} == {"未提供"}
    assert not any("未设" in note for note in table.notes)


@pytest.mark.parametrize("count", [1, 60])
def test_one_provision_or_sixty(tmp_path, count):
    names = [f"m{number}" for number in range(count)]
    one = measure(fixed("1万元"), name=BOTH)
    path = write_scenario(tmp_path, dict.fromkeys(names, one), {names[0]: claim(1)})
    (table,) = catalogue(desk_of(run(load_scenario(path), draws=20, seed=1)))
    assert isinstance(table, Table)
    assert len(table.rows) == count
    costed = [row["costed"] for row in table.rows]
    assert costed.count("按政策文本计价") == 1 and costed.count("未定价") == count - 1


def test_english_headings_and_judgements_are_english():
    table = written("en")
    for words in (table.title, *(column.heading for column in table.columns)):
        assert words.isascii(), words
    for row in table.rows:
        assert not any(chinese(row[key]) for key in ("award_item", "procedure", "total_capped", "costed"))


def test_draws_do_not_matter():
    assert catalogue(desk_of(empty()))[0].rows == written().rows  # type: ignore[union-attr]
    one = run(load_scenario(BASELINE), draws=1, seed=1)
    assert catalogue(desk_of(one))[0].rows == written().rows  # type: ignore[union-attr]
