"""A spreadsheet of parameters x scenarios: the baseline, overlays, and empty columns to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

from simkit.base.said import in_language
from simkit.base.visible import text_width
from simkit.base.words import Language, say
from simkit.documents.tree import Tree
from simkit.documents.workbook import BODY, INPUT, LONGEST, Formats, cut, new_workbook
from simkit.scenario import Overlay, ScenarioFile
from simkit.scenario.laying import value_at
from simkit.scenario.overlay_text import flow
from simkit.scenario.parameters import layout
from simkit.scenario.parameters.confirm import is_far, marked
from simkit.scenario.parameters.rows import Parameter, parameters, split_value, text_of

__all__ = ["add_sheet", "write_sheet"]

_LOCKED, _HEAD, _LINES = "#F4F4F4", "#E7ECF3", "#BFBFBF"
_EMPTY_COLUMNS = 3
#: Most characters of the words of a list of choices.
_MOST_CHOICES = 255
_WIDTHS = (26, 46, 52, 9, 16)
_SCENARIO_WIDTH = 24
#: Points of a line of text, and of the rows above the headings, which are frozen and must leave room below.
_LINE = 14.5
_META_HEIGHTS = {"title.zh": 30, "title.en": 30, "reason.zh": 58, "reason.en": 44}
_MOST_LINES = 12
#: Width of a letter of these 10-point fonts in units of a column.
_GLYPH = 0.9


def write_sheet(
    file: ScenarioFile,
    path: str | Path,
    overlays: Sequence[tuple[Overlay, Tree]] = (),
    language: Language = "zh",
) -> Path:
    """Write the parameters of a scenario as a workbook of one sheet.

    Parameters
    ----------
    file : ScenarioFile
    path : str or Path
    overlays : sequence of (Overlay, Tree)
        As `read_overlay` gives them. A sweep's values stand in one cell.
    language : str
        One of `LANGUAGES`.

    Returns
    -------
    Path
        Where it stands: beside what is not simkit's own.

    Raises
    ------
    RunError
        When it cannot be written; nothing half-written stays.
    """
    with new_workbook(path) as book:
        add_sheet(book, file, overlays, language)
    return Path(book.filename)


def add_sheet(
    book: Any,
    file: ScenarioFile,
    overlays: Sequence[tuple[Overlay, Tree]] = (),
    language: Language = "zh",
) -> None:
    """Add the parameters of a scenario to a workbook, with a column for each overlay and three empty ones.

    Inputs are unlocked and yellow, all else is protected, without a password. Words stay words, whatever
    they begin with. The sheet's name is that of `layout.SHEETS`, by which it is found again.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        From `new_workbook`.
    file, overlays, language : as for `write_sheet`
    """
    _fill(_Sheet(book, language), file, overlays)


@dataclass(slots=True, eq=False)
class _Sheet:
    """The sheet, its language and its formats."""

    book: Any
    language: Language
    sheet: Any = None
    formats: Formats = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = self.book.add_worksheet(layout.SHEETS[self.language])
        base = {"font_name": BODY[self.language], "font_size": 10, "valign": "vcenter"}
        self.formats = Formats(self.book, base | {"border": 1, "border_color": _LINES})

    def say(self, key: str, **values: Any) -> str:
        return say(self.language, f"sheet.{key}", **values)

    def style(self, **options: Any) -> Any:
        """A format; the same one for the same options."""
        return self.formats.style(**options)

    def head(self) -> Any:
        """The format of headings."""
        return self.style(bold=True, bg_color=_HEAD, text_wrap=True)

    def words(self, row: int, column: int, text: str, style: Any) -> None:
        """Write text, which stays text."""
        if text:
            self.sheet.write_string(row, column, cut(text, LONGEST, ""), style)
        else:
            self.sheet.write_blank(row, column, None, style)

    def height(self, row: int, *texts: tuple[str, float]) -> None:
        """Make a row as high as texts need in columns of some widths."""
        lines = max(ceil(text_width(text) * _GLYPH / (width - 1)) for text, width in texts)
        self.sheet.set_row(row, _LINE * min(max(lines, 1), _MOST_LINES))


def _fill(page: _Sheet, file: ScenarioFile, overlays: Sequence[tuple[Overlay, Tree]]) -> None:
    rows = parameters(file)
    known = {one.path for one in rows}
    others = list(
        dict.fromkeys(path for overlay, _ in overlays for path in _paths(overlay) if path not in known)
    )
    columns = len(overlays) + _EMPTY_COLUMNS
    _top(page, file, columns)
    for number in range(columns):
        _meta(page, number, overlays[number][0] if number < len(overlays) else None)
    for place, parameter in enumerate(rows):
        _row(page, layout.FIRST_ROW + place, parameter, overlays, columns)
    first_free = layout.FIRST_ROW + len(rows)
    for place in range(len(others) + layout.FREE_ROWS):
        path = others[place] if place < len(others) else ""
        before = value_at(path, *file.unchanged) if path else None
        _free_row(page, first_free + place, path, before, overlays, columns)
    _set_up(page, columns, first_free + len(others) + layout.FREE_ROWS)


def _paths(overlay: Overlay) -> list[str]:
    return [*overlay.changes, *overlay.sweep]


def _top(page: _Sheet, file: ScenarioFile, columns: int) -> None:
    last = layout.FIRST_SCENARIO + columns - 1
    plan, _ = file.unchanged
    title = in_language(text_of(plan.get(("title",)), ""), page.language)
    heading = page.style(bold=True, font_size=14, border=0)
    page.words(0, 0, page.say("title", title=title), heading)
    page.sheet.merge_range(1, 0, 1, last, "", page.style(text_wrap=True, border=0))
    page.words(1, 0, page.say("hint"), page.style(text_wrap=True, border=0))
    locked = page.style(bg_color=_LOCKED)
    for (row, column), key, value in zip(
        layout.BASE, ("base", "digest"), (str(plan.get(("id",))), file.base_digest), strict=True
    ):
        page.words(row, column - 1, page.say(key), page.head())
        page.words(row, column, value, locked)
    for column, words in enumerate(layout.HEADINGS[page.language]):
        page.words(layout.HEAD_ROW, column, words, page.head())
    for number in range(columns):
        words = page.say("scenario", number=number + 1)
        page.words(layout.HEAD_ROW, layout.FIRST_SCENARIO + number, words, page.head())


def _meta(page: _Sheet, number: int, overlay: Overlay | None) -> None:
    """Name, title, author, date, reason of one column; the rows' labels beside the first."""
    column = layout.FIRST_SCENARIO + number
    for place, key in enumerate(layout.KEYS):
        row = layout.META + place
        if number == 0:
            page.sheet.merge_range(row, 0, row, layout.FIRST_SCENARIO - 1, "", page.head())
            page.words(row, 0, page.say(key), page.head())
        style = page.style(bg_color=INPUT, locked=False, text_wrap=True, num_format="@", valign="top")
        page.words(row, column, _of(overlay, key) if overlay else "", style)


