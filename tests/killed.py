"""A process that forks runs and kills them: `python -m tests.killed SCENARIO FOLDER SEED TIMES` prints what it found.

The parent has compiled and loaded everything but has no thread, so a child begins at once and is killed in
the midst of its work, not of its imports.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from simkit.runs.simulate import run
from simkit.runs.store import run_saved
from simkit.scenario import Scenario, load_scenario

DRAWS, BLOCK, SEED = 600, 30, 9


def once(scenario: Scenario, parent: Path) -> None:
    """The command under test: twenty blocks by two threads."""
    run_saved(scenario, parent, draws=DRAWS, seed=SEED, block=BLOCK, jobs=2)


def forked(work: Callable[[], None]) -> int:
    """Process id of a child that does some work and ends with 0."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)


def ended(child: int) -> int:
    """How a child ended: 0, or the signal as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def content(parent: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones and empty folders too."""
    return {
        path.relative_to(parent).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in parent.rglob("*")
    }


def seen(parent: Path) -> tuple[int, bool]:
    """How many blocks stand in a folder at this moment, and whether the result is being saved."""
    kept, saving = 0, False
    for folder, _, files in os.walk(parent):  # it does not mind a folder that goes away
        kept += sum(name.endswith(".block") for name in files)
        saving |= Path(folder).name.startswith(".") and "outlays.parquet" in files
    return kept, saving


def wait_for(child: int, parent: Path, blocks: int) -> None:
    """Until so many blocks are kept (one more than there are: until the result is being saved) or all is over."""
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        kept, saving = seen(parent)
        if saving or kept >= blocks:
            return
        time.sleep(0.000_5)


def kill_and_resume(scenario: Scenario, folder: Path, seed: int, times: int) -> dict[str, object]:
    """Kill when so many blocks stand, and a moment more; the same command then ends with the same bytes.

    What is waited for is what the run has left, not the clock: a run takes as long as the machine lets it.
    """
    plain = folder / "plain"
    assert ended(forked(lambda: once(scenario, plain))) == 0
    expected = content(plain)
    random = np.random.default_rng(seed)
    targets = random.integers(0, DRAWS // BLOCK + 1, times, endpoint=True)
    moments = random.uniform(0, 0.02, times)
    kept, saving, done = [], 0, 0
    for number, (target, moment) in enumerate(zip(targets, moments, strict=True)):
        parent = folder / f"killed{number}"
        child = forked(lambda parent=parent: once(scenario, parent))
        wait_for(child, parent, int(target))
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        done += ended(child) == 0
        found, was_saving = seen(parent)
        kept.append(found)
        saving += was_saving
        assert ended(forked(lambda parent=parent: once(scenario, parent))) == 0
        assert content(parent) == expected, (number, int(target), moment, sorted(content(parent)))
        shutil.rmtree(parent)
    return {"kept": kept, "saving": saving, "done": done, "targets": targets.tolist()}


def side_by_side(scenario: Scenario, folder: Path, times: int) -> None:
    """Two runs of the same inputs at once, the second a little later: neither harms the other."""
    plain = folder / "alone"
    assert ended(forked(lambda: once(scenario, plain))) == 0
    expected = content(plain)
    for number in range(times):
        parent = folder / f"both{number}"
        children = []
        for wait in (0.0, 0.02 * number):
            time.sleep(wait)
            children.append(forked(lambda parent=parent: once(scenario, parent)))
        assert [ended(child) for child in children] == [0, 0]
        assert content(parent) == expected, (number, sorted(content(parent)))


def main() -> None:
    """Kill, then run side by side."""
    scenario, folder = load_scenario(sys.argv[1]), Path(sys.argv[2])
    run(scenario, draws=2 * BLOCK, seed=SEED, jobs=1)  # loads the kernels, starts no thread
    found = kill_and_resume(scenario, folder, int(sys.argv[3]), int(sys.argv[4]))
    side_by_side(scenario, folder, 4)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
