"""What one claim of a measure is awarded: its law, from the policy's formula and the plan's base and attributes.

A claim that is refused for a condition is awarded 0 here. All conditions on what varies with the base
become an interval of one variable, the widest; the other variables stand as nodes (`law_nodes`); what is
drawn apart enters as a chance. Money in yuan.
"""

from __future__ import annotations

import math
from itertools import product
from typing import NamedTuple, assert_never

import numpy as np

from simkit.base.arrays import FloatArray
from simkit.claims.amount_plan import AttributePlan
from simkit.claims.assumed import law
from simkit.claims.plan import ClaimPlan
from simkit.distributions.limited import survival
from simkit.distributions.severity import Constant, Severity
from simkit.exact.amounts import Amount, AmountPart, common_unit
from simkit.exact.quadrature import law_nodes
from simkit.exact.reasons import NoTwinError
from simkit.policy.conditions import Condition
from simkit.policy.kinds.kind import Heads, Proportional, Whole
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy

__all__ = ["amount_of"]

_ONE = Constant.model_validate({"value": 1})
#: Heads beyond these are taken as continuous.
_MOST_HEADS = 200_000


class _Interval(NamedTuple):
    """Values from `low` to before `high`."""

    low: float = 0.0
    high: float = math.inf

    def within(self, other: _Interval) -> _Interval:
        return _Interval(max(self.low, other.low), max(self.low, other.low, min(self.high, other.high)))


def amount_of(policy: Policy, plan: ClaimPlan, name: str, year: int) -> Amount:
    """The award of one claim of a year.

    Raises
    ------
    NoTwinError
        Where a formula or condition is not worked out.
    """
    return _Drafting(policy, plan, policy.measures[name], year).amount()


