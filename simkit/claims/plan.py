"""What a scenario assumes about claims: who claims, how often, when."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from simkit.base.leaf import Leaf, Once
from simkit.base.said import Said
from simkit.claims.amount_plan import AttributePlan, BasePlan, Weights
from simkit.claims.assumed import Assumed, Loading, Probability, Sd
from simkit.documents.about import About
from simkit.documents.models import Frozen, Year
from simkit.documents.validate import Disagreement

__all__ = [
    "Calendar",
    "ClaimPlan",
    "Companion",
    "FactorPlan",
    "day_in",
]


def _of_a_year(text: str) -> str:
    try:
        datetime.date(2024, int(text[:2]), int(text[3:]))  # a leap year: 02-29 is a day
    except ValueError as error:
        raise ValueError(Said("fault.days_year_mm_dd")) from error
    return text


MonthDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$"), AfterValidator(_of_a_year)]
Days = Annotated[int, Leaf("days", 0, 3_650)]
#: How many times as often as elsewhere.
Times = dict[str, Annotated[float, Leaf("weight", 0, 100, usual=(0, 10))]]
TakeUp = Annotated[Assumed, Leaf("take_up", 0, 1)]


def day_in(year: int, text: str) -> datetime.date:
    """A day of the year as MM-DD; 02-29 is the last of February in other years."""
    month, day = int(text[:2]), int(text[3:])
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return datetime.date(year, month + 1, 1) - datetime.timedelta(days=1)


class Calendar(Frozen):
    """When claims are filed and decided.

    Attributes
    ----------
    filing_days : (int, int)
        Days from the last condition met to filing, even between the two.
    review_days : int
        Least number of days from filing to decision.
    rounds : tuple of MM-DD
        Days of the year on which is decided; the first that comes.
    """

    filing_days: tuple[Days, Days]
    review_days: Days
    rounds: Annotated[tuple[MonthDay, ...], Field(min_length=1), Once()]
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Calendar:
        if self.filing_days[0] > self.filing_days[1]:
            raise Disagreement(("filing_days", Said("fault.filing_days_least_most")))
        return self


class Companion(Frozen):
    """Claims under another policy that come with claims of a measure: what others pay on the same matter.

    `days`: their decision comes so many days after the earned day (negative: before).
    """

    of: str
    chance: Annotated[Probability, About(name="claims.companion_chance")]
    days: Annotated[int, Leaf("days", -3_650, 3_650, usual=(0, 1_095))] = 0


class ClaimPlan(Frozen):
    """How claims of one measure arise.

    Attributes
    ----------
    among : beneficiary
        `agency`, or a beneficiary of the population's `others` (`park`, `building`, `city`, ...).
    lines : dict of line to weight
        Intensity of each line of business relative to `intensity`; others have none; empty: all 1.
    holders : str
        Only agencies that hold this status when the condition is met.
    transition : str
        The claims are the transitions to this status; no intensity.
    frequency : str
        `event`: at most one a year, chance 1 - exp(-intensity); `poisson`; `negative_binomial` (spread:
        squared cv between agencies); `binomial` (spread: trials); `fixed`: the whole number nearest.
    intensity : Assumed
        Mean number a year of exposure of one agency (or park, ...).
    take_up : Assumed
        Share of those entitled who file. In [0, ceiling].
    ceiling : float
        Potential claims are drawn up to this take-up; no overlay may go above it.
    take_up_factor : float
        On the take-up, which goes no higher than the ceiling.
    elasticity : Assumed, optional
        How the take-up answers generosity, in what-ifs alone: it is multiplied by (mean award of a claim after
        the change / before) ** elasticity. A number; 0 where none is assumed.
    ramp : dict of year to factor
        On the take-up; later years as the last.
    mark : `agency_year`, `claim` or `agency`
        What files or does not: all claims of an agency and year, each claim, or the agency for ever.
    loading : Assumed
        Loading w of the common factor: intensity x (1 + w (F - 1)).
    base, attributes : how much
    keys : dict of name to weight
        Which list, standard, ...: the repetition key.
    already : Assumed
        Share of the agencies of the start that had their first event (of each key) before.
    day : MM-DD
        Earned on this day of the year, else on any.
    calendar : Calendar, optional
        Else the scenario's.
    district : str
        All claims are of this district; else of the agency's own.
    heads_elsewhere : Assumed
        Share of an aggregate base that also appears in person-level claims of other measures.
    remove_elsewhere : bool
        Whether that share is taken off the base (one person, one matter).
    """

    among: str = "agency"
    lines: Times = {}
    holders: str | None = None
    transition: str | None = None
    frequency: Literal["event", "poisson", "negative_binomial", "binomial", "fixed"] = "event"
    spread: Annotated[float, Leaf("spread", 0, 1e4)] = 0.0
    intensity: Annotated[
        Annotated[Assumed, Leaf("intensity", 0, 1_000, usual=(0, 10))] | None, About(name="claims.intensity")
    ] = None
    take_up: Annotated[TakeUp | None, About(name="claims.take_up")] = None
    ceiling: Annotated[float, Leaf("take_up", 0.0001, 1)] = 1.0
    take_up_factor: Annotated[float, Leaf("factor", 0, 100, usual=(0, 3))] = 1.0
    elasticity: Annotated[Assumed, Leaf("elasticity", 0, 10, usual=(0, 5))] | None = None
    ramp: Annotated[
        dict[Year, Annotated[float, Leaf("factor", 0, 1)]], About(name="claims.ramp", at="*")
    ] = {}
    mark: Literal["agency_year", "claim", "agency"] = "agency_year"
    base: BasePlan
    attributes: dict[str, AttributePlan] = {}
    keys: Weights = {}
    already: Annotated[Probability | None, About(name="claims.already")] = None
    day: MonthDay | None = None
    calendar: Calendar | None = None
    district: str | None = None
    heads_elsewhere: Annotated[Probability | None, About(name="claims.heads_elsewhere")] = None
    remove_elsewhere: bool = False
    companion: Companion | None = None
    loading: Annotated[Loading | None, About(name="claims.loading")] = None
    note: str = ""

    @model_validator(mode="after")
    def _one_origin(self) -> ClaimPlan:
        origins = [self.intensity, self.transition, self.companion]
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError(Said("fault.exactly_one_intensity_transition_companion"))
        if (self.frequency in ("negative_binomial", "binomial")) != (self.spread > 0):
            words = Said("fault.spread_above_0_exactly_for_negative")
            raise Disagreement(("spread", words))
        if self.frequency == "binomial" and self.spread != int(self.spread):
            words = Said("fault.spread_whole_number_trials_since_frequency")
            raise Disagreement(("spread", words))
        if self.elasticity is not None and self.elasticity.value.var() > 0:
            raise Disagreement(("elasticity", Said("fault.elasticity_number_not_distribution")))
        if len(self.keys) > 60:
            raise Disagreement(("keys", Said("fault.at_most_60_keys")))
        return self

    @property
    def origin(self) -> Literal["lines", "transition", "companion", "holders", "others"]:
        """What the claims come from."""
        if self.transition is not None:
            return "transition"
        if self.companion is not None:
            return "companion"
        if self.holders is not None:
            return "holders"
        return "lines" if self.among == "agency" else "others"

    def ramp_in(self, year: int) -> float:
        """Factor of a year on the take-up; years after the last as the last, before the first as the first."""
        if not self.ramp:
            return 1.0
        known = [one for one in self.ramp if one <= year]
        return self.ramp[max(known)] if known else self.ramp[min(self.ramp)]


class FactorPlan(Frozen):
    """What all measures share in a draw: gamma factor with mean 1 and this cv; yearly activity shocks.

    `cv` 0: independence. `loading`: of measures that name none. `activity_sd`: yearly lognormal shock with
    mean 1 on all intensities, apart from the factor.
    """

    cv: Annotated[Assumed, Leaf("cv", 0, 10, usual=(0, 3)), About(name="factor.cv")]
    loading: Annotated[Loading, About(name="factor.loading")]
    activity_sd: Annotated[Sd | None, About(name="factor.activity_sd")] = None
