"""Claims of those on a list: holders of a status, agencies that gain one, parks, buildings, the city; compiled."""

from __future__ import annotations

import numpy as np

from simkit.base.arrays import FloatArray, Records
from simkit.base.compiled import compiled_step
from simkit.base.random import WordArray, place_of, words_of_places
from simkit.claims.agencies import NEVER, SERIAL_BITS, SERIAL_MASK
from simkit.claims.filing import Asked, Event, chances_of_none, claim_one_by_one, is_filed, is_outside
from simkit.claims.memory import NO_ROOM_FOR_CLAIMS, UNKNOWN_KIND, Agencies, Arrivals, Scratch
from simkit.claims.records import Draw, Record

__all__ = ["among_listed", "list_others", "transitions"]

#: Line of the first beneficiary that is no agency; a category has fewer values.
_FIRST_OTHER = 64


@compiled_step
def among_listed(
    draw: Draw,
    plan: Record,
    by_year: Records,
    weight: FloatArray,
    listed: Records,
    agencies: Agencies,
    scratch: Scratch,
    arrivals: Arrivals,
) -> int:
    """Claims of those on a list: holders of a status, parks, buildings, the city; each is looked at.

    Returns their number, or why it cannot go on.
    """
    if len(listed) > len(scratch.slots):
        return NO_ROOM_FOR_CLAIMS
    lines, row = len(weight), 0
    for at in range(len(by_year)):
        if is_outside(plan, agencies.opens, at):
            continue
        asked = Asked(
            plan=plan,
            at=at,
            year=agencies.first_year + at,
            intensity=by_year[at].intensity,
            take_up=by_year[at].take_up,
            together=False,
            weight=weight,
        )
        if not chances_of_none(asked, scratch.none):
            return UNKNOWN_KIND
        tried = 0
        for one in range(len(listed)):
            slot, held = listed[one].slot, listed[one].day
            line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
            if held >= agencies.opens[at + 1] or (line < lines and agencies.entered[line, serial] == NEVER):
                continue
            scratch.slots[tried] = slot
            scratch.places[tried] = place_of(asked.year, 0)
            scratch.held[tried] = held
            tried += 1
        row = claim_one_by_one(draw, asked, tried, scratch, arrivals, row)
        if row < 0:
            return row
    return row


@compiled_step
def list_others(plan: Record, count: int, agencies: Agencies) -> bool:
    """List so many that are no agencies after the holders; False where there is no room.

    They have lines of their own, beyond any of the agencies.
    """
    begin = agencies.holder_first[len(agencies.holder_first) - 1]
    if begin + count > len(agencies.holders) or count > agencies.left.shape[1]:
        return False
    for place in range(count):
        other = agencies.holders[begin + place]
        other.slot = ((_FIRST_OTHER + plan.other) << SERIAL_BITS) | place
        other.day = 0
        other.year = 0
    return True


@compiled_step
def transitions(
    draw: Draw,
    plan: Record,
    by_year: Records,
    first_year: int,
    listed: Records,
    words: WordArray,
    arrivals: Arrivals,
) -> int:
    """Claims of agencies that gain a status, earned on that day: the first time by its nature.

    Returns their number, or why it cannot go on.
    """
    slots, places, notes, gained = arrivals.slots, arrivals.places, arrivals.notes, 0
    for one in range(len(listed)):
        day, year = listed[one].day, listed[one].year
        if year == 0 or day < plan.since or day > plan.until:
            continue
        if gained >= len(notes):
            return NO_ROOM_FOR_CLAIMS
        slots[gained] = listed[one].slot
        places[gained] = place_of(year, 0)
        notes[gained].held = day
        gained += 1
    words_of_places(draw.seed, plan.asked_count, draw.number, slots[:gained], places[:gained], words)
    to = 0
    for one in range(gained):
        slot, place, day = slots[one], places[one], notes[one].held
        year = place >> 20
        event = Event(slot=slot, several=1, held=day, word=np.uint64(words[1, one]))
        files = is_filed(draw, plan, year, event, 0, by_year[year - first_year].take_up)
        if files < 0:
            return files
        if files == 0:
            continue
        slots[to] = slot
        places[to] = place
        notes[to].held = notes[to].day = day
        notes[to].files = notes[to].first_time = 1
        to += 1
    return to
