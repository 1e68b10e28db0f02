"""Formulas of a table's cells: what they add up, what they say while a number is missing, what they refuse."""

from __future__ import annotations

import pytest

from simkit.base.errors import InputError
from simkit.report.papers.table import Blank, Column, Ratio, Sum, Table
from simkit.report.papers.xlsx.formulas import Formula, formulas
from tests.report.papers import budget_table


def table(rows, links, **kinds):
    columns = tuple(Column(key=key, heading=key, kind=kinds.get(key, "money")) for key in rows[0])
    return Table(id="t", title="t", columns=columns, rows=tuple(rows), links=links)


def test_neighbours_are_one_range_and_differences_are_written_out():
    rows = [{"a": 1}, {"a": 2}, {"a": 4}, {"a": 8}, {"a": 7}, {"a": 3 - 8}, {"a": -7 - 8}]
    links = {
        (4, "a"): Sum(((0, "a"), (1, "a"), (2, "a"))),
        (5, "a"): Sum(((0, "a"), (1, "a")), ((3, "a"),)),
        (6, "a"): Sum((), ((0, "a"), (1, "a"), (2, "a"), (3, "a"))),
    }
    texts = {cell[0]: one.text for cell, one in formulas(table(rows, links), 9).items()}
    assert texts == {4: "=SUM(A10:A12)", 5: "=A10+A11-A13", 6: "=0-A10-A11-A12-A13"}
    links = {
        (6, "a"): Sum(((0, "a"), (2, "a")), ((1, "a"), (3, "a"), (0, "a"), (2, "a"), (3, "a"), (5, "a")))
    }
    rows[6] = {"a": 5 - 2 - 8 - 1 - 4 - 8 + 5}
    assert formulas(table(rows, links), 0)[6, "a"].text == "=SUM(A1,A3)-SUM(A1:A4,A4,A6)"


def test_what_rests_on_an_input_has_words_until_all_numbers_are_there():
    rows = [{"a": Blank("", 5)}, {"a": 2}, {"a": 7}, {"a": 9}]
    links = {(2, "a"): Sum(((0, "a"), (1, "a"))), (3, "a"): Sum(((2, "a"), (1, "a")))}
    found = formulas(table(rows, links), 0)
    assert found[2, "a"] == Formula('=IF(COUNT(A1:A2)=2,SUM(A1:A2),"—")', "—")
    assert found[3, "a"] == Formula('=IF(COUNT(A2:A3)=2,SUM(A2:A3),"—")', "—")  # an input behind another cell


def test_what_can_never_be_a_number_is_no_formula_without_words():
    rows = [{"a": "未定价"}, {"a": 2}, {"a": "x"}, {"a": "未提供"}]
    cells = ((0, "a"), (1, "a"))
    found = formulas(table(rows, {(2, "a"): Sum(cells), (3, "a"): Sum(cells, (), "未提供")}), 0)
    assert found == {(3, "a"): Formula('=IF(COUNT(A1:A2)=2,SUM(A1:A2),"未提供")', "未提供")}


def test_a_share_of_nothing_is_a_dash():
    rows = [{"a": 3, "s": 0.75}, {"a": 4, "s": None}, {"a": 0, "s": None}, {"a": "x", "s": None}]
    links = {(0, "s"): Ratio((0, "a"), (1, "a"))}
    links |= {(at, "s"): Ratio((0, "a"), (at + 1, "a")) for at in (1, 2)}
    found = formulas(table(rows, links, s="share"), 0)
    assert found[0, "s"].text == '=IF(A2=0,"—",A1/A2)'
    assert found[1, "s"] == Formula('=IF(A3=0,"—",A1/A3)', "—")
    assert found[2, "s"].text == '=IF(COUNT(A1,A4)<2,"—",IF(A4=0,"—",A1/A4))'


def test_money_stands_in_ten_thousand_yuan_so_other_units_are_no_formula():
    rows = [{"money": 600, "count": 3, "each": 200, "odd": 0.005}]
    kinds = {"count": "whole", "odd": "count"}
    links = {(0, "each"): Ratio((0, "money"), (0, "count"))}
    assert formulas(table(rows, links, **kinds), 0)[0, "each"].text == '=IF(B1=0,"—",A1/B1)'
    assert formulas(table(rows, {(0, "odd"): Ratio((0, "count"), (0, "money"))}, **kinds), 0) == {}


def test_an_input_is_never_a_formula_and_links_win_over_totals():
    whole = budget_table(voted=600_000_000)
    found = formulas(whole, 0)
    assert not {cell for cell in found if isinstance(whole.rows[cell[0]][cell[1]], Blank)}
    rows = [{"a": 1}, {"a": 2}, {"a": 3}]
    total = Table(
        id="t", title="", columns=(Column(key="a", heading="", kind="money"),), rows=tuple(rows), totals=(2,)
    )
    assert formulas(total, 0)[2, "a"].text == "=SUM(A1:A2)"
    linked = table(rows, {(2, "a"): Sum(((1, "a"), (0, "a"), (0, "a")), ((0, "a"),))})
    assert formulas(linked, 0)[2, "a"].text == "=A2+A1+A1-A1"


def test_a_circle_is_refused():
    rows = [{"a": 0}, {"a": 0}]
    links = {(0, "a"): Sum(((1, "a"),)), (1, "a"): Sum(((0, "a"),))}
    with pytest.raises(InputError, match="do not need each other, found row"):
        formulas(table(rows, links), 0)
