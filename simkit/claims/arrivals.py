"""Arrivals: which agencies, parks, ... claim under a measure, how often and when; compiled, by address.

Visited are only those who claim: an agency and year whose point lies below its chance of a claim, so
the cost follows claims, not agencies. Claims of a measure stand one beside the other in columns
(`slots`, `places`: their addresses; `notes`: the rest), so that their random words are drawn together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.agencies import (
    CELL_SHIFT,
    NEVER,
    SERIAL_BITS,
    SERIAL_MASK,
    day_in,
    scatter,
)
from simkit.arrays import FloatArray, IndexArray, Records
from simkit.claims.blueprint import ORIGINS
from simkit.compiled import compiled, compiled_inline
from simkit.distributions.frequency import chance_of_none, number_of_claims
from simkit.streams import WordArray, place_of, unit, unit_of_two, words_at, words_of_places

__all__ = ["INDEX_MASK", "NOTE", "among_lines", "among_listed", "beside", "category", "dated", "transitions"]

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

_TRANSITION = ORIGINS["transition"]
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


@compiled
def _decision_day(plan: Record, round_day: IndexArray, ready: int) -> int:
    """The first round on or after a day."""
    rounds = round_day[plan.round_first : plan.round_last]
    before = 0
    for place in range(len(rounds)):
        before += rounds[place] < ready
    return rounds[min(before, len(rounds) - 1)]


@compiled_inline
def _tie(word: Any) -> int:
    """What decides the order within a day and measure: 24 bits at the right height of the key."""
    return int(word) >> 8 << 8


@compiled
def dated(
    seed: int,
    draw: int,
    plan: Record,
    earned_day: IndexArray,
    already: float,
    first_year: int,
    opens: IndexArray,
    bounds: IndexArray,
    entered: npt.NDArray[np.int32],
    left: npt.NDArray[np.int32],
    seen: IndexArray,
    weight_first: IndexArray,
    up_to: FloatArray,
    round_day: IndexArray,
    words: WordArray,
    slots: IndexArray,
    places: IndexArray,
    notes: Records,
    account: int,
) -> int:
    """Draw the days and keys of the claims of a measure and drop those that fall outside.

    Out are claims whose agency is not there on the day, that lie outside the measure's window or, where
    the first event ever counts, were not filed: these use up their first time all the same.

    Parameters
    ----------
    account : int
        A number below those of all later measures: the accounts of this one are numbered from it.

    Returns
    -------
    int
        Number of claims that are kept: the first rows.
    """
    words_of_places(seed, plan.asked_calendar, draw, slots, places, words)
    lines = bounds.shape[0]
    drawn_first = plan.first_time and plan.origin != _TRANSITION
    if drawn_first:
        for line in range(lines):
            seen[line, : bounds[line, bounds.shape[1] - 1]] = 0
        seen[lines, :] = 0
    to = 0
    for one in range(len(slots)):
        slot, place, day = slots[one], places[one], notes[one].day
        year = place >> 20
        at = year - first_year
        line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
        if day < 0:
            day = earned_day[at] if earned_day[at] >= 0 else day_in(opens, at, unit(words[0, one]))
        if day < notes[one].held:
            continue
        if line < lines and not entered[line, serial] <= day < left[line, serial]:
            continue
        is_first, key = notes[one].first_time, 0
        if (drawn_first or (plan.since <= day <= plan.until)) and plan.key_list >= 0:
            word = words_at(seed, plan.asked_key, draw, year, slot, place & INDEX_MASK)[0]
            key = category(plan.key_list, weight_first, up_to, unit(word))
        if drawn_first:
            # What is no agency stands in the last row.
            row = min(line, lines)
            is_first = 1 - ((seen[row, serial] >> key) & 1)
            seen[row, serial] |= 1 << key
            if is_first and (line >= lines or serial < bounds[line, 0]):
                before = unit(words_at(seed, plan.asked_first, draw, 0, slot, key)[0])
                is_first = 1 if before >= already else 0
        if day < plan.since or day > plan.until or notes[one].files == 0:
            continue
        filed = day + plan.filing_low + int(unit(words[2, one]) * (plan.filing_width + 1))
        slots[to] = slot
        places[to] = place
        notes[to].day = day
        notes[to].filed = filed
        notes[to].decided = _decision_day(plan, round_day, filed + plan.review)
        notes[to].order = (notes[to].decided << 40) | (plan.measure << 32) | _tie(words[1, one])
        notes[to].key = key
        notes[to].first_time = is_first
        # Claims of an agency and year stand together.
        notes[to].account = account + to
        if to > 0 and slots[to - 1] == slot and places[to - 1] >> 20 == year:
            notes[to].account = notes[to - 1].account
        # A number of its own for each claim; what others pay beside it has the same.
        matter = (plan.measure << 8) | (year - 1_970)
        notes[to].matter = (((matter << 28) | slot) << 16) | (place & 0xFFFF)
        notes[to].score = unit(words[3, one]) if plan.ranked else 0.0
        to += 1
    return to


@compiled
def beside(
    seed: int,
    draw: int,
    plan: Record,
    chance: float,
    days: int,
    words: WordArray,
    of_slots: IndexArray,
    of_places: IndexArray,
    of_notes: Records,
    slots: IndexArray,
    places: IndexArray,
    notes: Records,
    account: int,
) -> int:
    """What others pay beside the claims of a measure, on the same matter; their number, -1 where there is no room."""
    if len(of_slots) > len(notes):
        return -1
    words_of_places(seed, plan.asked_companion, draw, of_slots, of_places, words)
    row = 0
    for one in range(len(of_slots)):
        if unit(words[0, one]) >= chance:
            continue
        day = of_notes[one].day
        decided = max(0, day + days)
        slots[row] = of_slots[one]
        places[row] = of_places[one]
        notes[row].day = day
        notes[row].filed = day + plan.filing_low + int(unit(words[2, one]) * (plan.filing_width + 1))
        notes[row].decided = decided
        notes[row].order = (decided << 40) | (plan.measure << 32) | _tie(words[1, one])
        notes[row].key = of_notes[one].key
        notes[row].account = account + row
        notes[row].first_time = of_notes[one].first_time
        notes[row].matter = of_notes[one].matter
        notes[row].score = unit(words[3, one]) if plan.ranked else 0.0
        row += 1
    return row