class _Drafting:
    """The parts of an amount, put together."""

    def __init__(self, policy: Policy, plan: ClaimPlan, measure: Measure, year: int) -> None:
        self.policy, self.plan, self.measure = policy, plan, measure
        base = plan.base
        growth = 1.0
        if base.growth is not None and base.of_year is not None:
            growth = (1 + base.growth.value.mean()) ** (year - base.of_year)
        if plan.remove_elsewhere:
            growth *= 1 - law(plan.heads_elsewhere).mean()
        self.growth = growth
        self.scale = law(base.scale, 1.0).mean() * growth
        self.main = self._widest(list(base.variables))

    def _widest(self, names: list[str]) -> str | None:
        """The variable that stays a law: the one that conditions read, else the one that varies most."""
        drawn = self.plan.attributes
        read = {
            drawn[one.of].variable or drawn[one.of].of
            for one in self.measure.conditions.values()
            if one.of in drawn and (drawn[one.of].variable or drawn[one.of].of)
        }
        if len(read) > 1:
            raise NoTwinError("twin_conditions")
        spread = {one: self.plan.base.variables[one] for one in names}
        widest = sorted(names, key=lambda one: math.sqrt(spread[one].var()) / (spread[one].mean() or 1.0))
        return next(iter(read)) or None if read else (widest[-1] if widest else None)

    def amount(self) -> Amount:
        """The whole."""
        severity = _ONE if self.main is None else self.plan.base.variables[self.main]
        others = [
            law_nodes(one, 48 if len(self.plan.base.variables) == 2 else 12)
            for name, one in self.plan.base.variables.items()
            if name != self.main
        ]
        chance, of_main = self._conditions()
        parts, atoms = [], []
        for nodes in product(*(zip(one.value, one.weight, strict=True) for one in others)):
            factor = self.scale * math.prod(value for value, _ in nodes)
            weight = chance * math.prod(share for _, share in nodes)
            inside = of_main.within(self._of_base(factor))
            if weight > 0 and inside.low < inside.high:
                made, counted = self._award(severity, factor, weight, inside)
                parts += made
                atoms += counted
        return self._whole(parts, atoms)

    def _whole(self, parts: list[AmountPart], atoms: list[tuple[FloatArray, FloatArray]]) -> Amount:
        values = np.concatenate([one for one, _ in atoms]) if atoms else np.zeros(0)
        chances = np.concatenate([one for _, one in atoms]) if atoms else np.zeros(0)
        values, place = np.unique(values, return_inverse=True)
        chances = np.bincount(place, chances, minlength=len(values)).astype(np.float64)
        caps = [cap.amount / 100 for cap in self.measure.caps.values() if cap.shared is None and cap.amount]
        passes = sum(
            one.weight * (_reached(one.severity, one.gate) - _reached(one.severity, one.below))
            for one in parts
        )
        constant = [one.rate * one.severity.mean() for one in parts if isinstance(one.severity, Constant)]
        fen = np.rint(np.concatenate([values, constant]) * 100).astype(np.int64)
        spreads = len(constant) < len(parts)
        unit = 0.0 if spreads or not len(fen) else float(np.gcd.reduce(fen)) / 100
        return Amount(
            parts=tuple(parts),
            atoms=values,
            chances=chances,
            cap=min(caps, default=math.inf),
            passes=float(passes + chances[values > 0].sum()),
            unit=common_unit(unit, min(caps, default=math.inf)),
        )

    def _award(
        self, severity: Severity, factor: float, weight: float, inside: _Interval
    ) -> tuple[list[AmountPart], list[tuple[FloatArray, FloatArray]]]:
        """Step 2 on the base factor x severity."""
        award = self.measure.award
        match award.exact_law() if award is not None else None:
            case Proportional(rate, one):
                return [AmountPart(weight, severity, factor * rate / one, *inside)], []
            case Whole(fen):
                reached = _reached(severity, inside.low) - _reached(severity, inside.high)
                return [], [(np.array([fen / 100]), np.array([weight * reached]))]
            case Heads(fen):
                return self._heads(severity, factor, weight, inside, fen / 100)
            case None:
                raise NoTwinError("twin_formula")
            case unknown:
                assert_never(unknown)

    def _heads(
        self, severity: Severity, factor: float, weight: float, inside: _Interval, amount: float
    ) -> tuple[list[AmountPart], list[tuple[FloatArray, FloatArray]]]:
        """So much a head: heads are whole, to the nearest."""
        most = int(factor * min(float(severity.ppf(np.array([1 - 1e-12]))[0]), inside.high)) + 2
        if most > _MOST_HEADS:
            return [AmountPart(weight, severity, factor * amount, *inside)], []
        edges = np.clip((np.arange(most + 2) - 0.5) / factor, inside.low, inside.high)
        reached = survival(severity, edges[:-1])
        return [], [
            (
                amount * np.arange(most + 1, dtype=np.float64),
                weight * -np.diff(reached, append=_reached(severity, edges[-1])),
            )
        ]

    # --- conditions -----------------------------------------------------------------------------------------

    def _of_base(self, factor: float) -> _Interval:
        """Conditions on the base, as an interval of the main variable."""
        found = _Interval()
        for one in self.measure.conditions.values():
            if one.of == "base":
                low, high = _interval(one, 1.0 if self.plan.base.unit == "count" else 100.0)
                found = found.within(_Interval(low / factor, high / factor))
        return found

    def _conditions(self) -> tuple[float, _Interval]:
        """Chance that what is drawn apart passes, and the interval of the main variable."""
        apart: dict[str, list[Condition]] = {}
        found = _Interval()
        for one in self.measure.conditions.values():
            if one.of == "base" or one.of == "line":
                continue
            drawn = self.plan.attributes.get(one.of)
            if drawn is None or self.policy.attributes[one.of].of == "agency":
                raise NoTwinError("twin_agency", one.of)
            if drawn.variable is not None or drawn.bands is not None:
                found = found.within(self._of_variable(one, drawn))
            else:
                apart.setdefault(one.of, []).append(one)
        chances = (self._chance(name, tests) for name, tests in apart.items())
        return math.prod(chances), found

    def _of_variable(self, test: Condition, drawn: AttributePlan) -> _Interval:
        """A condition on what follows from a variable, as an interval of the variable."""
        unit = 100.0 if self.policy.attributes[test.of].unit in ("yuan", "usd") else 1.0
        low, high = _interval(test, unit)
        first = next(iter(self.plan.base.variables))
        growth = self.growth if (drawn.variable or drawn.of) == first else 1.0
        if drawn.bands is not None:
            minus = drawn.minus.value if drawn.minus else 0.0
            low, high = (_taxed(drawn, tax) + minus if tax > 0 else 0.0 for tax in (low, high))
        return _Interval(low / growth, high / growth)

    def _chance(self, name: str, tests: list[Condition]) -> float:
        """Chance that an attribute with a law of its own passes all its tests."""
        drawn, values = self.plan.attributes[name], self.policy.attributes[name].values
        if drawn.law is not None:
            unit = 100.0 if self.policy.attributes[name].unit in ("yuan", "usd") else 1.0
            inside = _Interval()
            for one in tests:
                inside = inside.within(_Interval(*_interval(one, unit)))
            return _reached(drawn.law, inside.low) - _reached(drawn.law, inside.high)
        if drawn.chance is not None and all(one.is_true is not None for one in tests):
            share = drawn.chance.value.mean()
            return math.prod(share if one.is_true else 1 - share for one in tests[:1])
        weights = self.plan.keys if drawn.key else drawn.weights
        if not weights or any(one.names is None for one in tests):
            raise NoTwinError("twin_conditions")
        passing = [value for value in values if all(one.admits(value) for one in tests)]
        return sum(weights.get(value, 0.0) for value in passing) / sum(weights.values())


def _interval(test: Condition, unit: float) -> tuple[float, float]:
    """Values that pass, before they are rounded to whole fen or heads."""
    point = math.nan if test.threshold is None else test.threshold.value
    match test.test:
        case "at_least":
            return (point - 0.5) / unit, math.inf
        case "more_than":
            return (point + 0.5) / unit, math.inf
        case "at_most":
            return 0.0, (point + 0.5) / unit
        case "less_than":
            return 0.0, max(0.0, (point - 0.5) / unit)
        case "one_of" | "none_of" | "is_true" | "grew_at_least":
            raise NoTwinError("twin_conditions")
        case unknown:
            assert_never(unknown)


def _taxed(drawn: AttributePlan, tax: float) -> float:
    """The income from which a progressive tax reaches an amount."""
    paid = 0.0
    bands = drawn.bands or ()
    for band, nxt in zip(bands, [*bands[1:], None], strict=True):
        width = math.inf if nxt is None else nxt.above.value - band.above.value
        if band.rate.value > 0 and paid + width * band.rate.value >= tax:
            return float(band.above.value + (tax - paid) / band.rate.value) if tax < math.inf else math.inf
        paid += width * band.rate.value
    return math.inf


def _reached(severity: Severity, point: float) -> float:
    """P(severity >= point)."""
    return float(survival(severity, np.array([point]))[0]) if point < math.inf else 0.0
