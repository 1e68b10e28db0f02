"""What answers say: of each kind its rows, its card, and the report's pictures of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from simkit.base.money import parse_quantity
from simkit.base.said import listed
from simkit.base.words import say
from simkit.face.card import Card, Fold
from simkit.face.comparing import Compared
from simkit.face.estimate import money_text
from simkit.face.frames import in_unit
from simkit.face.plots import Draw
from simkit.report.pictures import compare, drivers, readings
from simkit.report.tables.paths import words_of_path
from simkit.whatif.comparison import Headline, Line
from simkit.whatif.drivers import Assumption, Drivers
from simkit.whatif.provisions import Cost, Provision, Provisions
from simkit.whatif.readings import Readings
from simkit.whatif.seek import Seek, Tried
from simkit.whatif.sweep import Point, Sweep

__all__ = ["card", "pictures", "rows"]

Rows = Iterator[dict[str, Any]]
#: What a line of a comparison is by, for a person: of which money, and by what.
_BY = {
    "special_year": ("special", "paid"),
    "special_total": ("special", "total"),
    "year": ("all", "paid"),
    "total": ("all", "total"),
    "measure": ("all", "measure"),
    "fund": ("all", "fund"),
    "department": ("all", "department"),
}


def rows(data: Any, unit: str, lang: str) -> tuple[list[str], list[dict[str, Any]]]:
    """The index of an answer's frame, and its rows."""
    match data:
        case Compared():
            return ["option"], list(_compared(data, unit, lang))
        case Sweep():
            return ["value"] if len(data.paths) == 1 else list(data.paths), list(_swept(data, unit))
        case Seek():
            return ["value"] if len(data.paths) == 1 else list(data.paths), list(_sought(data, unit))
        case Drivers():
            return ["path"], [_assumption(data, one, unit, lang) for one in data.assumptions]
        case Provisions():
            return ["measure"], [_provision(one, data.origin.draws, unit, lang) for one in data.provisions]
        case Readings():
            return ["reading", "option"], list(_readings(data, unit, lang))
        case _:
            raise TypeError(type(data).__name__)


def pictures(data: Any) -> dict[str, Draw]:
    """The report's pictures of an answer, by what they are called here."""
    match data:
        case Compared() if len(data.found) == 1:
            return {"years": lambda found, lang: compare.compared(found.found[0], lang)}
        case Compared():
            return {"options": lambda found, lang: compare.options(found.found, found.labels, lang)}
        case Sweep():
            return {"curve": compare.swept}
        case Seek():
            return {"probability": compare.sought}
        case Drivers():
            return {"tornado": drivers.tornado, "shares": drivers.shares, "groups": drivers.groups}
        case Provisions():
            return {"costs": readings.provision_costs}
        case Readings():
            return {"costs": readings.reading_costs}
        case _:
            raise TypeError(type(data).__name__)


def card(data: Any, unit: str, lang: str) -> Card:
    """The card of an answer: what was asked, and its rows as a table."""
    origin = data.origin
    words = {"name": origin.scenario, "draws": f"{origin.draws:,}", "seed": origin.seed}
    lines = (say(lang, "face.of_run", **words),)
    with_unit = say(lang, f"face.unit.{unit}")
    heads, texts = _texts(data, unit, lang)
    title = say(lang, f"face.answer.{type(data).__name__.lower()}", unit=with_unit)
    table = Fold(say(lang, "face.rows", count=len(texts)), heads, tuple(texts), tuple(range(1, len(heads))))
    return Card(title, (*_found(data, unit, lang), *lines), (table,))


def _found(data: Any, unit: str, lang: str) -> Iterator[str]:
    """What was sought and found."""
    if isinstance(data, Seek):
        budget = money_text(data.budget, unit, lang)
        chance = f"{data.probability:.1%}"
        key = f"face.sought.{data.outcome}"
        values = listed(data.values, lang)
        yield say(lang, key, budget=budget, unit=say(lang, f"face.unit.{unit}"), values=values, chance=chance)
        low, high = (listed(one or ("—",), lang) for one in (data.low, data.high))
        chances = {"chance_low": f"{data.probability_low:.1%}", "chance_high": f"{data.probability_high:.1%}"}
        yield say(lang, "face.sought.between", low=low, high=high, **chances)


