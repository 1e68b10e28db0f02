"""Step 2: what the policy's formula gives on a base, before any cap."""

from __future__ import annotations

from simkit.base.arrays import Records
from simkit.base.compiled import compiled

__all__ = ["banded", "of_rate", "of_share", "tiered"]


@compiled
def of_rate(base: int, rate: int) -> int:
    """`rate` (over 10,000) of a base, to the nearest fen, half a fen upwards.

    References
    ----------
    The formula of every rate: (base x num + den // 2) // den.
    """
    return (base * rate + 5_000) // 10_000


@compiled
def of_share(amount: int, share: int) -> int:
    """`share` (over 10,000) of an amount, the rest of a fen dropped: a cap is never exceeded."""
    # In two parts: ten times the largest amount, times 10,000, is beyond int64.
    whole, rest = divmod(max(0, amount), 10_000)
    return whole * share + rest * share // 10_000


@compiled
def tiered(value: int, tiers: Records, first: int, last: int) -> int:
    """The whole amount of the highest tier that `value` reaches, 0 below all; rows `first:last`, ascending."""
    amount = 0
    for row in range(first, last):
        if value >= tiers[row].reached:
            amount = tiers[row].amount
    return amount


@compiled
def banded(base: int, bands: Records, first: int, last: int) -> int:
    """Sum over marginal bands: each part of the base pays its own rate, or an amount per full step."""
    total = 0
    for row in range(first, last):
        band = bands[row]
        part = min(base, band.end) - band.above
        if part <= 0:
            break
        if band.per_full > 0:
            total += part // band.per_full * band.amount
        else:
            total += of_rate(part, band.rate)
    return total
