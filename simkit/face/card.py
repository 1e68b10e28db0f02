"""Cards: how an object shows itself in a cell and on a terminal, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from simkit.base.display import display
from simkit.base.visible import visible
from simkit.base.words import say
from simkit.report.papers.glyphs import half_widths

__all__ = ["Card", "Fold", "Shown"]

#: Lines and columns of a card on a terminal.
_LINES, _COLUMNS = 15, 100
#: Rows of the first fold in a cell, and bytes of the whole card: it fits a screen and an e-mail.
_OPEN_ROWS, _BYTES = 8, 40_000
#: Rows of any other fold at first; half as many until the card is small enough.
_ROWS = 120
#: Columns of a text in a line above the folds, and of one in a cell of a fold.
_LINE, _CELL = 96, 44
#: Columns that every column of a table keeps.
_NARROW = 6
_SMALL = "font-size:12px;line-height:1.35"
_TD = "padding:1px 10px 1px 0;text-align:{align};white-space:nowrap;border:0"


@dataclass(frozen=True, slots=True)
class Fold:
    """A part of a card that opens: a table of texts.

    Attributes
    ----------
    title : str
        What stands in it, with its number: it is read where the fold is closed.
    heads : tuple of str
    rows : tuple of tuple of str
    numbers : tuple of int
        Columns that are set flush right.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """What an object says of itself: a title, a few lines, tables that open; the first is open.

    Attributes
    ----------
    title : str
    lines : tuple of str
    folds : tuple of Fold
    """

    title: str
    lines: tuple[str, ...] = ()
    folds: tuple[Fold, ...] = ()

    def text(self, lang: str) -> str:
        """At most 15 lines of 100 columns: the first fold as far as there is room, the others by their titles."""
        lines = [_cut(one, _COLUMNS) for one in (self.title, *self.lines)][: _LINES - 2]
        folds = [one for one in self.folds if one.rows]
        others = folds[1:]
        room = _LINES - len(lines) - bool(others)
        if folds and room > 2:
            rows = folds[0].rows[: room - 2]
            left = len(folds[0].rows) - len(rows)
            lines += [_cut("  " + _folded_title(lang, folds[0].title, left), _COLUMNS)]
            lines += _columns([folds[0].heads, *rows], folds[0].numbers)
        if others:
            lines.append(_cut("  ".join(f"▸ {one.title}" for one in others), _COLUMNS))
        return "\n".join(lines)

    def html(self, lang: str) -> str:
        """At most 40 kB, without script or style sheet, everything escaped."""
        rows = _ROWS
        while len((page := self._page(lang, rows)).encode("utf-8")) > _BYTES and rows > 1:
            rows //= 2
        return page

    def _page(self, lang: str, most: int) -> str:
        """The card with so many rows a closed fold."""
        lines = "".join(f"<div>{_safe(one, 2 * _LINE)}</div>" for one in self.lines)
        folds = [one for one in self.folds if one.rows]
        parts = [
            _details(lang, one, min(most, most if number else _OPEN_ROWS), is_open=number == 0)
            for number, one in enumerate(folds)
        ]
        head = f'<div style="font-weight:600">{_safe(self.title, 2 * _LINE)}</div>'
        return f'<div style="{_SMALL}">{head}{lines}{"".join(parts)}</div>'


class Shown:
    """An object that a cell can show: `_card` says what it says of itself."""

    __slots__ = ()

    def _card(self, lang: str) -> Card:
        """Title, lines and folds, in a language."""
        raise NotImplementedError

    def __repr__(self) -> str:
        lang = display().lang
        return self._card(lang).text(lang)

    def _repr_html_(self) -> str:
        lang = display().lang
        return self._card(lang).html(lang)


def _details(lang: str, fold: Fold, most: int, *, is_open: bool) -> str:
    rows = fold.rows[:most]
    left = len(fold.rows) - len(rows)
    heads = "".join(
        f'<th style="{_align(fold, at)};font-weight:600">{_safe(one, _CELL)}</th>'
        for at, one in enumerate(fold.heads)
    )
    body = "".join(
        "<tr>"
        + "".join(f'<td style="{_align(fold, at)}">{_safe(one, _CELL)}</td>' for at, one in enumerate(row))
        + "</tr>"
        for row in rows
    )
    table = (
        f'<div style="overflow-x:auto"><table style="{_SMALL};border-collapse:collapse;margin:0 0 0 1em">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    opened = " open" if is_open else ""
    title = _safe(_folded_title(lang, fold.title, left), _LINE)
    return f"<details{opened}><summary>{title}</summary>{table}</details>"


def _folded_title(lang: str, title: str, left: int) -> str:
    """The title of a fold; how many rows it leaves out."""
    return say(lang, "face.first_of", title=title, left=left) if left else title


def _align(fold: Fold, column: int) -> str:
    return _TD.format(align="right" if column in fold.numbers else "left")


def _safe(text: str, columns: int) -> str:
    return escape(_cut(text, columns), quote=True)


def _cut(text: str, columns: int) -> str:
    """A text on one line, nothing hidden in it, cut to so many half-width columns."""
    line = visible(" ".join(text.split()) if "\n" in text else text)
    if half_widths(line) <= columns:
        return line
    used, kept = 0, []
    for letter in line:
        used += half_widths(letter)
        if used > columns - 1:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def _columns(rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> Iterator[str]:
    """Cells side by side on lines of at most 100 columns."""
    widths = [max(half_widths(visible(row[at])) for row in rows) for at in range(len(rows[0]))]
    widths = [min(one, _CELL) for one in widths]
    while sum(widths) + 2 * len(widths) + 2 > _COLUMNS and max(widths) > _NARROW:
        widths[widths.index(max(widths))] -= 1
    for row in rows:
        cut = [_cut(cell, width) for cell, width in zip(row, widths, strict=True)]
        blanks = [" " * (width - half_widths(cell)) for cell, width in zip(cut, widths, strict=True)]
        cells = [
            f"{blank}{cell}" if at in numbers else f"{cell}{blank}"
            for at, (cell, blank) in enumerate(zip(cut, blanks, strict=True))
        ]
        yield _cut("    " + "  ".join(cells).rstrip(), _COLUMNS)
