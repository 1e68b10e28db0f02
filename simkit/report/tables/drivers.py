"""What drives the range, as tables: the split of the variance, the shares of the assumptions, the tornado."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simkit.base.money import format_wan
from simkit.base.words import of_two, say
from simkit.report.papers.table import Column, Kind, Language, Table
from simkit.report.tables.paths import words_of_path
from simkit.report.tables.unpriced import unpriced_notes
from simkit.sizing.sobol import Index
from simkit.whatif.drivers import Assumption, Drivers

__all__ = ["groups", "item", "money_asked", "share_text", "shares", "tornado", "widest"]

#: Assumptions shown.
_TOP = 20


def money_asked(found: Drivers, lang: Language) -> str:
    """The money whose range is asked about, in words."""
    origin = found.origin
    fund = of_two(lang, origin.fund_zh, origin.fund_en)
    return say(lang, f"drivers.of.{found.asked['of']}", fund=fund, year=origin.budget_year)


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


def _column(lang: Language, key: str, kind: Kind = "text", **values: Any) -> Column:
    return Column(key=key, heading=say(lang, f"col.{key}", **values), kind=kind)


def _table(
    found: Drivers,
    lang: Language,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
) -> Table:
    money = any(column.kind == "money" for column in columns)
    origin, level = found.origin, f"{found.origin.confidence / 100:g}"
    amounts = {"mean": found.mean, "deviation": found.deviation, "quantile": found.level}
    shown = {
        key: format_wan(round(one.given)) if one.given is not None else "—" for key, one in amounts.items()
    }
    basis = say(lang, "note.driver_basis", draws=f"{origin.draws:,}", seed=origin.seed, level=level, **shown)
    return Table(
        id=name,
        title=say(lang, f"title.{name}", money=money_asked(found, lang)),
        unit=say(lang, "unit.wan") if money else "",
        columns=tuple(columns),
        rows=tuple(dict(row) for row in rows),
        notes=(*notes, basis),
    )


def groups(found: Drivers, *, lang: Language = "zh") -> Table:
    """The variance split over uncertain assumptions, common factor and shocks, and chance."""
    columns = [_column(lang, key) for key in ("source", "variance_alone", "variance_total")]
    rows = []
    for one in found.groups:
        words = say(lang, f"drivers.group.{one.name}", count=len(found.assumptions))
        alone, whole = share_text(one.first, lang), share_text(one.total, lang)
        rows.append({"source": words, "variance_alone": alone, "variance_total": whole})
    rest = share_text(found.interaction, lang)
    words = say(lang, "drivers.group.interaction")
    rows.append({"source": words, "variance_alone": rest, "variance_total": "—"})
    notes = [say(lang, f"note.{key}") for key in ("driver_groups", "driver_coupling")]
    notes += unpriced_notes(found.origin, lang)
    return _table(found, lang, "driver_groups", columns, rows, notes)


def shares(found: Drivers, *, top: int = _TOP, lang: Language = "zh") -> Table:
    """Assumptions by the share of the variance that they explain, alone and with interactions."""
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
    notes = [say(lang, f"note.{key}") for key in ("driver_zero", "driver_coupling")]
    notes += _hidden(found, len(listed), lang)
    return _table(found, lang, "driver_shares", [_column(lang, key) for key in keys], rows, notes)


def _hidden(found: Drivers, listed: int, lang: Language) -> list[str]:
    left = len(found.assumptions) - listed
    return [say(lang, "note.driver_hidden", count=left)] if left else []


def tornado(found: Drivers, *, top: int = _TOP, lang: Language = "zh") -> Table:
    """What holding each assumption at its P10 and at its P90 moves, widest first."""
    level = f"{found.origin.confidence / 100:g}"
    columns = [_column(lang, key) for key in ("number", "item", "value_low", "value_high")]
    columns += [_column(lang, key, "money") for key in ("mean_low", "mean_high", "swing", "swing_error")]
    of_level = ("level_low", "level_high", "level_swing", "level_error")
    columns += [_column(lang, key, "money", level=level) for key in of_level]
    columns.append(_column(lang, "distinct"))
    listed = widest(found)[:top]
    rows = []
    for rank, one in enumerate(listed, start=1):
        row: dict[str, Any] = {"number": str(rank), "item": item(found, one, lang)}
        row |= {f"value_{end}": _amount(getattr(one, end), one.unit, lang) for end in ("low", "high")}
        for name, moves, error in (("mean", one.mean, "swing"), ("level", one.level, "level")):
            row |= {f"{name}_{end}": _fen(getattr(moves, end).given) for end in ("low", "high")}
            row |= {f"{error}_error": _fen(moves.between.error)}
        row |= {"swing": _fen(one.mean.between.given), "level_swing": _fen(one.level.between.given)}
        row["distinct"] = say(lang, "drivers.distinct" if one.mean.distinct else "drivers.indistinct")
        rows.append(row)
    notes = [say(lang, "note.driver_tornado"), *_hidden(found, len(listed), lang)]
    return _table(found, lang, "driver_tornado", columns, rows, notes)


def _fen(value: float | None) -> int | None:
    """Whole fen; None for what is refused or cannot be told."""
    return None if value is None else round(value)


def _amount(value: float, unit: str, lang: Language) -> str:
    """A value of an assumption with its unit, to three or four digits."""
    if unit == "share":
        return f"{value * 100:.3g}%"
    if unit == "yuan" and value >= 10_000 and say(lang, "language.ten_thousands") == "yes":
        return say(lang, "amount.wan", amount=f"{value / 10_000:,.3g}")
    size = f"{float(f'{value:.3g}'):,.0f}" if abs(value) >= 10_000 else f"{value:,.4g}"
    return f"{size}{say(lang, f'unit.{unit}')}" if unit else size
