"""Claims drawn: frequency and severity of each agency, every number by its address.

Drawn only for those who may claim: rare events as points below their intensity, frequent claims
for agencies whose mark lies under the take-up ceiling. The cost follows claims, not agencies.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.arrays import FloatArray, IndexArray, Records
from simkit.claims.blueprint import (
    BY_BANDS,
    BY_CHANCE,
    BY_KEY,
    BY_LAW,
    BY_LINE,
    BY_NUMBER,
    BY_STATUS,
    BY_VARIABLE,
    BY_WEIGHTS,
    NUMBER_YEARS_BACK,
    ORIGINS,
    Blueprint,
    Drawn,
)
from simkit.claims.types import CLAIM, UNKNOWN, Claims
from simkit.compiled import compiled
from simkit.distributions.frequency import (
    binomial_quantile,
    negative_binomial_quantile,
    poisson_quantile,
)
from simkit.distributions.normal import normal_quantile
from simkit.distributions.severity import quantile
from simkit.errors import RunError
from simkit.money import LARGEST_FEN
from simkit.population import (
    CELL,
    HOLDER,
    SERIAL_BITS,
    SERIAL_MASK,
    PopulationRates,
    acquire,
    day_in,
    district_of,
    exists,
    grow,
    is_eligible,
    point,
)
from simkit.rules.calendar import first_day
from simkit.rules.order import sort_by
from simkit.streams import uniform_pair, uniform_three

__all__ = ["Sampled", "Sampler", "claims_of"]

_TRANSITION, _COMPANION, _HOLDERS, _OTHERS = (
    ORIGINS[name] for name in ("transition", "companion", "holders", "others")
)
Record = Any

#: Line of the first beneficiary that is no agency; a category has fewer values.
_FIRST_OTHER = 64

#: Below the exact chance of no claim whatever the rounding: what lies under it needs no quantile.
_ALMOST = 1.0 - 1e-12

#: A claim before its amounts are drawn.
_PROTO = np.dtype(
    [(name, np.int64) for name in ("plan", "slot", "year", "index", "day", "key", "first_time")]
    + [("order", np.float64)]
)


@compiled
def _number_of_claims(kind: int, spread: float, intensity: float, u: float) -> int:
    """Claims of one agency in one year."""
    if kind == 0:
        return 1 if u < -math.expm1(-intensity) else 0
    if kind == 1:
        return poisson_quantile(u, intensity)
    if kind == 2:
        return negative_binomial_quantile(u, intensity, spread)
    if kind == 3:
        return binomial_quantile(u, int(spread), intensity / spread)
    return int(intensity + 0.5)


@compiled
def _chance_of_none(kind: int, spread: float, intensity: float) -> float:
    """P(no claim): the same for all agencies of a line and year, so it is worked out once for them."""
    if kind == 2:
        return math.exp(-math.log1p(spread * intensity) / spread)
    if kind == 3:
        return math.exp(spread * math.log1p(-min(intensity / spread, 1.0 - 1e-16)))
    return math.exp(-intensity) if kind == 1 else 0.0


@compiled
def _sampled(sampler: Record, table: FloatArray, u: float) -> float:
    return quantile(
        sampler.family, sampler.first, sampler.second, sampler.third, table, sampler.begin, sampler.end, u
    )


@compiled
def _category(which: int, weight_first: IndexArray, up_to: FloatArray, u: float) -> int:
    first, last = weight_first[which], weight_first[which + 1]
    for place in range(first, last - 1):
        if u < up_to[place]:
            return place - first
    return last - 1 - first


@compiled
def _banded_tax(which: int, band_first: IndexArray, bands: Records, income: float) -> float:
    tax = 0.0
    first, last = band_first[which], band_first[which + 1]
    for place in range(first, last):
        upper = bands[place + 1].above if place + 1 < last else math.inf
        part = min(income, upper) - bands[place].above
        if part <= 0.0:
            break
        tax += part * bands[place].rate
    return tax


@compiled
def _whole(value: float) -> int:
    """To the nearest whole unit; what is beyond all money stays at the largest amount."""
    return min(int(max(0.0, min(value, 1e15)) + 0.5), LARGEST_FEN)


@compiled
def _files(seed: int, draw: int, plan: Record, year: int, slot: int, index: int, take_up: float) -> bool:
    """Whether the mark of an agency (and year), or of one claim, lies below the take-up."""
    of_year = 0 if plan.mark == 2 else year
    return (
        uniform_pair(seed, plan.asked_mark, draw, of_year, slot, index if plan.mark == 1 else 0)[0] < take_up
    )


@compiled
def _note(
    protos: Records,
    row: int,
    p: int,
    slot: int,
    year: int,
    index: int,
    day: int,
    key: int,
    first_time: bool,
    order: float,
) -> int:
    """Write down that a claim arises; returns the next free row, -1 if there is none."""
    if row >= len(protos):
        return -1
    protos[row].plan = p
    protos[row].slot = slot
    protos[row].year = year
    protos[row].index = index
    protos[row].day = day
    protos[row].key = key
    protos[row].first_time = 1 if first_time else 0
    protos[row].order = order
    return row + 1


@compiled
def _key(
    seed: int,
    draw: int,
    plan: Record,
    year: int,
    slot: int,
    index: int,
    firsts: IndexArray,
    up_to: FloatArray,
) -> int:
    if plan.key_list < 0:
        return 0
    return _category(
        plan.key_list, firsts, up_to, uniform_pair(seed, plan.asked_key, draw, year, slot, index)[0]
    )


@compiled
def _agency_year(
    seed: int,
    draw: int,
    home: int,
    p: int,
    plan: Record,
    intensity: float,
    u: float,
    take_up: float,
    eligible: float,
    known_eligible: npt.NDArray[np.int8],
    fixed_day: int,
    slot: int,
    at: int,
    year: int,
    held_from: int,
    bounds: IndexArray,
    exits: npt.NDArray[np.int32],
    weight_first: IndexArray,
    up_to: FloatArray,
    protos: Records,
    row: int,
) -> int:
    """All claims of one agency, one measure and one year (not of rare events); `u` says how many."""
    is_agency = slot >> SERIAL_BITS < bounds.shape[0]
    if intensity <= 0.0 or (is_agency and not is_eligible(seed, home, slot, eligible, known_eligible)):
        return row
    for index in range(_number_of_claims(plan.kind, plan.spread, intensity, u)):
        if plan.mark == 1 and not _files(seed, draw, plan, year, slot, index, take_up):
            continue
        moment, order = uniform_pair(seed, plan.asked_day, draw, year, slot, index)
        day = fixed_day if fixed_day >= 0 else day_in(year, moment)
        if day < plan.since or day > plan.until or day < held_from:
            continue
        if is_agency and not exists(seed, home, slot, day, at, year, bounds, exits):
            continue
        key = _key(seed, draw, plan, year, slot, index, weight_first, up_to)
        row = _note(protos, row, p, slot, year, index, day, key, False, order)
        if row < 0:
            return row
    return row


@compiled
def _outside_window(plan: Record, year: int) -> bool:
    return first_day(year + 1) <= plan.since or first_day(year) > plan.until


@compiled
def _events(
    seed: int,
    draw: int,
    home: int,
    p: int,
    plan: Record,
    by_year: Records,
    already: float,
    eligible: float,
    known_eligible: npt.NDArray[np.int8],
    weight: FloatArray,
    earned_day: IndexArray,
    first_year: int,
    bounds: IndexArray,
    exits: npt.NDArray[np.int32],
    seen: IndexArray,
    found: IndexArray,
    weight_first: IndexArray,
    up_to: FloatArray,
    protos: Records,
    row: int,
) -> int:
    """Rare events of all agencies, year by year: points below the intensity; the first ever is remembered."""
    lines, years = bounds.shape[0], bounds.shape[1] - 1
    if plan.first_time:
        for line in range(lines):
            seen[line, : bounds[line, years]] = 0
    for at in range(years):
        year = first_year + at
        if not plan.first_time and _outside_window(plan, year):
            continue
        for line in range(lines):
            limit = by_year[at].intensity * weight[line]
            if limit <= 0.0:
                continue
            for begin in range(0, bounds[line, at + 1], CELL):
                cell = (line << SERIAL_BITS) | begin
                index, height, several = 0, 0.0, 0
                while True:
                    height, place = point(seed, plan.asked_candidates, draw, year, cell, index, height)
                    if height >= limit:
                        break
                    index += 1
                    again = False
                    for earlier in range(several):
                        again = again or found[earlier] == place
                    if again:
                        continue
                    found[several] = place
                    several += 1
                    slot, serial = cell + place, begin + place
                    files = _files(seed, draw, plan, year, slot, 0, by_year[at].take_up)
                    if not files and not plan.first_time:
                        continue
                    moment, order = uniform_pair(seed, plan.asked_day, draw, year, slot, 0)
                    day = earned_day[at] if earned_day[at] >= 0 else day_in(year, moment)
                    if not exists(seed, home, slot, day, at, year, bounds, exits):
                        continue
                    key = _key(seed, draw, plan, year, slot, 0, weight_first, up_to)
                    is_first = False
                    if plan.first_time:
                        is_first = (seen[line, serial] >> key) & 1 == 0
                        seen[line, serial] |= 1 << key
                        if is_first and serial < bounds[line, 0]:
                            before = uniform_pair(seed, plan.asked_first, draw, 0, slot, key)[0]
                            is_first = before >= already
                    if day < plan.since or day > plan.until:
                        continue
                    if not files or not is_eligible(seed, home, slot, eligible, known_eligible):
                        continue
                    row = _note(protos, row, p, slot, year, 0, day, key, is_first, order)
                    if row < 0:
                        return row
    return row


@compiled
def _frequent(
    seed: int,
    draw: int,
    home: int,
    p: int,
    plan: Record,
    by_year: Records,
    eligible: float,
    known_eligible: npt.NDArray[np.int8],
    weight: FloatArray,
    earned_day: IndexArray,
    first_year: int,
    bounds: IndexArray,
    exits: npt.NDArray[np.int32],
    weight_first: IndexArray,
    up_to: FloatArray,
    protos: Records,
    row: int,
) -> int:
    """Claims of agencies whose mark lies under the ceiling: the others are skipped, not visited."""
    ceiling = 1.0 if plan.mark == 1 else plan.ceiling
    skip = math.log1p(-ceiling) if ceiling < 1.0 else -1.0
    for at in range(bounds.shape[1] - 1):
        year = first_year + at
        if _outside_window(plan, year):
            continue
        of_year = 0 if plan.mark == 2 else year
        for line in range(bounds.shape[0]):
            intensity = by_year[at].intensity * weight[line]
            if intensity <= 0.0:
                continue
            # Most agencies have none, which needs no quantile.
            none = _ALMOST * _chance_of_none(plan.kind, plan.spread, intensity)
            for begin in range(0, bounds[line, at + 1], CELL):
                cell = (line << SERIAL_BITS) | begin
                width = min(CELL, bounds[line, at + 1] - begin)
                place, index = -1, 0
                while True:
                    gap, share, u = uniform_three(seed, plan.asked_candidates, draw, of_year, cell, index)
                    if plan.mark == 2:
                        # The same agencies file every year; how many claims they have is another matter.
                        u = uniform_pair(seed, plan.asked_count, draw, year, cell, index)[0]
                    index += 1
                    place += 1
                    if ceiling < 1.0:
                        place += int(min(math.log(gap) / skip, 1e6))
                    if place >= width:
                        break
                    # Under the ceiling the mark is even on (0, ceiling).
                    if plan.mark != 1 and share * ceiling >= by_year[at].take_up:
                        continue
                    if u < none:
                        continue
                    row = _agency_year(
                        seed,
                        draw,
                        home,
                        p,
                        plan,
                        intensity,
                        u,
                        by_year[at].take_up,
                        eligible,
                        known_eligible,
                        earned_day[at],
                        cell + place,
                        at,
                        year,
                        0,
                        bounds,
                        exits,
                        weight_first,
                        up_to,
                        protos,
                        row,
                    )
                    if row < 0:
                        return row
    return row


@compiled
def _first_of_listed(
    seed: int,
    draw: int,
    home: int,
    p: int,
    plan: Record,
    by_year: Records,
    eligible: float,
    known_eligible: npt.NDArray[np.int8],
    weight: FloatArray,
    earned_day: IndexArray,
    first_year: int,
    bounds: IndexArray,
    exits: npt.NDArray[np.int32],
    listed: Records,
    already: float,
    weight_first: IndexArray,
    up_to: FloatArray,
    protos: Records,
    row: int,
) -> int:
    """Events of which the first ever counts, of those on a list: one by one, all years."""
    for place in range(len(listed)):
        slot, held_from, seen = listed[place].slot, listed[place].day, 0
        line = slot >> SERIAL_BITS
        is_agency = line < bounds.shape[0]
        for at in range(len(by_year)):
            year = first_year + at
            u = uniform_pair(seed, plan.asked_count, draw, year, slot, 0)[0]
            intensity = by_year[at].intensity * (weight[line] if is_agency else 1.0)
            if _number_of_claims(plan.kind, plan.spread, intensity, u) == 0:
                continue
            moment, order = uniform_pair(seed, plan.asked_day, draw, year, slot, 0)
            day = earned_day[at] if earned_day[at] >= 0 else day_in(year, moment)
            if day < held_from or (is_agency and not exists(seed, home, slot, day, at, year, bounds, exits)):
                continue
            key = _key(seed, draw, plan, year, slot, 0, weight_first, up_to)
            is_first = (seen >> key) & 1 == 0
            seen |= 1 << key
            if is_first and (not is_agency or slot & SERIAL_MASK < bounds[line, 0]):
                is_first = uniform_pair(seed, plan.asked_first, draw, 0, slot, key)[0] >= already
            if day < plan.since or day > plan.until:
                continue
            if is_agency and not is_eligible(seed, home, slot, eligible, known_eligible):
                continue
            if not _files(seed, draw, plan, year, slot, 0, by_year[at].take_up):
                continue
            row = _note(protos, row, p, slot, year, 0, day, key, is_first, order)
            if row < 0:
                return row
    return row


@compiled
def _listed(
    seed: int,
    draw: int,
    home: int,
    p: int,
    plan: Record,
    by_year: Records,
    eligible: float,
    known_eligible: npt.NDArray[np.int8],
    weight: FloatArray,
    earned_day: IndexArray,
    first_year: int,
    bounds: IndexArray,
    exits: npt.NDArray[np.int32],
    listed: Records,
    already: float,
    weight_first: IndexArray,
    up_to: FloatArray,
    protos: Records,
    row: int,
) -> int:
    """Claims of those on a list: holders of a status, parks, buildings, the city."""
    if plan.first_time:
        return _first_of_listed(
            seed,
            draw,
            home,
            p,
            plan,
            by_year,
            eligible,
            known_eligible,
            weight,
            earned_day,
            first_year,
            bounds,
            exits,
            listed,
            already,
            weight_first,
            up_to,
            protos,
            row,
        )
    for at in range(bounds.shape[1] - 1):
        year = first_year + at
        if _outside_window(plan, year):
            continue
        for place in range(len(listed)):
            slot, held_from = listed[place].slot, listed[place].day
            if held_from >= first_day(year + 1):
                continue
            if plan.mark != 1 and not _files(seed, draw, plan, year, slot, 0, by_year[at].take_up):
                continue
            line = slot >> SERIAL_BITS
            row = _agency_year(
                seed,
                draw,
                home,
                p,
                plan,
                by_year[at].intensity * (weight[line] if line < len(weight) else 1.0),
                uniform_pair(seed, plan.asked_count, draw, year, slot, 0)[0],
                by_year[at].take_up,
                eligible,
                known_eligible,
                earned_day[at],
                slot,
                at,
                year,
                held_from,
                bounds,
                exits,
                weight_first,
                up_to,
                protos,
                row,
            )
            if row < 0:
                return row
    return row


@compiled
def _transitions(
    seed: int,
    draw: int,
    home: int,
    p: int,
    plan: Record,
    by_year: Records,
    eligible: float,
    known_eligible: npt.NDArray[np.int8],
    first_year: int,
    listed: Records,
    protos: Records,
    row: int,
) -> int:
    """Claims of agencies that gain a status: the first time by its nature."""
    for place in range(len(listed)):
        slot, day, year = listed[place].slot, listed[place].day, listed[place].year
        if (
            year == 0
            or day < plan.since
            or day > plan.until
            or not is_eligible(seed, home, slot, eligible, known_eligible)
        ):
            continue
        if not _files(seed, draw, plan, year, slot, 0, by_year[year - first_year].take_up):
            continue
        order = uniform_pair(seed, plan.asked_day, draw, year, slot, 0)[1]
        row = _note(protos, row, p, slot, year, 0, day, 0, True, order)
        if row < 0:
            return row
    return row


@compiled
def _number(
    seed: int,
    draw: int,
    number: Record,
    known: FloatArray,
    samplers: Records,
    table: FloatArray,
    slot: int,
    year: int,
    growth: float,
) -> float:
    """A number of an agency in a year (revenue, ...): its start, growth and the year's noise."""
    line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
    if serial < known.shape[1] and known[line, serial] >= 0.0:
        value = known[line, serial] * growth
    else:
        u = uniform_pair(seed, number.asked, draw, 0, slot, 0)[0]
        value = _sampled(samplers[number.sampler], table, u) * growth
    if number.noise > 0.0:
        score = normal_quantile(uniform_pair(seed, number.asked, draw, year, slot, 1)[0])
        value *= math.exp(number.noise * score - number.noise * number.noise / 2)
    return value


