"""Figures that need processes of their own: what two cores give, peak memory, start-up."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks import measure
from benchmarks.engine import DRAWS, sized, timed, warm
from benchmarks.measure import Log, Row, missing
from benchmarks.scenarios import BASELINE, baseline
from simkit.base.compiled import compiled
from simkit.base.random import uniform_pair
from simkit.scenario import load_scenario

__all__ = ["cores", "memory", "start"]

ROOT = Path(__file__).resolve().parent.parent
#: Numbers that one process computes, some seconds long.
_NUMBERS = 200_000_000
_RUN = """
import json, resource, sys
from simkit.scenario import load_scenario
from simkit.runs.simulate import run
result = run(load_scenario(sys.argv[1]), draws=int(sys.argv[2]), seed=int(sys.argv[3]))
try:
    lines = open("/proc/self/status", encoding="utf-8").read().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"MB": peak * 1024 / 1e6, "claims": int(result.counts[..., :5].sum()) / result.draws}))
"""


@compiled
def spin(seed: int, numbers: int) -> float:
    """Compute in registers alone: no memory that cores could share."""
    total = 0.0
    for index in range(numbers):
        total += uniform_pair(seed, 1, index & 0xFFFFFFFF, 0, 0, 0)[0]
    return total


def spun(seed: int, numbers: int, start: float) -> tuple[float, float]:
    """Wait for the moment, compute; the moments of beginning and end, on the clock that processes share."""
    while time.time() < start:
        pass
    begin = time.time()
    spin(seed, numbers)
    return begin, time.time()


def cores(repeat: int, scale: float) -> list[Row]:
    """What a second core gives a run, beside what it gives two processes that share nothing."""
    name = "baseline, 1 core over 2 cores"
    if measure.cores() < 2:
        return [missing("cores", name, "there is one core")]
    scenario, count, log = baseline(), sized(DRAWS, scale), Log()
    numbers = max(1_000_000, round(_NUMBERS * scale))
    warm(scenario)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for _ in range(3):
            _together(pool, 2, 1_000, 0)
        for seed in log.rounds(repeat):
            timed(log, "run, 1 core", scenario, draws=count, seed=seed, jobs=1)
            timed(log, "run, 2 cores", scenario, draws=count, seed=seed, jobs=2)
            log.add("1 process", wall=_together(pool, 1, numbers, seed))
            log.add("2 processes", wall=_together(pool, 2, numbers, seed))
    ours = log.ratio("run, 1 core", "run, 2 cores", "wall")
    reach = 2 * log.ratio("1 process", "2 processes", "wall")
    row = Row(
        figure="cores",
        measured=f"{name}, {count:,} draws: {ours:.2f} x",
        against=f"two processes of pure computation: {reach:.2f} x",
        value=ours / reach,
        target=0.9,
        claims=log.claims["run, 2 cores"][-1] / count,
        nanoseconds=log.nanoseconds("run, 2 cores", "wall"),
        details={"seconds": log.seconds, "run": ours, "machine": reach},
    )
    return [row]


def _together(pool: ProcessPoolExecutor, processes: int, numbers: int, seed: int) -> float:
    """Seconds from the first that begins to the last that ends."""
    start = time.time() + 0.05
    asked = [pool.submit(spun, seed + place, numbers, start) for place in range(processes)]
    times = [one.result() for one in asked]
    return max(end for _, end in times) - min(begin for begin, _ in times)


def memory(repeat: int, scale: float) -> list[Row]:
    """Peak resident memory of a fresh process that loads the baseline and runs it.

    Linux hands the peak of the process that starts another on to `ru_maxrss` of that other, so the peak is read
    from /proc (VmHWM), which begins anew with each program.
    """
    rows: list[Row] = []
    peaks: dict[int, list[dict[str, float]]] = {}
    wanted = [(sized(10_000, scale), 700.0), (sized(100_000, scale), 1_200.0)]
    measured_run(64, 0)
    for seed in range(1, repeat + 1):
        for count, _ in wanted:
            peaks.setdefault(count, []).append(json.loads(measured_run(count, seed)))
    for count, target in wanted:
        rows.append(
            Row(
                figure="memory",
                measured=f"baseline, {count:,} draws, {measure.cores()} cores, peak",
                value=float(np.median([peak["MB"] for peak in peaks[count]])),
                unit="MB",
                target=target,
                at_most=True,
                claims=peaks[count][-1]["claims"],
                details={"peaks": peaks[count]},
            )
        )
    return rows


def measured_run(count: int, seed: int) -> str:
    """Peak MB and claims a draw of a run in a fresh process, as JSON."""
    return _python("-c", _RUN, str(BASELINE), str(count), str(seed))


def _python(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def start(repeat: int, scale: float) -> list[Row]:
    """Start-up, and the commands that people type, in fresh processes with warm code; a scenario read again in this."""
    log, count = Log(), sized(DRAWS, scale)
    with tempfile.TemporaryDirectory() as folder:
        more = (str(BASELINE), "--draws", str(count), "--out", folder, "--seed")
        commands: dict[str, tuple[str, ...]] = {
            "an empty Python": ("-c", "pass"),
            "import simkit": ("-c", "import simkit"),
            "simkit --help": ("-m", "simkit", "--help"),
            "simkit check of the baseline": ("-m", "simkit", "check", str(BASELINE)),
            "simkit run": ("-m", "simkit", "run", *more),
            "simkit report": ("-m", "simkit", "report", *more),
        }
        for seed in range(repeat + 1):  # 0 warms
            for name, words in commands.items():
                begin = time.perf_counter()
                _python(*words, *([str(seed)] if words[-1] == "--seed" else []))
                if seed > 0:
                    log.add(name, wall=time.perf_counter() - begin)
    load_scenario(BASELINE)
    for _ in log.rounds(repeat):
        log.time("load_scenario of the baseline, again", load_scenario, BASELINE)
    targets = {"simkit check of the baseline": 1.0, "load_scenario of the baseline, again": 0.1}
    return [
        Row(
            figure="start",
            measured=f"{name} of the baseline, {count:,} draws"
            if name in ("simkit run", "simkit report")
            else name,
            value=log.median(name, "wall"),
            unit="s",
            target=targets.get(name),
            at_most=True,
            details={"seconds": log.seconds[name]},
        )
        for name in log.seconds
    ]
