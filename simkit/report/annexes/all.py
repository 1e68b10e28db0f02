"""The annexes of a budget report: one module an annex, from saved results only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from simkit.base.said import listed
from simkit.report.annexes.adjustment import adjustment
from simkit.report.annexes.assumptions import assumptions
from simkit.report.annexes.budget import budget
from simkit.report.annexes.catalogue import catalogue
from simkit.report.annexes.costing import costing
from simkit.report.annexes.medium_term import medium_term
from simkit.report.annexes.payers import payers
from simkit.report.annexes.performance import performance
from simkit.report.annexes.reproduction import reproduction
from simkit.report.annexes.risk import risk
from simkit.report.annexes.sources import Sources
from simkit.report.annexes.template import TEMPLATE, Template, read_template
from simkit.report.papers.paper import Annex, Paper
from simkit.report.papers.pieces import Piece, Sentences
from simkit.report.papers.table import Language
from simkit.report.tables.opening import banners, running_head, title
from simkit.report.tables.saved import Saved
from simkit.report.tables.table_draft import percent

__all__ = ["ANNEXES", "annexes", "template_of"]

#: What each annex is made by; their order and numbers stand in the template.
ANNEXES: dict[str, Callable[[Sources], Sequence[Piece]]] = {
    "budget": budget,
    "medium_term": medium_term,
    "payers": payers,
    "adjustment": adjustment,
    "risk": risk,
    "assumptions": assumptions,
    "reproduction": reproduction,
    "costing": costing,
    "catalogue": catalogue,
    "performance": performance,
}


def template_of(path: str | Path | None = None) -> Template:
    """A bureau's template, or simkit's own."""
    return read_template(path or TEMPLATE, tuple(ANNEXES))


def annexes(saved: Saved, *, lang: Language = "zh", template: Template | None = None) -> Paper:
    """The whole set of annexes of a saved run.

    Parameters
    ----------
    saved : Saved
    lang : `zh` or `en`
    template : Template, optional
        Order, headings, offices and codes; simkit's own without one.
    """
    template = template_of() if template is None else template
    desk = Sources(saved, lang, template)
    plan, result = saved.result.scenario.plan, saved.result
    values = {
        "fund": listed(result.scenario.policy.special_funds, lang),
        "year": plan.budget_year,
        "last": result.paid_years[-1],
        "confidence": percent(plan.confidence / 10_000),
        "policy": result.scenario.policy.document.number,
    }
    found = [
        Annex(
            id=name,
            label=template.fill(lang, template.label, number=number, **values),
            heading=template.fill(lang, template.headings[name], number=number, **values),
            pieces=tuple(ANNEXES[name](desk)),
        )
        for number, name in enumerate(template.order, start=1)
    ]
    return Paper(
        lang=lang,
        title=template.fill(lang, template.cover.title, number="", **values),
        subtitle=title(result, lang),
        imprint=tuple(
            (label, one.value.fill(lang, label))
            for one in template.cover.imprint
            for label in (template.fill(lang, one.label, number="", **values),)
        ),
        banners=tuple(Sentences(text, "warn") for text in banners(result, lang)),
        contents=template.fill(lang, template.cover.contents, number="", **values),
        annexes=tuple(found),
        running=running_head(result, lang),
        date=plan.as_of,
        name=result.scenario.name,
    )
