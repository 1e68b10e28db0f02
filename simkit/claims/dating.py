"""The days of a claim: when it is earned, when it is decided, and which claims are of one matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled, compiled_inline
from simkit.base.random import WordArray, unit, words_at, words_of_places
from simkit.claims.agencies import SERIAL_BITS, SERIAL_MASK, day_in
from simkit.claims.arrivals import INDEX_MASK, TRANSITION, Record, category

__all__ = ["beside", "dated"]


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
    drawn_first = plan.first_time and plan.origin != TRANSITION
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
