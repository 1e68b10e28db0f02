"""Where things stand on the sheet of parameters x scenarios, and its words in every language."""

from __future__ import annotations

from simkit.base.words import LANGUAGES, say
from simkit.documents.models import Text

__all__ = [
    "BASE",
    "FIRST_ROW",
    "FIRST_SCENARIO",
    "FREE_ROWS",
    "HEADINGS",
    "HEAD_ROW",
    "KEYS",
    "META",
    "PATH_COLUMN",
    "SHEETS",
]

SHEETS = {lang: say(lang, "sheet.tab") for lang in LANGUAGES}
#: Rows and columns count from 0. What each overlay is called stands in rows above its values.
BASE = (2, 1), (2, 4)  # cells of the baseline's id and digest
META = 3
_TITLES, _REASONS = (tuple(f"{key}.{lang}" for lang in Text.model_fields) for key in ("title", "reason"))
KEYS = ("name", *_TITLES, "author", "date", *_REASONS)
HEAD_ROW = META + len(KEYS)
FIRST_ROW = HEAD_ROW + 1
PATH_COLUMN, FIRST_SCENARIO = 2, 5
#: Rows below the parameters for paths that are not among them.
FREE_ROWS = 12

_HEADINGS = ("measure", "parameter", "path", "unit", "baseline")
HEADINGS = {lang: tuple(say(lang, f"sheet.heading.{key}") for key in _HEADINGS) for lang in LANGUAGES}
