"""Figures of a policy that can be moved on kept claims: caps, rates, amounts, thresholds, as the policy writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simkit.documents.models import Text
from simkit.policy.conditions import Condition
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy
from simkit.scenario import Scenario
from simkit.whatif.kept.claims import KeptClaims

__all__ = ["Slider", "sliders_of"]

#: Tests whose figure can be moved.
_THRESHOLDS = ("at_least", "more_than", "at_most", "less_than")
#: `50万元` is the number 50 and the unit 万元.
_WRITTEN = re.compile(r"\s*([0-9][0-9,]*(?:\.[0-9]+)?)\s*(\D*?)\s*")
#: Steps in the range from half the figure to its double, at least.
_STEPS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """One figure of the policy and the range in which it is tried.

    Attributes
    ----------
    path : str
        Where it stands, as an overlay names it.
    measure : str
        Id of the measure, or of the total cap.
    clause : str
    kind : str
        `cap`, `cap_share`, `total`, `rate`, `per_unit`, `fixed`, `tier`, `band`, `step`, `threshold`, `envelope`,
        `places`.
    scope : str
        Of a cap: `agency.year`; of a threshold its test; else empty.
    of : Text or None
        What a threshold or a share is of; the class of a tier.
    unit : str
        As the policy writes it (`万元`, `元`, `%`, `人`); may be empty.
    value, low, high, step : float
        In that unit.
    """

    path: str
    measure: str
    clause: str
    kind: str
    scope: str
    of: Text | None
    unit: str
    value: float
    low: float
    high: float
    step: float

    def written(self, value: float) -> str | int:
        """A value as the policy would write it: with its unit, or a whole number without one."""
        number = f"{value:.6f}".rstrip("0").rstrip(".") or "0"
        return int(value) if not self.unit and value.is_integer() else number + self.unit


def sliders_of(kept: KeptClaims) -> tuple[Slider, ...]:
    """Every figure of the live measures that can be moved, in the policy's order."""
    scenario = kept.scenario
    found = []
    for name, measure in scenario.policy.measures.items():
        if measure.live and not measure.outside and name in scenario.plan.claims:
            for path, kind, scope, of in _figures(scenario.policy, name, measure):
                drawn = _drawn(kept, name, measure, path) if kind == "threshold" else None
                found.append(
                    _slider(scenario, f"measures.{name}.{path}", name, measure.clause, kind, scope, of, drawn)
                )
    for name, cap in scenario.policy.total_caps.items():
        if cap.amount is not None:
            path = f"total_caps.{name}.amount"
            found.append(_slider(scenario, path, name, cap.clause, "total", "total", cap.name, None))
    return tuple(one for one in found if one is not None)


def _figures(policy: Policy, name: str, measure: Measure) -> Iterator[tuple[str, str, str, Text | None]]:
    """Path inside the measure, kind, scope and what it is of."""
    yield from _of_award(policy, measure)
    for key, cap in measure.caps.items():
        scope = f"{cap.per}.{cap.within}"
        if cap.amount is not None:
            yield f"caps.{key}.amount", "cap", scope, None
        elif cap.of is not None:
            yield f"caps.{key}.share", "cap_share", scope, policy.attributes[cap.of].name
    for key, condition in measure.conditions.items():
        if condition.test in _THRESHOLDS:
            of = None if condition.of == "base" else policy.attributes[condition.of].name
            yield f"conditions.{key}.{condition.test}", "threshold", condition.test, of
    if measure.selection.kind == "ranked":
        for key in ("envelope", "places"):
            if getattr(measure.selection, key) is not None:
                yield f"selection.{key}", key, "", None


def _of_award(policy: Policy, measure: Measure) -> Iterator[tuple[str, str, str, Text | None]]:
    award = measure.award
    if award is None or award.kind == "by_rule":
        return
    if award.kind == "rate":
        yield "award.rate", "rate", "", None
    elif award.kind == "bands":
        for place, band in enumerate(award.bands):
            yield f"award.bands.{place}.{'amount' if band.rate is None else 'rate'}", "band", "", None
    elif award.kind == "tiers":
        for place in range(len(award.tiers)):
            yield f"award.tiers.{place}.amount", "tier", "", None
        for key, tiers in award.by_value.items():
            for place in range(len(tiers)):
                yield f"award.by_value.{key}.{place}.amount", "tier", "", Text(zh=key, en=key)
    else:
        yield "award.amount", award.kind, "", None


def _slider(
    scenario: Scenario,
    path: str,
    name: str,
    clause: str,
    kind: str,
    scope: str,
    of: Text | None,
    drawn: tuple[float, float] | None,
) -> Slider | None:
    """The slider of a figure; None where it is 0, is written otherwise, or has no room to move."""
    written = _WRITTEN.fullmatch(str(_at(scenario.policy_data, path)))
    if written is None or float(written[1].replace(",", "")) == 0:
        return None
    value, unit = float(written[1].replace(",", "")), written[2]
    step = _step(value, unit)
    least, most = value / 2, 2 * value
    if drawn is not None:
        # Beyond what was drawn nothing changes any more; the figure itself always lies in the range.
        least, most = min(value, max(least, drawn[0] * value)), max(value, min(most, drawn[1] * value))
    if unit == "%" and value <= 100:
        most = min(most, 100.0)
    # Whole steps from the figure itself, so that it is one of the places where the slider stops.
    low = value - math.floor((value - least) / step + 1e-9) * step
    high = value + math.floor((most - value) / step + 1e-9) * step
    if low >= high:
        return None
    return Slider(
        path=path,
        measure=name,
        clause=clause,
        kind=kind,
        scope=scope,
        of=of,
        unit=unit,
        value=value,
        low=round(low, 6),
        high=round(high, 6),
        step=step,
    )


def _at(data: Mapping[str, Any], path: str) -> Any:
    node: Any = data
    for word in path.split("."):
        node = node[int(word)] if isinstance(node, list) else node[word]
    return node


def _step(value: float, unit: str) -> float:
    """1 or 5 times a power of ten, so that half the figure to its double takes 30 to 150 steps."""
    exact = 1.5 * value / _STEPS
    power = 10.0 ** math.floor(math.log10(exact))
    step = 5 * power if exact >= 5 * power else power
    whole = unit not in ("", "%") and ("元" in unit or unit in ("yuan", "USD", "CNY"))
    return step if whole or unit == "%" else max(1.0, step)


def _drawn(kept: KeptClaims, name: str, measure: Measure, path: str) -> tuple[float, float] | None:
    """The least and the largest value drawn of what a threshold tests, as multiples of the threshold."""
    condition = measure.conditions[path.split(".")[1]]
    point = getattr(condition, condition.test).value
    number = list(kept.scenario.policy.measures).index(name)
    values = [_tested(kept, name, condition, part, number) for part in _parts(kept, name)]
    whole = np.concatenate(values) if values else np.zeros(0, dtype=np.int64)
    if not len(whole) or point == 0:
        return None
    return float(whole.min()) / point, float(whole.max()) / point


def _parts(kept: KeptClaims, name: str) -> list[Any]:
    return next((parts for tie, parts in kept.parts.items() if name in tie), [])


def _tested(kept: KeptClaims, name: str, condition: Condition, part: Any, number: int) -> Any:
    """What a condition reads of the claims of its measure: int64[claim]."""
    ours = part.claims.rows["measure"] == number
    if condition.of == "base":
        return part.claims.rows["base"][ours]
    return part.claims.attributes[ours, kept.job.columns[name].index((condition.of, condition.year))]
