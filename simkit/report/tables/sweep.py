"""A sweep and a seek as tables: the curve's points, a map, what one more unit costs; the setting found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simkit.base.words import of_two, say
from simkit.report.papers.table import Column, Kind, Language, Table
from simkit.report.tables.unpriced import unpriced_notes
from simkit.report.tables.untold import in_words
from simkit.whatif.answers import Origin
from simkit.whatif.seek import Seek
from simkit.whatif.sweep import Point, Sweep

__all__ = ["seek_looks", "sought", "swept", "swept_map", "swept_slopes"]


def swept(found: Sweep, *, lang: Language = "zh") -> Table:
    """A row a setting: cost and need in the budget year, the whole term, share at the cap."""
    capped = any(point.at_cap is not None for point in found.points)
    counted = any(point.passed is not None for point in found.points)
    rows = []
    for point in found.points:
        row: dict[str, Any] = {f"value{place}": value for place, value in enumerate(point.values)}
        row["standing"] = say(lang, "cell.standing") if point.base else ""
        for key in ("mean", "mean_error", "difference", "difference_error", "need", "need_low", "need_high"):
            row[key] = getattr(point, key)
        row |= {"whole": point.whole, "whole_error": point.whole_error}
        if capped:
            row |= {"at_cap": point.at_cap, "at_cap_error": point.at_cap_error}
        if counted:
            row["passed"] = point.passed
        rows.append(row)
    heads = found.paths if len(found.paths) > 1 else (say(lang, "col.swept.setting"),)
    columns = [Column(key=f"value{place}", heading=head) for place, head in enumerate(heads)]
    columns.append(_column(lang, "standing"))
    keys = ("mean", "mean_error", "difference", "difference_error", "need", "need_low", "need_high")
    columns += [_column(lang, key, "money") for key in (*keys, "whole", "whole_error")]
    columns += [_column(lang, key, "share") for key in ("at_cap", "at_cap_error") if capped]
    columns += [_column(lang, "passed", "count")] if counted else []
    notes = [say(lang, "note.swept", **_words(found.origin, lang))]
    notes += [say(lang, "note.at_cap")] if capped else []
    if any(point.how == "again" for point in found.points):
        notes.append(say(lang, "note.compared_again"))
    notes += unpriced_notes(found.origin, lang)
    return _table(found.origin, "swept", columns, rows, lang, notes, path=" × ".join(found.paths))


def swept_slopes(found: Sweep, *, lang: Language = "zh") -> Table:
    """What one more unit costs between two settings, and what a claim costs that a step lets in."""
    rows: list[dict[str, Any]] = []
    before: Point | None = None
    for point in found.points:
        if before is not None and point.slope is not None:
            slope = point.slope
            rows.append(
                {
                    "from": before.values[0],
                    "to": point.values[0],
                    "headline_slope": slope.headline / 100,
                    "headline_slope_error": _yuan(slope.headline_error),
                    "whole_slope": slope.whole / 100,
                    "whole_slope_error": _yuan(slope.whole_error),
                    "per_claim": slope.per_claim,
                }
            )
        before = point
    columns = [_column(lang, "from"), _column(lang, "to")]
    slopes = ("headline_slope", "headline_slope_error", "whole_slope", "whole_slope_error")
    columns += [_column(lang, key, "count", decimals=2) for key in slopes]
    columns.append(_column(lang, "per_claim", "money"))
    notes = [say(lang, "note.slopes", **_words(found.origin, lang))]
    return _table(found.origin, "swept_slopes", columns, rows, lang, notes, path=found.paths[0])


def swept_map(found: Sweep, *, lang: Language = "zh") -> Table:
    """Two paths: the mean in the budget year, rows along the first, columns along the second."""
    across = list(dict.fromkeys(point.values[1] for point in found.points))
    rows = []
    for value in dict.fromkeys(point.values[0] for point in found.points):
        cells = {point.values[1]: point.mean for point in found.points if point.values[0] == value}
        rows.append({"value": value, **{f"at{place}": cells[one] for place, one in enumerate(across)}})
    columns = [Column(key="value", heading=f"{found.paths[0]} ↓  {found.paths[1]} →")]
    columns += [Column(key=f"at{place}", heading=one, kind="money") for place, one in enumerate(across)]
    most = max((point.mean_error or 0.0 for point in found.points), default=0.0) / 1e6
    notes = [say(lang, "note.swept_map", error=f"{most:,.2f}", **_words(found.origin, lang))]
    notes += unpriced_notes(found.origin, lang)
    return _table(found.origin, "swept_map", columns, rows, lang, notes, path=" × ".join(found.paths))


def sought(found: Seek, *, lang: Language = "zh") -> Table:
    """The setting found, with the interval that Monte Carlo error leaves, path by path."""
    rows = []
    for place, (path, standing, value) in enumerate(
        zip(found.paths, found.standing, found.values, strict=True)
    ):
        rows.append(
            {
                "path": path,
                "before": standing,
                "after": value if found.outcome == "found" else say(lang, f"cell.{found.outcome}"),
                "low": _end(found.low, place, found.outcome, lang),
                "high": _end(found.high, place, found.outcome, lang),
            }
        )
    columns = [_column(lang, "path"), _column(lang, "before"), _column(lang, "found")]
    columns[-1] = Column(key="after", heading=columns[-1].heading)
    columns += [_column(lang, "low"), _column(lang, "high")]
    words = _words(found.origin, lang) | {
        "budget": f"{found.budget / 1e6:,.2f}",
        "probability": f"{found.probability:.2%}",
        "low": f"{found.probability_low:.2%}",
        "high": f"{found.probability_high:.2%}",
        "mean": f"{found.mean / 1e6:,.2f}",
        "mean_error": "—" if found.mean_error is None else f"{found.mean_error / 1e6:,.2f}",
        "level": "" if found.level is None else f"{found.level:.4g}",
    }
    if found.level is not None:
        words["level"] = f"{found.level * 100:g}%"
    kind = "mean" if found.level is None else "level"
    notes = [say(lang, f"note.sought_{kind}_{found.outcome}", **words), say(lang, "note.sought_at", **words)]
    if found.factor is not None and found.outcome == "found":
        notes.append(say(lang, "note.sought_factor", factor=f"{found.factor:.4g}"))
    if found.outcome == "found":
        notes.append(say(lang, "note.sought_interval"))
    notes += unpriced_notes(found.origin, lang)
    return _table(found.origin, "sought", columns, rows, lang, notes)


def seek_looks(found: Seek, *, lang: Language = "zh") -> Table:
    """Every setting that was looked at."""
    rows = [
        {"value": " · ".join(one.values), "probability": one.probability, "mean": one.mean}
        for one in found.tried
    ]
    columns = [_column(lang, "setting"), _column(lang, "enough", "share"), _column(lang, "mean", "money")]
    columns[0] = Column(key="value", heading=columns[0].heading)
    columns[1] = Column(key="probability", heading=columns[1].heading, kind="share", decimals=2)
    return _table(found.origin, "seek_looks", columns, rows, lang, [])


def _yuan(fen: float | None) -> float | None:
    return None if fen is None else fen / 100


def _end(texts: tuple[str, ...] | None, place: int, outcome: str, lang: Language) -> str:
    if outcome != "found":
        return "—"
    return say(lang, "cell.beyond") if texts is None else texts[place]


def _words(origin: Origin, lang: Language) -> dict[str, str]:
    return {
        "fund": of_two(lang, origin.fund_zh, origin.fund_en),
        "year": str(origin.budget_year),
        "confidence": f"{origin.confidence / 100:g}%",
    }


def _column(lang: Language, key: str, kind: Kind = "text", *, decimals: int | None = None) -> Column:
    return Column(key=key, heading=say(lang, f"col.swept.{key}"), kind=kind, decimals=decimals)


def _table(
    origin: Origin,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[dict[str, Any]],
    lang: Language,
    notes: Sequence[str],
    **title: Any,
) -> Table:
    rows, why = in_words(columns, rows, lang=lang, draws=origin.draws)
    made = say(lang, "note.answer", scenario=origin.scenario, draws=f"{origin.draws:,}", seed=origin.seed)
    return Table(
        id=name,
        title=say(lang, f"title.{name}", **title),
        unit=say(lang, "unit.wan") if any(column.kind == "money" for column in columns) else "",
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(*notes, *why, made),
    )
