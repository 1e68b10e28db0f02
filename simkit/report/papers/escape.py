"""A text as part of a web page: nothing in it is markup, and nothing in it is hidden."""

from __future__ import annotations

import html

from simkit.base.visible import visible_text

__all__ = ["escaped"]


def escaped(text: str) -> str:
    """The text for an element or an attribute in quotation marks."""
    return html.escape(visible_text(text.replace("\r\n", "\n")))
