"""Words of the terminal, and the language in which they are said."""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from simkit.base import words
from simkit.base.said import Said
from simkit.base.words import DEFAULT, LANGUAGES

__all__ = ["language_of", "say"]


def say(language: str, key: str, /, **values: Any) -> str:
    """What stands under `cli.KEY` in the catalogues, in a language."""
    return Said(f"cli.{key}", **values).said(language)


def language_of(arguments: Sequence[str]) -> str:
    """Language that the command line asks for, else that of the computer."""
    for number, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            given = value or next(iter(arguments[number + 1 :]), "")
            if given in LANGUAGES:
                return given
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    with suppress(ValueError):  # a locale that Python does not know
        names.append(locale.getlocale()[0])
    found = next((name for name in names if name), "").lower()
    names_of = {one: (one, words.say(one, "language.on_windows")) for one in LANGUAGES}
    return next((one for one in LANGUAGES if found.startswith(names_of[one])), DEFAULT)
