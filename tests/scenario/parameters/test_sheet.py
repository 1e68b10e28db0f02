"""The sheet of parameters x scenarios: out and in again, and whatever people and programs do to it."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook, load_workbook

from simkit.base.errors import FaultsError, InputError, RunError
from simkit.base.said import in_language
from simkit.documents.models import Name
from simkit.scenario import Overlay, ScenarioFile, read_overlay, variants
from simkit.scenario.overlay_text import write_overlays
from simkit.scenario.parameters import layout
from simkit.scenario.parameters.read_sheet import read_sheet
from simkit.scenario.parameters.rows import parameters
from simkit.scenario.parameters.write_sheet import write_sheet

NINGBO = Path(__file__).parents[3] / "scenarios" / "ningbo-hr-2023"
OVERLAYS = sorted(
    path for path in (NINGBO / "overlays").rglob("*.yaml") if "base: baseline" in path.read_text("utf-8")
)
RATE = "measures.headhunting.award.rate"
CAP = "measures.headhunting.caps.yearly.amount"
HEADS = "measures.supplied_employees.conditions.heads.at_least"
READING = "choose.last_day"
TAKE_UP = "claims.headhunting.take_up.value.mode"
TARGET = "population.growth.target.agencies"
META = {
    "name": "one",
    "title.zh": "试",
    "author": "测算组",
    "date": datetime.datetime(2026, 11, 22),
    "reason.zh": "试算",
}


@pytest.fixture(scope="module")
def baseline() -> ScenarioFile:
    return ScenarioFile(NINGBO / "baseline.yaml")


@pytest.fixture(scope="module")
def rows(baseline: ScenarioFile) -> dict[str, int]:
    """Row of each path, from 1."""
    return {one.path: layout.FIRST_ROW + 1 + place for place, one in enumerate(parameters(baseline))}


@pytest.fixture(scope="module")
def blank(baseline: ScenarioFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported sheet without overlays."""
    return write_sheet(baseline, tmp_path_factory.mktemp("sheet") / "情景.xlsx")


class Book:
    """A copy of the exported sheet, to be filled in."""

    def __init__(self, blank: Path, path: Path, rows: dict[str, int]) -> None:
        self.path, self.rows = path, rows
        self.book = load_workbook(blank)
        self.sheet: Any = self.book["情景"]
        self.free = max(rows.values()) + 1

    def fill(self, values: dict[str, Any], column: str = "F", **meta: Any) -> Book:
        for key, value in (META | {k.replace("_", "."): v for k, v in meta.items()}).items():
            self.sheet[f"{column}{layout.META + 1 + layout.KEYS.index(key)}"] = value
        for path, value in values.items():
            self.sheet[f"{column}{self.row(path)}"] = value
        return self

    def row(self, path: str) -> int:
        """Row of a path, one of the free ones where it is no parameter."""
        if path not in self.rows:
            self.rows = {**self.rows, path: self.free}
            self.sheet[f"C{self.free}"] = path
            self.free += 1
        return self.rows[path]

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


@pytest.fixture
def book(blank: Path, tmp_path: Path, rows: dict[str, int]) -> Book:
    return Book(blank, tmp_path / "filled.xlsx", rows)


def data_of(texts: dict[str, str]) -> list[dict[str, Any]]:
    return [yaml.safe_load(text) for text in texts.values()]


def faults_of(call: Callable[[], Any]) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        call()
    for fault in caught.value.faults:
        chinese = fault.said("zh")
        assert re.search("应为.*[一-鿿].*，实为", chinese), chinese
    return [f"{fault.path}: {fault}" for fault in caught.value.faults]


# --- out and in again -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_exported_comes_back(
    baseline: ScenarioFile, tmp_path: Path, language: layout.Language
) -> None:
    read = [read_overlay(path) for path in OVERLAYS]
    assert len(read) > 35 and any(overlay.sweep for overlay, _ in read)
    path = write_sheet(baseline, tmp_path / "all.xlsx", read, language)
    texts = read_sheet(baseline, path)
    assert list(texts) == [overlay.name for overlay, _ in read]
    for written, (overlay, tree) in zip(write_overlays(texts, tmp_path / "new"), read, strict=True):
        again, other = read_overlay(written)
        assert again == overlay
        for one, two in zip(variants(again, other), variants(overlay, tree), strict=True):
            assert one.name == two.name
            assert one.changes == two.changes


