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
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest
import yaml

from simkit.base.compiled import figures_digest
from simkit.base.errors import RunError
from simkit.runs.cluster import _call, _Held
from simkit.runs.job import BLOCK_DRAWS
from simkit.runs.store import run_saved
from simkit.scenario import load_scenario
from tests.killed import content
from tests.processes import PATIENCE, children, completed, started, until
from tests.runs.test_simulate import rich_path

ROOT = Path(__file__).parents[2]
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
def process(*words: str, root: Path = ROOT, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A Python in the project's folder, or a copy's, that is ended with all that it started."""
    place = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": place} | settings
    with started([sys.executable, *words], cwd=root, env=environment, text=True, encoding="utf-8") as one:
        yield one


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
    where = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    with process("-m", "dask", "scheduler", *where) as one:
        until(lambda: listens(port), "scheduler", one)
        yield f"tcp://127.0.0.1:{port}", one


@contextmanager
def worker(address: str, root: Path = ROOT) -> Iterator[subprocess.Popen[str]]:
    how = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
    with (
        tempfile.TemporaryDirectory() as scratch,
        process("-m", "dask", "worker", address, *how, "--local-directory", scratch, root=root) as one,
    ):
        yield one


def registered(one: subprocess.Popen[str]) -> None:
    """Wait until a worker says that the scheduler knows it."""
    assert one.stderr is not None
    said = ""
    while "Registered to:" not in said:
        line = one.stderr.readline()
        assert line, said
        said += line


def command(path: Path, out: Path, address: str, language: str = "en") -> tuple[str, ...]:
    words = ("-m", "simkit", "run", str(path), "--draws", str(DRAWS), "--seed", str(SEED), "--out", str(out))
    return (*words, "--cluster", address, "--lang", language)


def blocks(out: Path) -> int:
    return len(list(out.rglob("*.block")))


def test_three_workers_one_of_them_killed(path: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    """SIGKILL in mid-run: the others take over what it had; the bytes are those of one computer."""
    with scheduler() as (address, _), worker(address), worker(address), worker(address) as killed:
        with process(*command(path, tmp_path, address)) as run:
            until(lambda: blocks(tmp_path) >= 2, "second block", run)
            killed.send_signal(signal.SIGKILL)
            assert blocks(tmp_path) < DRAWS // BLOCK_DRAWS, "the run was over before the worker was killed"
            _, err = run.communicate(timeout=PATIENCE)
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
        until(lambda: blocks(tmp_path) >= 2, "second block", run)
        head.kill()
        _, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 1, err
    assert re.search(r"调度器或工作节点已失去连接.*再次执行同一命令即可接着运行", err)
    assert "Traceback" not in err
    kept = blocks(tmp_path)
    assert 2 <= kept < DRAWS // BLOCK_DRAWS
    words = command(path, tmp_path, address)
    with process(*words[: words.index("--cluster")], "--lang", "en") as again:
        _, err = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0, err
    assert f"{BLOCK_DRAWS * kept:,} draws are kept" in err
    assert content(tmp_path) == expected


def test_a_worker_with_other_code_is_refused(path: Path, tmp_path: Path) -> None:
    """One line of difference in one of two workers: no draw is computed anywhere."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "simkit", copy / "simkit", ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / "simkit" / "base" / "money.py").open("a", encoding="utf-8") as file:
        file.write("#\n")
    with scheduler() as (address, _), worker(address) as same, worker(address, copy) as other:
        registered(same)
        registered(other)
        with process(*command(path, tmp_path / "out", address, "zh")) as run:
            _, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2, err
    words = r"工作节点的 simkit、Python 和软件包应与本机相同（[0-9a-f]{12}），实为 [0-9a-f]{12}"
    assert re.search(words, err) and "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_a_cluster_that_is_not_there_is_told(path: Path, tmp_path: Path) -> None:
    """No address; nobody listens there; a scheduler without workers. Nothing is written. They wait side by side."""
    with scheduler() as (idle, _), ExitStack() as open_ones:
        asked = {
            "nowhere://x": "expected the address of a Dask scheduler, such as",
            f"tcp://127.0.0.1:{free_port()}": "expected a Dask scheduler, found none",
            idle: "expected a scheduler with workers, found none within 10 seconds",
        }
        runs = [
            open_ones.enter_context(process(*command(path, tmp_path / "out", address))) for address in asked
        ]
        for run, words in zip(runs, asked.values(), strict=True):
            _, err = run.communicate(timeout=PATIENCE)
            assert run.returncode == 2, err
            assert words in err and "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_a_worker_that_joins_later_with_other_code_does_nothing() -> None:
    held = _Held(lambda number: number + 1, figures_digest())
    assert _call(held, 1) == 2
    with pytest.raises(RunError, match="expected a worker with the same simkit"):
        _call(_Held(held.function, "0" * 64), 1)


# ------------------------------------------------------------------ a closed set-up


def of_the_page(folder: Path, port: int) -> tuple[dict[str, list[str]], dict[str, object]]:
    """The commands of docs/cluster.md for a closed set-up by their first words, and its settings, on loopback."""
    page = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    page = page.partition("## A closed set-up")[2].partition("\n## ")[0]
    fenced = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    settings = fenced[0].replace("/etc/simkit", str(folder))
    page = (
        page.replace(fenced[0], "").replace("10.0.0.5:8786", f"127.0.0.1:{port}").replace("8786", str(port))
    )
    page = re.sub(r"10\.0\.0\.\d", "127.0.0.1", page).replace("--nworkers 16", "--nworkers 1")
    commands = [line.split() for line in re.findall(r"^    (\S.*)$", page, re.MULTILINE)]
    named = {" ".join(words[: 2 if words[0].endswith("dask") else 1]): words for words in commands}
    return named, yaml.safe_load(settings)


def addresses_of(process: int) -> set[str]:
    """Addresses on which a process and what it started listen."""
    found = [psutil.Process(process), *children(process)]
    return {
        place.laddr.ip
        for one in found
        for place in one.net_connections()
        if place.status == psutil.CONN_LISTEN
    }


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_a_closed_set_up_as_the_page_says(path: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    """Its very commands, on loopback: the same bytes; nothing listens elsewhere; nobody gets in without the key."""
    port = free_port()
    commands, settings = of_the_page(tmp_path, port)
    assert list(commands) == ["openssl", ".venv/bin/dask scheduler", ".venv/bin/dask worker", "simkit"]
    assert completed(commands["openssl"], cwd=tmp_path).returncode == 0
    (tmp_path / "simkit.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    head, hand = (["-m", "dask", *words[1:]] for name, words in commands.items() if "dask" in name)
    hand += ["--local-directory", str(tmp_path / "scratch")]
    head, hand = (
        [str(tmp_path / word) if word.endswith(".pem") else word for word in each] for each in (head, hand)
    )
    address, out = commands["simkit"][-1], tmp_path / "out"
    with process(*head) as one:
        until(lambda: listens(port), "scheduler", one)
        with process(*hand) as other, process(*command(path, out, address), DASK_CONFIG=str(tmp_path)) as run:
            _, err = run.communicate(timeout=PATIENCE)
            assert run.returncode == 0, err
            assert addresses_of(one.pid) == addresses_of(other.pid) == {"127.0.0.1"}
        assert content(out) == expected
        for wrong in ({}, {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(tmp_path / "none.pem")}):
            with process(*command(path, tmp_path / "none", address), **wrong) as run:
                _, err = run.communicate(timeout=PATIENCE)
            assert run.returncode == 2 and "Traceback" not in err
            assert f"{address}: " in err and "distributed.comm.tls" in err and "docs/cluster.md" in err
        with process(*command(path, tmp_path / "none", address.replace("tls", "tcp"))) as run:
            _, err = run.communicate(timeout=PATIENCE)
        assert run.returncode == 2 and "expected a Dask scheduler, found none" in err
    assert not (tmp_path / "none").exists()
