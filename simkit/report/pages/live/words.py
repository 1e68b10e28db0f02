"""What the notebook with sliders says: labels of sliders, and an answer as HTML."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from simkit.base.errors import FaultsError, SimkitError
from simkit.base.money import format_wan, signed
from simkit.base.said import Said, in_language, listed
from simkit.base.words import catalogue, say
from simkit.documents.models import Name
from simkit.report.papers.markup import table_html
from simkit.report.papers.table import Column, Language, Table
from simkit.report.papers.templates import render
from simkit.scenario import Scenario
from simkit.scenario.unpriced import unpriced
from simkit.sizing.compare import Paired
from simkit.sizing.estimate import Estimate
from simkit.whatif.live.figures import Slider
from simkit.whatif.live.live import LiveAnswer, Need, Row

__all__ = [
    "answer_html",
    "clause_of",
    "fault_text",
    "full_label",
    "label_of",
    "measure_of",
    "unit_of",
]


def unit_of(slider: Slider, lang: Language) -> str:
    """The unit beside a slider."""
    return catalogue(lang).get(f"live.unit.{slider.unit}", slider.unit)


def label_of(slider: Slider, lang: Language) -> str:
    """What a slider moves, without its measure."""
    scope = ""
    if slider.kind in ("cap", "cap_share"):
        scope = say(lang, f"scope.{slider.scope}")
    key = f"threshold.{slider.scope}" if slider.kind == "threshold" else slider.kind
    fallback = say(lang, "live.of.base" if slider.kind == "threshold" else "live.of.none")
    of = fallback if slider.of is None else in_language(slider.of, lang)
    if slider.kind == "tier":
        of = catalogue(lang).get(f"field.{of}", of)
    return say(lang, f"live.label.{key}", scope=scope, of=of)


def clause_of(scenario: Scenario, slider: Slider) -> Name:
    """The heading of the article that a slider's figure stands in; its number where the policy lists none."""
    return scenario.policy.clauses.get(slider.clause, slider.clause)


def measure_of(scenario: Scenario, slider: Slider, lang: Language) -> str:
    """The measure or total cap of a slider."""
    caps = scenario.policy.total_caps
    thing: Any = caps[slider.measure] if slider.kind == "total" else scenario.policy.measures[slider.measure]
    return str(thing.name.said(lang))


def full_label(scenario: Scenario, slider: Slider, lang: Language) -> str:
    """What a slider moves, with its measure."""
    return f"{measure_of(scenario, slider, lang)}{say(lang, 'language.after_label')}{label_of(slider, lang)}"


def fault_text(error: SimkitError, labels: Mapping[str, str], lang: Language) -> str:
    """What is wrong with a typed value, by the label of its slider."""
    if not isinstance(error, FaultsError):
        return say(lang, "live.fault.other", words=error.said(lang))
    ours = [fault for fault in error.faults if fault.path in labels]
    if not ours:
        return say(lang, "live.fault.other", words=error.faults[0].said(lang))
    texts = []
    for fault in ours:
        words = Said("live.fault", label=labels[fault.path], expected=fault.expected, found=fault.found)
        texts.append(words.said(lang))
    return "\n".join(texts)


# ---------------------------------------------------------------------- an answer


def answer_html(
    answer: LiveAnswer,
    picture: bytes,
    scenario: Scenario,
    sliders: Sequence[Slider],
    lang: Language,
    took: str,
) -> str:
    """Figures and table together, with the differences, their errors and what is changed."""
    plan = scenario.plan
    need = say(lang, "live.need", year=plan.budget_year, confidence=f"{plan.confidence / 100:g}%")
    enough = say(lang, "live.enough", budget=_wan(answer.budget))
    names = [scenario.policy.measures[name].name for name in unpriced(scenario)]
    nothing = say(lang, "note.unpriced_answer", names=listed(names, lang))
    return render(
        "live.html",
        leads=[
            ("need", need, *_need_words(answer.need, lang)),
            ("enough", enough, *_enough_words(answer.enough, lang)),
        ],
        description=say(lang, "live.figure.alt"),
        picture=base64.b64encode(picture).decode("ascii"),
        table=Markup(table_html(_table(answer, scenario, lang))),
        changed=say(lang, "live.changes" if answer.changes else "live.unchanged"),
        changes=_changes(answer, scenario, sliders, lang),
        unpriced=nothing if names else "",
        took=took,
    )


