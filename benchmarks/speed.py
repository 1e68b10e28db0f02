"""What is claimed of speed and memory, measured: each figure in fresh processes, the median of several.

Run from the project's folder: `.venv/bin/python benchmarks/speed.py [--repeat 5] [--json FILE]`.
The first, unmeasured run warms the compiled code; every measured one has another seed and reuses nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
RUN = """
import json, resource, sys
from simkit.scenario import load_scenario
from simkit.simulate import run
result = run(load_scenario(sys.argv[1]), draws=int(sys.argv[2]), seed=int(sys.argv[3]), jobs=int(sys.argv[4]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"peak": peak, "claims": float(result.counts[..., :5].sum() / result.draws)}))
"""


def timed(words: Sequence[str]) -> tuple[float, str]:
    """Seconds that a whole process takes, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return time.perf_counter() - start, done.stdout


def simulation(draws: int, jobs: int, repeat: int) -> dict[str, float]:
    """The full baseline, start-up included: seconds, peak MiB, claims a draw."""
    seconds, peaks, claims = [], [], 0.0
    for seed in range(1, repeat + 1):
        words = [sys.executable, "-c", RUN, str(BASELINE), str(draws), str(seed), str(jobs)]
        took, text = timed(words)
        told = json.loads(text)
        seconds.append(took)
        peaks.append(told["peak"])
        claims = told["claims"]
    took = statistics.median(seconds)
    return {
        "seconds": took,
        "peak MiB": max(peaks),
        "claims a draw": claims,
        "ns a claim": took / draws / claims * 1e9,
    }


def command(words: Sequence[str], repeat: int) -> dict[str, float]:
    """Seconds of a command."""
    return {"seconds": statistics.median(timed(words)[0] for _ in range(repeat))}


def measure(repeat: int) -> dict[str, dict[str, float]]:
    """Every figure by its name."""
    python = sys.executable
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    timed([python, "-c", RUN, str(BASELINE), "64", "0", "1"])
    empty = command([python, "-c", "pass"], repeat)["seconds"]
    figures = {
        f"baseline, 10,000 draws, {cores} cores": simulation(10_000, cores, repeat),
        "baseline, 10,000 draws, 1 core": simulation(10_000, 1, repeat),
        "baseline, 1,000 draws": simulation(1_000, cores, repeat),
        "import simkit": command([python, "-c", "import simkit"], repeat),
        "simkit --help": command([python, "-m", "simkit", "--help"], repeat),
    }
    figures["import simkit"]["seconds"] -= empty
    with tempfile.TemporaryDirectory() as folder:
        report = [python, "-m", "simkit", "report", str(BASELINE), "--out", folder]
        figures["simkit report, defaults"] = command([*report, "--seed", "7"], 1)
    return figures


def main() -> int:
    """Print the table, save it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    figures = measure(options.repeat)
    width = max(len(name) for name in figures)
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    for name, values in figures.items():
        print(name.ljust(width), "  ".join(f"{value:10.2f} {unit}" for unit, value in values.items()))
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
