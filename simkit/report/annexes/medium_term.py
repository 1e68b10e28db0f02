"""中期财政规划（三年滚动）表: a row a measure and fund, how each year differs from the one before, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from simkit.base.arrays import FenArray
from simkit.base.said import listed
from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.annexes.years import Span, leave_open, spans, sum_of, year_columns
from simkit.report.papers.pieces import Piece, Sentences
from simkit.report.papers.table import Cell, Ratio, Sum, Table
from simkit.report.tables.growth import reasons
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.figures import year_sample
from simkit.runs.result import Result

__all__ = ["medium_term"]


def medium_term(desk: Sources) -> Sequence[Piece]:
    """The plan by measure and fund, and its growth explained in words and figures."""
    special, whole = (reasons(desk.result, special=one, lang=desk.lang) for one in (True, False))
    return [
        _plan(desk),
        desk.heading("annex.medium_term.why"),
        *_sentences(desk, special),
        special,
        whole,
    ]


def _plan(desk: Sources) -> Table:
    """Expected outlay by fund, measure and year; the change from year to year in money and in percent."""
    draft, result = desk.draft(), desk.result
    columns, money = spans(result), whole_fen(result)
    keys = [one.key for one in columns]
    policy = result.scenario.policy
    rows: list[dict[str, Any]] = []
    links: dict[Cell, Sum | Ratio] = {}
    sums: list[int] = []
    lines: list[int] = []
    for at, fund in enumerate(policy.funds.values()):
        first = len(rows)
        for place, measure in enumerate(policy.measures.values()):
            cells = sum_of(money, columns, fund=at, measure=place)
            if leave_open(draft, len(rows), columns, place, fund=at) or cells["total"]:
                rows.append({"fund": draft.name(fund.name), "item": draft.name(measure.name), **cells})
        if len(rows) <= first + 1:  # of one measure the sum is that measure
            lines += range(first, len(rows))
        else:
            sums.append(len(rows))
            lines.append(len(rows))
            leave_open(draft, len(rows), columns, fund=at)
            rows.append(
                _summed(draft, rows, links, range(first, len(rows)), (*keys, "total"), "annex.row.fund_sum")
            )
    leave_open(draft, len(rows), columns)
    rows.append(_summed(draft, rows, links, lines, (*keys, "total"), "row.total"))
    changes = _changes(draft, rows, links, columns)
    shown = [draft.column("fund", merged=True), draft.column("item"), *year_columns(draft, columns)]
    for key, before, after in changes:
        shown.append(draft.column(key, "money", draft.say("annex.col.change", before=before, after=after)))
        shown.append(draft.column(f"{key}_share", "share", draft.say("annex.col.change_share", after=after)))
    _note_errors(draft, columns)
    draft.note(draft.say("annex.note.not_final"))
    draft.note_unpriced()
    return draft.table("annex_medium_term", shown, rows, totals=[*sums, len(rows) - 1], links=links)


def _note_errors(draft: AnnexDraft, columns: Sequence[Span]) -> None:
    """The largest standard error of a year's and of a change's row; the sum over all funds has it."""
    singles = [one.years[0] for one in columns if one.key != "tail"]
    samples = {year: _widest(draft.result, year) for year in singles}
    draft.note_largest_error(
        np.stack([samples[year] for year in singles], axis=1) / 1e6, draft.say("word.outlay")
    )
    if len(singles) > 1:
        partly = draft.not_whole()
        pairs = [pair for pair in pairwise(singles) if not {*pair} & {*partly}]
        gaps = [samples[after] - samples[before] for before, after in pairs]
        if gaps:
            draft.note_largest_error(np.stack(gaps, axis=1) / 1e6, draft.say("word.change"))


def _widest(result: Result, year: int) -> FenArray:
    """Money of a year by draw: of every fund, every measure, and of all together, int64[draw, part]."""
    parts = [result.paid_by(field, year) for field in ("fund", "measure")]
    return np.concatenate([*parts, parts[0].sum(axis=1, keepdims=True)], axis=1)


def _summed(
    draft: AnnexDraft,
    rows: Sequence[dict[str, Any]],
    links: dict[Cell, Sum | Ratio],
    lines: Sequence[int],
    keys: Sequence[str],
    name: str,
) -> dict[str, Any]:
    """The row that adds up others."""
    links |= {(len(rows), key): Sum(tuple((line, key) for line in lines)) for key in keys}
    return {"fund": "", "item": draft.say(name)} | {
        key: sum(rows[line][key] for line in lines) for key in keys
    }


def _changes(
    draft: AnnexDraft, rows: Sequence[dict[str, Any]], links: dict[Cell, Sum | Ratio], columns: Sequence[Span]
) -> list[tuple[str, int, int]]:
    """Fill in the change of each planned year on the one before; its key and both years.

    A year that is not whole is compared with none.
    """
    found, partly = [], draft.not_whole()
    for before, after in pairwise(one for one in columns if one.key != "tail"):
        key = f"change_{after.key}"
        found.append((key, before.years[0], after.years[0]))
        if {before.years[0], after.years[0]} & {*partly}:
            for row in rows:
                row[key] = row[f"{key}_share"] = draft.say("cell.not_compared")
            continue
        for number, row in enumerate(rows):
            row[key] = row[after.key] - row[before.key]
            if not row[after.key] and not row[before.key] and draft.is_open(number, after.key):
                draft.left_open(number, [key])
            row[f"{key}_share"] = row[key] / row[before.key] if row[before.key] else None
            links[number, key] = Sum(((number, after.key),), ((number, before.key),))
            if row[before.key]:
                links[number, f"{key}_share"] = Ratio((number, key), (number, before.key))
    return found


def _sentences(desk: Sources, explained: Table) -> list[Sentences]:
    """What moved the special fund's outlay of each planned year, in a few sentences a year."""
    draft = desk.draft()
    first = desk.result.scenario.plan.budget_year
    by_year, partly = {row["year"]: row for row in explained.rows}, draft.not_whole()
    found = []
    for year, row in by_year.items():
        before = by_year.get(year - 1)
        if before is None or year < first:
            continue
        if {year, year - 1} & {*partly}:
            found.append(Sentences(_not_compared(draft, year, partly)))
        elif before["paid"] and isinstance(before["paid"], int) and isinstance(row["paid"], int):
            found.append(Sentences("".join(_told(draft, year, before, row))))
    return found


