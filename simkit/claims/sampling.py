"""Claims drawn: frequency and severity of each agency, every number by its address."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simkit.base.arrays import IndexArray, Records
from simkit.base.compiled import compiled, compiled_step, compiled_within
from simkit.base.errors import RunError
from simkit.base.order import sort_by
from simkit.claims.agencies import SERIAL_BITS
from simkit.claims.amounts import write
from simkit.claims.arrivals import among_lines
from simkit.claims.dating import beside, dated
from simkit.claims.listed import among_listed, list_others, transitions
from simkit.claims.memory import (
    DONE,
    NO_ROOM_FOR_AGENCIES,
    NO_ROOM_FOR_CLAIMS,
    UNKNOWN_KIND,
    Agencies,
    Arrivals,
    Room,
    Scratch,
    agencies_of,
    arrivals_of,
    scratch_of,
)
from simkit.claims.records import (
    FROM_COMPANION,
    FROM_HOLDERS,
    FROM_LINES,
    FROM_OTHERS,
    FROM_TRANSITION,
    Blueprint,
    Draw,
    Drawn,
    Model,
    PopulationRates,
)
from simkit.claims.statuses import agencies_of_draw
from simkit.claims.types import CLAIM, Claims

__all__ = ["Sampled", "Sampler"]

#: Claims of one call that still fit a core's cache.
_TOGETHER = 1 << 15


class Sampled(NamedTuple):
    """Claims of some draws.

    Attributes
    ----------
    claims : Claims
        The columns of a claim are those of its measure.
    agencies : int64[draw, year + 1]
        Agencies at the end of the start year and of each year after.
    """

    claims: Claims
    agencies: IndexArray


class _Memory(NamedTuple):
    """What the sampler writes into; the claims of plan p are rows `plan_first[p]` to before `plan_last[p]`."""

    agencies: Agencies
    scratch: Scratch
    arrivals: Arrivals
    plan_first: IndexArray
    plan_last: IndexArray
    rows: Records
    attributes: IndexArray


@compiled_step
def _part(arrivals: Arrivals, begin: int, end: int) -> Arrivals:
    """Some consecutive claims."""
    return Arrivals(
        slots=arrivals.slots[begin:end],
        places=arrivals.places[begin:end],
        notes=arrivals.notes[begin:end],
        rank=arrivals.rank[begin:end],
    )


@compiled_step
def _arrive(draw: Draw, model: Model, number: int, memory: _Memory, begin: int) -> int:
    """Claims of plan `number` from row `begin` on; how many, or why it cannot go on."""
    plan, by_year = model.blueprint.plans[number], model.drawn.by_year[draw.row, number]
    weight, agencies, scratch = model.blueprint.weight[number], memory.agencies, memory.scratch
    free = _part(memory.arrivals, begin, len(memory.arrivals.slots))
    first = agencies.holder_first
    if plan.origin == FROM_LINES:
        return among_lines(draw, plan, by_year, weight, agencies, scratch, free)
    if plan.origin == FROM_TRANSITION:
        listed = agencies.holders[first[plan.status] : first[plan.status + 1]]
        return transitions(draw, plan, by_year, agencies.first_year, listed, scratch.words, free)
    if plan.origin == FROM_HOLDERS:
        begin, count = first[plan.status], first[plan.status + 1] - first[plan.status]
    elif plan.origin == FROM_OTHERS:
        begin, count = first[len(first) - 1], model.drawn.others[draw.row, plan.other]
        if not list_others(plan, count, agencies):
            return NO_ROOM_FOR_AGENCIES
    else:
        return UNKNOWN_KIND
    listed = agencies.holders[begin : begin + count]
    return among_listed(draw, plan, by_year, weight, listed, agencies, scratch, free)


@compiled_within
def _claim(draw: Draw, model: Model, memory: _Memory) -> int:
    """Claims of all plans but those beside others, with their days; how many, or why it cannot go on."""
    blueprint, count = model.blueprint, 0
    for number in range(len(blueprint.plans)):
        if blueprint.plans[number].origin == FROM_COMPANION:
            continue
        found = _arrive(draw, model, number, memory, count)
        if found < 0:
            return found
        memory.plan_first[number] = count
        count += dated(
            draw,
            blueprint,
            number,
            model.drawn.by_plan[draw.row, number].already,
            memory.agencies,
            memory.scratch,
            _part(memory.arrivals, count, count + found),
            count,
        )
        memory.plan_last[number] = count
    return count


@compiled_within
def _accompany(draw: Draw, model: Model, memory: _Memory, count: int) -> int:
    """What others pay beside the first `count` claims, after them; how many there are now, or NO_ROOM_FOR_CLAIMS."""
    blueprint, arrivals = model.blueprint, memory.arrivals
    for number in range(len(blueprint.plans)):
        plan = blueprint.plans[number]
        of = _part(arrivals, memory.plan_first[number], memory.plan_last[number])
        for place in range(plan.companion_first, plan.companion_last):
            other, days = blueprint.companions[place].plan, blueprint.companions[place].days
            chance = model.drawn.by_plan[draw.row, other].companion
            free = _part(arrivals, count, len(arrivals.slots))
            found = beside(draw, blueprint.plans[other], chance, days, memory.scratch.words, of, free, count)
            if found < 0:
                return found
            memory.plan_first[other] = count
            count += found
            memory.plan_last[other] = count
    return count


@compiled_within
def _put_in_order(scratch: Scratch, arrivals: Arrivals, count: int) -> None:
    """Rank the first `count` claims in order of decision."""
    for one in range(count):
        scratch.keys[one] = arrivals.notes[one].order
    sort_by(scratch.keys, count, scratch.order, scratch.spare, arrivals.rank, scratch.digits)
    for place in range(count):
        arrivals.rank[scratch.order[place]] = place


@compiled_within
def _write_draw(draw: Draw, model: Model, memory: _Memory, begin: int) -> int:
    """Write the claims of a draw from row `begin` on; DONE or UNKNOWN_KIND."""
    rows, attributes = memory.rows[begin:], memory.attributes[begin:]
    for number in range(len(model.blueprint.plans)):
        own = _part(memory.arrivals, memory.plan_first[number], memory.plan_last[number])
        outcome = write(draw, model, number, memory.agencies, memory.scratch, own, rows, attributes)
        if outcome != DONE:
            return outcome
    return DONE


@compiled
def _sample(
    seed: int,
    path: int,
    at_first: int,
    draws: IndexArray,
    model: Model,
    memory: _Memory,
    firsts: IndexArray,
    counted: IndexArray,
) -> int:
    """Claims of some draws, each draw's in order of decision; DONE, or why it cannot go on."""
    total = 0
    for one in range(len(draws)):
        firsts[one] = total
        draw = Draw(seed=seed, number=draws[one], row=at_first + one)
        people = Draw(seed=seed, number=path if path >= 0 else draws[one], row=at_first + one)
        outcome = agencies_of_draw(people, model.rates, memory.agencies, memory.scratch, counted[one])
        if outcome != DONE:
            return outcome
        count = _claim(draw, model, memory)
        if count >= 0:
            count = _accompany(draw, model, memory, count)
        if count < 0:
            return count
        if total + count > len(memory.rows):
            return NO_ROOM_FOR_CLAIMS
        _put_in_order(memory.scratch, memory.arrivals, count)
        outcome = _write_draw(draw, model, memory, total)
        if outcome != DONE:
            return outcome
        total += count
    firsts[len(draws)] = total
    return DONE


