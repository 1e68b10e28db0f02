"""`simkit overlay`: what it prints in both languages, what it refuses, what it writes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from simkit.cli import application, main
from simkit.scenario import ScenarioFile, read_overlay
from simkit.scenario.parameters import layout

NINGBO = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023"
OVERLAY = """name: {name}
title: {{zh: 试, en: a try}}
base: baseline
author: 测算组
date: 2026-11-22
reason: {{zh: 试算, en: to see}}
{body}
"""
RATE = "measures.headhunting.award.rate"

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def simkit(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call `simkit overlay` here; give exit code, what it printed, and what it complained of."""

    def call(*words: object) -> tuple[int, str, str]:
        code = main(["overlay", *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Ningbo's scenario with two overlays, one of them swept."""
    for name in ("policy.yaml", "policy.zh.txt", "baseline.yaml"):
        shutil.copy(NINGBO / name, tmp_path)
    (tmp_path / "overlays" / "deeper").mkdir(parents=True)
    digest = ScenarioFile(tmp_path / "baseline.yaml").base_digest
    cut = OVERLAY.format(name="cut", body=f"base_digest: '{digest}'\nchanges: {{{RATE}: 40%}}")
    (tmp_path / "overlays" / "cut.yaml").write_text(cut, "utf-8")
    swept = OVERLAY.format(name="swept", body=f"sweep: {{{RATE}: [40%, 60%]}}")
    (tmp_path / "overlays" / "deeper" / "swept.yaml").write_text(swept, "utf-8")
    other = cut.replace("base: baseline", "base: successor")
    (tmp_path / "overlays" / "other.yaml").write_text(other, "utf-8")
    return tmp_path


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", ["list", "check", "stamp", "export", "import"])
def test_each_has_its_page_of_help(command: str, language: str) -> None:
    result = CliRunner().invoke(application(language), ["overlay", command, "--help"])
    assert result.exit_code == 0 and f"simkit overlay {command}" in result.output
    assert any("\u4e00" <= one <= "\u9fff" for one in result.output) == (language == "zh")


def test_list_names_those_of_the_scenario(simkit: Call, folder: Path) -> None:
    code, out, _ = simkit("list", folder / "baseline.yaml", "--lang", "en")
    assert code == 0 and "overlays/cut.yaml: a try (paths: 1, variants: 1)\n" in out
    assert (
        "overlays/deeper/swept.yaml: a try (paths: 1, variants: 2) - for no known state of the baseline"
        in out
    )
    assert "other.yaml" not in out and "Overlays of baseline: 2" in out
    (folder / "overlays" / "broken.yaml").write_text("name: [", "utf-8")
    code, out, err = simkit("list", folder / "baseline.yaml", "--lang", "zh")
    assert code == 2 and "overlay 共 2 个" in out and "broken.yaml:" in err


def test_check_shows_what_changes_or_what_is_wrong(simkit: Call, folder: Path) -> None:
    cut, swept = folder / "overlays" / "cut.yaml", folder / "overlays" / "deeper" / "swept.yaml"
    code, out, err = simkit("check", folder / "baseline.yaml", cut, swept, "--lang", "zh")
    assert code == 0 and f"{RATE}：50% → 40%" in out and " swept=60%\n" in out and f"{RATE}：50% → 60%" in out
    assert "swept.yaml 未注明" in err and "cut.yaml" not in err
    cut.write_text(cut.read_text("utf-8").replace("40%", "x"), "utf-8")
    swept.write_text(swept.read_text("utf-8").replace("rate:", "rat:"), "utf-8")
    code, out, _ = simkit("check", folder / "baseline.yaml", cut, swept, "--lang", "en")
    assert code == 2 and "cut.yaml:8" in out and "swept.yaml:7" in out and "did you mean 'rate'?" in out
    code, _, _ = simkit("check", folder / "baseline.yaml", folder / "overlays" / "other.yaml")
    assert code == 2


def test_stamp_marks_all_or_none(simkit: Call, folder: Path) -> None:
    base = folder / "baseline.yaml"
    cut, swept = folder / "overlays" / "cut.yaml", folder / "overlays" / "deeper" / "swept.yaml"
    code, out, _ = simkit("stamp", base, cut, swept, "--lang", "en")
    assert code == 0 and "Already current" in out and "Stamped with" in out
    assert read_overlay(swept)[0].base_digest == ScenarioFile(base).base_digest
    base.write_text(base.read_text("utf-8").replace("confidence: 90%", "confidence: 80%"), "utf-8")
    code, _, err = simkit("check", base, cut, "--lang", "en")
    assert code == 0 and "written for another state of the baseline" in err
    before = swept.read_bytes()
    cut.write_text(cut.read_text("utf-8").replace(RATE, "measures.no.such"), "utf-8")
    code, _, err = simkit("stamp", base, swept, cut)
    assert code == 2 and "cut.yaml" in err and swept.read_bytes() == before


def test_export_and_import(simkit: Call, folder: Path) -> None:
    base, sheet = folder / "baseline.yaml", folder / "sheet.xlsx"
    overlays = [folder / "overlays" / "cut.yaml", folder / "overlays" / "deeper" / "swept.yaml"]
    words = [word for path in overlays for word in ("--overlay", path)]
    code, out, _ = simkit("export", base, sheet, *words, "--lang", "zh")
    assert code == 0 and f"已写入：{sheet}" in out
    code, _, err = simkit("export", base, sheet, "--lang", "zh")
    assert code == 2 and "应为新文件名" in err and "--force" in err
    assert simkit("export", base, sheet, *words, "--force")[0] == 0
    assert simkit("export", base, folder / "sheet.csv")[0] == 2
    code, _, err = simkit("import", base, sheet, "--lang", "zh")  # cut.yaml is there
    assert code == 2 and "cut.yaml：应为新文件名" in err and not (folder / "overlays" / "swept.yaml").exists()
    code, out, err = simkit("import", base, sheet, "--out", folder / "new")
    assert code == 0 and not err
    for path in overlays:
        found, wanted = (read_overlay(one)[0] for one in (folder / "new" / path.name, path))
        digest = ScenarioFile(base).base_digest
        assert found == wanted.model_copy(update={"base_digest": digest})
    assert simkit("import", base, sheet, "--out", folder / "new", "--force")[0] == 0
    code, _, err = simkit("import", base, sheet, "--force", "--lang", "zh")  # a person wrote cut.yaml
    assert code == 2 and "cut.yaml：应为 simkit 生成且此后未改动的文件" in err


def test_faults_of_a_sheet_name_cells_in_both_languages(simkit: Call, folder: Path) -> None:
    base, sheet = folder / "baseline.yaml", folder / "sheet.xlsx"
    simkit("export", base, sheet, "--lang", "en")
    book = load_workbook(sheet)
    book["Scenarios"][f"F{layout.FIRST_ROW + 1}"] = "a lot"
    book.save(sheet)
    code, _, err = simkit("import", base, sheet, "--lang", "en")
    assert code == 2 and f"Scenarios!F{layout.FIRST_ROW + 1}: expected a number in %, found 'a lot'" in err
    code, _, err = simkit("import", base, sheet, "--lang", "zh")
    assert code == 2 and f"Scenarios!F{layout.FIRST_ROW + 1}：应为以%为单位的数，实为'a lot'" in err
    assert f"Scenarios!F{layout.META + 1}：应为必填的值，实为空单元格" in err
    assert sorted(path.name for path in (folder / "overlays").iterdir()) == [
        "cut.yaml",
        "deeper",
        "other.yaml",
    ]


def test_a_value_far_from_the_baseline_is_taken_only_when_it_is_confirmed(simkit: Call, folder: Path) -> None:
    """60 in a cell of percentages is 6,000 %: nothing is written until the cell says that it is meant."""
    base, sheet, row = folder / "baseline.yaml", folder / "sheet.xlsx", layout.FIRST_ROW + 1
    simkit("export", base, sheet, "--lang", "zh")
    book = load_workbook(sheet)
    meta = {"name": "far", "title.zh": "试", "author": "我", "date": "2026-11-22", "reason.zh": "试算"}
    for key, words in meta.items():
        book["情景"][f"F{layout.META + 1 + layout.KEYS.index(key)}"] = words
    assert book["情景"][f"E{row}"].number_format == "0.00%"
    book["情景"][f"F{row}"] = 60
    book.save(sheet)
    code, _, err = simkit("import", base, sheet, "--lang", "zh")
    assert code == 2 and f"情景!F{row}：应为" in err and "读作 6000%：若确为此值，请在值后写“确认”" in err
    assert not (folder / "overlays" / "far.yaml").exists()
    book["情景"][f"F{row}"] = "8% 确认"
    book.save(sheet)
    assert simkit("import", base, sheet, "--lang", "zh")[0] == 0
    found = read_overlay(folder / "overlays" / "far.yaml")[0]
    assert list(found.changes.values()) == ["8%"]


def test_words_that_make_no_command_are_told(simkit: Call, folder: Path) -> None:
    code, _, err = simkit("lst", "--lang", "en")
    assert code == 2 and "list, check, stamp, export, import" in err
    assert simkit("--lang", "zh")[0] == 2
    assert simkit("check", folder / "baseline.yaml")[0] == 2
    assert simkit("list", folder / "nothing.yaml")[0] == 2
