"""Each part of the base by its own band (超额累进)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from simkit.base import money
from simkit.base.leaf import Once
from simkit.base.money import LARGEST_FEN, Money, Threshold
from simkit.base.said import Said, joined
from simkit.documents.about import About
from simkit.documents.ascending import check_ascending
from simkit.documents.models import Frozen
from simkit.policy.kinds.kind import AwardKind, Flat, Read, largest_of_rate, largest_of_steps
from simkit.policy.kinds.said import Percentage, Value
from simkit.policy.kinds.step import check_step, step_said

__all__ = ["Band", "Bands"]

#: Where the last band ends.
_NO_END = 2**62


class Band(Frozen):
    """The part of the base from `above` to the next band: a `rate` of it, or `amount` per full `per_full`."""

    above: Annotated[Threshold, About(name="award.band_above")]
    rate: Annotated[money.Rate | None, About(name="award.band_rate", slider="band")] = None
    per_full: Annotated[Threshold | None, About(name="award.band_per_full")] = None
    amount: Annotated[Money | None, About(name="award.band_amount", slider="band")] = None

    @model_validator(mode="after")
    def _one_way(self) -> Band:
        if (self.rate is None) == (self.per_full is None) or (self.per_full is None) != (self.amount is None):
            raise ValueError(Said("fault.either_rate_per_full_with_amount"))
        check_step(self.per_full)
        return self

    def largest_part(self) -> int:
        """The largest part of a base that it can pay for."""
        if self.rate is not None:
            return largest_of_rate(self.rate)
        if self.per_full is None or self.amount is None:
            return LARGEST_FEN
        return largest_of_steps(self.per_full.value, self.amount)

    def row(self, end: int) -> tuple[int, int, int, int, int]:
        """As the kernels read it."""
        per_full = self.per_full.value if self.per_full else 0
        return self.above.value, end, self.rate or 0, per_full, self.amount or 0

    def said(self) -> Said:
        """What it pays, in words."""
        paid: Value = Percentage(self.rate or 0)
        if self.per_full is not None and self.amount is not None:
            paid = step_said(self.per_full, self.amount)
        return Said("rule.band", above=self.above, paid=paid)


class Bands(AwardKind):
    """Marginal bands (超额累进): each part of the base by its own band; below the first band nothing."""

    kind: Literal["bands"]
    bands: Annotated[tuple[Band, ...], Once()] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> Bands:
        points = [band.above.value for band in self.bands]
        check_ascending("bands", points, Said("fault.bands_ascending_order_above_each_once"))
        return self

    def flat(self) -> Flat:
        ends = [*(band.above.value for band in self.bands[1:]), _NO_END]
        return Flat(bands=[band.row(end) for band, end in zip(self.bands, ends, strict=True)])

    def said(self) -> Said:
        return Said("rule.bands", bands=joined([band.said() for band in self.bands]))

    def reads(self) -> Iterator[Read]:
        points, rates = [], []
        for place, band in enumerate(self.bands):
            points.append((("bands", place, "above"), band.above))
            if band.per_full is None:
                rates.append(("bands", place, "rate"))
            else:
                points.append((("bands", place, "per_full"), band.per_full))
        yield Read("", "base", points=points, rates=rates)

    def largest_base(self) -> int:
        return min(LARGEST_FEN, *(band.largest_part() // len(self.bands) for band in self.bands))
