"""The catalogues: the same keys and placeholders in every language, and every key that the code asks for."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml

import simkit.base.words as messages
from simkit.base.words import DEFAULT, LANGUAGES, catalogue, say

HERE = Path(messages.__file__).parent
REPORT = HERE.parents[1] / "report"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_catalogue_has_every_language() -> None:
    names = {path.name.split(".")[0] for path in HERE.glob("*.yaml")}
    assert names and LANGUAGES[0] == "zh" and DEFAULT in LANGUAGES
    for name in names:
        for lang in LANGUAGES:
            assert (HERE / f"{name}.{lang}.yaml").exists()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_keys_are_the_same_and_no_placeholder_differs(lang: str) -> None:
    words, others = catalogue(lang), catalogue(DEFAULT)
    assert set(words) == set(others)
    for key in words:
        assert isinstance(key, str) and isinstance(words[key], str), key
        assert placeholders(words[key]) == placeholders(others[key]), key


def test_no_key_stands_twice() -> None:
    """Neither in a catalogue nor in two: the one would hide the other."""
    lines = [line for path in HERE.glob(f"*.{DEFAULT}.yaml") for line in path.read_text("utf-8").splitlines()]
    keys = [line.split(":")[0] for line in lines if re.match(r"[a-z]", line)]
    assert sorted(set(keys)) == sorted(keys)


@pytest.mark.parametrize("path", sorted(HERE.glob("*.zh.yaml")), ids=lambda path: path.name)
def test_chinese_is_chinese(path: Path) -> None:
    """Two English words beside each other, outside of quotes and commands, were not translated."""
    if path.name.split(".")[0] not in ("cli", "computer", "error", "fault"):
        return
    for key, text in yaml.safe_load(path.read_text("utf-8")).items():
        bare = re.sub(r"'[^']*'|simkit [\w -]+|\{[^}]*\}|JSON Schema|Philox|Dask|[A-Z]:", "", text)
        assert not re.search(r"[a-z]{2,} (\d+ )?[a-z]{2,}", bare), key


@pytest.mark.parametrize("name", ["error", "fault", "computer", "language"])
def test_every_key_of_a_message_is_asked_for_and_exists(name: str) -> None:
    sources = "\n".join(path.read_text("utf-8") for path in HERE.parents[1].rglob("*.py"))
    asked = set(re.findall(rf"""["']({name}\.[\w.]+)["']""", sources))
    known = {key for key in catalogue(DEFAULT) if key.startswith(f"{name}.")}
    assert asked <= known, asked - known
    begun = tuple(re.findall(rf'f"({name}\.[\w.]*)\{{', sources))
    assert {key for key in known - asked if not begun or not key.startswith(begun)} == set()


def test_every_key_that_tables_ask_for_exists():
    asked: set[str] = set()
    for path in [*(REPORT / "tables").glob("*.py"), REPORT / "papers" / "xlsx" / "tables.py"]:
        source = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'say\(\s*(?:lang, |pen\.lang, |self\.lang, )?"([a-z_.]+)"', source))
        asked |= {
            f"col.{key}" for key in re.findall(r'\.column\("([a-z_]+)", "[a-z]+"(?:, decimals=\d)?\)', source)
        }
    assert len(asked) > 100
    # The tables of an answer have headings of their own: `readings.col.KEY`, `col.compared.KEY`.
    known = {re.sub(r"^(?:[a-z]+\.)?col\.(?:[a-z_]+\.)?", "col.", key) for key in catalogue("zh")} | set(
        catalogue("zh")
    )
    assert asked <= known, asked - known


def test_the_margin_is_never_called_the_government_s_reserve():
    assert not [key for key, text in catalogue("zh").items() if "预备费" in text]


def test_placeholders_are_filled():
    assert say("zh", "amount.wan", amount="50") == "50万元"
    with pytest.raises(KeyError):
        say("zh", "no.such.key")
