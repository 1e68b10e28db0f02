"""The list of agencies: sound lists in each format, and every fault that a list may have."""

from __future__ import annotations

import datetime
import io
import math
import traceback
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simkit.base.errors import Fault, FaultsError
from simkit.base.words import catalogue
from simkit.claims.agency_list import Roster
from simkit.claims.population_plan import PopulationPlan
from simkit.claims.roster import LINES, SHEET, read_roster
from simkit.documents import table, unpack
from simkit.documents.models import Text
from simkit.policy.schema import Policy
from simkit.scenario import load_scenario
from tests.small_scenarios import BOTH, assumed, attribute, claim, fixed, measure, write_scenario

Rows = Sequence[Sequence[Any]]

DISTRICTS = ["海曙区", "鄞州区", "宁海县"]
HEADINGS = ["机构名称", "许可证号", "主营业态", "区县", "符合条件", "规上", "营业收入（万元）", "staff"]
SOUND = [
    ["甲公司", "证001", "劳务派遣", "鄞州区", "是", "否", 500, 12],
    ["乙公司", "证002", "headhunting", "", "", "", "１，２３４．５", ""],
    ["丙公司", "", "招聘", "海曙区", "no", 1, "2,000", "3"],
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Policy, PopulationPlan]:
    """A policy with lines and districts, and a population with statuses and numbers."""
    status = {"share": assumed(0.1), "rate": assumed(0.1)}
    path = write_scenario(
        tmp_path_factory.mktemp("small"),
        {
            "one": measure(fixed("1元"), payers={"shares": {"local": "100%"}}),
            "two": measure(
                fixed("1元"),
                conditions={
                    "revenue": {"of": "revenue", "at_least": "1元"},
                    "staff": {"of": "staff", "at_least": "1人"},
                    "exports": {"of": "exports", "at_least": "1美元"},
                },
            ),
        },
        {"one": claim(1, holders="above_scale"), "two": claim(1, holders="listed")},
        policy={
            "funds": {
                "hr": {"name": BOTH, "department": "hr", "level": "city"},
                "local": {"name": BOTH, "department": "hr", "level": "district", "per_district": True},
            },
            "districts": DISTRICTS,
            "attributes": {
                "line": attribute("agency", "category", values=list(LINES)),
                "revenue": attribute("agency", "yuan"),
                "staff": attribute("agency", "count"),
                "exports": {"of": "agency", "unit": "usd", "name": {"zh": "出口额", "en": "Exports"}},
            },
        },
        population={
            "lines": {"recruitment": assumed(1)},
            "districts": {DISTRICTS[0]: assumed(1)},
            "statuses": {"above_scale": status, "listed": status},
            "numbers": {
                "revenue": {"value": assumed("100万元")},
                "staff": {"value": assumed("5人")},
                "exports": {"value": assumed("1万美元")},
            },
        },
    )
    scenario = load_scenario(path)
    return scenario.policy, scenario.plan.population


def book(path: Path, *tables: tuple[str, Rows]) -> Path:
    """Write sheets with xlsxwriter; what begins with = stays text."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in tables:
            sheet = workbook.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(at, column, value, day)
                    else:
                        sheet.write(at, column, value)
    return path


def text(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write a CSV file; commas in values are quoted."""
    lines = [
        delimiter.join(f'"{value}"' if delimiter in str(value) else str(value) for value in row)
        for row in rows
    ]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def faults_of(path: Path, small: tuple[Policy, PopulationPlan]) -> tuple[Fault, ...]:
    """The faults of a list, none of them without its Chinese words."""
    with pytest.raises(FaultsError) as caught:
        read_roster(path, *small)
    assert caught.value.exit_code == 2
    for fault in caught.value.faults:
        assert "应为a " not in fault.said("zh"), fault
        assert fault.file == str(path)
    return caught.value.faults


def the_fault(path: Path, small: tuple[Policy, PopulationPlan]) -> Fault:
    (fault,) = faults_of(path, small)
    return fault


def listed(rows: Rows, path: Path, small: tuple[Policy, PopulationPlan]) -> Fault:
    """The one fault of a list with these rows below the usual headings."""
    return the_fault(book(path / "roster.xlsx", ("表", [HEADINGS, *rows])), small)


def with_cell(column: str, value: Any) -> list[list[Any]]:
    """One sound row with another value in one column."""
    row = list(SOUND[0])
    row[HEADINGS.index(column)] = value
    return [row]


def assert_sound(roster: Roster) -> None:
    lines = list(LINES)
    assert roster.line.tolist() == [lines.index(name) for name in ("dispatch", "headhunting", "recruitment")]
    assert roster.district.tolist() == [1, -1, 0]
    assert roster.eligible.tolist() == [1, -1, 0]
    assert {name: column.tolist() for name, column in roster.statuses.items()} == {
        "above_scale": [0, -1, 1],
        "listed": [-1, -1, -1],
    }
    assert roster.numbers["revenue"].tolist() == [5_000_000, 12_345_000, 20_000_000]
    np.testing.assert_array_equal(roster.numbers["staff"], [12, np.nan, 3])
    assert np.isnan(roster.numbers["exports"]).all()
    kinds = (roster.line.dtype, roster.district.dtype, roster.eligible.dtype, roster.numbers["staff"].dtype)
    assert [str(kind) for kind in kinds] == ["int64", "int16", "int8", "float64"]


