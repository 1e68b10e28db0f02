"""The compound law against closed forms, Panjer's recursion in plain Python, moments and the yardstick."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from benchmarks.compound_law import Claim, Compound, compound
from simkit.distributions.compound import Spectrum
from simkit.distributions.limited import gated_means, gated_moment, survival
from tests.distributions.test_severity import EXAMPLES, LAWS
from tests.statistical import cdf
from tests.yardstick import cases

COUNTS = [
    ("event", 0.4, 0.0),
    ("poisson", 3.0, 0.0),
    ("poisson", 60.0, 0.0),
    ("negative_binomial", 3.0, 1.5),
    ("negative_binomial", 40.0, 0.2),
    ("binomial", 6.0, 10.0),
    ("fixed", 5.0, 0.0),
]


def law(dist: str, **data: Any) -> Any:
    return LAWS[dist].model_validate({"dist": dist} | data)


def count_pmf(kind: str, mean: float, spread: float, most: int) -> np.ndarray:
    """Probabilities of 0, 1, ..., by scipy, independent of `count_transform`."""
    numbers = np.arange(most + 1)
    laws = {
        "event": lambda: stats.bernoulli(-math.expm1(-mean)),
        "poisson": lambda: stats.poisson(mean),
        "negative_binomial": lambda: stats.nbinom(1 / spread, 1 / (1 + spread * mean)),
        "binomial": lambda: stats.binom(int(spread), mean / spread),
        "fixed": lambda: stats.randint(int(mean + 0.5), int(mean + 0.5) + 1),
    }
    with np.errstate(all="ignore"):
        return np.asarray(laws[kind]().pmf(numbers))


def moments_of_count(kind: str, mean: float, spread: float) -> tuple[float, float]:
    """Mean and variance of a law of counts."""
    variance = {
        "event": -math.expm1(-mean) * math.exp(-mean),
        "poisson": mean,
        "negative_binomial": mean + spread * mean**2,
        "binomial": mean * (1 - mean / spread) if spread else 0.0,
        "fixed": 0.0,
    }[kind]
    return (-math.expm1(-mean) if kind == "event" else mean), variance


# ------------------------------------------------------------------ closed forms


@pytest.mark.parametrize(("kind", "mean", "spread"), COUNTS)
@pytest.mark.parametrize("shape", [1.0, 2.5])
def test_sums_of_gamma_claims(kind: str, mean: float, spread: float, shape: float) -> None:
    """N gamma claims are gamma again: P(S <= x) = sum of P(N = n) G(n shape, x), here below the limit.

    Exponential claims are shape 1. The cdf is off by at most the density times the step's part.
    """
    claim = Claim(law("gamma", shape=shape, scale="100元"))
    limit = 100.0 * shape * (mean + 12 * math.sqrt(mean + (spread or 1) * mean**2 + mean))
    found = compound(kind, mean, spread, claim, limit=limit)
    points = np.linspace(0.02, 0.9, 40) * limit
    pmf = count_pmf(kind, mean, spread, 400)
    with np.errstate(all="ignore"):
        below = stats.gamma.cdf(points[:, None], shape * np.arange(1, 401), scale=100.0) @ pmf[1:]
    assert cdf(found, points) == pytest.approx(below + pmf[0], abs=2e-4)
    assert found.limited(points) == pytest.approx(
        [limited_sum(pmf, shape, 100.0, point) for point in points], abs=found.error
    )


def limited_sum(pmf: np.ndarray, shape: float, scale: float, point: float) -> float:
    """E[min(S, point)] of a sum of gamma claims."""
    shapes = shape * np.arange(1, len(pmf))
    with np.errstate(all="ignore"):
        inside = shapes * scale * stats.gamma.cdf(point, shapes + 1, scale=scale)
        beyond = point * stats.gamma.sf(point, shapes, scale=scale)
    return float(pmf[1:] @ (inside + beyond))


@pytest.mark.parametrize(("kind", "mean", "spread"), COUNTS)
def test_sums_of_constant_claims(kind: str, mean: float, spread: float) -> None:
    """Claims on a multiple of the step: the sum is the count."""
    found = compound(kind, mean, spread, Claim(law("constant", value="4元")), limit=1_024.0, buckets=1_024)
    pmf = count_pmf(kind, mean, spread, 255)
    assert found.pmf[:1_024:4] == pytest.approx(pmf, abs=1e-10)
    assert np.delete(found.pmf[:-1], np.arange(0, 1_024, 4)) == pytest.approx(0.0, abs=1e-10)


# ------------------------------------------------------------------ Panjer


def panjer(kind: str, mean: float, spread: float, claim: np.ndarray) -> np.ndarray:
    """Law of the sum on the claims' lattice, by the recursion for P(N = n) = (a + b / n) P(N = n - 1).

    H. H. Panjer: Recursive evaluation of a family of compound distributions. ASTIN Bulletin 12 (1981).
    """
    if kind == "poisson":
        a, b, none = 0.0, mean, math.exp(mean * (claim[0] - 1))
    elif kind == "negative_binomial":
        q = spread * mean / (1 + spread * mean)
        a, b = q, (1 / spread - 1) * q
        none = ((1 - q) / (1 - q * claim[0])) ** (1 / spread)
    else:
        trials, p = int(spread), mean / spread
        a, b = -p / (1 - p), (trials + 1) * p / (1 - p)
        none = (1 - p + p * claim[0]) ** trials
    found = [float(none)]
    for k in range(1, len(claim)):
        total = sum((a + b * j / k) * claim[j] * found[k - j] for j in range(1, k + 1))
        found.append(float(total / (1 - a * claim[0])))
    return np.array(found)


@pytest.mark.parametrize(
    ("kind", "mean", "spread"), [one for one in COUNTS if one[0] not in ("event", "fixed")]
)
def test_the_transform_is_the_recursion(kind: str, mean: float, spread: float) -> None:
    """The same law as Panjer's recursion to 1e-10, whatever lies beyond the limit: folding back is kept out."""
    claim = Claim(law("lognormal", mean="30元", cv=1.2), share=0.5, cap=40.0, gate=12.0)
    for limit in (150.0, 900.0):
        found = compound(kind, mean, spread, claim, limit=limit, buckets=300)
        wanted = panjer(kind, mean, spread, claim.on_lattice(limit / 300, 300))
        assert found.pmf[:-1] == pytest.approx(wanted[:-1], abs=1e-10)
        assert found.pmf[-1] == pytest.approx(1 - wanted[:-1].sum(), abs=1e-9)


