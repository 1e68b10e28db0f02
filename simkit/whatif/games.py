"""Sets of provisions that meet on matters or under total caps, each set decided on the same claims."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial
from typing import Literal, NamedTuple

import numpy as np

from simkit.awards.outlays import Layout
from simkit.base.arrays import BoolArray, FenArray, FloatArray, IndexArray
from simkit.base.random import decision, uniforms
from simkit.runs.executors import threads
from simkit.scenario import Scenario
from simkit.sizing.shapley import shapley_of_all_sets
from simkit.whatif.kept.again import decide_some
from simkit.whatif.kept.claims import KeptClaims, Progress
from simkit.whatif.kept.paid import Paid

__all__ = ["VIEWS", "Found", "Tie", "Way", "passes_of", "shared", "single", "two_amounts"]

#: Measures of one tie up to which every set of them is decided; of more, orders are drawn.
EXACT = 8
#: Orders that each draw is decided in where there are too many sets.
ORDERS = 16
#: The two amounts of money: the whole policy's in all years, the special fund's in the budget year.
VIEWS = 2

Tie = frozenset[str]
#: How order-free costs were found.
Way = Literal["alone", "all sets", "drawn orders"]


class Found(NamedTuple):
    """Costs of the provisions of one tie by draw; `order_free` is a whole number over `per`.

    Attributes
    ----------
    alone, stacked, order_free : int64[provision, draw, view]
    spread : float[provision, draw, view]
        Variance of the draw's `order_free` over the orders drawn.
    """

    way: Way

    alone: FenArray
    stacked: FenArray
    order_free: FenArray
    spread: FloatArray
    per: int


def passes_of(players: int) -> int:
    """How many times the draws are gone through for a tie of so many provisions."""
    if players == 1:
        return 0
    return 2**players if players <= EXACT else (ORDERS + 2) * players


def two_amounts(paid: Paid) -> FenArray:
    """The two amounts by draw: int64[draw, view]."""
    year = paid.scenario.plan.budget_year
    return np.stack([paid.total(special=False), paid.total(special=True, year=year)], axis=1)


def single(paid: Paid) -> Found:
    """A provision that meets no other costs the same in any order."""
    values = two_amounts(paid)[None]
    return Found("alone", values, values, values, np.zeros(values.shape), 1)


class _Game:
    """What sets of a tie's provisions pay in a block of draws."""

    def __init__(self, kept: KeptClaims, tie: Tie, members: Sequence[str]) -> None:
        self.kept, self.tie, self.members = kept, tie, tuple(members)
        policy = kept.scenario.policy
        names = list(policy.measures)
        self.places = [names.index(name) for name in members]
        self.company = _company(kept.scenario, tie, members)
        self.seen = _seen(kept.scenario, kept.job.layout)

    @property
    def players(self) -> int:
        """Number of provisions."""
        return len(self.members)

    def pays(self, block: int, counted: BoolArray) -> FenArray:
        """Money where by draw only some provisions count, bool[draw, provision]: int64[draw, view]."""
        allowed = np.zeros((len(counted), len(self.kept.scenario.policy.measures)), dtype=np.bool_)
        for player, place in enumerate(self.places):
            allowed[:, place] = counted[:, player]
        for place, host in self.company.items():
            allowed[:, place] = True if host is None else counted[:, host]
        rows = decide_some(self.kept, self.tie, block, allowed)
        part = self.kept.parts[self.tie][block]
        total = np.zeros((len(counted), VIEWS), dtype=np.int64)
        for view in range(VIEWS):
            mine = rows[self.seen[view, rows[:, 1]]]
            np.add.at(total[:, view], mine[:, 0] - part.first, mine[:, 2])
        return total

    def draws(self, block: int) -> IndexArray:
        """Numbers of the draws of a block."""
        part = self.kept.parts[self.tie][block]
        return part.first + np.arange(len(part.claims.firsts) - 1)


