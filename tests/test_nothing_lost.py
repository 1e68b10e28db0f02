"""Nothing that a person wrote, changed, linked or protected is lost, whatever command writes there, killed or not."""

from __future__ import annotations

import ast
import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import simkit
from simkit.cli import main
from simkit.errors import InputError
from simkit.leftovers import partial_name
from simkit.manifest import MANIFEST
from simkit.partial import asked_name, place, place_folder, whole
from simkit.report.batch import build_reports
from simkit.report.build import build_report
from simkit.result import Result
from simkit.store import load_result, save_result
from simkit.written import RECORD, is_own, remove_own
from tests.killed import content, ended, forked
from tests.report.batch_inputs import SHOW, scenarios, small_making
from tests.test_store import ALL, made

DRAWS = 20
PACKAGE = Path(simkit.__file__).parent
Seen = dict[str, tuple[Any, ...]]

# ---------------------------------------------------------------------- what a person has there


def lay(folder: Path, outside: Path) -> Seen:
    """Put into a folder what people put there, and give what is to be there ever after."""
    outside.mkdir(exist_ok=True)
    (outside / "kept.txt").write_text("elsewhere")
    (folder / "notes.txt").write_text("mine")
    (folder / "drafts" / "deeper").mkdir(parents=True)
    (folder / "drafts" / "deeper" / "annexes.zh.xlsx").write_bytes(b"\x00mine")
    (folder / "to a file").symlink_to(outside / "kept.txt")
    (folder / "to a folder").symlink_to(outside)
    (folder / "to nothing").symlink_to(outside / "gone")
    (folder / "sealed.txt").write_text("read only")
    (folder / "sealed.txt").chmod(0o444)
    return seen(folder, {"notes.txt", "drafts", "to a file", "to a folder", "to nothing", "sealed.txt"})


def look(path: Path) -> tuple[Any, ...]:
    """What stands at a path: a link by where it leads, a file by its bytes and rights."""
    if path.is_symlink():
        return "link", os.readlink(path)
    if path.is_dir():
        return ("folder",)
    return "file", path.read_bytes(), path.stat().st_mode


def seen(folder: Path, names: set[str]) -> Seen:
    """The same of everything below some names of a folder."""
    tops = [folder / name for name in sorted(names)]
    below = (one for top in tops if top.is_dir() and not top.is_symlink() for one in top.rglob("*"))
    return {path.relative_to(folder).as_posix(): look(path) for path in [*tops, *below]}


def assert_still(folder: Path, before: Seen) -> None:
    for name, what in before.items():
        assert os.path.lexists(folder / name), f"{name} is gone"
        assert look(folder / name) == what, f"{name} is another"


def fill_in(path: Path) -> None:
    """As a person does it: open the workbook, write a number, save."""
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["Z9"] = 4_711
    book.save(path)


# ---------------------------------------------------------------------- one file


def test_only_what_is_unchanged_is_replaced(tmp_path: Path) -> None:
    """Written, written again, changed by a person, written again: the last stands beside, twice in one place."""

    def write(text: str) -> Path:
        with whole(tmp_path / "a.b.txt") as new:
            new.partial.write_text(text)
        return new.path

    target, beside = tmp_path / "a.b.txt", tmp_path / "a.b.2.txt"
    assert [write("one"), write("two"), write("two")] == [target] * 3 and target.read_text() == "two"
    target.write_text("mine")
    assert [write("three"), write("four")] == [beside] * 2
    assert (target.read_text(), beside.read_text()) == ("mine", "four")
    assert asked_name(beside) == target and asked_name(target) is None
    beside.write_text("mine too")
    assert write("five") == tmp_path / "a.b.3.txt"
    target.write_text("five")  # a person put back what simkit wrote: it is there already
    assert write("five") == target
    target.unlink()
    assert write("six") == target and asked_name(beside) == target


