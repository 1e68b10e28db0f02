"""Where the range comes from: the common factor, parameters, chance, and the assumptions that move the total."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isnan, nan
from typing import Any, NamedTuple

import numpy as np

from simkit.base.errors import TooFewDrawsError
from simkit.base.said import listed
from simkit.claims.population import draw_law
from simkit.report.papers.table import Language, Table
from simkit.report.tables.assumed_words import path_words
from simkit.report.tables.draft import Draft
from simkit.report.tables.table_draft import percent
from simkit.runs.figures import year_sample
from simkit.runs.result import Result
from simkit.scenario import uncertain
from simkit.sizing.compare import paired, quantile_shift
from simkit.sizing.drivers import (
    Driver,
    deviation_shift,
    rank_drivers,
    standard_deviation,
    variance,
    variance_gap,
)
from simkit.sizing.estimate import Draws, Estimate, attempt
from simkit.sizing.quantiles import mean, quantile

__all__ = ["common_factor", "drivers", "range_split"]

_LEVELS = (0.9, 0.95)


def common_factor(result: Result, independent: Result | None = None, *, lang: Language = "zh") -> Table:
    """Mean, spread and quantiles of the headline money with and without the common factor.

    `independent`: the same scenario with `factor.cv` 0. Both meet the same luck in the draws that both have, and
    the error of the difference counts that.
    """
    draft = Draft(result, lang)
    year = result.scenario.plan.budget_year
    sample = year_sample(result, year, special=True)
    other = None if independent is None else year_sample(independent, year, special=True)
    rows = [{"figure": label} | _effect(draft, one, sample, other) for label, one in _figures(draft).items()]
    columns = [draft.column("figure")]
    money = ("with", "with_error", "without", "without_error", "difference", "difference_error")
    columns += [draft.column(key, "money") for key in money]
    columns.append(draft.column("relative", "share"))
    cv = result.scenario.plan.factor.cv.value.mean()
    draft.note(draft.say("note.common_factor", cv=percent(cv)))
    if other is None:
        draft.note(draft.say("note.no_run"))
    else:
        common = min(len(sample), len(other))
        draft.note(draft.say("note.common_factor_paired", draws=f"{common:,}"))
    return draft.table("common_factor", columns, rows, title={"year": year})


class _Figure(NamedTuple):
    """A figure of a sample, and what it is more in a second sample than in a first on the same luck."""

    of: Callable[[Draws], Estimate]
    shift: Callable[[Draws, Draws], Estimate]


def _figures(draft: Draft) -> dict[str, _Figure]:
    levels = sorted({*_LEVELS, draft.result.scenario.plan.confidence / 10_000})
    of: dict[str, Any] = {"group": draft.group}
    found = {
        draft.say("row.mean"): _Figure(
            partial(mean, **of), lambda before, after: paired(before, after, **of).difference
        ),
        draft.say("row.sd"): _Figure(partial(standard_deviation, **of), partial(deviation_shift, **of)),
    }
    return found | {
        f"P{level * 100:g}": _Figure(partial(quantile, p=level, **of), partial(quantile_shift, p=level, **of))
        for level in levels
    }


def _effect(draft: Draft, figure: _Figure, sample: Draws, other: Draws | None) -> dict[str, Any]:
    """A figure with the factor, without it, and the difference."""
    keys, gaps = ("without", "without_error"), ("difference", "difference_error", "relative")
    row = draft.estimate(partial(figure.of, sample), "with", shown=("", "_error"))
    if other is None:
        return row | dict.fromkeys((*keys, *gaps), draft.absent)
    row |= draft.estimate(partial(figure.of, other), "without", shown=("", "_error"))
    if isinstance(row["with"], str) or isinstance(row["without"], str):
        return row | dict.fromkeys(gaps, draft.refused)
    gap, error = row["with"] - row["without"], _error_of_gap(figure, sample, other)
    relative = gap / row["without"] if row["without"] else None
    found = Estimate(gap, nan, nan, error)
    return row | draft.cells(found, "difference", shown=("", "_error")) | {"relative": relative}


def _error_of_gap(figure: _Figure, sample: Draws, other: Draws) -> float:
    """Standard error of a figure of one sample less that of another, whose first draws met the same luck.

    Figures are, to first order, means over draws of what each draw adds. On the draws that both have, the errors
    of both figures and of their difference tell how these go together; the rest of the longer sample meets luck
    of its own. With as many draws in both this is the error of the paired difference. NaN where one cannot be told.
    """
    common = min(len(sample), len(other))
    ours, theirs = sample[:common], other[:common]

    def error(one: Callable[[], Estimate]) -> float:
        return attempt(one).standard_error

    one, two = error(lambda: figure.of(ours)), error(lambda: figure.of(theirs))
    shift = error(lambda: figure.shift(theirs, ours))
    apart = error(lambda: figure.of(sample)) ** 2 + error(lambda: figure.of(other)) ** 2
    together = one**2 + two**2 - shift**2
    if isnan(apart - together):
        return nan
    return float(np.sqrt(max(0.0, apart - together * common**2 / (len(sample) * len(other)))))


def range_split(
    result: Result, central: Result | None = None, chance: Result | None = None, *, lang: Language = "zh"
) -> Table:
    """The variance of the headline money split into parameters, factor and shocks, and chance.

    `central`: every uncertain parameter at its mean; `chance`: besides, no common factor and no shocks.
    """
    draft = Draft(result, lang)
    year = result.scenario.plan.budget_year
    shown = ("", "_error")
    rows: list[dict[str, Any]] = []
    if central is None or chance is None:
        draft.note(draft.say("note.no_run"))
        for key in ("parameters", "shocks", "chance"):
            cells = dict.fromkeys(("share", "share_error", "sd"), draft.absent)
            rows.append({"source": draft.say(f"source.{key}"), **cells})
    else:
        samples = [year_sample(one, year, special=True) for one in (result, central, chance)]
        same_luck = result.luck == central.luck == chance.luck
        parts = {
            "parameters": partial(variance_gap, samples[0], samples[1], paired=same_luck),
            "shocks": partial(variance_gap, samples[1], samples[2], paired=same_luck),
            "chance": partial(variance, samples[2]),
        }
        whole = draft.estimate(partial(variance, samples[0]), "v", whole=False, shown=shown)["v"]
        for key, part in parts.items():
            cells = draft.estimate(part, "v", whole=False, shown=shown)
            rows.append(
                {"source": draft.say(f"source.{key}"), **_shares(draft, cells["v"], cells["v_error"], whole)}
            )
    sample = year_sample(result, year, special=True)
    sd = draft.estimate(partial(standard_deviation, sample), "sd", shown=("",))["sd"]
    share: Any = None if sd == 0 else 1.0
    rows.append({"source": draft.say("row.total"), "share": share, "share_error": None, "sd": sd})
    columns = [draft.column("source"), draft.column("share", "share", draft.say("col.variance_share"))]
    columns += [draft.column("share_error", "share"), draft.column("sd", "money")]
    draft.note(draft.say("note.range_split"))
    return draft.table("range_split", columns, rows, totals=(len(rows) - 1,), title={"year": year})


def _shares(draft: Draft, value: Any, error: Any, whole: Any) -> dict[str, Any]:
    if isinstance(value, str) or isinstance(whole, str):
        return dict.fromkeys(("share", "share_error", "sd"), draft.refused)
    if whole == 0:
        return {"share": None, "share_error": None, "sd": 0}
    return {
        "share": value / whole,
        "share_error": error if isinstance(error, str) else error / whole,
        "sd": round(float(np.sqrt(max(0.0, value)))),
    }


def drivers(result: Result, *, top: int = 10, lang: Language = "zh") -> Table:
    """Uncertain assumptions by how much they move the headline money: rank correlation and share of variance."""
    draft = Draft(result, lang)
    year = result.scenario.plan.budget_year
    laws = uncertain(result.scenario)
    paths = list(laws)
    numbers = np.arange(result.draws, dtype=np.int64)
    drawn = [draw_law(laws[path], result.luck, path, numbers) for path in paths]
    inputs = np.stack(drawn, axis=1) if drawn else np.zeros((result.draws, 0))
    columns = [draft.column("number"), draft.column("item"), draft.column("path")]
    columns += [
        draft.column(key, "count", decimals=2)
        for key in ("correlation", "correlation_low", "correlation_high")
    ]
    columns += [draft.column("rank_share", "share"), draft.column("rank_share_error", "share")]
    columns += [draft.column("term_correlation", "count", decimals=2), draft.column("clear")]
    draft.note(draft.say("note.drivers", count=len(paths)))
    try:
        found = rank_drivers(inputs, year_sample(result, year, special=True))
        over_term = rank_drivers(inputs, year_sample(result, None, special=True))
    except TooFewDrawsError as error:
        draft.note_refusal(error.refusal)
        row = dict.fromkeys([column.key for column in columns], draft.refused)
        return draft.table("drivers", columns, [row], title={"year": year})
    shares = [0.0 if one is None else one.share for one in found]
    order = sorted(range(len(paths)), key=lambda place: -shares[place])
    if len(order) >= 3:
        names = listed(
            (path_words(draft, paths[place]) for place in order[:3]), draft.lang, "language.semicolon"
        )
        draft.note(draft.say("note.three", names=names))
    rows = []
    for rank, place in enumerate(order[:top], start=1):
        row = {"number": str(rank), "item": path_words(draft, paths[place]), "path": paths[place]}
        rows.append(row | _driver_cells(draft, found[place], over_term[place]))
    return draft.table("drivers", columns, rows, title={"year": year})


def _driver_cells(draft: Draft, one: Driver | None, term: Driver | None) -> dict[str, Any]:
    over_term = None if term is None else term.correlation
    if one is None:
        keys = ("correlation", "correlation_low", "correlation_high", "rank_share", "rank_share_error")
        return dict.fromkeys(keys) | {"term_correlation": over_term, "clear": "—"}
    return {
        "correlation": one.correlation,
        "correlation_low": one.low,
        "correlation_high": one.high,
        "rank_share": one.share,
        "rank_share_error": one.share_error,
        "term_correlation": over_term,
        "clear": draft.say("word.yes" if one.clear else "word.no"),
    }