class Sampler:
    """Draws claims with scratch memory of its own, one for each worker; what it gives lasts until the next call.

    Parameters
    ----------
    draws : int
        Most draws of one call.
    path : int, optional
        A draw number whose agencies all draws share; without it each draw has agencies of its own.
    """

    def __init__(self, plan: Blueprint, seed: int, draws: int, path: int | None = None) -> None:
        self.plan, self.seed, self.draws = plan, seed, draws
        self.path = -1 if path is None else path
        self.claims, self.agencies, self.holders = 2_048, 512, 1_024
        self.memory: _Memory | None = None

    @property
    def together(self) -> int:
        """Draws that are best drawn in one call: fewer, the more claims a draw has."""
        return max(1, min(self.draws, _TOGETHER // self.claims))

    def sample(self, rates: PopulationRates, drawn: Drawn, draws: IndexArray, at_first: int) -> Sampled:
        """Claims of the draws in rows `at_first`, ... of `rates` and `drawn`.

        Raises
        ------
        RunError
            When a draw has more than a million agencies in a line or 50 million claims.
        """
        firsts = np.zeros(len(draws) + 1, dtype=np.int64)
        agencies = np.zeros((len(draws), rates.years.shape[1] + 1), dtype=np.int64)
        model = Model(blueprint=self.plan, drawn=drawn, rates=rates)
        while True:
            memory = self._memory(rates) if self.memory is None else self.memory
            self.memory = memory
            outcome = _sample(self.seed, self.path, at_first, draws, model, memory, firsts, agencies)
            if outcome == DONE:
                rows, attributes = memory.rows[: firsts[-1]], memory.attributes[: firsts[-1]]
                return Sampled(Claims(rows, attributes, firsts), agencies)
            if outcome == UNKNOWN_KIND:
                raise RunError("error.plan_not_drawn")
            if outcome == NO_ROOM_FOR_CLAIMS:
                self.claims *= 2
            else:
                self.agencies, self.holders = 2 * self.agencies, 2 * self.holders
            self.memory = None
            if self.claims > 50_000_000 or self.agencies > 1 << SERIAL_BITS:
                raise RunError("error.too_many_claims")

    def _memory(self, rates: PopulationRates) -> _Memory:
        # A draw may hold twice the claims of the mean draw.
        room = Room(agencies=self.agencies, holders=self.holders, claims=2 * self.claims)
        rows, (plans, columns) = self.claims * self.draws, self.plan.ways.shape
        return _Memory(
            agencies=agencies_of(rates, room),
            scratch=scratch_of(rates, room),
            arrivals=arrivals_of(room),
            plan_first=np.zeros(plans, dtype=np.int64),
            plan_last=np.zeros(plans, dtype=np.int64),
            rows=np.zeros(rows, dtype=CLAIM),
            attributes=np.zeros((rows, columns), dtype=np.int64),
        )