@pytest.mark.parametrize("how", ["foreign", "linked", "linked to its own", "dangling", "protected", "hard"])
def test_what_is_not_simkits_own_stays(tmp_path: Path, how: str) -> None:
    target, other = tmp_path / "x.txt", tmp_path / "other.txt"
    other.write_text("one")
    if how != "foreign":
        with whole(target) as new:
            new.partial.write_text("one")
    if how == "foreign":
        target.write_text("one, mine")
    elif how.startswith("linked") or how == "dangling":
        target.unlink()
        target.symlink_to({"dangling": tmp_path / "gone"}.get(how, other))
    elif how == "protected":
        target.chmod(0o444)
    before = look(target)
    with whole(target) as new:
        new.partial.write_text("two")
    if how == "hard":  # unchanged, and its own
        assert new.path == target
        return
    assert new.path == tmp_path / "x.2.txt" and look(target) == before and other.read_text() == "one"
    remove_own(target)
    assert look(target) == before


def test_the_record_counts_for_its_own_folder_and_names(tmp_path: Path) -> None:
    """A copy under another name is a person's; a folder that is copied whole stays known."""
    folder = tmp_path / "one"
    with whole(folder / "x.txt") as new:
        new.partial.write_text("same")
    shutil.copy(folder / "x.txt", folder / "copy.txt")
    assert is_own(folder / "x.txt") and not is_own(folder / "copy.txt")
    shutil.copytree(folder, tmp_path / "two")
    assert is_own(tmp_path / "two" / "x.txt")
    record = folder / RECORD
    record.write_bytes(record.read_bytes()[:-20])
    assert not is_own(folder / "x.txt")


def test_a_link_in_the_place_of_the_record_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / RECORD).symlink_to(tmp_path / "theirs")
    with pytest.raises(simkit.errors.RunError, match="cannot be written"), whole(tmp_path / "x.txt") as new:
        new.partial.write_text("x")
    assert (tmp_path / "theirs").read_text() == "theirs" and not (tmp_path / "x.txt").exists()


# ---------------------------------------------------------------------- no writer forgets


#: Files in which something is moved into a name that a person sees; `live_overlay` never over another.
WRITERS = {"partial.py", "leftovers.py", "written.py", "kept.py", "whatif/live_overlay.py"}


def writes(path: Path) -> Iterator[str]:
    """Every call of a module that puts, moves or removes a file, as it is written there."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if isinstance(node.func, ast.Name) and name != "open":
            continue
        text = ast.unparse(node)
        if (
            name
            in (
                "rename",
                "unlink",
                "rmtree",
                "touch",
                "write_text",
                "write_bytes",
                "mkdtemp",
                "symlink_to",
            )
            or (name == "replace" and text.startswith("os."))
            or (name == "open" and re.search("['\"][wax]", text))
        ):
            yield text


def test_every_writer_goes_through_the_one() -> None:
    """What else writes does so into what is in the making, or into a folder of its own process."""
    making = r"\(?(new\.partial|partial|self\.root|root|lab|template)\b"
    found = {
        (path.relative_to(PACKAGE).as_posix(), call)
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in writes(path)
        if not re.match(making, call)
    }
    others = {(name, call) for name, call in found if name not in WRITERS}
    assert others == {
        ("store.py", "shutil.rmtree(stage, ignore_errors=True)"),
        ("store.py", "path.write_text(text + '\\n', encoding='utf-8')"),  # a file of the stage
        ("store.py", "(folder / 'draws.npz').open('wb')"),
        ("compiled.py", "tempfile.mkdtemp(prefix='simkit-')"),
        ("cli/terminal.py", "open(os.devnull, 'w', encoding='utf-8')"),
    }


# ---------------------------------------------------------------------- a run's folder


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Result]:
    """Two results of one name: the second as other code would give it, other in every file but the policy's."""
    one = made(tmp_path_factory.mktemp("scenario"))
    rows = replace(one.outlays, fen=one.outlays.fen + 1)
    plan = {**one.scenario.plan_data, "about": {"zh": "改", "en": "changed"}}
    return one, replace(one, outlays=rows, seed=10, scenario=replace(one.scenario, plan_data=plan))


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


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`simkit` on a small scenario, with a small notebook for its report and few draws."""
    folder = scenarios(tmp_path / "in", "one")
    making = small_making(tmp_path, SHOW)
    real = build_reports
    monkeypatch.setattr(
        "simkit.cli.report.build_reports",
        lambda *words, **values: real(*words, **(values | {"making": making})),
    )

    def call(command: str, *words: object, lang: str = "zh") -> int:
        given = [
            command,
            folder / "one.yaml",
            "--draws",
            DRAWS,
            "--seed",
            1,
            "--jobs",
            1,
            "--out",
            tmp_path / "out",
        ]
        return main([*map(str, [*given, *words]), "--lang", lang])

    return call


@pytest.fixture
def other_code(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the program be of another version: what it writes is other, and nothing is as it was."""

    def use(name: str) -> None:
        for place_of in ("simkit.store.figures_digest", "simkit.versions.figures_digest"):
            monkeypatch.setattr(place_of, lambda: name)
        monkeypatch.setattr("simkit.report.record._sources_digest", lambda: name)
        monkeypatch.setattr("simkit.report.story.running_head", lambda *_: name)
        monkeypatch.setattr("simkit.report.outputs.running_head", lambda *_: name)
        monkeypatch.setattr("simkit.report.outputs.title", lambda *_: name)

    return use


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
from simkit.report.build import build_report
from simkit.report.outputs import Making
def die(step):
    if step.kind == sys.argv[1]: os._exit(9)
