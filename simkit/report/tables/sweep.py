"""A sweep and a seek as tables: the curve's points, a map, what one more unit costs; the setting found."""

from __future__ import annotations

from typing import Any

from simkit.report.papers.table import Column, Language, Table
from simkit.report.tables.answer import AnswerDraft, values
from simkit.whatif.seek import Seek
from simkit.whatif.sweep import Point, Sweep

__all__ = ["seek_looks", "sought", "swept", "swept_map", "swept_slopes"]

_HEADS = "col.swept."


def swept(found: Sweep, *, lang: Language = "zh") -> Table:
    """A row a setting: cost and need in the budget year, the whole term, share at the cap."""
    draft = AnswerDraft(found.origin, lang, _HEADS)
    heads = found.paths if len(found.paths) > 1 else (draft.say("col.swept.setting"),)
    columns = [Column(key=f"value{place}", heading=head) for place, head in enumerate(heads)]
    need = ("need", "need_low", "need_high")
    money = ("mean", "mean_error", "difference", "difference_error", *need, "whole", "whole_error")
    columns += [draft.column("standing"), *draft.columns("money", *money)]
    capped = any(point.at_cap is not None for point in found.points)
    columns += draft.columns("share", "at_cap", "at_cap_error") if capped else []
    counted = any(point.passed is not None for point in found.points)
    columns += [draft.column("passed", "count")] if counted else []
    rows = []
    for point in found.points:
        row: dict[str, Any] = {f"value{place}": value for place, value in enumerate(point.values)}
        row["standing"] = draft.say("cell.standing") if point.base else ""
        rows.append(row | values(point, *(column.key for column in columns[len(row) :])))
    notes = [draft.say("note.swept", **draft.budget)]
    notes += [draft.say("note.at_cap")] if capped else []
    if any(point.how == "again" for point in found.points):
        notes.append(draft.say("note.compared_again"))
    notes += draft.unpriced()
    return draft.told("swept", columns, rows, notes, path=" × ".join(found.paths))


def swept_slopes(found: Sweep, *, lang: Language = "zh") -> Table:
    """What one more unit costs between two settings, and what a claim costs that a step lets in."""
    draft = AnswerDraft(found.origin, lang, _HEADS)
    rows: list[dict[str, Any]] = []
    before: Point | None = None
    for point in found.points:
        if before is not None and point.slope is not None:
            slope = point.slope
            row: dict[str, Any] = {"from": before.values[0], "to": point.values[0]}
            for key in ("headline", "whole"):
                row[f"{key}_slope"] = _yuan(getattr(slope, key))
                row[f"{key}_slope_error"] = _yuan(getattr(slope, f"{key}_error"))
            rows.append(row | {"per_claim": slope.per_claim})
        before = point
    columns = draft.columns("text", "from", "to")
    slopes = ("headline_slope", "headline_slope_error", "whole_slope", "whole_slope_error")
    columns += [*draft.columns("count", *slopes, decimals=2), draft.column("per_claim", "money")]
    notes = [draft.say("note.slopes", **draft.budget)]
    return draft.told("swept_slopes", columns, rows, notes, path=found.paths[0])


def _yuan(value: float | None) -> float | None:
    return None if value is None else value / 100


def swept_map(found: Sweep, *, lang: Language = "zh") -> Table:
    """Two paths: the mean in the budget year, rows along the first, columns along the second."""
    draft = AnswerDraft(found.origin, lang, _HEADS)
    across = list(dict.fromkeys(point.values[1] for point in found.points))
    rows = []
    for value in dict.fromkeys(point.values[0] for point in found.points):
        cells = {point.values[1]: point.mean for point in found.points if point.values[0] == value}
        rows.append({"value": value, **{f"at{place}": cells[one] for place, one in enumerate(across)}})
    columns = [Column(key="value", heading=f"{found.paths[0]} ↓  {found.paths[1]} →")]
    columns += [Column(key=f"at{place}", heading=one, kind="money") for place, one in enumerate(across)]
    most = max((point.mean_error or 0.0 for point in found.points), default=0.0) / 1e6
    notes = [draft.say("note.swept_map", error=f"{most:,.2f}", **draft.budget), *draft.unpriced()]
    return draft.told("swept_map", columns, rows, notes, path=" × ".join(found.paths))


def sought(found: Seek, *, lang: Language = "zh") -> Table:
    """The setting found, with the interval that Monte Carlo error leaves, path by path."""
    draft = AnswerDraft(found.origin, lang, _HEADS)
    is_found = found.outcome == "found"

    def end(texts: tuple[str, ...] | None, place: int) -> str:
        if not is_found:
            return "—"
        return draft.say("cell.beyond") if texts is None else texts[place]

    rows = [
        {
            "path": path,
            "before": found.standing[place],
            "after": found.values[place] if is_found else draft.say(f"cell.{found.outcome}"),
            "low": end(found.low, place),
            "high": end(found.high, place),
        }
        for place, path in enumerate(found.paths)
    ]
    columns = [*draft.columns("text", "path", "before"), draft.column("after", head="found")]
    columns += draft.columns("text", "low", "high")
    words = draft.budget | {
        "budget": f"{found.budget / 1e6:,.2f}",
        "probability": f"{found.probability:.2%}",
        "low": f"{found.probability_low:.2%}",
        "high": f"{found.probability_high:.2%}",
        "mean": f"{found.mean / 1e6:,.2f}",
        "mean_error": "—" if found.mean_error is None else f"{found.mean_error / 1e6:,.2f}",
        "level": "" if found.level is None else f"{found.level * 100:g}%",
    }
    kind = "mean" if found.level is None else "level"
    notes = [draft.say(f"note.sought_{kind}_{found.outcome}", **words), draft.say("note.sought_at", **words)]
    if found.factor is not None and is_found:
        notes.append(draft.say("note.sought_factor", factor=f"{found.factor:.4g}"))
    notes += [draft.say("note.sought_interval")] if is_found else []
    return draft.told("sought", columns, rows, [*notes, *draft.unpriced()])


def seek_looks(found: Seek, *, lang: Language = "zh") -> Table:
    """Every setting that was looked at."""
    draft = AnswerDraft(found.origin, lang, _HEADS)
    rows = [{"value": " · ".join(one.values), **values(one, "probability", "mean")} for one in found.tried]
    columns = [
        draft.column("value", head="setting"),
        draft.column("probability", "share", head="enough", decimals=2),
        draft.column("mean", "money"),
    ]
    return draft.told("seek_looks", columns, rows)