def _not_compared(draft: AnnexDraft, year: int, partly: Sequence[int]) -> str:
    """Why a year is not compared with the one before."""
    years = listed((str(one) for one in (year - 1, year) if one in partly), draft.lang)
    horizon = {"first": draft.result.earned_years[0], "last": draft.result.earned_years[-1]}
    return draft.say("annex.medium_term.not_compared", year=year, before=year - 1, partly=years, **horizon)


def _told(draft: AnnexDraft, year: int, before: dict[str, Any], row: dict[str, Any]) -> Iterator[str]:
    """By how much, with its error; by what; and what the policy's term has to do with it."""
    change = row["paid"] - before["paid"]
    gap = year_sample(draft.result, year, special=True) - year_sample(draft.result, year - 1, special=True)
    error = draft.error(gap)
    values = {
        "year": year,
        "before": year - 1,
        "change": draft.say("annex.fell" if change < 0 else "annex.rose", money=draft.wan(abs(change))),
        "share": draft.say(
            "annex.fell_by" if change < 0 else "annex.rose_by", share=f"{abs(change) / before['paid']:z.1%}"
        ),
        "error": error if isinstance(error, str) else draft.wan(error),
        "same": _moved(draft, row["paid_same"] - before["paid_same"]),
        "earlier": _moved(draft, row["paid_before"] - before["paid_before"]),
    }
    yield draft.say("annex.medium_term.paid", **values)
    effects = [row[name] for name in ("by_agencies", "by_claims", "by_amount")]
    if all(effect is not None for effect in effects):
        names = ("agencies", "claims", "amount")
        parts = {name: _moved(draft, effect) for name, effect in zip(names, effects, strict=True)}
        yield draft.say("annex.medium_term.earned", earned=_moved(draft, row["change"]), **parts)
    term = draft.result.scenario.policy.document.in_force
    if term.since.year == year - 1:
        yield draft.say("annex.medium_term.began", since=term.since)
    if term.until is not None and term.until.year == year:
        yield draft.say("annex.medium_term.ends", until=term.until)
    if term.until is not None and term.until.year < year:
        yield draft.say("annex.medium_term.ended", until=term.until)


def _moved(draft: AnnexDraft, fen: float) -> str:
    """A change of money in words: 增加 or 减少."""
    return draft.say("annex.less" if fen < 0 else "annex.more", money=draft.wan(abs(fen)))
