"""Text as it can be shown: a character that is not seen, or that turns what follows, stands as its number."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["HIDDEN", "HIDDEN_SIGNS", "text_width", "visible", "visible_lines", "visible_text", "xml_text"]

#: Control and format characters, line and paragraph separators, lone surrogates: Unicode's Cc, Cf, Zl, Zp, Cs;
#: all but tab, line feed and carriage return, which a file of text holds.
HIDDEN_SIGNS = (
    "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\xad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e"
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb\\U000110bd\\U000110cd"
    "\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0001\\U000e0020-\\U000e007f"
)
HIDDEN = re.compile(f"[{HIDDEN_SIGNS}]")
_ANY = re.compile(f"[{HIDDEN_SIGNS}\\t\\n\\r]")
_BUT_LINES = re.compile(f"[{HIDDEN_SIGNS}\\t\\r]")
_BUT_BLANKS = re.compile(f"[{HIDDEN_SIGNS}\\r]")
#: Code points that are no characters, which XML cannot hold.
_NO_XML = re.compile("[\ufffe\uffff]")


def visible(text: str) -> str:
    """One line without hidden characters: each, a line feed too, stands as `[U+001B]`."""
    return _ANY.sub(_number, text)


def visible_lines(text: str) -> str:
    """The same for text whose line feeds are meant."""
    return _BUT_LINES.sub(_number, text)


def visible_text(text: str) -> str:
    """The same for text whose line feeds and tabs are meant, as those of a paper are."""
    return _BUT_BLANKS.sub(_number, text)


def xml_text(text: str) -> str:
    """The same for text that XML is to hold; every line feed is one character."""
    return _NO_XML.sub("\ufffd", visible_text(text.replace("\r\n", "\n")))


def text_width(text: str) -> int:
    """Columns that a text takes: a Chinese character takes two, and so do marks that may be set as one."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def _number(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"