@compiled
def _decision_day(plan: Record, round_day: IndexArray, ready: int) -> int:
    """The first round on or after a day."""
    low, high = plan.round_first, plan.round_last - 1
    while low < high:
        middle = (low + high) // 2
        if round_day[middle] < ready:
            low = middle + 1
        else:
            high = middle
    return round_day[low]


@compiled
def _emit(
    seed: int,
    draw: int,
    home: int,
    proto: Record,
    p: int,
    plan: Record,
    decided: int,
    order: float,
    matter: int,
    by_year: Record,
    chance: FloatArray,
    number: FloatArray,
    ways: Records,
    samplers: Records,
    table: FloatArray,
    band_first: IndexArray,
    bands: Records,
    weight_first: IndexArray,
    up_to: FloatArray,
    round_day: IndexArray,
    numbers: Records,
    first_year: int,
    districts: FloatArray,
    known_district: npt.NDArray[np.int16],
    known_number: FloatArray,
    since: npt.NDArray[np.int32],
    claim: Record,
    attributes: IndexArray,
) -> None:
    """Write one claim: base, attributes, days. `decided` < 0: by the rounds."""
    slot, year, index, day = proto.slot, proto.year, proto.index, proto.day
    value = by_year.base
    drawn_0 = drawn_1 = drawn_2 = drawn_3 = 0.0
    for place in range(plan.variable_first, plan.variable_last):
        sampler = samplers[place]
        x = _sampled(sampler, table, uniform_pair(seed, sampler.asked, draw, year, slot, index)[0])
        value *= x
        which = place - plan.variable_first
        if which == 0:
            drawn_0 = x * by_year.growth
        elif which == 1:
            drawn_1 = x
        elif which == 2:
            drawn_2 = x
        else:
            drawn_3 = x
    filed = day + plan.filing_low
    claim.score = 0.0
    if plan.filing_width > 0 or plan.ranked:
        delay, score = uniform_pair(seed, plan.asked_filing, draw, year, slot, index)
        filed += int(delay * (plan.filing_width + 1))
        claim.score = score
    if decided < 0:
        decided = _decision_day(plan, round_day, filed + plan.review)
    claim.order = (decided << 40) | (plan.measure << 32) | int(order * 4294967296.0)
    claim.agency = slot
    claim.measure = plan.measure
    claim.key = proto.key
    claim.matter = matter
    claim.earned = day
    claim.filed = filed
    claim.decided = decided
    claim.base = _whole(value)
    claim.first_time = proto.first_time
    is_agency = slot >> SERIAL_BITS < since.shape[1]
    claim.district = plan.district
    if plan.district < 0:
        claim.district = district_of(seed, home, slot, districts, known_district) if is_agency else 0
    for column in range(len(ways)):
        how = ways[column]
        known = UNKNOWN
        if how.way == BY_VARIABLE or how.way == BY_BANDS:
            variable = how.reference & 3 if how.way == BY_BANDS else how.reference
            x = drawn_0
            if variable == 1:
                x = drawn_1
            elif variable == 2:
                x = drawn_2
            elif variable == 3:
                x = drawn_3
            if how.way == BY_BANDS:
                x = _banded_tax(how.reference >> 2, band_first, bands, x - how.minus)
            known = _whole(x * how.factor)
        elif how.way == BY_LAW or how.way == BY_WEIGHTS or how.way == BY_CHANCE:
            u = uniform_pair(seed, how.asked, draw, year, slot, index)[0]
            if how.way == BY_LAW:
                known = _whole(_sampled(samplers[how.reference], table, u) * how.factor)
            elif how.way == BY_WEIGHTS:
                known = _category(how.reference, weight_first, up_to, u)
            else:
                known = 1 if u < chance[column] else 0
        elif how.way == BY_KEY:
            known = proto.key
        elif is_agency and how.way == BY_LINE:
            known = slot >> SERIAL_BITS
        elif is_agency and how.way == BY_STATUS:
            when = since[how.reference, slot >> SERIAL_BITS, slot & SERIAL_MASK]
            last = day if how.year == 0 else first_day(year + how.year + 1) - 1
            known = 1 if 0 < when <= last else 0
        elif is_agency and how.way == BY_NUMBER:
            at = min(max(year + how.year - first_year + NUMBER_YEARS_BACK, 0), number.shape[1] - 1)
            growth = number[how.reference, at]
            known_numbers = known_number[how.reference]
            x = _number(
                seed,
                draw,
                numbers[how.reference],
                known_numbers,
                samplers,
                table,
                slot,
                year + how.year,
                growth,
            )
            known = _whole(x * how.factor)
        attributes[column] = known


