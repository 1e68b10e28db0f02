"""Claims drawn: frequency and severity of each agency, every number by its address."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import FloatArray, IndexArray, Records
from simkit.base.compiled import compiled
from simkit.base.days import first_day
from simkit.base.errors import RunError
from simkit.base.order import COUNTS, sort_by
from simkit.base.random import WordArray
from simkit.claims.agencies import SERIAL_BITS, cells_of, grow
from simkit.claims.amounts import emit
from simkit.claims.arrivals import NOTE, among_lines, among_listed, transitions
from simkit.claims.dating import beside, dated
from simkit.claims.population import PopulationRates
from simkit.claims.records import ORIGINS, Blueprint, Drawn
from simkit.claims.statuses import HOLDER, acquire
from simkit.claims.types import CLAIM, UNKNOWN, ClaimRows, Claims

__all__ = ["Sampled", "Sampler", "claims_of"]


_TRANSITION, _COMPANION, _HOLDERS, _OTHERS = (
    ORIGINS[name] for name in ("transition", "companion", "holders", "others")
)

#: Line of the first beneficiary that is no agency; a category has fewer values.
_FIRST_OTHER = 64
#: Claims of one call that still fit a core's cache.
_TOGETHER = 1 << 15
#: What `_sample` says.
_DONE, _MORE_CLAIMS, _MORE_AGENCIES = range(3)


@compiled
def _sample(
    plans: Records,
    weight: FloatArray,
    earned_day: IndexArray,
    ways: Records,
    laws: Records,
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
    opens: IndexArray,
    gone: FloatArray,
    by_line: FloatArray,
    leavers: IndexArray,
    bounds: IndexArray,
    holder_first: IndexArray,
    plan_first: IndexArray,
    plan_last: IndexArray,
    entered: npt.NDArray[np.int32],
    left: npt.NDArray[np.int32],
    home: npt.NDArray[np.uint32],
    since: npt.NDArray[np.int32],
    seen: IndexArray,
    cells: IndexArray,
    cell_first: IndexArray,
    holders: Records,
    words: WordArray,
    tried: IndexArray,
    slots: IndexArray,
    places: IndexArray,
    notes: Records,
    variables: FloatArray,
    keys: IndexArray,
    rank: IndexArray,
    sorting: IndexArray,
    counts: IndexArray,
    rows: Records,
    attributes: IndexArray,
    firsts: IndexArray,
    agencies: IndexArray,
) -> int:
    """Claims of some draws, each draw's in order of decision; says whether there was room."""
    statuses = len(asked_status)
    tried_slots, tried_places, clear, none = tried[0], tried[1], by_line[0], by_line[1]
    total = 0
    for number_of_draw in range(len(draws)):
        draw, at_draw = draws[number_of_draw], at_first + number_of_draw
        of_path = path if path >= 0 else draw
        firsts[number_of_draw] = total
        if not grow(
            seed,
            of_path,
            first_year,
            opens,
            years[at_draw],
            start[at_draw],
            line_share[at_draw],
            eligible[at_draw],
            known_eligible,
            gone,
            words,
            leavers,
            bounds,
            entered,
            left,
            home,
            agencies[number_of_draw],
        ):
            return _MORE_AGENCIES
        cells_of(bounds, cells, cell_first)
        held = 0
        for status in range(statuses):
            holder_first[status] = held
            held = acquire(
                seed,
                of_path,
                asked_status[status],
                first_year,
                opens,
                status_start[at_draw, status],
                status_hazard[at_draw, status],
                bounds,
                cells,
                cell_first,
                entered,
                left,
                since[status],
                known_status[status],
                clear,
                words,
                tried_slots,
                tried_places,
                holders,
                held,
            )
            if held < 0:
                return _MORE_AGENCIES
        holder_first[statuses] = held
        count = 0
        for p in range(len(plans)):
            plan = plans[p]
            begin = count
            if plan.origin == _COMPANION:
                continue
            if plan.origin == _TRANSITION:
                found = transitions(
                    seed,
                    draw,
                    plan,
                    by_year[at_draw, p],
                    first_year,
                    holders[holder_first[plan.status] : holder_first[plan.status + 1]],
                    words,
                    slots[begin:],
                    places[begin:],
                    notes[begin:],
                )
            elif plan.origin == _HOLDERS or plan.origin == _OTHERS:
                if plan.origin == _HOLDERS:
                    listed = holders[holder_first[plan.status] : holder_first[plan.status + 1]]
                else:
                    # What is no agency has lines of its own, beyond any of the agencies.
                    listed = holders[held : held + others[at_draw, plan.other]]
                    if len(listed) < others[at_draw, plan.other] or len(listed) > seen.shape[1]:
                        return _MORE_AGENCIES
                    for place in range(len(listed)):
                        listed[place].slot = ((_FIRST_OTHER + plan.other) << SERIAL_BITS) | place
                        listed[place].day = 0
                        listed[place].year = 0
                found = among_listed(
                    seed,
                    draw,
                    plan,
                    by_year[at_draw, p],
                    weight[p],
                    first_year,
                    opens,
                    entered,
                    listed,
                    none,
                    words,
                    tried_slots,
                    tried_places,
                    slots[begin:],
                    places[begin:],
                    notes[begin:],
                )
            else:
                found = among_lines(
                    seed,
                    draw,
                    plan,
                    by_year[at_draw, p],
                    weight[p],
                    first_year,
                    opens,
                    bounds,
                    entered,
                    cells,
                    cell_first,
                    clear,
                    none,
                    words,
                    tried_slots,
                    tried_places,
                    slots[begin:],
                    places[begin:],
                    notes[begin:],
                )
            if found < 0:
                return _MORE_CLAIMS
            end = begin + found
            count = begin + dated(
                seed,
                draw,
                plan,
                earned_day[p],
                by_plan[at_draw, p].already,
                first_year,
                opens,
                bounds,
                entered,
                left,
                seen,
                weight_first,
                up_to,
                round_day,
                words,
                slots[begin:end],
                places[begin:end],
                notes[begin:end],
                begin,
            )
            plan_first[p], plan_last[p] = begin, count
        for p in range(len(plans)):
            for place in range(plans[p].companion_first, plans[p].companion_last):
                other = companions[place].plan
                begin, of = count, slice(plan_first[p], plan_last[p])
                found = beside(
                    seed,
                    draw,
                    plans[other],
                    by_plan[at_draw, other].companion,
                    companions[place].days,
                    words,
                    slots[of],
                    places[of],
                    notes[of],
                    slots[begin:],
                    places[begin:],
                    notes[begin:],
                    begin,
                )
                if found < 0:
                    return _MORE_CLAIMS
                count += found
                plan_first[other], plan_last[other] = begin, count
        if total + count > len(rows):
            return _MORE_CLAIMS
        for one in range(count):
            keys[one] = notes[one].order
        sort_by(keys, count, sorting[0], sorting[1], rank, counts)
        for place in range(count):
            rank[sorting[0, place]] = place
        for p in range(len(plans)):
            of = slice(plan_first[p], plan_last[p])
            emit(
                seed,
                draw,
                plans[p],
                by_year[at_draw, p],
                chance[at_draw, p],
                number[at_draw],
                ways[p],
                laws,
                table,
                band_first,
                bands,
                weight_first,
                up_to,
                numbers,
                known_number,
                first_year,
                districts[at_draw],
                known_district,
                home,
                since,
                variables,
                words,
                slots[of],
                places[of],
                notes[of],
                rank[of],
                rows[total:],
                attributes[total:],
            )
        total += count
    firsts[len(draws)] = total
    return _DONE


