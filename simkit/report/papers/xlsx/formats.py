"""What sheets of tables look like: formats, fonts, the page that they print on."""

from __future__ import annotations

from typing import Any

from simkit.base.words import LANGUAGES, say
from simkit.documents.workbook import BODY, INPUT, LONGEST, Formats, cut
from simkit.report.papers.table import Column, Language

__all__ = ["HEADING", "LINE", "MOST_LINES", "NOTE", "SIZE", "Pen", "marginal", "print_setup"]

#: Font of headings, by language.
HEADING = {lang: say(lang, "language.heading_font") for lang in LANGUAGES}
#: Points of letters: of the text, of notes.
SIZE, NOTE = 10, 9
#: Points of a line of text, and the most lines that a row can be high.
LINE, MOST_LINES = 15.0, 27
_PATTERNS = {"money": "#,##0{}", "count": "#,##0{}", "share": "0{}%", "whole": "0", "text": "@"}
_DECIMALS = {"money": 2, "count": 1, "share": 1}
_A4 = 9
#: Most characters of the words of a link.
_LONGEST_LINK = 255
#: Most characters of a line above or below a printed page.
_MARGINAL = 200


class Pen(Formats):
    """A workbook's formats, and its language."""

    def __init__(self, book: Any, lang: Language) -> None:
        super().__init__(book, {"font_name": BODY[lang], "font_size": SIZE, "valign": "vcenter"})
        self.lang = lang

    def say(self, key: str, /, **values: Any) -> str:
        """Words of the catalogue."""
        return say(self.lang, key, **values)

    def text(self, words: str) -> str:
        """A text that a cell can hold."""
        return cut(words, LONGEST, self.say("xlsx.cut"))

    def title(self, size: int = 14, **options: Any) -> Any:
        """The format of a heading."""
        return self.style(font_name=HEADING[self.lang], font_size=size, bold=True, **options)

    def head(self) -> Any:
        """The format of column headings."""
        return self.title(SIZE, border=1, text_wrap=True, align="center", bg_color="#E7ECF3")

    def cell(self, column: Column, *, total: bool, words: bool, blank: bool = False) -> Any:
        """The format of a cell; words in a column of numbers stand in the middle, what is to be filled in is marked."""
        options: dict[str, Any] = {"border": 1, "bold": total}
        if total or blank:
            options["bg_color"] = INPUT if blank else "#F4F4F4"
        if blank:
            options["locked"] = False
        if column.kind == "text" or words:
            options |= {"text_wrap": True, "align": "left" if column.kind == "text" else "center"}
        if column.kind != "text" and (blank or not words):
            decimals = _DECIMALS.get(column.kind, 0) if column.decimals is None else column.decimals
            if column.kind == "whole":
                options["align"] = "center"
            options["num_format"] = _PATTERNS[column.kind].format("." + "0" * decimals if decimals else "")
        elif blank:
            options["num_format"] = "@"
        return self.style(**options)

    def note(self) -> Any:
        """The format of notes."""
        return self.style(text_wrap=True, valign="top", font_size=NOTE)

    def warning(self) -> Any:
        """The format of what must be known before the figures are read."""
        return self.style(bold=True, text_wrap=True, font_color="#9C2A00", bg_color="#FDF1E7")

    def link(self, sheet: Any, row: int, column: int, name: str, words: str) -> None:
        """Write words that lead to a sheet of this workbook."""
        style = self.style(border=1, font_color="#1F4E9E", underline=1, text_wrap=True)
        quoted = name.replace("'", "''")
        sheet.write_url(row, column, f"internal:'{quoted}'!A1", style, cut(words, _LONGEST_LINK))


def print_setup(
    pen: Pen, sheet: Any, *, landscape: bool = True, head: tuple[int, int] | None = None, above: str = ""
) -> None:
    """A4, one page wide, numbered; rows on top of every page, first and last; a line above."""
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    if above:
        sheet.set_header("&R" + marginal(above))
    sheet.set_footer("&C" + pen.say("xlsx.page", page="&P", pages="&N"))
    if head is not None:
        sheet.repeat_rows(*head)


def marginal(words: str) -> str:
    """Words above or below a printed page, on one line; an ampersand, which begins a code there, stays one.

    xlsxwriter takes `&G` and `&[Picture]` for a picture even where they are escaped: a wide ampersand stands there.
    """
    words = " ".join(words.split())
    doubled = words.replace("&", "&&")
    if "&G" in doubled or "&[" in doubled:
        doubled = words.replace("&", "＆")
    return cut(doubled, _MARGINAL)