@compiled
def _sample(
    plans: Records,
    weight: FloatArray,
    earned_day: IndexArray,
    ways: Records,
    samplers: Records,
    table: FloatArray,
    band_first: IndexArray,
    bands: Records,
    weight_first: IndexArray,
    up_to: FloatArray,
    round_day: IndexArray,
    companions: Records,
    numbers: Records,
    by_year: Records,
    by_plan: Records,
    chance: FloatArray,
    others: IndexArray,
    number: FloatArray,
    first_year: int,
    years: Records,
    start: IndexArray,
    line_share: FloatArray,
    status_start: FloatArray,
    status_hazard: FloatArray,
    asked_status: IndexArray,
    eligible: FloatArray,
    districts: FloatArray,
    known_district: npt.NDArray[np.int16],
    known_eligible: npt.NDArray[np.int8],
    known_status: npt.NDArray[np.int8],
    known_number: FloatArray,
    seed: int,
    path: int,
    at_first: int,
    draws: IndexArray,
    bounds: IndexArray,
    holder_first: IndexArray,
    exits: npt.NDArray[np.int32],
    since: npt.NDArray[np.int32],
    seen: IndexArray,
    holders: Records,
    protos: Records,
    unsorted: Records,
    unsorted_attributes: IndexArray,
    keys: IndexArray,
    order_of: IndexArray,
    spare: IndexArray,
    rows: Records,
    attributes: IndexArray,
    firsts: IndexArray,
    agencies: IndexArray,
) -> int:
    """Claims of some draws, each draw's in order of decision: 0 done, 1 too few rows, 2 too little room."""
    _lines, statuses = exits.shape[0], len(asked_status)
    total = 0
    for number_of_draw in range(len(draws)):
        draw, at_draw = draws[number_of_draw], at_first + number_of_draw
        home = draw if path < 0 else path
        firsts[number_of_draw] = total
        if not grow(
            seed,
            home,
            first_year,
            years[at_draw],
            start[at_draw],
            line_share[at_draw],
            bounds,
            exits,
            agencies[number_of_draw],
        ):
            return 2
        held = 0
        for status in range(statuses):
            holder_first[status] = held
            held = acquire(
                seed,
                home,
                asked_status[status],
                first_year,
                status_start[at_draw, status],
                status_hazard[at_draw, status],
                bounds,
                exits,
                since[status],
                known_status[status],
                holders,
                held,
            )
            if held < 0:
                return 2
        holder_first[statuses] = held
        count = 0
        for p in range(len(plans)):
            plan = plans[p]
            in_years = by_year[at_draw, p]
            if plan.origin == _COMPANION:
                continue
            if plan.origin == _TRANSITION:
                listed = holders[holder_first[plan.status] : holder_first[plan.status + 1]]
                count = _transitions(
                    seed,
                    draw,
                    home,
                    p,
                    plan,
                    in_years,
                    eligible[at_draw],
                    known_eligible,
                    first_year,
                    listed,
                    protos,
                    count,
                )
            elif plan.origin == _HOLDERS or plan.origin == _OTHERS:
                if plan.origin == _HOLDERS:
                    listed = holders[holder_first[plan.status] : holder_first[plan.status + 1]]
                else:
                    # What is no agency has lines of its own, beyond any of the agencies.
                    listed = holders[held : held + others[at_draw, plan.other]]
                    if len(listed) < others[at_draw, plan.other]:
                        return 2
                    for place in range(len(listed)):
                        listed[place].slot = ((_FIRST_OTHER + plan.other) << SERIAL_BITS) | place
                        listed[place].day = 0
                        listed[place].year = 0
                count = _listed(
                    seed,
                    draw,
                    home,
                    p,
                    plan,
                    in_years,
                    eligible[at_draw],
                    known_eligible,
                    weight[p],
                    earned_day[p],
                    first_year,
                    bounds,
                    exits,
                    listed,
                    by_plan[at_draw, p].already,
                    weight_first,
                    up_to,
                    protos,
                    count,
                )
            elif plan.kind == 0:
                count = _events(
                    seed,
                    draw,
                    home,
                    p,
                    plan,
                    in_years,
                    by_plan[at_draw, p].already,
                    eligible[at_draw],
                    known_eligible,
                    weight[p],
                    earned_day[p],
                    first_year,
                    bounds,
                    exits,
                    seen,
                    order_of,
                    weight_first,
                    up_to,
                    protos,
                    count,
                )
            else:
                count = _frequent(
                    seed,
                    draw,
                    home,
                    p,
                    plan,
                    in_years,
                    eligible[at_draw],
                    known_eligible,
                    weight[p],
                    earned_day[p],
                    first_year,
                    bounds,
                    exits,
                    weight_first,
                    up_to,
                    protos,
                    count,
                )
            if count < 0:
                return 1
        written = 0
        for place in range(count):
            proto = protos[place]
            of = plans[proto.plan]
            # A number of its own for each claim; what others pay beside it has the same.
            matter = (of.measure << 8) | (proto.year - 1_970)
            matter = (((matter << 28) | proto.slot) << 16) | (proto.index & 0xFFFF)
            # The claim itself, then what others pay on the same matter.
            for beside in range(of.companion_first - 1, of.companion_last):
                p, decided, order = proto.plan, -1, proto.order
                if beside >= of.companion_first:
                    p, decided = companions[beside].plan, max(0, proto.day + companions[beside].days)
                    u, order = uniform_pair(
                        seed, plans[p].asked_companion, draw, proto.year, proto.slot, proto.index
                    )
                    if u >= by_plan[at_draw, p].companion:
                        continue
                if written >= len(unsorted):
                    return 1
                _emit(
                    seed,
                    draw,
                    home,
                    proto,
                    p,
                    plans[p],
                    decided,
                    order,
                    matter,
                    by_year[at_draw, p, proto.year - first_year],
                    chance[at_draw, p],
                    number[at_draw],
                    ways[p],
                    samplers,
                    table,
                    band_first,
                    bands,
                    weight_first,
                    up_to,
                    round_day,
                    numbers,
                    first_year,
                    districts[at_draw],
                    known_district,
                    known_number,
                    since,
                    unsorted[written],
                    unsorted_attributes[written],
                )
                keys[written] = unsorted[written].order
                written += 1
        if total + written > len(rows):
            return 1
        sort_by(keys, written, order_of, spare)
        for place in range(written):
            rows[total + place] = unsorted[order_of[place]]
            for column in range(attributes.shape[1]):
                attributes[total + place, column] = unsorted_attributes[order_of[place], column]
        total += written
    firsts[len(draws)] = total
    return 0


