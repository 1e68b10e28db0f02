"""The page of caps: one file with its data, script and fonts, that asks the network for nothing."""

from __future__ import annotations

import base64
import datetime
import hashlib
import html
import json
from html.parser import HTMLParser
from pathlib import Path
from string import Template
from typing import Any

from simkit.base.errors import RunError
from simkit.base.money import format_wan
from simkit.base.visible import visible_text
from simkit.base.whole_files import whole
from simkit.base.words import of_two, say
from simkit.report.pages.caps.data import LEVELS, columns_of, given, scope
from simkit.report.papers.escape import escaped
from simkit.report.papers.markup import LANGUAGE_TAGS, text_html
from simkit.report.papers.table import Language
from simkit.report.papers.web_page import css_text, font_faces, network_addresses
from simkit.report.tables.beside import Reported, beside
from simkit.whatif.caps.movable import RANGE
from simkit.whatif.caps.page_data import PageData

__all__ = ["whatif_page", "write_page"]

_TEMPLATES = Path(__file__).parents[2] / "templates"


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
    script = "".join(['\n"use strict";\n(() => {\n', *map(_template, _SCRIPTS), "})();\n"])
    shown = _shown(data, lang, made, report)
    words = given(data, lang)
    letters = "".join(shown.values()) + json.dumps(words, ensure_ascii=False) + _OF_SCRIPT
    running = css_text(say(lang, "caps.running", title=data.scenario.plan.title.said(lang)))
    style = "\n".join(
        [
            font_faces(frozenset(one for one in html.unescape(letters) if one.isprintable() and one != " ")),
            _template("page.css"),
            _template("whatif.css"),
            f"@page {{ @top-center {{ content: {running}; }} }}",
        ]
    )
    page = Template(_template("whatif.html")).substitute(
        shown,
        lang=LANGUAGE_TAGS[lang],
        security=escaped(_security(script, style)),
        style=style,
        script=script,
        data=_inert(words | columns_of(data)),
    )
    found = _addresses(page) + network_addresses(f"<style>{style}</style>")
    if found:
        raise RunError("error.network_address", page=shown["title"], found=", ".join(found[:3]))
    return page


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
    with whole(path, "error.page_not_written") as new:
        new.partial.write_bytes(page.encode("utf-8"))
    return new.path


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


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


def _shown(
    data: PageData, lang: Language, made: datetime.date | None, report: Reported | None
) -> dict[str, str]:
    """The template's places, as HTML."""
    plan, origin = data.scenario.plan, data.origin
    confidence = f"{plan.confidence / 100:g}%"
    fund = of_two(lang, origin.fund_zh, origin.fund_en)
    facts = {
        "title": plan.title.said(lang),
        "as_of": plan.as_of.isoformat(),
        "draws": f"{origin.draws:,}",
        "seed": str(origin.seed),
        "made": say(lang, "caps.made", date=made.isoformat()) if made else "",
        "fund": fund,
        "year": str(plan.budget_year),
        "confidence": confidence,
        "range": str(RANGE),
        "file": origin.file,
    }
    words = {
        "title": "title", "subtitle": "subtitle", "lead": "lead", "noscript": "noscript", "controls": "controls",
        "controls_note": "controls.note", "reset": "reset", "chart": "chart", "chart_now": "chart.now",
        "chart_base": "chart.base", "chart_mark": "chart.mark", "overlay": "overlay", "overlay_note": "overlay.note",
        "overlay_name": "overlay.name", "overlay_author": "overlay.author", "overlay_date": "overlay.date",
        "overlay_text": "overlay.text", "overlay_copy": "overlay.copy", "notes_title": "notes",
    }  # fmt: skip
    places = {place: escaped(say(lang, f"caps.{key}", **facts)) for place, key in words.items()}
    places["banners"] = "".join(text_html(one, "warn") for one in _banners(data, lang))
    places["sliders"] = "\n".join(_slider(data, place, lang) for place in range(len(data.sliders)))
    tables = (("special", say(lang, "caps.special", fund=fund)), ("whole", say(lang, "caps.whole")))
    places["tables"] = "\n".join(
        _table(name, title, plan.confidence / 10_000, lang) for name, title in tables
    )
    places["beside"] = escaped(beside(report, origin.draws, lang))
    places["notes"] = "".join(f"<li>{escaped(note)}</li>" for note in _notes(data, lang))
    return places