# ------------------------------------------------------------------ moments and bounds


@pytest.mark.parametrize(("dist", "data"), [(name, data) for name, many in EXAMPLES.items() for data in many])
@pytest.mark.parametrize(("kind", "mean", "spread"), COUNTS)
def test_mean_and_variance_by_formula(
    dist: str, data: dict[str, Any], kind: str, mean: float, spread: float
) -> None:
    """E S = E N E Y and Var S = E N Var Y + Var N (E Y)**2 of every law, capped and shared; and error bounds."""
    severity = law(dist, **data)
    middle = float(severity.ppf(np.array([0.5]))[0])
    claim = Claim(severity, share=0.7, cap=1.4 * middle or 1.0, gate=0.3 * middle)
    first, second = (gated_moment(severity, k, rate=0.7, cap=claim.cap, gate=claim.gate) for k in (1, 2))
    count, variance = moments_of_count(kind, mean, spread)
    limit = claim.cap * (mean + 25 * math.sqrt(variance + mean) + 1)
    found = compound(kind, mean, spread, claim, limit=limit)
    assert found.mean() == pytest.approx(count * first, rel=1e-7)
    wanted = count * (second - first**2) + variance * first**2
    # What the split adds: at most step**2 / 4 a claim.
    assert wanted * (1 - 1e-6) - 1e-6 <= found.var() <= wanted * (1 + 1e-6) + count * found.step**2 / 4 + 1e-6
    capped = count * first / 2 or 1.0
    fine = compound(kind, mean, spread, claim, limit=capped)
    coarse = compound(kind, mean, spread, claim, limit=capped, buckets=2_048)
    assert abs(coarse.mean() - fine.mean()) <= coarse.error + fine.error


def test_no_probability_is_lost() -> None:
    """A cap far below the sum's mean: all at the cap; one far above: nearly nothing there."""
    claim = Claim(law("lomax", alpha=2.5, theta="100元"))
    low = compound("poisson", 400.0, 0.0, claim, limit=50.0, buckets=512)
    assert low.pmf[-1] == pytest.approx(1.0, abs=1e-9) and low.quantile(0.01) == 50.0
    assert compound("poisson", 4.0, 0.0, claim, limit=1e5).pmf.sum() == pytest.approx(1.0, abs=1e-12)


