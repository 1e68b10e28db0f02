"""What every written workbook has in common: names, words, and that it is whole or not there."""

from __future__ import annotations

import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.base.errors import RunError
from simkit.base.visible import xml_text
from simkit.documents.workbook import CREATED, cut, new_workbook, sheet_names
from tests.folders import file_names


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(st.characters(), max_size=60), st.integers(2, 40))
def test_what_is_cut_fits_and_says_so(text: str, most: int) -> None:
    found = cut(text, most)
    assert units(found) <= most
    assert found == xml_text(text) if units(xml_text(text)) <= most else found.endswith("…")


def test_what_xml_cannot_hold_or_nobody_sees_stands_as_its_number() -> None:
    found = "a[U+0000][U+001F][U+D800]\ufffdb[U+202E]\t\n"
    assert xml_text("a\x00\x1f\ud800\uffffb\u202e\t\n") == found


@given(st.lists(st.text(st.characters(), max_size=45), max_size=12))
def test_a_workbook_takes_every_name_of_a_sheet(words: list[str]) -> None:
    import io

    import xlsxwriter

    names = sheet_names([*words, *words], ["Contents"])
    book = xlsxwriter.Workbook(io.BytesIO())
    for name in ["Contents", *names]:
        book.add_worksheet(name)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < units(name) <= 31 and name.lower() != "history" for name in names)


def test_nothing_depends_on_the_day(tmp_path) -> None:
    for name in ("a", "b"):
        with new_workbook(
            tmp_path / name, {"title": "=\x01", "created": datetime.datetime(2023, 5, 1)}
        ) as book:
            book.add_worksheet().write(0, 0, "=1")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    (tmp_path / "a").rename(tmp_path / "a.xlsx")
    opened = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert opened.worksheets[0]["A1"].data_type == "s" and opened.properties.title == "=[U+0001]"
    assert opened.properties.created == datetime.datetime(2023, 5, 1) != CREATED


def test_what_fails_leaves_nothing(tmp_path) -> None:
    (tmp_path / "x.xlsx").write_text("old")
    with pytest.raises(ZeroDivisionError), new_workbook(tmp_path / "x.xlsx") as book:
        book.add_worksheet()
        _ = 1 / 0
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "x.xlsx" / "y.xlsx"):
        with pytest.raises(RunError, match="nothing was kept"), new_workbook(path) as book:
            book.add_worksheet()
    assert file_names(tmp_path) == ["folder", "x.xlsx"]
    assert (tmp_path / "x.xlsx").read_text() == "old"
