"""How far the costing of each measure can be relied on: data, assumptions, volatility, by rules that are printed.

Data: points of the sources of all its entries in the register, each entry counting once. Assumptions: how far its
money goes each way when its own assumptions go from their mean to P10 or P90, independently of each other. Volatility:
the coefficient of variation of its money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np

from simkit.base.arrays import FenArray
from simkit.base.said import listed
from simkit.distributions.severity import Severity
from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.papers.table import Cell, Kind, Ratio, Table
from simkit.report.tables.registered import Registered, registered
from simkit.report.tables.table_draft import percent
from simkit.report.tables.treatment import treatment
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.result import Result
from simkit.scenario import uncertain
from simkit.sizing.drivers import coefficient_of_variation
from simkit.sizing.estimate import attempt
from simkit.sizing.quantiles import mean
from simkit.whatif.drivers import LEVELS, Assumption, Drivers

__all__ = [
    "DATA",
    "MOVED",
    "POINTS",
    "RATINGS",
    "VARIED",
    "Moved",
    "data_rating",
    "data_score",
    "moved_by_laws",
    "moved_by_swings",
    "own_paths",
    "rating_of",
    "ratings",
]

Rating = Literal["high", "medium", "low"]
RATINGS: tuple[Rating, ...] = ("high", "medium", "low")
#: Points of a source; what names no source has none.
POINTS = {"sourced": 2, "comparable": 1, "judgement": 0, "recalled": 0, "": 0}
#: Mean points from which the data are high, and medium.
DATA = (1.5, 0.75)
#: Up to which the money's move, and its coefficient of variation, is high, and medium.
MOVED = (0.2, 0.5)
VARIED = (0.2, 0.5)
#: What a measure's money is proportional to, caps apart.
_PROPORTIONAL = (".intensity", ".take_up", ".base.scale", ".companion.chance")


class Moved(NamedTuple):
    """How far a measure's money goes each way, as a share of its mean; the standard error where it has one."""

    share: float
    error: float | None


def data_score(grades: Sequence[str]) -> float | None:
    """Mean points of grades; None without any."""
    return float(np.mean([POINTS[grade] for grade in grades])) if grades else None


def data_rating(score: float) -> Rating:
    """More points are better."""
    return "high" if score >= DATA[0] else "medium" if score >= DATA[1] else "low"


def rating_of(share: float, bounds: tuple[float, float]) -> Rating:
    """Less spread is better."""
    return "high" if share <= bounds[0] else "medium" if share <= bounds[1] else "low"


def moved_by_laws(laws: Mapping[str, Severity]) -> Moved:
    """Root of the sum of squares of each law's half distance from P10 to P90 over its mean: to first order."""
    squares = 0.0
    for law in laws.values():
        low, high = law.ppf(np.array(LEVELS))
        squares += (float(high - low) / 2 / law.mean()) ** 2
    return Moved(float(np.sqrt(squares)), None)


def moved_by_swings(found: Sequence[Assumption], expected: float, expected_error: float = 0.0) -> Moved:
    """Root of the sum of squares of half the swings that are distinct from noise, over the expected money.

    The error is that of a ratio whose parts have independent errors, to first order.
    """
    distinct = [one.mean.between for one in found if one.mean.distinct]
    swings = np.array([one.value for one in distinct])
    errors = np.array([one.error or 0.0 for one in distinct])
    whole = float(np.sqrt((swings**2).sum()))
    if whole == 0:
        return Moved(0.0, 0.0)
    share = whole / 2 / expected
    of_swings = float(np.sqrt(((swings * errors) ** 2).sum())) / whole**2
    return Moved(share, share * float(np.hypot(of_swings, expected_error / expected)))


def own_paths(result: Result, name: str, paths: Sequence[str]) -> list[str]:
    """The assumptions of a measure alone: its claims', the open values of its rules', the rate of its transition."""
    roots = (f"claims.{name}.", f"measures.{name}.", f"policy_values.measures.{name}.")
    turn = result.scenario.plan.claims[name].transition
    rate = None if turn is None else f"population.statuses.{turn}.rate"
    return [path for path in paths if path.startswith(roots) or path == rate]


class _Costing(NamedTuple):
    """A measure that is priced: place and name, and its money by draw in the year that it is rated by."""

    place: int
    name: str
    sample: FenArray
    all_years: bool