def _company(scenario: Scenario, tie: Tie, members: Sequence[str]) -> dict[int, int | None]:
    """The measures of other policies in a tie: place of each, and the provision whose claims bring it with them."""
    found: dict[int, int | None] = {}
    for place, name in enumerate(scenario.policy.measures):
        plan = scenario.plan.claims.get(name)
        if name in tie and name not in members and plan is not None:
            host = plan.companion.of if plan.companion is not None else None
            found[place] = members.index(host) if host in members else None
    return found


def _seen(scenario: Scenario, layout: Layout) -> BoolArray:
    """Which cells each of the two amounts counts: bool[view, cell]."""
    cells = layout.cells(np.arange(layout.size))
    special = np.array(scenario.policy.special)[cells["fund"]]
    return np.stack([np.ones(layout.size, bool), special & (cells["paid"] == scenario.plan.budget_year)])


def shared(kept: KeptClaims, tie: Tie, members: Sequence[str], jobs: int | None, progress: Progress) -> Found:
    """Provisions of one tie: every set of them, or drawn orders, block by block."""
    game = _Game(kept, tie, members)
    way = _all_sets if game.players <= EXACT else _drawn_orders
    blocks = []
    for block, found in enumerate(threads(jobs).map(lambda one: way(game, one), range(kept.blocks))):
        blocks.append(found)
        if progress is not None:
            progress(passes_of(game.players) * len(game.draws(block)))
    alone, stacked, order_free, spread = (
        np.concatenate([found[place] for found in blocks], axis=1) for place in range(1, 5)
    )
    return Found(blocks[0].way, alone, stacked, order_free, spread, blocks[0].per)


def _all_sets(game: _Game, block: int) -> Found:
    """Every set of the provisions decided."""
    players, draws = game.players, len(game.draws(block))
    values = np.zeros((2**players, draws, VIEWS), dtype=np.int64)
    for one in range(1, 2**players):
        belongs = np.array([one >> player & 1 for player in range(players)], dtype=np.bool_)
        values[one] = game.pays(block, np.broadcast_to(belongs, (draws, players)))
    alone = values[[1 << player for player in range(players)]]
    stacked = np.diff(values[[(1 << player) - 1 for player in range(players + 1)]], axis=0)
    order_free = shapley_of_all_sets(values)
    return Found("all sets", alone, stacked, order_free, np.zeros(order_free.shape), factorial(players))


def _drawn_orders(game: _Game, block: int) -> Found:
    """Each draw decided in ORDERS orders of its own, and in the policy's."""
    players, numbers = game.players, game.draws(block)
    own = np.broadcast_to(np.arange(players), (len(numbers), players))
    alone = np.stack([game.pays(block, own == player) for player in range(players)])
    added = np.stack([_added(game, block, _ranks(game, numbers, turn)) for turn in range(ORDERS)])
    spread = added.astype(np.float64).var(axis=0, ddof=1) / ORDERS
    return Found("drawn orders", alone, _added(game, block, own), added.sum(axis=0), spread, ORDERS)


def _ranks(game: _Game, numbers: IndexArray, turn: int) -> IndexArray:
    """Place of each provision in an order drawn for each draw: int64[draw, provision].

    The lots of a provision have addresses of its own, so that a provision more leaves the others in their order.
    """
    seed = game.kept.job.seed
    lots = [uniforms(seed, decision(name, "place in an order"), numbers, turn) for name in game.members]
    return np.stack(lots, axis=1).argsort(axis=1, kind="stable").argsort(axis=1)


def _added(game: _Game, block: int, ranks: IndexArray) -> FenArray:
    """What each provision adds to those before it in its draw's order: int64[provision, draw, view]."""
    before, found = np.zeros((len(ranks), VIEWS), dtype=np.int64), None
    for place in range(game.players):
        now = game.pays(block, ranks <= place)
        found = np.zeros((game.players, *now.shape), dtype=np.int64) if found is None else found
        found[(ranks == place).argmax(axis=1), np.arange(len(ranks))] = now - before
        before = now
    assert found is not None  # a tie has provisions
    return found
