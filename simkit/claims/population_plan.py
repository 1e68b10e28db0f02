"""What a scenario assumes of the population: growth, statuses, districts, numbers of an agency."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from simkit.base.leaf import Leaf
from simkit.base.said import Said
from simkit.claims import assumed
from simkit.claims.assumed import Assumed, Growing, Loading, Part, Sd, Turnover
from simkit.documents.about import About
from simkit.documents.models import Frozen, Year
from simkit.documents.validate import Disagreement

__all__ = ["Growth", "Number", "PopulationPlan", "Status"]

Weights = dict[str, Annotated[float, Leaf("weight", 0, 1e6)]]
Entry = Annotated[Assumed, Leaf("turnover", 0, 5, usual=(0, 0.5))]
#: A number of agencies that a plan is aimed at.
Aim = Annotated[float, Leaf("count", 1, 1e7, usual=(1, 1e5))]


class Status(Frozen):
    """Something an agency is or becomes: above scale, high-tech, listed, an exporter.

    Attributes
    ----------
    share : Assumed
        Of the agencies at the start. In [0, 1).
    rate : Assumed
        Chance a year that an agency without it becomes so. In [0, 1).
    lines : dict of line to weight
        Relative chance by line of business, both for share and rate; empty: all alike.
    loading : Assumed, optional
        Loading of the common factor on the rate.
    """

    share: Annotated[Assumed, Leaf("share", 0, 0.99), About(name="status.share")]
    rate: Annotated[Turnover, About(name="status.rate")]
    lines: Weights = {}
    loading: Loading | None = None


class Number(Frozen):
    """A number of each agency by year (revenue, local contribution): a law at the start, growth, yearly noise."""

    value: assumed.Size
    growth: Growing | None = None
    noise_cv: Annotated[float, Leaf("cv", 0, 5, usual=(0, 3))] = 0.0


class Target(Frozen):
    """A number of agencies to be met in expectation at the end of a year."""

    year: Annotated[Year, About(name="target.year")]
    agencies: Annotated[Aim, About(name="target.agencies")]


class Growth(Frozen):
    """How the number of agencies moves.

    `target`: one factor on the entry rates of the years up to the target's makes the expectation meet
    it, afterwards the trend; `trend`: the rates as they are; `path`: a factor each year of the path.
    `by_year` rates stand in for `entry_rate` in their year. `entries` come besides, whatever the number.
    """

    mode: Literal["target", "trend", "path"]
    start_year: Year
    start: Annotated[assumed.Number, About(name="growth.start")]
    target: Target | None = None
    entry_rate: Annotated[Entry, About(name="growth.entry_rate")]
    entry_by_year: Annotated[dict[Year, Entry], About(name="growth.entry_by_year", at="*")] = {}
    exit_rate: Annotated[Turnover, About(name="growth.exit_rate")]
    exit_by_year: Annotated[dict[Year, Turnover], About(name="growth.exit_by_year", at="*")] = {}
    entries: Annotated[dict[Year, assumed.Number], About(name="growth.entries", at="*")] = {}
    shock_sd: Annotated[Sd | None, About(name="growth.shock_sd")] = None
    path: Annotated[dict[Year, Aim], About(name="growth.path", at="*")] = {}

    @model_validator(mode="after")
    def _aimed(self) -> Growth:
        if (self.mode == "target") != (self.target is not None):
            raise Disagreement(("target", Said("fault.target_exactly_when_mode_target")))
        if (self.mode == "path") != bool(self.path):
            raise Disagreement(("path", Said("fault.path_exactly_when_mode_path")))
        aimed = [self.target.year] if self.target else list(self.path)
        if any(year <= self.start_year for year in aimed):
            field = "target" if self.target else "path"
            raise Disagreement((field, Said("fault.years_target_path_after_start_year")))
        return self


class PopulationPlan(Frozen):
    """Who exists: synthetic from shares, or from a roster.

    Attributes
    ----------
    lines : dict of line of business to Assumed
        Shares of the agencies; they sum to 1.
    eligible : Assumed
        Share of agencies that qualify (licence, own legal person, not a public body or branch).
    districts : dict of district to Assumed
        Shares; they sum to 1.
    others : dict of beneficiary to Assumed
        Number of parks, buildings, ... in every year.
    size : str, optional
        The status that parts agencies by size where tables do.
    """

    growth: Growth
    eligible: Annotated[Part, About(name="eligible")]
    lines: Annotated[dict[str, Part], About(name="line", at="*")] = Field(min_length=1)
    districts: Annotated[dict[str, Part], About(name="district", at="*")] = {}
    statuses: dict[str, Status] = {}
    numbers: dict[str, Number] = {}
    others: Annotated[dict[str, assumed.Number], About(name="others", at="*")] = {}
    roster: str | None = None
    size: str | None = None

    @model_validator(mode="after")
    def _known_size(self) -> PopulationPlan:
        if self.size is not None and self.size not in self.statuses:
            known = ", ".join(self.statuses) or Said("fault.none")
            raise Disagreement(("size", Said("fault.status_population", statuses=known)))
        return self
