"""Attributes of agencies and claims, and the conditions that are put on them."""

from __future__ import annotations

from typing import Annotated, Literal, assert_never, get_args

from pydantic import model_validator

from simkit.base.leaf import Leaf
from simkit.base.money import RATE_ONE, Basis, Percent, Threshold
from simkit.base.said import Said, joined
from simkit.documents.about import About
from simkit.documents.models import Frozen, Names, Text, YearsOff
from simkit.documents.validate import Disagreement
from simkit.policy.kinds.said import NameOf, Percentage, Value, ValueName

__all__ = ["Attribute", "Condition"]

Test = Literal[
    "at_least", "more_than", "at_most", "less_than", "one_of", "none_of", "is_true", "grew_at_least"
]
_TESTS: tuple[Test, ...] = get_args(Test)


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
    at_least: Annotated[Threshold | None, About(name="condition.at_least", slider="threshold")] = None
    more_than: Annotated[Threshold | None, About(name="condition.more_than", slider="threshold")] = None
    at_most: Annotated[Threshold | None, About(name="condition.at_most", slider="threshold")] = None
    less_than: Annotated[Threshold | None, About(name="condition.less_than", slider="threshold")] = None
    one_of: Names | None = None
    none_of: Names | None = None
    is_true: bool | None = None
    grew_at_least: Annotated[
        Annotated[Percent, Leaf("growth", 1, 10 * RATE_ONE, usual=(1, RATE_ONE), one=RATE_ONE)] | None,
        About(name="condition.grew_at_least"),
    ] = None
    years: Annotated[int, Leaf("years", 1, 10)] = 1

    @property
    def test(self) -> Test:
        """Name of the one test that is given."""
        return next(name for name in _TESTS if getattr(self, name) is not None)

    @property
    def fits(self) -> tuple[str, ...]:
        """Units of what can be tested so."""
        match self.test:
            case "at_least" | "more_than" | "at_most" | "less_than" | "grew_at_least":
                return "yuan", "usd", "count"
            case "one_of" | "none_of":
                return ("category",)
            case "is_true":
                return ("flag",)
            case unknown:
                assert_never(unknown)

    @property
    def threshold(self) -> Basis | None:
        """The point on a scale that is tested, if one is."""
        given = getattr(self, self.test)
        return given if isinstance(given, Basis) else None

    @property
    def names(self) -> tuple[str, ...] | None:
        """The names of a category that are tested, if any are."""
        return self.none_of if self.one_of is None else self.one_of

    def admits(self, name: str) -> bool:
        """Whether a name of a category passes."""
        return name in (self.names or ()) if self.none_of is None else name not in self.none_of

    def said(self) -> Said:
        """The condition in words."""
        of: Value = NameOf(self.of)
        if self.year:
            key = "rule.years_before" if self.year < 0 else "rule.years_after"
            of = Said(key, of=of, years=str(abs(self.year)))
        match getattr(self, self.test):
            case Basis(value=0) if self.test == "more_than":
                return Said("rule.has", of=of)
            case Basis(kind=kind) as point:
                some = (self.test, kind) == ("at_least", "count")
                return Said("rule.at_least_count" if some else f"rule.{self.test}", of=of, value=point)
            case bool() as is_true:
                return Said("rule.is_true" if is_true else "rule.is_false", of=of)
            case int() as growth:
                return Said("rule.grew_at_least", of=of, years=str(self.years), value=Percentage(growth))
            case names:
                listed = joined([ValueName(self.of, one) for one in names], "language.listed")
                return Said(f"rule.{self.test}", of=of, value=listed)

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        given = [name for name in _TESTS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(Said("fault.exactly_one_of", tests=", ".join(_TESTS)))
        if "years" in self.model_fields_set and self.grew_at_least is None:
            raise ValueError(Said("fault.years_only_beside_grew_at_least"))
        return self
