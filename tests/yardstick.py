"""The yardstick's cases: read, estimated, judged, and those that are not expressed.

Values are data: they are read from `data/yardstick.json` and never restated here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.sizing import quantiles

__all__ = ["NOT_EXPRESSED", "PARTLY", "Estimate", "Z", "cases", "estimate_sum", "quantity", "verdict"]

Case = dict[str, Any]
Sample = npt.NDArray[np.float64]

#: Standard errors allowed; with 400 quantities at once one in a million fails by chance.
Z = 6.0

NOT_EXPRESSED = {
    "FAN-1": "a two-piece normal law: no such law in the schema (money is >= 0)",
    "DEP-CONV": "rank correlations of copulas: dependence comes from the common factor and from matters only",
    "DEP-LN2-+0.5": "a Gaussian copula: dependence comes from the common factor and from matters only",
    "POP-1": "births and deaths in continuous time: entry and exit are yearly",
    "POP-3": "births and deaths in continuous time: entry and exit are yearly",
    "POP-5": "births and deaths in continuous time: entry and exit are yearly",
    "GROW-DET": "logistic, Gompertz and Bass curves: growth is a target, a trend or a path by year",
    "PUB-LDA356": "fitting laws to data: no command does it yet",
    "FIT-CENS": "fitting laws to data: no command does it yet",
}

#: Cases of which simkit has a part.
PARTLY = {
    "QNT-HF": "the definition that simkit has, type 1, of the nine",
    "CONV-QCI": "the quantiles that are not refused for too few draws",
    "NIST-Lew": "mean and standard deviation: nothing computes an autocorrelation",
    "NIST-Mavro": "mean and standard deviation: nothing computes an autocorrelation",
    "NIST-NumAcc3": "mean and standard deviation: nothing computes an autocorrelation",
    "VR-STRAT-U": "independent draws; of stratified ones the formulas, at the 64 that simkit stratifies together",
    "CONV-ATRISK": "draws that the error of a mean asks for: `--precision` stops by P95s, not by a standard deviation",
    "GOAL-01": "roots of the exact means and quantiles, found by scipy: no command seeks a goal",
}


class Estimate(NamedTuple):
    """What a run gives for a quantity.

    Attributes
    ----------
    value : float
    unit_se : float
        Standard deviation of its influence function: used where the file gives no mc_unit_se.
    """

    value: float
    unit_se: float = np.nan


@cache
def cases() -> dict[str, Case]:
    """All cases by id, each with its quantities by name."""
    path = Path(__file__).parent / "data" / "yardstick.json"
    read = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return {
        case["id"]: case | {"quantities": {one["name"]: one for one in case["quantities"]}} for case in read
    }


def quantity(case: str, name: str) -> dict[str, Any]:
    """A quantity of a case."""
    found: dict[str, Any] = cases()[case]["quantities"][name]
    return found


def verdict(wanted: dict[str, Any], found: Estimate, draws: float, rounding: float = 0.0) -> str:
    """Empty where an estimate passes, as `meta.how_to_use` says with z = 6; else what is wrong.

    Parameters
    ----------
    rounding : float
        What rounding each claim to half a fen may move.
    """
    unit_se = wanted["mc_unit_se"] if wanted.get("mc_unit_se") is not None else found.unit_se
    allowed = Z * unit_se / np.sqrt(draws) + wanted["ref_abs_err"] + rounding
    error = abs(found.value - wanted["value"])
    if error <= allowed:  # False for NaN
        return ""
    off = f"off by {error:.4g} > {allowed:.4g}"
    return f"{wanted['name']}: expected {wanted['value']:.10g}, found {found.value:.10g}: {off}"


def lattice_verdict(wanted: dict[str, Any], sample: Sample) -> str:
    """Whether the exact lattice quantile is one of the sample too, within the error of its shares."""
    p, point = wanted["p"], wanted["value"]
    allowed = Z * np.sqrt(p * (1 - p) / len(sample))
    below, at = float((sample < point).mean()), float((sample <= point).mean())
    if below - allowed <= p <= at + allowed:
        # The shares themselves are known too: this also sees a quantile that is right by luck.
        wrong = [
            f"{name}: expected {wanted[key]:.6f}, found {share:.6f}"
            for name, key, share in (("P(S < q)", "F_below", below), ("P(S <= q)", "F_at", at))
            if abs(share - wanted[key]) > Z * np.sqrt(wanted[key] * (1 - wanted[key]) / len(sample))
        ]
        return "; ".join(wrong)
    shares = f"P(S < q) = {below:.5f}, P(S <= q) = {at:.5f}"
    return f"{wanted['name']}: expected {point:g} to be the quantile, found {shares}"


def moment(values: Sample) -> Estimate:
    """A mean."""
    return Estimate(float(values.mean()), float(values.std()))


def spread(sample: Sample) -> Estimate:
    """A standard deviation."""
    sd = float(sample.std(ddof=1))
    return Estimate(sd, float(((sample - sample.mean()) ** 2).std()) / (2 * sd))


def variance(sample: Sample) -> Estimate:
    """A variance."""
    return Estimate(float(sample.var(ddof=1)), float(((sample - sample.mean()) ** 2).std()))


def skewness(sample: Sample) -> Estimate:
    """A skewness; its influence function is z**3 - 3 z - g - 3 g (z**2 - 1) / 2."""
    z = (sample - sample.mean()) / sample.std()
    g = float((z**3).mean())
    return Estimate(g, float((z**3 - 3 * z - 1.5 * g * (z**2 - 1)).std()))


def correlation(one: Sample, other: Sample) -> Estimate:
    """A Pearson correlation; its influence function is z w - r (z**2 + w**2) / 2."""
    z, w = (one - one.mean()) / one.std(), (other - other.mean()) / other.std()
    r = float((z * w).mean())
    return Estimate(r, float((z * w - r * (z**2 + w**2) / 2).std()))


_OF_SUM: dict[str, Callable[[Sample], Estimate]] = {
    "mean": moment,
    "sd": spread,
    "skew": skewness,
    "var": variance,
}


def estimate_sum(wanted: dict[str, Any], sample: Sample) -> Estimate | None:
    """A quantity of a compound case from the yearly sums; None for one that is not of the sum alone."""
    name = wanted["name"]
    if name in _OF_SUM:
        return _OF_SUM[name](sample)
    if name.startswith("TVaR"):
        return Estimate(quantiles.tail_mean(sample, wanted["p"]).value)
    if "p" in wanted:
        return Estimate(quantiles.quantile(sample, wanted["p"]).value)
    if name.startswith("P(S<="):
        return moment((sample <= wanted["budget"]).astype(np.float64))
    if name.startswith("E[(S-"):
        return moment(np.maximum(sample - wanted["budget"], 0.0))
    if name.startswith("E[min(S,"):
        return moment(np.minimum(sample, wanted["budget"]))
    return None
