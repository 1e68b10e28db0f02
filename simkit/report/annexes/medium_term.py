"""中期财政规划（三年滚动）表: a row a measure and fund, how each year differs from the one before, and why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from simkit.report.annexes.desk import AnnexDraft, Desk
from simkit.report.annexes.years import Span, spans, sum_of, year_columns
from simkit.report.pieces import Piece, Words
from simkit.report.table import Cell, Ratio, Sum, Table
from simkit.report.tables.growth import reasons
from simkit.report.tables.ledger import ledger

__all__ = ["medium_term"]


def medium_term(desk: Desk) -> Sequence[Piece]:
    """The plan by measure and fund, and its growth explained in words and figures."""
    special, whole = (reasons(desk.result, special=one, lang=desk.lang) for one in (True, False))
    return [
        _plan(desk),
        desk.heading("annex.medium_term.why"),
        *_sentences(desk, special),
        special,
        whole,
    ]


def _plan(desk: Desk) -> Table:
    """Expected outlay by fund, measure and year; the change from year to year in money and in percent."""
    draft, result = desk.draft(), desk.result
    columns, money = spans(result), ledger(result)
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
            if cells["total"]:
                rows.append({"fund": draft.name(fund.name), "item": draft.name(measure.name), **cells})
        if len(rows) <= first + 1:  # of one measure the sum is that measure
            lines += range(first, len(rows))
        else:
            sums.append(len(rows))
            lines.append(len(rows))
            rows.append(
                _summed(draft, rows, links, range(first, len(rows)), (*keys, "total"), "annex.row.fund_sum")
            )
    rows.append(_summed(draft, rows, links, lines, (*keys, "total"), "row.total"))
    changes = _changes(rows, links, columns)
    shown = [draft.column("fund", merged=True), draft.column("item"), *year_columns(draft, columns)]
    for key, before, after in changes:
        shown.append(draft.column(key, "money", draft.say("annex.col.change", before=before, after=after)))
        shown.append(draft.column(f"{key}_share", "share", draft.say("annex.col.change_share", after=after)))
    draft.note_largest_error(result.paid_by("measure") / 1e6, draft.say("word.outlay"))
    draft.note(draft.say("annex.note.not_final"))
    draft.note_unpriced()
    return draft.table("annex_medium_term", shown, rows, totals=[*sums, len(rows) - 1], links=links)


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
    rows: Sequence[dict[str, Any]], links: dict[Cell, Sum | Ratio], columns: Sequence[Span]
) -> list[tuple[str, int, int]]:
    """Fill in the change of each planned year on the one before; its key and both years."""
    found = []
    for before, after in pairwise(one for one in columns if one.key != "tail"):
        key = f"change_{after.key}"
        found.append((key, before.years[0], after.years[0]))
        for number, row in enumerate(rows):
            row[key] = row[after.key] - row[before.key]
            row[f"{key}_share"] = row[key] / row[before.key] if row[before.key] else None
            links[number, key] = Sum(((number, after.key),), ((number, before.key),))
            if row[before.key]:
                links[number, f"{key}_share"] = Ratio((number, key), (number, before.key))
    return found


def _sentences(desk: Desk, explained: Table) -> list[Words]:
    """What moved the special fund's outlay of each planned year, in a sentence a year."""
    draft = desk.draft()
    first = desk.result.scenario.plan.budget_year
    by_year = {row["year"]: row for row in explained.rows}
    found = []
    for year, row in by_year.items():
        before = by_year.get(year - 1)
        if before is None or year < first or not before["paid"]:
            continue
        change = row["paid"] - before["paid"]
        values = {
            "year": year,
            "before": year - 1,
            "change": _moved(draft, change),
            "share": f"{abs(change) / before['paid']:.1%}",
            "same": _moved(draft, row["paid_same"] - before["paid_same"]),
            "earlier": _moved(draft, row["paid_before"] - before["paid_before"]),
        }
        key = "annex.medium_term.paid_only"
        effects = [row[name] for name in ("by_agencies", "by_claims", "by_amount")]
        if all(effect is not None for effect in effects):
            key = "annex.medium_term.sentence"
            names = ("agencies", "claims", "amount")
            values |= {name: _moved(draft, effect) for name, effect in zip(names, effects, strict=True)}
            values["earned"] = _moved(draft, row["change"])
        found.append(desk.words(key, **values))
    return found


def _moved(draft: AnnexDraft, fen: float) -> str:
    """A change of money in words: 增加 or 减少."""
    return draft.say("annex.less" if fen < 0 else "annex.more", money=draft.wan(abs(fen)))
