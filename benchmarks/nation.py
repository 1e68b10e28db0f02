"""What the nation would take on a cluster, computed from what is measured here: the figures of docs/cluster.md.

Run from the project's folder: `.venv/bin/python -m benchmarks.nation`. It computes some draws of the baseline with
its agencies multiplied until there are 70,000, in this process, on one core. Whether time grows with them, and
how long 10,000 draws take here, is the figure `nation` of `python -m benchmarks`.
"""

from __future__ import annotations

import platform
import resource
import time

from benchmarks.scenarios import with_agencies
from simkit.runs import job as job_runs
from simkit.runs.block import to_bytes

AGENCIES, DRAWS, MEASURED = 70_000, 100_000, 64
CORES = (8, 64, 256)


def main() -> None:
    """Measure, compute, print."""
    job = job_runs.prepare(with_agencies(AGENCIES), seed=1)
    job.block((0, 1))  # compiles
    started = time.process_time()
    block = job.block((2_000, 2_000 + MEASURED))
    each = (time.process_time() - started) / MEASURED
    size = len(to_bytes(block)) / MEASURED
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    claims = block.tallies["counts"].totals()[..., :5].sum() / MEASURED
    print(f"{platform.machine()}, Python {platform.python_version()}, one core, {MEASURED} draws")
    print(
        f"measured: {1e3 * each:.1f} ms and {claims:,.0f} claims a draw, {size / 1e3:.1f} kB of results a draw"
    )
    print(f"measured: {peak:,.0f} MB peak of a worker")
    print(f"{DRAWS:,} draws: {DRAWS * each / 3_600:.1f} core hours, {DRAWS * size / 1e6:,.0f} MB of results")
    for cores in CORES:
        print(f"on {cores} cores: {DRAWS * each / cores / 60:.1f} minutes")


if __name__ == "__main__":
    main()
