"""The amount of the highest tier that is reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import model_validator

from simkit.base.leaf import Once
from simkit.base.money import Basis, Money, Threshold
from simkit.base.said import Said, joined
from simkit.documents.about import About
from simkit.documents.ascending import check_ascending
from simkit.documents.build import TreePath
from simkit.documents.models import Frozen
from simkit.documents.validate import Disagreement
from simkit.policy.kinds.kind import AwardKind, Flat, Read
from simkit.policy.kinds.said import Fen, NameOf, Value, ValueName

__all__ = ["Tier", "Tiers"]


class Tier(Frozen):
    """The whole `amount` from the threshold `reached` on."""

    reached: Threshold
    amount: Annotated[Money, About(slider="tier")]

    def said(self) -> Value:
        """In words; one that all reach is its amount alone."""
        amount = Fen(self.amount)
        return Said("rule.tier", reached=self.reached, amount=amount) if self.reached.value else amount


_Ladder = Annotated[tuple[Tier, ...], Once()]


class Tiers(AwardKind):
    """The amount of the highest tier reached; `by` names a category attribute with tiers of its own a value.

    `top_up`: the tier is a matter of its own, keyed by agency; steps 1 to 5 give the whole tier
    and the difference to what was paid before is taken in step 6.
    """

    kind: Literal["tiers"]
    on: str = "base"
    tiers: Annotated[
        _Ladder,
        About(name="award.tier_reached", at="*.reached"),
        About(name="award.tier_amount", at="*.amount"),
    ] = ()
    by: str | None = None
    by_value: Annotated[
        dict[str, _Ladder],
        About(name="award.tier_of_reached", at="*.*.reached"),
        About(name="award.tier_of_amount", at="*.*.amount"),
    ] = {}
    top_up: bool = False

    @model_validator(mode="after")
    def _ascending(self) -> Tiers:
        if not self.tiers and not self.by_value:
            raise ValueError(Said("fault.at_least_one_tier"))
        if (self.by is None) != (not self.by_value):
            raise Disagreement(("by" if self.by else "by_value", Said("fault.by_by_value_together")))
        for path, tiers in self._ladders().items():
            points = [tier.reached.value for tier in tiers]
            check_ascending(path, points, Said("fault.tiers_ascending_order_reached_each_once"))
        return self

    def _ladders(self) -> dict[TreePath, tuple[Tier, ...]]:
        return {("tiers",): self.tiers} | {("by_value", value): one for value, one in self.by_value.items()}

    def _has_thresholds(self) -> bool:
        return any(tier.reached.value > 0 for tiers in self._ladders().values() for tier in tiers)

    def flat(self) -> Flat:
        by_value = {value: _rows(tiers) for value, tiers in self.by_value.items()}
        return Flat(on=self.on, by=self.by or "", tiers=_rows(self.tiers), tiers_by=by_value)

    def said(self) -> Said:
        groups = [_listed(self.tiers)] if self.tiers else []
        for value, tiers in self.by_value.items():
            label = ValueName(self.by or "", value)
            groups.append(Said("rule.tiers_of", value=label, tiers=_listed(tiers)))
        of: list[Value] = [NameOf(self.by)] if self.by else []
        of += [NameOf(self.on)] if self._has_thresholds() else []
        of = of or [Said("field.base")]
        return Said("rule.tiers", of=joined(of, "language.listed"), tiers=joined(groups))

    def reads(self) -> Iterator[Read]:
        points: list[tuple[TreePath, Basis]] = [
            ((*path, place, "reached"), tier.reached)
            for path, tiers in self._ladders().items()
            for place, tier in enumerate(tiers)
        ]
        yield Read("on", self.on, points=points)
        if self.by is not None:
            values = [(("by_value", value), value) for value in self.by_value]
            yield Read("by", self.by, category=True, values=values)

    def reads_base(self) -> bool:
        return self.on == "base" and self._has_thresholds()

    def is_own_matter(self) -> bool:
        return self.top_up


def _rows(tiers: Sequence[Tier]) -> list[tuple[int, int]]:
    return [(tier.reached.value, tier.amount) for tier in tiers]


def _listed(tiers: Sequence[Tier]) -> Said:
    return joined([tier.said() for tier in tiers], "language.listed")