def _of(overlay: Overlay, key: str) -> str:
    name, _, lang = key.partition(".")
    value = getattr(overlay, name)
    return str(getattr(value, lang) if lang else value)


def _row(
    page: _Sheet, row: int, parameter: Parameter, overlays: Sequence[tuple[Overlay, Tree]], columns: int
) -> None:
    locked = page.style(bg_color=_LOCKED, text_wrap=True)
    names = tuple(in_language(words, page.language) for words in (parameter.group, parameter.meaning))
    for column, words in enumerate((*names, parameter.path, parameter.unit)):
        page.words(row, column, words, locked)
    page.height(row, *zip((*names, parameter.path), _WIDTHS, strict=False))
    _value(page, row, layout.FIRST_SCENARIO - 1, parameter, parameter.value, locked=True)
    for number in range(columns):
        column = layout.FIRST_SCENARIO + number
        tree = overlays[number][1] if number < len(overlays) else None
        values, swept = _values(tree, parameter.path)
        if swept or any(is_far(parameter.value, one) for one in values):
            style = page.style(bg_color=INPUT, locked=False, text_wrap=True, align="right")
            words = "; ".join(_as_text(one, parameter.value, page.language) for one in values)
            page.words(row, column, words if len(values) > 1 or not swept else f"{words};", style)
        else:
            value = values[0] if values else None
            _value(page, row, column, parameter, value, locked=False, given=bool(values))
    if parameter.choices and len(",".join(parameter.choices)) <= _MOST_CHOICES:
        page.sheet.data_validation(
            row,
            layout.FIRST_SCENARIO,
            row,
            layout.FIRST_SCENARIO + columns - 1,
            {"validate": "list", "source": list(parameter.choices), "error_type": "warning"},
        )


