"""A rate of the whole base, by how large it is (全额累进)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from simkit.base import money
from simkit.base.leaf import Once
from simkit.base.money import LARGEST_FEN, Threshold
from simkit.base.said import Said, joined
from simkit.documents.about import About
from simkit.documents.ascending import check_ascending
from simkit.documents.models import Frozen
from simkit.policy.kinds.kind import AwardKind, Flat, Read, Unit, largest_of_rate
from simkit.policy.kinds.said import NameOf, Percentage

__all__ = ["Grade", "Graded"]


class Grade(Frozen):
    """The `rate` of the whole base from the threshold `reached` on."""

    reached: Annotated[Threshold, About(name="award.grade_reached")]
    rate: Annotated[money.Rate, About(name="award.grade_rate", slider="band")]

    def said(self) -> Said:
        """In words."""
        return Said("rule.grade", reached=self.reached, rate=Percentage(self.rate))


class Graded(AwardKind):
    """The rate of the highest grade reached, of the whole base; below the first grade nothing."""

    needs: ClassVar[Unit | None] = "yuan"

    kind: Literal["graded"]
    grades: Annotated[tuple[Grade, ...], Once()] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> Graded:
        points = [grade.reached.value for grade in self.grades]
        check_ascending("grades", points, Said("fault.grades_ascending_order_reached_each_once"))
        return self

    def flat(self) -> Flat:
        # The rate stands where a tier has its amount: the kernel looks both up in one way.
        return Flat(tiers=[(grade.reached.value, grade.rate) for grade in self.grades])

    def said(self) -> Said:
        grades = joined([grade.said() for grade in self.grades], "language.listed")
        return Said("rule.graded", of=NameOf(), grades=grades)

    def reads(self) -> Iterator[Read]:
        points = [(("grades", place, "reached"), grade.reached) for place, grade in enumerate(self.grades)]
        yield Read("", "base", points=points)

    def largest_base(self) -> int:
        return min(LARGEST_FEN, *(largest_of_rate(grade.rate) for grade in self.grades))
