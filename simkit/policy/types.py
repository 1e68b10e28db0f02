"""Policy, measures, caps, funds, matters, readings: plain frozen data, the schema of `policy.yaml`.

Everything that has an id is a mapping from id to thing, in the order of the file, so that an
overlay names it by a dotted path (`measures.headhunting.caps.yearly.amount`).
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from simkit import money
from simkit.filenames import MOST_LETTERS, is_device
from simkit.leaf import Leaf, Once
from simkit.money import RATE_ONE, Money, Percent, Share, Threshold
from simkit.policy.tree import TreePath
from simkit.policy.validate import Disagreement

__all__ = [
    "Attribute",
    "Award",
    "Band",
    "Bands",
    "ByRule",
    "Cap",
    "Condition",
    "Document",
    "Fixed",
    "Frozen",
    "Fund",
    "Goal",
    "Instalment",
    "Matter",
    "Measure",
    "OfFile",
    "Option",
    "Payers",
    "PerUnit",
    "Policy",
    "Rate",
    "Reading",
    "Reliability",
    "Selection",
    "Source",
    "Step",
    "Term",
    "Text",
    "TextFile",
    "Tier",
    "Tiers",
    "TotalCap",
]

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="lower-case id")]


def _of_file(name: str) -> str:
    if len(name) > MOST_LETTERS:
        raise ValueError(f"a name of at most {MOST_LETTERS} letters")
    if is_device(name):
        raise ValueError("a name that Windows does not keep for a device (con, nul, aux, prn, com1, lpt1)")
    return name


#: Of a name that files and folders are called after, too.
OfFile = AfterValidator(_of_file)
Reliability = Literal["sourced", "comparable", "judgement", "recalled"]
Names = Annotated[tuple[str, ...], Once()]
Day = Annotated[datetime.date, Leaf("day", 1949, 2200)]
Year = Annotated[int, Leaf("year", 1949, 2200)]
#: Years from the earned year at which an attribute of the agency is read.
YearsOff = Annotated[int, Leaf("years", -10, 10)]
Confirmed = Annotated[
    dict[str, Annotated[str, Field(min_length=1)]],
    Field(description="path -> why its unusual value is meant"),
]


class Frozen(BaseModel):
    """Base of all data read from files: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Text(Frozen):
    """Words in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def said(self, language: str) -> str:
        """The words in a language, `zh` or `en`."""
        return self.zh if language == "zh" else self.en


class Source(Frozen):
    """Where a figure that the policy does not give comes from (an assumption)."""

    source: str = Field(min_length=1)
    date: Day
    reliability: Reliability
    note: str = ""


class Term(Frozen):
    """Days on which something is in force, both included; `until` none: no end."""

    since: Day
    until: Day | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Term:
        if self.until is not None and self.until < self.since:
            raise Disagreement(("until", f"until on or after since ({self.since})"))
        return self


class TextFile(Frozen):
    """The policy's text, beside the policy file, and the SHA-256 of its bytes."""

    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Document(Frozen):
    """The document that the policy is."""

    number: str
    title: Text
    issued: Day
    in_force: Term
    text: TextFile
    issuers: Names = ()
    registration: str = ""
    note: Text | None = None


class Fund(Frozen):
    """A purse that pays.

    `special` marks the special fund that the headline is about. `per_district`: one purse in
    each district; the claim's own district pays. `district`: whose purse a single one is.
    """

    name: Text
    department: str
    level: Id
    special: bool = False
    per_district: bool = False
    district: str | None = None


class Attribute(Frozen):
    """Something that a condition, tier or cap reads beside the base: of the claim or of the agency by year.

    `values` (for `unit: category`): the codes are their positions; `labels`: what tables call them.
    """

    of: Literal["claim", "agency"]
    unit: Literal["yuan", "usd", "count", "category", "flag"]
    name: Text
    values: Names = ()
    labels: dict[str, Text] = {}

    @model_validator(mode="after")
    def _values(self) -> Attribute:
        if (self.unit == "category") != bool(self.values):
            raise Disagreement(("values", "values exactly when unit is category"))
        if len(self.values) > 62:
            raise Disagreement(("values", "at most 62 values"))
        if not set(self.labels) <= set(self.values):
            raise Disagreement(("labels", "labels of values that there are"))
        return self