class Sampled(NamedTuple):
    """Claims of some draws.

    Attributes
    ----------
    claims : ClaimRows
        The columns of a claim are those of its measure.
    agencies : int64[draw, year + 1]
        Agencies at the end of the start year and of each year after.
    """

    claims: ClaimRows
    agencies: IndexArray


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
        self.scratch: tuple[npt.NDArray[Any], ...] = ()

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
        while True:
            if not self.scratch:
                self.scratch = self._scratch(rates)
            given: tuple[Any, ...] = (*self.plan, *drawn, *rates, self.seed, self.path, at_first, draws)
            given = (*given, *self.scratch, firsts, agencies)
            outcome = _sample(*given)
            if outcome == _DONE:
                rows, attributes = self.scratch[-2:]
                claims = ClaimRows(rows[: firsts[-1]], attributes[: firsts[-1]], firsts)
                return Sampled(claims, agencies)
            if outcome == _MORE_CLAIMS:
                self.claims *= 2
            else:
                self.agencies, self.holders = 2 * self.agencies, 2 * self.holders
            self.scratch = ()
            if self.claims > 50_000_000 or self.agencies > 1 << SERIAL_BITS:
                raise RunError("error.too_many_claims")

    def _scratch(self, rates: PopulationRates) -> tuple[npt.NDArray[Any], ...]:
        lines, statuses = rates.start.shape[1], len(rates.asked_status)
        years, plans, columns = rates.years.shape[1], len(self.plan.plans), self.plan.ways.shape[1]
        opens = [first_day(rates.first_year + at) for at in range(years + 1)]
        cells = lines * (self.agencies // 32 + 1)
        # A draw may hold twice the claims of the mean draw.
        most, rows = 2 * self.claims, self.claims * self.draws
        return (
            np.array(opens, dtype=np.int64),
            np.zeros((years + 1, years)),
            np.zeros((2, lines)),
            np.zeros(years, dtype=np.int64),
            np.zeros((lines, years + 1), dtype=np.int64),
            np.zeros(statuses + 1, dtype=np.int64),
            np.zeros(plans, dtype=np.int64),
            np.zeros(plans, dtype=np.int64),
            np.zeros((lines, self.agencies), dtype=np.int32),
            np.zeros((lines, self.agencies), dtype=np.int32),
            np.zeros((lines, self.agencies), dtype=np.uint32),
            np.zeros((statuses, lines, self.agencies), dtype=np.int32),
            np.zeros((lines + 1, self.agencies), dtype=np.int64),
            np.zeros(cells, dtype=np.int64),
            np.zeros(lines + 1, dtype=np.int64),
            np.zeros(self.holders, dtype=HOLDER),
            np.zeros((4, max(most, self.holders, self.agencies, cells)), dtype=np.uint32),
            np.zeros((2, max(most, self.holders, self.agencies, cells)), dtype=np.int64),
            *np.zeros((2, most), dtype=np.int64),
            np.zeros(most, dtype=NOTE),
            np.zeros((5, most)),
            *np.zeros((2, most), dtype=np.int64),
            np.zeros((2, most), dtype=np.int64),
            np.zeros(COUNTS, dtype=np.int64),
            np.zeros(rows, dtype=CLAIM),
            np.zeros((rows, columns), dtype=np.int64),
        )


def claims_of(sampled: Sampled, draws: IndexArray, columns: dict[str, tuple[tuple[str, int], ...]]) -> Claims:
    """Sampled rows as the columns of Claims, copied; `columns` are those of each measure (`claim_columns`)."""
    names_of = (name for name in CLAIM.names or () if name != "account")
    fields = {name: np.ascontiguousarray(sampled.claims.rows[name]) for name in names_of}
    fields["first_time"] = fields["first_time"].astype(np.bool_)
    draw = np.repeat(draws, np.diff(sampled.claims.firsts)).astype(np.int32)
    names = tuple(sorted({column for own in columns.values() for column in own}))
    attributes = np.full((len(draw), len(names)), UNKNOWN, dtype=np.int64)
    for measure, own in enumerate(columns.values()):
        here = np.flatnonzero(fields["measure"] == measure)
        for place, column in enumerate(own):
            attributes[here, names.index(column)] = sampled.claims.attributes[here, place]
    return Claims(draw=draw, **fields, attributes=attributes, attribute_names=names)
