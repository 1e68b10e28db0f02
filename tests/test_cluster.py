"""Cluster: a real Dask scheduler with worker processes on loopback gives the same bytes, also when some are lost.

Scheduler, workers and the command run as processes of their own; every one is stopped by its id.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simkit.cluster import _call, _Held
from simkit.compiled import sources_digest
from simkit.errors import RunError
from simkit.scenario import load_scenario
from simkit.simulate import BLOCK_DRAWS
from simkit.store import run_saved
from tests.killed import content
from tests.test_simulate import rich_path

ROOT = Path(__file__).parent.parent
DRAWS, SEED = 5_000, 9


@pytest.fixture(scope="module", autouse=True)
def dask_is_there() -> None:
    if importlib.util.find_spec("distributed") is None:
        if os.environ.get("CI"):
            pytest.fail("the extra `cluster` is not installed, and CI must not skip")
        pytest.skip("the extra `cluster` is not installed")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rich_path(tmp_path_factory.mktemp("rich"))


@pytest.fixture(scope="module")
def expected(path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one computer saves, scenario's folder and all."""
    scenario, out = load_scenario(path), tmp_path_factory.mktemp("plain")
    run_saved(scenario, out / scenario.name, draws=DRAWS, seed=SEED, jobs=2)
    return content(out)


@contextmanager
def process(*words: str, root: Path = ROOT) -> Iterator[subprocess.Popen[str]]:
    """A process in the project's folder, or a copy's, that is killed in the end."""
    place = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    one = subprocess.Popen(
        [sys.executable, *words],
        cwd=root,
        env=os.environ | {"PYTHONPATH": place},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield one
    finally:
        one.kill()
        one.communicate()


def until(ready: Callable[[], bool], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"no {what} within {seconds} seconds"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def scheduler() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A scheduler on loopback: address and process."""
    port = free_port()
    words = (
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-dashboard",
    )
    with process(*words) as one:
        until(lambda: listens(port), "scheduler")
        yield f"tcp://127.0.0.1:{port}", one


@contextmanager
def worker(address: str, root: Path = ROOT) -> Iterator[subprocess.Popen[str]]:
    words = ("-m", "distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1")
    with process(
        *words, "--no-nanny", "--no-dashboard", "--local-directory", tempfile.gettempdir(), root=root
    ) as one:
        yield one


def command(path: Path, out: Path, address: str, language: str = "en") -> tuple[str, ...]:
    words = ("-m", "simkit", "run", str(path), "--draws", str(DRAWS), "--seed", str(SEED), "--out", str(out))
    return (*words, "--cluster", address, "--lang", language)


def blocks(out: Path) -> int:
    return len(list(out.rglob("*.block")))


def test_three_workers_one_of_them_killed(path: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    """SIGKILL in mid-run: the others take over what it had; the bytes are those of one computer."""
    with scheduler() as (address, _), worker(address), worker(address), worker(address) as killed:
        with process(*command(path, tmp_path, address)) as run:
            until(lambda: blocks(tmp_path) >= 2 or run.poll() is not None, "block")
            killed.send_signal(signal.SIGKILL)
            assert blocks(tmp_path) < DRAWS // BLOCK_DRAWS, "the run was over before the worker was killed"
            _, err = run.communicate(timeout=180)
            assert run.returncode == 0, err
        assert killed.wait() == -signal.SIGKILL
    assert content(tmp_path) == expected


def test_a_lost_scheduler_keeps_what_was_finished(
    path: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    """The command ends with a clear error; then goes on here, without the cluster."""
    with (
        scheduler() as (address, head),
        worker(address),
        process(*command(path, tmp_path, address, "zh")) as run,
    ):
        until(lambda: blocks(tmp_path) >= 2 or run.poll() is not None, "block")
        head.kill()
        _, err = run.communicate(timeout=180)
    assert run.returncode == 1, err
    assert re.search(r"调度器或工作节点已失去连接.*再次执行同一命令即可接着运行", err)
    assert "Traceback" not in err
    kept = blocks(tmp_path)
    assert 2 <= kept < DRAWS // BLOCK_DRAWS
    words = command(path, tmp_path, address)
    with process(*words[: words.index("--cluster")], "--lang", "en") as again:
        _, err = again.communicate(timeout=180)
    assert again.returncode == 0, err
    assert f"{BLOCK_DRAWS * kept:,} draws are kept" in err
    assert content(tmp_path) == expected


def test_a_worker_with_other_code_is_refused(path: Path, tmp_path: Path) -> None:
    """One line of difference in one of two workers: no draw is computed anywhere."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "simkit", copy / "simkit", ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / "simkit" / "money.py").open("a", encoding="utf-8") as file:
        file.write("#\n")
    with scheduler() as (address, _), worker(address), worker(address, copy):
        time.sleep(3)  # both are there
        for language, words in (
            (
                "en",
                r"tcp://127.0.0.1:\d+: expected a worker with the same simkit.*\([0-9a-f]{12}\), found [0-9a-f]{12}:",
            ),
            ("zh", r"工作节点的 simkit、Python 和软件包应与本机相同（[0-9a-f]{12}），实为 [0-9a-f]{12}"),
        ):
            with process(*command(path, tmp_path / "out", address, language)) as run:
                _, err = run.communicate(timeout=180)
            assert run.returncode == 2, err
            assert re.search(words, err) and "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_a_cluster_that_is_not_there_is_told(path: Path, tmp_path: Path) -> None:
    """No address; nobody listens there; a scheduler without workers. Nothing is written."""
    with scheduler() as (idle, _):
        for address, words in (
            ("nowhere://x", "expected the address of a Dask scheduler, such as"),
            (f"tcp://127.0.0.1:{free_port()}", "expected a Dask scheduler, found none"),
            (idle, "expected a scheduler with workers, found none within 10 seconds"),
        ):
            with process(*command(path, tmp_path / "out", address)) as run:
                _, err = run.communicate(timeout=180)
            assert run.returncode == 2, err
            assert words in err and "Traceback" not in err
            assert not (tmp_path / "out").exists()


def test_a_worker_that_joins_later_with_other_code_does_nothing() -> None:
    held = _Held(lambda number: number + 1, sources_digest())
    assert _call(held, 1) == 2
    with pytest.raises(RunError, match="expected a worker with the same simkit"):
        _call(_Held(held.function, "0" * 64), 1)
