"""No answer is silent about what has no price: a measure put in force without claims is named, before and after."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from simkit.cli import main

TOY = Path(__file__).parents[2] / "simkit" / "cli" / "toy"
#: A second measure, suspended: what it would pay nobody has assumed.
SECOND = """\
  second:
    name: {zh: 二号措施, en: second measure}
    clause: 一
    quote: [按费用的50%给予补助]
    priced_by: text
    rigidity: entitlement
    modelled: {zh: 一半, en: a half}
    award: {kind: rate, rate: 50%}
    caps:
      yearly: {per: agency, within: year, amount: 4000元}
    payers: {shares: {fund: 100%}}
    status: suspended
readings:
  halt:
    clause: 一
    quote: [按费用的50%给予补助]
    question: {zh: 是否执行, en: in force or not}
    options:
      halted: {label: {zh: 不执行, en: halted}}
      going: {label: {zh: 执行, en: going}, overlay: {measures.second.status: in_force}}
    default: halted
    why: {zh: 试, en: a try}
"""
OVERLAY = """\
name: start
title: {zh: 恢复, en: put in force}
base: toy
author: me
date: 2026-11-22
reason: {zh: 试, en: a try}
changes: {measures.second.status: in_force}
"""
CAP = "measures.second.caps.yearly.amount"
FEW = ["--draws", "200", "--seed", "3", "--out", "out"]
NAMES = {"zh": "二号措施", "en": "second measure"}

Call = Callable[..., str]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call a command beside the scenario; give all that it printed in one line."""
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True)
    policy, scenario = tmp_path / "policy.yaml", tmp_path / "scenario.yaml"
    policy.write_text(policy.read_text("utf-8") + SECOND, "utf-8")
    text = scenario.read_text("utf-8").replace("{value: 3, ", "{value: {dist: uniform, low: 1, high: 3}, ")
    scenario.write_text(text, "utf-8")
    (tmp_path / "start.yaml").write_text(OVERLAY, "utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> str:
        assert main(list(words)) == 0
        printed = capsys.readouterr()
        return " ".join((printed.out + printed.err).split())

    return run


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "words",
    [
        ["run", "scenario.yaml", *FEW],
        ["compare", "scenario.yaml", "confidence=80%", *FEW],
        ["compare", "scenario.yaml", "confidence=80%", "confidence=70%", *FEW],
        ["sweep", "scenario.yaml", f"{CAP}=3000元,5000元", *FEW],
        ["sweep", "scenario.yaml", f"{CAP}=3000元,5000元", "measures.fee.award.rate=40%,50%", *FEW],
        ["seek", "scenario.yaml", "measures.fee.award.rate", "--budget", "30万元", *FEW],
        ["drivers", "scenario.yaml", *FEW],
        ["provisions", "scenario.yaml", *FEW],
        ["readings", "scenario.yaml", *FEW],
    ],
    ids=lambda words: words[0],
)
def test_every_command_names_it(words: list[str], lang: str, call: Call) -> None:
    assert NAMES[lang] in call(*words, "--overlay", "start.yaml", "--lang", lang)


@pytest.mark.parametrize("words", [["start.yaml"], ["measures.second.status=in_force"]])
def test_a_change_that_puts_it_in_force_says_so(words: list[str], call: Call) -> None:
    said = call("compare", "scenario.yaml", *words, *FEW, "--lang", "en")
    assert "Not priced under the change, so in none of its figures: second measure." in said
    assert "as the scenario stands, so in none of its figures: nothing." in said
    said = call("compare", "scenario.yaml", *words, "confidence=80%", *FEW, "--lang", "zh")
    assert "调整后未定价、未计入任何数字的条款：二号措施。" in said


def test_a_reading_that_puts_it_in_force_says_so(call: Call) -> None:
    said = call("readings", "scenario.yaml", *FEW, "--lang", "en")
    assert "Not priced under the change, so in none of its figures: second measure." in said


def test_without_it_nothing_is_said(call: Call) -> None:
    assert "riced" not in call("compare", "scenario.yaml", "confidence=80%", *FEW, "--lang", "en")


def test_the_page_of_an_answer_and_the_page_to_mail_name_it(call: Call, tmp_path: Path) -> None:
    call(
        "whatif",
        "scenario.yaml",
        "--overlay",
        "start.yaml",
        "--draws",
        "20",
        "-o",
        "page.html",
        "--lang",
        "en",
    )
    assert "second measure" in (tmp_path / "page.html").read_text("utf-8")
