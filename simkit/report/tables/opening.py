"""How a paper opens: its title, its banners, its running head."""

from __future__ import annotations

from typing import Any

from simkit.base.words import say
from simkit.report.papers.table import Language
from simkit.report.tables import roster
from simkit.runs.result import Result

__all__ = ["banners", "running_head", "title"]


def title(result: Result, lang: Language) -> str:
    """The report's title: the scenario's."""
    return result.scenario.plan.title.said(lang)


def banners(result: Result, lang: Language) -> list[str]:
    """What has to stand above every figure: a renewal, a list of other agencies, overlays, invented appropriations."""
    plan = result.scenario.plan
    found = []
    if plan.renewed is not None:
        until = plan.renewed.until.isoformat()
        found.append(say(lang, "page.banner.renewed", until=until, note=plan.renewed.note.said(lang)))
    found += roster.of_run(result, lang)
    if result.scenario.changes:
        changes = [_change(one.path, one.before, one.after) for one in result.scenario.changes]
        name = result.scenario.name
        found.append(say(lang, "page.banner.overlay", name=name, changes="\n".join(changes)))
    if plan.appropriations is not None:
        found.append(say(lang, "page.banner.appropriations", label=plan.appropriations.label.said(lang)))
    return found


def running_head(result: Result, lang: Language) -> str:
    """The line on top of every printed page: the title, and what is assumed."""
    plan = result.scenario.plan
    assumed = ""
    if plan.renewed is not None:
        assumed += say(lang, "page.running.renewed", until=plan.renewed.until.isoformat())
    if plan.appropriations is not None:
        assumed += say(lang, "page.running.appropriations")
    return say(lang, "page.running", title=title(result, lang), assumed=assumed)


def _change(path: str, before: Any, after: Any) -> str:
    """A change in one line; of what has parts the path only, its values stand in the last section."""
    if isinstance(before, dict | list) or isinstance(after, dict | list):
        return path
    return f"{path}: {'—' if before is None else before} → {'—' if after is None else after}"
