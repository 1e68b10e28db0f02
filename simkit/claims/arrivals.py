"""Arrivals: which agencies, parks, ... claim under a measure, how often and when; compiled, by address.

Visited are only those who claim: an agency and year whose point lies below its chance of a claim, so
the cost follows claims, not agencies. Claims of a measure stand one beside the other in columns
(`slots`, `places`: their addresses; `notes`: the rest), so that their random words are drawn together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled, compiled_inline
from simkit.base.random import WordArray, place_of, unit, unit_of_two, words_at, words_of_places
from simkit.claims.agencies import CELL_SHIFT, NEVER, SERIAL_BITS, SERIAL_MASK
from simkit.claims.records import ORIGINS
from simkit.claims.statuses import scatter
from simkit.distributions.frequency import chance_of_none, number_of_claims

__all__ = [
    "INDEX_MASK",
    "NOTE",
    "TRANSITION",
    "Record",
    "among_lines",
    "among_listed",
    "category",
    "transitions",
]

Record = Any
#: What is known of a claim beside its address. `held`: not before this day; `day`: earned, -1 until drawn.
NOTE = np.dtype(
    [
        (name, np.int64)
        for name in (
            "held",
            "files",
            "day",
            "filed",
            "decided",
            "order",
            "key",
            "first_time",
            "matter",
            "account",
        )
    ]
    + [("score", np.float64)]
)
#: The index in a place (`streams.place_of`); the year is above it.
INDEX_MASK = (1 << 20) - 1
TRANSITION = ORIGINS["transition"]
#: Of agencies more likely to claim than this every one is looked at; of the others, points.
_CROWDED = 0.9


@compiled
def category(which: int, weight_first: IndexArray, up_to: FloatArray, u: float) -> int:
    """A category by list `which` of cumulated weights."""
    own = up_to[weight_first[which] : weight_first[which + 1] - 1]
    # Counting all is quicker than stopping where nobody can foresee.
    below = 0
    for place in range(len(own)):
        below += u >= own[place]
    return below


@compiled
def _files(
    seed: int, draw: int, plan: Record, year: int, slot: int, index: int, word: Any, take_up: float
) -> bool:
    """Whether a mark lies below the take-up: that of an agency and year (`word`), of one claim, of an agency."""
    if plan.mark == 1:
        word = words_at(seed, plan.asked_mark, draw, year, slot, index)[0]
    elif plan.mark == 2:
        word = words_at(seed, plan.asked_mark, draw, 0, slot, 0)[0]
    return unit(word) < take_up


@compiled_inline
def _outside(plan: Record, opens: IndexArray, at: int) -> bool:
    return opens[at + 1] <= plan.since or opens[at] > plan.until


@compiled
def _note_claims(
    seed: int,
    draw: int,
    plan: Record,
    year: int,
    slot: int,
    several: int,
    held: int,
    asked: bool,
    word: Any,
    take_up: float,
    slots: IndexArray,
    places: IndexArray,
    notes: Records,
    row: int,
) -> int:
    """Write down the claims of one agency and year that are filed; returns the next free row, -1 if there is none.

    Those not filed too where the first event ever counts. `asked`: take-up is not yet counted in.
    """
    for index in range(several):
        files = not asked or _files(seed, draw, plan, year, slot, index, word, take_up)
        if not files and not plan.first_time:
            continue
        if row >= len(notes):
            return -1
        slots[row] = slot
        places[row] = place_of(year, index)
        notes[row].held = held
        notes[row].files = 1 if files else 0
        notes[row].day = -1
        notes[row].first_time = 0
        row += 1
    return row


@compiled
def among_lines(
    seed: int,
    draw: int,
    plan: Record,
    by_year: Records,
    weight: FloatArray,
    first_year: int,
    opens: IndexArray,
    bounds: IndexArray,
    entered: npt.NDArray[np.int32],
    cells: IndexArray,
    cell_first: IndexArray,
    clear: FloatArray,
    none: FloatArray,
    words: WordArray,
    tried_slots: IndexArray,
    tried_places: IndexArray,
    slots: IndexArray,
    places: IndexArray,
    notes: Records,
) -> int:
    """Claims of agencies of all lines of business. Agencies that do not qualify claim nothing.

    An agency claims in a year when its point lies below take-up x P(a claim): so a higher take-up or
    intensity only adds claims. Where the first event ever counts, or the mark is an agency's or a
    claim's own, take-up is asked apart. Returns their number, -1 where there is no room.
    """
    lines, row = bounds.shape[0], 0
    together = not plan.first_time and (plan.mark == 0 or (plan.mark == 1 and plan.kind == 0))
    for at in range(bounds.shape[1] - 1):
        if not plan.first_time and _outside(plan, opens, at):
            continue
        year, take_up = first_year + at, by_year[at].take_up
        crowded = False
        for line in range(lines):
            none[line] = chance_of_none(plan.kind, plan.spread, by_year[at].intensity * weight[line])
            chance = (1.0 - none[line]) * (take_up if together else 1.0)
            clear[line] = 1.0
            if chance > _CROWDED:
                crowded = True
            elif chance > 0.0:
                # (1 - chance) ** CELL
                power = 1.0 - chance
                for _ in range(6):
                    power *= power
                clear[line] = power
        reach = bounds[:, at + 1]
        found = scatter(
            seed,
            plan.asked_points,
            draw,
            year,
            cells,
            cell_first,
            reach,
            clear,
            words,
            tried_slots,
            tried_places,
        )
        if found < 0:
            return -1
        words_of_places(seed, plan.asked_count, draw, tried_slots[:found], tried_places[:found], words)
        met = np.uint64(0)
        for one in range(found):
            # Several points of a slot are one event.
            place = np.uint64(words[0, one]) >> np.uint64(CELL_SHIFT)
            if tried_places[one] & INDEX_MASK == 0:
                met = np.uint64(0)
            bit = np.uint64(1) << place
            if met & bit:
                continue
            met |= bit
            slot = tried_slots[one] + np.int64(place)
            line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
            if serial >= reach[line] or entered[line, serial] == NEVER:
                continue
            u = none[line] + unit_of_two(words[2, one], words[3, one]) * (1.0 - none[line])
            mean = by_year[at].intensity * weight[line]
            several = max(1, number_of_claims(plan.kind, plan.spread, mean, none[line], u))
            row = _note_claims(
                seed,
                draw,
                plan,
                year,
                slot,
                several,
                0,
                not together,
                np.uint64(words[1, one]),
                take_up,
                slots,
                places,
                notes,
                row,
            )
            if row < 0:
                return row
        if not crowded:
            continue
        for line in range(lines):
            chance = (1.0 - none[line]) * (take_up if together else 1.0)
            if chance <= _CROWDED:
                continue
            if reach[line] > len(tried_slots):
                return -1
            for serial in range(reach[line]):
                tried_slots[serial] = (line << SERIAL_BITS) | serial
                tried_places[serial] = place_of(year, 0)
            words_of_places(
                seed, plan.asked_count, draw, tried_slots[: reach[line]], tried_places[: reach[line]], words
            )
            mean = by_year[at].intensity * weight[line]
            for serial in range(reach[line]):
                if entered[line, serial] == NEVER:
                    continue
                slot = tried_slots[serial]
                u = unit_of_two(words[2, serial], words[3, serial])
                if u <= none[line]:
                    continue
                several = number_of_claims(plan.kind, plan.spread, mean, none[line], u)
                row = _note_claims(
                    seed,
                    draw,
                    plan,
                    year,
                    slot,
                    several,
                    0,
                    True,
                    np.uint64(words[1, serial]),
                    take_up,
                    slots,
                    places,
                    notes,
                    row,
                )
                if row < 0:
                    return row
    return row


@compiled
def among_listed(
    seed: int,
    draw: int,
    plan: Record,
    by_year: Records,
    weight: FloatArray,
    first_year: int,
    opens: IndexArray,
    entered: npt.NDArray[np.int32],
    listed: Records,
    none: FloatArray,
    words: WordArray,
    tried_slots: IndexArray,
    tried_places: IndexArray,
    slots: IndexArray,
    places: IndexArray,
    notes: Records,
) -> int:
    """Claims of those on a list: holders of a status, parks, buildings, the city; each is looked at.

    Returns their number, -1 where there is no room.
    """
    if len(listed) > len(tried_slots):
        return -1
    lines, row = len(weight), 0
    for at in range(len(by_year)):
        if not plan.first_time and _outside(plan, opens, at):
            continue
        year, take_up, intensity = first_year + at, by_year[at].take_up, by_year[at].intensity
        for line in range(lines):
            none[line] = chance_of_none(plan.kind, plan.spread, intensity * weight[line])
        alone = chance_of_none(plan.kind, plan.spread, intensity)
        for one in range(len(listed)):
            tried_slots[one] = listed[one].slot
            tried_places[one] = place_of(year, 0)
        words_of_places(
            seed, plan.asked_count, draw, tried_slots[: len(listed)], tried_places[: len(listed)], words
        )
        for one in range(len(listed)):
            slot, held = tried_slots[one], listed[one].day
            line = slot >> SERIAL_BITS
            is_agency = line < lines
            if held >= opens[at + 1] or (is_agency and entered[line, slot & SERIAL_MASK] == NEVER):
                continue
            mean, nothing = (intensity * weight[line], none[line]) if is_agency else (intensity, alone)
            u = unit_of_two(words[2, one], words[3, one])
            if u <= nothing:
                continue
            several = number_of_claims(plan.kind, plan.spread, mean, nothing, u)
            row = _note_claims(
                seed,
                draw,
                plan,
                year,
                slot,
                several,
                held,
                True,
                np.uint64(words[1, one]),
                take_up,
                slots,
                places,
                notes,
                row,
            )
            if row < 0:
                return row
    return row


@compiled
def transitions(
    seed: int,
    draw: int,
    plan: Record,
    by_year: Records,
    first_year: int,
    listed: Records,
    words: WordArray,
    slots: IndexArray,
    places: IndexArray,
    notes: Records,
) -> int:
    """Claims of agencies that gain a status, earned on that day: the first time by its nature.

    Returns their number, -1 where there is no room.
    """
    gained = 0
    for one in range(len(listed)):
        day, year = listed[one].day, listed[one].year
        if year == 0 or day < plan.since or day > plan.until:
            continue
        if gained >= len(notes):
            return -1
        slots[gained] = listed[one].slot
        places[gained] = place_of(year, 0)
        notes[gained].held = day
        gained += 1
    words_of_places(seed, plan.asked_count, draw, slots[:gained], places[:gained], words)
    to = 0
    for one in range(gained):
        slot, place, day = slots[one], places[one], notes[one].held
        take_up = by_year[(place >> 20) - first_year].take_up
        if not _files(seed, draw, plan, place >> 20, slot, 0, np.uint64(words[1, one]), take_up):
            continue
        slots[to] = slot
        places[to] = place
        notes[to].held = notes[to].day = day
        notes[to].files = notes[to].first_time = 1
        to += 1
    return to
