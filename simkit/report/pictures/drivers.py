"""What each figure of `simkit drivers` shows: numbers and labels from a saved answer, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from simkit.base.words import say
from simkit.report.figures import drivers as figures
from simkit.report.figures.axes import broken
from simkit.report.papers.glyphs import clipped, half_widths
from simkit.report.papers.pieces import Picture
from simkit.report.papers.table import Language
from simkit.report.pictures.words import drawn, labels_of
from simkit.report.tables.drivers import item, money_asked, widest
from simkit.sizing.sobol import Index
from simkit.whatif.drivers import Drivers

__all__ = ["groups", "shares", "tornado"]

#: Assumptions drawn.
_MOST = 12
#: Half-width columns of a name's line: of a name in one, and at most.
_LINE, _LONGEST = 40, 48


def _in_lines(name: str) -> str:
    """A name in two lines at most where it is long: the measure, then what is assumed of it."""
    measure, between, rest = name.partition(" · ")
    if between and half_widths(name) > _LINE:
        return f"{clipped(measure, _LONGEST)}\n{clipped(rest, _LONGEST)}"
    return broken(clipped(name, 2 * _LINE), _LINE)


def tornado(found: Drivers, lang: Language, *, most: int = _MOST) -> Picture | None:
    """The assumptions that move the mean furthest; nothing where none does."""
    listed = widest(found)[:most]
    if not listed:
        return None
    names = [item(found, one, lang) for one in listed]
    money = money_asked(found, lang)
    labels = labels_of(lang, "chart.tornado", "title", "x", "low", "high", "indistinct", money=money)
    ends = [[getattr(one.mean, end).given or 0.0 for one in listed] for end in ("low", "high")]
    distinct = [one.mean.distinct for one in listed]
    alt = say(lang, "chart.tornado.alt", money=money, first=names[0])
    shown = [_in_lines(name) for name in names]
    return drawn(figures.tornado, 1.1 + 0.42 * len(listed), shown, *ends, distinct, labels=labels, alt=alt)


def shares(found: Drivers, lang: Language, *, most: int = _MOST) -> Picture | None:
    """The assumptions that explain most of the variance; nothing where none does."""
    listed = [one for one in found.assumptions if one.total.value > 0][:most]
    names = [item(found, one, lang) for one in listed]
    return _shares(found, lang, names, [one.first for one in listed], [one.total for one in listed])


def groups(found: Drivers, lang: Language) -> Picture | None:
    """Uncertain assumptions, common factor and shocks, chance: what each explains."""
    count = len(found.assumptions)
    names = [say(lang, f"drivers.group.{one.name}", count=count) for one in found.groups]
    firsts, totals = [one.first for one in found.groups], [one.total for one in found.groups]
    return _shares(found, lang, names, firsts, totals, "groups")


def _shares(
    found: Drivers,
    lang: Language,
    names: Sequence[str],
    alone: Sequence[Index],
    total: Sequence[Index],
    figure: str = "shares",
) -> Picture | None:
    if not names:
        return None
    money = money_asked(found, lang)
    labels = labels_of(lang, "chart.shares", "x", "alone", "total", money=money)
    labels["title"] = say(lang, f"chart.{figure}.title", money=money)
    rows = [[(one.value, one.low, one.high) for one in side] for side in (alone, total)]
    alt = say(lang, "chart.shares.alt", money=money, first=max(zip(total, names, strict=True))[1])
    shown = [_in_lines(name) for name in names]
    return drawn(figures.shares, 1.2 + 0.48 * len(names), shown, *rows, labels=labels, alt=alt)