class Sampled(NamedTuple):
    """Claims of some draws.

    Attributes
    ----------
    rows : CLAIM[claim], attributes : int64[claim, attribute]
        In order of decision within a draw.
    firsts : int64[draw + 1]
        First row of each draw.
    agencies : int64[draw, year + 1]
        Agencies at the end of the start year and of each year after.
    """

    rows: Records
    attributes: IndexArray
    firsts: IndexArray
    agencies: IndexArray


class Sampler:
    """Draws claims with scratch memory of its own, one for each worker; what it gives lasts until the next call.

    `path`: the draw number of the population in every draw (who is there, holds what, qualifies, where);
    -1: each draw its own.
    """

    def __init__(self, plan: Blueprint, seed: int, draws: int, path: int = -1) -> None:
        self.plan, self.seed, self.draws, self.path = plan, seed, draws, path
        self.claims, self.agencies, self.holders = 2_048, 512, 1_024
        self.scratch: tuple[npt.NDArray[Any], ...] = ()

    def sample(self, rates: PopulationRates, drawn: Drawn, draws: IndexArray, at_first: int) -> Sampled:
        """Claims of the draws in rows `at_first`, ... of `rates` and `drawn`.

        Raises
        ------
        RunError
            When a draw has more than a million agencies in a line or 50 million claims.
        """
        firsts = np.zeros(len(draws) + 1, dtype=np.int64)
        agencies = np.zeros((len(draws), rates.years.shape[1] + 1), dtype=np.int64)
        while True:
            if not self.scratch:
                self.scratch = self._scratch(rates)
            given: tuple[Any, ...] = (*self.plan, *drawn, *rates, self.seed, self.path, at_first, draws)
            given = (*given, *self.scratch, firsts, agencies)
            outcome = _sample(*given)
            if outcome == 0:
                rows, attributes = self.scratch[-2:]
                return Sampled(rows[: firsts[-1]], attributes[: firsts[-1]], firsts, agencies)
            if outcome == 1:
                self.claims *= 2
            else:
                self.agencies, self.holders = 2 * self.agencies, 2 * self.holders
            self.scratch = ()
            if self.claims > 50_000_000 or self.agencies > 1 << SERIAL_BITS:
                raise RunError(
                    "claims: expected at most 50 million claims a draw and a million agencies in a line of "
                    "business, found more: look at population.growth and the intensities of the claims"
                )

    def _scratch(self, rates: PopulationRates) -> tuple[npt.NDArray[Any], ...]:
        lines, statuses, columns = rates.start.shape[1], len(rates.asked_status), self.plan.ways.shape[1]
        # A draw may hold twice the claims of the mean draw, and each claim two companions.
        most, rows = 2 * self.claims, self.claims * self.draws
        return (
            np.zeros((lines, rates.years.shape[1] + 1), dtype=np.int64),
            np.zeros(statuses + 1, dtype=np.int64),
            np.zeros((lines, self.agencies), dtype=np.int32),
            np.zeros((statuses, lines, self.agencies), dtype=np.int32),
            np.zeros((lines, self.agencies), dtype=np.int64),
            np.zeros(self.holders, dtype=HOLDER),
            np.empty(most, dtype=_PROTO),
            np.empty(2 * most, dtype=CLAIM),
            np.empty((2 * most, columns), dtype=np.int64),
            *np.empty((3, 2 * most), dtype=np.int64),
            np.empty(rows, dtype=CLAIM),
            np.empty((rows, columns), dtype=np.int64),
        )


def claims_of(sampled: Sampled, draws: IndexArray, names: tuple[tuple[str, int], ...]) -> Claims:
    """Sampled rows as the columns of Claims, copied."""
    columns = {
        name: np.ascontiguousarray(sampled.rows[name]) for name in CLAIM.names or () if name != "order"
    }
    columns["first_time"] = columns["first_time"].astype(np.bool_)
    draw = np.repeat(draws, np.diff(sampled.firsts)).astype(np.int32)
    return Claims(draw=draw, **columns, attributes=sampled.attributes.copy(), attribute_names=names)
