"""`simkit compare`, `sweep`, `seek`: what a change costs, along a number, and what a budget allows."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from simkit.base.errors import InputError
from simkit.base.money import parse_quantity
from simkit.base.words import say as words
from simkit.cli.answer_tables import table_lines
from simkit.cli.overlay import unusual_of, warnings_of
from simkit.cli.run import checked_folder
from simkit.cli.terminal import echo, progress
from simkit.cli.words import say
from simkit.cli.written import save_told, show_page
from simkit.report.papers.table import Language, Table
from simkit.report.tables.compare import (
    compared,
    compared_answers,
    compared_by,
    compared_changes,
    compared_overview,
    compared_response,
    compared_sides,
    compared_votes,
)
from simkit.report.tables.sweep import sought, swept, swept_map, swept_slopes
from simkit.runs.job import is_warm
from simkit.scenario import Scenario, ScenarioFile
from simkit.scenario.typed_changes import read_words
from simkit.whatif.compare import compare
from simkit.whatif.comparison import Comparison
from simkit.whatif.kept.again import can_decide_again
from simkit.whatif.seek import seek
from simkit.whatif.settings import knob_of, read_values
from simkit.whatif.sweep import sweep

__all__ = ["compare_scenario", "seek_setting", "sweep_setting"]

_EXAMPLE = "measures.headhunting.caps.yearly.amount=20万元..100万元:9"


def compare_scenario(
    *,
    scenario: str,
    changes: Sequence[str],
    together: bool,
    overlays: Sequence[str],
    draws: int,
    seed: int,
    jobs: int | None,
    out: str,
    page: bool,
    language: Language,
) -> int:
    """Compare a scenario with overlays laid on it; print, save; give the exit code."""
    file = ScenarioFile(scenario)
    base = file.lay(overlays)
    changed = [
        file.lay([*overlays, *one.overlays], one.changes, one.name)
        for one in read_words(changes, together=together)
    ]
    for line in dict.fromkeys(line for one in changed for line in warnings_of(one.outdated, language)):
        echo(line, err=True)
    _tell_unusual(changed, language)
    anew = can_decide_again(base, *changed).count(False)
    with checked_folder(Path(out)):
        _warn(language)
        with progress(draws * (1 + anew), say(language, "comparing")) as step:
            found = compare(base, changed, draws=draws, seed=seed, jobs=jobs, progress=step)
        tables = _compared(found, language)
        return _finish(found, tables, Path(out) / base.folder, page, language)


def _tell_unusual(scenarios: Iterable[Scenario], language: Language) -> None:
    for line in unusual_of(scenarios, language):
        echo(line, err=True)


def _compared(found: Sequence[Comparison], lang: Language) -> list[Table]:
    """One comparison in full; several in a row each."""
    if len(found) > 1:
        return [compared_overview(found, lang=lang)]
    one = found[0]
    tables = [compared_changes(one, lang=lang), compared(one, lang=lang)]
    tables += [compared_votes(one, lang=lang)] if one.votes else []
    if one.response is not None:
        tables += [compared_response(one, lang=lang), compared_answers(one, lang=lang)]
    tables += [compared_by(one, by, lang=lang) for by in ("special_year", "measure", "department")]
    return tables if one.sides is None else [*tables, compared_sides(one, lang=lang)]


def sweep_setting(
    *,
    scenario: str,
    settings: Sequence[str],
    overlays: Sequence[str],
    draws: int,
    seed: int,
    jobs: int | None,
    out: str,
    page: bool,
    language: Language,
) -> int:
    """Cost along one number of a scenario, or over two; print, save; give the exit code."""
    lay, base = _layer(scenario, overlays)
    values: dict[str, tuple[Decimal, ...]] = {}
    for word in settings:
        path, sign, texts = word.partition("=")
        if not sign and "＝" in word:
            raise InputError("error.full_width", found=repr(word), plain=unicodedata.normalize("NFKC", word))
        if not sign:
            raise InputError("error.no_setting", word=word, example=_EXAMPLE)
        knob = knob_of(base, path)
        values[path] = read_values(knob, texts)
        ends = {knob.text(end) for end in (min(values[path]), max(values[path]))}
        _tell_unusual((lay({path: end}) for end in sorted(ends)), language)
    count = 1
    for one in values.values():
        count *= len(one)
    with checked_folder(Path(out)):
        _warn(language)
        with progress(draws * (count + 1), say(language, "sweeping")) as step:
            found = sweep(lay, values, draws=draws, seed=seed, jobs=jobs, progress=step)
        if len(found.paths) == 1:
            tables = [swept(found, lang=language), swept_slopes(found, lang=language)]
        else:
            tables = [swept_map(found, lang=language)]
        return _finish([found], tables, Path(out) / base.folder, page, language)


def seek_setting(
    *,
    scenario: str,
    paths: Sequence[str],
    budget: str | None,
    level: float,
    mean: bool,
    between: str | None,
    overlays: Sequence[str],
    draws: int,
    seed: int,
    jobs: int | None,
    out: str,
    page: bool,
    language: Language,
) -> int:
    """The setting at which a budget is enough; print, save; give the exit code."""
    lay, base = _layer(scenario, overlays)
    money, bounds = _budget(base, budget), _between(between)
    for path in paths:
        knob_of(base, path)
    with checked_folder(Path(out)):
        _warn(language)
        # How many settings will be looked at is not known before.
        with progress(None, say(language, "seeking")) as step:
            found = seek(
                lay,
                paths,
                budget=money,
                level=None if mean else level,
                bounds=bounds,
                draws=draws,
                seed=seed,
                jobs=jobs,
                progress=step,
            )
        _tell_unusual([lay(dict(zip(found.paths, found.values, strict=True)))], language)
        return _finish([found], [sought(found, lang=language)], Path(out) / base.folder, page, language)


def _layer(
    scenario: str, overlays: Sequence[str]
) -> tuple[Callable[[Mapping[str, Any]], Scenario], Scenario]:
    """What lays changes on a scenario, and the scenario as it stands."""
    file = ScenarioFile(scenario)
    base = file.lay(overlays)

    def lay(changes: Mapping[str, Any]) -> Scenario:
        return file.lay(overlays, dict(changes)) if changes else base

    return lay, base


def _budget(base: Scenario, text: str | None) -> str:
    """An amount: as asked, else what the special funds were voted in the budget year."""
    plan = base.plan
    if text is None:
        voted = plan.appropriations.amounts if plan.appropriations is not None else {}
        special = [name for name, fund in base.policy.funds.items() if fund.special]
        money = sum(voted.get(name, {}).get(plan.budget_year, 0) for name in special)
        if money == 0:
            raise InputError("error.no_budget", year=plan.budget_year)
        return f"{Decimal(money) / 100:f}元"
    try:
        quantity = parse_quantity(text)
    except ValueError as error:
        raise InputError("error.budget_no_amount", example="2500万元", found=repr(text)) from error
    if quantity.kind != "yuan" or quantity.value <= 0:
        raise InputError("error.budget_no_amount", example="2500万元", found=repr(text))
    return text


def _between(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    try:
        low, high = text.split("..")
        for part in (low, high):
            parse_quantity(part)
    except ValueError as error:
        raise InputError("error.no_bounds", example="20万元..200万元", found=repr(text)) from error
    return low, high


def _warn(language: Language) -> None:
    if not is_warm():
        echo(say(language, "compiling"), err=True)


def _finish(
    found: Sequence[Any], tables: Sequence[Table], folder: Path, page: bool, language: Language
) -> int:
    """Print the tables, save the answers, write their page where it was asked for."""
    saved = [save_told(one, folder, language) for one in found]
    for table in tables:
        echo("\n".join(["", *table_lines(table)]))
    echo(say(language, "answer_saved", path=", ".join(str(path) for path in saved)))
    if page:
        answers = {"answers": [str(path.resolve()) for path in saved]}
        show_page("whatif_caps", answers, saved[0], language, words(language, "page.whatif.title"))
    return 0
