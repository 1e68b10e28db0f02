"""The notebook with sliders: widgets around `simkit.whatif.live.live`, in Chinese or English."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import ipywidgets
import numpy as np

from simkit.base.errors import InputError, SimkitError, known_language
from simkit.base.money import parse_quantity
from simkit.base.said import in_language, listed
from simkit.base.words import LANGUAGES, say
from simkit.report.figures.live import LiveFigure
from simkit.report.pages.live.export import ExportPanel
from simkit.report.pages.live.field import Field
from simkit.report.pages.live.words import (
    answer_html,
    clause_of,
    fault_text,
    full_label,
    measure_of,
)
from simkit.report.papers.escape import escaped
from simkit.report.papers.table import Language
from simkit.report.papers.templates import TEMPLATES
from simkit.report.tables.beside import Reported, beside, reported
from simkit.whatif.live.figures import Slider
from simkit.whatif.live.live import Live, LiveAnswer

__all__ = ["LiveView", "show_live"]

_STYLE = f"<style>{(TEMPLATES / 'live.css').read_text(encoding='utf-8')}</style>"
#: Fen in 万元, as the budget line is typed.
_WAN = 1_000_000
#: Largest budget line that is taken. 万元.
_LARGEST = 10_000_000


def show_live(scenario: str | Path, *, draws: int, seed: int, lang: str = "") -> None:
    """Show a scenario's sliders in a notebook, with what they do beside them.

    Parameters
    ----------
    scenario : str or Path
        The scenario's file.
    draws, seed : int
    lang : `zh`, `en` or empty
        Empty: the language that `simkit lab` was started in, else Chinese.

    Raises
    ------
    InputError
        For a language that there is none of, or faults of the scenario.
    """
    from IPython.display import display

    asked = os.environ.get("LANGUAGE", "")
    own = next((one for one in LANGUAGES if asked.startswith(one)), LANGUAGES[0])
    chosen = known_language(lang) if lang else own
    waiting = ipywidgets.HTML(_paragraph(say(chosen, "live.waiting")))
    page = ipywidgets.VBox([waiting])
    display(page)  # type: ignore[no-untyped-call]  # IPython has no types
    live = Live(scenario, draws=draws, seed=seed)
    page.children = [LiveView(live, chosen, reported(live.scenario)).widget]


class LiveView:
    """Sliders on the left, what they do on the right.

    Parameters
    ----------
    live : Live
    lang : Language
    report : Reported, optional
        The figure of a saved run, to stand beside this one's.

    Attributes
    ----------
    widget : ipywidgets.Widget
        All of it.
    fields : dict of path to Field
    budget : Field
        The budget line, in 万元.
    export : ExportPanel
    """

    def __init__(self, live: Live, lang: Language, report: Reported | None = None) -> None:
        self.live, self.lang, self._report = live, lang, report
        self.answer = live.answer({})
        self._figure = self._drawn_once()
        self._result, self._message = ipywidgets.HTML(), ipywidgets.HTML()
        self.fields = {one.path: Field(one, lang, self._moved) for one in live.sliders}
        self.budget = Field(
            self._budget_slider(), lang, self._moved, say(lang, "live.budget", year=self._year)
        )
        self.export = ExportPanel(live, lang, lambda: self.answer.changes)
        self._show(self.answer, time.monotonic())
        self.widget = self._laid_out()

    @property
    def _year(self) -> int:
        return self.live.scenario.plan.budget_year

    def _budget_slider(self) -> Slider:
        """The budget line as if it were a figure of the policy."""
        value = self.live.budget / _WAN
        step = max(1.0, 10.0 ** np.floor(np.log10(value) - 2))
        half = np.floor(value / 2 / step) * step
        return Slider(
            path="budget",
            measure="",
            clause="",
            kind="budget",
            scope="",
            of=None,
            unit="万元",
            value=value,
            low=float(value - half),
            high=float(value + 2 * half),
            step=float(step),
        )

    def _drawn_once(self) -> LiveFigure:
        rows = [row for row in self.answer.rows if row.by == "year"]
        names = ("left", "right", "money", "enough", "year", "mean", "before", "after", "budget")
        labels = {name: say(self.lang, f"live.figure.{name}", year=self._year) for name in names}
        means = np.array([row.before for row in rows])
        return LiveFigure(self.answer.before, [int(row.key) for row in rows], means, labels=labels)

    # ------------------------------------------------------------------ what is shown

    def _laid_out(self) -> Any:
        """Title, then the sliders beside the answer; on a narrow screen below it."""
        plan, lang = self.live.scenario.plan, self.lang
        about = say(lang, "live.about", draws=f"{self.live.kept.draws:,}", seed=self.live.kept.job.seed)
        head = f"<h2>{escaped(say(lang, 'live.title', title=plan.title.said(lang)))}</h2>"
        reset = ipywidgets.Button(description=say(lang, "live.reset"), layout={"width": "auto"})
        reset.on_click(lambda _button: self.reset())
        left = ipywidgets.VBox(
            [self.budget.widget, self._groups(), reset, self.export.widget],
            layout={"flex": "1 1 25rem", "min_width": "20rem"},
        )
        left.add_class("simkit-left")
        right = ipywidgets.VBox(
            [self._message, self._result], layout={"flex": "2 1 36rem", "min_width": "20rem"}
        )
        # From right to left, so that on a narrow screen the answer stands above the sliders.
        both = ipywidgets.Box(
            [right, left], layout={"display": "flex", "flex_flow": "row-reverse wrap", "width": "100%"}
        )
        need = self.answer.need
        own = None if need is None else need.before
        told = beside(self._report, self.live.kept.draws, lang, own)
        return _container([ipywidgets.HTML(_STYLE + _paragraph(about, head) + _paragraph(told)), both])

    def _groups(self) -> Any:
        """One group opens at a time: the dearest measures first, then article by article."""
        lang, main = self.lang, self.live.main
        first = [one for name in main for one in self.live.sliders if one.measure == name]
        names = listed((self.live.scenario.policy.measures[name].name for name in main), lang)
        titles, boxes = [say(lang, "live.group.main", names=names)], [self._box(first)]
        rest = [one for one in self.live.sliders if one not in first]
        for (clause, total), group in groupby(rest, key=lambda one: (one.clause, one.kind == "total")):
            members = list(group)
            name = in_language(clause_of(self.live.scenario, members[0]), lang)
            key = "live.group.total" if total else "live.group.clause"
            titles.append(say(lang, key, clause=clause, name=name, count=len(members)))
            boxes.append(self._box(members))
        return ipywidgets.Accordion(boxes, titles=titles, selected_index=0)

    def _box(self, sliders: Sequence[Slider]) -> Any:
        """Sliders under the names of their measures."""
        rows: list[Any] = []
        for name, group in groupby(sliders, key=lambda one: measure_of(self.live.scenario, one, self.lang)):
            rows.append(ipywidgets.HTML(f"<b>{escaped(name)}</b>"))
            rows += [self.fields[one.path].widget for one in group]
        return ipywidgets.VBox(rows)

    # ------------------------------------------------------------------ what moves

    def reset(self) -> None:
        """Put every figure back to the baseline's, and answer once."""
        for field in (*self.fields.values(), self.budget):
            field.put(field.slider.value)
        self._moved()

    def _moved(self) -> None:
        """Answer what the sliders say; where it cannot be, say why, and leave what is shown."""
        began = time.monotonic()
        values = {path: field.value for path, field in self.fields.items()}
        try:
            answer = self.live.answer(values, self._budget())
        except SimkitError as error:
            labels = {
                path: full_label(self.live.scenario, one.slider, self.lang)
                for path, one in self.fields.items()
            }
            words = fault_text(error, labels, self.lang)
            self._message.value = (
                f'<div class="simkit-live"><div class="warn" role="alert">{_lines(words)}</div></div>'
            )
            return
        self._message.value = ""
        self._show(answer, began)

    def _budget(self) -> int:
        """The budget line in fen.

        Raises
        ------
        InputError
            Where it is nothing that can be voted.
        """
        if not 0 <= self.budget.value <= _LARGEST:
            raise InputError("live.fault.budget", found=f"{self.budget.value:g}")
        return round(parse_quantity(f"{self.budget.value:.6f}万元").value * 100)

    def _show(self, answer: LiveAnswer, began: float) -> None:
        """Put figure and table into the page in one message."""
        self.answer = answer
        means = np.array([row.after for row in answer.rows if row.by == "year"])
        share = say(self.lang, "live.figure.point", share=f"{answer.enough.after.value:.1%}")
        picture = self._figure.draw(answer.after, means, answer.budget, share)
        took = say(self.lang, "live.took", seconds=f"{time.monotonic() - began:.2f}")
        self._result.value = answer_html(
            answer, picture, self.live.scenario, self.live.sliders, self.lang, took
        )


def _container(children: Sequence[Any]) -> Any:
    """A column whose width, not the screen's, decides how its parts stand."""
    box = ipywidgets.VBox(children)
    box.add_class("simkit-page")
    return box


def _paragraph(text: str, head: str = "") -> str:
    return f'<div class="simkit-live">{head}<p>{escaped(text)}</p></div>'


def _lines(text: str) -> str:
    return "<br>".join(escaped(line) for line in text.split("\n"))
