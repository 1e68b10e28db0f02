"""Limits of awards: caps, total caps, places in a selection."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, assert_never

from pydantic import Field, model_validator

from simkit.base import money
from simkit.base.leaf import Leaf
from simkit.base.said import Said
from simkit.documents.about import AGAIN, WORDS, About
from simkit.documents.models import Frozen, Names, Text, YearsOff
from simkit.documents.validate import Disagreement
from simkit.policy.kinds.said import Fen, NameOf, Percentage, Value

__all__ = ["Cap", "Per", "Selection", "Shared", "TotalCap", "Within", "limit_said"]

Per = Literal["claim", "agency", "measure"]
Within = Literal["claim", "year", "term", "ever"]


class Shared(NamedTuple):
    """Which awards of a measure share a cap's room; it is so that kernels read it.

    Attributes
    ----------
    by_agency, by_year : bool
        Those of one agency; of one earned year. Else all of them.
    in_term : bool
        Only those earned in the policy's term.
    """

    by_agency: bool
    by_year: bool
    in_term: bool


class Cap(Frozen):
    """The most that is paid; `per` and `within` are its scope and part of the cap.

    `amount`, or `share` of an attribute `of` (floored; an attribute of the agency in year `year`).
    """

    per: Per
    within: Within
    amount: Annotated[money.Limit | None, About(name="cap.amount", slider="cap")] = None
    share: Annotated[money.Rate | None, About(name="cap.share", slider="cap_share")] = None
    of: str | None = None
    year: YearsOff = 0

    @model_validator(mode="after")
    def _scope(self) -> Cap:
        if (self.per == "claim") != (self.within == "claim"):
            raise Disagreement(("within", Said("fault.per_claim_together_with_within_claim")))
        _amount_or_share(self)
        return self

    @property
    def scope(self) -> str:
        """Per whom and within what, as the words of a scope are called."""
        return f"{self.per}.{self.within}"

    @property
    def shared(self) -> Shared | None:
        """Which awards share its room; None of a cap that looks at each claim alone."""
        match self.per:
            case "claim":
                return None
            case "agency" | "measure":
                by_agency = self.per == "agency"
            case unknown:
                assert_never(unknown)
        match self.within:
            case "claim":
                return None
            case "year":
                return Shared(by_agency, by_year=True, in_term=False)
            case "term":
                return Shared(by_agency, by_year=False, in_term=True)
            case "ever":
                return Shared(by_agency, by_year=False, in_term=False)
            case unreached:
                assert_never(unreached)


class TotalCap(Frozen):
    """The most that one agency is paid in one earned year over all `measures` together (总量控制).

    `make_up`: what it took may be made up by a later claim on the same matter; else it may not.
    """

    name: Annotated[Text, WORDS]
    clause: Annotated[str, WORDS]
    measures: Names = Field(min_length=1)
    amount: Annotated[money.Limit | None, About(name="total_cap.amount", slider="total")] = None
    share: Annotated[money.Rate | None, About(name="total_cap.share")] = None
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


def limit_said(cap: Cap | TotalCap) -> Value:
    """A limit in words: its amount, or the share of what it is."""
    if cap.share is None or cap.of is None:
        return Fen(cap.amount or 0)
    key = "amount.share" if cap.year == 0 else "amount.share_of_year"
    return Said(key, share=Percentage(cap.share), of=NameOf(cap.of), year=f"{cap.year:+d}")


class Selection(Frozen):
    """Ranked choice (择优): the best first while money (`envelope`) and `places` last, a round a year.

    Either limit may be absent from the text; the scenario then assumes it.
    """

    kind: Annotated[Literal["none", "ranked"], AGAIN] = "none"
    envelope: Annotated[money.Limit | None, About(name="selection.envelope", slider="envelope")] = None
    places: Annotated[
        Annotated[money.Count, Leaf("count", 1, 1_000_000, usual=(1, 1_000))] | None,
        About(name="selection.places", slider="places"),
    ] = None

    @property
    def is_ranked(self) -> bool:
        """Whether claims are held against each other."""
        match self.kind:
            case "none":
                return False
            case "ranked":
                return True
            case unknown:
                assert_never(unknown)
