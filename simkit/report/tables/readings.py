"""Readings of ambiguous clauses: the cost of each, and the widest total; from a saved answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simkit.base.money import format_wan
from simkit.report.papers.table import Column, Language, Table
from simkit.report.tables.answer import AnswerDraft, fen
from simkit.whatif.comparison import Headline, Line
from simkit.whatif.readings import Combination, Option, Question, Readings

__all__ = ["reading_costs", "reading_register", "widest_choices", "widest_total"]

#: Standard errors to each side in a 95 % interval.
_REACH = 1.959964


def _draft(found: Readings, lang: Language) -> AnswerDraft:
    return AnswerDraft(found.origin, lang, "readings.col.")


def reading_register(found: Readings, *, lang: Language = "zh") -> Table:
    """Every question with its name, and how it is read: what the tables of costs name."""
    draft = _draft(found, lang)
    rows = [
        {
            **_asked(draft, one),
            "why": draft.name(one.why) if one.in_force == one.default else "",
        }
        for one in found.questions
    ]
    columns = draft.columns("text", "clause", "reading", "question", "in_force", "why")
    title = draft.say("readings.title.register")
    return draft.table("readings_register", columns, rows, [_origin(draft)], title=title)


def _asked(draft: AnswerDraft, one: Question) -> dict[str, Any]:
    return {
        "clause": one.clause,
        "reading": one.reading,
        "question": draft.name(one.question),
        "in_force": draft.name(one.in_force_label),
    }


def reading_costs(found: Readings, *, special: bool, in_force: bool = False, lang: Language = "zh") -> Table:
    """Every option that is not in force: difference by paid year and in all, whether it is more than noise.

    Parameters
    ----------
    special : bool
        Of the special fund, with the headline of the budget year; else of the whole policy.
    in_force : bool
        Whether what is in force stands beside it; `reading_register` says so too.
    """
    draft, view = _draft(found, lang), "special" if special else "whole"
    pairs = [(question, option) for question in found.questions for option in question.options]
    headline = special and all(option.headline is not None for _, option in pairs)
    rows = [_cost(draft, found, pair, special, headline) for pair in pairs]
    rows = rows if in_force else [{key: row[key] for key in row if key != "in_force"} for row in rows]
    columns = draft.columns("text", "reading", *(["in_force"] if in_force else []), "option")
    if headline:
        words: dict[str, Any] = {"year": found.origin.budget_year, "confidence": draft.level}
        columns += [draft.column("headline", "money", words=words), _error(draft, "headline")]
    columns += [
        draft.column(f"paid_{year}", "money", head="paid", words={"year": year}) for year in found.years
    ]
    columns += [draft.column("total", "money"), _error(draft, "total")]
    columns += [draft.column("more", "share"), draft.column("noise")]
    title = draft.say(f"readings.title.costs_{view}", **({"fund": draft.fund} if special else {}))
    notes = _notes(draft, found, special, headline)
    return draft.table(f"readings_{view}", columns, rows, notes, title=title)


def _cost(
    draft: AnswerDraft, found: Readings, pair: tuple[Question, Option], special: bool, headline: bool
) -> dict[str, Any]:
    """One row."""
    (question, option), prefix = pair, "special_" if special else ""
    row: dict[str, Any] = {
        "reading": question.reading,
        "in_force": draft.name(question.in_force_label),
        "option": draft.name(option.label),
    }
    if headline and option.headline is not None:
        row |= {"headline": round(option.headline.difference)}
        row |= {"headline_error": fen(option.headline.difference_error)}
    row |= {f"paid_{year}": round(option.line(f"{prefix}year", year).difference) for year in found.years}
    total = option.line(f"{prefix}total")
    row |= {"total": round(total.difference), "total_error": fen(total.difference_error)}
    more = total.costs_more if total.distinct or total.needs is not None else None
    return row | {"more": more, "noise": _noise(draft, total)}


def _noise(draft: AnswerDraft, line: Line) -> str:
    """Whether a difference is more than noise, in words."""
    if line.distinct:
        return draft.say("readings.noise.yes")
    refused = "difference" in line.refused
    if line.needs is not None:
        return draft.say(f"readings.noise.{'few' if refused else 'needs'}", draws=f"{line.needs:,}")
    return draft.say(f"readings.noise.{'unmet' if refused else 'same'}")


def _notes(draft: AnswerDraft, found: Readings, special: bool, headline: bool) -> list[str]:
    prefix = "special_" if special else ""
    errors = [
        option.line(f"{prefix}year", year).difference_error or 0.0
        for question in found.questions
        for option in question.options
        for year in found.years
    ]
    notes = [draft.say("readings.note.years", most=format_wan(max(errors, default=0.0)))]
    notes += [draft.say("readings.note.distinct"), _ways_of_costing(draft, found), _horizon(draft, found)]
    if special and not headline and found.questions:
        notes.append(draft.say("readings.note.refused", confidence=draft.level))
    return [*notes, *draft.unpriced(), _origin(draft)]


def _horizon(draft: AnswerDraft, found: Readings) -> str:
    return draft.say("readings.note.horizon", year=found.last_earned)


def _origin(draft: AnswerDraft) -> str:
    return draft.say("readings.note.origin", **draft.made)


def _ways_of_costing(draft: AnswerDraft, found: Readings) -> str:
    """Which options were drawn again, all others being decided on the same claims."""
    again = [
        draft.say(
            "readings.option",
            question=draft.name(one.question),
            option=draft.name(option.label),
        )
        for one in found.questions
        for option in one.options
        if option.how == "again"
    ]
    if not again:
        return draft.say("readings.note.kept")
    return draft.say("readings.note.again", names=draft.say("readings.semicolon").join(again))


def widest_total(found: Readings, *, lang: Language = "zh") -> Table:
    """The readings in force, the cheapest and the dearest combination: both views by year, and the headline."""
    draft = _draft(found, lang)
    dearest, cheapest = _ways(found)
    rows: list[dict[str, Any]] = []
    if cheapest.headline is not None and dearest.headline is not None:
        words = draft.budget | {"confidence": draft.level}
        label = {"figure": draft.say("readings.row.headline", **words)}
        rows.append(label | _three(cheapest.headline, dearest.headline))
    for view in ("special_", ""):
        for year in (*found.years, None):
            by = f"{view}{'total' if year is None else 'year'}"
            label = {"figure": draft.say(f"readings.row.{by}", year=year)}
            rows.append(label | _three(cheapest.line(by, year), dearest.line(by, year)))
    columns = [draft.column("figure"), draft.column("in_force", "money"), _error(draft, "in_force")]
    for key in ("cheapest", "dearest"):
        gap = f"{key}_difference"
        columns += [draft.column(key, "money"), _error(draft, key)]
        columns += [draft.column(gap, "money", head="difference"), _error(draft, gap)]
    notes = [draft.say("readings.note.objective"), *_bests(draft, found), draft.say("readings.note.conflict")]
    notes += [_horizon(draft, found), _origin(draft)]
    return draft.table("widest_total", columns, rows, notes, title=draft.say("readings.title.widest"))


def _three(cheapest: Line | Headline, dearest: Line | Headline) -> dict[str, Any]:
    """In force, cheapest and dearest, each with its error."""
    row: dict[str, Any] = {"in_force": round(cheapest.before), "in_force_error": _errors(cheapest)[0]}
    for key, one in (("cheapest", cheapest), ("dearest", dearest)):
        row |= {key: round(one.after), f"{key}_error": _errors(one)[1]}
        row |= {f"{key}_difference": round(one.difference)}
        row[f"{key}_difference_error"] = fen(one.difference_error)
    return row


def _errors(one: Line | Headline) -> tuple[int | None, int | None]:
    """Standard errors before and after; of a quantile, those that its 95 % interval gives."""
    if isinstance(one, Line):
        return fen(one.before_error), fen(one.after_error)
    spans = one.before_high - one.before_low, one.after_high - one.after_low
    before, after = (round(span / (2 * _REACH)) if span > 0 else None for span in spans)
    return before, after


def _bests(draft: AnswerDraft, found: Readings) -> list[str]:
    """What is known of the combinations beyond those looked at."""
    notes = []
    for one in found.combinations:
        key = "best_of_all" if one.best_of_all else "best_by_group"
        words = draft.say(f"readings.note.{key}", way=draft.say(f"readings.way.{one.way}"))
        notes.append(f"{draft.say(f'readings.col.{one.way}')}{draft.say('language.after_label')}{words}")
    return notes


def widest_choices(found: Readings, *, lang: Language = "zh") -> Table:
    """Which option every reading takes in the cheapest and in the dearest combination."""
    draft = _draft(found, lang)
    dearest, cheapest = _ways(found)
    rows = [
        {
            **_asked(draft, one),
            "cheapest_option": _taken(draft, one, cheapest),
            "dearest_option": _taken(draft, one, dearest),
        }
        for one in found.questions
        if one.reading in {*cheapest.changed, *dearest.changed}
    ]
    keys = ("clause", "reading", "question", "in_force", "cheapest_option", "dearest_option")
    title = draft.say("readings.title.choices")
    return draft.table("widest_choices", draft.columns("text", *keys), rows, [_origin(draft)], title=title)


def _taken(draft: AnswerDraft, question: Question, combination: Combination) -> str:
    """The label of the option that a combination takes."""
    taken = combination.choices[question.reading]
    for option in question.options:
        if option.option == taken:
            return draft.name(option.label)
    return draft.say("readings.as_in_force")


def _ways(found: Readings) -> Sequence[Combination]:
    """The dearest and the cheapest combination."""
    by_way = {one.way: one for one in found.combinations}
    return by_way["dearest"], by_way["cheapest"]


def _error(draft: AnswerDraft, key: str) -> Column:
    """The standard error of a column, beside it."""
    return draft.column(f"{key}_error", "money", head="error")
