"""An amount, whatever the base."""

from __future__ import annotations

from typing import Annotated, Literal

from simkit.base.money import Money
from simkit.base.said import Said
from simkit.documents.about import About
from simkit.policy.kinds.kind import AwardKind, Flat, Whole
from simkit.policy.kinds.said import Fen

__all__ = ["Fixed"]


class Fixed(AwardKind):
    """`amount`, whatever the base."""

    kind: Literal["fixed"]
    amount: Annotated[Money, About(name="award.amount", slider="fixed")]

    def flat(self) -> Flat:
        return Flat(self.amount)

    def said(self) -> Said:
        return Said("rule.fixed", amount=Fen(self.amount))

    def reads_base(self) -> bool:
        return False

    def exact_law(self) -> Whole:
        return Whole(self.amount)

    def mean(self) -> None:
        return None
