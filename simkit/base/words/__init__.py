"""Words of reports in Chinese and English: every `NAME.zh.yaml` here has its `NAME.en.yaml`."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

__all__ = ["catalogue", "say"]


@lru_cache(maxsize=4)
def catalogue(lang: str) -> MappingProxyType[str, str]:
    """All words of one language: key -> text with `{placeholders}`."""
    words: dict[str, str] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda one: one.name):
        if file.name.endswith(f".{lang}.yaml"):
            words.update(yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    return MappingProxyType(words)


def say(lang: str, key: str, /, **values: Any) -> str:
    """The words of a key, its placeholders filled in.

    Raises
    ------
    KeyError
        For a key that the catalogue lacks: a fault of the program, found by the tests.
    """
    text = catalogue(lang)[key]
    return text.format(**values) if values else text
