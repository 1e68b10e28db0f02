"""So much for each full step of the base (每满)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import model_validator

from simkit.base.money import LARGEST_FEN, Basis, Money, Threshold
from simkit.base.said import Said
from simkit.documents.about import About
from simkit.documents.validate import Disagreement
from simkit.policy.kinds.kind import AwardKind, Flat, Read, largest_of_steps
from simkit.policy.kinds.said import Fen

__all__ = ["Step", "check_step", "step_said"]


class Step(AwardKind):
    """`amount` for each full `per_full` of the base (每满); the rest pays nothing."""

    kind: Literal["step"]
    per_full: Annotated[Threshold, About(name="award.per_full")]
    amount: Annotated[Money, About(name="award.amount", slider="step")]

    @model_validator(mode="after")
    def _positive(self) -> Step:
        check_step(self.per_full)
        return self

    def flat(self) -> Flat:
        return Flat(self.per_full.value, self.amount)

    def said(self) -> Said:
        return step_said(self.per_full, self.amount)

    def reads(self) -> Iterator[Read]:
        yield Read("", "base", points=[(("per_full",), self.per_full)])

    def largest_base(self) -> int:
        return min(LARGEST_FEN, largest_of_steps(self.per_full.value, self.amount))


def check_step(per_full: Basis | None) -> None:
    """Raise Disagreement where a step has no width."""
    if per_full is not None and per_full.value == 0:
        raise Disagreement(("per_full", Said("fault.per_full_above_0")))


def step_said(per_full: Basis, amount: int) -> Said:
    """A step in words."""
    return Said("rule.step", per_full=per_full, amount=Fen(amount))
