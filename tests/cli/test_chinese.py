"""With `--lang zh` a reader meets no English sentence: names, keys, paths and what was typed apart."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from simkit.cli import main

TOY = Path(__file__).parents[2] / "simkit" / "cli" / "toy"
OVERLAY = """\
name: more
title: {zh: 多, en: more}
base: toy
author: me
date: 2026-11-22
reason: {zh: 试, en: a try}
changes: {measures.fee.caps.yearly.amount: 5000元}
"""
CAP = "measures.fee.caps.yearly.amount"
FEW = ["--draws", "100", "--seed", "3", "--out", "out"]
GOOD = [
    ["check", "."],
    ["check", ".", "--all"],
    ["check", "more.yaml"],
    ["run", "scenario.yaml", *FEW],
    ["run", "scenario.yaml", *FEW, "--overlay", "more.yaml"],
    ["verify", "scenario.yaml", "--draws", "500"],
    ["compare", "scenario.yaml", "more.yaml", *FEW],
    ["compare", "scenario.yaml", "more.yaml", "confidence=80%", *FEW],
    ["sweep", "scenario.yaml", f"{CAP}=3000元..5000元:3", *FEW],
    ["seek", "scenario.yaml", CAP, "--budget", "30万元", "--between", "1000元..8000元", *FEW],
    ["provisions", "scenario.yaml", *FEW],
    ["readings", "scenario.yaml", *FEW],
    ["overlay", "list", "scenario.yaml"],
    ["overlay", "check", "scenario.yaml", "more.yaml"],
    ["overlay", "stamp", "scenario.yaml", "more.yaml"],
    ["overlay", "export", "scenario.yaml", "sheet.xlsx"],
    ["schema", "paths"],
    ["doctor"],
    ["--help"],
    ["run", "--help"],
]
BAD = [
    ["rum"],
    ["run"],
    ["run", "a", "b"],
    ["run", "x", "--draws"],
    ["run", "x", "--draw", "3"],
    ["run", "scenario.yaml", "--draws", "x"],
    ["run", "none.yaml"],
    ["run", "policy.yaml"],
    ["run", "more.yaml"],
    ["run", "scenario.yaml", "--out", "policy.yaml"],
    ["compare", "scenario.yaml", "scenario.yaml"],
    ["compare", "scenario.yaml", "none"],
    ["compare", "scenario.yaml", "measures.fe.award.rate=1"],
    ["compare", "scenario.yaml", "measures.fee.award.rat=40%"],
    ["compare", "scenario.yaml", "measures.fee.award.rate=5元"],
    ["compare", "scenario.yaml", "measures.fee.instalments=[{share: 90%}]"],
    ["compare", "scenario.yaml", "population.growth.mode=target"],
    ["compare", "scenario.yaml", "choose.halt=never"],
    ["sweep", "scenario.yaml", "measures.fee.award.rat=1%,2%"],
    ["sweep", "scenario.yaml", "measures.fee.award.rate=1元,2元"],
    ["sweep", "scenario.yaml", "measures.fee.award.rate"],
    ["seek", "scenario.yaml", CAP, "--budget", "much"],
    ["seek", "scenario.yaml", CAP],
    ["drivers", "scenario.yaml", "--draws", "100", "--out", "out"],
    ["verify-run", "."],
    ["verify-run", "none"],
    ["overlay", "import", "scenario.yaml", "none.xlsx"],
    ["overlay", "export", "scenario.yaml", "sheet.txt"],
    ["schema", "plan"],
    ["check", "none"],
    ["check", "bad.yaml"],
    ["check", "other.yaml"],
    ["whatif", "scenario.yaml", "--date", "soon"],
]
#: What stays as it is in any language: what stands in quotes, in a path or a name, versions, an option.
AS_IT_IS = re.compile(
    r"'[^']*'|\"[^\"]*\"|`[^`]*`|\{[^{}]*\}|simkit [\w-]+(?: [\w-]+)?|--?[a-z][\w-]*|\S*[/_.=\d<>|]\S*|[A-Z]{2,}\S*"
)
SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}(?: [a-z]{2,})+|\b(?:expected|found|did you mean|one of)\b")

Call = Callable[[list[str]], tuple[int, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call a command in Chinese beside the scenario; give exit code and all that it printed."""
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "more.yaml").write_text(OVERLAY, "utf-8")
    monkeypatch.chdir(tmp_path)

    def run(words: list[str]) -> tuple[int, str]:
        if "bad.yaml" in words:
            policy = (tmp_path / "policy.yaml").read_text("utf-8")
            wrong = policy.replace("rate: 50%", "rate: fifty, rat: 5").replace(
                "level: city", "level: 3\n    x: 1"
            )
            (tmp_path / "bad.yaml").write_text(wrong.replace("amount: 4000元", "amount: 4000"), "utf-8")
        if "other.yaml" in words:
            (tmp_path / "other.yaml").write_text("colour: red\n", "utf-8")
        code = main(["--lang", "zh", *words])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


def english(text: str) -> list[str]:
    return [line for line in text.splitlines() if SENTENCE.search(AS_IT_IS.sub(" · ", line))]


@pytest.mark.parametrize("words", GOOD, ids=" ".join)
def test_what_is_done_is_told_in_chinese(words: list[str], call: Call) -> None:
    code, said = call(words)
    assert code == 0 and english(said) == []


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_what_is_wrong_is_told_in_chinese(words: list[str], call: Call) -> None:
    code, said = call(words)
    assert code == 2, said
    assert said and english(said) == []


def test_a_sentence_would_be_found() -> None:
    assert english("a.yaml：应为 expected a known key") and english("there is no such thing here")
    assert not english("应为以下之一：'one of these'，见 simkit run --help，numpy 2.4.6")
