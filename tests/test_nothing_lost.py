"""Nothing that a person wrote, changed, linked or protected is lost, whatever command writes there, killed or not."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import simkit
from simkit.base.errors import InputError
from simkit.base.leftovers import partial_name
from simkit.base.whole_files import place, place_folder, whole
from simkit.base.written import RECORD
from simkit.cli import main
from simkit.runs.loading import load_result
from simkit.runs.manifest import MANIFEST
from simkit.runs.result import Result
from simkit.runs.store import save_result
from tests.folders import assert_still, fill_in, lay, seen
from tests.killed import ended, forked
from tests.report.batch_inputs import SHOW, build_report, scenarios, small_making
from tests.runs.test_store import ALL

pytest_plugins = ("tests.written_fixtures",)
pytestmark = pytest.mark.usefixtures("notebooks_here")
DRAWS = 20
PACKAGE = Path(simkit.__file__).parent

# ---------------------------------------------------------------------- a run's folder


def test_a_run_replaces_its_own_files_only(results: tuple[Result, Result], tmp_path: Path) -> None:
    """Whether the folder is itself or a link to another; nothing is left beside it."""
    real = tmp_path / "elsewhere"
    real.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "linked").symlink_to(real)
    for name in ("plain", "linked"):
        folder = tmp_path / "out" / name
        assert save_result(results[0], folder) == folder
        before = lay(folder, tmp_path / "outside")
        for result in (*results, results[0]):
            assert save_result(result, folder) == folder
            assert_still(folder, before)
            assert load_result(folder).seed == result.seed
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["linked", "plain"]
    assert (tmp_path / "out" / "linked").is_symlink()


@pytest.mark.parametrize("name", sorted(ALL - {RECORD}))
@pytest.mark.parametrize("how", ["changed", "linked", "protected", "a folder"])
def test_a_run_whose_file_a_person_changed_stands_beside(
    results: tuple[Result, Result], tmp_path: Path, name: str, how: str
) -> None:
    folder = save_result(results[0], tmp_path / "run")
    path = folder / name
    if how == "changed":
        path.write_bytes(path.read_bytes() + b" ")
    elif how == "protected":
        path.chmod(0o444)
    else:
        path.rename(tmp_path / "moved")
        path.mkdir() if how == "a folder" else path.symlink_to(tmp_path / "moved")
    before = seen(folder, ALL)
    same = how == "protected" and name == "policy.json"  # it has the content already
    wanted = folder if same else tmp_path / "run.2"
    for _ in range(2):
        assert save_result(results[1], folder) == wanted
    if not same:
        assert_still(folder, before)
    assert load_result(wanted).seed == 10
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.skipif(os.name != "posix", reason="forks")
def test_a_save_that_is_killed_anywhere_loses_nothing(results: tuple[Result, Result], tmp_path: Path) -> None:
    """Before each rename, one after the other: what is there is a whole run or none, and the next save ends it."""
    stages = [save_result(one, tmp_path / name) for one, name in zip(results, ("a", "b"), strict=True)]
    real, kills = os.replace, 0
    for number in itertools.count():
        folder = tmp_path / f"out{number}" / "run"
        save_result(results[0], folder)
        before = lay(folder, tmp_path / "outside")

        def killed(folder: Path = folder, number: int = number) -> None:
            calls: list[Any] = []

            def replace_or_die(*names: Any) -> None:
                if len(calls) == number:
                    os._exit(9)
                calls.append(names)
                real(*names)

            os.replace = replace_or_die  # type: ignore[assignment]  # in the child alone
            stage = partial_name(folder)
            stage.mkdir()
            for name in ALL - {RECORD}:
                shutil.copy(stages[1] / name, stage / name)
            place_folder(stage, folder, MANIFEST)

        code = ended(forked(killed))
        assert_still(folder, before)
        if code == 0:
            break
        assert code == 9
        kills += 1
        with suppress(InputError):  # no run: said, and never a mixture
            assert load_result(folder).seed in (9, 10)
        assert save_result(results[1], folder) == folder
        assert load_result(folder).seed == 10
        assert_still(folder, before)
        assert [path.name for path in folder.parent.iterdir()] == ["run"]
    assert kills == 8  # four files other than before go away, four come


def test_a_file_that_is_killed_in_the_making_leaves_what_was(tmp_path: Path) -> None:
    for first in (True, False):
        target = tmp_path / str(first) / "x.txt"
        target.parent.mkdir()
        if not first:
            with whole(target) as new:
                new.partial.write_text("old")

        def killed(target: Path = target) -> None:
            os.replace = lambda *_: os._exit(9)  # type: ignore[assignment]  # in the child alone
            with whole(target) as new:
                new.partial.write_text("new")

        assert ended(forked(killed)) == 9
        assert target.exists() != first and (first or target.read_text() == "old")
        partial = partial_name(target)
        partial.write_text("newest")
        assert place(partial, target) == target and target.read_text() == "newest"


# ---------------------------------------------------------------------- the commands


def test_all_commands_leave_what_people_have(
    small: Callable[..., int],
    other_code: Callable[[str], None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A filled-in workbook, notes, folders, links and sealed files, in the run's folder and the two above it."""
    out = tmp_path / "out"
    assert small("report") == 0
    (run,) = (out / "one").iterdir()
    places = {out: {"index.html"}, out / "one": set[str](), run: {"tables.xlsx", "budget_report.zh.html"}}
    before = {place_of: lay(place_of, tmp_path / "outside") for place_of in places}
    fill_in(run / "tables.xlsx")
    (run / "budget_report.zh.html").write_text("a person's words", "utf-8")
    (out / "index.html").chmod(0o444)
    for place_of, names in places.items():
        before[place_of] |= seen(place_of, names)

    def still() -> str:
        for place_of, there in before.items():
            assert_still(place_of, there)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return printed.out + printed.err

    still()
    assert small("run") == 0
    assert f"{run} 中的报告保留，所依据的就是本次的数字" in still()
    other_code("other")
    assert small("run") == 0
    assert f"{run} 中的报告保留，但所依据的是此前的数字" in still()
    assert load_result(run).draws == DRAWS
    assert small("report") == 0
    said = still()
    for name, new in (("tables.xlsx", "tables.2.xlsx"), ("budget_report.zh.html", "budget_report.zh.2.html")):
        assert f"{run / name} 保持原样" in said and f"新的另存为 {run / new}" in said
    assert f"新的另存为 {out / 'index.2.html'}" in said
    linked = (out / "index.2.html").read_text("utf-8")
    assert "tables.2.xlsx" in linked and "budget_report.zh.2.html" in linked
    assert small("report") == 0 and "未变化" in still()
    assert small("report", "--force", lang="en") == 0
    assert "stays as it is" in still()
    for command in (("drivers", "--page"), ("provisions",), ("readings",), ("compare", "confidence=80%")):
        assert small(*command) in (0, 2), command
        still()
    main(["verify-run", str(run), "--lang", "en"])
    assert "tables.xlsx: unexpected" in still()
    assert {path.name for path in run.glob("tables*")} == {"tables.xlsx", "tables.2.xlsx", "tables.en.xlsx"}


