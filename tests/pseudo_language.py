"""A language of no country: the English catalogues in other letters; what stays as it is stands in no catalogue."""

from __future__ import annotations

import re
import string
import sys
from pathlib import Path
from typing import Any

import yaml

import simkit.base.words as words

LANG = "xx"
_LETTERS = str.maketrans(string.ascii_letters, "абцдефгхийклмнопярстувшжызАБЦДЕФГХИЙКЛМНОПЯРСТУВШЖЫЗ")
#: What stands for another word, and what a program reads: the rules of a language.
_KEPT = ("language.wide", "language.tag", "language.locale", "language.on_windows", "language.ten_thousands")
_KEPT_FONTS = ("language.body_font", "language.heading_font")


def changed(text: str) -> str:
    """A text with other letters; what is filled in keeps its name."""
    parts = re.split(r"(\{[^{}]*\})", text)
    said = (part if part.startswith("{") else part.translate(_LETTERS) for part in parts)
    return re.sub("[\u4e00-\u9fff]", "ж", "".join(said))


def register(folder: Path) -> None:
    """Make the language known; before anything of simkit but `base.words` is imported."""
    assert not {name for name in sys.modules if name.startswith("simkit.") and "base" not in name}
    for path in Path(words.__file__).parent.glob("*.yaml"):
        text = path.read_text("utf-8")
        (folder / path.name).write_text(text, "utf-8")
        if path.name.endswith(f".{words.DEFAULT}.yaml"):
            kept = {*_KEPT, *_KEPT_FONTS}
            known = {key: one if key in kept else changed(one) for key, one in yaml.safe_load(text).items()}
            name = path.name.split(".")[0]
            (folder / f"{name}.{LANG}.yaml").write_text(yaml.safe_dump(known, allow_unicode=True), "utf-8")
    words._HERE = folder
    words.LANGUAGES = (*words.LANGUAGES, LANG)


def write_scenario(source: Path, folder: Path) -> Path:
    """A scenario, its policy and a template whose words are of this language where they were English."""
    template = Path(words.__file__).parents[2] / "report" / "templates" / "annexes.yaml"
    for path in (source, source.with_name("policy.yaml"), source.with_name("policy.zh.txt"), template):
        text = path.read_text("utf-8")
        if path.suffix == ".yaml":
            text = yaml.safe_dump(_data(yaml.safe_load(text)), allow_unicode=True, sort_keys=False)
        (folder / path.name).write_text(text, "utf-8")
    return folder / source.name


def _data(value: Any) -> Any:
    if isinstance(value, list):
        return [_data(one) for one in value]
    if not isinstance(value, dict):
        return value
    said = value.keys() == {"zh", "en"} and isinstance(value["en"], str)
    return {key: changed(one) if said and key == "en" else _data(one) for key, one in value.items()}


def unchanged(text: str, known: set[str]) -> set[str]:
    """Words that stand in a text as no catalogue says them, those that are known apart: names, options, data."""
    return set(re.findall(r"[A-Za-z]{3,}|[\u4e00-\u9fff]+", text)) - known
