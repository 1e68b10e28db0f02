"""So much for each unit of the base."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from simkit.base.money import LARGEST_FEN, Money
from simkit.documents.about import About
from simkit.policy.kinds.kind import AwardKind, Flat, Heads, Mean, Unit, largest_of_steps
from simkit.policy.kinds.said import ForEach

__all__ = ["PerUnit"]


class PerUnit(AwardKind):
    """`amount` for each unit of the base, which is a count."""

    needs: ClassVar[Unit | None] = "count"

    kind: Literal["per_unit"]
    amount: Annotated[Money, About(name="award.amount", slider="per_unit")]

    def flat(self) -> Flat:
        return Flat(self.amount)

    def said(self) -> ForEach:
        return ForEach(self.amount)

    def largest_base(self) -> int:
        return min(LARGEST_FEN, largest_of_steps(1, self.amount))

    def exact_law(self) -> Heads:
        return Heads(self.amount)

    def mean(self) -> Mean:
        return Mean("mean_count", 1 / self.amount)
