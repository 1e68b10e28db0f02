"""What drives the range, as tables: the split of the variance, the shares of the assumptions, the tornado."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simkit.base.money import format_wan
from simkit.base.words import say
from simkit.report.papers.table import Column, Language, Table
from simkit.report.tables.answer import AnswerDraft, fen
from simkit.report.tables.paths import words_of_path
from simkit.sizing.sobol import Index
from simkit.whatif.drivers import Assumption, Drivers

__all__ = ["groups", "item", "money_asked", "share_text", "shares", "tornado", "widest"]

#: Assumptions shown.
_TOP = 20


def money_asked(found: Drivers, lang: Language) -> str:
    """The money whose range is asked about, in words."""
    origin = found.origin
    return say(lang, f"drivers.of.{found.asked['of']}", fund=origin.fund(lang), year=origin.budget_year)


def item(found: Drivers, one: Assumption, lang: Language) -> str:
    """An assumption in words."""
    return words_of_path(one.path, found.names, lang)


def share_text(one: Index, lang: Language) -> str:
    """A share with its interval: 7.5% (6.9% to 8.1%)."""
    shown = {name: _percent(getattr(one, name)) for name in ("value", "low", "high")}
    return say(lang, "drivers.share", **shown)


def _percent(share: float) -> str:
    if share == 0:
        return "0"
    return f"{share:.1%}" if share >= 0.0005 else "<0.1%"


def widest(found: Drivers) -> list[Assumption]:
    """Assumptions by how far the mean moves between P10 and P90, furthest first; those that move nothing left out."""
    moved = [one for one in found.assumptions if one.mean.between.given or one.level.between.given]
    return sorted(moved, key=lambda one: -abs(one.mean.between.given or 0.0))


def _table(
    found: Drivers,
    draft: AnswerDraft,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
) -> Table:
    amounts = {"mean": found.mean, "deviation": found.deviation, "quantile": found.level}
    shown = {key: "—" if one.given is None else format_wan(round(one.given)) for key, one in amounts.items()}
    basis = draft.say("note.driver_basis", level=draft.level, **draft.made, **shown)
    title = draft.say(f"title.{name}", money=money_asked(found, draft.lang))
    return draft.table(name, columns, rows, [*notes, basis], title=title)


def groups(found: Drivers, *, lang: Language = "zh") -> Table:
    """The variance split over uncertain assumptions, common factor and shocks, and chance."""
    draft, keys = AnswerDraft(found.origin, lang), ("source", "variance_alone", "variance_total")
    rows = []
    for one in found.groups:
        words = draft.say(f"drivers.group.{one.name}", count=len(found.assumptions))
        rows.append((words, share_text(one.first, lang), share_text(one.total, lang)))
    rows.append((draft.say("drivers.group.interaction"), share_text(found.interaction, lang), "—"))
    notes = [draft.say(f"note.{key}") for key in ("driver_groups", "driver_coupling")] + draft.unpriced()
    cells = [dict(zip(keys, row, strict=True)) for row in rows]
    return _table(found, draft, "driver_groups", draft.columns("text", *keys), cells, notes)


def shares(found: Drivers, *, top: int = _TOP, lang: Language = "zh") -> Table:
    """Assumptions by the share of the variance that they explain, alone and with interactions."""
    draft = AnswerDraft(found.origin, lang)
    keys = ("number", "item", "path", "variance_alone", "variance_total")
    listed = [one for one in found.assumptions if one.total.value > 0][:top]
    rows = [
        {
            "number": str(rank),
            "item": item(found, one, lang),
            "path": one.path,
            "variance_alone": share_text(one.first, lang),
            "variance_total": share_text(one.total, lang),
        }
        for rank, one in enumerate(listed, start=1)
    ]
    notes = [draft.say(f"note.{key}") for key in ("driver_zero", "driver_coupling")]
    notes += _hidden(found, len(listed), lang)
    return _table(found, draft, "driver_shares", draft.columns("text", *keys), rows, notes)


def _hidden(found: Drivers, listed: int, lang: Language) -> list[str]:
    left = len(found.assumptions) - listed
    return [say(lang, "note.driver_hidden", count=left)] if left else []


def tornado(found: Drivers, *, top: int = _TOP, lang: Language = "zh") -> Table:
    """What holding each assumption at its P10 and at its P90 moves, widest first."""
    draft = AnswerDraft(found.origin, lang)
    columns = draft.columns("text", "number", "item", "value_low", "value_high")
    columns += draft.columns("money", "mean_low", "mean_high", "swing", "swing_error")
    of_level = ("level_low", "level_high", "level_swing", "level_error")
    columns += draft.columns("money", *of_level, words={"level": draft.level})
    columns.append(draft.column("distinct"))
    listed = widest(found)[:top]
    rows = []
    for rank, one in enumerate(listed, start=1):
        row: dict[str, Any] = {"number": str(rank), "item": item(found, one, lang)}
        row |= {f"value_{end}": _amount(getattr(one, end), one.unit, lang) for end in ("low", "high")}
        for name, moves, error in (("mean", one.mean, "swing"), ("level", one.level, "level")):
            row |= {f"{name}_{end}": fen(getattr(moves, end).given) for end in ("low", "high")}
            row |= {f"{error}_error": fen(moves.between.error)}
        row |= {"swing": fen(one.mean.between.given), "level_swing": fen(one.level.between.given)}
        row["distinct"] = say(lang, "drivers.distinct" if one.mean.distinct else "drivers.indistinct")
        rows.append(row)
    notes = [draft.say("note.driver_tornado"), *_hidden(found, len(listed), lang)]
    return _table(found, draft, "driver_tornado", columns, rows, notes)


def _amount(value: float, unit: str, lang: Language) -> str:
    """A value of an assumption with its unit, to three or four digits."""
    if unit == "share":
        return f"{value * 100:.3g}%"
    if unit == "yuan" and value >= 10_000 and say(lang, "language.ten_thousands") == "yes":
        return say(lang, "amount.wan", amount=f"{value / 10_000:,.3g}")
    size = f"{float(f'{value:.3g}'):,.0f}" if abs(value) >= 10_000 else f"{value:,.4g}"
    return f"{size}{say(lang, f'unit.{unit}')}" if unit else size