def _values(tree: Tree | None, path: str) -> tuple[list[Any], bool]:
    """What an overlay sets a path to (nothing where it does not), and whether it sweeps it."""
    changes, sweep = ((tree.get((key,)) or {}) if tree else {} for key in ("changes", "sweep"))
    return ([changes[path]], False) if path in changes else (sweep.get(path, []), path in sweep)


def _as_text(value: Any, before: Any, language: Language) -> str:
    """A value as a person would write it: with the word that confirms it where it is far from the baseline's."""
    text = flow(value) if isinstance(value, dict | list) or value is None else str(value)
    return marked(text, language) if is_far(before, value) else text


def _value(
    page: _Sheet, row: int, column: int, parameter: Parameter, value: Any, *, locked: bool, given: bool = True
) -> None:
    """A number in the unit of its row, else words."""
    colour = _LOCKED if locked else INPUT
    share = parameter.unit == "%"
    pattern = "0.00%" if share else "General"
    style = page.style(bg_color=colour, locked=locked, align="right", num_format=pattern)
    number = split_value(value)
    if not given:
        page.sheet.write_blank(row, column, None, style)
    elif number and number[1] == parameter.unit and not parameter.choices:
        page.sheet.write_number(row, column, float(number[0] / (Decimal(100) if share else 1)), style)
    else:
        page.words(row, column, _as_text(value, value, page.language), style)


def _free_row(
    page: _Sheet, row: int, path: str, before: Any, overlays: Sequence[tuple[Overlay, Tree]], columns: int
) -> None:
    """A row for a path that is no parameter: values as in YAML; `before`: the baseline's."""
    locked = page.style(bg_color=_LOCKED, text_wrap=True)
    for column, words in ((0, page.say("free")), (1, page.say("free_hint")), (3, ""), (4, "")):
        page.words(row, column, words, locked)
    style = page.style(bg_color=INPUT, locked=False, text_wrap=True, num_format="@")
    page.words(row, layout.PATH_COLUMN, path, style)
    texts = []
    for number in range(columns):
        values, swept = _values(overlays[number][1] if number < len(overlays) else None, path)
        text = flow({"sweep": values}) if swept else flow(values[0]) if values else ""
        text = marked(text, page.language) if any(is_far(before, one) for one in values) else text
        page.words(row, layout.FIRST_SCENARIO + number, text, style)
        texts.append((text, _SCENARIO_WIDTH))
    page.height(row, (page.say("free_hint"), _WIDTHS[1]), *texts)


def _set_up(page: _Sheet, columns: int, rows: int) -> None:
    sheet = page.sheet
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(layout.FIRST_SCENARIO, layout.FIRST_SCENARIO + columns - 1, _SCENARIO_WIDTH)
    sheet.set_row(1, 3 * _LINE)
    for key, height in _META_HEIGHTS.items():
        sheet.set_row(layout.META + layout.KEYS.index(key), height)
    sheet.freeze_panes(layout.FIRST_ROW, layout.FIRST_SCENARIO)
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(layout.META, layout.HEAD_ROW)
    sheet.print_area(0, 0, rows - 1, layout.FIRST_SCENARIO + columns - 1)
    sheet.set_footer("&C&P / &N")