def test_curves_of_every_law_are_its_scalars() -> None:
    """The vectorised limited means and survival agree with the scalar ones, with gate and upper end."""
    for dist, many in EXAMPLES.items():
        for data in many:
            severity = law(dist, **data)
            low, high = severity.ppf(np.array([0.2, 0.9]))
            caps = np.array([0.0, low / 3, low, (low + high) / 2, high, 3 * high]) * 0.6
            whole = [gated_moment(severity, 1, rate=0.6, cap=cap, gate=low) for cap in caps]
            assert gated_means(severity, caps, rate=0.6, gate=low) == pytest.approx(whole, rel=1e-9, abs=1e-9)
            if low < high:
                rest = [gated_moment(severity, 1, rate=0.6, cap=cap, gate=high) for cap in caps]
                between = gated_means(severity, caps, rate=0.6, gate=low, below=high)
                wanted = np.array(whole) - rest
                assert between == pytest.approx(wanted, rel=1e-9, abs=1e-9 * max(1.0, whole[-1]))
            reached = [gated_moment(severity, 0, gate=point) for point in caps]
            assert survival(severity, caps) == pytest.approx(reached, abs=1e-12)


# ------------------------------------------------------------------ the yardstick


SINGLE = ["CMP-01-HH", "CMP-03-DIG", "CMP-05-EXP", "CMP-08-LST", "CMP-10-HIT", "CMP-14-HHAG"]
#: Agreed with the file beyond its own tolerance: the bound of the discretisation at 2**18 steps is 7e-6 of the mean.
CLOSE = 1e-5


def yardstick_law(spec: dict[str, Any]) -> Compound:
    """The yearly sum of a compound case, on 2**18 steps of 125 yuan."""
    sev = dict(spec["sev"])
    if sev["dist"] == "lognormal":
        severity = law("lognormal", mean=f"{sev['mean']:.2f}元", cv=float(sev["cv"]))
    elif sev["dist"] == "lomax":
        severity = law("lomax", alpha=sev["alpha"], theta=f"{sev['theta']:.2f}元")
    else:
        values, weights = sev.get("values", [sev.get("value")]), sev.get("probs", [1.0])
        severity = law("empirical", values=[f"{value:.2f}元" for value in values], weights=weights)
    claim = Claim(severity, sev.get("rate", 1.0), sev.get("cap") or math.inf, sev.get("gate") or 0.0)
    freq = spec["freq"]
    mean = freq["n"] * freq["p"] if freq["kind"] == "binomial" else freq["mean"]
    step, buckets = 125.0, 2**18
    if "agencies" not in spec:
        return compound(freq["kind"], mean, freq.get("n", 0.0), claim, limit=step * buckets, buckets=buckets)
    capped = compound("poisson", mean, 0.0, claim, limit=spec["cap_per_agency_year"], buckets=4_000)
    spectrum = Spectrum(buckets)
    pmf = spectrum.back(spectrum.of(capped.pmf) ** spec["agencies"])
    return Compound(step=step, pmf=pmf, error=capped.error * spec["agencies"])


@pytest.mark.parametrize("name", SINGLE)
def test_yardstick_sums(name: str) -> None:
    """Mean, sd, quantiles, stop-loss and limited means of the file: to 1e-5 of themselves, quantiles to a step."""
    found, mean = yardstick_law(cases()[name]["spec"]), cases()[name]["quantities"]["mean"]["value"]
    seen = 0
    for key, wanted in cases()[name]["quantities"].items():
        value = wanted["value"]
        ways = {"mean": found.mean, "sd": lambda: math.sqrt(found.var())}
        if key in ways:
            assert ways[key]() == pytest.approx(value, rel=CLOSE), key
        elif key.startswith("P") and "p" in wanted and wanted["p"] and not key.startswith("P("):
            # Atoms are multiples of the step, so that theirs are met exactly.
            assert abs(found.quantile(wanted["p"]) - value) <= found.step * 1.01, key
        elif key.startswith("P(S<="):
            # What lies within half a step of a continuous law, with a density of at most 4e-7 a yuan.
            assert float(cdf(found, wanted["budget"])) == pytest.approx(value, abs=3e-5), key
        elif key.startswith("E[min"):
            assert float(found.limited(wanted["budget"])) == pytest.approx(value, rel=CLOSE), key
        elif key.startswith("E[(S-"):
            assert found.mean() - float(found.limited(wanted["budget"])) == pytest.approx(
                value, abs=CLOSE * mean
            )
        else:
            continue
        seen += 1
    assert seen >= 12
