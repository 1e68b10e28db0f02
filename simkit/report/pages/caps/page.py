"""The page of caps: one file with its data, script and fonts, that asks the network for nothing."""

from __future__ import annotations

import base64
import datetime
import hashlib
import html
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from markupsafe import Markup

from simkit.base.errors import RunError
from simkit.base.money import format_wan
from simkit.base.said import listed
from simkit.base.visible import visible_text
from simkit.base.whole_files import write_whole
from simkit.base.words import say
from simkit.report.pages.caps.data import LEVELS, columns_of, given, scope
from simkit.report.papers.markup import LANGUAGE_TAGS
from simkit.report.papers.table import Language
from simkit.report.papers.templates import TEMPLATES, render
from simkit.report.papers.web_fonts import font_faces
from simkit.report.papers.web_page import css_text, network_addresses
from simkit.report.tables.beside import Reported, beside
from simkit.whatif.caps.movable import RANGE, Movable
from simkit.whatif.caps.page_data import PageData

__all__ = ["whatif_page", "write_page"]

_PAGE = "whatif.html"


def whatif_page(
    data: PageData,
    lang: Language,
    made: datetime.date | None = None,
    *,
    report: Reported | None = None,
) -> str:
    """The page as text.

    Parameters
    ----------
    made : date, optional
        Printed as the day of making; None: none is printed, for no clock is asked.
    report : Reported, optional
        The figure of a saved run with more draws, to stand beside the page's own.

    Raises
    ------
    RunError
        When the page would ask the network for something, or shows a letter that its font lacks.
    """
    script = "".join(['\n"use strict";\n(() => {\n', *map(_source, _SCRIPTS), "})();\n"])
    given_words, places = given(data, lang), _places(data, lang, made, report)
    empty = dict.fromkeys(("security", "style", "script", "data"), "")
    letters = html.unescape(render(_PAGE, **places, **empty)) + json.dumps(given_words, ensure_ascii=False)
    running = css_text(say(lang, "caps.running", title=data.scenario.plan.title.said(lang)))
    style = "\n".join(
        [
            font_faces(frozenset(one for one in letters + _OF_SCRIPT if one.isprintable() and one != " ")),
            _source("page.css"),
            _source("whatif.css"),
            f"@page {{ @top-center {{ content: {running}; }} }}",
        ]
    )
    page = render(
        _PAGE,
        **places,
        security=_security(script, style),
        style=Markup(style),
        script=Markup(script),
        data=Markup(_inert(given_words | columns_of(data))),
    )
    found = _addresses(page) + network_addresses(f"<style>{style}</style>")
    if found:
        raise RunError(
            "error.network_address", page=data.scenario.plan.title.said(lang), found=", ".join(found[:3])
        )
    return str(page)


#: The parts of the script, in the order in which they are joined.
_SCRIPTS = ("whatif_rules.js", "whatif_figures.js", "whatif_chart.js", "whatif_page.js")
#: Letters that the script writes by itself.
_OF_SCRIPT = "—万元"
#: Attributes that make a browser ask for something.
_ASKING = ("src", "srcset", "href", "action", "formaction", "poster", "data", "background")


class _Asking(HTMLParser):
    """Collects what a page's elements would ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"<{tag} {name}={value}>" for name, value in attrs if name in _ASKING]


def _addresses(page: str) -> list[str]:
    """What a page's elements would ask for; words that look like elements are words."""
    reader = _Asking()
    reader.feed(page)
    reader.close()
    return reader.found


