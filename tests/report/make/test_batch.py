"""Many reports: every scenario and overlay that is asked for, none failing for another, none done twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import simkit.report.make.runs as runs_module
from simkit.base.errors import FaultsError, InputError, RunError
from simkit.cli import main
from simkit.report.make import build, notebooks
from simkit.report.make.batch import Outcome, build_reports, wanted_reports
from simkit.report.make.runs import Settings, Step
from tests.folders import file_names
from tests.report.batch_inputs import LOUD, SHOW, overlay, scenarios, small_making

pytestmark = pytest.mark.usefixtures("notebooks_here")

DRAWS = 120
Calls = list[tuple[str, int]]
CAP = "measures.one.caps.most.amount"
AMOUNT = "measures.one.award.amount"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Every run that is really made, by scenario and draws, and every notebook."""
    made: Calls = []
    run_saved, run_notebook = runs_module.run_saved, notebooks.run_notebook

    def counted(scenario: Any, parent: Path, **values: Any) -> Any:
        made.append((parent.name, values["draws"]))
        return run_saved(scenario, parent, **values)

    def told(notebook: Path, output: Path, parameters: Any, **values: Any) -> Path:
        if output.name.startswith("budget_report"):
            made.append((f"notebook {output.parent.parent.name}", 0))
        return Path(run_notebook(notebook, output, parameters, **values))

    monkeypatch.setattr(runs_module, "run_saved", counted)
    monkeypatch.setattr("simkit.report.make.notebooks.run_notebook", told)
    return made


def made(folder: Path, tmp_path: Path, *cells: str, force: bool = False, **values: Any) -> list[Outcome]:
    """Reports of a folder with all overlays, in Chinese, with few draws."""
    settings = Settings(draws=DRAWS, seed=1, jobs=1, out=tmp_path / "out", force=force)
    wanted = wanted_reports(folder, all_overlays=True)
    given = {"making": small_making(tmp_path, SHOW, *cells)} | values
    return build_reports(wanted, settings, langs=("zh",), **given)


