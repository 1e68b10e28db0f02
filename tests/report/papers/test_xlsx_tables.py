"""The workbook: the tables' numbers, live totals, text that stays text, the same bytes."""

from __future__ import annotations

import re
import zipfile

import openpyxl
import pytest

from simkit.base.errors import RunError
from simkit.report.papers.table import Column, Table, cell_text
from simkit.report.papers.xlsx.tables import sheet_names, write_xlsx
from simkit.report.tables.all import all_tables
from tests.folders import file_names
from tests.office import converted
from tests.report.results import MANIFEST, result

HOSTILE = [
    "=cmd|'/c calc'!A1",
    "+1",
    "-1",
    "@SUM(A1)",
    "http://x.y",
    "1e400",
    "a\tb\x01c",
    "长" * 500,
    "<b>&amp;</b>",
    "'",
]
FIRST = 4  # row of the first line below title, unit and headings


@pytest.fixture(scope="module", params=["zh", "en"])
def book(request, tmp_path_factory):
    found = all_tables(result(), lang=request.param, manifest=MANIFEST)
    path = write_xlsx(found, tmp_path_factory.mktemp("book") / "tables.xlsx", lang=request.param)
    return request.param, found, path


def hostile_table():
    columns = (Column(key="name", heading="=1+1"), Column(key="money", heading="money", kind="money"))
    rows = tuple({"name": name, "money": 100} for name in HOSTILE)
    return Table(id="x", title="=cmd[1]:*?/\\", columns=columns, rows=rows, notes=("=note", "@x"))


def test_every_table_has_its_sheet_with_the_same_numbers(book):
    lang, found, path = book
    opened = openpyxl.load_workbook(path, data_only=True)
    assert opened.sheetnames[1:] == sheet_names(found, lang)
    for table, name in zip(found, opened.sheetnames[1:], strict=True):
        sheet = opened[name]
        assert sheet.cell(1, 1).value == table.title
        assert (sheet.cell(2, 1).value or "") == table.unit
        assert [sheet.cell(3, place + 1).value for place in range(len(table.columns))] == [
            c.heading for c in table.columns
        ]
        for number, row in enumerate(table.rows):
            for place, column in enumerate(table.columns):
                value, cell = row[column.key], sheet.cell(FIRST + number, place + 1)
                if value is None or isinstance(value, str):
                    assert (cell.value or "") == cell_text(value, column)
                elif column.kind == "money":
                    assert cell.value == pytest.approx(value / 1_000_000, abs=1e-9)
                    assert cell.number_format == "#,##0.00"
                elif column.kind != "text":
                    assert cell.value == pytest.approx(value, abs=1e-12)
        below = [sheet.cell(FIRST + len(table.rows) + 1 + at, 1).value for at in range(len(table.notes))]
        assert below == list(table.notes)


def test_totals_are_live_formulas_with_their_value(book):
    _, _, path = book
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    count = 0
    for name in formulas.sheetnames:
        for row in formulas[name].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("=SUM("):
                    assert isinstance(values[name][cell.coordinate].value, int | float), (
                        name,
                        cell.coordinate,
                    )
                    count += 1
    assert count > 60


def test_print_setup_frozen_heads_and_contents(book):
    _, found, path = book
    opened = openpyxl.load_workbook(path)
    contents = opened.worksheets[0]
    assert [contents.cell(FIRST + at, 2).value for at in range(len(found))] == [
        table.title for table in found
    ]
    assert contents.cell(FIRST, 2).hyperlink.location
    for sheet in opened.worksheets[1:]:
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.freeze_panes in ("A4", "B4")


def test_hostile_names_stay_text(tmp_path):
    path = write_xlsx([hostile_table(), hostile_table()], tmp_path / "x.xlsx", properties={"title": "=1+1"})
    opened = openpyxl.load_workbook(path)
    assert len(set(opened.sheetnames)) == 3 and all(len(name) <= 31 for name in opened.sheetnames)
    sheet = opened.worksheets[1]
    for number, name in enumerate(HOSTILE):
        cell = sheet.cell(FIRST + number, 1)
        assert cell.data_type == "s", name
        if "\x01" not in name:
            assert cell.value == name
    assert sheet.cell(1, 1).data_type == sheet.cell(3, 1).data_type == "s"
    with zipfile.ZipFile(path) as parts:
        assert not any("external" in name.lower() for name in parts.namelist())
        assert "<f>" not in parts.read("xl/worksheets/sheet2.xml").decode()


def test_a_text_beyond_what_a_cell_holds_is_cut_and_says_so(tmp_path):
    table = Table(id="x", title="t", columns=(Column(key="a", heading="a"),), rows=({"a": "长" * 40_000},))
    sheet = openpyxl.load_workbook(write_xlsx([table], tmp_path / "x.xlsx")).worksheets[1]
    assert len(sheet.cell(FIRST, 1).value) == 32_767 and sheet.cell(FIRST, 1).value.endswith("（后略）")


def test_the_same_tables_give_the_same_bytes(tmp_path):
    found = all_tables(result(), lang="zh")
    first = write_xlsx(found, tmp_path / "a.xlsx").read_bytes()
    assert write_xlsx(found, tmp_path / "b.xlsx").read_bytes() == first


def test_a_file_that_cannot_be_written_is_said_so_and_the_old_one_stays(tmp_path):
    (tmp_path / "file").write_text("old")
    with pytest.raises(RunError, match="cannot be written"):
        write_xlsx([hostile_table()], tmp_path / "file" / "x.xlsx")
    folder = tmp_path / "x.xlsx"
    folder.mkdir()
    with pytest.raises(RunError, match="nothing was kept"):
        write_xlsx([hostile_table()], folder)
    assert file_names(tmp_path) == ["file", "x.xlsx"]


@pytest.mark.office
def test_libreoffice_computes_the_same_totals(book, needs, tmp_path):
    """The cached values are taken out first, so that what is read back was computed."""
    soffice = needs("soffice", "libreoffice")
    _, _, path = book
    bare, out = tmp_path / "bare.xlsx", tmp_path / "out"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/"):
                data = re.sub(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1", data)
            target.writestr(name, data)
    converted(soffice, bare, out, "xlsx")
    formulas = openpyxl.load_workbook(path)
    cached, computed = (openpyxl.load_workbook(one, data_only=True) for one in (path, out / "bare.xlsx"))
    compared = 0
    for name in formulas.sheetnames:
        for row in formulas[name].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = computed[name][cell.coordinate].value
                    expected = cached[name][cell.coordinate].value
                    assert value == pytest.approx(expected, abs=1e-6), (name, cell.coordinate)
                    compared += 1
    assert compared > 60
