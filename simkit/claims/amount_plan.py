"""What a scenario assumes about the amounts of claims: their bases and attributes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from simkit.base.leaf import Leaf, Once
from simkit.base.said import Said
from simkit.claims.assumed import Growing, Probability, Size
from simkit.distributions.base import Amount, Given
from simkit.distributions.severity import Severity
from simkit.documents.about import About
from simkit.documents.ascending import check_ascending
from simkit.documents.models import Frozen, Year
from simkit.documents.validate import Disagreement

__all__ = ["AttributePlan", "BandPlan", "BasePlan", "Weights"]

Weights = dict[str, Annotated[float, Leaf("weight", 0, 1e6)]]
Law = Annotated[Severity, Leaf("size", 0, 1e150)]


class BandPlan(Frozen):
    """A progressive rate from `above` on (such as income tax)."""

    above: Amount
    rate: Annotated[Given, Leaf("share", 0, 1)]


class AttributePlan(Frozen):
    """How an attribute of a claim is drawn; exactly one way.

    Attributes
    ----------
    variable : str
        One of the base's variables, as it is.
    bands : tuple of BandPlan, with `of` and `minus`
        Progressive tax on variable `of`, less `minus`.
    law : law
        A law of its own, drawn for each claim.
    weights : dict of category to weight
    chance : Assumed
        For flags.
    key : bool
        The repetition key itself: its names are the category's.
    """

    variable: str | None = None
    bands: Annotated[tuple[BandPlan, ...], Field(min_length=1), Once()] | None = None
    of: str | None = None
    minus: Amount | None = None
    law: Law | None = None
    weights: Weights | None = None
    chance: Probability | None = None
    key: Literal[True] | None = None
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> AttributePlan:
        ways = [self.variable, self.bands, self.law, self.weights, self.chance, self.key]
        if sum(way is not None for way in ways) != 1:
            raise ValueError(Said("fault.exactly_one_variable_bands_law_weights"))
        if (self.bands is not None) != (self.of is not None):
            raise Disagreement(("of" if self.of else "bands", Said("fault.of_together_with_bands")))
        if self.minus is not None and self.bands is None:
            raise Disagreement(("minus", Said("fault.minus_only_beside_bands_nothing_else")))
        points = [band.above.value for band in self.bands or ()]
        check_ascending("bands", points, Said("fault.bands_ascending_order_above_each_once"))
        if self.weights is not None and sum(self.weights.values()) <= 0:
            raise Disagreement(("weights", Said("fault.weights_with_sum_above_0")))
        return self

    @property
    def way(self) -> str:
        """Name of the way that is given."""
        names = ("variable", "bands", "law", "weights", "chance", "key")
        return next(name for name in names if getattr(self, name) is not None)


class BasePlan(Frozen):
    """The base of one claim: scale x product of the variables x (1 + growth) ** (year - of_year).

    Attributes
    ----------
    unit : 元, 美元 or 人 as `yuan`, `usd`, `count`
    scale : Assumed
        Drawn once a draw: what nobody knows about all claims together.
    variables : dict of name to law
        Drawn for each claim: how cases differ. The first grows with the index.
    growth : Assumed
        Yearly growth of prices or pay.
    of_year : int
        Year in whose prices the figures are.
    """

    unit: Literal["yuan", "usd", "count"]
    scale: Annotated[Size | None, About(name="claims.scale")] = None
    variables: Annotated[dict[str, Law], About(name="claims.variable", at="*")] = {}
    growth: Annotated[Growing | None, About(name="claims.growth")] = None
    of_year: Year | None = None
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> BasePlan:
        if self.scale is None and not self.variables:
            raise ValueError(Said("fault.scale_or_variables"))
        if (self.growth is None) != (self.of_year is None):
            raise Disagreement(
                ("growth" if self.growth else "of_year", Said("fault.growth_together_with_year"))
            )
        if self.variables and not self.source:
            raise Disagreement(("source", Said("fault.source_id_scenario_sources_for_variables")))
        return self
