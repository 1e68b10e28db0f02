"""Attributes of agencies and claims, and the conditions that are put on them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from simkit.base.leaf import Leaf
from simkit.base.money import RATE_ONE, Percent, Threshold
from simkit.base.said import Said
from simkit.documents.models import Frozen, Names, Text, YearsOff
from simkit.documents.validate import Disagreement

__all__ = ["Attribute", "Condition"]


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
            raise Disagreement(("values", Said("fault.values_exactly_when_unit_category")))
        if len(self.values) > 62:
            raise Disagreement(("values", Said("fault.at_most_62_values")))
        if not set(self.labels) <= set(self.values):
            raise Disagreement(("labels", Said("fault.labels_values_there_are")))
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
            raise ValueError(Said("fault.exactly_one_of", tests=", ".join(_TESTS)))
        if "years" in self.model_fields_set and self.grew_at_least is None:
            raise ValueError(Said("fault.years_only_beside_grew_at_least"))
        return self


_TESTS = ("at_least", "more_than", "at_most", "less_than", "one_of", "none_of", "is_true", "grew_at_least")
