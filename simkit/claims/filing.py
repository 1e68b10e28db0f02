"""Filing: the claims of an agency and year that has some, those below the take-up; compiled, by address."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from simkit.base.arrays import FloatArray, IndexArray
from simkit.base.compiled import compiled_step
from simkit.base.random import place_of, unit, unit_of_two, words_at, words_of_places
from simkit.claims.agencies import SERIAL_BITS
from simkit.claims.memory import NO_ROOM_FOR_CLAIMS, UNKNOWN_KIND, Arrivals, Scratch
from simkit.claims.records import MARK_OF_AGENCY, MARK_OF_AGENCY_YEAR, MARK_OF_CLAIM, Draw, Record
from simkit.distributions.frequency import chance_of_none, number_of_claims

__all__ = [
    "CERTAIN",
    "Asked",
    "Event",
    "chances_of_none",
    "claim_one_by_one",
    "is_filed",
    "is_outside",
    "note_claims",
]

#: Every mark lies below it: what is left of a take-up that is counted in already.
CERTAIN = math.inf


class Asked(NamedTuple):
    """A plan in a year of a draw.

    Attributes
    ----------
    at, year : int
        Number of the year, and the year.
    together : bool
        Whether the take-up is part of the chance to have a point.
    weight : float[line]
    """

    plan: Record
    at: int
    year: int
    intensity: float
    take_up: float
    together: bool
    weight: FloatArray


class Event(NamedTuple):
    """So many claims of one agency in a year, from a day on; `word` is the mark of agency and year."""

    slot: int
    several: int
    held: int
    word: Any


@compiled_step
def is_filed(draw: Draw, plan: Record, year: int, event: Event, index: int, take_up: float) -> int:
    """Whether a mark lies below the take-up: that of an agency and year, of one claim, of an agency."""
    if take_up == CERTAIN:
        return 1
    word = event.word
    if plan.mark == MARK_OF_CLAIM:
        word = words_at(draw.seed, plan.asked_mark, draw.number, year, event.slot, index)[0]
    elif plan.mark == MARK_OF_AGENCY:
        word = words_at(draw.seed, plan.asked_mark, draw.number, 0, event.slot, 0)[0]
    elif plan.mark != MARK_OF_AGENCY_YEAR:
        return UNKNOWN_KIND
    return 1 if unit(word) < take_up else 0


@compiled_step
def is_outside(plan: Record, opens: IndexArray, at: int) -> bool:
    """Whether nothing of a year can count. Where the first event ever counts, what was before the window does."""
    return plan.first_time == 0 and (opens[at + 1] <= plan.since or opens[at] > plan.until)


@compiled_step
def note_claims(draw: Draw, asked: Asked, event: Event, take_up: float, arrivals: Arrivals, row: int) -> int:
    """Write down the claims of one agency and year that are filed; the next free row.

    Those not filed too where the first event ever counts.
    """
    for index in range(event.several):
        files = is_filed(draw, asked.plan, asked.year, event, index, take_up)
        if files < 0:
            return files
        if files == 0 and not asked.plan.first_time:
            continue
        if row >= len(arrivals.notes):
            return NO_ROOM_FOR_CLAIMS
        arrivals.slots[row] = event.slot
        arrivals.places[row] = place_of(asked.year, index)
        note = arrivals.notes[row]
        note.held = event.held
        note.files = files
        note.day = -1
        note.first_time = 0
        row += 1
    return row


@compiled_step
def chances_of_none(asked: Asked, none: FloatArray) -> bool:
    """P(no claim) of the agencies of each line, and last of what is no agency; whether the frequency is known."""
    plan, lines = asked.plan, len(asked.weight)
    for line in range(lines):
        none[line] = chance_of_none(plan.frequency, plan.spread, asked.intensity * asked.weight[line])
    none[lines] = chance_of_none(plan.frequency, plan.spread, asked.intensity)
    return none[lines] >= 0.0


@compiled_step
def claim_one_by_one(
    draw: Draw, asked: Asked, tried: int, scratch: Scratch, arrivals: Arrivals, row: int
) -> int:
    """Claims of the first `tried` addresses of the scratch memory: each is looked at."""
    plan, none, words = asked.plan, scratch.none, scratch.words
    slots, lines = scratch.slots, len(asked.weight)
    words_of_places(draw.seed, plan.asked_count, draw.number, slots[:tried], scratch.places[:tried], words)
    for one in range(tried):
        line = min(slots[one] >> SERIAL_BITS, lines)
        u = unit_of_two(words[2, one], words[3, one])
        if u <= none[line]:
            continue
        mean = asked.intensity * asked.weight[line] if line < lines else asked.intensity
        several = number_of_claims(plan.frequency, plan.spread, mean, none[line], u)
        event = Event(slot=slots[one], several=several, held=scratch.held[one], word=np.uint64(words[1, one]))
        row = note_claims(draw, asked, event, asked.take_up, arrivals, row)
        if row < 0:
            return row
    return row