def words(name: Name) -> str:
    return str(in_language(name, "zh"))


def test_every_kind_of_parameter_has_its_row(baseline: ScenarioFile) -> None:
    found = {one.path: one for one in parameters(baseline)}
    assert len(found) == len(parameters(baseline)) > 300
    assert (found[CAP].unit, found[CAP].value, words(found[CAP].meaning)) == (
        "万元",
        "50万元",
        "上限（每家机构每年）",
    )
    assert words(found[CAP].group) == "猎头引才奖励"
    assert "人数不低于" in words(found[HEADS].meaning) and found[HEADS].unit == "人"
    assert words(found[TAKE_UP].meaning) == "申报率·最可能" and found[TAKE_UP].value == 0.4
    assert "申报率" not in words(found[TARGET].meaning) and words(found[TARGET].group) == "机构总体"
    assert list(found[READING].choices) == ["day_before", "same_day"] and "4月12日" in words(
        found[READING].meaning
    )
    policy = baseline.lay().policy
    for name, measure in policy.measures.items():
        if measure.award is not None:
            for cap in measure.caps:
                assert f"measures.{name}.caps.{cap}.amount" in found
            for fund in measure.payers.shares if measure.payers else ():
                assert f"measures.{name}.payers.shares.{fund}" in found
    assert {f"choose.{name}" for name in policy.readings} <= set(found)


def test_only_what_is_to_be_filled_in_is_unlocked(blank: Path, rows: dict[str, int]) -> None:
    sheet: Any = load_workbook(blank)["情景"]
    assert sheet.protection.sheet and sheet.freeze_panes == f"F{layout.FIRST_ROW + 1}"
    for cell in (f"F{rows[CAP]}", f"H{rows[RATE]}", f"F{layout.META + 1}", f"C{max(rows.values()) + 1}"):
        assert not sheet[cell].protection.locked and sheet[cell].fill.fgColor.rgb == "FFFFF9DB"
    for cell in (f"A{rows[CAP]}", f"C{rows[CAP]}", f"E{rows[CAP]}", "B3", "E3"):
        assert sheet[cell].protection.locked
    assert sheet[f"E{rows[CAP]}"].value == 50 and sheet[f"D{rows[CAP]}"].value == "万元"
    assert sheet[f"E{rows[RATE]}"].value == 0.5 and sheet[f"E{rows[RATE]}"].number_format == "0.00%"
    assert sheet[f"I{rows[CAP]}"].value is None  # three empty columns, F to H


def test_words_never_become_formulas_or_links(baseline: ScenarioFile, tmp_path: Path) -> None:
    evil = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "https://example.invalid", "-2", "{=1}")
    read = []
    for number, words in enumerate(evil):
        overlay, tree = read_overlay(NINGBO / "overlays" / "caps_up.yaml")
        data = overlay.model_dump() | {"name": f"n{number}", "author": words}
        data |= {"title": {"zh": words, "en": words}, "reason": {"zh": words, "en": words}}
        read.append((Overlay.model_validate(data), tree))
    path = write_sheet(baseline, tmp_path / "evil.xlsx", read)
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<hyperlink" not in sheet and not any("_rels/sheet" in one for one in names)
    found = data_of(read_sheet(baseline, path))
    assert [one["author"] for one in found] == list(evil)
    assert [one["reason"]["zh"] for one in found] == list(evil)


def test_the_same_sheet_is_the_same_bytes(baseline: ScenarioFile, tmp_path: Path) -> None:
    one, other = (write_sheet(baseline, tmp_path / f"{n}.xlsx").read_bytes() for n in "ab")
    assert one == other


# --- what people fill in ----------------------------------------------------------------------------------


def test_numbers_however_they_are_written(baseline: ScenarioFile, book: Book) -> None:
    book.fill({CAP: 60, RATE: 0.4, HEADS: "３００", TAKE_UP: 0.35, READING: "same_day", TARGET: 3000.0})
    book.fill(
        {
            CAP: "200.50",
            RATE: "４０％",
            HEADS: " 300 人 ",
            TARGET: "3,000",
            READING: "2026年4月12日（印发当日不计入）",
        },
        "G",
        name="two",
    )
    book.fill({CAP: "400000元", RATE: "12.5%", TAKE_UP: "35%", READING: "SAME_DAY"}, "H", name="three")
    one, two, three = data_of(read_sheet(baseline, book.save()))
    assert one["changes"] == {
        RATE: "40%",
        CAP: "60万元",
        TAKE_UP: 0.35,
        HEADS: "300人",
        TARGET: 3000,
        READING: "same_day",
    }
    assert two["changes"] == {
        RATE: "40%",
        CAP: "200.5万元",
        HEADS: "300人",
        TARGET: 3000,
        READING: "same_day",
    }
    assert three["changes"] == {RATE: "12.5%", CAP: "40万元", TAKE_UP: 0.35, READING: "same_day"}
    assert one["title"] == {"zh": "试", "en": "试"} and str(one["date"]) == "2026-11-22"
    assert one["base_digest"] == baseline.base_digest