# --- sound lists


def test_a_workbook_is_read_in_its_order(tmp_path: Path, small: Any) -> None:
    assert_sound(read_roster(book(tmp_path / "a.xlsx", ("表", [HEADINGS, *SOUND])), *small))


def test_a_text_file_is_read_with_or_without_a_mark_of_its_encoding(tmp_path: Path, small: Any) -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        assert_sound(read_roster(text(tmp_path / "a.csv", [HEADINGS, *SOUND], encoding), *small))


def test_columns_stand_in_any_order_under_english_headings(tmp_path: Path, small: Any) -> None:
    headings = ["Name", "license", "LINE", "district", "Eligible", "Above Scale", "revenue(万元)", "staff"]
    turned = [list(reversed(row)) for row in [headings, *SOUND]]
    assert_sound(read_roster(book(tmp_path / "a.xlsx", ("表", turned)), *small))


def test_headings_give_the_unit_of_money(tmp_path: Path, small: Any) -> None:
    for heading, yuan in (
        ("营业收入(元)", 3),
        ("营业收入（单位：万元）", 30_000),
        ("revenue/亿元", 300_000_000),
    ):
        rows = [["name", "line", heading, "出口额（万美元）"], ["甲", "其他", 3, 0.07]]
        numbers = read_roster(text(tmp_path / "a.csv", rows), *small).numbers
        assert (numbers["revenue"].tolist(), numbers["exports"].tolist()) == ([yuan], [700])


def test_title_blank_rows_remarks_and_hidden_characters_do_no_harm(tmp_path: Path, small: Any) -> None:
    path = tmp_path / "a.xlsx"
    rows = [[f"\ufeff{HEADINGS[0]} ", *HEADINGS[1:], "备注（内部）"], *[[*row, "随便"] for row in SOUND]]
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range("A1:H1", "宁波市人力资源服务机构名录")
        for at, row in enumerate(rows):
            sheet.write_row(at * 2 + 2, 0, row)
        sheet.write_blank(900_000, 3, None, workbook.add_format({"bold": True}))
    assert_sound(read_roster(path, *small))


def test_the_first_visible_sheet_with_the_headings_is_read(tmp_path: Path, small: Any) -> None:
    other = [HEADINGS, ["旧公司", "", "其他"]]
    path = book(tmp_path / "a.xlsx", ("说明", [["请填写"]]), ("表", [HEADINGS, *SOUND]), ("旧表", other))
    assert_sound(read_roster(path, *small))
    path = book(tmp_path / "b.xlsx", ("旧表", other), (SHEET, [HEADINGS, *SOUND]))
    assert_sound(read_roster(path, *small))
    workbook = openpyxl.Workbook()
    workbook.active.append(other[0])
    workbook.active.sheet_state = "hidden"
    for row in [HEADINGS, *SOUND]:
        (workbook["表"] if "表" in workbook.sheetnames else workbook.create_sheet("表")).append(row)
    workbook.save(tmp_path / "c.xlsx")
    assert_sound(read_roster(tmp_path / "c.xlsx", *small))


def test_a_name_like_a_formula_is_text(tmp_path: Path, small: Any) -> None:
    rows = [["name", "line"], ["=cmd|' /C calc'!A0", "other"], ["+1", "其他"], ["@x", "其他"]]
    for path in (text(tmp_path / "a.csv", rows), book(tmp_path / "a.xlsx", ("表", rows))):
        assert len(read_roster(path, *small).line) == 3


def test_a_formula_with_its_result_is_a_number(tmp_path: Path, small: Any) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["name", "line", "staff"])
        sheet.write_row(1, 0, ["甲", "其他"])
        sheet.write_formula(1, 2, "=2+2", None, 4)
    assert read_roster(path, *small).numbers["staff"].tolist() == [4]


def test_agencies_without_licence_share_one_only_by_name(tmp_path: Path, small: Any) -> None:
    rows = [["name", "licence", "line"], ["甲", "1", "其他"], ["甲", "2", "其他"], ["乙", "", "其他"]]
    assert len(read_roster(text(tmp_path / "a.csv", rows), *small).line) == 3
    fault = the_fault(text(tmp_path / "a.csv", [*rows, [" 乙", "", "其他"]]), small)
    assert (fault.line, fault.path, str(fault.found)) == (5, "A5", "'乙' again, first in A4")


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (("宁波甲公司", "证1"), ("宁波甲公司", "")),
        (("宁波甲公司", ""), ("宁波甲公司", "证1")),
        (("宁波甲（集团）有限公司", "证1"), ("宁波甲(集团) 有限公司", "")),
        (("宁波甲〔集团〕公司", ""), ("宁波甲集团公司", "证1")),
        (("ＡＢＣ Co., Ltd.", ""), ("abc co ltd", "")),
    ],
)
def test_a_firm_with_its_licence_and_once_without_is_named_by_both_cells(
    first: tuple[str, str], again: tuple[str, str], tmp_path: Path, small: Any
) -> None:
    rows = [["name", "licence", "line"], [*first, "其他"], ["乙", "证9", "其他"], [*again, "其他"]]
    fault = the_fault(book(tmp_path / "a.xlsx", ("表", rows)), small)
    assert (fault.path, str(fault.expected)) == ("表!A4", "each agency once")
    assert str(fault.found).endswith("again, first in 表!A2") and "licence" in str(fault.hint)
    rows[1][1], rows[3][1] = "证1", "证2"  # two licences: two agencies
    assert len(read_roster(book(tmp_path / "b.xlsx", ("表", rows)), *small).line) == 3


