"""The years of a budget: t, t+1, t+2, and what is still paid after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from simkit.report.annexes.sources import AnnexDraft
from simkit.report.papers.table import Column
from simkit.report.tables.whole_fen import WholeFen
from simkit.runs.result import Result

__all__ = ["Span", "leave_open", "spans", "sum_of", "year_columns"]

#: Years of a rolling plan.
_PLANNED = 3


class Span(NamedTuple):
    """A column of years: its key, and the paid years in it."""

    key: str
    years: tuple[int, ...]


def spans(result: Result) -> tuple[Span, ...]:
    """The budget year and the two after it, each for itself, then the tail where anything can still be paid."""
    paid = result.paid_years
    first = result.scenario.plan.budget_year
    last = first + _PLANNED - 1
    tail = tuple(year for year in paid if year > last)
    single = tuple(Span(f"y{year}", (year,)) for year in range(first, last + 1))
    return (*single, Span("tail", tail)) if tail else single


def year_columns(draft: AnnexDraft, columns: Sequence[Span], *, total: bool = True) -> list[Column]:
    """A column of money for each span, and their total."""
    found = [
        draft.column(one.key, "money", str(one.years[0]) if one.key != "tail" else _tail(draft, one))
        for one in columns
    ]
    if total:
        found.append(draft.column("total", "money", parts=tuple(one.key for one in columns)))
    return found


def _tail(draft: AnnexDraft, span: Span) -> str:
    first, last = span.years[0], span.years[-1]
    years = str(first) if first == last else f"{first}—{last}"
    return draft.say("annex.tail", years=years)


def sum_of(
    money: WholeFen,
    columns: Sequence[Span],
    *,
    special: bool = False,
    fund: int | None = None,
    measure: int | None = None,
    district: int | None = None,
) -> dict[str, Any]:
    """Expected money of each span and in total, whole fen, by column key."""
    asked = {"fund": fund, "measure": measure, "district": district}
    of = {name: place for name, place in asked.items() if place is not None}
    found = {
        one.key: sum(money.sum(special=special, **{**of, "paid": year}) for year in one.years)
        for one in columns
    }
    return {**found, "total": sum(found.values())}


def leave_open(
    draft: AnnexDraft,
    at: int,
    columns: Sequence[Span],
    *places: int,
    special: bool = False,
    fund: int | None = None,
) -> set[str]:
    """Have a row's spans and total say where they are 0 only since no draw met what can be paid then; their keys."""
    possible = {
        one.key
        for one in columns
        if not all(draft.certain(*places, year=year, special=special, fund=fund) for year in one.years)
    }
    possible |= {"total"} if possible else set()
    draft.left_open(at, possible)
    return possible
