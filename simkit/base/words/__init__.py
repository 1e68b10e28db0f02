"""Words in every language: each `NAME.LANG.yaml` here is a catalogue, key -> text with `{placeholders}`.

A language is there once its catalogues are: the same names, keys and placeholders as in the others.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import yaml

__all__ = ["DEFAULT", "LANGUAGES", "Language", "catalogue", "is_wide", "say"]

#: One of `LANGUAGES`.
Language: TypeAlias = str

_HERE = Path(__file__).parent
#: What Python users read, and who asks for no language.
DEFAULT = "en"
#: Languages that have catalogues, the policies' own first.
LANGUAGES = tuple(sorted({path.name.split(".")[1] for path in _HERE.glob("*.*.yaml")}, reverse=True))
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the compiled one, where PyYAML has it


@cache
def catalogue(lang: str) -> MappingProxyType[str, str]:
    """All words of one language: key -> text with `{placeholders}`."""
    names = sorted(path.name.split(".")[0] for path in _HERE.glob(f"*.{lang}.yaml"))
    return MappingProxyType({key: text for name in names for key, text in _named(lang, name).items()})


@cache
def _named(lang: str, name: str) -> dict[str, str]:
    """One catalogue; empty where there is none of that name."""
    path = _HERE / f"{name}.{lang}.yaml"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return dict(yaml.load(text, Loader=_LOADER) or {})


def say(lang: str, key: str, /, **values: Any) -> str:
    """The words of a key, its placeholders filled in.

    Raises
    ------
    KeyError
        For a key that the catalogue lacks: a fault of the program, found by the tests.
    """
    # A catalogue that is called as its keys begin is read alone: an error or a page of help need not wait for all.
    own = _named(lang, key.partition(".")[0])
    text = own[key] if key in own else catalogue(lang)[key]
    return text.format(**values) if values else text


def is_wide(lang: str) -> bool:
    """Whether a language is written in characters two columns wide: their fonts, and lines that break anywhere."""
    return say(lang, "language.wide") == "yes"
