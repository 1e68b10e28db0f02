"""Text of a YAML file without what no parser can read on, each such place being named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from simkit.base.said import Said
from simkit.base.visible import HIDDEN_SIGNS

__all__ = ["readable"]

#: An indent with a tab; one with wide spaces, before a key: a paragraph of text may begin with them.
_TABS = re.compile("^[ \t]*\t", re.MULTILINE)
_WIDE = re.compile("^ *[\u3000\xa0][ \u3000\xa0]*(?=(?:- )?[A-Za-z_][\\w.\\-]*\\s*[:：])", re.MULTILINE)
_UNREADABLE = re.compile(f"[{HIDDEN_SIGNS}\ufffe\uffff]")


def readable(text: str, fault: Callable[..., None]) -> str:
    """Name wrong indents and hidden characters, and put in their place what a parser can read on.

    Parameters
    ----------
    fault : function
        Called with the line, what is expected, what was found, and a way out if there is one.
    """
    sound = True
    for line, _ in _numbered(_TABS, text):
        fault(
            line, Said("fault.spaces_before_a_key"), Said("fault.a_tab"), Said("fault.put_spaces_place_tabs")
        )
        sound = False
    for line, _ in _numbered(_WIDE, text):
        hint = Said("fault.write_half_width_spaces_place_full")
        fault(line, Said("fault.spaces_before_a_key"), Said("fault.a_full_width_space"), hint)
        sound = False
    for line, found in _numbered(_UNREADABLE, text):
        fault(line, Said("fault.printable_text"), Said("fault.the_character", code=f"U+{ord(found):04X}"))
        sound = False
    text = text.replace("\t", "  ")
    if sound:
        return text
    text = _WIDE.sub(lambda found: found[0].replace("\u3000", "  ").replace("\xa0", " "), text)
    return _UNREADABLE.sub("?", text)


def _numbered(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """Line and words of the first match of each line."""
    line, counted, last = 1, 0, 0
    for found in pattern.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if line > last:
            yield line, found[0]
        last = line
