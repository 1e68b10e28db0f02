"""Readings of ambiguous clauses: the cost of each, and the widest total; from a saved answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simkit.base.money import format_wan
from simkit.base.words import of_two, say
from simkit.report.papers.table import Column, Kind, Language, Table
from simkit.report.tables.unpriced import unpriced_notes
from simkit.whatif.answers import Origin
from simkit.whatif.comparison import Headline, Line
from simkit.whatif.readings import Combination, Option, Question, Readings

__all__ = [
    "confidence_of",
    "fund_of",
    "noise",
    "reading_costs",
    "reading_register",
    "widest_choices",
    "widest_total",
]

#: Standard errors to each side in a 95 % interval.
_REACH = 1.959964


def reading_register(found: Readings, *, lang: Language = "zh") -> Table:
    """Every question with its name, and how it is read: what the tables of costs name."""
    rows = [
        {
            "clause": one.clause,
            "reading": one.reading,
            "question": of_two(lang, one.question_zh, one.question_en),
            "in_force": of_two(lang, one.in_force_zh, one.in_force_en),
            "why": (of_two(lang, one.why_zh, one.why_en)) if one.in_force == one.default else "",
        }
        for one in found.questions
    ]
    keys = ("clause", "reading", "question", "in_force", "why")
    return Table(
        id="readings_register",
        title=say(lang, "readings.title.register"),
        columns=tuple(_column(lang, key) for key in keys),
        rows=tuple(rows),
        notes=(_origin(found.origin, lang),),
    )


def reading_costs(found: Readings, *, special: bool, in_force: bool = False, lang: Language = "zh") -> Table:
    """Every option that is not in force: difference by paid year and in all, whether it is more than noise.

    Parameters
    ----------
    special : bool
        Of the special fund, with the headline of the budget year; else of the whole policy.
    in_force : bool
        Whether what is in force stands beside it; `reading_register` says so too.
    """
    pairs = [(question, option) for question in found.questions for option in question.options]
    headline = special and all(option.headline is not None for _, option in pairs)
    rows = [_cost(found, question, option, special, headline, lang) for question, option in pairs]
    rows = rows if in_force else [{key: row[key] for key in row if key != "in_force"} for row in rows]
    texts = ("reading", "in_force", "option") if in_force else ("reading", "option")
    columns = [_column(lang, key) for key in texts]
    if headline:
        words = {"year": found.origin.budget_year, "confidence": confidence_of(found.origin)}
        columns.append(_column(lang, "headline", "money", **words))
        columns.append(_error(lang, "headline"))
    columns += [
        Column(key=f"paid_{year}", heading=say(lang, "readings.col.paid", year=year), kind="money")
        for year in found.years
    ]
    columns += [_column(lang, "total", "money"), _error(lang, "total")]
    columns += [_column(lang, "more", "share"), _column(lang, "noise")]
    return Table(
        id=f"readings_{'special' if special else 'whole'}",
        title=say(
            lang,
            f"readings.title.costs_{'special' if special else 'whole'}",
            **({"fund": fund_of(found.origin, lang)} if special else {}),
        ),
        unit=say(lang, "unit.wan"),
        columns=tuple(columns),
        rows=tuple(rows),
        notes=tuple(_notes(found, special, headline, lang)),
    )


def _cost(
    found: Readings, question: Question, option: Option, special: bool, headline: bool, lang: Language
) -> dict[str, Any]:
    """One row."""
    prefix = "special_" if special else ""
    row: dict[str, Any] = {
        "reading": question.reading,
        "in_force": of_two(lang, question.in_force_zh, question.in_force_en),
        "option": of_two(lang, option.label_zh, option.label_en),
    }
    if headline and option.headline is not None:
        error = option.headline.difference_error
        row |= {"headline": round(option.headline.difference)}
        row |= {"headline_error": _fen(error)}
    row |= {f"paid_{year}": round(option.line(f"{prefix}year", year).difference) for year in found.years}
    total = option.line(f"{prefix}total")
    row |= {"total": round(total.difference), "total_error": _fen(total.difference_error)}
    more = total.costs_more if total.distinct or total.needs is not None else None
    return row | {"more": more, "noise": noise(total, lang)}


def _fen(value: float | None) -> int | None:
    """Whole fen; None for what is refused or cannot be told."""
    return None if value is None else round(value)


def noise(line: Line, lang: Language) -> str:
    """Whether a difference is more than noise, in words."""
    if line.distinct:
        return say(lang, "readings.noise.yes")
    if line.needs is not None:
        key = "readings.noise.few" if "difference" in line.refused else "readings.noise.needs"
        return say(lang, key, draws=f"{line.needs:,}")
    return say(lang, "readings.noise.unmet" if "difference" in line.refused else "readings.noise.same")


def _notes(found: Readings, special: bool, headline: bool, lang: Language) -> list[str]:
    prefix = "special_" if special else ""
    errors = [
        option.line(f"{prefix}year", year).difference_error or 0.0
        for question in found.questions
        for option in question.options
        for year in found.years
    ]
    notes = [say(lang, "readings.note.years", most=format_wan(max(errors, default=0.0)))]
    notes.append(say(lang, "readings.note.distinct"))
    notes += [_ways_of_costing(found, lang), say(lang, "readings.note.horizon", year=found.last_earned)]
    if special and not headline and found.questions:
        notes.append(say(lang, "readings.note.refused", confidence=confidence_of(found.origin)))
    return [*notes, *unpriced_notes(found.origin, lang), _origin(found.origin, lang)]


def _ways_of_costing(found: Readings, lang: Language) -> str:
    """Which options were drawn again, all others being decided on the same claims."""
    again = [
        say(
            lang,
            "readings.option",
            question=of_two(lang, one.question_zh, one.question_en),
            option=of_two(lang, option.label_zh, option.label_en),
        )
        for one in found.questions
        for option in one.options
        if option.how == "again"
    ]
    if not again:
        return say(lang, "readings.note.kept")
    return say(lang, "readings.note.again", names=say(lang, "readings.semicolon").join(again))


def widest_total(found: Readings, *, lang: Language = "zh") -> Table:
    """The readings in force, the cheapest and the dearest combination: both views by year, and the headline."""
    dearest, cheapest = _ways(found)
    rows = []
    for by, years in (
        ("special_year", found.years),
        ("special_total", (None,)),
        ("year", found.years),
        ("total", (None,)),
    ):
        for year in years:
            words = {} if year is None else {"year": year}
            row: dict[str, Any] = {"figure": say(lang, f"readings.row.{by}", **words)}
            rows.append(row | _three(cheapest.line(by, year), dearest.line(by, year)))
    if cheapest.headline is not None and dearest.headline is not None:
        words = {"year": found.origin.budget_year}
        confidence = confidence_of(found.origin)
        label = say(
            lang, "readings.row.headline", fund=fund_of(found.origin, lang), confidence=confidence, **words
        )
        rows.insert(0, {"figure": label} | _three(cheapest.headline, dearest.headline))
    columns = [_column(lang, "figure"), _column(lang, "in_force", "money"), _error(lang, "in_force")]
    for key in ("cheapest", "dearest"):
        gap = f"{key}_difference"
        columns += [_column(lang, key, "money"), _error(lang, key)]
        columns.append(Column(key=gap, heading=say(lang, "readings.col.difference"), kind="money"))
        columns.append(_error(lang, gap))
    notes = [say(lang, "readings.note.objective"), *_bests(found, lang), say(lang, "readings.note.conflict")]
    notes += [say(lang, "readings.note.horizon", year=found.last_earned), _origin(found.origin, lang)]
    return Table(
        id="widest_total",
        title=say(lang, "readings.title.widest"),
        unit=say(lang, "unit.wan"),
        columns=tuple(columns),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _three(cheapest: Line | Headline, dearest: Line | Headline) -> dict[str, Any]:
    """In force, cheapest and dearest, each with its error."""
    row: dict[str, Any] = {"in_force": round(cheapest.before), "in_force_error": _errors(cheapest)[0]}
    for key, one in (("cheapest", cheapest), ("dearest", dearest)):
        row |= {key: round(one.after), f"{key}_error": _errors(one)[1]}
        row |= {f"{key}_difference": round(one.difference)}
        row[f"{key}_difference_error"] = _fen(one.difference_error)
    return row


def _errors(one: Line | Headline) -> tuple[int | None, int | None]:
    """Standard errors before and after; of a quantile, those that its 95 % interval gives."""
    if isinstance(one, Line):
        return _fen(one.before_error), _fen(one.after_error)
    spans = one.before_high - one.before_low, one.after_high - one.after_low
    before, after = (round(span / (2 * _REACH)) if span > 0 else None for span in spans)
    return before, after


def _bests(found: Readings, lang: Language) -> list[str]:
    """What is known of the combinations beyond those looked at."""
    notes = []
    for one in found.combinations:
        key = "best_of_all" if one.best_of_all else "best_by_group"
        label = say(lang, f"readings.col.{one.way}")
        way = say(lang, f"readings.way.{one.way}")
        notes.append(
            f"{label}{say(lang, 'language.after_label')}{say(lang, f'readings.note.{key}', way=way)}"
        )
    return notes


def widest_choices(found: Readings, *, lang: Language = "zh") -> Table:
    """Which option every reading takes in the cheapest and in the dearest combination."""
    dearest, cheapest = _ways(found)
    rows = [
        {
            "clause": one.clause,
            "reading": one.reading,
            "question": of_two(lang, one.question_zh, one.question_en),
            "in_force": of_two(lang, one.in_force_zh, one.in_force_en),
            "cheapest_option": _taken(one, cheapest, lang),
            "dearest_option": _taken(one, dearest, lang),
        }
        for one in found.questions
        if one.reading in {*cheapest.changed, *dearest.changed}
    ]
    keys = ("clause", "reading", "question", "in_force", "cheapest_option", "dearest_option")
    return Table(
        id="widest_choices",
        title=say(lang, "readings.title.choices"),
        columns=tuple(_column(lang, key) for key in keys),
        rows=tuple(rows),
        notes=(_origin(found.origin, lang),),
    )


def _taken(question: Question, combination: Combination, lang: Language) -> str:
    """The label of the option that a combination takes."""
    taken = combination.choices[question.reading]
    for option in question.options:
        if option.option == taken:
            return of_two(lang, option.label_zh, option.label_en)
    return say(lang, "readings.as_in_force")


def _ways(found: Readings) -> Sequence[Combination]:
    """The dearest and the cheapest combination."""
    by_way = {one.way: one for one in found.combinations}
    return by_way["dearest"], by_way["cheapest"]


def fund_of(origin: Origin, lang: Language) -> str:
    """Name of the special fund."""
    return of_two(lang, origin.fund_zh, origin.fund_en)


def confidence_of(origin: Origin) -> str:
    """The headline's confidence as 90 or 99.5."""
    return f"{origin.confidence / 100:g}"


def _origin(origin: Origin, lang: Language) -> str:
    words = {"scenario": origin.scenario, "draws": f"{origin.draws:,}", "seed": origin.seed}
    return say(lang, "readings.note.origin", **words)


def _error(lang: Language, key: str) -> Column:
    """The standard error of a column, beside it."""
    return Column(key=f"{key}_error", heading=say(lang, "readings.col.error"), kind="money")


def _column(lang: Language, key: str, kind: Kind = "text", **words: Any) -> Column:
    return Column(key=key, heading=say(lang, f"readings.col.{key}", **words), kind=kind)
