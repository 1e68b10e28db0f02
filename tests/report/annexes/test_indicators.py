"""Indicators: goals compare as the policy's words do, and no simulated figure stands as a target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simkit.report.annexes.all import TEMPLATE, template_of
from simkit.report.annexes.indicators import annual_indicators, policy_goals
from simkit.report.papers.table import Blank
from tests.report.annexes.desks import desk_of
from tests.report.results import result


@pytest.mark.parametrize(
    ("quote", "value", "unit", "shown"),
    [
        ("规模以上企业达到500家", 500, "家", "500家"),  # the word belongs to something else
        ("超过半数机构中50家", 50, "家", "50家"),
        ("超过1500家", 500, "家", "500家"),
        ("超过50家或不少于500家", 500, "家", "≥500家"),
        ("增速超过7.5%", 7.5, "%", "＞7.5%"),
        ("增速超过7.55%", 7.5, "%", "7.5%"),
        ("营收突破2,500亿元", 2500, "亿元", "＞2,500亿元"),
        ("培育500家及以上", 500, "家", "≥500家"),
    ],
)
def test_a_comparison_belongs_to_the_number_it_stands_at(quote, value, unit, shown):
    policy = result().scenario.policy
    goal = policy.goals["agencies"].model_copy(update={"quote": quote, "value": value, "unit": unit})
    policy = policy.model_copy(update={"goals": {"agencies": goal}})
    found = policy_goals(desk_of(replace(result(), scenario=replace(result().scenario, policy=policy))))
    (row,) = [row for row in found.rows if isinstance(row["item"], str)]
    assert row["target"] == shown


def test_the_template_says_which_words_compare(tmp_path):
    text = TEMPLATE.read_text(encoding="utf-8")
    path = tmp_path / "other.yaml"
    path.write_text(text.replace("more_than: [超过, 突破", "more_than: [达到"), encoding="utf-8")
    rows = policy_goals(desk_of(result(), template=template_of(str(path)))).rows
    target = {row["item"]: row["target"] for row in rows if isinstance(row["item"], str)}
    assert target["人力资源服务机构数"] == "＞2,500家" and target["行业年营业收入"] == "2,500亿元"


def test_no_simulated_figure_stands_as_a_target():
    table = annual_indicators(desk_of(result()))
    headings = {column.key: column.heading for column in table.columns}
    assert (headings["reference"], headings["target"]) == ("测算参考值", "目标值（填报单位填写）")
    assert all(isinstance(row["target"], Blank) and row["target"].value is None for row in table.rows)
    assert not any("区间" in note for note in table.notes)
    assert not any("机构数" in row["item"] for row in table.rows if isinstance(row["item"], str))


def test_the_part_paid_in_time_is_a_ratio_of_means_with_its_error():
    """Against the spread of the ratio over halves of the draws: the error is of the right size."""
    row = next(row for row in annual_indicators(desk_of(result())).rows if row["level2"] == "时效指标")
    cells = result().outlays.cells
    special = np.array([fund.special for fund in result().scenario.policy.funds.values()])
    keep = (cells["earned"] == 2024)[result().outlays.cell] & special[cells["fund"]][result().outlays.cell]
    now = keep & (cells["paid"][result().outlays.cell] == 2024)
    fen = result().outlays.fen
    awarded = np.bincount(result().outlays.draw[keep], fen[keep], result().draws)
    paid = np.bincount(result().outlays.draw[now], fen[now], result().draws)
    share = paid.sum() / awarded.sum()
    assert row["reference"] == f"{share:.1%}" and row["item"].startswith("专项经费")
    parts = [paid[one::20].sum() / awarded[one::20].sum() for one in range(20)]
    error = float(row["error"].removesuffix("个百分点")) / 100
    assert error == pytest.approx(np.std(parts, ddof=1) / np.sqrt(20), rel=0.6)