def test_answers_and_pages_stand_beside_what_a_person_changed(
    small: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change = "measures.one.caps.most.amount=15000元"
    assert small("compare", change) == 0
    (answer,) = (tmp_path / "out" / "one").glob("comparison-*.json")
    answer.write_text("mine")
    capsys.readouterr()
    assert small("compare", change) == 0
    assert f"{answer} 保持原样" in capsys.readouterr().out and answer.read_text() == "mine"
    assert answer.with_suffix(".2.json").exists()


@pytest.mark.parametrize("command", ["schema", "whatif", "export"])
def test_files_given_by_name_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    """A person's file of that name, then simkit's own beside it, written twice."""
    folder = scenarios(tmp_path / "in", "one")
    file = {"schema": "policy.schema.json", "whatif": "page.html", "export": "sheet.xlsx"}[command]
    target = tmp_path / file
    target.write_text("mine")
    words = {
        "schema": ["schema", "policy", "--out", tmp_path],
        "whatif": ["whatif", folder / "one.yaml", "-o", target, "--draws", DRAWS],
        "export": ["overlay", "export", folder / "one.yaml", target, "--force"],
    }[command]
    for lang, said in (("zh", "保持原样"), ("en", "stays as it is")):
        assert main([*map(str, words), "--lang", lang]) == 0
        assert f"{target} {said}" in capsys.readouterr().out
        assert target.read_text() == "mine"
    beside = [path.name for path in tmp_path.iterdir() if path.is_file() and path.name != RECORD]
    assert sorted(beside) == sorted([file, f"{target.stem}.2{target.suffix}"])


KILLED = """
import os, sys
from pathlib import Path
from simkit.report.papers.xlsx.paper import write_book
from tests.report.batch_inputs import SHOW, build_report, small_making
from simkit.report.papers.docx.paper import write_docx
from simkit.base.whole_files import write_whole
from simkit.report.make.notebooks import run_notebook
from simkit.report.papers.pdf.paper import write_pdf
from simkit.report.pages.caps.page import write_page
from simkit.report.papers.xlsx.tables import write_xlsx
def die(step):
    if step.kind == sys.argv[1]: os._exit(9)
build_report(sys.argv[2], draws=20, seed=1, out=Path(sys.argv[3]), langs=("zh",), force=True, progress=die,
             making=small_making(Path(sys.argv[4]), SHOW))
"""


def test_a_report_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    """After its first page is there; the next goes on, and nothing in the making is left."""
    folder, making = scenarios(tmp_path / "in", "one"), small_making(tmp_path, SHOW)
    given: dict[str, Any] = {"draws": DRAWS, "seed": 1, "jobs": 1, "out": tmp_path / "out", "langs": ("zh",)}
    run = build_report(folder / "one.yaml", making=making, **given).run
    before = lay(run, tmp_path / "outside")
    fill_in(run / "tables.xlsx")
    before |= seen(run, {"tables.xlsx"})
    words = ["page", folder / "one.yaml", tmp_path / "out", tmp_path]
    script = [sys.executable, "-c", KILLED, *map(str, words)]
    assert subprocess.run(script, cwd=PACKAGE.parent, timeout=300, check=False).returncode == 9
    assert_still(run, before)
    paths = build_report(folder / "one.yaml", making=making, **given, force=True)
    assert_still(run, before)
    assert paths.outputs["workbook"]["zh"][0].name == "tables.2.xlsx" and all(
        path.is_file() for path in paths.files()
    )
    assert {path.name for path in run.iterdir() if path.name.startswith(".")} == {RECORD}