build_report(sys.argv[2], draws=20, seed=1, jobs=1, out=sys.argv[3], langs=("zh",), force=True, progress=die,
             making=Making(notebook=Path(sys.argv[4]), annexes=Path(sys.argv[5])))
"""


def test_a_report_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    """After its first page is there; the next goes on, and nothing in the making is left."""
    folder, making = scenarios(tmp_path / "in", "one"), small_making(tmp_path, SHOW)
    given: dict[str, Any] = {"draws": DRAWS, "seed": 1, "jobs": 1, "out": tmp_path / "out", "langs": ("zh",)}
    run = build_report(folder / "one.yaml", making=making, **given).run
    before = lay(run, tmp_path / "outside")
    fill_in(run / "tables.xlsx")
    before |= seen(run, {"tables.xlsx"})
    words = ["page", folder / "one.yaml", tmp_path / "out", making.notebook, making.annexes]
    script = [sys.executable, "-c", KILLED, *map(str, words)]
    assert subprocess.run(script, cwd=PACKAGE.parent, timeout=300, check=False).returncode == 9
    assert_still(run, before)
    paths = build_report(folder / "one.yaml", making=making, **given, force=True)
    assert_still(run, before)
    assert paths.workbooks["zh"].name == "tables.2.xlsx" and all(path.is_file() for path in paths.files())
    assert {path.name for path in run.iterdir() if path.name.startswith(".")} == {RECORD}


# ---------------------------------------------------------------------- open in another program


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[Path]]:
    """Paths that refuse to be replaced, moved or removed, as on Windows while a program has them open."""
    paths: set[Path] = set()
    real = os.replace

    def refuse(source: Any, target: Any) -> None:
        if paths & {Path(source), Path(target)}:
            raise PermissionError(13, "The process cannot access the file", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    yield paths


@pytest.mark.parametrize("name", ["draws.npz", "manifest.json", "scenario.json"])
def test_a_run_whose_file_is_open_stands_beside(
    results: tuple[Result, Result], tmp_path: Path, busy: set[Path], name: str
) -> None:
    folder = save_result(results[0], tmp_path / "run")
    before = content(folder)
    busy.add(folder / name)
    assert save_result(results[1], folder) == tmp_path / "run.2"
    after = content(folder)
    assert all(after[one] == before[one] for one in ALL - {RECORD})
    assert load_result(folder).seed == 9 and load_result(tmp_path / "run.2").seed == 10


def test_a_report_whose_files_are_open_stands_beside(
    small: Callable[..., int],
    other_code: Callable[[str], None],
    tmp_path: Path,
    busy: set[Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every file of it, its record and the index; each is said."""
    assert small("report") == 0
    (run,) = (tmp_path / "out" / "one").iterdir()
    other_code("other")
    ours = [path for path in run.iterdir() if path.name not in ALL and path.suffix not in (".docx", ".pdf")]
    ours = [
        path for path in ours if path.name != "annexes.zh.xlsx"
    ]  # the small notebook writes them by itself
    busy.update(ours, {tmp_path / "out" / "index.html"})
    before = {path: path.read_bytes() for path in busy}
    capsys.readouterr()
    assert small("report") == 0
    said = capsys.readouterr().out
    assert {path: path.read_bytes() for path in busy} == before
    for path in busy - {run / "report.json"}:
        assert f"{path} 保持原样" in said, path
    assert (run / "report.2.json").exists()
    assert small("report") == 0 and "未变化" in capsys.readouterr().out
