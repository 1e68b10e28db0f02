"""Do the policy's quoted words stand in its text?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from simkit.base.errors import MOST_SOUGHT, Fault, FaultsError
from simkit.base.said import Said
from simkit.base.visible import HIDDEN
from simkit.documents.build import TreePath, show
from simkit.documents.given import READABLE, read_text
from simkit.documents.tree import Tree

__all__ = ["quote_faults"]

_QUOTING = ("measures", "readings", "goals")
#: Of a policy's text; the longest we know has a hundredth of it.
_MOST_BYTES = 1_000_000
#: Letters of a quote that are looked for in the text when it does not stand there.
_SOUGHT = 200
#: Quotes for which that is done: it takes as long as all the rest of a check.
_MOST_SOUGHT = 10


def quote_faults(tree: Tree) -> Iterator[Fault]:
    """Name a text that is missing or another one, and every quote that is not in it.

    Reads the tree, not the policy, so that a measure with a fault has its quotes checked all the same.
    """
    file = tree.get(("document", "text", "file"))
    if not isinstance(file, str):
        return
    try:
        raw, text = read_text(Path(tree.file).parent / file, _MOST_BYTES)
    except FaultsError as error:
        yield from (_unread(tree, fault) for fault in error.faults)
        return
    yield from _digest(tree, raw)
    squeezed = _squeeze(text)
    wrong = ((path, quote) for path, quote in _quotes(tree) if not _stands(quote, squeezed))
    for number, (path, quote) in enumerate(islice(wrong, MOST_SOUGHT)):
        yield _not_there(tree, path, quote, squeezed if number < _MOST_SOUGHT else "")


def _unread(tree: Tree, fault: Fault) -> Fault:
    """Name a text that cannot be read at the place that names it."""
    path = ("document", "text", "file")
    if fault.expected == READABLE:
        return tree.fault(
            path, Said("fault.policy_text_file_beside_one"), hint=Said("fault.only", words=fault.found)
        )
    return tree.fault(path, fault.expected, fault.found, fault.hint)


def _digest(tree: Tree, raw: bytes) -> Iterator[Fault]:
    digest = hashlib.sha256(raw).hexdigest()
    given = tree.get(("document", "text", "sha256"))
    if isinstance(given, str) and given != digest:
        hint = Said("fault.text_has_changed_check_then_write")
        yield tree.fault(
            ("document", "text", "sha256"), Said("fault.the_text_sha_256", digest=digest), hint=hint
        )


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


def _stands(quote: str, text: str) -> bool:
    words = _squeeze(quote)
    return bool(words) and words in text


def _not_there(tree: Tree, path: TreePath, quote: str, text: str) -> Fault:
    words = _squeeze(quote)
    if not words:
        return tree.fault(path, Said("fault.words_policy_text"))
    return tree.fault(path, Said("fault.words_stand_policy_text"), hint=_nearest_passage(words, text))


def _squeeze(text: str) -> str:
    """Leave out all space, and what is not seen: line breaks and indents are the printer's, not the policy's."""
    return HIDDEN.sub("", "".join(text.split()))


def _nearest_passage(words: str, text: str) -> Said | None:
    """Where the longest run of the quote's words stands, from the place where the quote would begin."""
    words = words[:_SOUGHT]
    first, size = 0, 0
    for start in range(len(words)):
        while start + size < len(words) and words[start : start + size + 1] in text:
            first, size = start, size + 1
    if size < min(4, len(words)):
        return None
    begin = max(0, text.index(words[first : first + size]) - first)
    return Said("fault.the_nearest_passage_is", text=show(text[begin : begin + 40]))
