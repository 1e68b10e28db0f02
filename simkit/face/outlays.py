"""Outlays of a run by what a person asks for: a column a year, measure, fund, ..., or a combination of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from simkit.awards.outlays import sum_by
from simkit.base.arrays import FenArray
from simkit.base.said import listed
from simkit.documents.models import Text
from simkit.runs.result import Result
from simkit.scenario.horizon import can_pay
from simkit.sizing.estimate import Estimate, attempt
from simkit.sizing.quantiles import mean, quantile

__all__ = ["Table", "ids_of", "paid_table"]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Outlays, a column for each combination of keys.

    Attributes
    ----------
    result : Result
    by : tuple of str
    special : bool
        Whether the special fund's money alone is counted.
    keys : list of tuple
        Years, numbers of quarters, or ids, in the order of `by`.
    fen : int64[draw, key]
    """

    result: Result
    by: tuple[str, ...]
    special: bool
    keys: list[tuple[Any, ...]]
    fen: FenArray

    def mean(self, at: int) -> Estimate:
        """Expected money of a column."""
        certain = self._certain(at)
        return attempt(partial(mean, self.fen[:, at], group=self.result.group, certain=certain))

    def quantile(self, at: int, p: float) -> Estimate:
        """Money of a column that is enough with a probability."""
        certain = self._certain(at)
        return attempt(partial(quantile, self.fen[:, at], p, group=self.result.group, certain=certain))

    def names(self, keys: Sequence[Any], lang: str) -> str:
        """What the policy calls a measure and fund; empty where the keys are years and the like."""
        policy = self.result.scenario.policy
        known: dict[str, Any] = {"measure": policy.measures, "fund": policy.funds}
        found: list[Text] = [
            known[by][key].name for by, key in zip(self.by, keys, strict=True) if by in known
        ]
        return listed(found, lang)

    def _certain(self, at: int) -> bool:
        """Whether the rules leave no chance of such money."""
        keys, funds = dict(zip(self.by, self.keys[at], strict=True)), self.result.scenario.policy.funds
        paying = [name for name, one in funds.items() if one.special or not self.special]
        if "fund" in keys:
            paying = [one for one in paying if one == keys["fund"]]
        measures = [keys["measure"]] if "measure" in keys else None
        return not can_pay(self.result.scenario, keys.get("paid"), measures=measures, funds=paying)


def ids_of(result: Result, by: str) -> list[Any]:
    """All that outlays of a run can be of: years, numbers of quarters, ids of the policy."""
    policy = result.scenario.policy
    known: dict[str, list[Any]] = {
        "paid": list(result.paid_years),
        "earned": list(result.earned_years),
        "measure": list(policy.measures),
        "fund": list(policy.funds),
        "district": ["", *policy.districts],
        "quarter": [1, 2, 3, 4],
    }
    return known[by]


def paid_table(result: Result, by: tuple[str, ...], *, special: bool, full: bool = False) -> Table:
    """Outlays by some fields; combinations that no draw paid are left out where there are several and not `full`."""
    ids = [ids_of(result, one) for one in by]
    sizes = [len(one) for one in ids]
    group = np.zeros(len(result.outlays.cells), dtype=np.int64)
    for one, known in zip(by, ids, strict=True):
        group = group * len(known) + _numbers(result, one, known)
    if special:
        ours = np.array([fund.special for fund in result.scenario.policy.funds.values()])
        group = np.where(ours[result.outlays.cells["fund"]], group, -1)
    fen, keys = sum_by(result.outlays, group, int(np.prod(sizes))), list(product(*ids))
    if len(by) > 1 and not full:
        paid = np.flatnonzero(fen.any(axis=0))
        fen, keys = fen[:, paid], [keys[at] for at in paid]
    fen.setflags(write=False)
    return Table(result, by, special, keys, fen)


def _numbers(result: Result, by: str, known: Sequence[Any]) -> Any:
    """Place among the known ids, of each cell."""
    column = result.outlays.cells[by].astype(np.int64)
    return column - known[0] if by in ("paid", "earned", "quarter") else column + (by == "district")