def ratings(desk: Sources) -> list[Table]:
    """Every priced measure with its expected money and three ratings; then the money by rating."""
    draft, costings = desk.draft(), _costings(desk.result)
    rows = _rows(draft, costings, desk.saved.drivers)
    names = [draft.name(_measure(draft, one).name) for one in costings if one.all_years]
    if names:
        draft.note(draft.say("annex.note.rated_all", names=listed(names, draft.lang)))
    year = {"year": desk.result.scenario.plan.budget_year}
    error = draft.say("col.error")
    columns = [draft.column("number"), draft.column("item")]
    columns += [draft.column("expected", "money"), draft.column("expected_error", "money")]
    columns += [draft.column("data_score", "count", decimals=2), draft.column("data_rating")]
    columns += [draft.column("moved", "share"), draft.column("moved_error", "share", error, decimals=2)]
    columns += [draft.column("moved_by"), draft.column("moved_rating")]
    columns += [draft.column("varied", "share"), draft.column("varied_error", "share", error, decimals=2)]
    columns.append(draft.column("varied_rating"))
    totals = (len(rows) - 1,)
    whole = draft.table("annex_ratings", columns, rows, totals=totals, title=year)
    return [whole, _by_rating(desk, rows[:-1], year)]


def _measure(draft: AnnexDraft, one: _Costing) -> Any:
    return draft.result.scenario.policy.measures[one.name]


def _costings(result: Result) -> list[_Costing]:
    """In the budget year; where nothing is paid in it, over all years."""
    year, found = result.scenario.plan.budget_year, []
    by_year, by_all = result.paid_by("measure", year), result.paid_by("measure")
    for place, name in enumerate(result.scenario.policy.measures):
        if treatment(result, name) == "priced":
            never = not by_year[:, place].any()
            sample = by_all[:, place] if never else by_year[:, place]
            found.append(_Costing(place, name, sample, never and bool(sample.any())))
    return found


def _rows(draft: AnnexDraft, costings: Sequence[_Costing], answer: Drivers | None) -> list[dict[str, Any]]:
    """A row a measure, and the total."""
    result, money = draft.result, whole_fen(draft.result)
    year = result.scenario.plan.budget_year
    samples, special_samples = (result.paid_by("measure", year, special=view) for view in (False, True))
    entries, laws = {one.path: one for one in registered(draft)}, uncertain(result.scenario)
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(costings, start=1):
        row: dict[str, Any] = {"number": str(number), "item": draft.name(_measure(draft, one).name)}
        row["expected"] = money.sum(paid=year, measure=one.place)
        row["expected_error"] = draft.error(
            samples[:, one.place], certain=draft.certain(one.place, year=year)
        )
        special = money.sum(paid=year, measure=one.place, special=True)
        row |= _data(draft, [entries[path] for path in own_paths(result, one.name, list(entries))])
        found = attempt(partial(mean, special_samples[:, one.place], group=draft.group))
        paid = (special, found.error) if found.error is not None else None
        row |= _moved(draft, one, laws, answer, paid)
        rows.append(row | _varied(draft, one.sample))
    total = np.asarray(samples[:, [one.place for one in costings]].sum(axis=1))
    last: dict[str, Any] = {"number": "", "item": draft.say("row.total")}
    last |= {
        "expected": sum(row["expected"] for row in rows),
        "expected_error": draft.error(total, certain=draft.certain(year=year)),
    }
    last |= dict.fromkeys(("data_score", "moved", "moved_error")) | {"moved_by": ""}
    last |= dict.fromkeys(("data_rating", "moved_rating"), "") | _varied(draft, total)
    rows.append(last | {"varied_rating": ""})
    _explain(draft, answer)
    return rows


def _data(draft: AnnexDraft, entries: Sequence[Registered]) -> dict[str, Any]:
    score = data_score([one.reliability for one in entries])
    word = "—" if score is None else draft.say(f"annex.rating.{data_rating(score)}")
    return {"data_score": score, "data_rating": word}


