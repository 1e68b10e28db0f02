"""Figures of a policy that can be moved on kept claims: caps, rates, amounts, thresholds, as the policy writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simkit.documents.about import SliderKind
from simkit.documents.build import dotted
from simkit.documents.models import Name, Text
from simkit.documents.walks import Number, numbers
from simkit.policy.conditions import Condition
from simkit.policy.limits import Cap, TotalCap
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy
from simkit.whatif.kept.claims import KeptClaims

__all__ = ["Slider", "sliders_of"]

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
    kind : SliderKind, or `budget`
    scope : str
        Of a cap: `agency.year`; of a threshold its test; else empty.
    of : Name or None
        What a threshold or a share is of; the class of a tier.
    unit : str
        As the policy writes it (`万元`, `元`, `%`, `人`); may be empty.
    value, low, high, step : float
        In that unit.
    """

    path: str
    measure: str
    clause: str
    kind: SliderKind | Literal["budget"]
    scope: str
    of: Name | None
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
            for at in _figures(measure):
                found.append(_slider(kept, f"measures.{name}", name, measure.clause, at))
    for name, cap in scenario.policy.total_caps.items():
        for at in numbers(cap):
            found.append(_slider(kept, f"total_caps.{name}", name, cap.clause, at))
    return tuple(one for one in found if one is not None)


def _figures(measure: Measure) -> Iterator[Number]:
    """The figures of a measure: of its award, caps, conditions, selection."""
    order = ("award", "caps", "conditions", "selection")
    figures = [one for one in numbers(measure) if one.path[0] in order]
    yield from sorted(figures, key=lambda one: order.index(one.path[0]))


def _about(kind: SliderKind, policy: Policy, at: Number) -> tuple[str, Name | None]:
    """Scope of a figure, and what it is of."""
    match at.owner:
        case Cap():
            return at.owner.scope, _name(policy, at.owner.of)
        case TotalCap():
            return "total", at.owner.name
        case Condition():
            return at.owner.test, _name(policy, at.owner.of)
    value = str(at.path[2]) if kind == "tier" and at.path[1] == "by_value" else None
    return "", value


def _name(policy: Policy, of: str | None) -> Text | None:
    """Name of an attribute; None of the base and of an amount."""
    return policy.attributes[of].name if of in policy.attributes else None


def _slider(kept: KeptClaims, root: str, name: str, clause: str, at: Number) -> Slider | None:
    """The slider of a figure; None where it has none, is 0, is written otherwise, or has no room to move."""
    kind = next((one.slider for one in at.abouts if one.slider is not None), None)
    if kind is None:
        return None
    path = f"{root}.{dotted(at.path)}"
    written = _WRITTEN.fullmatch(str(_at(kept.scenario.policy_data, path)))
    if written is None or float(written[1].replace(",", "")) == 0:
        return None
    value, unit = float(written[1].replace(",", "")), written[2]
    step = _step(value, unit)
    drawn = _drawn(kept, name, at.owner) if isinstance(at.owner, Condition) else None
    low, high = _ends(value, unit, step, drawn)
    if low >= high:
        return None
    scope, of = _about(kind, kept.scenario.policy, at)
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


def _ends(value: float, unit: str, step: float, drawn: tuple[float, float] | None) -> tuple[float, float]:
    """Ends of the range from half the figure to its double, in whole steps from the figure itself."""
    least, most = value / 2, 2 * value
    if drawn is not None:
        # Beyond what was drawn nothing changes any more; the figure itself always lies in the range.
        least, most = min(value, max(least, drawn[0] * value)), max(value, min(most, drawn[1] * value))
    if unit == "%" and value <= 100:
        most = min(most, 100.0)
    # So that the figure is one of the places where the slider stops.
    low = value - math.floor((value - least) / step + 1e-9) * step
    return low, value + math.floor((most - value) / step + 1e-9) * step


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


def _drawn(kept: KeptClaims, name: str, condition: Condition) -> tuple[float, float] | None:
    """The least and the largest value drawn of what a threshold tests, as multiples of the threshold."""
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