def state(out: Path) -> dict[Path, tuple[int, bytes]]:
    """Time and content of every file."""
    return {
        path.relative_to(out): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


# ---------------------------------------------------------------------- what is asked for


def names(folder: Path, *overlays: str, every: bool = True) -> list[str]:
    return [one.name for one in wanted_reports(folder, overlays, all_overlays=every)]


def test_a_folder_means_its_scenarios_and_each_overlay_of_theirs(tmp_path: Path) -> None:
    folder = scenarios(tmp_path / "in", "two", "one")
    overlay(folder, "more", "one")
    overlay(folder, "swept", "two", sweep={AMOUNT: ["2万元", "3万元"]})
    reading = overlay(folder, "reading", "one")
    (folder / "overlays" / "readings").mkdir()
    reading.rename(folder / "overlays" / "readings" / "reading.yaml")
    (folder / "other.yaml").write_text("a: 1\n", encoding="utf-8")
    (folder / ".hidden.yaml").write_text("{", encoding="utf-8")
    assert names(folder) == ["one", "one+more", "two", "two+swept=2万元", "two+swept=3万元"]
    assert names(folder, every=False) == ["one", "two"]
    assert names(folder / "two.yaml") == ["two", "two+swept=2万元", "two+swept=3万元"]
    more = str(folder / "overlays" / "more.yaml")
    assert names(folder / "one.yaml", more, every=False) == ["one+more"]
    assert names(folder / "one.yaml", more) == ["one+more"]  # it is not laid on twice


def test_a_folder_without_scenarios_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a scenario"):
        wanted_reports(tmp_path)


def test_what_cannot_be_read_is_asked_for_with_its_fault(tmp_path: Path) -> None:
    folder = scenarios(tmp_path / "in", "one")
    (folder / "torn.yaml").write_text("a: [", encoding="utf-8")
    path = overlay(folder, "wrong", "one", changes={"measures.one.caps.most.amuont": "3万元"})
    (folder / "overlays" / "torn.yaml").write_text("{", encoding="utf-8")
    twice = overlay(folder, "twice", "one")
    twice.write_text(twice.read_text("utf-8").replace("name: twice", "name: again"), encoding="utf-8")
    overlay(folder, "again", "one")
    found = {one.name: one.error for one in wanted_reports(folder, all_overlays=True)}
    assert found["one"] is None and found["one+again"] is None
    assert isinstance(found["one+wrong"], FaultsError) and str(path) in str(found["one+wrong"])
    assert isinstance(found[str(folder / "torn.yaml")], FaultsError)
    assert isinstance(found["one+torn"], FaultsError)
    (double,) = (one for name, one in found.items() if name.startswith("one+again ("))
    assert "twice.yaml" in str(double) and "again.yaml" in str(double)
    assert len(found) == 6


# ---------------------------------------------------------------------- one fails, the others finish


def test_one_fails_and_the_others_are_finished(tmp_path: Path) -> None:
    folder = scenarios(tmp_path / "in", "one", "two", "three")
    overlay(folder, "wrong", "one", changes={"nothing.here": 1})
    steps: list[Step] = []
    found = made(folder, tmp_path, LOUD, progress=steps.append)
    assert [one.name for one in found] == ["one", "one+wrong", "three", "two"]
    one, wrong, three, two = found
    for done in (one, three):
        assert done.paths is not None and all(path.is_file() for path in done.paths.files())
        assert (done.paths.run / "report.json").is_file()
    assert isinstance(wrong.error, FaultsError) and wrong.run is None
    assert isinstance(two.error, RunError) and "no luck <b>today</b>" in str(two.error)
    assert two.run is not None
    left = {path.name for path in two.run.iterdir()}
    assert {"budget_report.zh.failed.ipynb", "budget_report.zh.failed.html", "failure.json"} <= left
    assert "report.json" not in left and "budget_report.zh.html" not in left
    given_up = [step.of for step in steps if step.kind == "report"]
    assert sorted(given_up) == ["one", "one+wrong", "three", "two"]


def test_a_baseline_is_run_once_for_all_its_overlays(tmp_path: Path, calls: Calls) -> None:
    folder = scenarios(tmp_path / "in", "one")
    overlay(folder, "more", "one")
    overlay(folder, "less", "one", changes={CAP: "1万元"})
    for force in (False, True):
        calls.clear()
        _, less, more = made(folder, tmp_path, force=force)
        assert calls.count(("one", DRAWS)) == 1
        assert less.paths is not None and more.paths is not None
        assert less.paths.base == more.paths.base == next((tmp_path / "out" / "one").iterdir())


# ---------------------------------------------------------------------- only what changed


def test_the_second_time_nothing_is_done_again(tmp_path: Path, calls: Calls) -> None:
    folder = scenarios(tmp_path / "in", "one", "two")
    overlay(folder, "more", "one")
    first = made(folder, tmp_path)
    before = state(tmp_path / "out")
    assert {name for name, _ in calls} > {"one", "two", "one+more", "one.chance", "notebook one+more"}
    calls.clear()
    again = made(folder, tmp_path)
    assert calls == []
    assert state(tmp_path / "out") == before
    for one, two in zip(first, again, strict=True):
        assert one.paths is not None and two.paths is not None
        assert not one.paths.unchanged and two.paths.unchanged and two.paths.reused
        assert one.paths.outputs == two.paths.outputs


def test_a_changed_overlay_redoes_only_its_own(tmp_path: Path, calls: Calls) -> None:
    folder = scenarios(tmp_path / "in", "one")
    overlay(folder, "more", "one")
    overlay(folder, "less", "one", changes={CAP: "1万元"})
    made(folder, tmp_path)
    before = state(tmp_path / "out")
    calls.clear()
    overlay(folder, "more", "one", changes={CAP: "4万元"})
    assert [one.paths is not None and one.paths.unchanged for one in made(folder, tmp_path)] == [
        True,
        True,
        False,
    ]
    assert {name.removeprefix("notebook ").split(".")[0] for name, _ in calls} == {"one+more"}
    after = state(tmp_path / "out")
    assert {path: after[path] for path in before} == before  # the older inputs' folders stay as well


def test_only_the_reason_of_an_overlay_changed(tmp_path: Path, calls: Calls) -> None:
    """It moves no figure, but stands in the run's manifest and in the annexes."""
    folder = scenarios(tmp_path / "in", "one")
    overlay(folder, "more", "one", title="旧")
    made(folder, tmp_path)
    calls.clear()
    overlay(folder, "more", "one", title="新")
    one, more = made(folder, tmp_path)
    assert one.paths is not None and more.paths is not None
    assert one.paths.unchanged and not more.paths.unchanged
    assert "新" in (more.paths.run / "manifest.json").read_text("utf-8")


def test_force_redoes_all(tmp_path: Path, calls: Calls) -> None:
    folder = scenarios(tmp_path / "in", "one")
    made(folder, tmp_path)
    first = list(calls)
    calls.clear()
    (one,) = made(folder, tmp_path, force=True)
    assert sorted(calls) == sorted(first) and one.paths is not None and not one.paths.unchanged


def test_one_more_output_is_one_line(tmp_path: Path) -> None:
    """A new output is written where it was missing, recorded, and then left alone."""
    folder = scenarios(tmp_path / "in", "one")
    made(folder, tmp_path)

    def words(saved: Any, lang: str, *_: object) -> tuple[Path]:
        (saved.run / f"words.{lang}.txt").write_text(saved.result.scenario.name, encoding="utf-8")
        return (saved.run / f"words.{lang}.txt",)

    making = small_making(tmp_path, SHOW)
    making = replace(making, outputs={**making.outputs, "words": words})
    (one,) = made(folder, tmp_path, making=making)
    assert one.paths is not None and not one.paths.unchanged
    assert one.paths.outputs["words"]["zh"][0].read_text("utf-8") == "one"
    (one,) = made(folder, tmp_path, making=making)
    assert one.paths is not None and one.paths.unchanged and "words" in one.paths.outputs


# ---------------------------------------------------------------------- stopped


@pytest.mark.parametrize("kind", ["run", "notebook"])
def test_an_interrupt_stops_all_and_the_next_call_goes_on(tmp_path: Path, calls: Calls, kind: str) -> None:
    folder = scenarios(tmp_path / "in", "one", "two", "three")

    def stop(step: Step) -> None:
        if step.kind == kind and step.of == "three":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(folder, tmp_path, progress=stop)
    assert not list((tmp_path / "out").rglob(".*.ipynb"))
    assert not list((tmp_path / "out").glob("three/*/report.json"))
    calls.clear()
    found = made(folder, tmp_path)
    assert all(one.error is None for one in found)
    assert ("one", DRAWS) not in calls  # its runs were saved, whenever it was stopped
    assert ("notebook three", 0) in calls


def test_killed_in_the_middle_it_goes_on(tmp_path: Path, calls: Calls) -> None:
    """The process dies while the second report's notebook runs; what is finished is not done again."""
    folder = scenarios(tmp_path / "in", "one", "two")
    script = (
        "import os, sys; from pathlib import Path\n"
        "from simkit.report.make.batch import build_reports, wanted_reports\n"
        "from tests.report.batch_inputs import SHOW, small_making\n"
        "from simkit.report.make.runs import Settings\n"
        "def die(step):\n"
        "    if step.kind == 'page' and step.of == 'two': os._exit(9)\n"
        "settings = Settings(draws=int(sys.argv[4]), seed=1, jobs=1, out=Path(sys.argv[2]))\n"
        "build_reports(wanted_reports(sys.argv[1]), settings, langs=('zh',), progress=die, reports=1,"
        " making=small_making(Path(sys.argv[3]), SHOW))\n"
    )
    words = [
        sys.executable,
        "-c",
        script,
        folder,
        tmp_path / "out",
        tmp_path,
        str(DRAWS),
    ]
    root = Path(build.__file__).parents[3]
    assert subprocess.run(list(map(str, words)), cwd=root, timeout=300, check=False).returncode == 9
    (left,) = (tmp_path / "out" / "two").iterdir()
    assert not (left / "report.json").exists()
    one, two = made(folder, tmp_path)
    assert one.paths is not None and one.paths.unchanged
    assert two.paths is not None and not two.paths.unchanged
    assert {name for name, _ in calls} == {"notebook two"}  # its runs were saved
    assert not [name for name in file_names(left) if name.startswith(".")]


# ---------------------------------------------------------------------- the command


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., int]]:
    """`simkit report` with a small notebook that fails for the scenario `two`."""
    making = small_making(tmp_path, SHOW, LOUD)
    real = build_reports
    monkeypatch.setattr(
        "simkit.cli.report.build_reports",
        lambda *words, **values: real(*words, **(values | {"making": making})),
    )

    def call(*words: object) -> int:
        settings = ["--draws", DRAWS, "--seed", 1, "--jobs", 1, "--out", tmp_path / "out"]
        return main(["report", *map(str, [*words, *settings])])

    yield call


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_lists_what_failed_at_the_end(
    tmp_path: Path, quick: Callable[..., int], capsys: pytest.CaptureFixture[str], language: str
) -> None:
    folder = scenarios(tmp_path / "in", "one", "two", "three")
    assert quick(folder, "--lang", language) == 1
    printed = capsys.readouterr()
    assert "one" in printed.out and "three" in printed.out and "index.html" in printed.out
    last = printed.err.strip().splitlines()
    assert last[0] == {"zh": "失败：", "en": "Failed:"}[language]
    assert last[1].startswith("- two") and "no luck" in last[1] and "Traceback" not in printed.err
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page
    assert "no luck &lt;b&gt;today" in page and "failed.html" in page and "Traceback" not in page
    assert quick(folder, "--lang", language) == 1
    out = capsys.readouterr().out
    assert out.count({"zh": "：未变化，沿用", "en": ": unchanged, "}[language]) == 2


def test_a_single_report_that_is_unchanged_says_so(
    tmp_path: Path, quick: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = scenarios(tmp_path / "in", "one")
    assert quick(folder / "one.yaml", "--lang", "zh") == 0
    assert "未变化" not in capsys.readouterr().out
    before = state(tmp_path / "out")
    assert quick(folder / "one.yaml", "--lang", "zh") == 0
    assert "未变化，沿用" in capsys.readouterr().out
    assert state(tmp_path / "out") == before
    assert quick(folder / "one.yaml", "--lang", "zh", "--force") == 0
    assert "未变化" not in capsys.readouterr().out


def test_a_single_report_that_fails_ends_as_its_error_says(
    tmp_path: Path, quick: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = scenarios(tmp_path / "in", "two")
    assert quick(folder / "two.yaml", "--lang", "en") == 1
    assert "no luck" in capsys.readouterr().err
    assert "no luck" in (tmp_path / "out" / "index.html").read_text("utf-8")
    (folder / "two.yaml").write_text("{", encoding="utf-8")
    assert quick(folder / "two.yaml", "--lang", "en") == 2
    assert "two.yaml" in capsys.readouterr().err
