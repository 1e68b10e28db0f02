"""Every fault that a check can name has its Chinese: read from the code, whatever tests reach."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import simkit
from simkit.documents.fault_words import ZH, phrase, translate

PACKAGE = Path(simkit.__file__).parent
ROOMS = ("documents", "policy", "scenario", "claims", "distributions", "whatif")
FILES = sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py"))
#: Where the words stand among the arguments of what makes a fault.
WORDS_FROM = {"fault": 1, "_fault": 1, "Fault": 3, "ValueError": 0, "Disagreement": 0, "WrongError": 0}
#: What is no fault of a file: a law that the code itself does not know.
OTHERS = {"no law of counts: X1"}


def texts(node: ast.expr) -> Iterator[str]:
    """Words that an expression may give; a value in them is written X1."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = (str(part.value) if isinstance(part, ast.Constant) else "X1" for part in node.values)
        yield "".join(parts)
    elif isinstance(node, ast.IfExp):
        yield from (*texts(node.body), *texts(node.orelse))
    elif isinstance(node, ast.Tuple):
        yield from (text for item in node.elts[1:] for text in texts(item))


def said(path: Path) -> set[str]:
    """All words of faults in a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = node.args[WORDS_FROM.get(name, len(node.args)) :]
            given += [one.value for one in node.keywords if name in WORDS_FROM]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("expected", "hint"):
            given = [node.value]
        else:
            continue
        found |= {text for one in given for text in texts(one)}
    return found - OTHERS


def is_english(text: str) -> bool:
    """Whether two English words stand beside each other outside quotes."""
    return bool(re.search(r"[a-z]{2,} (\d+ )?[a-z]{2,}", re.sub(r"'[^']*'|simkit [\w ]+", "", text)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_fault_has_its_chinese(path: Path) -> None:
    # In the place of one value may stand two, joined by `or`.
    both = ((text, text.replace("X1", "X1 or X1")) for text in said(path))
    assert [one for one, two in both if is_english(translate(one)) and is_english(translate(two))] == []


def test_words_of_a_computer_are_told_too() -> None:
    assert phrase("Permission denied") == ZH["permission denied"] != "permission denied"
    assert phrase("quantile at 95.0%") == "95.0% 分位数" and phrase("baseline.yaml") == "baseline.yaml"


def test_a_fault_without_a_phrase_would_be_found() -> None:
    assert is_english(translate("a thing that nobody has translated"))