def test_a_percentage_is_what_the_cell_shows(baseline: ScenarioFile, book: Book) -> None:
    """0.4 that shows as 40% is 40%; 40 without a sign is 40%; 0.4 without a sign is asked about."""
    cell = f"F{book.rows[RATE]}"
    for value, pattern, wanted in (
        (0.4, "0%", "40%"),
        (0.4, "0.00%", "40%"),
        (0.17, "0%", "17%"),
        (1, "0%", "100%"),
        (40, "General", "40%"),
        (0.4, "General", None),
        (1, '0"%"', None),  # a sign in quotes multiplies nothing
    ):
        book.fill({RATE: value})
        book.sheet[cell].number_format = pattern
        if wanted:
            (one,) = data_of(read_sheet(baseline, book.save()))
            assert one["changes"] == {RATE: wanted}, (value, pattern)
        else:
            (fault,) = faults_of(lambda: read_sheet(baseline, book.save()))
            assert f"情景!{cell}: " in fault and "a percentage with its sign" in fault


def test_several_values_are_a_sweep(baseline: ScenarioFile, book: Book) -> None:
    book.fill({RATE: "40%；60%", CAP: "40; 60万元;", READING: "same_day;", HEADS: 300})
    (one,) = data_of(read_sheet(baseline, book.save()))
    assert one["sweep"] == {RATE: ["40%", "60%"], CAP: ["40万元", "60万元"], READING: ["same_day"]}
    assert one["changes"] == {HEADS: "300人"}


def test_paths_of_ones_own_are_as_in_yaml(baseline: ScenarioFile, book: Book) -> None:
    own = {
        "population.growth.mode": "trend",
        "population.growth.target": "null",
        "measures.standards.first_time": True,
        "as_of": datetime.datetime(2023, 4, 13),
        "calendar.rounds": "['06-30', '12-15']",
        "measures.top10_list.repeat": "{sweep: [always, once]}",
    }
    (one,) = data_of(read_sheet(baseline, book.fill(own).save()))
    assert one["changes"] == {
        "population.growth.mode": "trend",
        "population.growth.target": None,
        "measures.standards.first_time": True,
        "as_of": datetime.date(2023, 4, 13),
        "calendar.rounds": ["06-30", "12-15"],
    }
    assert one["sweep"] == {"measures.top10_list.repeat": ["always", "once"]}


# --- what is far from the baseline ------------------------------------------------------------------------

#: Path, what is typed, the cell's format, what it reads as.
FAR: dict[str, tuple[str, Any, str, str]] = {
    "60 in a cell of percentages": (RATE, 60, "0.00%", "6000%"),
    "yuan in a cell of 万元": (CAP, 800_000, "General", "800000万元"),
    "万 in a cell of 万元": (CAP, "800,000万元", "@", "800000万元"),
    "a share above all": (RATE, 1.2, "0.00%", "120%"),
    "a share above all as text": (RATE, "１２０％", "@", "120%"),
    "a percentage for a share": (TAKE_UP, 40, "General", "40"),
    "a fifth": (CAP, 9.9, "General", "9.9万元"),
    "nothing": (RATE, 0, "0.00%", "0%"),
    "half a percent where a half was meant": (RATE, 0.005, "0.00%", "0.5%"),
    "a sign": (TARGET, -2500, "General", "-2500"),
    "one of several": (CAP, "60; 6000", "@", "6000万元"),
    "a path of one's own": ("claims.headhunting.ceiling", 0.05, "General", "0.05"),
    "a part of a value": ("claims.headhunting.ramp", "{2023: 0.5, 2024: 0.08, 2025: 1}", "@", "0.08"),
    "several of one's own": ("claims.headhunting.ceiling", "{sweep: [0.8, 0.05]}", "@", "0.05"),
    "a number for a law": ("population.statuses.above_scale.rate.value", 0.5, "General", "0.5"),
    "a law": ("population.eligible.value", "{dist: uniform, low: 1%, high: 2%}", "@", "1%"),
}


