"""A table in the making: its words, its refused figures, its notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.money import format_wan
from simkit.base.said import listed
from simkit.base.words import catalogue
from simkit.policy.schema import Policy
from simkit.report.papers.table import (
    Cell,
    Column,
    Language,
    Ratio,
    Sum,
    Table,
    with_rounding_note,
    without,
)
from simkit.report.tables.refusals import refusal_words
from simkit.report.tables.table_draft import TableDraft
from simkit.report.tables.treatment import unpriced
from simkit.runs.figures import Figures, figures_of
from simkit.runs.result import Result
from simkit.runs.sparse_sums import Tally
from simkit.scenario import Plan, Scenario
from simkit.scenario.horizon import can_pay, whole_years
from simkit.sizing.estimate import Draws, Estimate, Refusal, attempt, is_unmet
from simkit.sizing.quantiles import mean

__all__ = ["Draft"]


@dataclass(slots=True, eq=False)
class Draft(TableDraft):
    """A table of one run in one language: its estimates, its cells that no draw met, its notes."""

    result: Result
    lang: Language
    heads: str = "col."
    notes: list[str] = field(default_factory=list)
    _figures: Figures | None = None
    _few: dict[int, Refusal] = field(default_factory=dict)
    _open: set[Cell] = field(default_factory=set)

    @property
    def scenario(self) -> Scenario:
        """What was run."""
        return self.result.scenario

    @property
    def policy(self) -> Policy:
        """With everything laid on."""
        return self.result.scenario.policy

    @property
    def plan(self) -> Plan:
        """The scenario's assumptions."""
        return self.result.scenario.plan

    def view(self, special: bool) -> str:
        """专项经费口径 or 全政策口径."""
        return self.say("view.special" if special else "view.whole")

    def level(self, level: str) -> str:
        """市级 for `city`; a level that the catalogue lacks stays as it is."""
        return catalogue(self.lang).get(f"level.{level}", level)

    def wan(self, fen: float) -> str:
        """Fen as 万元, two decimals."""
        return format_wan(round(fen))

    def funds(self, special: bool) -> str:
        """The special fund's name, or all funds."""
        if not special:
            return self.say("fund.all")
        return self.names(self.result.scenario.policy.special_funds)

    @property
    def figures(self) -> Figures:
        """The run's figures of money."""
        if self._figures is None:
            self._figures = figures_of(self.result)
        return self._figures

    @property
    def group(self) -> int | None:
        """Draws of the run that were stratified together."""
        return self.result.group

    @property
    def refused(self) -> str:
        """What stands in the cell of a figure with too few draws."""
        return self.say("cell.refused")

    @property
    def unmet(self) -> str:
        """What stands in the cell of a mean that no draw has met."""
        return self.say("cell.unmet")

    @property
    def absent(self) -> str:
        """What stands in the cell of a figure that was not given (未提供)."""
        return self.say("cell.absent")

    def note_refusal(self, refusal: Refusal) -> None:
        """Note why a figure is refused, and how many draws it needs."""
        self.note(refusal_words(self.say, refusal))

    def estimate(
        self,
        figure: Estimate | Callable[[], Estimate],
        key: str,
        *,
        whole: bool = True,
        shown: Sequence[str] = ("", "_low", "_high", "_error"),
    ) -> dict[str, Any]:
        """Cells of a figure and its error (`KEY`, `KEY_low`, `KEY_high`, `KEY_error`), and a note why it is refused.

        `whole`: money, rounded to whole fen.
        """
        found = figure if isinstance(figure, Estimate) else attempt(figure)
        if found.refusal is not None:
            self._tell(found.refusal)
        return self.cells(found, key, whole=whole, shown=shown)

    def cells(
        self,
        found: Estimate,
        key: str,
        *,
        whole: bool = True,
        shown: Sequence[str] = ("", "_low", "_high", "_error"),
    ) -> dict[str, Any]:
        """Cells of an estimate, as `estimate` has them; why one is refused is left to be told."""
        if found.refusal is not None:
            words = self.unmet if is_unmet(found.refusal) else self.refused
            return {f"{key}{ending}": words for ending in shown}
        values = dict(zip(("", "_low", "_high", "_error"), found[:4], strict=True))
        if any(isnan(values[ending]) for ending in shown):
            self.note(self.say("note.untold"))
        return {f"{key}{ending}": self._cell(values[ending], whole) for ending in shown}

    def _cell(self, value: float, whole: bool) -> Any:
        """A number, or the dash for what the draws do not tell."""
        if isnan(value):
            return self.say("cell.untold")
        return round(value) if whole else value

    def _tell(self, refusal: Refusal) -> None:
        """Note why a figure is refused; of those that fall short alike, the one that needs most draws."""
        if refusal.figure != "mean" or is_unmet(refusal):
            self.note_refusal(refusal)
            return
        known = self._few.get(refusal.draws)
        if known is None or refusal.least > known.least:
            if known is not None:
                self.notes.remove(refusal_words(self.say, known))
            self._few[refusal.draws] = refusal
            self.note_refusal(refusal)

    def certain(
        self, *places: int, year: int | None = None, special: bool = False, fund: int | None = None
    ) -> bool:
        """Whether the rules leave no chance of money of measures (none: of any), paid in a year from some funds."""
        scenario = self.result.scenario
        names, funds = list(scenario.policy.measures), scenario.policy.funds
        paying = [name for name, one in funds.items() if one.special or not special]
        paying = paying if fund is None else [list(funds)[fund]]
        measures = [names[place] for place in places] or None
        return not can_pay(scenario, year, measures=measures, funds=paying)

    def left_open(self, at: int, keys: Iterable[str], *, certain: bool = False) -> None:
        """Cells of a row that chance could make other than 0: where they are 0, they say that no draw met them.

        `certain`: the rules make them 0, so nothing is said.
        """
        if not certain:
            self._open |= {(at, key) for key in keys}

    def is_open(self, at: int, key: str) -> bool:
        """Whether chance could make a cell other than 0."""
        return (at, key) in self._open

    def error(self, sample: Draws, *, whole: bool = True, certain: bool = False) -> Any:
        """Standard error of a sample's mean, or the word for what is refused or cannot be told.

        `certain`: as in `sizing.quantiles.mean`.
        """
        return self.error_of(partial(mean, sample, group=self.group, certain=certain), whole=whole)

    def error_of(self, figure: Estimate | Callable[[], Estimate], *, whole: bool = True) -> Any:
        """The error of a figure as a cell."""
        return self.estimate(figure, "x", whole=whole, shown=("_error",))["x_error"]

    def note_largest_error(
        self, samples: npt.NDArray[Any] | Tally, what: str, *, share: bool = False
    ) -> None:
        """Say how large the standard errors of means [draw, ...] are at most, where they have no column."""
        draws = len(samples)
        if draws < 2:
            self.note_refusal(Refusal("mean", draws, draws, 2, 2))
            return
        columns = samples.values if isinstance(samples, Tally) else np.reshape(samples, (draws, -1)).T
        most = max((float(column.std(ddof=1)) for column in columns), default=0.0) / draws**0.5
        if most == 0:  # draws that are all alike tell no error
            return
        key = "note.largest_error_share" if share else "note.largest_error"
        self.note(self.say(key, what=what, most=f"{most * 100:.2f}" if share else f"{most:,.2f}"))

    def standing_notes(self) -> list[str]:
        """What has to stand on every page: a renewal that the scenario assumes, years that only pay the tail."""
        plan = self.result.scenario.plan
        notes = []
        if plan.renewed is not None:
            notes.append(self.say("note.renewed", until=plan.renewed.until, why=self.name(plan.renewed.note)))
        until = self.result.scenario.policy.document.in_force.until
        if until is not None and self.result.paid_years[-1] > until.year:
            notes.append(self.say("note.tail_only", until=until))
        return notes

    def note_unpriced(self) -> None:
        """Name what has no price."""
        missing = unpriced(self.result)
        if missing:
            names = self.names(measure.name for measure in missing)
            self.note(self.say("note.unpriced", count=len(missing), names=names))

    def note_horizon(self) -> None:
        """Say where the earned years begin or end inside the policy's term: what lies outside is not counted."""
        term = self.result.scenario.policy.document.in_force
        first, last = self.result.earned_years[0], self.result.earned_years[-1]
        if first > term.since.year:
            self.note(self.say("note.begins", year=first))
        if term.until is None or last < term.until.year:
            self.note(self.say("note.ends", year=last))
        if self.not_whole():
            years = listed(map(str, self.not_whole()), self.lang)
            self.note(self.say("note.not_whole", years=years))

    def not_whole(self) -> list[int]:
        """Paid years into which earned years outside the horizon would pay: not to be compared with others."""
        years = self.result.paid_years
        return sorted(set(years) - set(whole_years(self.result.scenario, years)))

    def table(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Mapping[str, Any]],
        *,
        totals: Sequence[int] = (),
        title: Mapping[str, Any] | None = None,
        links: Mapping[Cell, Sum | Ratio] | None = None,
        headed: bool = True,
    ) -> Table:
        """The finished table; its title is `title.NAME`."""
        found, kept = self._unmet(columns, rows, links or {})
        self.note(*self.standing_notes())
        words = self.say(f"title.{name}", **(title or {}))
        table = self.finished(name, columns, found, title=words, totals=totals, links=kept, headed=headed)
        return with_rounding_note(table, self.lang)

    def _unmet(
        self, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], links: Mapping[Cell, Sum | Ratio]
    ) -> tuple[list[dict[str, Any]], dict[Cell, Sum | Ratio]]:
        """A mean of 0 that no draw has met is refused itself; sums do without the nothing that it adds."""
        found = [dict(row) for row in rows]
        keys = {column.key for column in columns}
        pairs = [(key, f"{key}_error") for key in keys if f"{key}_error" in keys]
        pairs += [("amount", "error")] if {"amount", "error"} <= keys else []
        cells = {
            (at, key)
            for at, row in enumerate(found)
            for key, error in pairs
            if row[error] == self.unmet and row[key] == 0
        }
        cells |= self._zeros(found)
        for at, key in cells:
            found[at][key] = self.unmet
        return found, without(links, cells)

    def _zeros(self, rows: Sequence[Mapping[str, Any]]) -> set[Cell]:
        """Cells that are 0 though the rules leave them open; the note says what that is worth."""
        found = {(at, key) for at, key in self._open if type(rows[at].get(key)) in (int, float)}
        found = {(at, key) for at, key in found if rows[at][key] == 0}
        none = attempt(partial(mean, np.zeros(self.result.draws)))
        if found and none.refusal is not None:
            self._tell(none.refusal)
        return found