def write_page(page: str, path: Path) -> Path:
    """Write the page: whole or not at all; where it stands, beside what is not simkit's own.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    return write_whole(path, page, "error.page_not_written")


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _security(script: str, style: str) -> str:
    """The policy of the page: nothing but its own style and script, by their hashes, and the fonts inside it."""

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

    own = f"script-src 'sha256-{digest(script)}'; style-src 'sha256-{digest(style)}'"
    return f"default-src 'none'; {own}; font-src data:; base-uri 'none'; form-action 'none'"


def _visible(data: Any) -> Any:
    """Plain data whose texts hide nothing."""
    if isinstance(data, dict):
        return {key: _visible(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_visible(value) for value in data]
    return visible_text(data) if isinstance(data, str) else data


def _inert(data: Any) -> str:
    """JSON that ends no script element and opens no comment, whatever stands in it."""
    text = json.dumps(_visible(data), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


# ---------------------------------------------------------------------- what stands on the page


def _places(
    data: PageData, lang: Language, made: datetime.date | None, report: Reported | None
) -> dict[str, Any]:
    """What the template lays in; `words`: a sentence of the page by its key."""
    plan, origin = data.scenario.plan, data.origin
    facts = {
        "title": plan.title.said(lang),
        "as_of": plan.as_of.isoformat(),
        "draws": f"{origin.draws:,}",
        "seed": str(origin.seed),
        "made": say(lang, "caps.made", date=made.isoformat()) if made else "",
        "fund": origin.fund(lang),
        "year": str(plan.budget_year),
        "confidence": f"{plan.confidence / 100:g}%",
        "range": str(RANGE),
        "file": origin.file,
    }

    def words(key: str, **values: str) -> str:
        return say(lang, f"caps.{key}", **facts | values)

    levels = [f"P{100 * p:g}" for p in sorted({*LEVELS, plan.confidence / 10_000})]
    return {
        "tag": LANGUAGE_TAGS[lang],
        "words": words,
        "banners": _banners(data, lang),
        "sliders": [_slider(data, one, lang) for one in data.sliders],
        "heads": [words("col.mean"), *levels, words("col.gap")],
        "beside": beside(report, origin.draws, lang),
        "notes": _notes(data, lang),
    }


def _slider(data: PageData, slider: Movable, lang: Language) -> dict[str, Any]:
    """What stands at a cap: its name, its scope, what it is now, its clause; the steps that it moves by."""
    measure = data.scenario.policy.measures[slider.measure]
    amount = format_wan(slider.amount).removesuffix(".00")
    clause = say(lang, "caps.clause", clause=measure.clause)
    whose = scope(slider, lang)
    return {
        "path": slider.path,
        "name": measure.name.said(lang),
        "scope": whose,
        "line": " · ".join([whose, say(lang, "caps.base", amount=amount), clause]),
        "steps": slider.most // slider.step,
        "most": f"{slider.most / 1_000_000:g}",
    }


def _banners(data: PageData, lang: Language) -> list[str]:
    """What has to stand above every figure, as in the budget report."""
    plan, found = data.scenario.plan, []
    if plan.renewed is not None:
        until = plan.renewed.until.isoformat()
        found.append(say(lang, "page.banner.renewed", until=until, note=plan.renewed.note.said(lang)))
    if data.scenario.changes:
        changes = "\n".join(change.path for change in data.scenario.changes)
        found.append(say(lang, "page.banner.overlay", name=data.scenario.name, changes=changes))
    return found


def _notes(data: PageData, lang: Language) -> list[str]:
    """What the page is, what it is not, and where it comes from."""
    origin, policy = data.origin, data.scenario.policy
    draws = f"{origin.draws:,}"
    slack = max(rule.slack for group in data.groups for rule in group.rules)
    slack_words = say(lang, "caps.note.slack", fen=slack) if slack else ""
    notes = [data.scenario.plan.about.said(lang), say(lang, "caps.note.scope")]
    notes.append(say(lang, "caps.note.same", draws=origin.draws, seed=origin.seed, slack=slack_words))
    notes += [
        say(lang, "caps.note.error", draws=draws),
        say(lang, "caps.note.share"),
        say(lang, "caps.note.behaviour"),
    ]
    if origin.unpriced:
        notes.append(say(lang, "caps.note.unpriced", names=listed(origin.unpriced, lang)))
    caps = [
        say(
            lang,
            "caps.fixed",
            name=policy.measures[one.measure].name.said(lang),
            cap=one.cap,
            reason=say(lang, f"caps.reason.{one.reason}"),
        )
        for one in data.fixed
    ]
    if caps:
        notes.append(say(lang, "caps.note.no_slider", caps=listed(caps, lang)))
    commit = origin.code.get("commit") or ""
    facts = {"version": origin.code.get("version", ""), "commit": f" ({commit[:12]})" if commit else ""}
    facts |= {name: origin.digests[name][:16] for name in ("scenario", "policy")}
    notes.append(say(lang, "caps.note.origin", name=origin.scenario, file=origin.file, **facts))
    return notes
