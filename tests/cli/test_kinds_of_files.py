"""A command that is given another kind of file says in one line which it is and how it is used."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from simkit.cli import main
from simkit.documents.file_kinds import kind_of

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
#: Words before the file that is given, those after it, and the kind that is asked for.
COMMANDS: dict[str, tuple[list[str], list[str], str]] = {
    "run": (["run"], [], "scenario"),
    "run --overlay": (["run", "scenario.yaml", "--overlay"], [], "overlay"),
    "report": (["report"], [], "scenario"),
    "report --overlay": (["report", "scenario.yaml", "--overlay"], [], "overlay"),
    "verify": (["verify"], [], "scenario"),
    "compare": (["compare"], ["confidence=80%"], "scenario"),
    "compare with": (["compare", "scenario.yaml"], [], "overlay"),
    "sweep": (["sweep"], ["confidence=80%,90%"], "scenario"),
    "seek": (["seek"], ["measures.fee.caps.yearly.amount"], "scenario"),
    "drivers": (["drivers"], [], "scenario"),
    "provisions": (["provisions"], [], "scenario"),
    "readings": (["readings"], [], "scenario"),
    "whatif": (["whatif"], ["-o", "page.html"], "scenario"),
    "overlay list": (["overlay", "list"], [], "scenario"),
    "overlay check": (["overlay", "check", "scenario.yaml"], [], "overlay"),
    "overlay stamp": (["overlay", "stamp", "scenario.yaml"], [], "overlay"),
    "overlay export": (["overlay", "export"], ["sheet.xlsx"], "scenario"),
    "overlay import": (["overlay", "import"], ["sheet.xlsx"], "scenario"),
    "verify-run": (["verify-run"], [], "run"),
}
FILES = {
    "policy": "policy.yaml",
    "scenario": "scenario.yaml",
    "overlay": "overlay.yaml",
    "run": "saved",
    "answer": "answer.json",
    "sheet": "list.csv",
    "folder": "empty",
}
NAMES = {
    "policy": "a policy",
    "scenario": "a scenario",
    "overlay": "an overlay",
    "run": "a saved run",
    "answer": "a saved answer",
    "sheet": "a spreadsheet",
    "folder": "a folder",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One file of each kind, in the folder where the command is given."""
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "overlay.yaml").write_text(OVERLAY, "utf-8")
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "manifest.json").write_text("{}", "utf-8")
    (tmp_path / "answer.json").write_text(json.dumps({"format": 1, "kind": "sweep", "answer": {}}), "utf-8")
    (tmp_path / "list.csv").write_text("机构名称\n甲公司\n", "utf-8")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_one_function_knows_them_all(folder: Path) -> None:
    assert {kind: kind_of(folder / name)[0] for kind, name in FILES.items()} == {kind: kind for kind in FILES}


CASES = [
    (command, kind)
    for command, (_, _, wanted) in COMMANDS.items()
    for kind in FILES
    # A folder is a report's to take, where it has scenarios in it.
    if kind != wanted and (command, kind) != ("report", "folder")
]


@pytest.mark.parametrize(("command", "kind"), CASES)
def test_another_kind_is_named_with_its_use(
    command: str, kind: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after, wanted = COMMANDS[command]
    words = [*before, FILES[kind], *after]
    assert main([*words, "--lang", "en"]) == 2
    printed = capsys.readouterr()
    # Whether the rules are compiled already is no matter.
    aside = ("1 fault", "The first run after a change")
    said = [line for line in (printed.out + printed.err).splitlines() if not line.startswith(aside)]
    assert len(said) == 1, said
    assert f"{FILES[kind]}: (file): expected {NAMES[wanted]}, found {NAMES[kind]}" in said[0]
    assert kind == "folder" or said[0].endswith(")"), "the way out is missing"
    assert main([*words, "--lang", "zh"]) == 2
    printed = capsys.readouterr()
    names = r"simkit[\w -]*|--\w+|[\w-]+\.(?:yaml|json|csv)|SCENARIO|overlay|toy|saved|empty"
    chinese = re.sub(names, "", printed.out + printed.err)
    assert not re.search(r"[a-z]{3,} [a-z]{2,}", chinese), chinese
    assert {path.name for path in folder.iterdir()} == {*FILES.values(), "policy.zh.txt"}


@pytest.mark.parametrize("kind", ["run", "answer", "sheet"])
def test_check_says_what_it_was_given(kind: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", FILES[kind], "--lang", "en"]) == 2
    assert f"found {NAMES[kind]}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["check", "scenaro.yaml"], "scenario.yaml"),
        (["run", "scenaro.yaml"], "scenario.yaml"),
        (["compare", "scenario.yaml", "overlya.yaml"], "overlay.yaml"),
        (["run", "scenario.yaml", "--overlay", "overaly.yaml"], "overlay.yaml"),
        (["verify-run", "savd"], "saved"),
        (["run", "another.yaml"], ""),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_file_that_is_not_there_may_be_a_slip(
    words: list[str], near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--lang", "en"]) == 2
    printed = capsys.readouterr()
    said = printed.out + printed.err
    assert "no such file" in said and (f"did you mean '{near}'?" in said if near else "did you" not in said)


def test_the_policy_that_a_scenario_names_may_be_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "policy.yaml").rename(folder / "polices.yaml")
    assert main(["run", "scenario.yaml", "--lang", "en"]) == 2
    assert "scenario.yaml:2: policy: expected the policy's file, beside this one" in capsys.readouterr().err
    text = (
        (folder / "scenario.yaml").read_text("utf-8").replace("policy: policy.yaml", "policy: overlay.yaml")
    )
    (folder / "scenario.yaml").write_text(f"policy: overlay.yaml\n{text}", "utf-8")
    assert main(["run", "scenario.yaml", "--lang", "en"]) == 2
    assert "overlay.yaml: (file): expected a policy, found an overlay" in capsys.readouterr().err