@pytest.mark.parametrize("case", FAR)
def test_a_value_far_from_the_baseline_is_asked_about_by_its_cell(
    baseline: ScenarioFile, book: Book, case: str
) -> None:
    path, value, pattern, reads = FAR[case]
    book.fill({path: value})
    cell = f"F{book.row(path)}"
    book.sheet[cell].number_format = pattern
    (fault,) = faults_of(lambda: read_sheet(baseline, book.save()))
    assert f"情景!{cell}: expected a value from " in fault
    assert f"it reads as {reads}: if that is meant, write confirmed behind the value" in fault


@pytest.mark.parametrize("word", ["确认", " 确认", "confirmed", " Confirmed "])
def test_a_confirmed_value_is_taken(baseline: ScenarioFile, book: Book, word: str) -> None:
    own = "population.statuses.above_scale.rate.value"
    values = {RATE: f"5%{word}", CAP: f"60; 6000万元{word}", HEADS: f"10{word}", own: f"0.5{word}"}
    (one,) = data_of(read_sheet(baseline, book.fill(values).save()))
    assert one["changes"] == {RATE: "5%", HEADS: "10人", own: 0.5}
    assert one["sweep"] == {CAP: ["60万元", "6000万元"]}


def test_the_word_that_confirms_is_taken_off_numbers_alone(baseline: ScenarioFile, book: Book) -> None:
    note = "claims.headhunting.take_up.note"
    (one,) = data_of(read_sheet(baseline, book.fill({note: "已经处务会确认", CAP: "55 确认"}).save()))
    assert one["changes"] == {note: "已经处务会确认", CAP: "55万元"}


@pytest.mark.parametrize(("path", "value"), [(CAP, 250), (CAP, 10), (RATE, 1), (TAKE_UP, 0.2), (HEADS, 1000)])
def test_five_times_and_a_fifth_are_near(baseline: ScenarioFile, book: Book, path: str, value: float) -> None:
    book.fill({path: value})
    if path == RATE:
        book.sheet[f"F{book.row(path)}"].number_format = "0.00%"
    (one,) = data_of(read_sheet(baseline, book.save()))
    assert list(one["changes"]) == [path]


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        (CAP, "0.0,", "a number in 万元"),
        (CAP, '0"亿元"', "a number in 万元"),
        ("claims.headhunting.ceiling", '0"%"', "a value as in a file"),
    ],
)
def test_a_cell_that_shows_a_number_otherwise_is_refused(
    baseline: ScenarioFile, book: Book, path: str, pattern: str, expected: str
) -> None:
    book.fill({path: 60})
    book.sheet[f"F{book.row(path)}"].number_format = pattern
    (fault,) = faults_of(lambda: read_sheet(baseline, book.save()))
    assert f"expected {expected}, found 60 in the format {pattern}" in fault


def test_what_is_far_is_exported_with_its_word(baseline: ScenarioFile, tmp_path: Path) -> None:
    lines = {CAP: "800万元", RATE: "40%", "factor.cv": {"value": 2, "source": "judgement_2026"}}
    head = {key: META[key] for key in ("name", "author")} | {"base": "baseline", "date": "2026-11-22"}
    words = {"title": {"zh": "试", "en": "x"}, "reason": {"zh": "试", "en": "x"}}
    path = tmp_path / "one.yaml"
    path.write_text(yaml.safe_dump({**head, **words, "changes": lines}, allow_unicode=True), "utf-8")
    sheet = write_sheet(baseline, tmp_path / "out.xlsx", [read_overlay(path)])
    shown = [cell.value for row in load_workbook(sheet)["情景"]["F"] for cell in [row] if cell.value]
    assert "800万元 确认" in shown and 0.4 in shown
    (one,) = data_of(read_sheet(baseline, sheet))
    assert one["changes"] == lines


def test_empty_columns_are_passed_over(baseline: ScenarioFile, book: Book) -> None:
    book.fill({CAP: 60}, "H")
    book.sheet["G7"] = "   "
    assert list(read_sheet(baseline, book.save())) == ["one"]


def test_a_column_beyond_the_last_counts(baseline: ScenarioFile, book: Book) -> None:
    assert list(read_sheet(baseline, book.fill({CAP: 60}, "K").save())) == ["one"]


