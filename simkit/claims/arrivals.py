"""Arrivals: which agencies, parks, ... claim under a measure, how often and when; compiled, by address.

Visited are only those who claim: an agency and year whose point lies below its chance of a claim, so
the cost follows claims, not agencies. Claims of a measure stand one beside the other in columns
(`slots`, `places`: their addresses; `notes`: the rest), so that their random words are drawn together.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled, compiled_step
from simkit.base.random import WordArray, place_of, unit, unit_of_two, words_at, words_of_places
from simkit.claims.agencies import CELL_SHIFT, NEVER, SERIAL_BITS, SERIAL_MASK
from simkit.claims.memory import (
    NO_ROOM_FOR_CLAIMS,
    UNKNOWN_KIND,
    Agencies,
    Arrivals,
    Scratch,
)
from simkit.claims.records import MARK_OF_AGENCY, MARK_OF_AGENCY_YEAR, MARK_OF_CLAIM, Draw, LawTables, Record
from simkit.claims.statuses import scatter
from simkit.distributions.frequency import EVENT, chance_of_none, number_of_claims

__all__ = [
    "INDEX_MASK",
    "among_lines",
    "among_listed",
    "category",
    "list_others",
    "transitions",
]

#: The index in a place (`random.place_of`); the year is above it.
INDEX_MASK = (1 << 20) - 1
#: Of agencies more likely to claim than this every one is looked at; of the others, points.
_CROWDED = 0.9
#: Every mark lies below it: what is left of a take-up that is counted in already.
_CERTAIN = math.inf
#: Line of the first beneficiary that is no agency; a category has fewer values.
_FIRST_OTHER = 64


class _Asked(NamedTuple):
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


class _Event(NamedTuple):
    """So many claims of one agency in a year, from a day on; `word` is the mark of agency and year."""

    slot: int
    several: int
    held: int
    word: Any


@compiled
def category(which: int, tables: LawTables, u: float) -> int:
    """A category by list `which` of cumulated weights."""
    own = tables.weight_up_to[tables.weight_first[which] : tables.weight_first[which + 1] - 1]
    # Counting all is quicker than stopping where nobody can foresee.
    below = 0
    for place in range(len(own)):
        below += u >= own[place]
    return below


@compiled_step
def _files(draw: Draw, plan: Record, year: int, event: _Event, index: int, take_up: float) -> int:
    """Whether a mark lies below the take-up: that of an agency and year, of one claim, of an agency."""
    if take_up == _CERTAIN:
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
def _outside(plan: Record, opens: IndexArray, at: int) -> bool:
    """Whether nothing of a year can count. Where the first event ever counts, what was before the window does."""
    return plan.first_time == 0 and (opens[at + 1] <= plan.since or opens[at] > plan.until)


@compiled_step
def _note_claims(
    draw: Draw, asked: _Asked, event: _Event, take_up: float, arrivals: Arrivals, row: int
) -> int:
    """Write down the claims of one agency and year that are filed; the next free row.

    Those not filed too where the first event ever counts.
    """
    for index in range(event.several):
        files = _files(draw, asked.plan, asked.year, event, index, take_up)
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
def _chances(asked: _Asked, none: FloatArray) -> bool:
    """P(no claim) of the agencies of each line, and last of what is no agency; whether the frequency is known."""
    plan, lines = asked.plan, len(asked.weight)
    for line in range(lines):
        none[line] = chance_of_none(plan.frequency, plan.spread, asked.intensity * asked.weight[line])
    none[lines] = chance_of_none(plan.frequency, plan.spread, asked.intensity)
    return none[lines] >= 0.0


@compiled_step
def _chance(asked: _Asked, none: FloatArray, line: int) -> float:
    """Chance that an agency of a line has a point."""
    return (1.0 - none[line]) * (asked.take_up if asked.together else 1.0)


@compiled_step
def _clear_cells(asked: _Asked, scratch: Scratch) -> None:
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
    draw: Draw, asked: _Asked, agencies: Agencies, scratch: Scratch, arrivals: Arrivals, row: int
) -> int:
    """Claims of agencies with a point below their chance."""
    plan, none, words = asked.plan, scratch.none, scratch.words
    slots, places = scratch.slots, scratch.places
    take_up = _CERTAIN if asked.together else asked.take_up
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
        event = _Event(slot=slot, several=several, held=0, word=np.uint64(words[1, one]))
        row = _note_claims(draw, asked, event, take_up, arrivals, row)
        if row < 0:
            return row
    return row


@compiled_step
def _claim_one_by_one(
    draw: Draw, asked: _Asked, tried: int, scratch: Scratch, arrivals: Arrivals, row: int
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
        event = _Event(
            slot=slots[one], several=several, held=scratch.held[one], word=np.uint64(words[1, one])
        )
        row = _note_claims(draw, asked, event, asked.take_up, arrivals, row)
        if row < 0:
            return row
    return row


@compiled_step
def _try_line(line: int, asked: _Asked, agencies: Agencies, scratch: Scratch) -> int:
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
        if _outside(plan, agencies.opens, at):
            continue
        asked = _Asked(
            plan=plan,
            at=at,
            year=agencies.first_year + at,
            intensity=by_year[at].intensity,
            take_up=by_year[at].take_up,
            together=together,
            weight=weight,
        )
        if not _chances(asked, scratch.none):
            return UNKNOWN_KIND
        _clear_cells(asked, scratch)
        row = _claim_at_points(draw, asked, agencies, scratch, arrivals, row)
        for line in range(len(weight)):
            if row >= 0 and _chance(asked, scratch.none, line) > _CROWDED:
                tried = _try_line(line, asked, agencies, scratch)
                if tried < 0:
                    return tried
                row = _claim_one_by_one(draw, asked, tried, scratch, arrivals, row)
        if row < 0:
            return row
    return row


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
        if _outside(plan, agencies.opens, at):
            continue
        asked = _Asked(
            plan=plan,
            at=at,
            year=agencies.first_year + at,
            intensity=by_year[at].intensity,
            take_up=by_year[at].take_up,
            together=False,
            weight=weight,
        )
        if not _chances(asked, scratch.none):
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
        row = _claim_one_by_one(draw, asked, tried, scratch, arrivals, row)
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
        event = _Event(slot=slot, several=1, held=day, word=np.uint64(words[1, one]))
        files = _files(draw, plan, year, event, 0, by_year[year - first_year].take_up)
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
