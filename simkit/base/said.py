"""Something said: a key of the catalogues and what is laid into its words, in whatever language a person reads."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from functools import reduce
from pathlib import PurePath
from typing import Any, TypeAlias

from simkit.base.visible import visible
from simkit.base.words import DEFAULT, say

__all__ = ["Said", "Words", "in_language", "joined", "listed", "of_computer"]


class Said:
    """Words by their key; their values are names, numbers, words of their own, or what only who tells them can say.

    Attributes
    ----------
    key : str
        Of the catalogues in `base/words`.
    values : dict
    """

    __slots__ = ("key", "values")

    def __init__(self, key: str, /, **values: Any) -> None:
        self.key, self.values = key, values

    def said(self, lang: str) -> str:
        """The words in a language."""
        return say(lang, self.key, **{name: in_language(one, lang) for name, one in self.values.items()})

    def __str__(self) -> str:
        return self.said(DEFAULT)

    def __repr__(self) -> str:
        return (
            f"Said({', '.join([repr(self.key), *(f'{name}={one!r}' for name, one in self.values.items())])})"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and (self.key, self.values) == (other.key, other.values)

    def __hash__(self) -> int:
        return hash(self.key)


#: What a person reads: words of the catalogues, or a name or value that stands as it is.
Words: TypeAlias = Said | str


def joined(parts: Sequence[Any], by: str = "language.semicolon") -> Said:
    """Several words as one: in a row, or as one of several (`language.either`)."""
    first, *others = parts
    words = first if isinstance(first, Said) else Said("fault.only", words=first)
    for one in others:
        words = Said(by, one=words, other=one)
    return words


def in_language(value: Any, lang: str) -> Any:
    """A value as it is laid into a sentence: words, one of several, a name that hides nothing, a number as it is."""
    if (said := getattr(value, "said", None)) is not None:
        return said(lang)
    if isinstance(value, tuple):
        *others, last = (in_language(one, lang) for one in value)
        return say(lang, "language.or").join(
            [*([say(lang, "language.comma").join(others)] if others else []), last]
        )
    return visible(str(value)) if isinstance(value, str | PurePath) else value


def listed(things: Iterable[Any], lang: str, by: str = "language.listed") -> str:
    """Names or words in a row, in a language; names that may hold commas by `language.parted`."""
    words = (one if isinstance(one, str) else one.said(lang) for one in things)
    return reduce(lambda one, other: say(lang, by, one=one, other=other), [*words] or [""])


#: What a computer says of a file, where the catalogues say it too.
_SAID = (
    "EACCES", "EDQUOT", "EEXIST", "EIO", "EISDIR", "ENAMETOOLONG", "ENOENT", "ENOSPC", "ENOTDIR", "EPERM", "EROFS",
)  # fmt: skip


#: Windows: a sharing or a lock violation.
_HELD = (32, 33)


def of_computer(error: OSError) -> Words:
    """Why a file cannot be used. On Windows what another program holds is refused as if rights were missing."""
    if getattr(error, "winerror", None) in _HELD:
        return Said("computer.held")
    name = errno.errorcode.get(error.errno or 0, "")
    return Said(f"computer.{name}") if name in _SAID else error.strerror or str(error)