# --- what is wrong ----------------------------------------------------------------------------------------

WRONG: dict[str, tuple[str, Any, str, str]] = {
    "formula": (CAP, "=1+1", "a value", "a formula without a stored result"),
    "formula of an error": (CAP, "=1/0", "a value", "a formula without a stored result"),
    "date": (CAP, datetime.datetime(2026, 1, 2), "a number in 万元", "the date 2026-01-02"),
    "words": (CAP, "很多", "a number in 万元", "很多"),
    "another unit": (CAP, "60人", "a number in 万元", "60人"),
    "unknown unit": (CAP, "60千克", "a number in 万元", "60千克"),
    "truth": (CAP, True, "a number in 万元", "True"),
    "negative": (CAP, -5, "a value from 10万元 to 250万元", "it reads as -5万元"),
    "negative, confirmed": (CAP, "-5 确认", "an amount of money from 0.01元 to", "-5万元"),
    "too fine": (RATE, "33.333%", "a percentage with at most two decimals", "33.333%"),
    "money for a share": (RATE, "20万元", "a number in %", "20万元"),
    "out of range": (
        "claims.headhunting.take_up.value.high",
        0.99,
        "a number from 0 to 0.7 in every draw",
        "",
    ),
    "unordered law": ("claims.headhunting.intensity.value.low", 9, "", ""),
    "choice": (READING, "some_day", "did you mean 'same_day'?", "some_day"),
    "choice of nothing": (READING, "whatever", "one of day_before, same_day", "whatever"),
    "path": ("measures.headhuntin.award.rate", "40%", "a path that exists", f"did you mean '{RATE}'?"),
    "two values in yaml": ("calendar.rounds", "[06-30", "a value as in a file", "[06-30"),
    "shares": ("measures.headhunting.payers.shares.hr", "40%", "shares that sum to 100%", ""),
    "fraction of a head": (HEADS, 300.5, "a whole number of the smallest unit", "300.5人"),
    "baseline's": (RATE, "50%", "a value that is not the baseline's", "50%"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_fault_names_its_cell(baseline: ScenarioFile, book: Book, case: str) -> None:
    path, value, expected, found = WRONG[case]
    book.fill({path: value}, "G")
    row = book.row(path)
    faults = faults_of(lambda: read_sheet(baseline, book.save()))
    assert any(one.startswith(f"情景!G{row}: ") and expected in one and found in one for one in faults), (
        faults
    )


def test_every_fault_comes_at_once_and_nothing_is_written(
    baseline: ScenarioFile, book: Book, tmp_path: Path
) -> None:
    book.fill({CAP: "=1+1", RATE: "x"})
    book.fill({HEADS: "y"}, "G", name="Two Words", author=None, date="yesterday")
    book.fill({TARGET: 3000}, "H", name="one")
    faults = faults_of(lambda: write_overlays(read_sheet(baseline, book.save()), tmp_path / "out"))
    wanted = [
        f"情景!F{book.rows[CAP]}",
        f"情景!F{book.rows[RATE]}",
        f"情景!G{book.rows[HEADS]}",
        f"情景!G{layout.META + 4}",
        f"情景!G{layout.META + 5}",
        f"情景!H{layout.META + 1}",
    ]
    for cell in wanted:
        assert any(one.startswith(f"{cell}: ") for one in faults), (cell, faults)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["Two Words", "../up", "情景一", "a/b", "=1"])
def test_a_name_is_an_id(baseline: ScenarioFile, book: Book, name: str) -> None:
    (fault,) = faults_of(lambda: read_sheet(baseline, book.fill({CAP: 60}, name=name).save()))
    assert fault.startswith(f"情景!F{layout.META + 1}: ")
    assert name == "=1" or "a name of lower-case letters, digits, _ and -" in fault


@pytest.mark.parametrize("key", ["name", "title.zh", "author", "date", "reason.zh"])
def test_what_is_required_is_asked_for(baseline: ScenarioFile, book: Book, key: str) -> None:
    book.fill({CAP: 60}, **{key.replace(".", "_"): None})
    (fault,) = faults_of(lambda: read_sheet(baseline, book.save()))
    assert fault.startswith(f"情景!F{layout.META + 1 + layout.KEYS.index(key)}: ")
    assert "a value, it is required, found an empty cell" in fault


def test_a_column_without_values_and_values_without_a_path(baseline: ScenarioFile, book: Book) -> None:
    book.fill({})
    book.fill({CAP: 60}, "G", name="two")
    book.sheet[f"G{book.free}"] = 5
    faults = faults_of(lambda: read_sheet(baseline, book.save()))
    assert any(
        one.startswith(f"情景!F{layout.HEAD_ROW + 1}: ") and "at least one value below" in one
        for one in faults
    )
    assert any(one.startswith(f"情景!C{book.free}: ") and "the path of what" in one for one in faults)


def test_a_path_twice_is_refused(baseline: ScenarioFile, book: Book) -> None:
    book.fill({CAP: 60})
    book.sheet[f"C{book.free}"], book.sheet[f"F{book.free}"] = CAP, "70万元"
    (fault,) = faults_of(lambda: read_sheet(baseline, book.save()))
    assert fault.startswith(f"情景!C{book.free}: ") and f"情景!C{book.rows[CAP]} too" in fault


def test_merged_cells_are_refused(baseline: ScenarioFile, book: Book) -> None:
    book.fill({CAP: 60})
    book.sheet.merge_cells(f"F{book.rows[CAP]}:G{book.rows[CAP]}")
    faults = faults_of(lambda: read_sheet(baseline, book.save()))
    assert any(
        f"情景!F{book.rows[CAP]}:G{book.rows[CAP]}: expected cells that are not merged" in one
        for one in faults
    )


def test_a_sheet_of_another_scenario_is_refused(book: Book) -> None:
    successor = ScenarioFile(NINGBO / "successor.yaml")
    faults = faults_of(lambda: read_sheet(successor, book.fill({CAP: 60}).save()))
    assert any(
        one.startswith("情景!B3: ") and "the scenario it is laid on, successor" in one for one in faults
    )


def test_a_sheet_of_an_older_state_says_so(baseline: ScenarioFile, book: Book, tmp_path: Path) -> None:
    book.sheet["E3"] = "0123456789ab"
    (path,) = write_overlays(read_sheet(baseline, book.fill({CAP: 60}).save()), tmp_path)
    assert baseline.lay([path]).outdated[0].written_for == "0123456789ab"


def test_nothing_filled_in_and_other_workbooks(baseline: ScenarioFile, blank: Path, tmp_path: Path) -> None:
    (fault,) = faults_of(lambda: read_sheet(baseline, blank))
    assert "at least one scenario that is filled in" in fault
    other = Workbook()
    other.active["A1"] = "别的表"
    other.save(tmp_path / "other.xlsx")
    (fault,) = faults_of(lambda: read_sheet(baseline, tmp_path / "other.xlsx"))
    assert "a sheet named 情景 or Scenarios" in fault
    other.active.title = "情景"
    other.save(tmp_path / "other.xlsx")
    (fault,) = faults_of(lambda: read_sheet(baseline, tmp_path / "other.xlsx"))
    assert "the heading Path or 路径" in fault
    (tmp_path / "no.xlsx").write_bytes(b"PK nothing")
    assert faults_of(lambda: read_sheet(baseline, tmp_path / "no.xlsx"))


# --- files ------------------------------------------------------------------------------------------------


def test_a_file_that_exists_is_kept(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text("old", "utf-8")
    texts = {"one": "a: 1\n", "two": "b: 2\n"}
    with pytest.raises(InputError, match=r"two\.yaml: expected names of new files.*--force"):
        write_overlays(texts, tmp_path)
    with pytest.raises(InputError, match=r"two\.yaml: expected files that simkit wrote.*--force does not"):
        write_overlays(texts, tmp_path, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["two.yaml"]
    assert (tmp_path / "two.yaml").read_text("utf-8") == "old"
    (tmp_path / "two.yaml").unlink()
    write_overlays(texts, tmp_path)
    newer = {"one": "a: 3\n", "two": "b: 4\n"}
    assert [path.read_text("utf-8") for path in write_overlays(newer, tmp_path, force=True)] == list(
        newer.values()
    )
    assert sorted(path.name for path in tmp_path.glob("*.yaml")) == ["one.yaml", "two.yaml"]


def test_what_cannot_be_written_leaves_nothing(baseline: ScenarioFile, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(RunError, match="cannot be written"):
        write_overlays({"one": "a: 1\n"}, tmp_path / "taken")
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(RunError, match="cannot be written"):
        write_sheet(baseline, tmp_path / "folder.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.xlsx", "taken"]
