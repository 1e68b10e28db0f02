"""No name of a file and no word in it steers the terminal: what is hidden stands there as its number."""

from __future__ import annotations

import ast
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import simkit as package
from simkit.base.visible import visible
from simkit.cli import main

ROOT = Path(package.__file__).parent
TOY = ROOT / "cli" / "toy"
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: A folder that would colour the terminal, begin a line of its own, and turn what follows.
FOLDER = "x\x1b[31m\n0 faults.\n\u202ey"
SHOWN = "x[U+001B][31m[U+000A]0 faults.[U+000A][U+202E]y"
OVERLAY = """\
name: up
title: {zh: "提高\\n共 0 处错误。", en: "up\\n0 faults."}
base: toy
author: a
date: 2024-01-01
reason: {zh: 试算, en: trial}
changes: {measures.fee.caps.yearly.amount: 5000元}
"""

Call = Callable[..., tuple[int, str]]


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(TOY, tmp_path / FOLDER))
    path = folder / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    title = '{zh: "自检\\n共 0 处错误。", en: "self-test\\n0 faults."}'
    path.write_text(re.sub(r"(?m)^title: .*", lambda _: f"title: {title}", text), encoding="utf-8")
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    return folder


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


def words_of(toy: Path, out: Path) -> dict[str, tuple[int, tuple[object, ...]]]:
    scenario, overlay = toy / "scenario.yaml", toy / "overlay.yaml"
    few = ("--draws", "50", "--out", out)
    return {
        "check a policy": (0, ("check", toy / "policy.yaml")),
        "check a scenario": (0, ("check", scenario)),
        "check an overlay": (0, ("check", overlay)),
        "check a folder": (0, ("check", toy)),
        "check nothing": (2, ("check", toy / "none\x1b]0;x\x07.yaml")),
        "run": (0, ("run", scenario, *few)),
        "compare": (0, ("compare", scenario, overlay, *few)),
        "overlay check": (0, ("overlay", "check", scenario, overlay)),
        "overlay list": (0, ("overlay", "list", scenario)),
        "overlay export": (0, ("overlay", "export", scenario, toy / "sheet.xlsx", "--overlay", overlay)),
        "schema": (0, ("schema", "policy", "--out", toy)),
        "verify-run": (2, ("verify-run", toy)),
        "a wrong option": (2, ("run", scenario, "--\x1b[2J")),
        "a wrong command": (2, ("ru\x1b[2Jn", scenario)),
    }


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", list(words_of(Path(), Path())))
def test_what_a_command_prints_hides_nothing(
    name: str, language: str, toy: Path, tmp_path: Path, call: Call
) -> None:
    code, words = words_of(toy, toy / "out")[name]
    found, printed = call(*words, "--lang", language)
    assert found == code, printed
    assert not HIDDEN.search(printed)
    lines = [line.strip() for line in printed.splitlines()]
    assert "0 faults." not in lines and "共 0 处错误。" not in lines


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_fault_shows_its_file_and_key(language: str, toy: Path, call: Call) -> None:
    with (toy / "policy.yaml").open("a", encoding="utf-8") as file:
        file.write('"k\\e[31m": 1\n')
    code, printed = call("check", toy / "policy.yaml", "--lang", language)
    assert code == 2 and SHOWN in printed and not HIDDEN.search(printed)


def test_everything_is_printed_by_one_function() -> None:
    """`click.echo` and `print` stand in `echo` alone; the progress bar makes its label visible itself."""
    found = {
        path.name
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func)
        in ("print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write")
    }
    assert found == {"terminal.py"}


def test_the_bar_of_progress_shows_its_label(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from simkit.cli.terminal import progress

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress(2, "a\x1b[31mb") as step:
        assert step is not None
        step(1)
    assert visible("a\x1b[31mb") in capsys.readouterr().err
