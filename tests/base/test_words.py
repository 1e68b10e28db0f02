"""The catalogues: the same keys and placeholders in every language, and every key that the code asks for."""

from __future__ import annotations

import ast
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
def test_every_key_of_a_message_that_is_asked_for_exists(name: str) -> None:
    sources = "\n".join(path.read_text("utf-8") for path in HERE.parents[1].rglob("*.py"))
    asked = set(re.findall(rf"""["']({name}\.[\w.]+)["']""", sources))
    assert asked and asked <= set(catalogue(DEFAULT)), asked - set(catalogue(DEFAULT))


class Sources:
    """What the sources hold of keys: whole ones, their beginnings (`f"title.{name}"`), and words that go on."""

    def __init__(self) -> None:
        nodes = [
            node
            for path in HERE.parents[1].rglob("*.py")
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        ]
        texts = {one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        parts = [one.values[0] for one in nodes if isinstance(one, ast.JoinedStr)]
        heads = {one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        others = [path for path in (REPORT / "templates").iterdir() if path.suffix != ".docx"]
        others += [*HERE.parents[2].glob("notebooks/*.ipynb"), *HERE.parents[2].glob("scenarios/*/*.yaml")]
        text = "\n".join(path.read_text("utf-8") for path in others)
        names = {str(getattr(one, at, "")) for one in nodes for at in ("attr", "arg", "name", "id")}
        self.whole = texts | set(re.findall(r"[\w.]+", text))
        self.begun = {one for one in heads if "." in one} | {f"{one}." for one in texts if "." in one}
        self.words = {word for one in texts | names | self.whole for word in re.split(r"[\W_]", one)}

    def say(self, key: str) -> bool:
        """Whether a key is asked for: as a whole, or by a beginning and words that stand somewhere."""
        rests = [key.removeprefix(one) for one in self.begun if key.startswith(one)]
        if key.startswith(_SHORT):
            rests.append(key.partition(".")[2])
        return key in self.whole or any(set(re.split(r"[._]", one)) <= self.words for one in rests)


#: Catalogues whose name is not said where they are asked; and by the fields of the schema, which has a test of its own.
_SHORT = ("cli.", "caps.js.", "schema.")
#: What a policy may hold and none here does.
_OF_DATA = {"level.province"}


def test_every_key_is_said() -> None:
    """What it can see: a key one of whose words stands nowhere any more, or whose beginning nothing makes."""
    sources = Sources()
    assert not sources.say("title.unasked") and not sources.say("unasked.title")
    assert {key for key in catalogue(DEFAULT) if not sources.say(key)} == _OF_DATA


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
