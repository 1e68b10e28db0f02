"""`simkit readings` and `simkit provisions` at the terminal: tables, saved answers, what is wrong with a call."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from simkit.cli import main
from simkit.cli.answer_tables import table_lines
from simkit.cli.commands import application
from simkit.cli.terminal import width
from simkit.report.papers.table import Column, Table
from simkit.whatif import provisions as provision_module
from simkit.whatif import readings as reading_module
from simkit.whatif.answers import load_answer
from simkit.whatif.provisions import Provisions
from simkit.whatif.readings import Readings
from tests.folders import file_names
from tests.small_scenarios import BOTH, claim, fixed, measure, write_scenario

pytestmark = pytest.mark.usefixtures("notebooks_here")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    option = {"label": {"zh": "更多", "en": "more"}, "overlay": {"measures.a.award.amount": "6万元"}}
    reading = {"clause": "一", "quote": ["某项奖励"], "question": BOTH, "why": BOTH, "default": "plain"}
    policy = {
        "total_caps": {"all": {"name": BOTH, "clause": "一", "amount": "5万元", "measures": ["a", "b"]}},
        "readings": {"amount": reading | {"options": {"plain": {"label": BOTH}, "more": option}}},
    }
    measures = {"a": measure(fixed("3万元")), "b": measure(fixed("4万元"))}
    return write_scenario(
        tmp_path / "small", measures, dict.fromkeys(measures, claim(0.7)), start=30, policy=policy
    )


def called(command: str, scenario: Path, out: Path, language: str, *more: str) -> int:
    return main([command, str(scenario), "--draws", "100", "--out", str(out), "--lang", language, *more])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", ["readings", "provisions"])
def test_answers_are_printed_and_saved(
    command: str, language: str, scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reports"
    assert called(command, scenario, out, language) == 0
    said = capsys.readouterr().out
    (name,) = file_names(out / "small")
    path = out / "small" / name
    kind: Any = {"readings": Readings, "provisions": Provisions}[command]
    found = load_answer(kind, path)
    assert str(path) in said and found.origin.draws == 100
    wanted = {
        ("readings", "zh"): ("改为", "更多", "最低、最高口径组合"),
        ("readings", "en"): ("Read instead", "more", "highest-cost combination"),
        ("provisions", "zh"): ("单独实施", "不依次序", "合计"),
        ("provisions", "en"): ("Alone", "Order-free", "Sum"),
    }[command, language]
    assert all(word in said for word in wanted)
    assert max(map(width, said.splitlines())) <= 140


@pytest.mark.parametrize("language", ["zh", "en"])
def test_readings_are_shown_as_a_page_with_the_provisions(
    language: str, scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called("readings", scenario, tmp_path, language, "--page") == 0
    (page,) = (tmp_path / "small").glob(f"readings-*.{language}.html")
    assert str(page) in capsys.readouterr().out
    (answer,) = (tmp_path / "small").glob("readings-*.json")
    dearest = next(one for one in load_answer(Readings, answer).combinations if one.way == "dearest")
    assert f"{dearest.line('total').after / 1e6:,.2f}" in page.read_text("utf-8")
    assert list((tmp_path / "small").glob("provisions-*.json"))


def test_an_overlay_is_laid_under_every_reading(scenario: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "dear.yaml"
    overlay.write_text(
        "name: dear\ntitle: {zh: 某, en: some}\nbase: small\nauthor: 某\ndate: 2026-11-22\nreason: {zh: 某, en: some}\n"
        "changes: {total_caps.all.amount: 9万元}\n",
        encoding="utf-8",
    )
    assert called("readings", scenario, tmp_path / "out", "en", "--overlay", str(overlay)) == 0
    (name,) = file_names(tmp_path / "out" / "small+dear")
    path = tmp_path / "out" / "small+dear" / name
    plain = tmp_path / "plain"
    assert called("readings", scenario, plain, "en") == 0
    (name,) = file_names(plain / "small")
    other = plain / "small" / name
    with_cap, without = (
        load_answer(Readings, one).questions[0].options[0].line("total") for one in (path, other)
    )
    assert with_cap.before > without.before and with_cap.difference > without.difference


def test_a_wrong_call_is_told_and_leaves_nothing(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reports"
    text = scenario.read_text("utf-8")
    scenario.write_text(text + "choose: {amount: nothing}\n", "utf-8")
    for command in ("readings", "provisions"):
        assert called(command, scenario, out, "en") == 2
        assert "choose.amount: expected one of plain, more" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("command", "function"),
    [("readings", reading_module.readings), ("provisions", provision_module.provisions)],
)
def test_the_command_s_defaults_are_the_function_s(command: str, function: Any) -> None:
    options = {one.name: one.default for one in application("en").commands[command].params}
    given = inspect.signature(function).parameters
    assert (options["draws"], options["seed"]) == (given["draws"].default, given["seed"].default)


# ------------------------------------------------------------------ tables on a terminal


def made(text: str) -> Table:
    columns = (
        Column(key="item", heading="Item"),
        Column(key="name", heading="Name"),
        Column(key="money", heading="All years together", kind="money"),
        Column(key="money_error", heading="Standard error", kind="money"),
        Column(key="path", heading="Path"),
    )
    row = {
        "item": text,
        "name": "a_name_without_blanks",
        "money": 123_456_789,
        "money_error": 1_000_000,
        "path": "p",
    }
    return Table(
        id="x",
        title="A table",
        unit="Unit",
        columns=columns,
        rows=(row, row | {"money_error": None}),
        notes=("A note.",),
    )


@pytest.mark.parametrize(
    "text", ["短", "a text of many words that goes on and on and on", "很长的一段文字" * 12]
)
@pytest.mark.parametrize("room", [80, 140])
def test_a_table_fits_the_terminal(text: str, room: int) -> None:
    lines = list(table_lines(made(text), left_out=["path"], total=room))
    assert max(map(width, lines)) <= room
    whole = "".join("".join(lines).split())
    assert "a_name_without_blanks" in whole and "Standarderror" not in whole and "Path" not in whole
    assert sum("123.46 (1.00)" in line for line in lines) == 1
    assert sum(line.rstrip().endswith("123.46") for line in lines) == 1
    for letter in set(text) - {" "}:
        assert letter in whole
