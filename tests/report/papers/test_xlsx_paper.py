"""The workbook of annexes: the tables' numbers, live formulas, inputs, protection, words that stay words."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import yaml

from simkit.base.errors import RunError
from simkit.base.visible import xml_text
from simkit.base.words import say
from simkit.cli import main
from simkit.report.annexes.all import annexes
from simkit.report.papers.notes import note_lines
from simkit.report.papers.paper import Annex
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Blank, Column, Table, cell_text, merged_rows
from simkit.report.papers.xlsx.paper import write_book
from simkit.report.papers.xlsx.stack import stacked_widths
from simkit.report.tables.all import all_tables
from simkit.report.tables.saved import Saved
from simkit.scenario import ScenarioFile
from simkit.scenario.parameters import layout
from simkit.scenario.parameters.rows import parameters
from tests.folders import file_names
from tests.office import converted
from tests.report.annexes.saved_runs import saved_run
from tests.report.papers import HOSTILE, budget_table, drawn, form, hostile_paper, paper
from tests.report.results import BASELINE, MANIFEST, result

CAP = "measures.headhunting.caps.yearly.amount"


@pytest.fixture(scope="module", params=["zh", "en"])
def real(request, tmp_path_factory):
    """The annexes of the baseline, all tables of the report beside them, and the sheet of parameters."""
    lang, folder = request.param, tmp_path_factory.mktemp("real")
    found = annexes(Saved(saved_run(result(), "workbook/baseline")), lang=lang)
    more = Annex(
        id="all",
        label="附件",
        heading="All",
        pieces=tuple(all_tables(result(), lang=lang, manifest=MANIFEST)),
    )
    found = replace(found, annexes=(*found.annexes, more))
    path = write_book(found, folder / "book.xlsx", scenario_file=ScenarioFile(BASELINE))
    return found, path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return write_book(hostile_paper(), tmp_path_factory.mktemp("hostile") / "x.xlsx")


@cache
def columns_by_row(sheet):
    """Columns, from 1, of the cells of each row: one that is merged counts once. A sheet's size is looked for once."""
    covered = defaultdict(set)
    for one in sheet.merged_cells.ranges:
        for row in range(one.min_row, one.max_row + 1):
            covered[row].update(range(one.min_col + 1, one.max_col + 1))
    columns = range(1, sheet.max_column + 1)
    return {
        row: [column for column in columns if column not in covered[row]]
        for row in range(1, sheet.max_row + 1)
    }


def rows_of(sheet, table):
    """First row, from 1, of a table on a sheet: below its headings, or where its first cells stand."""
    headings = [column.heading for column in table.columns]
    first = [cell_text(table.rows[0][column.key], column) for column in table.columns]
    for row, columns in columns_by_row(sheet).items():
        words = [sheet.cell(row, column).value for column in columns[: len(headings)]]
        titled = not table.title or any(
            sheet.cell(above, 1).value == table.title for above in range(max(row - 2, 1), row)
        )
        if table.headed and words == headings and titled:
            return row + 1
        if not table.headed and titled and [word or "" for word in words] == first:
            return row
    raise AssertionError(f"{table.id} is not on {sheet.title}")


def compare(sheet, table):
    """Every cell of a table is on the sheet, money in 万元; give its first row."""
    first = rows_of(sheet, table)
    covered = {
        (row + more, column.key)
        for column in table.columns
        for row, count in merged_rows(table, column).items()
        for more in range(1, count)
    }
    for number, row in enumerate(table.rows):
        for place, column in zip(columns_by_row(sheet)[first + number], table.columns, strict=False):
            if (number, column.key) in covered:
                continue
            value, cell = row[column.key], sheet.cell(first + number, place)
            value = value.value if isinstance(value, Blank) else value
            if isinstance(row[column.key], Blank) and value is None:
                assert cell.value is None
            elif value is None or isinstance(value, str) or column.kind == "text":
                assert (cell.value or "") == xml_text(cell_text(value, column)), (table.id, cell.coordinate)
            else:
                scale = 1_000_000 if column.kind == "money" else 1
                assert cell.value == pytest.approx(value / scale, rel=1e-12), (table.id, cell.coordinate)
            if column.kind == "money" and isinstance(value, int | float):
                assert cell.number_format == "#,##0.00"
            assert cell.protection.locked is not isinstance(row[column.key], Blank), cell.coordinate
    return first


