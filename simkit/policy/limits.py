"""Limits of awards: caps, total caps, places in a selection."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from simkit.base import money
from simkit.base.leaf import Leaf
from simkit.base.said import Said
from simkit.documents.models import Frozen, Names, Text, YearsOff
from simkit.documents.validate import Disagreement

__all__ = ["Cap", "Selection", "TotalCap"]


class Cap(Frozen):
    """The most that is paid; `per` and `within` are its scope and part of the cap.

    `amount`, or `share` of an attribute `of` (floored; an attribute of the agency in year `year`).
    """

    per: Literal["claim", "agency", "measure"]
    within: Literal["claim", "year", "term", "ever"]
    amount: money.Limit | None = None
    share: money.Rate | None = None
    of: str | None = None
    year: YearsOff = 0

    @model_validator(mode="after")
    def _scope(self) -> Cap:
        if (self.per == "claim") != (self.within == "claim"):
            raise Disagreement(("within", Said("fault.per_claim_together_with_within_claim")))
        _amount_or_share(self)
        return self


class TotalCap(Frozen):
    """The most that one agency is paid in one earned year over all `measures` together (总量控制).

    `make_up`: what it took may be made up by a later claim on the same matter; else it may not.
    """

    name: Text
    clause: str
    measures: Names = Field(min_length=1)
    amount: money.Limit | None = None
    share: money.Rate | None = None
    of: str | None = None
    year: YearsOff = 0
    make_up: bool = False

    @model_validator(mode="after")
    def _scope(self) -> TotalCap:
        _amount_or_share(self)
        return self


def _amount_or_share(cap: Cap | TotalCap) -> None:
    if (cap.amount is None) == (cap.share is None) or (cap.share is None) != (cap.of is None):
        raise ValueError(Said("fault.either_amount_share_with"))
    if cap.of is None and "year" in cap.model_fields_set:
        raise ValueError(Said("fault.year_only_beside_share_nothing_else"))


class Selection(Frozen):
    """Ranked choice (择优): the best first while money (`envelope`) and `places` last, a round a year.

    Either limit may be absent from the text; the scenario then assumes it.
    """

    kind: Literal["none", "ranked"] = "none"
    envelope: money.Limit | None = None
    places: Annotated[money.Count, Leaf("count", 1, 1_000_000, usual=(1, 1_000))] | None = None
