"""Arrivals: which agencies, parks, ... claim under a measure, how often and when; compiled, by address.

Visited are only those who claim: an agency and year whose point lies below its chance of a claim, so
the cost follows claims, not agencies. Claims of a measure stand one beside the other in columns
(`slots`, `places`: their addresses; `notes`: the rest), so that their random words are drawn together.
"""

from __future__ import annotations

import numpy as np

from simkit.base.arrays import FloatArray, Records
from simkit.base.compiled import compiled_step
from simkit.base.random import place_of, unit_of_two, words_of_places
from simkit.claims.agencies import CELL_SHIFT, NEVER, SERIAL_BITS, SERIAL_MASK
from simkit.claims.filing import (
    CERTAIN,
    Asked,
    Event,
    chances_of_none,
    claim_one_by_one,
    is_outside,
    note_claims,
)
from simkit.claims.memory import (
    NO_ROOM_FOR_CLAIMS,
    UNKNOWN_KIND,
    Agencies,
    Arrivals,
    Scratch,
)
from simkit.claims.records import MARK_OF_AGENCY_YEAR, MARK_OF_CLAIM, Draw, Record
from simkit.claims.statuses import scatter
from simkit.distributions.frequency import EVENT, number_of_claims

__all__ = [
    "INDEX_MASK",
    "among_lines",
]

#: The index in a place (`random.place_of`); the year is above it.
INDEX_MASK = (1 << 20) - 1
#: Of agencies more likely to claim than this every one is looked at; of the others, points.
_CROWDED = 0.9


@compiled_step
def _chance(asked: Asked, none: FloatArray, line: int) -> float:
    """Chance that an agency of a line has a point."""
    return (1.0 - none[line]) * (asked.take_up if asked.together else 1.0)


@compiled_step
def _clear_cells(asked: Asked, scratch: Scratch) -> None:
    """Chance that a cell has no point, by line; crowded lines have no points at all."""
    for line in range(len(scratch.clear)):
        chance = _chance(asked, scratch.none, line)
        scratch.clear[line] = 1.0
        if 0.0 < chance <= _CROWDED:
            # (1 - chance) ** CELL
            power = 1.0 - chance
            for _ in range(6):
                power *= power
            scratch.clear[line] = power


@compiled_step
def _claim_at_points(
    draw: Draw, asked: Asked, agencies: Agencies, scratch: Scratch, arrivals: Arrivals, row: int
) -> int:
    """Claims of agencies with a point below their chance."""
    plan, none, words = asked.plan, scratch.none, scratch.words
    slots, places = scratch.slots, scratch.places
    take_up = CERTAIN if asked.together else asked.take_up
    found = scatter(draw, plan.asked_points, asked.at, agencies, scratch)
    if found < 0:
        return found
    words_of_places(draw.seed, plan.asked_count, draw.number, slots[:found], places[:found], words)
    met = np.uint64(0)
    for one in range(found):
        # Several points of a slot are one event.
        place = np.uint64(words[0, one]) >> np.uint64(CELL_SHIFT)
        if places[one] & INDEX_MASK == 0:
            met = np.uint64(0)
        bit = np.uint64(1) << place
        if met & bit:
            continue
        met |= bit
        slot = slots[one] + np.int64(place)
        line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
        if serial >= agencies.bounds[line, asked.at + 1] or agencies.entered[line, serial] == NEVER:
            continue
        u = none[line] + unit_of_two(words[2, one], words[3, one]) * (1.0 - none[line])
        mean = asked.intensity * asked.weight[line]
        several = max(1, number_of_claims(plan.frequency, plan.spread, mean, none[line], u))
        event = Event(slot=slot, several=several, held=0, word=np.uint64(words[1, one]))
        row = note_claims(draw, asked, event, take_up, arrivals, row)
        if row < 0:
            return row
    return row


@compiled_step
def _try_line(line: int, asked: Asked, agencies: Agencies, scratch: Scratch) -> int:
    """Make every agency of a line an address to be tried; their number."""
    reach, tried = agencies.bounds[line, asked.at + 1], 0
    if reach > len(scratch.slots):
        return NO_ROOM_FOR_CLAIMS
    for serial in range(reach):
        if agencies.entered[line, serial] != NEVER:
            scratch.slots[tried] = (line << SERIAL_BITS) | serial
            scratch.places[tried] = place_of(asked.year, 0)
            scratch.held[tried] = 0
            tried += 1
    return tried


@compiled_step
def among_lines(
    draw: Draw,
    plan: Record,
    by_year: Records,
    weight: FloatArray,
    agencies: Agencies,
    scratch: Scratch,
    arrivals: Arrivals,
) -> int:
    """Claims of agencies of all lines of business. Agencies that do not qualify claim nothing.

    An agency claims in a year when its point lies below take-up x P(a claim): so a higher take-up or
    intensity only adds claims. Where the first event ever counts, or the mark is an agency's or a
    claim's own, take-up is asked apart. Returns their number, or why it cannot go on.
    """
    row = 0
    together = not plan.first_time and (
        plan.mark == MARK_OF_AGENCY_YEAR or (plan.mark == MARK_OF_CLAIM and plan.frequency == EVENT)
    )
    for at in range(len(by_year)):
        if is_outside(plan, agencies.opens, at):
            continue
        asked = Asked(
            plan=plan,
            at=at,
            year=agencies.first_year + at,
            intensity=by_year[at].intensity,
            take_up=by_year[at].take_up,
            together=together,
            weight=weight,
        )
        if not chances_of_none(asked, scratch.none):
            return UNKNOWN_KIND
        _clear_cells(asked, scratch)
        row = _claim_at_points(draw, asked, agencies, scratch, arrivals, row)
        for line in range(len(weight)):
            if row >= 0 and _chance(asked, scratch.none, line) > _CROWDED:
                tried = _try_line(line, asked, agencies, scratch)
                if tried < 0:
                    return tried
                row = claim_one_by_one(draw, asked, tried, scratch, arrivals, row)
        if row < 0:
            return row
    return row
