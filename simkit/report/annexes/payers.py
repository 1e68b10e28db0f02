"""部门和区县分担表: who pays, by department and fund, and what each district pays in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simkit.awards.outlays import sum_by
from simkit.base.arrays import FenArray
from simkit.report.annexes.sources import Sources
from simkit.report.annexes.years import Span, leave_open, spans, sum_of, year_columns
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Cell, Ratio, Sum, Table
from simkit.report.tables.budget import unpriced_funds
from simkit.report.tables.whole_fen import WholeFen, whole_fen
from simkit.runs.result import Result

__all__ = ["payers"]


def payers(desk: Sources) -> Sequence[Piece]:
    """Departments with their funds, then the districts."""
    found: list[Piece] = [_departments(desk)]
    if desk.result.scenario.policy.districts:
        found.append(_districts(desk))
    return found


def _departments(desk: Sources) -> Table:
    """A row a fund: its department and level, expected outlay by year, share of all."""
    draft, result = desk.draft(), desk.result
    columns, money = spans(result), whole_fen(result)
    waiting, samples = unpriced_funds(result), _samples(result, columns, "fund")
    rows: list[dict[str, Any]] = []
    for place, fund in enumerate(result.scenario.policy.funds.values()):
        row = {"department": fund.department, "fund": draft.name(fund.name), "level": draft.level(fund.level)}
        cells = sum_of(money, columns, fund=place)
        unknown = place in waiting and not cells["total"]
        leave_open(draft, len(rows), columns, fund=place)
        if unknown:
            cells = dict.fromkeys(cells, draft.say("treatment.unpriced"))
        error = None if unknown else draft.error(samples[:, place], certain=draft.certain(fund=place))
        rows.append(row | cells | {"total_error": error})
    leave_open(draft, len(rows), columns)
    links = _totals(
        rows, [one.key for one in columns], {"department": "", "fund": draft.say("row.total"), "level": ""}
    )
    rows[-1]["total_error"] = draft.error(samples.sum(axis=1), certain=draft.certain())
    shown = [draft.column(key) for key in ("department", "fund", "level")]
    shown += year_columns(draft, columns)
    shown += [draft.column("total_error", "money", draft.say("col.error")), draft.column("share", "share")]
    draft.note(draft.say("annex.note.payers"))
    draft.note(draft.say("annex.note.all_years"))
    draft.note_unpriced()
    return draft.table("annex_departments", shown, rows, totals=[len(rows) - 1], links=links)


def _samples(result: Result, columns: Sequence[Span], field: str) -> FenArray:
    """Money paid in all spans together by draw and fund or district, int64[draw, number]."""
    years = [year for one in columns for year in one.years]
    return np.asarray(np.sum([result.paid_by(field, year) for year in years], axis=0))


def _districts(desk: Sources) -> Table:
    """A row a district: what falls to its own purse as the claim's district, and under a fund that is its alone."""
    draft, result = desk.draft(), desk.result
    columns, money = spans(result), whole_fen(result)
    policy = result.scenario.policy
    funds = list(policy.funds.values())
    shared = [place for place, fund in enumerate(funds) if fund.per_district]
    own = {name: [at for at, fund in enumerate(funds) if fund.district == name] for name in policy.districts}
    rows: list[dict[str, Any]] = []
    for number, name in enumerate(policy.districts):
        found = {
            "shared": _of(money, columns, shared, number),
            "own": _of(money, columns, own[name], None),
        }
        years = {one.key: found["shared"][one.key] + found["own"][one.key] for one in columns}
        row = {"district": name, **years, "total": sum(years.values())}
        row |= {"shared": found["shared"]["total"], "own": found["own"]["total"]}
        for place in (*shared, *own[name]):
            leave_open(draft, len(rows), columns, fund=place)
        rows.append(row)
    keys = [*(one.key for one in columns), "shared", "own"]
    links = _totals(rows, keys, {"district": draft.say("row.total")})
    samples = _by_district(result, columns)
    for number, row in enumerate(rows):
        sample = samples[:, number] if number < len(policy.districts) else samples.sum(axis=1)
        row["total_error"] = draft.error(sample, certain=draft.certain())
    shown = [draft.column("district"), *year_columns(draft, columns)]
    shown.append(draft.column("total_error", "money", draft.say("col.error")))
    shown += [draft.column(key, "money", draft.say(f"annex.col.{key}")) for key in ("shared", "own")]
    shown.append(draft.column("share", "share"))
    draft.note(draft.say("annex.note.all_years"))
    draft.note(draft.say("annex.note.districts"))
    waiting = [funds[place] for place in sorted(unpriced_funds(result)) if funds[place].district]
    if waiting:
        draft.note(draft.say("annex.note.districts_unpriced", names=draft.names(one.name for one in waiting)))
    draft.note(draft.say("annex.note.matching"))
    return draft.table("annex_districts", shown, rows, totals=[len(rows) - 1], links=links)


def _by_district(result: Result, columns: Sequence[Span]) -> FenArray:
    """What each district pays in all spans together, by draw: int64[draw, district]."""
    funds = list(result.scenario.policy.funds.values())
    names = list(result.scenario.policy.districts)
    whose = np.array([names.index(one.district) if one.district else -1 for one in funds], dtype=np.int64)
    shared = np.array([one.per_district for one in funds], dtype=np.bool_)
    cells = result.outlays.cells
    group = np.where(shared[cells["fund"]], cells["district"].astype(np.int64), whose[cells["fund"]])
    years = [year for one in columns for year in one.years]
    return sum_by(result.outlays, np.where(np.isin(cells["paid"], years), group, -1), len(names))


def _of(
    money: WholeFen, columns: Sequence[Span], places: Sequence[int], district: int | None
) -> dict[str, Any]:
    """Expected money of funds by span, of one district where one is given."""
    found = [sum_of(money, columns, fund=place, district=district) for place in places]
    return {key: sum(one[key] for one in found) for key in (*(one.key for one in columns), "total")}


def _totals(
    rows: list[dict[str, Any]], keys: Sequence[str], words: dict[str, Any]
) -> dict[Cell, Sum | Ratio]:
    """Add the row of totals and each row's share of it; the formulas of both."""
    priced = [number for number, row in enumerate(rows) if not isinstance(row["total"], str)]
    last = len(rows)
    total = {key: sum(rows[number][key] for number in priced) for key in (*keys, "total")}
    links: dict[Cell, Sum | Ratio] = {
        (last, key): Sum(tuple((number, key) for number in priced)) for key in (*keys, "total")
    }
    rows.append(words | total)
    for number, row in enumerate(rows):
        known = number in priced or number == last
        row["share"] = row["total"] / total["total"] if known and total["total"] else None
        if row["share"] is not None:
            links[number, "share"] = Ratio((number, "total"), (last, "total"))
    return links