def _slider(data: PageData, place: int, lang: Language) -> str:
    """One cap: its name and scope, a range and a number, and what the script writes."""
    slider = data.sliders[place]
    measure = data.scenario.policy.measures[slider.measure]
    names = {"name": measure.name.said(lang), "scope": scope(slider, lang)}
    amount = format_wan(slider.amount).removesuffix(".00")
    clause = say(lang, "caps.clause", clause=measure.clause)
    line = " · ".join([names["scope"], say(lang, "caps.base", amount=amount), clause])
    steps = slider.most // slider.step
    return f"""<fieldset class="cap" id="cap-{place}">
<legend>{escaped(names["name"])}</legend>
<p class="scope" id="scope-{place}">{escaped(line)}</p>
<div class="row">
<input type="range" id="range-{place}" min="1" max="{steps}" step="1" value="1" aria-describedby="share-{place}"
 aria-label="{escaped(say(lang, "caps.range", **names))}" data-path="{escaped(slider.path)}">
<span><input type="number" id="number-{place}" min="0" max="{slider.most / 1_000_000:g}" step="any" inputmode="decimal"
 aria-label="{escaped(say(lang, "caps.number", **names))}" aria-describedby="scope-{place} wrong-{place}">
<span class="unit">{escaped(say(lang, "caps.unit"))}</span></span>
</div>
<p class="wrong" id="wrong-{place}" role="alert"></p>
<p class="share" id="share-{place}"></p>
</fieldset>"""


def _table(name: str, title: str, confidence: float, lang: Language) -> str:
    """A table whose rows the script writes."""
    levels = [f"P{100 * p:g}" for p in sorted({*LEVELS, confidence})]
    heads = [say(lang, "caps.col.mean"), *levels, say(lang, "caps.col.gap")]
    cells = "".join(f'<th scope="col" class="n">{escaped(head)}</th>' for head in heads)
    return (
        f'<figure class="table whole"><figcaption><span class="title">{escaped(title)}</span>'
        f'<span class="unit">{escaped(say(lang, "caps.unit.table"))}</span></figcaption>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escaped(title)}"><table><thead><tr>'
        f'<th scope="col">{escaped(say(lang, "caps.col.year"))}</th>{cells}</tr></thead>'
        f'<tbody id="{name}"></tbody></table></div>'
        f'<ul class="notes"><li>{escaped(say(lang, "caps.not_additive"))}</li></ul></figure>'
    )


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
    draws, separator = f"{origin.draws:,}", say(lang, "language.listed_with")
    slack = max(rule.slack for group in data.groups for rule in group.rules)
    slack_words = say(lang, "caps.note.slack", fen=slack) if slack else ""
    notes = [data.scenario.plan.about.said(lang), say(lang, "caps.note.scope")]
    notes.append(say(lang, "caps.note.same", draws=origin.draws, seed=origin.seed, slack=slack_words))
    notes += [
        say(lang, "caps.note.error", draws=draws),
        say(lang, "caps.note.share"),
        say(lang, "caps.note.behaviour"),
    ]
    unpriced = [of_two(lang, *both) for both in origin.unpriced]
    if unpriced:
        notes.append(say(lang, "caps.note.unpriced", names=separator.join(unpriced)))
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
        notes.append(say(lang, "caps.note.no_slider", caps=separator.join(caps)))
    commit = origin.code.get("commit") or ""
    facts = {"version": origin.code.get("version", ""), "commit": f" ({commit[:12]})" if commit else ""}
    facts |= {name: origin.digests[name][:16] for name in ("scenario", "policy")}
    notes.append(say(lang, "caps.note.origin", name=origin.scenario, file=origin.file, **facts))
    return notes
