"""The floor: what drawing and capping as many severities costs when nothing else is done.

For each claim of a run one call of Philox, one quantile of its measure's law and one `min` with its cap;
no agencies, no calendar, no order, no rules, nothing kept but a sum a draw.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.base.random import decision, uniform_pair
from simkit.claims.records import LAW
from simkit.distributions.quantile import quantile
from simkit.distributions.severity import Constant
from simkit.policy.schema import Policy
from simkit.runs.result import Result
from simkit.scenario import Scenario

__all__ = ["claims_of", "draw_and_cap", "laws", "prepared"]

#: Passed, and the four reasons to be refused: every claim that a run draws and decides.
_DRAWN = 5


@compiled
def draw_and_cap(
    seed: int, laws: Records, caps: FloatArray, table: FloatArray, counts: IndexArray, totals: FloatArray
) -> None:
    """Sum of capped severities by draw; `counts` is int64[draw, measure], `caps` are yuan, which a count meets too."""
    for draw in range(len(counts)):
        total = 0.0
        for measure in range(len(laws)):
            law = laws[measure]
            for claim in range(counts[draw, measure]):
                u = uniform_pair(seed, law.asked, draw, 0, claim, 0)[0]
                total += min(quantile(law, table, u), caps[measure])
        totals[draw] = total


def laws(scenario: Scenario) -> tuple[Records, FloatArray, FloatArray]:
    """LAW[measure], their caps and the tables: the law of each measure's first variable, 1 where its base has none."""
    one = Constant.model_validate({"value": 1})
    rows, caps, tables, length = [], [], [], 0
    for name in scenario.policy.measures:
        plan = scenario.plan.claims.get(name)
        law = next(iter(plan.base.variables.values()), one) if plan is not None else one
        family, first, second, third, table = law.sampler()
        rows.append((family, length, length + len(table), decision(name, "floor"), first, second, third))
        caps.append(_cap(scenario.policy, name))
        tables.append(table)
        length += len(table)
    return np.array(rows, dtype=LAW), np.array(caps), np.concatenate(tables)


def _cap(policy: Policy, name: str) -> float:
    """The measure's least amount of a cap in yuan; infinity where it has none."""
    amounts: list[Any] = [cap.amount for cap in policy.measures[name].caps.values() if cap.amount is not None]
    return min((float(amount) / 100 for amount in amounts), default=np.inf)


def claims_of(result: Result) -> IndexArray:
    """Claims that a run drew and decided: int64[draw, measure]."""
    counts: IndexArray = result.counts[..., :_DRAWN].sum(axis=(2, 3), dtype=np.int64)
    return counts


def prepared(result: Result, seed: int) -> Callable[[], FloatArray]:
    """Ready to be timed: as many severities as the run has claims, measure by measure, draw by draw."""
    flat, caps, table = laws(result.scenario)
    counts, totals = claims_of(result), np.zeros(result.draws)

    def drawn() -> FloatArray:
        draw_and_cap(seed, flat, caps, table, counts, totals)
        return totals

    return drawn