def test_a_licence_in_other_brackets_is_the_same(tmp_path: Path, small: Any) -> None:
    rows = [["name", "licence", "line"], ["甲", "(浙)第〔1〕号", "其他"], ["乙", "（浙）第[1]号", "其他"]]
    assert the_fault(book(tmp_path / "a.xlsx", ("表", rows)), small).path == "表!B3"


# --- numbers that a cell shows otherwise


@pytest.mark.parametrize(
    ("heading", "value", "pattern"),
    [
        ("营业收入（万元）", 0.5, "0%"),
        ("营业收入（万元）", 0.5, "0.00%"),
        ("营业收入（万元）", 184_500_000, "#,##0,"),
        ("营业收入（万元）", 184_500_000, '0!.0,"万"'.replace("!", "\\")),
        ("营业收入（万元）", 500, '0"亿元"'),
        ("staff", 0.12, "0%"),
        ("规上", 1, "0%"),
        ("机构名称", 0.4, "0%"),
        ("机构名称", 12, "0000"),
        ("许可证号", 330212, "00000000"),
        ("许可证号", 0.33, "0%"),
        ("许可证号", 33021200, "#,##0"),
        ("许可证号", 33021200, '"浙"0'),
        ("许可证号", 45000, "yyyy-mm-dd"),
        ("机构名称", 45000, "yyyy-mm-dd"),
        ("营业收入（万元）", 45000, "yyyy-mm-dd"),
    ],
)
def test_a_number_that_a_cell_shows_otherwise_is_refused_by_its_cell(
    heading: str, value: float, pattern: str, tmp_path: Path, small: Any
) -> None:
    fault = the_fault(shown(tmp_path / "a.xlsx", heading, value, pattern), small)
    assert fault.path == f"表!{'ABCDEFGH'[HEADINGS.index(heading)]}2"
    assert "格式" in fault.said("zh") or heading == "规上"


