"""Budget: outlays that fall due against money voted; what is paid, carried over, deferred or not paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from simkit.base.arrays import FenArray, IndexArray
from simkit.policy.payment import Rationing, WhenShort

__all__ = ["Budget", "FundYears", "settle_fund"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FundYears:
    """One fund over the years: int64[draw, year], fen; `unpaid_by` int64[draw, year, measure].

    Attributes
    ----------
    due : new money that falls due
    deferred_in : owed from earlier years
    paid : paid in the year
    carry_in : unspent money of the year before, spent first (结转)
    carry_out : unspent money of this year's appropriation
    lapsed : carried money still unspent at the end of the year (结余)
    unpaid : extinguished for lack of money (pro-rata, priority, first come)
    unpaid_by : the same by measure: this is where the modes differ
    deferred_out : owed to the next year; in the last year the liability at the horizon
    overrun : paid beyond all money (mode none)
    """

    due: FenArray
    deferred_in: FenArray
    paid: FenArray
    carry_in: FenArray
    carry_out: FenArray
    lapsed: FenArray
    unpaid: FenArray
    unpaid_by: FenArray
    deferred_out: FenArray
    overrun: FenArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Budget:
    """Funds against their appropriations.

    Attributes
    ----------
    years : tuple of int
        Paid years.
    appropriation : dict of fund id to int64[year]
        0 in a year without one.
    funds : dict of fund id to FundYears
    mode : WhenShort
    """

    years: tuple[int, ...]
    appropriation: Mapping[str, FenArray]
    funds: Mapping[str, FundYears]
    mode: WhenShort


def _pro_rata(due: FenArray, money: FenArray) -> FenArray:
    """Money over claims in proportion, exactly: largest remainders get the last fen. int64[draw, part]."""
    total = due.sum(axis=1)
    paid = due.copy()
    for draw in np.flatnonzero(total > money):
        parts = [int(part) for part in due[draw]]
        available, whole = int(money[draw]), int(total[draw])
        shares = [part * available // whole for part in parts]
        remainders = [part * available % whole for part in parts]
        order = sorted(range(len(parts)), key=lambda place: (-remainders[place], place))
        for place in order[: available - sum(shares)]:
            shares[place] += 1
        paid[draw] = shares
    return paid


def _in_turn(due: FenArray, money: FenArray) -> FenArray:
    """The first column in full, then the next, while money lasts."""
    before = np.cumsum(due, axis=1) - due
    return np.clip(money[:, None] - before, 0, due)


def _ration(
    mode: Rationing, due: FenArray, money: FenArray, adjustable: np.ndarray, order: Sequence[int]
) -> FenArray:
    """What is paid of new money due: int64[draw, measure], from due int64[draw, measure, quarter]."""
    by_measure: FenArray = due.sum(axis=2)
    paid: FenArray = np.zeros_like(by_measure)
    match mode:
        case "pro_rata":
            paid = _pro_rata(by_measure, money)
        case "pro_rata_adjustable":
            paid[:, ~adjustable] = _pro_rata(by_measure[:, ~adjustable], money)
            paid[:, adjustable] = _pro_rata(by_measure[:, adjustable], money - paid.sum(axis=1))
        case "priority":
            paid[:, list(order)] = _in_turn(by_measure[:, list(order)], money)
        case "first_come":
            # Quarter after quarter; those of the quarter in which money ends share what is left.
            quarters = _in_turn(due.sum(axis=1), money)
            for quarter in range(due.shape[2]):
                paid += _pro_rata(due[:, :, quarter], quarters[:, quarter])
        case unknown:
            assert_never(unknown)
    return paid


def settle_fund(
    due: FenArray,
    appropriation: IndexArray,
    *,
    mode: WhenShort,
    carry_over: bool,
    adjustable: np.ndarray,
    order: Sequence[int],
) -> FundYears:
    """Pay one fund's outlays year by year.

    Carried money is spent first; what of it is unspent at the end of the year lapses (结余). Deferred
    money comes before new. Rationing extinguishes what it does not pay, deferral does not.

    Parameters
    ----------
    due : int64[draw, year, measure, quarter]
        Fen that falls due.
    appropriation : int64[year]
    mode : WhenShort
    carry_over : bool
        Whether unspent money stays for the next year.
    adjustable : bool[measure]
        Measures that pro_rata_adjustable may cut; the others are paid first.
    order : sequence of int
        All measures, first to be paid first (priority).

    References
    ----------
    预算法 (2018) art. 42; 预算法实施条例 (2020) art. 50: carry-over of a project for one year.
    """
    draws, years = due.shape[:2]
    out = {name: np.zeros((draws, years), dtype=np.int64) for name in FundYears.__slots__}
    out["unpaid_by"] = np.zeros(due.shape[:3], dtype=np.int64)
    carried, owed = np.zeros(draws, dtype=np.int64), np.zeros(draws, dtype=np.int64)
    for year in range(years):
        new = due[:, year].sum(axis=(1, 2))
        voted = np.full(draws, appropriation[year], dtype=np.int64)
        money = carried + voted
        out["due"][:, year], out["deferred_in"][:, year], out["carry_in"][:, year] = new, owed, carried
        if mode == "none":
            paid, left_owed, unpaid = new, np.zeros_like(new), np.zeros_like(new)
        elif mode == "defer":
            paid = np.minimum(owed + new, money)
            left_owed, unpaid = owed + new - paid, np.zeros_like(new)
        else:
            paid = np.where(new <= money, new, 0)
            short = np.flatnonzero(new > money)
            by_measure = _ration(mode, due[short, year], money[short], adjustable, order)
            paid[short] = by_measure.sum(axis=1)
            out["unpaid_by"][short, year] = due[short, year].sum(axis=2) - by_measure
            left_owed, unpaid = np.zeros_like(new), new - paid
        from_carried = np.minimum(paid, carried)
        rest = np.maximum(0, voted - (paid - from_carried))
        out["paid"][:, year], out["deferred_out"][:, year], out["unpaid"][:, year] = paid, left_owed, unpaid
        out["overrun"][:, year] = np.maximum(0, paid - money)
        out["lapsed"][:, year] = carried - from_carried + (0 if carry_over else rest)
        carried = rest if carry_over else np.zeros_like(rest)
        out["carry_out"][:, year] = carried
        owed = left_owed
    return FundYears(**out)
