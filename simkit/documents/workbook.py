"""A workbook in the making: the same bytes on each run, whole or not at all, and words that stay words."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from simkit.base.errors import RunError
from simkit.base.visible import xml_text
from simkit.base.whole_files import whole
from simkit.base.words import LANGUAGES, say

__all__ = ["BODY", "CREATED", "INPUT", "LONGEST", "Formats", "cut", "new_workbook", "sheet_names"]

#: Nothing in a file depends on the day it was written.
CREATED = datetime.datetime(2023, 4, 12)
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
#: A column's width counts digits of this font. Its metrics are known everywhere, under this or another name:
#: with a font that a machine lacks, columns come out wider there, and figures with them.
_MEASURE = {"font_name": "Arial", "font_size": 10}
#: Font of a language; the reader's machine supplies it.
BODY = {lang: say(lang, "language.body_font") for lang in LANGUAGES}
#: Colour of the cells that a person fills in.
INPUT = "#FFF9DB"
#: Most characters that a cell of a workbook holds.
LONGEST = 32_767
_LONGEST_NAME = 31
_NO_NAME = re.compile(r"[\[\]:*?/\\\s]+")
#: Excel keeps this name for itself.
_EXCEL_OWN = "history"


@contextmanager
def new_workbook(path: str | Path, properties: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """An xlsxwriter workbook to write into; it takes its place once it is whole.

    Then its `filename` says where it stands: beside what is not simkit's own.

    Parameters
    ----------
    path : str or Path
    properties : mapping, optional
        Of the document: `title`, `subject`, `author`, `company`, `keywords`, `comments`, `created`.

    Raises
    ------
    RunError
        When it cannot be written; nothing half-written stays.
    """
    path = Path(path)
    with whole(path, "error.not_kept") as new:
        # a copy: xlsxwriter writes into what it is given, and the next file would differ
        book = xlsxwriter.Workbook(str(new.partial), _OPTIONS | {"default_format_properties": dict(_MEASURE)})
        words = {
            key: xml_text(text) if isinstance(text, str) else text for key, text in (properties or {}).items()
        }
        book.set_properties({"created": CREATED, **words})
        try:
            yield book
            book.close()
        except xlsxwriter.exceptions.XlsxWriterException as error:
            raise RunError("error.not_kept", path=path, reason=error) from error
    book.filename = str(new.path)


@dataclass(slots=True, eq=False)
class Formats:
    """The formats of a workbook made so far; the same one for the same options."""

    book: Any
    base: Mapping[str, Any]
    made: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def style(self, **options: Any) -> Any:
        """A format: what all cells share, with these options."""
        options = {**self.base, **options}
        key = tuple(sorted(options.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(options)
        return self.made[key]


def cut(text: str, most: int, end: str = "…") -> str:
    """A clean text of at most so many characters as a workbook counts them (UTF-16); `end` says that it was longer."""
    text = xml_text(text)
    if _length(text) <= most:
        return text
    text = text[: most - _length(end)]
    while _length(text) + _length(end) > most:
        text = text[:-1]
    return text + end


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def sheet_names(words: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names of sheets: clean, at most 31 characters, no two alike, in whatever case or width.

    Parameters
    ----------
    words : what each should be called
    taken : names that are given already
    """
    used = {_alike(name) for name in taken} | {_EXCEL_OWN, ""}
    names = []
    for text in words:
        text = _NO_NAME.sub(" ", xml_text(text)).strip(" '")
        name, number = cut(text, _LONGEST_NAME, "").strip(" '"), 1
        while _alike(name) in used:
            number += 1
            mark = f"~{number}"
            name = cut(text, _LONGEST_NAME - len(mark), "") + mark
        used.add(_alike(name))
        names.append(name)
    return names


def _alike(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
