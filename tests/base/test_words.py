"""The catalogues: the same keys and placeholders in both languages, and every key that the code asks for."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import simkit.base.words as messages
from simkit.base.words import catalogue, say

REPORT = Path(messages.__file__).parents[2] / "report"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_catalogue_has_both_languages():
    names = {path.name.split(".")[0] for path in Path(messages.__file__).parent.glob("*.yaml")}
    assert names
    for name in names:
        for lang in ("zh", "en"):
            assert (Path(messages.__file__).parent / f"{name}.{lang}.yaml").exists()


def test_keys_are_the_same_and_no_placeholder_differs():
    zh, en = catalogue("zh"), catalogue("en")
    assert set(zh) == set(en)
    for key in zh:
        assert placeholders(zh[key]) == placeholders(en[key]), key


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_is_text(lang):
    for key, text in catalogue(lang).items():
        assert isinstance(key, str) and isinstance(text, str), key


def test_every_key_that_tables_ask_for_exists():
    asked: set[str] = set()
    for path in [*(REPORT / "tables").glob("*.py"), REPORT / "papers" / "xlsx" / "tables.py"]:
        source = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'say\(\s*(?:lang, |pen\.lang, |self\.lang, )?"([a-z_.]+)"', source))
        asked |= {
            f"col.{key}" for key in re.findall(r'\.column\("([a-z_]+)", "[a-z]+"(?:, decimals=\d)?\)', source)
        }
    assert len(asked) > 100
    assert asked <= set(catalogue("zh")), asked - set(catalogue("zh"))


def test_the_margin_is_never_called_the_government_s_reserve():
    assert not [key for key, text in catalogue("zh").items() if "预备费" in text]


def test_placeholders_are_filled():
    assert say("zh", "amount.wan", amount="50") == "50万元"
    with pytest.raises(KeyError):
        say("zh", "no.such.key")
