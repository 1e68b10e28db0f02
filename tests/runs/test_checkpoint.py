"""Kept blocks: a run that is killed, or finds no room, goes on where it was, with the same bytes (laws 9, 10)."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from simkit.base.errors import RunError
from simkit.base.leftovers import clean, partial_name
from simkit.cli import main
from simkit.runs import checkpoint as kept_module
from simkit.runs.checkpoint import KeptBlocks
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.runs.store import run_saved
from simkit.scenario import Scenario, load_scenario
from tests.killed import content
from tests.processes import completed
from tests.runs.test_simulate import assert_same, rich_path
from tests.small_scenarios import claim, fixed, measure, write_scenario

ROOT = Path(__file__).parents[2]
BLOCK, SEED = 12, 9


class Counting:
    """Computes here, and remembers which draws were asked for."""

    def __init__(self) -> None:
        self.spans: list[Any] = []

    def map(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Generator[Any, None, None]:
        for task in tasks:
            self.spans.append(task)
            yield function(task)


class Stopped(Exception):
    """Raised by `stop_after`."""


def stop_after(blocks: int) -> Callable[[int], None]:
    """A `progress` that stops the run when so many blocks are done."""
    told: list[int] = []

    def progress(more: int) -> None:
        told.append(more)
        if len(told) == blocks:
            raise Stopped

    return progress


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rich_path(tmp_path_factory.mktemp("rich"))


@pytest.fixture(scope="module")
def scenario(path: Path) -> Scenario:
    return load_scenario(path)


def saved(scenario: Scenario, parent: Path, draws: int = 60, **options: Any) -> Result:
    return run_saved(scenario, parent, draws=draws, seed=SEED, **({"block": BLOCK, "jobs": 1} | options))[0]


def stopped(scenario: Scenario, parent: Path, blocks: int, draws: int = 60) -> KeptBlocks:
    """What a run that was stopped has left."""
    with pytest.raises(Stopped):
        saved(scenario, parent, draws, progress=stop_after(blocks))
    return KeptBlocks(parent, scenario.digests, SEED)


# ------------------------------------------------------------------ killed


def test_killed_at_ten_moments_or_run_twice_at_once(path: Path, tmp_path: Path) -> None:
    """SIGKILL at random moments, then the same command: all files byte for byte, nothing else left over.

    Then two runs of the same inputs at once, four times: both end well.
    """
    words = [sys.executable, "-m", "tests.killed", str(path), str(tmp_path), "20230412", "10"]
    done = completed(words, cwd=ROOT, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert sum(0 < number < 20 for number in found["kept"]) >= 5, found  # most were killed in mid-run


# ------------------------------------------------------------------ what is kept


def test_what_was_stopped_goes_on(scenario: Scenario, tmp_path: Path) -> None:
    """Only the missing draws are computed; the result is that of an undisturbed run; nothing is left over."""
    saved(scenario, tmp_path / "plain")
    kept = stopped(scenario, tmp_path / "run", 3)
    assert kept.spans(60) == [(0, 12), (12, 24), (24, 36)]
    told: list[int] = []
    counting = Counting()
    saved(scenario, tmp_path / "run", executor=counting, resumed=told.append)
    assert counting.spans == [(36, 48), (48, 60)] and told == [36]
    assert content(tmp_path / "run") == content(tmp_path / "plain")


def test_more_draws_go_on_from_fewer(scenario: Scenario, tmp_path: Path) -> None:
    """Whole blocks of a run with fewer draws are used, its broken last one is not."""
    stopped(scenario, tmp_path, 5, draws=55)
    counting = Counting()
    result = saved(scenario, tmp_path, 80, executor=counting)
    assert counting.spans == [(48, 60), (60, 72), (72, 80)]
    assert_same(result, run(scenario, draws=80, seed=SEED, jobs=1))


def test_fewer_draws_leave_what_a_longer_run_has_kept(scenario: Scenario, tmp_path: Path) -> None:
    kept = stopped(scenario, tmp_path, 4)
    saved(scenario, tmp_path, 24)
    assert len(kept.spans(60)) == 4
    saved(scenario, tmp_path, 60)
    assert not kept.folder.exists()


def test_a_torn_block_is_computed_again(scenario: Scenario, tmp_path: Path) -> None:
    """Cut short, empty, with another byte, or another block's content under its name."""
    kept = stopped(scenario, tmp_path, 5)
    files = sorted(kept.folder.iterdir())
    whole = [file.read_bytes() for file in files]
    files[0].write_bytes(whole[0][:-1])
    files[1].write_bytes(b"")
    files[2].write_bytes(whole[2][:1_000] + bytes([whole[2][1_000] ^ 1]) + whole[2][1_001:])
    files[3].write_bytes(whole[4])
    counting = Counting()
    result = saved(scenario, tmp_path, executor=counting)
    assert counting.spans == [(0, 12), (12, 24), (24, 36), (36, 48)]
    assert_same(result, run(scenario, draws=60, seed=SEED, jobs=1))


