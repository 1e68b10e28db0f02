"""Kinds of award: how what a claim is paid follows from what it is of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from simkit.base import money
from simkit.base.leaf import Once
from simkit.base.money import Money, Threshold
from simkit.base.said import Said
from simkit.documents.build import TreePath
from simkit.documents.models import Frozen
from simkit.documents.validate import Disagreement

__all__ = ["Award", "Band", "Bands", "ByRule", "Fixed", "PerUnit", "Rate", "Step", "Tier", "Tiers"]


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
            raise ValueError(Said("fault.at_least_one_tier"))
        if (self.by is None) != (not self.by_value):
            raise Disagreement(("by" if self.by else "by_value", Said("fault.by_by_value_together")))
        lists: dict[TreePath, tuple[Tier, ...]] = {("tiers",): self.tiers}
        lists |= {("by_value", value): tiers for value, tiers in self.by_value.items()}
        for path, tiers in lists.items():
            points = [tier.reached.value for tier in tiers]
            if points != sorted(set(points)):
                raise Disagreement((path, Said("fault.tiers_ascending_order_reached_each_once")))
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
            raise ValueError(Said("fault.either_rate_per_full_with_amount"))
        if self.per_full is not None and self.per_full.value == 0:
            raise Disagreement(("per_full", Said("fault.per_full_above_0")))
        return self


class Bands(Frozen):
    """Marginal bands (超额累进): each part of the base by its own band; below the first band nothing."""

    kind: Literal["bands"]
    bands: Annotated[tuple[Band, ...], Once()] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> Bands:
        points = [band.above.value for band in self.bands]
        if points != sorted(set(points)):
            raise Disagreement(("bands", Said("fault.bands_ascending_order_above_each_once")))
        return self


class Step(Frozen):
    """`amount` for each full `per_full` of the base (每满); the rest pays nothing."""

    kind: Literal["step"]
    per_full: Threshold
    amount: Money

    @model_validator(mode="after")
    def _positive(self) -> Step:
        if self.per_full.value == 0:
            raise Disagreement(("per_full", Said("fault.per_full_above_0")))
        return self


class ByRule(Frozen):
    """The claim's base, in fen: another rule, not in this text, sets the amount (按相关规定)."""

    kind: Literal["by_rule"]


Award = Annotated[Rate | PerUnit | Fixed | Tiers | Bands | Step | ByRule, Field(discriminator="kind")]
