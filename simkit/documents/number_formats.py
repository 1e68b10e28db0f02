"""Number formats of a workbook's cells: which of them show something else than the number that is stored."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["Formatted", "Percent", "formatted", "patterns_of"]

#: What a format shows beside digits: words in quotes or behind a backslash; room, filling, colours.
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]')
#: Formats that show a number as it is.
_PLAIN = ("", "general", "0", "@")
#: Commas behind the last digit: the number is shown divided by a thousand for each.
_DIVIDED = re.compile(r"[0#?],+(?![,0#?])")
_SCALES = re.compile("[十百千万亿%‰]")


class Formatted(float):
    """A number in a cell that may show something else than its digits, and the pattern that it is shown by."""

    pattern: str

    def __new__(cls, value: float, pattern: str = "") -> Formatted:
        """A number and the pattern of its cell, such as `000000` or `#,##0.00`."""
        number = super().__new__(cls, value)
        number.pattern = pattern
        return number

    def is_scaled(self, unit: str) -> bool:
        """Whether the cell shows it divided, or with another unit than its heading's: 184500000 as 18450万."""
        words = _words(self.pattern)
        divided = _DIVIDED.search(_LITERAL.sub("", self.pattern))
        return bool(divided or (_SCALES.search(words) and words != unit))


class Percent(Formatted):
    """A number in a cell that shows it as a percentage: 0.4 stands there as 40%."""


def patterns_of(book: Any) -> dict[int, str]:
    """Patterns of a workbook of openpyxl by the number of the style, without those that show a number as it is."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    def pattern(number: int) -> str:
        own = number - BUILTIN_FORMATS_MAX_SIZE
        known = book._number_formats
        return str(known[own] if 0 <= own < len(known) else BUILTIN_FORMATS.get(number, ""))

    found = {place: pattern(style.numFmtId) for place, style in enumerate(book._cell_styles)}
    return {place: one for place, one in found.items() if not _shows_as_it_is(one)}


def formatted(value: float, pattern: str) -> float:
    """A number with its cell's pattern, where that may show something else."""
    if not pattern:
        return value
    kind = Percent if "%" in _LITERAL.sub("", pattern) else Formatted
    return kind(value, pattern)


def _shows_as_it_is(pattern: str) -> bool:
    digits = _LITERAL.sub("", pattern).split(";")[0]
    return not _words(pattern) and digits.strip(" ()").casefold() in _PLAIN


def _words(pattern: str) -> str:
    return "".join(match[1] or match[2] or "" for match in _LITERAL.finditer(pattern)).strip()