def _texts(data: Any, unit: str, lang: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The few columns that a card shows."""

    def heads(*keys: str) -> tuple[str, ...]:
        return tuple(say(lang, f"face.head.{key}") for key in keys)

    def money(*fen: float | None) -> tuple[str, ...]:
        return tuple(money_text(one, unit, lang) for one in fen)

    match data:
        case Compared():
            shown = []
            for label, one in zip(data.labels, data.found, strict=True):
                line = one.line("special_year", str(one.origin.budget_year), one.origin.budget_year)
                head = one.headline
                need = (None, None) if head is None else (head.difference, head.difference_error)
                verdict = say(lang, f"face.verdict.{_verdict(line)}")
                shown.append((label, *money(*need, line.difference, line.difference_error), verdict))
            return heads("option", "need_more", "need_se", "mean_more", "se", "verdict"), shown
        case Sweep():
            points = [
                (" · ".join(one.values), *money(one.need, one.mean, one.difference, one.difference_error))
                for one in data.points
            ]
            return heads("value", "need", "mean", "mean_more", "se"), points
        case Seek():
            tried = [
                (" · ".join(one.values), f"{one.probability:.1%}", *money(one.mean)) for one in _nearest(data)
            ]
            return heads("value", "enough", "mean"), tried
        case Drivers():
            names = [words_of_path(one.path, data.names, lang) for one in data.assumptions]
            parts = [(f"{one.total.value:.1%}", *money(one.mean.between.given)) for one in data.assumptions]
            return heads("what", "share", "between"), [
                (name, *part) for name, part in zip(names, parts, strict=True)
            ]
        case Provisions():
            costs = []
            for provision in data.provisions:
                total, draws = provision.total, data.origin.draws
                fen = (total.alone / draws, total.order_free / draws, total.saved / draws)
                costs.append((_name(provision, lang), *money(*fen)))
            return heads("what", "alone", "order_free", "saved"), costs
        case Readings():
            found = []
            for question in data.questions:
                for option in question.options:
                    line = option.line("special_total")
                    words = option.label.said(lang)
                    found.append(
                        (f"{question.clause} {words}", *money(line.difference, line.difference_error))
                    )
            return heads("reading", "mean_more", "se"), found
        case _:
            raise TypeError(type(data).__name__)


# ---------------------------------------------------------------------- rows of frames


def _compared(data: Compared, unit: str, lang: str) -> Rows:
    for label, one in zip(data.labels, data.found, strict=True):
        if one.headline is not None:
            yield {"option": label, **_need(one.headline, one.origin, unit)}
        for line in one.lines:
            view, by = _BY[line.by]
            name = one.names.get(f"{line.by} {line.key}")
            yield {
                "option": label,
                "figure": "mean",
                "money": view,
                "by": by,
                "key": line.key,
                "paid": str(line.year or ""),
                "name": "" if name is None else name.said(lang),
                **_of_line(line, unit, lang),
            }


def _need(found: Headline, origin: Any, unit: str) -> dict[str, Any]:
    year = str(origin.budget_year)
    return {
        "figure": f"p{origin.confidence / 100:g}",
        "money": "special",
        "by": "paid",
        "key": year,
        "paid": year,
        "name": "",
        "before": in_unit(found.before, unit),
        "before_se": in_unit(None, unit),
        "after": in_unit(found.after, unit),
        "after_se": in_unit(None, unit),
        "difference": in_unit(found.difference, unit),
        "se": in_unit(found.difference_error, unit),
        "low": in_unit(found.low, unit),
        "high": in_unit(found.high, unit),
        "verdict": "",
        "note": "",
    }


def _of_line(line: Line, unit: str, lang: str) -> dict[str, Any]:
    """Means before and after and their difference; what too few draws carry is NaN, with the reason."""

    def given(name: str) -> Any:
        return in_unit(None if name in line.refused else getattr(line, name), unit)

    return {
        "before": given("before"),
        "before_se": in_unit(line.before_error, unit),
        "after": given("after"),
        "after_se": in_unit(line.after_error, unit),
        "difference": given("difference"),
        "se": in_unit(line.difference_error, unit),
        "low": in_unit(line.low, unit),
        "high": in_unit(line.high, unit),
        "verdict": _verdict(line),
        "note": say(lang, "face.few") if line.refused else "",
    }


def _verdict(line: Line) -> str:
    """Whether a change costs more, less, the same in every draw, or no more than noise; or too few draws tell."""
    if "difference" in line.refused:
        return "untold"
    if line.difference == 0 and not line.costs_more and not line.costs_less:
        return "same"
    if not line.distinct:
        return "noise"
    return "more" if line.difference > 0 else "less"


def _swept(data: Sweep, unit: str) -> Rows:
    for one in data.points:
        yield {
            **_setting(data.paths, one.values),
            "mean": in_unit(one.mean, unit),
            "se": in_unit(one.mean_error, unit),
            "need": in_unit(one.need, unit),
            "need_low": in_unit(one.need_low, unit),
            "need_high": in_unit(one.need_high, unit),
            "difference": in_unit(one.difference, unit),
            "difference_se": in_unit(one.difference_error, unit),
            "all_funds": in_unit(one.whole, unit),
            "all_funds_se": in_unit(one.whole_error, unit),
            "at_cap": _number(one.at_cap),
            "at_cap_se": _number(one.at_cap_error),
            **_slope(one, unit),
        }


def _slope(one: Point, unit: str) -> dict[str, Any]:
    """What one more unit of the setting costs, from the point before: of money, yuan a yuan whatever the unit."""
    found = one.slope
    is_money = parse_quantity(one.values[0]).kind == "yuan"

    def told(fen: float | None) -> Any:
        return in_unit(fen, "元" if is_money else unit)

    return {
        "per_unit": told(None if found is None else found.headline),
        "per_unit_se": told(None if found is None else found.headline_error),
    }


def _sought(data: Seek, unit: str) -> Rows:
    for one in data.tried:
        yield {
            **_setting(data.paths, one.values),
            "at": one.at,
            "probability": one.probability,
            "probability_low": data.probability_low if one.values == data.values else float("nan"),
            "probability_high": data.probability_high if one.values == data.values else float("nan"),
            "mean": in_unit(one.mean, unit),
            "found": one.values == data.values and data.outcome == "found",
        }


def _nearest(data: Seek) -> list[Tried]:
    """The settings that were looked at, those around the one that was found first."""
    found = next((at for at, one in enumerate(data.tried) if one.values == data.values), 0)
    order = sorted(range(len(data.tried)), key=lambda at: abs(at - found))
    return [data.tried[at] for at in order]


def _setting(paths: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    return {"value": values[0]} if len(paths) == 1 else dict(zip(paths, values, strict=True))


def _assumption(data: Drivers, one: Assumption, unit: str, lang: str) -> dict[str, Any]:
    return {
        "path": one.path,
        "name": words_of_path(one.path, data.names, lang),
        "p10": one.low,
        "p90": one.high,
        "unit": one.unit,
        "share_first": one.first.value,
        "share_total": one.total.value,
        "share_total_se": one.total.standard_error,
        "moves_mean": in_unit(one.mean.between.given, unit),
        "moves_mean_se": in_unit(one.mean.between.error, unit),
        "moves_need": in_unit(one.level.between.given, unit),
        "moves_need_se": in_unit(one.level.between.error, unit),
        "distinct": one.mean.distinct,
    }


def _provision(one: Provision, draws: int, unit: str, lang: str) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "name": _name(one, lang),
        "clause": one.clause,
        "way": one.way,
        **_cost(one.total, draws, unit, ""),
        **_cost(one.budget_year, draws, unit, "budget_"),
    }


def _cost(cost: Cost, draws: int, unit: str, prefix: str) -> dict[str, Any]:
    """Means over the draws."""
    found = {}
    for name in ("alone", "stacked", "order_free", "saved"):
        found[f"{prefix}{name}"] = float(in_unit(getattr(cost, name) / draws, unit))
        found[f"{prefix}{name}_se"] = in_unit(getattr(cost, f"{name}_error"), unit)
    return found


def _readings(data: Readings, unit: str, lang: str) -> Rows:
    for question in data.questions:
        for option in question.options:
            total, year = option.line("special_total"), option.line("special_year", data.origin.budget_year)
            yield {
                "reading": question.reading,
                "option": option.option,
                "clause": question.clause,
                "name": option.label.said(lang),
                "in_force": question.in_force,
                "difference": in_unit(total.difference, unit),
                "se": in_unit(total.difference_error, unit),
                "budget_difference": in_unit(year.difference, unit),
                "budget_se": in_unit(year.difference_error, unit),
                "verdict": _verdict(total),
            }


def _name(one: Provision, lang: str) -> str:
    return one.name.said(lang)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
