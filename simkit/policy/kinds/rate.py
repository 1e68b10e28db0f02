"""A share of the base."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from simkit.base import money
from simkit.base.money import LARGEST_FEN, RATE_ONE
from simkit.base.said import Said
from simkit.documents.about import About
from simkit.policy.kinds.kind import AwardKind, Flat, Mean, Proportional, Unit, largest_of_rate
from simkit.policy.kinds.said import NameOf, Percentage

__all__ = ["Rate"]


class Rate(AwardKind):
    """`rate` x base."""

    needs: ClassVar[Unit | None] = "yuan"

    kind: Literal["rate"]
    rate: Annotated[money.Rate, About(name="award.rate", slider="rate")]

    def flat(self) -> Flat:
        return Flat(self.rate)

    def said(self) -> Said:
        return Said("rule.rate", of=NameOf(), rate=Percentage(self.rate))

    def largest_base(self) -> int:
        return min(LARGEST_FEN, largest_of_rate(self.rate))

    def exact_law(self) -> Proportional:
        return Proportional(self.rate, RATE_ONE)

    def mean(self) -> Mean:
        return Mean("mean_base", RATE_ONE / self.rate / 1e6)
