"""`simkit drivers` at the terminal: tables, saved answer, what is wrong with a call."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from simkit.cli import main
from simkit.cli.commands import application
from simkit.whatif import drivers as module
from simkit.whatif.answers import load_answer
from simkit.whatif.drivers import DRAWS, Drivers
from simkit.whatif.turns import OF
from tests.folders import file_names
from tests.small_scenarios import assumed, claim, fixed, measure, write_scenario

pytestmark = pytest.mark.usefixtures("notebooks_here")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    rate = assumed({"dist": "uniform", "low": 2, "high": 6})
    plan = claim(2, among="city", frequency="poisson") | {"intensity": rate}
    return write_scenario(tmp_path / "small", {"m": measure(fixed("1万元"))}, {"m": plan})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_drivers_are_printed_and_saved(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    out = tmp_path / "reports"
    code = main(["drivers", str(scenario), "--draws", "300", "--out", str(out), "--lang", language])
    said = capsys.readouterr().out
    assert code == 0
    (name,) = file_names(out / "small")
    path = out / "small" / name
    found = load_answer(Drivers, path)
    assert str(path) in said and found.origin.draws == 300
    wanted = {"zh": ("随机性", "某 · 年均件数"), "en": ("chance", "some · claims a year")}[language]
    assert all(word in said for word in wanted)
    assert f"{found.assumptions[0].total.value:.1%}" in said


def test_drivers_are_shown_as_a_page(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--draws", "100", "--out", str(tmp_path / "reports"), "--lang", "zh", "--page"]
    assert main(["drivers", str(scenario), *words]) == 0
    (page,) = (tmp_path / "reports" / "small").glob("drivers-*.zh.html")
    assert str(page) in capsys.readouterr().out
    (answer,) = page.parent.glob("drivers-*.json")
    assert f"{load_answer(Drivers, answer).assumptions[0].total.value:.1%}" in page.read_text("utf-8")


def test_a_wrong_call_is_told_and_leaves_nothing(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reports"
    assert main(["drivers", str(scenario), "--of", "all", "--out", str(out), "--lang", "zh"]) == 2
    assert "headline" in capsys.readouterr().err
    text = scenario.read_text("utf-8").replace("dist: uniform", "dist: constant")
    still = text.replace("frequency: poisson", "frequency: fixed")
    before, _, after = still.partition("intensity:")
    after = after[after.index("source:") :]
    scenario.write_text(f"{before}intensity:\n      value: 2\n      {after}", "utf-8")
    assert main(["drivers", str(scenario), "--draws", "200", "--out", str(out), "--lang", "zh"]) == 2
    assert "每次相同" in capsys.readouterr().err
    assert not out.exists()


def test_the_command_s_defaults_are_the_function_s() -> None:
    command = application("en").commands["drivers"]
    options = {one.name: one for one in command.params}
    assert options["draws"].default == DRAWS
    assert options["of"].type.words == OF  # type: ignore[attr-defined]
    assert options["of"].default == inspect.signature(module.drivers).parameters["of"].default
