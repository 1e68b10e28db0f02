"""Values by the laws, bands and weights that claim plans refer to by number; compiled, by address."""

from __future__ import annotations

import math

from simkit.base.arrays import FloatArray
from simkit.base.compiled import compiled, compiled_step
from simkit.base.money import LARGEST_FEN
from simkit.base.random import WordArray, uniform_pair, unit_of_two
from simkit.claims.agencies import SERIAL_BITS, SERIAL_MASK
from simkit.claims.records import Draw, LawTables, Record
from simkit.distributions.base import LOGNORMAL
from simkit.distributions.normal import normal_quantile
from simkit.distributions.quantile import quantile

__all__ = ["banded_tax", "category", "number_of_agency", "values_of_law", "whole"]


@compiled
def category(which: int, tables: LawTables, u: float) -> int:
    """A category by list `which` of cumulated weights."""
    own = tables.weight_up_to[tables.weight_first[which] : tables.weight_first[which + 1] - 1]
    # Counting all is quicker than stopping where nobody can foresee.
    below = 0
    for place in range(len(own)):
        below += u >= own[place]
    return below


@compiled
def whole(value: float) -> int:
    """To the nearest whole unit; what is beyond all money stays at the largest amount."""
    return min(int(max(0.0, min(value, 1e15)) + 0.5), LARGEST_FEN)


@compiled
def banded_tax(which: int, tables: LawTables, income: float) -> float:
    own = tables.bands[tables.band_first[which] : tables.band_first[which + 1]]
    tax = 0.0
    for place in range(len(own)):
        upper = own[place + 1].above if place + 1 < len(own) else math.inf
        tax += max(0.0, min(income, upper) - own[place].above) * own[place].rate
    return tax


@compiled_step
def values_of_law(law: Record, table: FloatArray, words: WordArray, values: FloatArray) -> bool:
    """Values of a law, two words each; whether its family is known."""
    if law.family == LOGNORMAL:
        for one in range(len(values)):
            score = normal_quantile(unit_of_two(words[0, one], words[1, one]))
            values[one] = math.exp(law.first + law.second * score)
        return True
    for one in range(len(values)):
        values[one] = quantile(law, table, unit_of_two(words[0, one], words[1, one]))
    return len(values) == 0 or not math.isnan(values[0])


@compiled_step
def number_of_agency(
    draw: Draw, number: Record, known: FloatArray, tables: LawTables, slot: int, year: int, growth: float
) -> float:
    """A number of an agency in a year (revenue, ...): its start, growth and the year's noise; nan: unknown family."""
    line, serial = slot >> SERIAL_BITS, slot & SERIAL_MASK
    if serial < known.shape[1] and known[line, serial] >= 0.0:
        value = known[line, serial] * growth
    else:
        u = uniform_pair(draw.seed, number.asked, draw.number, 0, slot, 0)[0]
        value = growth * quantile(tables.laws[number.law], tables.table, u)
    if number.noise > 0.0:
        score = normal_quantile(uniform_pair(draw.seed, number.asked, draw.number, year, slot, 1)[0])
        value *= math.exp(number.noise * score - number.noise * number.noise / 2)
    return value
