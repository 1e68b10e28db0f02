"""What is not seen, or turns what follows, is shown as its number; all else stays."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

from simkit.base.errors import Fault, InputError
from simkit.base.said import in_language
from simkit.base.visible import HIDDEN, visible, visible_lines, visible_text

NAMED = {"Cc", "Cf", "Zl", "Zp", "Cs"}


def test_every_character_of_unicode_that_is_not_seen() -> None:
    """Those that Unicode may yet name, in the same ranges, are shown too."""
    for code in range(sys.maxunicode + 1):
        one, kind = chr(code), unicodedata.category(chr(code))
        if kind != "Cn":
            shown = f"[U+{code:04X}]" if kind in NAMED else one
            assert visible(one) == shown, hex(code)
            assert visible_lines(one) == (one if one == "\n" else shown)
            assert visible_text(one) == (one if one in "\t\n" else shown)
            assert bool(HIDDEN.search(one)) == (kind in NAMED and one not in "\t\n\r")


def test_what_is_laid_into_a_sentence() -> None:
    values = {"a": "x\x1b[31m", "b": Path("y\n"), "c": 1.5}
    assert {name: in_language(one, "en") for name, one in values.items()} == {
        "a": "x[U+001B][31m",
        "b": "y[U+000A]",
        "c": 1.5,
    }
    assert str(InputError("error.no_xlsx_name", path="x\ny")).startswith("x[U+000A]y: ")


def test_a_fault_is_one_line_whatever_its_names() -> None:
    fault = Fault("a\n.yaml", 1, "x\x1b[2J", "a value", "\u202e", "no\r")
    assert str(fault) == "a[U+000A].yaml:1: x[U+001B][2J: expected a value, found [U+202E] (no[U+000D])"