def test_other_inputs_or_other_code_never_share_blocks(
    scenario: Scenario, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another seed, a changed scenario, changed sources: blocks of the one are not seen by the other."""
    stopped(scenario, tmp_path, 3)
    changed = load_scenario(path, changes={"measures.alone.caps.one.amount": "11万元"})
    assert KeptBlocks(tmp_path, scenario.digests, SEED).begin(60) == 36
    assert KeptBlocks(tmp_path, scenario.digests, SEED + 1).begin(60) == 0
    assert KeptBlocks(tmp_path, changed.digests, SEED).begin(60) == 0
    monkeypatch.setattr(kept_module, "figures_digest", lambda: "other code")
    assert KeptBlocks(tmp_path, scenario.digests, SEED).begin(60) == 0
    counting = Counting()
    saved(scenario, tmp_path, executor=counting)
    assert len(counting.spans) == 5


def test_a_run_without_a_folder_keeps_nothing(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run(scenario, draws=24, seed=1, block=BLOCK, jobs=1)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ no room


FULL = """
import resource, sys
from pathlib import Path
from simkit.base.errors import RunError
from simkit.scenario import load_scenario
from simkit.runs.store import run_saved
told = []
def progress(more):
    told.append(more)
    if len(told) == 3:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, resource.RLIM_INFINITY))
try:
    run_saved(load_scenario(sys.argv[1]), Path(sys.argv[2]), draws=60, seed=9, block=12, jobs=1, progress=progress)
except RunError as error:
    print(error)
    sys.exit(7)
