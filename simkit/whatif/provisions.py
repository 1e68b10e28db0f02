"""What each provision costs: alone, stacked in the policy's order, and free of any order (Shapley)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from simkit.base.arrays import FenArray, FloatArray
from simkit.documents.models import Text
from simkit.policy.schema import Policy
from simkit.policy.ties import ties
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.scenario import Scenario
from simkit.sizing.estimate import attempt
from simkit.sizing.quantiles import mean
from simkit.sizing.shapley import whole_shares
from simkit.whatif.answers import Origin, origin_of
from simkit.whatif.games import VIEWS, Found, Tie, Way, passes_of, shared, single, two_amounts
from simkit.whatif.kept.claims import Progress, keep_claims
from simkit.whatif.kept.paid import Paid

__all__ = ["Cost", "Provision", "Provisions", "claiming", "passes", "provisions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a provision costs, counted in three ways: fen, summed over all draws (the mean is that over draws).

    Attributes
    ----------
    alone : int
        Were it the only provision, with what others pay on its matters.
    stacked : int
        What it adds to the provisions before it in the policy's order.
    order_free : int
        Shapley value: what it adds on average over all orders. Rounded so that the provisions sum to the
        policy's money exactly.
    saved : int
        `alone` less `order_free`: what shared matters and total caps take off it.
    alone_error, stacked_error, order_free_error, saved_error : float or None
        Standard errors of the means; None where too few draws carry one.
    sampling_error : float
        Part of the error of the mean of `order_free` that comes from drawing orders; 0 where all sets were decided.
    """

    alone: int
    alone_error: float | None
    stacked: int
    stacked_error: float | None
    order_free: int
    order_free_error: float | None
    saved: int
    saved_error: float | None
    sampling_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """A provision that can claim money under the policy.

    Attributes
    ----------
    together : tuple of str
        The other provisions that it shares matters or total caps with, directly or through them.
    way : `alone`, `all sets` or `drawn orders`
        How `order_free` was found.
    total : Cost
        Of the whole policy, all paid years.
    budget_year : Cost
        Of the special fund, paid in the budget year.
    """

    measure: str
    name: Text
    clause: str
    together: tuple[str, ...]
    way: Way
    total: Cost
    budget_year: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisions:
    """Every provision's cost in three ways.

    Attributes
    ----------
    origin : Origin
    asked : dict
    provisions : tuple of Provision
        In the policy's order.
    total, budget_year : Cost
        Of all together: `alone` is their sum, `stacked` and `order_free` what the policy pays.
    """

    origin: Origin
    asked: dict[str, Any]
    provisions: tuple[Provision, ...]
    total: Cost
    budget_year: Cost


def provisions(
    scenario: Scenario,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    progress: Progress = None,
) -> Provisions:
    """What each provision costs alone, stacked, and free of order.

    Measures that share no matter and no total cap cost the same in all three ways. Of those that do, every set
    is decided on the same claims, those of the other measures left out; of more than `games.EXACT` in one tie,
    each draw is decided in `games.ORDERS` orders drawn at random, which leaves a sampling error, but none in the sum.

    Parameters
    ----------
    progress : function, optional
        Called with the number of draws done since the last call; `passes(scenario) * draws` in all.

    Raises
    ------
    InputError
        For an argument out of range.
    """
    names, groups = claiming(scenario), _groups(scenario)
    meeting = [name for members in groups.values() if len(members) > 1 for name in members]
    kept = keep_claims(scenario, draws=draws, seed=seed, measures=meeting, jobs=jobs, progress=progress)
    made: dict[str, Provision] = {}
    alone = np.zeros((draws, VIEWS), dtype=np.int64)
    for tie, members in groups.items():
        if len(members) > 1:
            found = shared(kept, tie, members, jobs, progress)
        else:
            found = single(Paid(scenario, (kept.outlays[tie],)))
        made |= _made(scenario.policy, members, found)
        alone += found.alone.sum(axis=0)
    whole = two_amounts(Paid(scenario, tuple(kept.outlays.values())))
    return Provisions(
        origin=origin_of(scenario, seed=seed, draws=draws),
        asked={},
        provisions=tuple(made[name] for name in names),
        total=_together(alone[:, 0], whole[:, 0]),
        budget_year=_together(alone[:, 1], whole[:, 1]),
    )


def claiming(scenario: Scenario) -> tuple[str, ...]:
    """The provisions that can claim money: of this policy, in force, with claims in the scenario."""
    plan, measures = scenario.plan, scenario.policy.measures
    return tuple(
        name
        for name, measure in measures.items()
        if measure.live and not measure.outside and name in plan.claims
    )


def passes(scenario: Scenario) -> int:
    """How many times the draws are gone through, for a bar of progress."""
    return 1 + sum(passes_of(len(members)) for members in _groups(scenario).values())


def _groups(scenario: Scenario) -> dict[Tie, tuple[str, ...]]:
    """The provisions of each tie, in the policy's order."""
    tied, names = ties(scenario.policy), claiming(scenario)
    return {tied[name]: tuple(one for one in names if one in tied[name]) for name in names}


def _made(policy: Policy, members: Sequence[str], found: Found) -> dict[str, Provision]:
    """The provisions of one tie."""
    costs = [_costs(found, view) for view in range(VIEWS)]
    return {
        name: Provision(
            measure=name,
            name=policy.measures[name].name,
            clause=policy.measures[name].clause,
            together=tuple(one for one in members if one != name),
            way=found.way,
            total=costs[0][place],
            budget_year=costs[1][place],
        )
        for place, name in enumerate(members)
    }


def _costs(found: Found, view: int) -> list[Cost]:
    """Costs of the provisions of one tie, one amount."""
    # Python's whole numbers: n! times the money of all draws is more than int64 holds.
    parts = [Fraction(sum(map(int, one)), found.per) for one in found.order_free[:, :, view]]
    made = []
    for place, order_free in enumerate(whole_shares(parts)):
        alone, stacked = found.alone[place, :, view], found.stacked[place, :, view]
        by_draw = found.order_free[place, :, view] / found.per
        made.append(
            Cost(
                alone=int(alone.sum()),
                alone_error=_error(alone),
                stacked=int(stacked.sum()),
                stacked_error=_error(stacked),
                order_free=order_free,
                order_free_error=_error(by_draw),
                saved=int(alone.sum()) - order_free,
                saved_error=_error(alone - by_draw, certain=found.way == "alone"),
                sampling_error=float(np.sqrt(found.spread[place, :, view].sum()) / len(alone)),
            )
        )
    return made


def _together(alone: FenArray, paid: FenArray) -> Cost:
    """The costs of all provisions summed, by draw."""
    total, error = int(paid.sum()), _error(paid)
    return Cost(
        alone=int(alone.sum()),
        alone_error=_error(alone),
        stacked=total,
        stacked_error=error,
        order_free=total,
        order_free_error=error,
        saved=int(alone.sum()) - total,
        saved_error=_error(alone - paid),
        sampling_error=0.0,
    )


def _error(sample: FenArray | FloatArray, *, certain: bool = False) -> float | None:
    return attempt(partial(mean, sample, certain=certain)).error
