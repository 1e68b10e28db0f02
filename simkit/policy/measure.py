"""Measures, and the matters that are paid for only once."""

from __future__ import annotations

from typing import Annotated, Literal, assert_never

from pydantic import Field, model_validator

from simkit.base.leaf import Leaf, Once
from simkit.base.said import Said
from simkit.documents.about import AGAIN, BUDGET, CARRIED, SHORTER, WORDS, About
from simkit.documents.models import Frozen, Id, Names, Text
from simkit.documents.validate import Disagreement
from simkit.policy.conditions import Condition
from simkit.policy.document import Term
from simkit.policy.kinds.award import Award
from simkit.policy.limits import Cap, Selection
from simkit.policy.payment import Instalment, Payers
from simkit.policy.repetition import Repeat, Repetition, repetition_of

__all__ = ["Matter", "Measure", "Status"]

Status = Literal["in_force", "suspended", "removed"]


class Measure(Frozen):
    """One provision of the policy. See design: award, caps, repetition, matters, payers.

    `priced_by` says what gives the amount; only `non_monetary` is zero. A measure without an
    `award` makes no claims and is listed as unpriced unless it is non-monetary or a programme.
    """

    name: Annotated[Text, WORDS]
    clause: Annotated[str, WORDS] = Field(min_length=1)
    quote: Annotated[Names, WORDS] = Field(min_length=1)
    departments: Names = ()
    beneficiary: Literal["agency", "park", "building", "district", "city", "public_body", "association"] = (
        "agency"
    )
    priced_by: Annotated[
        Literal["text", "text_ceiling", "by_rule", "programme", "unpriced", "non_monetary"], WORDS
    ]
    rigidity: Annotated[Literal["entitlement", "adjustable"] | None, BUDGET] = None
    modelled: Annotated[Text, WORDS]
    award: Annotated[Award | None, CARRIED] = None
    base_unit: Annotated[Literal["yuan", "usd", "count"], AGAIN] = "yuan"
    conditions: Annotated[dict[Id, Condition], CARRIED] = {}
    first_time: Annotated[bool, AGAIN] = False
    repeat: Repeat = "always"
    caps: Annotated[dict[Id, Cap], CARRIED] = {}
    selection: Selection = Selection()
    payers: Payers | None = None
    instalments: Annotated[tuple[Instalment, ...], Once(), CARRIED] = (Instalment(share="100%"),)  # type: ignore[arg-type]  # read as a file would be
    lag_days: Annotated[int, Leaf("days", 0, 3_650), About(name="lag_days")] = 0
    status: Annotated[Status, SHORTER, About(name="status")] = "in_force"
    status_note: Annotated[str, WORDS] = ""
    in_force: Annotated[Term | None, SHORTER] = None
    outside: Annotated[bool, AGAIN] = False
    level: Id | None = None

    @model_validator(mode="after")
    def _whole(self) -> Measure:
        years = [instalment.after_years for instalment in self.instalments]
        awards = self.award is not None
        no_award = self.priced_by in ("unpriced", "non_monetary")
        must_award = self.priced_by in ("text", "text_ceiling")
        rigidity = Said("fault.rigidity_entitlement_adjustable_for_measure_with")
        total = sum(one.share for one in self.instalments)
        wrong = {
            ("instalments", Said("fault.instalments_whose_shares_sum_100")): total != 10_000,
            ("instalments", Said("fault.instalments_order_after_years")): years != sorted(years),
            ("award", Said("fault.no_award_when_priced_by", priced_by=self.priced_by)): awards and no_award,
            ("award", Said("fault.award_when_priced_by", priced_by=self.priced_by)): not awards
            and must_award,
            ("payers", Said("fault.payers_for_measure_with_award")): awards
            and not (self.payers or self.outside),
            ("rigidity", rigidity): awards and self.rigidity is None,
        }
        if any(wrong.values()):
            raise Disagreement(*(words for words, is_so in wrong.items() if is_so))
        return self

    @property
    def live(self) -> bool:
        """Whether it can make claims now."""
        return self.award is not None and self.status == "in_force"

    @property
    def repetition(self) -> Repetition:
        """When an award lets no more follow."""
        return repetition_of(self.repeat)

    @property
    def is_own_matter(self) -> bool:
        """Whether what it paid before is taken off a claim: tiers that are topped up."""
        return self.award is not None and self.award.is_own_matter()


class Matter(Frozen):
    """Measures that pay for the same matter (同一事项), under 就高、补差、不重复.

    Attributes
    ----------
    members : ids of measures
        A measure belongs to one matter at most.
    key : tuple of `agency`, `year`, `matter`
        What makes it the same: the agency, the earned year, the claim's own matter number
        (a project, contract, person, title, export).
    levels, departments : tuple of str
        Whose awards are in scope; empty: all. A member out of scope is not topped up and not counted.
    years : `ever` or `same_year`
    mode : `inclusive` or `additive`
        Additive: what other levels paid is left out.
    payer : `sequential` or `settlement`
        Whose purse a year's money on the matter is booked to: that of each measure as it paid, or at year end
        all to the measure with the highest entitlement. Who is booked moves no amount: room in a cap counts
        what was awarded under its measure, whoever pays, since a cap limits a provision and not a purse.
    """

    name: Annotated[Text, WORDS]
    clause: Annotated[str, WORDS]
    why: Annotated[Text, WORDS]
    members: Annotated[Names, CARRIED] = Field(min_length=1)
    key: Annotated[tuple[Literal["agency", "year", "matter"], ...], Once()] = Field(min_length=1)
    levels: Names = ()
    departments: Names = ()
    years: Literal["ever", "same_year"] = "ever"
    mode: Literal["inclusive", "additive"] = "inclusive"
    payer: Literal["sequential", "settlement"] = "sequential"

    @property
    def by_year(self) -> bool:
        """Whether only what was earned in the same year is the same matter."""
        return "year" in self.key or self.years == "same_year"

    @property
    def is_settled(self) -> bool:
        """Whether a year's money on the matter is booked when the year is over, whoever paid."""
        match self.payer:
            case "sequential":
                return False
            case "settlement":
                return True
            case unknown:
                assert_never(unknown)
