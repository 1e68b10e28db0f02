"""The days of a claim: when it is earned, when it is decided, and which claims are of one matter."""

from __future__ import annotations

from typing import Any

from simkit.base.arrays import IndexArray
from simkit.base.compiled import compiled_step
from simkit.base.random import WordArray, unit, words_at, words_of_places
from simkit.claims.agencies import SERIAL_BITS, SERIAL_MASK, day_in
from simkit.claims.arrivals import INDEX_MASK
from simkit.claims.memory import NO_ROOM_FOR_CLAIMS, Agencies, Arrivals, Scratch
from simkit.claims.records import FROM_TRANSITION, Blueprint, Draw, Record
from simkit.claims.values import category

__all__ = ["beside", "dated"]


@compiled_step
def _decision_day(plan: Record, round_day: IndexArray, ready: int) -> int:
    """The first round on or after a day."""
    rounds = round_day[plan.round_first : plan.round_last]
    before = 0
    for place in range(len(rounds)):
        before += rounds[place] < ready
    return rounds[min(before, len(rounds) - 1)]


@compiled_step
def _filing_day(plan: Record, day: int, word: Any) -> int:
    return day + plan.filing_low + int(unit(word) * (plan.filing_width + 1))


@compiled_step
def _decide_on(plan: Record, note: Record, decided: int, words: WordArray, one: int) -> None:
    """Write down a day of decision, and what decides the order: within a day and measure, 24 bits of a word."""
    note.decided = decided
    note.order = (decided << 40) | (plan.measure << 32) | (int(words[1, one]) >> 8 << 8)
    note.score = unit(words[3, one]) if plan.ranked else 0.0


@compiled_step
def _is_there(agencies: Agencies, slot: int, day: int) -> bool:
    """Whether an agency is there on a day; what is no agency always is."""
    line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
    if line >= agencies.bounds.shape[0]:
        return True
    return agencies.entered[line, serial] <= day < agencies.left[line, serial]


@compiled_step
def _forget(agencies: Agencies, seen: IndexArray) -> None:
    """No event was seen of anybody."""
    bounds = agencies.bounds
    lines = bounds.shape[0]
    for line in range(lines):
        seen[line, : bounds[line, bounds.shape[1] - 1]] = 0
    seen[lines, :] = 0


@compiled_step
def _first_event(
    draw: Draw, plan: Record, slot: int, key: int, already: float, bounds: IndexArray, seen: IndexArray
) -> int:
    """Whether an event is the first of its agency and key, one that had it before the start taken into account."""
    lines, line, serial = bounds.shape[0], slot >> SERIAL_BITS, slot & SERIAL_MASK
    # What is no agency stands in the last row.
    row = min(line, lines)
    if (seen[row, serial] >> key) & 1:
        return 0
    seen[row, serial] |= 1 << key
    if line < lines and serial >= bounds[line, 0]:
        return 1
    before = unit(words_at(draw.seed, plan.asked_first, draw.number, 0, slot, key)[0])
    return 1 if before >= already else 0


@compiled_step
def dated(
    draw: Draw,
    blueprint: Blueprint,
    number: int,
    already: float,
    agencies: Agencies,
    scratch: Scratch,
    arrivals: Arrivals,
    account: int,
) -> int:
    """Draw the days and keys of the claims of a measure and drop those that fall outside.

    Out are claims whose agency is not there on the day, that lie outside the measure's window or, where
    the first event ever counts, were not filed: these use up their first time all the same.

    Parameters
    ----------
    number : int
        Of the plan.
    account : int
        A number below those of all later measures: the accounts of this one are numbered from it.

    Returns
    -------
    int
        Number of claims that are kept: the first rows.
    """
    plan, earned_day, words = blueprint.plans[number], blueprint.earned_day[number], scratch.words
    slots, places, notes = arrivals.slots, arrivals.places, arrivals.notes
    words_of_places(draw.seed, plan.asked_calendar, draw.number, slots, places, words)
    drawn_first = plan.first_time and plan.origin != FROM_TRANSITION
    if drawn_first:
        _forget(agencies, scratch.seen)
    to = 0
    for one in range(len(slots)):
        slot, place, day = slots[one], places[one], notes[one].day
        year = place >> 20
        if day < 0:
            at = year - agencies.first_year
            day = earned_day[at] if earned_day[at] >= 0 else day_in(agencies.opens, at, unit(words[0, one]))
        if day < notes[one].held or not _is_there(agencies, slot, day):
            continue
        in_window, is_first, key = plan.since <= day <= plan.until, notes[one].first_time, 0
        if (drawn_first or in_window) and plan.key_list >= 0:
            word = words_at(draw.seed, plan.asked_key, draw.number, year, slot, place & INDEX_MASK)[0]
            key = category(plan.key_list, blueprint.tables, unit(word))
        if drawn_first:
            is_first = _first_event(draw, plan, slot, key, already, agencies.bounds, scratch.seen)
        if not in_window or notes[one].files == 0:
            continue
        note = notes[to]
        slots[to] = slot
        places[to] = place
        note.day = day
        note.filed = _filing_day(plan, day, words[2, one])
        _decide_on(plan, note, _decision_day(plan, blueprint.round_day, note.filed + plan.review), words, one)
        note.key = key
        note.first_time = is_first
        # Claims of an agency and year stand together.
        note.account = account + to
        if to > 0 and slots[to - 1] == slot and places[to - 1] >> 20 == year:
            note.account = notes[to - 1].account
        # A number of its own for each claim; what others pay beside it has the same.
        matter = (plan.measure << 8) | (year - 1_970)
        note.matter = (((matter << 28) | slot) << 16) | (place & 0xFFFF)
        to += 1
    return to


@compiled_step
def beside(
    draw: Draw,
    plan: Record,
    chance: float,
    days: int,
    words: WordArray,
    of: Arrivals,
    arrivals: Arrivals,
    account: int,
) -> int:
    """What others pay beside the claims `of` a measure, on the same matter.

    Returns their number, NO_ROOM_FOR_CLAIMS where there is no room.
    """
    if len(of.slots) > len(arrivals.slots):
        return NO_ROOM_FOR_CLAIMS
    words_of_places(draw.seed, plan.asked_companion, draw.number, of.slots, of.places, words)
    row = 0
    for one in range(len(of.slots)):
        if unit(words[0, one]) >= chance:
            continue
        note, its = arrivals.notes[row], of.notes[one]
        arrivals.slots[row] = of.slots[one]
        arrivals.places[row] = of.places[one]
        note.day = its.day
        note.filed = _filing_day(plan, its.day, words[2, one])
        _decide_on(plan, note, max(0, its.day + days), words, one)
        note.key = its.key
        note.account = account + row
        note.first_time = its.first_time
        note.matter = its.matter
        row += 1
    return row
