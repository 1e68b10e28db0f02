"""The settings between two bounds, in which one is sought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from simkit.base.errors import FaultsError, InputError
from simkit.base.money import parse_quantity
from simkit.scenario import Scenario
from simkit.whatif.evaluate import Lay
from simkit.whatif.settings import Knob, knob_of

__all__ = ["Between", "whole_knob_of"]

#: Of the way from what stands to a bound, as far as the schema accepts it.
_PARTS = tuple(map(Decimal, ("1", "0.9", "0.75", "0.5", "0.25", "0.1", "0")))


class Between:
    """The settings between two bounds: values of one path, or a factor on several."""

    def __init__(self, knobs: Sequence[Knob], bounds: tuple[str, str] | None) -> None:
        self.knobs = knobs
        self.several = len(knobs) > 1
        for knob in knobs:
            if knob.value.value == 0 and (self.several or bounds is None):
                raise InputError("error.no_factor_of_zero", path=knob.path, found="0")
        standing = Decimal(1) if self.several else knobs[0].value.value
        low, high = (standing / 100, 4 * standing) if bounds is None else self._read(bounds)
        kinds = {knob.value.kind for knob in knobs}
        if bounds is None and kinds == {"share"}:
            high = min(high, Decimal(1) / (max(knob.value.value for knob in knobs) if self.several else 1))
        if not low < high:
            raise InputError("error.bounds_in_order", path=knobs[0].path, low=str(low), high=str(high))
        self.low, self.high = low, high

    def narrow(self, lay: Lay) -> None:
        """Take wide bounds that the schema accepts, between what stands and those asked for."""
        standing = Decimal(1) if self.several else self.knobs[0].value.value
        # The finest step is the least that can be written; many a number without a unit is a share.
        others = (Decimal(1), Decimal(1)) if self.several else (self.knobs[0].step, Decimal(1))
        ends = []
        for bound, other in zip((self.low, self.high), others, strict=True):
            between = min(bound, standing) < other < max(bound, standing)
            tries = [standing + (bound - standing) * part for part in _PARTS]
            tries = [tries[0], *([other] if between else []), *tries[1:]]
            ends.append(next((at for at in tries if _accepts(lay, self.changes(at))), tries[-1]))
        self.low, self.high = ends

    def _numbers(self, at: Decimal) -> list[tuple[Knob, Decimal]]:
        return [(knob, knob.value.value * at if self.several else at) for knob in self.knobs]

    def changes(self, at: Decimal) -> dict[str, str | int]:
        """What is laid at each path."""
        return {knob.path: knob.laid(number) for knob, number in self._numbers(at)}

    def values(self, at: Decimal) -> tuple[str, ...]:
        """What stands at each path, as a file would have it."""
        return tuple(knob.text(number) for knob, number in self._numbers(at))

    def _read(self, bounds: tuple[str, str]) -> tuple[Decimal, Decimal]:
        """Bounds as they are written: with the unit of the one path, or as factors."""
        first, standing = (
            self.knobs[0],
            "1" if self.several else self.knobs[0].text(self.knobs[0].value.value),
        )
        kind = parse_quantity(standing).kind
        try:
            low, high = (parse_quantity(one) for one in bounds)
        except ValueError as error:
            raise InputError(
                "error.bounds_unit", path=first.path, standing=standing, found=repr(bounds)
            ) from error
        # Of rates and numbers 0.5 and 50% are the same; of money a bare number is not.
        if len({one if one in ("yuan", "usd") else "" for one in (low.kind, high.kind, kind)}) > 1:
            raise InputError(
                "error.bounds_unit", path=first.path, standing=standing, found=f"{bounds[0]}..{bounds[1]}"
            )
        return low.value, high.value

    def texts(self, at: Decimal | None) -> tuple[str, ...] | None:
        return None if at is None else self.values(at)


def whole_knob_of(lay: Lay, scenario: Scenario, path: str) -> Knob:
    """The number at a path, and whether the schema takes only whole ones there."""
    knob = knob_of(scenario, path)
    value = knob.value.value
    if knob.value.kind or value != int(value):
        return knob
    return replace(knob, whole=not _accepts(lay, {path: knob.text(value - Decimal("0.5"))}))


def _accepts(lay: Lay, changes: dict[str, str | int]) -> bool:
    """Whether the schema takes values."""
    try:
        lay(changes)
    except FaultsError:
        return False
    return True
