"""What a command line lays on a scenario: files of overlays, and paths with their values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice, product
from pathlib import Path
from typing import Any, NamedTuple

from simkit.base.errors import Fault, FaultsError
from simkit.base.filenames import legal
from simkit.base.said import Said
from simkit.documents.build import show
from simkit.documents.file_kinds import near_file
from simkit.documents.overlay_file import Lines, Variant, scan_overlay, variants
from simkit.documents.tree import Tree, parse_yaml

__all__ = ["Variation", "read_value", "read_words"]

#: Ways to lay swept overlays on one another.
_MOST_VARIATIONS = 1_000
_PATH = re.compile(r"[A-Za-z_][^\s=/\\]*")


class Variation(NamedTuple):
    """What `ScenarioFile.lay` needs, and a name."""

    name: str
    overlays: tuple[str | Path | Lines, ...]
    changes: dict[str, Any] | None = None


def read_words(words: Sequence[str], *, together: bool = False) -> list[Variation]:
    """What a command line lays on: files of overlays and `PATH=VALUE`, VALUE being YAML.

    Parameters
    ----------
    words : sequence of str
        In the order in which they are laid on. A swept overlay gives a variation for each of its variants.
    together : bool
        Lay all of them on one another, in every choice of variants; else each by itself.

    Raises
    ------
    FaultsError
        With every fault; a `PATH=VALUE` is named by itself.
    """
    read: list[tuple[Variant, ...]] = []
    faults: list[Fault] = []
    for word in words:
        found, more = _read_word(word)
        read.append(found)
        faults += more
    if faults:
        raise FaultsError(faults)
    if not together:
        return [Variation(one.name, (one.changes,)) for found in read for one in found]
    choices = list(islice(product(*read), _MOST_VARIATIONS + 1))
    if len(choices) > _MOST_VARIATIONS:
        counts = " x ".join(str(len(ways)) for ways in read)
        expected = Said("fault.at_most_variants_swept_overlays_laid", most_variations=_MOST_VARIATIONS)
        raise FaultsError([Fault(" ".join(words), 0, "sweep", expected, counts)])
    return [
        Variation("+".join(one.name for one in choice), tuple(one.changes for one in choice))
        for choice in choices
    ]


def _read_word(word: str) -> tuple[tuple[Variant, ...], list[Fault]]:
    path, sign, value = word.partition("=")
    if sign and _PATH.fullmatch(path) and not Path(word).exists():
        return _inline(word, path, value)
    overlay, tree, faults = scan_overlay(word)
    if tree is None and not Path(word).exists():
        plain = unicodedata.normalize("NFKC", word)
        wide = (
            Said("fault.write", narrow=plain)
            if plain != word and _PATH.fullmatch(plain.partition("=")[0])
            else None
        )
        hint = wide or near_file(word) or Said("fault.path_value_are_written_path_value")
        return (), [
            Fault(
                word, 0, "(file)", Said("fault.file_overlay_path_value"), Said("fault.no_such_file_2"), hint
            )
        ]
    if overlay is None or faults:
        return (), faults
    return variants(overlay, tree), []


def _inline(word: str, path: str, value: str) -> tuple[tuple[Variant, ...], list[Fault]]:
    try:
        data = read_value(value)
    except ValueError:
        expected, hint = Said("fault.value_file"), Said("fault.null_takes_key_away_put_text")
        return (), [
            Fault(word, 0, path, expected, show(value) if value.strip() else Said("fault.nothing"), hint)
        ]
    name = legal(word)
    return (Variant(name, Lines(name, Tree({path: data}, word))),), []


def read_value(text: str) -> Any:
    """A value written as in a YAML file.

    Raises
    ------
    ValueError
        When it is none, or more than one.
    """
    tree, faults = parse_yaml(f"value: {text}", "")
    if not text.strip() or tree is None or faults or list(tree.data) != ["value"]:
        raise ValueError(Said("fault.value_file"))
    return tree.data["value"]
