"""Two samples of the same luck, before a change and after it, as figures with their errors."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from simkit.base.arrays import FenArray
from simkit.sizing.compare import paired, quantile_shift
from simkit.sizing.estimate import attempt, told
from simkit.sizing.quantiles import mean, quantile
from simkit.whatif.comparison import Headline, Line

__all__ = ["Certain", "headline_between", "line_between"]


class Certain(NamedTuple):
    """Whether the rules leave no chance of money before a change, after it, and of a difference."""

    before: bool = False
    after: bool = False
    difference: bool = False


def headline_between(
    before: FenArray, after: FenArray, level: float, *, certain: bool = False
) -> Headline | None:
    """The quantiles of two samples of the same luck; None where too few draws carry them.

    `certain`: whether the change cannot move the money by the rules.
    """
    old, new = attempt(partial(quantile, before, level)), attempt(partial(quantile, after, level))
    gap = attempt(partial(quantile_shift, before, after, level, certain=certain))
    if gap.refusal is not None:
        return None
    return Headline(
        before=old.value,
        before_low=old.low,
        before_high=old.high,
        after=new.value,
        after_low=new.low,
        after_high=new.high,
        difference=gap.value,
        difference_error=gap.error,
        low=told(gap.low),
        high=told(gap.high),
    )


def line_between(
    by: str,
    key: str,
    year: int | None,
    before: FenArray,
    after: FenArray,
    *,
    certain: Certain = Certain(),  # noqa: B008  # immutable
) -> Line:
    """Two samples of the same luck as a line."""
    old = attempt(partial(mean, before, certain=certain.before))
    new = attempt(partial(mean, after, certain=certain.after))
    gap = paired(before, after, certain=certain.difference)
    figures = {"before": old, "after": new, "difference": gap.difference}
    return Line(
        by=by,
        key=key,
        year=year,
        before=float(before.mean()),
        before_error=old.error,
        after=float(after.mean()),
        after_error=new.error,
        difference=float((after - before).mean()),
        difference_error=gap.difference.error,
        low=told(gap.difference.low),
        high=told(gap.difference.high),
        costs_more=gap.costs_more.value,
        costs_less=gap.costs_less.value,
        distinct=gap.distinct,
        needs=gap.needs,
        variance_ratio=gap.variance_ratio,
        refused=tuple(name for name, one in figures.items() if one.refusal is not None),
    )