def _need_words(need: Need | None, lang: Language) -> tuple[str, str]:
    if need is None:
        return say(lang, "live.few"), ""
    moved = say(lang, "live.moved", before=_wan(need.before.value), after=_wan(need.after.value))
    amount = say(lang, "live.money", amount=moved)
    gap = need.difference
    error = "—" if gap.error is None else _wan(gap.error)
    shown = signed(_wan(gap.value))
    return amount, say(
        lang, "live.gap.money", difference=shown, error=error, verdict=_zero_verdict(gap, lang)
    )


def _enough_words(enough: Need, lang: Language) -> tuple[str, str]:
    moved = say(lang, "live.moved", before=f"{enough.before.value:.1%}", after=f"{enough.after.value:.1%}")
    gap = enough.difference
    return moved, say(
        lang,
        "live.gap.share",
        difference=signed(f"{100 * (enough.after.value - enough.before.value):z.1f}"),
        error="—" if gap.error is None else f"{100 * gap.error:.1f}",
        verdict=_zero_verdict(gap, lang),
    )


def _zero_verdict(gap: Estimate, lang: Language) -> str:
    if gap.low > 0 or gap.high < 0:
        return say(lang, "live.verdict.distinct")
    if gap.refusal is not None and gap.refusal.carried > 0:
        return say(lang, "live.verdict.few", draws=f"{gap.refusal.least:,}")
    if gap.error is None:
        key = "unmet" if not gap.given else "distinct"
        return say(lang, f"live.verdict.{key}", draws=f"{gap.draws:,}")
    return say(lang, "live.verdict.noise" if gap.error else "live.verdict.same")


def _verdict(gap: Paired, lang: Language) -> str:
    if gap.distinct:
        return say(lang, "live.verdict.distinct")
    if gap.difference.error is None or gap.needs is None:
        return _zero_verdict(gap.difference, lang)
    return say(lang, "live.verdict.needs", draws=f"{gap.needs:,}")


def _table(answer: LiveAnswer, scenario: Scenario, lang: Language) -> Table:
    kinds = {"item": "text", "verdict": "text"}
    columns = tuple(
        Column(key=key, heading=say(lang, f"live.col.{key}"), kind=kinds.get(key, "money"))  # type: ignore[arg-type]  # words of Kind
        for key in ("item", "before", "after", "difference", "error", "verdict")
    )
    rows = tuple(_cells(row, scenario, lang) for row in answer.rows)
    totals = tuple(place for place, row in enumerate(answer.rows) if row.by in ("special", "whole"))
    return Table(
        id="live",
        title=say(lang, "live.table.title"),
        unit=say(lang, "live.table.unit"),
        columns=columns,
        rows=rows,
        totals=totals,
    )


def _cells(row: Row, scenario: Scenario, lang: Language) -> dict[str, Any]:
    key = row.key if row.by != "measure" else scenario.policy.measures[row.key].name.said(lang)
    return {
        "item": say(lang, f"live.row.{row.by}", key=key),
        "before": row.before,
        "after": row.after,
        "difference": row.after - row.before,
        "error": row.gap.difference.error,
        "verdict": _verdict(row.gap, lang),
    }


def _changes(answer: LiveAnswer, scenario: Scenario, sliders: Sequence[Slider], lang: Language) -> list[str]:
    """A line a change."""
    lines = []
    for one in sliders:
        if one.path in answer.changes:
            label = full_label(scenario, one, lang)
            before, after = one.written(one.value), answer.changes[one.path]
            lines.append(say(lang, "live.change", label=label, before=before, after=after))
    return lines


def _wan(fen: float) -> str:
    return format_wan(fen)
