"""Do the policy's quoted words stand in its text?"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simkit.errors import Fault
from simkit.policy.tree import Tree, TreePath, show

__all__ = ["quote_faults"]

_QUOTING = ("measures", "readings", "goals")


def quote_faults(tree: Tree) -> Iterator[Fault]:
    """Name a text that is missing or another one, and every quote that is not in it.

    Reads the tree, not the policy, so that a measure with a fault has its quotes checked all the same.
    """
    file = tree.get(("document", "text", "file"))
    if not isinstance(file, str):
        return
    try:
        raw = (Path(tree.file).parent / file).read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        expected = "the policy's text, a file beside this one"
        yield tree.fault(("document", "text", "file"), expected, hint=str(reason))
        return
    yield from _digest(tree, raw)
    squeezed = _squeeze(text)
    for path, quote in _quotes(tree):
        yield from _stands(tree, path, quote, squeezed)


def _digest(tree: Tree, raw: bytes) -> Iterator[Fault]:
    digest = hashlib.sha256(raw).hexdigest()
    given = tree.get(("document", "text", "sha256"))
    if isinstance(given, str) and given != digest:
        hint = "the text has changed: check it, then write this digest"
        yield tree.fault(("document", "text", "sha256"), f"the text's SHA-256, {digest}", hint=hint)


def _quotes(tree: Tree) -> Iterator[tuple[TreePath, str]]:
    for section in _QUOTING:
        things: Any = tree.get((section,))
        for name in things if isinstance(things, dict) else ():
            path: TreePath = (section, name, "quote")
            given = tree.get(path)
            if isinstance(given, str):
                yield path, given
            for i, quote in enumerate(given if isinstance(given, list) else ()):
                if isinstance(quote, str):
                    yield (*path, i), quote


def _stands(tree: Tree, path: TreePath, quote: str, text: str) -> Iterator[Fault]:
    words = _squeeze(quote)
    if not words:
        yield tree.fault(path, "words of the policy's text")
    elif words not in text:
        yield tree.fault(path, "words that stand in the policy's text", hint=_nearest_passage(words, text))


def _squeeze(text: str) -> str:
    """Leave out all space: line breaks and indents are the printer's, not the policy's."""
    return "".join(text.split())


def _nearest_passage(words: str, text: str) -> str:
    """Where the longest run of the quote's words stands, from the place where the quote would begin."""
    matcher = difflib.SequenceMatcher(None, words[:400], text, autojunk=False)
    match = matcher.find_longest_match()
    if match.size < min(4, len(words)):
        return ""
    start = max(0, match.b - match.a)
    return f"the nearest passage is {show(text[start : start + 40])}"
