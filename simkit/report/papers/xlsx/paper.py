"""The annexes as a workbook: a sheet an annex, live formulas, inputs to fill in, the parameters behind them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simkit.documents.workbook import INPUT, new_workbook, sheet_names
from simkit.report.papers.paper import Paper
from simkit.report.papers.table import Blank
from simkit.report.papers.xlsx.annex import PROTECTION, annex_sheet
from simkit.report.papers.xlsx.formats import SIZE, Pen, print_setup
from simkit.report.papers.xlsx.sheet import ask, write_text
from simkit.scenario import ScenarioFile
from simkit.scenario.parameters import layout
from simkit.scenario.parameters.write_sheet import add_sheet

__all__ = ["write_book"]

_WIDTHS = (22.0, 70.0)


def write_book(paper: Paper, path: str | Path, *, scenario_file: ScenarioFile | None = None) -> Path:
    """Write the annexes as a workbook, whole or not at all.

    Money stands in 万元. What is others added up or divided is a live formula with its value. What a person
    fills in is unlocked and yellow, all else is protected, without a password. Words are text, whatever
    they begin with. Gives where it stands: beside what is not simkit's own.

    Parameters
    ----------
    paper : Paper
    path : str or Path
    scenario_file : ScenarioFile, optional
        The baseline that the paper is about: its parameters are the last sheet, to be filled in and read
        back by `simkit overlay import`. Without it that sheet is left out, and the contents say so.

    Raises
    ------
    RunError
        When the file cannot be written; nothing half-written stays.
    """
    created = datetime.datetime.combine(paper.date, datetime.time())
    properties = {"title": paper.title, "subject": paper.subtitle, "keywords": paper.name, "created": created}
    with new_workbook(path, properties) as book:
        book.set_size(2400, 1400)
        pen = Pen(book, paper.lang)
        contents = pen.say("xlsx.contents")
        names = sheet_names(
            (f"{annex.label} {annex.heading}" for annex in paper.annexes), (contents, *layout.SHEETS.values())
        )
        _Contents(pen, book.add_worksheet(contents)).write(paper, names, scenario_file is not None)
        for annex, name in zip(paper.annexes, names, strict=True):
            annex_sheet(pen, annex, name, paper.running)
        if scenario_file is not None:
            add_sheet(book, scenario_file, language=paper.lang)
    return Path(book.filename)


class _Contents:
    """The first sheet: what the set is, what stands where, what may be filled in."""

    def __init__(self, pen: Pen, sheet: Any) -> None:
        self.pen, self.sheet, self.at = pen, sheet, 0

    def write(self, paper: Paper, names: Sequence[str], parameters: bool) -> None:
        """Write the sheet; `names`: of the annexes' sheets, `parameters`: whether theirs follows."""
        for place, width in enumerate(_WIDTHS):
            self.sheet.set_column(place, place, width)
        self._text(paper.title, self.pen.title(18, align="center", text_wrap=True), 18)
        self._text(paper.subtitle, self.pen.style(font_size=12, align="center", text_wrap=True), 12)
        self.at += 1
        self._imprint(paper.imprint)
        for banner in paper.banners:
            self._text(banner.text, self.pen.warning())
        self.at += bool(paper.banners)
        self._text(paper.contents, self.pen.title(12), 12)
        self._links(paper, names, parameters)
        self.at += 1
        self._legend(parameters)
        self.sheet.hide_gridlines(2)
        self.sheet.protect("", PROTECTION)
        self.sheet.print_area(0, 0, self.at - 1, len(_WIDTHS) - 1)
        print_setup(self.pen, self.sheet, landscape=False, above=paper.running)

    def _text(self, words: str, style: Any, size: float = SIZE) -> None:
        if words:
            self.at = write_text(self.pen, self.sheet, self.at, words, _WIDTHS, style, size)

    def _imprint(self, lines: Sequence[tuple[str, str | Blank]]) -> None:
        body = self.pen.style(border=1, text_wrap=True)
        free = self.pen.style(border=1, text_wrap=True, bg_color=INPUT, locked=False, num_format="@")
        for label, content in lines:
            self.sheet.write_string(self.at, 0, self.pen.text(label), body)
            words = content.value if isinstance(content, Blank) else content
            style = free if isinstance(content, Blank) else body
            if isinstance(content, Blank):
                ask(self.pen, self.sheet, (self.at, 1, self.at, 1), "text", content.hint)
            if words is None:
                self.sheet.write_blank(self.at, 1, None, style)
            else:
                self.sheet.write_string(self.at, 1, self.pen.text(str(words)), style)
            self.sheet.set_row(self.at, 22)
            self.at += 1
        self.at += bool(lines)

    def _links(self, paper: Paper, names: Sequence[str], parameters: bool) -> None:
        """A line a sheet, which leads there."""
        lines = [(annex.label, annex.heading, name) for annex, name in zip(paper.annexes, names, strict=True)]
        if parameters:
            name = layout.SHEETS[self.pen.lang]
            lines.append((name, self.pen.say("book.parameters"), name))
        for place, key in enumerate(("book.annex", "book.heading")):
            self.sheet.write_string(self.at, place, self.pen.say(key), self.pen.head())
        for label, heading, name in lines:
            self.at += 1
            self.sheet.write_string(
                self.at, 0, self.pen.text(label), self.pen.style(border=1, text_wrap=True)
            )
            self.pen.link(self.sheet, self.at, 1, name, heading)
            self.sheet.set_row(self.at, 20)
        self.at += 1

    def _legend(self, parameters: bool) -> None:
        """What the colours are, and where the parameters stand."""
        keys = ["inputs", "live", "parameters.how" if parameters else "parameters.absent"]
        for key in keys:
            colour = INPUT if key == "inputs" else "#FFFFFF"
            self._text(self.pen.say(f"book.{key}"), self.pen.style(text_wrap=True, bg_color=colour))
