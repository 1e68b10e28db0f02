"""Processes that tests start: ended with all that they started, however a test ends; and what is waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psutil

__all__ = ["PATIENCE", "alive", "children", "completed", "end", "left_over", "mark", "started", "until"]

#: Seconds after which what is waited for is taken for broken, on a machine under any load.
PATIENCE = 600
#: A variable that every process of this session inherits, so that those are found that nobody is the parent of.
_MARK, _SESSION = "SIMKIT_TEST_SESSION", uuid.uuid4().hex
#: Ends by itself with the process that started it.
_ALLOWED = "multiprocessing"


def mark() -> None:
    """Have every process from now on inherit the session's mark, and hear an interrupt.

    A shell that starts the tests behind itself has them, and all that they start, ignore interrupts.
    """
    os.environ[_MARK] = _SESSION
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def left_over() -> list[psutil.Process]:
    """Processes of this session that are still there."""
    found = []
    for one in psutil.process_iter():
        with suppress(psutil.Error):
            marked = one.pid != os.getpid() and one.environ().get(_MARK) == _SESSION
            if marked and alive(one) and not any(_ALLOWED in word for word in one.cmdline()):
                found.append(one)
    return found


def alive(one: psutil.Process) -> bool:
    """Whether a process still runs; one that nobody has waited for does not."""
    with suppress(psutil.Error):
        return bool(one.is_running() and one.status() != psutil.STATUS_ZOMBIE)
    return False


def children(process: int) -> list[psutil.Process]:
    """Processes that a process started, and those that they did."""
    try:
        return list(psutil.Process(process).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def end(process: subprocess.Popen[Any]) -> None:
    """Kill a process of `started` with all that it started, and close its pipes."""
    for one in children(process.pid):
        with suppress(psutil.Error):
            one.kill()
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL) if os.name == "posix" else process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()


@contextmanager
def started(words: Sequence[str | os.PathLike[str]], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """A process in a group of its own, ended by `end`; pipes for what it prints unless `options` say otherwise."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(list(map(os.fspath, words)), start_new_session=True, **(pipes | options))
    try:
        yield process
    finally:
        end(process)


def completed(words: Sequence[str | os.PathLike[str]], **options: Any) -> subprocess.CompletedProcess[Any]:
    """A process that is waited for: its exit code and what it printed."""
    with started(words, **options) as process:
        out, err = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def until(ready: Callable[[], object], what: str, process: subprocess.Popen[Any] | None = None) -> None:
    """Wait for a state. A `process` that ends before it has come is a failure, with what it said."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process is not None and process.poll() is not None and not ready():
            said = process.stderr.read() if process.stderr else ""
            raise AssertionError(f"ended with {process.returncode} before there was {what}: {said}")
        assert time.monotonic() < deadline, f"no {what} within {PATIENCE} seconds"
        time.sleep(0.02)
