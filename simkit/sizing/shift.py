"""How far a quantile moves between two samples whose draws met the same luck."""

from __future__ import annotations

import numpy as np
from scipy import stats

from simkit.sizing.quantiles import Draws, Estimate, quantile

__all__ = ["quantile_shift"]

_LEVEL = 0.95


def quantile_shift(before: Draws, after: Draws, p: float) -> Estimate:
    """The quantile of `after` less that of `before`, with an error that counts their common luck.

    A quantile is, to first order, its own value plus a mean over the draws of (p - [x <= quantile]) / density,
    so the errors of both are as correlated as the indicators of the draws up to them. The interval is that of a
    normal law.

    Raises
    ------
    TooFewDrawsError
        As `quantile`.

    References
    ----------
    R. R. Bahadur: A note on quantiles in large samples. Annals of Mathematical Statistics 37 (1966).
    """
    first, second = quantile(before, p), quantile(after, p)
    below, under = before <= first.value, after <= second.value
    share, other = float(below.mean()), float(under.mean())
    spread = np.sqrt(share * (1 - share) * other * (1 - other))
    together = float((below & under).mean()) - share * other
    alike = 1.0 if np.array_equal(below, under) else min(1.0, together / spread) if spread > 0 else 0.0
    one, two = first.standard_error, second.standard_error
    # one**2 + two**2 - 2 alike one two, without cancelling where both move together.
    error = float(np.sqrt((one - two) ** 2 + 2 * one * two * (1 - alike)))
    value, width = second.value - first.value, float(stats.norm.ppf((1 + _LEVEL) / 2)) * error
    return Estimate(value, value - width, value + width, error)
