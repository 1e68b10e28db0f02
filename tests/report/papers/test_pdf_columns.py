"""Columns share a page: nothing that cannot break is wider than its column, letters are as large as may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.report.papers.glyphs import em_width, printable
from simkit.report.papers.pdf.columns import breakable, fitted
from simkit.report.papers.table import Column, Table, cell_text

UPRIGHT, LYING = 442.2, 637.8


def table_of(columns: int, rows: int = 3, name: str = "引进奖励", fen: int = 9_999_990_000) -> Table:
    words = Column(key="name", heading="项目")
    money = [Column(key=str(place), heading="2024年", kind="money") for place in range(columns - 1)]
    row = {"name": name} | {column.key: fen for column in money}
    return Table(id="t", title="t", columns=(words, *money), rows=(row,) * rows)


def fit_of(table: Table, width: float):
    heads = [column.heading for column in table.columns]
    texts = [
        [printable(cell_text(row[column.key], column)) for column in table.columns] for row in table.rows
    ]
    return fitted(table, heads, texts, width)


@pytest.mark.parametrize("columns", [1, 2, 5, 10, 16, 30])
@pytest.mark.parametrize("width", [UPRIGHT, LYING])
def test_the_columns_fill_the_page_and_every_number_fits(columns, width):
    table = table_of(columns)
    fit = fit_of(table, width)
    assert sum(fit.widths) == pytest.approx(width)
    number = em_width("9,999.99", "Serif-Bold")
    assert all(fit.room(place) >= number for place in range(1, columns))


def test_few_columns_are_set_large_and_many_small():
    sizes = [fit_of(table_of(columns), LYING).size for columns in (3, 8, 12, 16, 30)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 10.5 and sizes[3] == 6.5 and 3 < sizes[4] < 6.5


def test_words_get_what_numbers_do_not_need():
    name = "新引进国内外知名人力资源服务机构"
    fit = fit_of(table_of(14, name=name), LYING)
    number = em_width("9,999.99", "Serif-Bold")
    assert fit.room(0) > 1.3 * fit.room(1) and fit.room(1) < 1.3 * number


def test_short_lines_stay_whole_and_one_long_text_takes_no_room_from_many():
    columns = tuple(Column(key=key, heading=key) for key in "abc")
    rows = [{"a": "有效", "b": "专项资金" * 20, "c": "级次一二三"} for _ in range(20)]
    rows[7] = rows[7] | {"a": "有效" * 30}
    fit = fit_of(Table(id="t", title="t", columns=columns, rows=tuple(rows)), UPRIGHT)
    assert fit.room(2) >= em_width("级次一二三") and fit.room(1) > 2 * fit.room(0)


def test_words_in_a_column_of_numbers_may_break():
    long = table_of(8)
    row = long.rows[0] | {"3": "a" * 500}
    table = Table(id="t", title="t", columns=long.columns, rows=(row,))
    assert fit_of(table, LYING).size >= 6.5


@given(st.text(max_size=200), st.floats(2.5, 40))
def test_breaking_changes_no_character(text, room):
    text = printable(text)
    parts = breakable(text, room)
    assert "".join([parts] if isinstance(parts, str) else parts).replace("\u200b", "") == text


@given(st.text("abcXYZ019._/-=:，。", min_size=1, max_size=300), st.floats(4, 40))
def test_no_part_of_a_long_word_is_wider_than_the_line(word, room):
    parts = breakable(word, room)
    parts = [parts] if isinstance(parts, str) else parts
    assert all(em_width(part.replace("\u200b", "")) <= room for part in parts)


def test_a_path_breaks_after_its_marks_and_short_words_never():
    path = "simkit/report/templates/annexes.typ"
    assert breakable(path, 30) == path
    assert breakable(path, 10) == ["simkit/", "report/", "templates/", "annexes.", "typ"]
    assert breakable("资金" * 100, 5) == "资金" * 100
    assert breakable("项目 " + "a" * 30 + " 完", 10)[0] == "项目 "