class Condition(Frozen):
    """One test that a claim must pass; exactly one of the tests is given.

    Attributes
    ----------
    of : str
        `base`, or the id of an attribute.
    year : int
        For attributes of the agency: 0 the earned year, -1 the year before, ...
    at_least, more_than, at_most, less_than : threshold with its unit
    one_of, none_of : names of a category
    is_true : bool
        For flags.
    grew_at_least : percentage
        Growth over the year before, in each of the last `years` years up to `year`.
    """

    of: str
    year: YearsOff = 0
    at_least: Threshold | None = None
    more_than: Threshold | None = None
    at_most: Threshold | None = None
    less_than: Threshold | None = None
    one_of: Names | None = None
    none_of: Names | None = None
    is_true: bool | None = None
    grew_at_least: (
        Annotated[Percent, Leaf("growth", 1, 10 * RATE_ONE, usual=(1, RATE_ONE), one=RATE_ONE)] | None
    ) = None
    years: Annotated[int, Leaf("years", 1, 10)] = 1

    @property
    def test(self) -> str:
        """Name of the one test that is given."""
        return next(name for name in _TESTS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        given = [name for name in _TESTS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"exactly one of {', '.join(_TESTS)}")
        if "years" in self.model_fields_set and self.grew_at_least is None:
            raise ValueError("years only beside grew_at_least: nothing else reads it")
        return self


_TESTS = ("at_least", "more_than", "at_most", "less_than", "one_of", "none_of", "is_true", "grew_at_least")


class Rate(Frozen):
    """`rate` x base."""

    kind: Literal["rate"]
    rate: money.Rate


class PerUnit(Frozen):
    """`amount` for each unit of the base, which is a count."""

    kind: Literal["per_unit"]
    amount: Money


class Fixed(Frozen):
    """`amount`, whatever the base."""

    kind: Literal["fixed"]
    amount: Money


class Tier(Frozen):
    """The whole `amount` from the threshold `reached` on."""

    reached: Threshold
    amount: Money


class Tiers(Frozen):
    """The amount of the highest tier reached; `by` names a category attribute with tiers of its own a value.

    `top_up`: the tier is a matter of its own, keyed by agency; steps 1 to 5 give the whole tier
    and the difference to what was paid before is taken in step 6.
    """

    kind: Literal["tiers"]
    on: str = "base"
    tiers: Annotated[tuple[Tier, ...], Once()] = ()
    by: str | None = None
    by_value: dict[str, Annotated[tuple[Tier, ...], Once()]] = {}
    top_up: bool = False

    @model_validator(mode="after")
    def _ascending(self) -> Tiers:
        if not self.tiers and not self.by_value:
            raise ValueError("at least one tier")
        if (self.by is None) != (not self.by_value):
            raise Disagreement(("by" if self.by else "by_value", "by and by_value together"))
        lists: dict[TreePath, tuple[Tier, ...]] = {("tiers",): self.tiers}
        lists |= {("by_value", value): tiers for value, tiers in self.by_value.items()}
        for path, tiers in lists.items():
            points = [tier.reached.value for tier in tiers]
            if points != sorted(set(points)):
                raise Disagreement((path, "tiers in ascending order of reached, each once"))
        return self


class Band(Frozen):
    """The part of the base from `above` to the next band: a `rate` of it, or `amount` per full `per_full`."""

    above: Threshold
    rate: money.Rate | None = None
    per_full: Threshold | None = None
    amount: Money | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Band:
        if (self.rate is None) == (self.per_full is None) or (self.per_full is None) != (self.amount is None):
            raise ValueError("either rate, or per_full with amount")
        if self.per_full is not None and self.per_full.value == 0:
            raise Disagreement(("per_full", "per_full > 0"))
        return self


class Bands(Frozen):
    """Marginal bands (超额累进): each part of the base by its own band; below the first band nothing."""

    kind: Literal["bands"]
    bands: Annotated[tuple[Band, ...], Once()] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> Bands:
        points = [band.above.value for band in self.bands]
        if points != sorted(set(points)):
            raise Disagreement(("bands", "bands in ascending order of above, each once"))
        return self


class Step(Frozen):
    """`amount` for each full `per_full` of the base (每满); the rest pays nothing."""

    kind: Literal["step"]
    per_full: Threshold
    amount: Money

    @model_validator(mode="after")
    def _positive(self) -> Step:
        if self.per_full.value == 0:
            raise Disagreement(("per_full", "per_full > 0"))
        return self


class ByRule(Frozen):
    """The claim's base, in fen: another rule, not in this text, sets the amount (按相关规定)."""

    kind: Literal["by_rule"]


Award = Annotated[Rate | PerUnit | Fixed | Tiers | Bands | Step | ByRule, Field(discriminator="kind")]


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
            raise Disagreement(("within", "per: claim together with within: claim"))
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
        raise ValueError("either amount, or share with of")
    if cap.of is None and "year" in cap.model_fields_set:
        raise ValueError("year only beside share and of: nothing else reads it")


class Selection(Frozen):
    """Ranked choice (择优): the best first while money (`envelope`) and `places` last, a round a year.

    Either limit may be absent from the text; the scenario then assumes it.
    """

    kind: Literal["none", "ranked"] = "none"
    envelope: money.Limit | None = None
    places: Annotated[money.Count, Leaf("count", 1, 1_000_000, usual=(1, 1_000))] | None = None


class Payers(Frozen):
    """Which fund pays which share, in this order; `basis` says where shares come from that the text lacks."""

    shares: dict[str, Share] = Field(min_length=1)
    basis: Source | None = None

    @model_validator(mode="after")
    def _whole(self) -> Payers:
        total = sum(self.shares.values())
        if total != 10_000:
            raise Disagreement(("shares", f"shares that sum to 100%, not {total / 100:g}%"))
        return self


class Instalment(Frozen):
    """A `share` of the award, paid `after_years`; unless all `conditions` hold then, it is forfeited.

    An attribute of the agency is read in the earned year + `after_years` (+ `year`).
    """

    share: Share
    after_years: Annotated[int, Leaf("years", 0, 10)] = 0
    conditions: Annotated[tuple[Condition, ...], Once()] = ()


class Measure(Frozen):
    """One provision of the policy. See design: award, caps, repetition, matters, payers.

    `priced_by` says what gives the amount; only `non_monetary` is zero. A measure without an
    `award` makes no claims and is listed as unpriced unless it is non-monetary or a programme.
    """

    name: Text
    clause: str = Field(min_length=1)
    quote: Names = Field(min_length=1)
    departments: Names = ()
    beneficiary: Literal["agency", "park", "building", "district", "city", "public_body", "association"] = (
        "agency"
    )
    priced_by: Literal["text", "text_ceiling", "by_rule", "programme", "unpriced", "non_monetary"]
    rigidity: Literal["entitlement", "adjustable"] | None = None
    modelled: Text
    award: Award | None = None
    base_unit: Literal["yuan", "usd", "count"] = "yuan"
    conditions: dict[Id, Condition] = {}
    first_time: bool = False
    repeat: Literal["always", "yearly", "once", "once_per_key"] = "always"
    caps: dict[Id, Cap] = {}
    selection: Selection = Selection()
    payers: Payers | None = None
    instalments: Annotated[tuple[Instalment, ...], Once()] = (Instalment(share="100%"),)  # type: ignore[arg-type]  # read as a file would be
    lag_days: Annotated[int, Leaf("days", 0, 3_650)] = 0
    status: Literal["in_force", "suspended", "removed"] = "in_force"
    status_note: str = ""
    in_force: Term | None = None
    outside: bool = False
    level: Id | None = None

    @model_validator(mode="after")
    def _whole(self) -> Measure:
        years = [instalment.after_years for instalment in self.instalments]
        awards = self.award is not None
        no_award = self.priced_by in ("unpriced", "non_monetary")
        must_award = self.priced_by in ("text", "text_ceiling")
        rigidity = "rigidity (entitlement or adjustable) for a measure with an award"
        total = sum(one.share for one in self.instalments)
        wrong = {
            ("instalments", "instalments whose shares sum to 100%"): total != 10_000,
            ("instalments", "instalments in order of after_years"): years != sorted(years),
            ("award", f"no award when priced_by is {self.priced_by}"): awards and no_award,
            ("award", f"an award when priced_by is {self.priced_by}"): not awards and must_award,
            ("payers", "payers for a measure with an award"): awards and not (self.payers or self.outside),
            ("rigidity", rigidity): awards and self.rigidity is None,
        }
        if any(wrong.values()):
            raise Disagreement(*(words for words, is_so in wrong.items() if is_so))
        return self

    @property
    def live(self) -> bool:
        """Whether it can make claims now."""
        return self.award is not None and self.status == "in_force"


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

    name: Text
    clause: str
    why: Text
    members: Names = Field(min_length=1)
    key: Annotated[tuple[Literal["agency", "year", "matter"], ...], Once()] = Field(min_length=1)
    levels: Names = ()
    departments: Names = ()
    years: Literal["ever", "same_year"] = "ever"
    mode: Literal["inclusive", "additive"] = "inclusive"
    payer: Literal["sequential", "settlement"] = "sequential"


class Option(Frozen):
    """One way to read a clause: what it changes (path -> value; empty: the text as encoded)."""

    label: Text
    overlay: dict[str, Any] = {}


class Reading(Frozen):
    """An ambiguous clause: the question, each reading, the default and why."""

    clause: str
    quote: Names = Field(min_length=1)
    question: Text
    options: dict[Id, Option] = Field(min_length=2)
    default: Id
    why: Text

    @model_validator(mode="after")
    def _default_exists(self) -> Reading:
        if self.default not in self.options:
            raise Disagreement(("default", f"a default among {', '.join(self.options)}"))
        return self


class Goal(Frozen):
    """A target of the policy's part 二, for the performance annex."""

    clause: str
    quote: str
    name: Text
    value: Annotated[float, Leaf("goal", 0, 1e12)]
    unit: str
    by: Year | None = None


class Policy(Frozen):
    """The policy as data: `scenarios/POLICY/policy.yaml`."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$"), OfFile]
    document: Document
    funds: dict[Id, Fund] = Field(min_length=1)
    districts: Names = ()
    attributes: dict[Id, Attribute] = {}
    measures: dict[Id, Measure] = Field(min_length=1)
    matters: dict[Id, Matter] = {}
    total_caps: dict[Id, TotalCap] = {}
    readings: dict[Id, Reading] = {}
    goals: dict[Id, Goal] = {}
    clauses: dict[str, Text] = {}
    confirmed: Confirmed = {}
