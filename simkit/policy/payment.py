"""Who pays and when: funds, shares of levels, instalments."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from simkit.base.leaf import Leaf, Once
from simkit.base.money import Share
from simkit.base.said import Said
from simkit.documents.about import WORDS, About
from simkit.documents.models import Frozen, Id, Text
from simkit.documents.validate import Disagreement
from simkit.policy.conditions import Condition
from simkit.policy.document import Source

__all__ = ["Fund", "Instalment", "Payers", "Rationing", "WhenShort"]

#: How a fund whose money is short divides it; what is not paid then never is.
Rationing = Literal["pro_rata", "pro_rata_adjustable", "priority", "first_come"]
#: What happens when a fund's money is short: all is paid all the same, it is divided, or the rest waits.
WhenShort = Literal["none", Rationing, "defer"]


class Fund(Frozen):
    """A purse that pays.

    `special` marks the special fund that the headline is about. `per_district`: one purse in
    each district; the claim's own district pays. `district`: whose purse a single one is.
    """

    name: Annotated[Text, WORDS]
    department: str
    level: Id
    special: bool = False
    per_district: bool = False
    district: Annotated[str | None, WORDS] = None


class Payers(Frozen):
    """Which fund pays which share, in this order; `basis` says where shares come from that the text lacks."""

    shares: Annotated[dict[str, Share], About(name="payers.share", at="*")] = Field(min_length=1)
    basis: Source | None = None

    @model_validator(mode="after")
    def _whole(self) -> Payers:
        total = sum(self.shares.values())
        if total != 10_000:
            raise Disagreement(("shares", Said("fault.shares_sum_100_not", total=f"{total / 100:g}")))
        return self


class Instalment(Frozen):
    """A `share` of the award, paid `after_years`; unless all `conditions` hold then, it is forfeited.

    An attribute of the agency is read in the earned year + `after_years` (+ `year`).
    """

    share: Annotated[Share, About(name="instalment.share")]
    after_years: Annotated[int, Leaf("years", 0, 10)] = 0
    conditions: Annotated[tuple[Condition, ...], Once(), About(nameless=True)] = ()
