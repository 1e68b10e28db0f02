"""The capped compound law beside the package `aggregate`: the same law, the same 2**16 buckets, both times.

Run from the project's folder: `.venv/bin/python -m benchmarks.compound [--repeat 5] [--peer PYTHON]`, where
PYTHON is an interpreter that has `aggregate`, if this one has not. Both sides warm up once, then run in
turns; each makes the law anew from its parameters, and says its quantiles. Times are CPU seconds.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, Literal

from benchmarks.compound_law import BUCKETS, Claim, compound

#: Yearly awards of a measure: a Poisson number of claims, lognormal, each capped, their sum capped.
COUNT, MEAN, CV, CLAIM_CAP, LIMIT = 12.0, 100_000.0, 1.2, 500_000.0, 5_000_000.0
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)


def ours(method: Literal["mean", "nearest"] = "nearest") -> list[float]:
    """Quantiles from simkit; `nearest` puts claims on the lattice as `aggregate` does."""
    from simkit.distributions.severity import Lognormal

    severity = Lognormal.model_validate({"dist": "lognormal", "mean": f"{MEAN}元", "cv": CV})
    claim = Claim(severity, cap=CLAIM_CAP)
    law = compound("poisson", COUNT, 0.0, claim, limit=LIMIT, method=method)
    return [float(law.quantile(p)) for p in LEVELS]


def theirs() -> list[float]:
    """Quantiles from `aggregate`, from its law's cumulated density: its own `q` builds a table first."""
    import numpy as np
    from aggregate import Aggregate

    law = Aggregate(
        "X",
        exp_en=COUNT,
        exp_limit=CLAIM_CAP,
        sev_name="lognorm",
        sev_mean=MEAN,
        sev_cv=CV,
        freq_name="poisson",
    )
    step = LIMIT / BUCKETS
    law.update_work(step * np.arange(BUCKETS), padding=1)
    cumulated = np.cumsum(law.agg_density)
    return [float(step * np.searchsorted(cumulated, p - 1e-12)) for p in LEVELS]


def timed(make: Callable[[], list[float]]) -> tuple[float, list[float]]:
    """CPU seconds of this process, and the quantiles."""
    start = time.process_time()
    found = make()
    return time.process_time() - start, found


def _in_other(python: str, repeat: int) -> tuple[list[float], list[float]]:
    """The package's side in another interpreter: times, quantiles."""
    words = [python, __file__, "--theirs", "--repeat", str(repeat)]
    told = json.loads(
        subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    )
    return told["seconds"], told["quantiles"]


def compare(repeat: int = 5, peer: str | None = None) -> dict[str, Any]:
    """Both sides `repeat` times in turns; the peer in this interpreter, or in the one named.

    Returns
    -------
    dict
        `ours`, `ours_default` (claims keep their mean), `theirs`: median CPU seconds; `ratio`: ours to
        theirs; `apart`: largest distance of a quantile, in buckets. Without the package: `ours` alone.
    """
    here = importlib.util.find_spec("aggregate") is not None
    seconds: dict[str, list[float]] = {"ours": [], "ours_default": [], "theirs": []}
    quantiles, default, other = ours(), ours("mean"), theirs() if here else None
    for _ in range(repeat):
        seconds["ours"].append(timed(ours)[0])
        seconds["ours_default"].append(timed(lambda: ours("mean"))[0])
        if here:
            seconds["theirs"].append(timed(theirs)[0])
        elif peer is not None:
            took, other = _in_other(peer, 1)
            seconds["theirs"] += took
    found: dict[str, Any] = {name: statistics.median(took) for name, took in seconds.items() if took}
    step = LIMIT / BUCKETS
    found["apart_default"] = max(abs(a - b) for a, b in zip(quantiles, default, strict=True)) / step
    if other is not None:
        found["ratio"] = found["ours"] / found["theirs"]
        found["ratio_default"] = found["ours_default"] / found["theirs"]
        found["apart"] = max(abs(a - b) for a, b in zip(quantiles, other, strict=True)) / step
    return found


def main() -> int:
    """Print what was found; fail where we are slower, or a quantile is more than half a bucket apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--peer", default=None, help="an interpreter that has aggregate")
    parser.add_argument("--theirs", action="store_true", help="the package's side alone, as JSON")
    options = parser.parse_args()
    if options.theirs:
        theirs()
        runs = [timed(theirs) for _ in range(options.repeat)]
        print(json.dumps({"seconds": [took for took, _ in runs], "quantiles": runs[0][1]}))
        return 0
    found = compare(options.repeat, options.peer)
    for name, value in found.items():
        print(f"{name:14} {value:10.5f}")
    if "ratio" not in found:
        print("aggregate is in no interpreter that was given: ours alone", file=sys.stderr)
        return 0
    assert found["ratio"] <= 1 and found["ratio_default"] <= 1, "slower than aggregate"
    assert found["apart"] <= 0.5 and found["apart_default"] <= 1, "quantiles apart"
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
