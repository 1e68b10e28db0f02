"""Texts as a Word file holds them: nothing of them is ever a field or markup, and nothing in them is hidden."""

from __future__ import annotations

import re

from simkit.base.visible import xml_text
from simkit.report.papers.templates import environment

__all__ = ["cell_lines", "one_line", "written_lines"]


def _printable(text: str) -> str:
    """Text that XML can hold; a carriage return is a line feed."""
    return xml_text(text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Text without line feeds and tabs, for contents and properties."""
    return re.sub("[ \t\n]+", " ", _printable(text)).strip(" ")


def cell_lines(text: str) -> list[str]:
    """The lines of a text; one at least."""
    return _printable(text).split("\n")


def written_lines(text: str) -> list[str]:
    """The lines of a text that are not empty."""
    return [line for line in cell_lines(text) if line.strip()]


def _parts(text: str) -> list[str]:
    """A text without its tabs and line feeds, which Word has elements for, and these between."""
    return [part for part in re.split("([\t\n])", _printable(text)) if part]


def _quoted(text: str) -> str:
    """Words in the quotation marks of a field."""
    return one_line(text).replace("\\", "\\\\").replace('"', '\\"')


environment().filters |= {"parts": _parts, "quoted": _quoted, "lines": written_lines}
