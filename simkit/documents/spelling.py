"""Is one word a slip of another? What is suggested must mean the same as what was meant to be written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from simkit.base.said import Said

__all__ = ["near_word", "nearest", "slips"]

_PARTS = re.compile(r"[^\W_]+")
#: Edits of one part of a name that may be a slip: none of short parts, in which they make another word.
_ONE_EDIT, _TWO_EDITS = 4, 9
#: One edit apart, and not the same.
_APART = ({"ever", "every"}, {"ever", "never"}, {"form", "from"}, {"with", "width"})

#: Chinese characters that tell one thing from its neighbour: numbers, times, places, levels, directions, negations.
_TELLING = frozenset(
    "零一二三四五六七八九十百千万亿两半年月日季周天时省市县区镇乡村国东西南北中上下左右前后内外大小高低多少长短"
    "新旧首末初终总净进出入支收付增减升降买卖购租男女甲乙丙丁非未不无免有公私"
    "次再本去今明应实预决全半正副主兼"
)


def nearest(word: str, words: Iterable[str]) -> Said | None:
    """What a word was meant to be, as a hint; None where that is not known."""
    near = near_word(word, words)
    return Said("fault.did_you_mean", near=near) if near else None


def near_word(word: str, words: Iterable[str]) -> str:
    """The one of `words` that `word` is a slip of; empty where there is none, or more than one is as near."""
    found = {other: edits for other in words if (edits := slips(word, other)) is not None}
    close = [other for other, edits in found.items() if edits == min(found.values())]
    return close[0] if len(close) == 1 else ""


def slips(word: str, other: str) -> int | None:
    """Number of slips that make one name of another; None where the two may mean different things.

    A slip is a letter too few, too many, wrong or in its neighbour's place, another sign between the
    parts of a name, or one of its parts in another place. Parts begin alike, since beginnings negate
    (`inclusive`, `exclusive`); of short parts only the last letter may be missing or too many, or one
    doubled, and so in Chinese, where one character of four may be another that tells nothing apart; digits
    stay as they are.
    """
    ours, theirs = _parts(word), _parts(other)
    if "".join(ours) == "".join(theirs):
        return 0 if word == other else 1
    if sorted(ours) == sorted(theirs):
        return 1
    if len(ours) != len(theirs):
        return None
    total = 0
    for one, two in zip(ours, theirs, strict=True):
        edits = _part_slips(one, two)
        if edits is None:
            return None
        total += edits
    return total if total <= 2 else None


def _parts(word: str) -> list[str]:
    """A name's words, whatever stands between them, in small letters and half width."""
    return _PARTS.findall(unicodedata.normalize("NFKC", word).casefold())


def _part_slips(one: str, two: str) -> int | None:
    if one == two:
        return 0
    if not (one + two).isalpha():
        return None
    shorter = min(len(one), len(two))
    if {one, two} in _APART:
        return None
    least = 3 if (one + two).isascii() else 2
    if _said_once(one) == _said_once(two) or (shorter >= least and (one[:-1] == two or two[:-1] == one)):
        return 1
    if not (one + two).isascii():
        return 1 if _is_misheard(one, two) else None
    most = (shorter >= _ONE_EDIT) + (shorter >= _TWO_EDITS)
    if sorted(one[:2]) != sorted(two[:2]) and one[0] != two[0]:
        return None
    edits = _edits(one, two)
    return edits if edits <= most else None


def _is_misheard(one: str, two: str) -> bool:
    """Whether one character of a Chinese word, not its first, was written as another."""
    pairs = [(a, b) for a, b in zip(one, two, strict=False) if a != b]
    alike = len(one) == len(two) >= _ONE_EDIT and len(pairs) == 1 and one[0] == two[0]
    return alike and not _TELLING & {*pairs[0]}


def _said_once(part: str) -> str:
    """A part without doubled letters."""
    return re.sub(r"(.)\1+", r"\1", part)


def _edits(one: str, two: str) -> int:
    """Letters put in, left out, changed or exchanged with their neighbour that make one word of another.

    References
    ----------
    Optimal string alignment, the restricted Damerau-Levenshtein distance.
    """
    rows = [list(range(len(two) + 1))]
    for at, letter in enumerate(one, start=1):
        row = [at]
        for place, against in enumerate(two, start=1):
            best = min(rows[-1][place] + 1, row[-1] + 1, rows[-1][place - 1] + (letter != against))
            if at > 1 and place > 1 and (letter, one[at - 2]) == (two[place - 2], against):
                best = min(best, rows[-2][place - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