@pytest.mark.parametrize(
    ("value", "pattern"),
    [
        (500, "#,##0.00"),
        (500, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '),
        (500, '0"万元"'),
        (500, "[Red]0.0"),
        (500, "000000"),
    ],
)
def test_a_format_that_only_groups_digits_does_no_harm(
    value: float, pattern: str, tmp_path: Path, small: Any
) -> None:
    path = shown(tmp_path / "a.xlsx", "营业收入（万元）", value, pattern)
    assert read_roster(path, *small).numbers["revenue"].tolist() == [5_000_000]


def shown(path: Path, heading: str, value: float, pattern: str) -> Path:
    """A list of one agency with a number in one cell, in a format."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, SOUND[0])
        sheet.write_number(1, HEADINGS.index(heading), value, workbook.add_format({"num_format": pattern}))
    return path


# --- rows of totals

MONEY = ["机构名称", "主营业态", "区县", "规上", "营业收入（万元）"]


def listed_with(total: Sequence[Any], path: Path, *more: Sequence[Any]) -> Path:
    rows = [["甲", "其他", "海曙区", "是", 0.1], ["乙", "招聘", "", "否", 0.2], ["丙", "培训", "", "是", ""]]
    return book(path / "a.xlsx", ("表", [MONEY, *rows, total, *more]))


@pytest.mark.parametrize(
    "total",
    [
        ["合计", "", "", "", 0.3],
        ["合 计：", "3家", "", 2, "0.30"],
        ["总计（家）", "—", "/", "", "—"],
        ["", "合计", "", "", 0.3],
        ["TOTAL", "", "", "", ""],
        ["海曙区小计", "3", "", "", 0.3],
    ],
)
def test_a_row_of_totals_is_no_agency(total: list[Any], tmp_path: Path, small: Any) -> None:
    roster = read_roster(listed_with(total, tmp_path), *small)
    assert (len(roster.line), roster.totals, roster.blanks) == (3, 1, 0)


@pytest.mark.parametrize(
    ("total", "place", "expected", "found"),
    [
        (["合计", "", "", "", 0.4], "E5", "the sum of the agencies, 0.3万元", "0.4万元, 0.1万元 too much"),
        (["合计", "", "", "", 0], "E5", "the sum of the agencies, 0.3万元", "0万元, 0.3万元 too little"),
        (["合计", "4家", "", "", 0.3], "B5", "the sum of the agencies, 3", "4, 1 too much"),
        (["合计", "", "", 3, 0.3], "D5", "the sum of the agencies, 2", "3, 1 too much"),
        (["合计", "", "", "", "约3"], "E5", "a number in 万元 from 0 to 900,000,000", "'约3'"),
    ],
)
def test_a_total_that_is_no_sum_is_refused_with_the_difference(
    total: list[Any], place: str, expected: str, found: str, tmp_path: Path, small: Any
) -> None:
    fault = the_fault(listed_with(total, tmp_path), small)
    assert (fault.path, str(fault.expected), str(fault.found)) == (f"表!{place}", expected, found)


def test_parts_and_the_whole_are_sums_of_their_own(tmp_path: Path, small: Any) -> None:
    more = [["丁", "其他", "", "", 5], ["鄞州区小计", "", "", "", 5], [""], ["总计", "4", "", "", 5.3]]
    roster = read_roster(listed_with(["小计", "", "", "", 0.3], tmp_path, *more), *small)
    assert (len(roster.line), roster.totals, roster.blanks) == (4, 3, 1)
    more[1][4] = 6
    fault = the_fault(listed_with(["小计", "", "", "", 0.3], tmp_path, *more), small)
    assert (fault.path, str(fault.found)) == ("表!E7", "6万元, 1万元 too much")


def test_a_total_on_top_is_of_what_stands_below(tmp_path: Path, small: Any) -> None:
    rows = [MONEY, ["合计", "2", "", "", 3], ["甲", "其他", "", "", 1], ["乙", "其他", "", "", 2]]
    assert len(read_roster(book(tmp_path / "a.xlsx", ("表", rows)), *small).line) == 2
    rows[1][4] = 4
    assert str(the_fault(book(tmp_path / "a.xlsx", ("表", rows)), small).found) == "4万元, 1万元 too much"


def test_a_firm_whose_name_has_the_word_is_an_agency_and_a_total_with_a_licence_is_asked_about(
    tmp_path: Path, small: Any
) -> None:
    rows = [["name", "licence", "line"], ["合计人力资源公司", "1", "其他"], ["甲", "2", "其他"]]
    assert len(read_roster(book(tmp_path / "a.xlsx", ("表", rows)), *small).line) == 2
    rows.append(["合计", "证7", ""])
    assert the_fault(book(tmp_path / "a.xlsx", ("表", rows)), small).path == "表!B4"
    rows[-1] = ["合计", "2家", ""]
    assert read_roster(book(tmp_path / "a.xlsx", ("表", rows)), *small).totals == 1


def test_a_merged_row_of_totals_does_no_harm(tmp_path: Path, small: Any) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet("表")
        for at, row in enumerate([["序号", "name", "line", "staff"], [1, "甲", "其他", 7]]):
            sheet.write_row(at, 0, row)
        sheet.merge_range("A3:C3", "合计")
        sheet.write_number(2, 3, 7)
        sheet.write_row(3, 0, [2, "", "总计", 7])
    assert read_roster(tmp_path / "a.xlsx", *small).totals == 2


# --- names of lines of business


def test_every_name_of_a_line_that_simkit_prints_is_read(tmp_path: Path) -> None:
    scenario = load_scenario(Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml")
    policy, plan = scenario.policy, scenario.plan.population
    line = policy.attributes["line"]
    printed = [(name, name) for name in line.values]
    printed += [(name, words) for name, names in LINES.items() for words in names]
    for name in line.values:
        printed += [(name, line.labels[name].zh), (name, line.labels[name].en)]
        for lang in ("zh", "en"):
            known = (catalogue(lang).get(f"{words}.{name}") for words in ("field", "parameter.word"))
            printed += [(name, words) for words in known if words is not None]
    rows = [["name", "line"], *([f"{at}号", words] for at, (_, words) in enumerate(printed))]
    found = read_roster(book(tmp_path / "a.xlsx", ("表", rows)), policy, plan).line.tolist()
    assert found == [line.values.index(name) for name, _ in printed] and len(found) > 60


def test_a_name_of_two_lines_is_refused(tmp_path: Path, small: Any) -> None:
    policy, plan = small
    line = policy.attributes["line"].model_copy(
        update={"labels": {"consulting": Text(zh="培训", en="Courses")}}
    )
    twice = policy.model_copy(update={"attributes": {**policy.attributes, "line": line}})
    path = book(tmp_path / "a.xlsx", ("表", [["name", "line"], ["甲", "培训"], ["乙", "courses"]]))
    (fault,) = faults_of(path, (twice, plan))
    assert fault.path == "表!B2" and "培训 (consulting), 培训 (training)" in str(fault.expected)


def test_faults_that_are_alike_are_told_once(tmp_path: Path, small: Any) -> None:
    words = ["劳务派谴"] * 60 + ["", "焊接", "钓鱼"] + ["劳务派谴"] * 5
    rows = [["name", "line"], *([f"{at}号", word] for at, word in enumerate(words))]
    fault = the_fault(book(tmp_path / "a.xlsx", ("表", rows)), small)
    assert fault.path == "表!B2" and str(fault.expected).count("劳务派遣") == 1
    assert str(fault.found) == (
        "'劳务派谴' (did you mean '劳务派遣'?) at B2, B3, B4; an empty cell at B62; '焊接' at B63; and 63 more cells"
    )
    assert "空单元格，在 B62；'焊接'，在 B63；另有 63 格" in fault.said("zh")


# --- text files with rows of another length


@pytest.mark.parametrize(
    ("row", "place", "found", "hint"),
    [
        ("甲,证1,其他", "D2", "3 cells", "write the commas"),
        ("甲,证1,其他,18,450,", "F2", "6 cells", "separators of thousands"),
        ("甲,证1,其他,18,450,7", "F2", "6 cells", "quotation marks"),
        ("甲,证1,其他,500,7,", "F2", "6 cells", "quotation marks"),
    ],
)
def test_a_row_of_a_text_file_has_as_many_cells_as_there_are_headings(
    row: str, place: str, found: str, hint: str, tmp_path: Path, small: Any
) -> None:
    head = "name,licence,line,营业收入（万元）,staff\n"
    (tmp_path / "a.csv").write_text(f'{head}{row}\n乙,证2,其他,"18,450",\n\n,,,,\n', encoding="utf-8")
    fault = the_fault(tmp_path / "a.csv", small)
    assert (fault.line, fault.path, str(fault.found)) == (2, place, found) and hint in str(fault.hint)
    assert str(fault.expected) == "5 cells in the row, as many as headings"
    (tmp_path / "a.csv").write_text(f'{head}乙,证2,其他,"18,450",\n\n,,,,\n', encoding="utf-8")
    assert read_roster(tmp_path / "a.csv", *small).numbers["revenue"].tolist() == [184_500_000]


# --- faults of cells


@pytest.mark.parametrize(
    ("column", "value", "expected", "found"),
    [
        ("机构名称", "  ", "the agency's name", "an empty cell"),
        ("机构名称", True, "the agency's name", "True"),
        ("许可证号", 330212345678901234, "the licence's number as text", "3.302"),
        ("许可证号", "3.30212E+17", "the licence's number as text", "'3.30212E+17'"),
        ("主营业态", "劳务派谴", "one of 人力资源招聘, 劳务派遣", "'劳务派谴'"),
        ("主营业态", "", "one of", "an empty cell"),
        ("主营业态", 7, "one of", "7"),
        ("区县", "鄞州", "one of 海曙区, 鄞州区, 宁海县", "'鄞州'"),
        ("符合条件", "也许", "是, 否, yes, no, 1, 0 or an empty cell", "'也许'"),
        ("规上", 2, "是, 否", "2"),
        ("规上", datetime.date(2024, 1, 1), "是, 否", "the date 2024-01-01"),
        ("营业收入（万元）", "约500万", "a number in 万元 from 0 to 900,000,000", "'约500万'"),
        ("营业收入（万元）", -0.5, "a number in 万元 from 0 to", "-0.5"),
        ("营业收入（万元）", "nan", "a number in 万元", "'nan'"),
        ("营业收入（万元）", "1e400", "a number in 万元", "'1e400'"),
        ("营业收入（万元）", "1e9999999", "a number in 万元", "'1e9999999'"),
        ("营业收入（万元）", "1,5", "a number in 万元", "'1,5'"),
        ("营业收入（万元）", 1e15, "a number in 万元", "1"),
        ("营业收入（万元）", True, "a number in 万元", "True"),
        ("营业收入（万元）", datetime.date(2024, 1, 31), "a number in 万元", "the date 2024-01-31"),
        ("staff", "十二", "a number from 0 to 1,000,000,000,000", "'十二'"),
    ],
)
def test_a_cell_that_cannot_be_used(
    column: str, value: Any, expected: str, found: str, tmp_path: Path, small: Any
) -> None:
    fault = listed(with_cell(column, value), tmp_path, small)
    assert fault.path == f"表!{'ABCDEFGH'[HEADINGS.index(column)]}2"
    assert str(fault.expected).startswith(expected)
    assert str(fault.found).startswith(found)


def test_hints_name_what_is_near_and_the_way_out(tmp_path: Path, small: Any) -> None:
    def hint(column: str, value: Any) -> str:
        return str(listed(with_cell(column, value), tmp_path, small).hint or "")

    assert hint("主营业态", "劳务派谴") == "did you mean '劳务派遣'?"
    assert hint("区县", "鄞州") == "did you mean '鄞州区'?"
    assert hint("营业收入（万元）", "500万元").startswith("write the number alone")
    assert hint("营业收入（万元）", datetime.date(2024, 1, 31)).startswith("format the cell as a number")


def test_every_fault_is_found_in_one_pass_in_order(tmp_path: Path, small: Any) -> None:
    rows = [
        ["", "证1", "派遣x", "北京", "是", "?", -1, "x"],
        ["甲", "证 2", "其他"],
        ["乙", "证2", "其他", *[""] * 5, "多余"],
    ]
    faults = faults_of(book(tmp_path / "a.xlsx", ("表", [[*HEADINGS[:7], "人员"], *rows])), small)
    places = ["H1", "A2", "C2", "D2", "F2", "G2", "B4", "I4"]
    assert [fault.path for fault in faults] == [f"表!{place}" for place in places]
    assert str(faults[6].found) == "'证2' again, first in 表!B3"
    assert "没有标题的列中无内容" in faults[7].said("zh")


def test_many_faults_of_a_kind_are_counted(tmp_path: Path, small: Any) -> None:
    rows = [["name", "line", "staff"], *[[f"{at}号", "其他", "x"] for at in range(100)], ["末", "?", 1]]
    faults = faults_of(text(tmp_path / "a.csv", rows), small)
    assert [fault.path for fault in faults] == ["C2", "B102"]
    assert str(faults[0].found) == "'x' at C2, C3, C4; and 97 more cells"
    rows = [["name", "line"], *[["同", "其他"] for at in range(101)]]
    faults = faults_of(text(tmp_path / "a.csv", rows), small)
    assert len(faults) == 21
    assert faults[-1].path == "A102" and str(faults[-1].found).startswith("80 more cells")


def test_a_formula_without_a_result_and_an_error(tmp_path: Path, small: Any) -> None:
    workbook = openpyxl.Workbook()
    for row in [["name", "line", "staff"], ["甲", "其他", "=1+1"], ['="乙"', "其他", "#N/A"]]:
        workbook.active.append(row)
    workbook.save(tmp_path / "a.xlsx")
    faults = faults_of(tmp_path / "a.xlsx", small)
    assert [(fault.path, str(fault.found)) for fault in faults] == [
        ("Sheet!C2", "a formula without a stored result"),
        ("Sheet!A3", "a formula without a stored result"),
        ("Sheet!C3", "the error #N/A"),
    ]
    assert "save it" in str(faults[0].hint)


def test_merged_cells_are_named_once(tmp_path: Path, small: Any) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        for at, row in enumerate([["name", "line"], ["甲", ""], ["乙", ""], ["丙", "其他"]]):
            sheet.write_row(at, 0, row)
        sheet.merge_range("B2:B3", "其他")
    fault = the_fault(path, small)
    assert (fault.path, str(fault.found)) == ("表!B2:B3", "a merged range")
    assert "unmerge" in str(fault.hint) and str(path) + ": 表!B2:B3: expected" in str(fault)


# --- faults of headings


@pytest.mark.parametrize(
    ("headings", "place", "expected", "found", "hint"),
    [
        (["name", "区县"], "C1", "a column 主营业态 (line)", "no such heading", ""),
        (["区县", "line"], "C1", "a column 机构名称 (name)", "no such heading", ""),
        (["name", "line", "机构名称"], "C1", "each column once", "'机构名称' again, first in 表!A1", ""),
        (["name", "line", "符合条见"], "C1", "a known heading", "'符合条见'", "did you mean '符合条件'?"),
        (["name", "line", "电话号码"], "C1", "a known heading", "'电话号码'", "delete the column"),
        (["name", "line", 2023], "C1", "a known heading", "2023", "delete the column"),
        (
            ["name", "line", "营业收入"],
            "C1",
            "a heading with the unit, such as 营业收入(万元)",
            "'营业收入'",
            "",
        ),
        (["name", "line", "revenue(人)"], "C1", "a heading with the unit", "'revenue(人)'", ""),
        (
            ["name", "line", "出口额(元)"],
            "C1",
            "a heading with the unit, such as 出口额(万美元)",
            "'出口额(元)'",
            "",
        ),
        (
            ["name", "line", "staff(万元)"],
            "C1",
            "a heading with the unit, such as staff(人)",
            "'staff(万元)'",
            "",
        ),
    ],
)
def test_a_heading_that_cannot_be_used(
    headings: list[Any], place: str, expected: str, found: str, hint: str, tmp_path: Path, small: Any
) -> None:
    row = {"name": "甲", "line": "其他", "机构名称": "甲", "区县": "海曙区"}
    rows = [headings, [row.get(heading, "") for heading in headings]]
    fault = the_fault(book(tmp_path / "a.xlsx", ("表", rows)), small)
    assert (fault.path, str(fault.found)) == (f"表!{place}", found)
    assert str(fault.expected).startswith(expected) and str(fault.hint).startswith(hint)


def test_no_agencies_and_no_headings(tmp_path: Path, small: Any) -> None:
    fault = the_fault(book(tmp_path / "a.xlsx", ("表", [["name", "line"]])), small)
    assert (fault.path, str(fault.expected)) == ("表!A1", "agencies below the headings")
    fault = the_fault(book(tmp_path / "b.xlsx", ("一", [["x"]]), ("二", [["y"]])), small)
    assert str(fault.expected) == "a row with the headings 机构名称 (name) and 主营业态 (line)"
    assert str(fault.found) == "none in the first 20 rows of 一, 二"
    for path in (book(tmp_path / "c.xlsx", ("一", [])), text(tmp_path / "c.csv", [[], ["", ""]])):
        assert str(the_fault(path, small).found) == "an empty file"
    path = book(tmp_path / "d.xlsx", (SHEET, [["x"]]), ("二", [["name", "line"], ["甲", "其他"]]))
    assert str(the_fault(path, small).found) == f"none in the first 20 rows of {SHEET}"


# --- faults of files


def test_a_text_file_in_another_encoding(tmp_path: Path, small: Any) -> None:
    fault = the_fault(text(tmp_path / "a.csv", [HEADINGS, *SOUND], "gbk"), small)
    assert str(fault.hint) == "looks like GBK: in Excel or WPS save it as 'CSV UTF-8 (comma delimited)'"
    assert "CSV UTF-8（逗号分隔）" in fault.said("zh")
    rows = [HEADINGS, *with_cell("staff", "x")]
    assert [fault.path for fault in faults_of(text(tmp_path / "a.csv", rows, "gbk"), small)] == [
        "(file)",
        "H2",
    ]
    assert "UTF-16" in str(the_fault(text(tmp_path / "a.csv", [HEADINGS, *SOUND], "utf-16"), small).hint)
    (tmp_path / "b.csv").write_bytes("机构名称,主营业态\n甲,其他\n".encode() + b"\xff\xff\xff")
    assert str(the_fault(tmp_path / "b.csv", small).found) == "another encoding"


@pytest.mark.parametrize(
    ("delimiter", "name"), [(";", "semicolons"), ("\t", "tabs"), ("，", "full-width commas")]
)
def test_a_text_file_with_another_delimiter(delimiter: str, name: str, tmp_path: Path, small: Any) -> None:
    fault = the_fault(text(tmp_path / "a.csv", [HEADINGS, *SOUND], delimiter=delimiter), small)
    assert (str(fault.expected), str(fault.found)) == ("columns separated by commas", name)


def test_a_quotation_mark_that_does_not_end_and_a_comma_too_many(tmp_path: Path, small: Any) -> None:
    (tmp_path / "a.csv").write_text('name,line\n甲,其他\n"乙,其他\n丙,其他\n', encoding="utf-8")
    fault = the_fault(tmp_path / "a.csv", small)
    assert (fault.line, fault.path, str(fault.expected)) == (3, "A3", "sound CSV")
    (tmp_path / "b.csv").write_text("name,line,staff\n甲,其他,1,000\n", encoding="utf-8")
    fault = the_fault(tmp_path / "b.csv", small)
    assert (fault.line, fault.path, str(fault.found)) == (2, "D2", "4 cells") and "quotation" in str(
        fault.hint
    )


def test_a_line_break_in_a_value_keeps_lines_and_rows_apart(tmp_path: Path, small: Any) -> None:
    (tmp_path / "a.csv").write_text('name,line\n"甲\n公司",其他\n乙,?\n', encoding="utf-8")
    fault = the_fault(tmp_path / "a.csv", small)
    assert (fault.line, fault.path) == (4, "B3")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "raw", "found", "hint"),
    [
        ("a.xls", OLE, "a workbook of Excel 97-2003 (.xls)", "save it as .xlsx"),
        ("a.xlsx", OLE, "a workbook of Excel 97-2003 (.xls)", "save it as .xlsx"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "a workbook with a password", "remove"),
        ("a.xls", b"<html>", "a file named *.xls", "save it as .xlsx"),
        ("a.ods", b"PK\x03\x04", "a file named *.ods", "save it as .xlsx"),
        ("roster", b"name,line", "a file without an ending", "save it as .xlsx"),
        ("a.csv", b"PK\x03\x04", "a workbook named .csv", "name it .xlsx"),
        ("a.xlsx", b"name,line\n", "something else named .xlsx", "save it as .xlsx"),
        ("a.xlsx", b"PK\x03\x04 damaged", "a damaged workbook (BadZipFile)", "save it as .xlsx"),
        ("a.xlsx", b"", "an empty file", ""),
        ("a.csv", b"\n\n", "an empty file", ""),
    ],
)
def test_a_file_of_another_kind(
    name: str, raw: bytes, found: str, hint: str, tmp_path: Path, small: Any
) -> None:
    (tmp_path / name).write_bytes(raw)
    fault = the_fault(tmp_path / name, small)
    assert (fault.path, str(fault.found)) == ("(file)", found) and hint in str(fault.hint)


def test_a_file_that_is_not_there(tmp_path: Path, small: Any) -> None:
    assert str(the_fault(tmp_path / "no.xlsx", small).found) == "no such file or directory"
    assert str(the_fault(tmp_path, small).found) == "is a directory"


def test_a_file_that_is_too_large(tmp_path: Path, small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(10_000_001)
    fault = the_fault(tmp_path / "a.csv", small)
    assert (str(fault.expected), str(fault.found)) == ("a file of at most 10 MB", "10.0 MB")
    rows = [["name", "line"], *[[str(at), "其他"] for at in range(6)]]
    monkeypatch.setattr(table, "MOST_ROWS", 5)
    for path in (text(tmp_path / "a.csv", rows), book(tmp_path / "a.xlsx", ("表", rows))):
        assert str(the_fault(path, small).expected).startswith("at most 5 rows and")
    assert len(read_roster(text(tmp_path / "a.csv", rows[:-1]), *small).line) == 5
    monkeypatch.setattr(unpack, "_MOST_UNPACKED", 1000)
    assert str(the_fault(tmp_path / "a.xlsx", small).found).endswith("once unpacked")


@pytest.mark.parametrize("declaration", ['<!ENTITY a "aa">', '<!ENTITY a SYSTEM "file:///etc/passwd">'])
def test_entities_are_refused(declaration: str, tmp_path: Path, small: Any) -> None:
    path = changed(tmp_path, b"?>", f"?><!DOCTYPE x [{declaration}]>".encode())
    assert str(the_fault(path, small).found).startswith("a damaged workbook (")
    with pytest.raises(FaultsError) as caught:
        read_roster(path, *small)
    assert "EntitiesForbidden" in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</sheetData>", b""),
        (b't="s"><v>0', b't="s"><v>99'),
        (b't="s"><v>0', b't="s"><v>x'),
        (b'r="A2"', b'r="2A"'),
        (b"<v>500<", b"<v>1x2<"),
        (b"<v>500<", b"<v>" + b"9" * 5000 + b"<"),
        (b'<row r="2"', b'<row r="x"'),
    ],
)
def test_a_damaged_sheet(old: bytes, new: bytes, tmp_path: Path, small: Any) -> None:
    assert str(the_fault(changed(tmp_path, old, new), small).found).startswith("a damaged workbook (")


def test_a_stored_infinity_is_no_number(tmp_path: Path, small: Any) -> None:
    assert str(the_fault(changed(tmp_path, b"<v>500<", b"<v>1e400<"), small).found) == "inf"


def changed(folder: Path, old: bytes, new: bytes) -> Path:
    """A sound workbook with some bytes of its sheet changed."""
    sound = book(folder / "sound.xlsx", ("表", [HEADINGS, *SOUND]))
    with zipfile.ZipFile(sound) as before, zipfile.ZipFile(folder / "a.xlsx", "w") as after:
        for name in before.namelist():
            raw = before.read(name)
            if name.endswith("sheet1.xml"):
                assert old in raw
                raw = raw.replace(old, new, 1)
            after.writestr(name, raw)
    return folder / "a.xlsx"


# --- nothing but faults

CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(max_size=8)
    | st.datetimes(datetime.datetime(1900, 3, 1), datetime.datetime(9999, 1, 1))
    | st.sampled_from(["其他", "是", "海曙区", "name", "line", "１２", "1e5", "=1+1", *HEADINGS])
)
FUZZ = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def outcome(path: Path, small: tuple[Policy, PopulationPlan], agencies: int) -> None:
    """Read a list: faults with words in both languages, or all agencies with numbers in range."""
    try:
        roster = read_roster(path, *small)
    except FaultsError as error:
        assert error.faults
        assert all(fault.said("zh") and str(fault) for fault in error.faults)
        return
    assert len(roster.line) <= agencies
    assert (roster.line >= 0).all()
    for numbers in roster.numbers.values():
        assert all(math.isnan(number) or 0 <= number <= 9e12 for number in numbers)


@FUZZ
@given(rows=st.lists(st.lists(CELLS, max_size=9), max_size=4), headed=st.booleans())
def test_any_cells_are_read_or_named(rows: list[list[Any]], headed: bool, tmp_path: Path, small: Any) -> None:
    rows = [HEADINGS, *rows] if headed else rows
    workbook = openpyxl.Workbook()
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            clean = (
                openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
            )
            workbook.active.cell(at, column, clean)
    path = tmp_path / "a.xlsx"
    raw = io.BytesIO()
    workbook.save(raw)
    path.write_bytes(raw.getvalue())
    outcome(path, small, len(rows))
    csv = text(
        tmp_path / "a.csv", [["" if value is None else value for value in row] for row in rows], "utf-8"
    )
    outcome(csv, small, len(rows) * 20)


@FUZZ
@given(raw=st.binary(max_size=60), start=st.sampled_from([b"", b"PK\x03\x04", b"name,line\n", OLE]))
def test_any_bytes_are_read_or_named(raw: bytes, start: bytes, tmp_path: Path, small: Any) -> None:
    for name in ("a.csv", "a.xlsx"):
        (tmp_path / name).write_bytes(start + raw)
        outcome(tmp_path / name, small, 60)


@FUZZ
@given(at=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_any_damage_is_read_or_named(at: float, byte: int, tmp_path: Path, small: Any) -> None:
    path = tmp_path / "a.xlsx"
    if not (tmp_path / "sound.xlsx").exists():
        book(tmp_path / "sound.xlsx", ("表", [HEADINGS, *SOUND]))
    raw = bytearray((tmp_path / "sound.xlsx").read_bytes())
    raw[int(at * len(raw))] = byte
    path.write_bytes(raw)
    outcome(path, small, 3)