def formulas_of(path):
    """Every formula of a workbook and its cached value: sheet, cell, formula, value; empty words are read as None."""
    texts, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)

    def value(sheet, cell):
        found = values[sheet.title][cell.coordinate].value
        return "" if found is None and cell.value.endswith(',"")') else found

    return [
        (sheet.title, cell.coordinate, cell.value, value(sheet, cell))
        for sheet in texts
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def recalculated(soffice, path, folder, **filled):
    """A workbook as LibreOffice computes it; openpyxl, which knows no values, saves it first.

    `filled`: what is written into cells of its second sheet before.
    """
    opened = openpyxl.load_workbook(path)
    for cell, value in filled.items():
        opened.worksheets[1][cell] = value
    bare = folder / "bare.xlsx"
    opened.save(bare)
    return openpyxl.load_workbook(converted(soffice, bare, folder / "out", "xlsx"), data_only=True)


# --- the tables' numbers ----------------------------------------------------------------------------------


def test_every_table_of_the_real_annexes_is_there_with_its_numbers(real):
    found, path = real
    opened = openpyxl.load_workbook(path, data_only=True)
    assert len(opened.sheetnames) == len(found.annexes) + 2
    for annex, name in zip(found.annexes, opened.sheetnames[1:], strict=False):
        sheet = opened[name]
        assert [sheet["A1"].value, sheet["A2"].value] == [annex.label, annex.heading]
        for table in (piece for piece in annex.pieces if isinstance(piece, Table)):
            first = compare(sheet, table)
            below = [sheet.cell(first + len(table.rows) + at, 1).value for at in range(len(table.notes))]
            assert below == note_lines(table.notes, found.lang)


def test_links_totals_and_parts_are_formulas(tmp_path):
    table = budget_table(voted=600_000_000)
    path = write_book(paper(table, form()), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[1]
    first = compare(openpyxl.load_workbook(path, data_only=True).worksheets[1], table)
    at = [first + row for row in range(len(table.rows))]
    assert sheet[f"C{at[3]}"].value == f"=SUM(C{at[0]}:C{at[2]})"
    assert sheet[f"E{at[0]}"].value == f"=SUM(C{at[0]}:D{at[0]})".replace(":", ",")
    assert sheet[f"F{at[1]}"].value == f'=IF(E{at[3]}=0,"—",E{at[1]}/E{at[3]})'
    gap = f'=IF(COUNT(C{at[4]}:C{at[5]})=2,C{at[5]}-C{at[4]},"未提供")'
    assert sheet[f"C{at[6]}"].value == gap
    assert compare(openpyxl.load_workbook(path, data_only=True).worksheets[1], form())


def test_every_formula_has_its_value(real):
    _, path = real
    found = formulas_of(path)
    assert len(found) > 100
    assert all(value is not None for *_, value in found)
    assert {formula.partition("(")[0] for _, _, formula, _ in found} >= {"=SUM", "=IF"}


@pytest.mark.office
def test_libreoffice_computes_the_cached_values(real, needs, tmp_path):
    _, path = real
    computed = recalculated(needs("soffice", "libreoffice"), path, tmp_path)
    for sheet, cell, formula, value in formulas_of(path):
        found = computed[sheet][cell].value
        if isinstance(value, str):
            assert (found or "") == value, (sheet, cell, formula)
        else:
            assert found == pytest.approx(value, rel=1e-9, abs=1e-9), (sheet, cell, formula)


@pytest.mark.office
def test_hostile_words_in_formulas_come_out_as_they_are(hostile, needs, tmp_path):
    found = formulas_of(hostile)
    computed = recalculated(needs("soffice", "libreoffice"), hostile, tmp_path)
    assert len(found) == len(HOSTILE)
    for words, (sheet, cell, _, value) in zip(HOSTILE, found, strict=True):
        expected = words if len(words) <= 255 else words[:254] + "…"
        assert value == xml_text(expected)
        if "\t" not in words and "\ufffe" not in words:  # LibreOffice reads a tab in a formula as a space
            assert computed[sheet][cell].value == value


# --- inputs -----------------------------------------------------------------------------------------------


@pytest.mark.office
def test_the_gap_follows_the_money_that_is_filled_in(needs, tmp_path):
    table = budget_table()
    path = write_book(paper(table), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[1]
    first = compare(sheet, table)
    voted, gap, other = f"C{first + 5}", f"C{first + 6}", f"D{first + 6}"
    assert (sheet[voted].value, sheet[gap].value, sheet[other].value) == ("未提供", "未提供", "未提供")
    filled = recalculated(needs("soffice", "libreoffice"), path, tmp_path, **{voted: 650.5}).worksheets[1]
    assert filled[gap].value == pytest.approx(650.5 - 500.000001, abs=1e-9)
    assert filled[other].value == "未提供"  # what it is to be compared with was refused
    emptied = recalculated(needs("soffice", "libreoffice"), path, tmp_path, **{voted: None}).worksheets[1]
    assert emptied[gap].value == "未提供"


def test_inputs_are_unlocked_marked_and_checked(tmp_path):
    path = write_book(paper(budget_table(), form()), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert sheet.protection.sheet and not sheet.protection.password
    assert not sheet.protection.formatColumns and not sheet.protection.selectLockedCells
    free = [cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
    assert len(free) == 4 and {cell.fill.start_color.rgb for cell in free} == {"FFFFF9DB"}
    locked = [cell for row in sheet.iter_rows() for cell in row if cell.protection.locked]
    assert "FFFFF9DB" not in {cell.fill.start_color.rgb for cell in locked}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    money = rules[next(cell.coordinate for cell in free if cell.value == "未提供")]
    assert (money.type, money.operator, money.formula1) == ("decimal", "greaterThanOrEqual", "0")
    assert money.allowBlank and money.showErrorMessage and money.prompt == "填预算数（万元）"
    words = rules[next(cell.coordinate for cell in free if cell.value == "已填")]
    assert words.type in (None, "none") and words.prompt == "填写单位名称"
    assert next(cell for cell in free if cell.value == "已填").number_format == "@"


def test_a_blank_over_several_rows_is_one_input(tmp_path):
    columns = (Column(key="a", heading="项"), Column(key="b", heading="内容", merged=True))
    rows = tuple({"a": name, "b": Blank("写")} for name in "xyz")
    path = write_book(paper(Table(id="t", title="t", columns=columns, rows=rows)), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert "B5:B7" in {one.coord for one in sheet.merged_cells.ranges}
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["B5:B7"]


def test_the_contents_say_what_is_there(tmp_path):
    found = paper()
    path = write_book(found, tmp_path / "x.xlsx")
    opened = openpyxl.load_workbook(path)
    sheet = opened.worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    for words in (found.title, found.subtitle, "编制单位", "2023年4月", "本测算基于假设。", "目录"):
        assert words in cells
    for annex, name in zip(found.annexes, opened.sheetnames[1:], strict=True):
        assert name == f"{annex.label} {annex.heading}"
        assert cells[annex.heading].hyperlink.location == f"'{name}'!A1"
    for key in ("book.inputs", "book.live", "book.parameters.absent"):
        assert say("zh", key) in cells
    assert cells[say("zh", "book.inputs")].fill.start_color.rgb == "FFFFF9DB"
    office = sheet.cell(cells["编制单位"].row, 2)
    assert not office.protection.locked and sheet.protection.sheet


# --- the page ---------------------------------------------------------------------------------------------


def test_the_page_is_set_up(real):
    found, path = real
    opened = openpyxl.load_workbook(path)
    for annex, sheet in zip(found.annexes, opened.worksheets[1:-1], strict=True):
        assert sheet.page_setup.paperSize == 9 and sheet.page_setup.fitToHeight == 0
        assert sheet.page_setup.orientation == ("landscape" if annex.landscape else "portrait")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_area
        assert "&P" in sheet.oddFooter.center.text and sheet.oddHeader.right.text
        assert sheet.freeze_panes
    budget = opened.worksheets[1]
    first = rows_of(openpyxl.load_workbook(path, data_only=True).worksheets[1], found.annexes[0].pieces[0])
    assert budget.freeze_panes == "A3" and first > 3  # its tables have headings of their own
    assert opened.worksheets[-1].title == layout.SHEETS[found.lang]


def test_headings_stand_still_only_over_their_own_numbers(tmp_path):
    other = Table(
        id="o",
        title="其他",
        columns=(Column(key="a", heading="名称"), Column(key="b", heading="件数", kind="whole")),
        rows=tuple({"a": "x", "b": at} for at in range(40)),
    )
    alike, mixed = paper(budget_table(), budget_table(title="二")), paper(budget_table(), other)
    sheets = [
        openpyxl.load_workbook(write_book(one, tmp_path / "x.xlsx")).worksheets[1] for one in (alike, mixed)
    ]
    assert (sheets[0].print_title_rows, sheets[0].freeze_panes) == ("$5:$5", "C6")
    assert (sheets[1].print_title_rows, sheets[1].freeze_panes) == ("$1:$2", "A3")


def test_headings_of_a_long_table_are_on_every_page(tmp_path):
    def listed(count):
        columns = (Column(key="a", heading="名称"),)
        return Table(id="l", title="", columns=columns, rows=tuple({"a": f"x{at}"} for at in range(count)))

    for count, rows in ((40, "$1:$2"), (41, "$3:$3")):
        path = write_book(paper(listed(count), budget_table()), tmp_path / "x.xlsx")
        sheet = openpyxl.load_workbook(path).worksheets[1]
        assert (sheet.print_title_rows, sheet.freeze_panes) == (rows, "A3")


def test_numbers_of_a_later_table_stand_below_those_of_the_first(tmp_path):
    columns = (
        Column(key="name", heading="区", merged=True),
        Column(key="y1", heading="年1", kind="money"),
        Column(key="y2", heading="年2", kind="money"),
        Column(key="sum", heading="计", kind="money", parts=("y1", "y2")),
    )
    rows = tuple({"name": "甲" * 40, "y1": at, "y2": 2, "sum": at + 2} for at in range(3))
    later = Table(id="later", title="分区", columns=columns, rows=rows)
    path = write_book(paper(budget_table(), later), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[1]
    first = compare(openpyxl.load_workbook(path, data_only=True).worksheets[1], later)
    merged = {one.coord for one in sheet.merged_cells.ranges}
    assert {f"A{first - 1}:B{first - 1}", f"A{first}:B{first + 2}"} <= merged
    assert [sheet.cell(first - 1, at).value for at in (1, 3, 4, 5)] == ["区", "年1", "年2", "计"]
    assert sheet[f"E{first}"].value == f"=SUM(C{first},D{first})"
    alone = stacked_widths([budget_table()], landscape=False)
    assert stacked_widths([budget_table(), later], landscape=False)[:5] == alone[:5]


def test_figures_keep_their_proportions_and_have_a_description(tmp_path):
    tall = Picture(drawn(9.0), "高图", "注")
    path = write_book(paper(Picture(drawn(), "图的说明"), tall), tmp_path / "x.xlsx")
    with zipfile.ZipFile(path) as parts:
        drawing = ElementTree.fromstring(parts.read("xl/drawings/drawing1.xml"))
    space = {
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "x": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    }
    assert [one.get("descr") for one in drawing.findall(".//x:cNvPr", space)] == ["图的说明", "高图"]
    sheet = openpyxl.load_workbook(path).worksheets[1]
    sizes = [(int(one.get("cx")), int(one.get("cy"))) for one in drawing.findall(".//a:ext", space)]
    rows = [int(one.text) + 1 for one in drawing.findall(".//x:from/x:row", space)]
    ends = [int(one.text) + 1 for one in drawing.findall(".//x:to/x:row", space)]
    assert rows == ends  # in one row, which no page break cuts
    for (width, height), inches, row in zip(sizes, ((8.4, 3.9), (8.4, 9.0)), rows, strict=True):
        assert width / height == pytest.approx(inches[0] / inches[1], rel=0.01)
        assert height / 12_700 <= sheet.row_dimensions[row].height <= 409


def test_long_lists_can_be_filtered(tmp_path):
    rows = tuple({"a": f"x{at}"} for at in range(30))
    table = Table(id="t", title="t", columns=(Column(key="a", heading="名称"),), rows=rows)
    sheet = openpyxl.load_workbook(write_book(paper(table), tmp_path / "x.xlsx")).worksheets[1]
    assert sheet.auto_filter.ref == "A4:A34" and not sheet.protection.autoFilter


def test_words_that_need_more_than_a_row_are_not_cut(tmp_path):
    text, cell = "长" * 6_000, "文" * 2_000
    columns = tuple(Column(key=key, heading=key) for key in "abcdefgh")
    table = Table(id="t", title="t", columns=columns, rows=(dict.fromkeys("abcdefgh", cell),))
    path = write_book(paper(Sentences(text), table), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[1]
    column = [sheet.cell(row, 1).value or "" for row in range(1, sheet.max_row + 1)]
    assert "".join(one for one in column if set(one) == {"长"}) == text
    at = next(row for row, one in enumerate(column, start=1) if one == cell)
    lines = 4_000 / sheet.column_dimensions["A"].width
    assert 15 * lines <= sheet.row_dimensions[at].height <= 409


# --- words that stay words --------------------------------------------------------------------------------


def test_hostile_words_stay_words(hostile):
    opened = openpyxl.load_workbook(hostile)
    assert len(opened.sheetnames) == len(HOSTILE) + 1 == len({name.lower() for name in opened.sheetnames})
    assert all(len(name.encode("utf-16-le")) <= 62 for name in opened.sheetnames)
    shown = [cell for sheet in opened for row in sheet.iter_rows() for cell in row if cell.value is not None]
    formulas = [cell.value for cell in shown if cell.data_type == "f"]
    assert len(formulas) == len(HOSTILE) and all(one.startswith("=IF(COUNT(") for one in formulas)
    texts = {cell.value for cell in shown if cell.data_type == "s"}
    assert {xml_text(words) for words in HOSTILE} - texts <= {"#N/A"}  # openpyxl takes that for an error
    links = [cell.hyperlink for cell in shown if cell.hyperlink is not None]
    assert len(links) == len(HOSTILE) and all(one.target is None and one.location for one in links)
    with zipfile.ZipFile(hostile) as parts:
        names = " ".join(parts.namelist())
        assert not re.search("external|vba|macro|dde", names, re.IGNORECASE)
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))  # an XML that Excel can read
                assert b'TargetMode="External"' not in parts.read(name)


def test_hostile_hints_and_margins_keep_to_the_limits(hostile, tmp_path):
    opened = openpyxl.load_workbook(hostile)
    prompts = [rule.prompt for sheet in opened for rule in sheet.data_validations.dataValidation]
    assert len(prompts) == 4 * len(HOSTILE)
    assert all(len(prompt.encode("utf-16-le")) <= 510 for prompt in prompts)
    with zipfile.ZipFile(hostile) as parts:
        header = re.search("<oddHeader>(.*?)</oddHeader>", parts.read("xl/worksheets/sheet2.xml").decode())
    assert header and "&amp;G" not in header[1] and "＆G" in header[1] and len(header[1]) < 255
    plain = openpyxl.load_workbook(write_book(paper(running="A & B&P"), tmp_path / "x.xlsx")).worksheets[1]
    assert plain.oddHeader.right.text == "A && B&&P"


def test_a_sheet_never_takes_the_name_of_another(tmp_path):
    found = paper()
    names = ("情景", "Ｓｃｅｎａｒｉｏｓ", "目录", "history", "", "x" * 40, "x" * 40)
    found = replace(found, annexes=tuple(replace(found.annexes[2], label="", heading=name) for name in names))
    path = write_book(found, tmp_path / "x.xlsx", scenario_file=ScenarioFile(BASELINE))
    opened = openpyxl.load_workbook(path)
    assert len(opened.sheetnames) == 9 and opened.sheetnames[-1] == "情景"
    assert opened.sheetnames[1:3] == ["情景~2", "Ｓｃｅｎａｒｉｏｓ~2"]


# --- the parameters ---------------------------------------------------------------------------------------


def test_a_scenario_that_is_filled_in_is_imported(real, tmp_path, capsys):
    found, path = real
    opened = openpyxl.load_workbook(path)
    sheet = opened[layout.SHEETS[found.lang]]
    given = {
        "name": "lower_cap",
        "title.zh": "降低上限",
        "author": "测算组",
        "date": "2026-11-22",
        "reason.zh": "试",
    }
    for key, value in given.items():
        sheet.cell(layout.META + 1 + layout.KEYS.index(key), layout.FIRST_SCENARIO + 1, value)
    rows = {one.path: layout.FIRST_ROW + 1 + at for at, one in enumerate(parameters(ScenarioFile(BASELINE)))}
    assert not sheet.cell(rows[CAP], layout.FIRST_SCENARIO + 1).protection.locked
    sheet.cell(rows[CAP], layout.FIRST_SCENARIO + 1, 30)
    opened.save(tmp_path / "filled.xlsx")
    words = [
        "overlay",
        "import",
        str(BASELINE),
        str(tmp_path / "filled.xlsx"),
        "--out",
        str(tmp_path / "new"),
    ]
    assert main(words) == 0, capsys.readouterr()
    overlay = yaml.safe_load((tmp_path / "new" / "lower_cap.yaml").read_text("utf-8"))
    assert overlay["changes"] == {CAP: "30万元"} and overlay["base"] == "baseline"


def test_a_book_that_nobody_filled_in_is_refused(real, tmp_path, capsys):
    _, path = real
    assert main(["overlay", "import", str(BASELINE), str(path), "--out", str(tmp_path / "new")]) == 2
    printed = capsys.readouterr()
    assert "情景" in printed.err + printed.out or "scenario" in printed.err + printed.out
    assert not (tmp_path / "new").exists()


def test_a_book_without_parameters_is_refused(tmp_path, capsys):
    path = write_book(paper(), tmp_path / "x.xlsx")
    assert main(["overlay", "import", str(BASELINE), str(path), "--out", str(tmp_path / "new")]) == 2
    assert "附件1 标题1" in "".join(capsys.readouterr())


# --- the file ---------------------------------------------------------------------------------------------


def test_the_same_paper_gives_the_same_bytes(tmp_path):
    file = ScenarioFile(BASELINE)
    first = write_book(paper(), tmp_path / "a.xlsx", scenario_file=file).read_bytes()
    assert write_book(paper(), tmp_path / "b.xlsx", scenario_file=file).read_bytes() == first
    properties = openpyxl.load_workbook(tmp_path / "a.xlsx").properties
    assert (properties.title, properties.subject) == ("2024年度预算附件", "副标题")
    assert properties.created.date() == properties.modified.date() == paper().date


def test_whole_or_not_at_all(tmp_path, monkeypatch):
    (tmp_path / "x.xlsx").write_text("old")
    broken = paper(Picture(drawn(), "图"))
    monkeypatch.setattr(Picture, "png", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_book(broken, tmp_path / "x.xlsx")
    assert (tmp_path / "x.xlsx").read_text() == "old"
    (tmp_path / "y.xlsx").mkdir()
    with pytest.raises(RunError, match=r"cannot be written.*nothing was kept"):
        write_book(paper(budget_table()), tmp_path / "y.xlsx")
    assert file_names(Path(tmp_path)) == ["x.xlsx", "y.xlsx"]