"""


@pytest.mark.skipif(os.name != "posix", reason="the limit on the size of files is POSIX's")
def test_a_full_disk_loses_nothing_finished(scenario: Scenario, path: Path, tmp_path: Path) -> None:
    """A real write that fails in its midst; with room again the same command goes on."""
    saved(scenario, tmp_path / "plain")
    words = [sys.executable, "-c", FULL, str(path), str(tmp_path / "run")]
    done = completed(words, cwd=ROOT, text=True)
    assert done.returncode == 7, done.stderr
    assert re.search(
        r"draws from 36 on cannot be kept: File too large; what was finished before is kept", done.stdout
    )
    kept = KeptBlocks(tmp_path / "run", scenario.digests, SEED)
    assert len(kept.spans(60)) == len(list(kept.folder.iterdir())) == 3
    counting = Counting()
    saved(scenario, tmp_path / "run", executor=counting)
    assert len(counting.spans) == 2
    assert content(tmp_path / "run") == content(tmp_path / "plain")


@pytest.mark.parametrize("where", ["write_bytes", "mkdir"])
def test_no_room_at_all_is_told_in_both_languages(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    where: str,
) -> None:
    """At the first block already: no empty folders stay."""
    real = getattr(Path, where)

    def full(self: Path, *rest: Any, **more: Any) -> Any:
        if ".blocks-" in str(self):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, *rest, **more)

    monkeypatch.setattr(Path, where, full)
    for language, words in (
        ("zh", "无法保存第 0 次起的模拟.*再次执行同一命令"),
        ("en", "make room, and the same"),
    ):
        command = ["run", str(path), "--draws", "20", "--out", str(tmp_path / "out"), "--lang", language]
        assert main(command) == 1
        assert re.search(words, capsys.readouterr().err)
        assert not (tmp_path / "out").exists()


def test_a_result_that_cannot_be_saved_keeps_its_blocks(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("simkit.runs.parquet.pq.ParquetWriter", full)
        with pytest.raises(RunError, match="not saved: make room, and run the same command again"):
            saved(scenario, tmp_path)
    counting = Counting()
    saved(scenario, tmp_path, executor=counting)
    assert counting.spans == []


# ------------------------------------------------------------------ the command


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "从上次中断处继续：已保留 1,000 次模拟。"),
        ("en", "Going on where .* 1,000 draws are kept"),
    ],
)
def test_the_command_says_that_it_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, words: str
) -> None:
    path = write_scenario(tmp_path / "small", {"one": measure(fixed("1万元"))}, {"one": claim(1)}, start=2)
    read = load_scenario(path)
    parent = tmp_path / "out" / read.name
    with pytest.raises(Stopped):
        run_saved(read, parent, draws=1_200, seed=4, progress=stop_after(2), jobs=1)
    command = ["run", str(path), "--draws", "1200", "--seed", "4", "--out", str(tmp_path / "out")]
    assert main([*command, "--lang", language]) == 0
    assert re.search(words, capsys.readouterr().err)
    assert len(list(parent.iterdir())) == 1
    assert main([*command, "--lang", language]) == 0
    assert capsys.readouterr().err == ""


# ------------------------------------------------------------------ leftovers


def dead_process() -> int:
    """Id of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def left_by(owner: int, target: Path) -> Path:
    mine = partial_name(target)
    return mine.with_name(mine.name.replace(f"-{os.getpid()}-", f"-{owner}-"))


def test_leftovers_of_the_dead_go_those_of_the_living_stay(tmp_path: Path) -> None:
    dead = dead_process()
    for owner in (dead, os.getpid()):
        left_by(owner, tmp_path / "folder").mkdir()
        left_by(owner, tmp_path / "folder").mkdir()
        left_by(owner, tmp_path / "file").write_text("")
    others = [tmp_path / name for name in (".mine", "folder", ".git", ".a.b-c-d")]
    for other in others:
        other.mkdir()
    clean(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert {other.name for other in others} <= left and len(left) == len(others) + 3
    assert not any(f"-{dead}-" in name for name in left)
    clean(tmp_path / "nothing there")


def test_another_computers_leftovers_go_by_age(tmp_path: Path) -> None:
    mine = partial_name(tmp_path / "run").name
    host = mine.split(".")[2].split("-")[0]
    other = tmp_path / mine.replace(host, "0" * 8)
    other.mkdir()
    clean(tmp_path)
    assert other.exists()
    long_ago = time.time() - 8 * 24 * 3_600
    os.utime(other, (long_ago, long_ago))
    clean(tmp_path)
    assert not other.exists()


def test_blocks_that_nobody_went_on_with_are_forgotten(scenario: Scenario, tmp_path: Path) -> None:
    """After a month, by the next run in the same place; younger ones of another seed stay."""
    kept = stopped(scenario, tmp_path, 2)
    run_saved(scenario, tmp_path, draws=24, seed=SEED + 1, block=BLOCK, jobs=1)
    assert kept.folder.exists()
    long_ago = time.time() - 31 * 24 * 3_600
    os.utime(kept.folder, (long_ago, long_ago))
    run_saved(scenario, tmp_path, draws=24, seed=SEED + 1, block=BLOCK, jobs=1)
    assert not kept.folder.exists()