def _moved(
    draft: AnnexDraft,
    one: _Costing,
    laws: Mapping[str, Severity],
    answer: Drivers | None,
    special: tuple[int, float] | None,
) -> dict[str, Any]:
    """By the saved answer where the special fund pays it in the year: that is the money the answer is about.

    `special`: that money and its error; None where the draws do not carry it.
    """
    own = own_paths(draft.result, one.name, list(laws))
    if answer is not None and special is not None:
        asked = [it for it in answer.assumptions if it.path in own]
        found, way = moved_by_swings(asked, *special), "swings"
    else:
        turning = [path for path in own if path.startswith("population.")]
        kept = [path for path in own if path.endswith(_PROPORTIONAL) or path in turning]
        found, way = moved_by_laws({path: laws[path] for path in kept}), "laws"
    row: dict[str, Any] = {"moved": found.share, "moved_error": found.error}
    row["moved_by"] = draft.say(f"annex.moved_by.{way}")
    return row | {"moved_rating": draft.say(f"annex.rating.{rating_of(found.share, MOVED)}")}


def _varied(draft: AnnexDraft, sample: FenArray) -> dict[str, Any]:
    """Nothing paid in any draw: no rating."""
    if not sample.any():
        return {"varied": None, "varied_error": None, "varied_rating": "—"}
    cells = draft.estimate(
        partial(coefficient_of_variation, sample), "varied", whole=False, shown=("", "_error")
    )
    if isinstance(cells["varied"], str):
        return cells | {"varied_rating": draft.refused}
    return cells | {"varied_rating": draft.say(f"annex.rating.{rating_of(cells['varied'], VARIED)}")}


def _explain(draft: AnnexDraft, answer: Drivers | None) -> None:
    """The rules, in words with their bounds."""
    points = {name: str(number) for name, number in POINTS.items() if name}
    bounds = {"high": f"{DATA[0]:g}", "medium": f"{DATA[1]:g}"}
    draft.note(draft.say("annex.note.rating_data", **bounds, **points))
    shown = {"high": percent(MOVED[0]), "medium": percent(MOVED[1])}
    draft.note(draft.say("annex.note.rating_moved", **shown))
    if answer is None:
        draft.note(draft.say("annex.note.rating_laws"))
    else:
        values = {"draws": f"{answer.origin.draws:,}", "seed": answer.origin.seed}
        draft.note(draft.say("annex.note.rating_swings", **values))
    shown = {"high": percent(VARIED[0]), "medium": percent(VARIED[1])}
    draft.note(draft.say("annex.note.rating_varied", **shown))
    draft.note(draft.say("annex.note.rating_limits"))
    draft.note_unpriced()


def _by_rating(desk: Sources, rows: Sequence[Mapping[str, Any]], title: Mapping[str, Any]) -> Table:
    """Measures and expected money by rating, in each dimension."""
    draft = desk.draft()
    words = [draft.say(f"annex.rating.{one}") for one in RATINGS]
    dimensions = ("data", "moved", "varied")
    found: list[dict[str, Any]] = []
    for word in (*words, None):
        line: dict[str, Any] = {"rating": draft.say("annex.rating.none") if word is None else word}
        for one in dimensions:
            at = f"{one}_rating"
            fitting = [row for row in rows if (row[at] == word if word else row[at] not in words)]
            line |= {f"{one}_count": len(fitting), f"{one}_money": sum(row["expected"] for row in fitting)}
        found.append(line)
    total: dict[str, Any] = {"rating": draft.say("row.total")}
    for one in dimensions:
        total |= {key: sum(line[key] for line in found) for key in (f"{one}_count", f"{one}_money")}
    if not any(found[-1][f"{one}_count"] for one in dimensions):
        found.pop()
    found.append(total)
    links: dict[Cell, Ratio] = {}
    for one in dimensions:
        whole = total[f"{one}_money"]
        for number, line in enumerate(found):
            line[f"{one}_share"] = line[f"{one}_money"] / whole if whole else None
            links[number, f"{one}_share"] = Ratio((number, f"{one}_money"), (len(found) - 1, f"{one}_money"))
    columns = [draft.column("rating")]
    for one in dimensions:
        name = draft.say(f"col.{one}_rating")
        kinds: dict[str, Kind] = {"count": "whole", "money": "money", "share": "share"}
        for key, kind in kinds.items():
            columns.append(draft.column(f"{one}_{key}", kind, draft.say(f"annex.col.{key}", name=name)))
    totals = (len(found) - 1,)
    return draft.table("annex_by_rating", columns, found, totals=totals, title=title, links=links)
