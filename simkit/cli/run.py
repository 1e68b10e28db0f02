"""`simkit run`: simulate, save, and print a table for a memo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from simkit.arrays import FenArray
from simkit.cli.check_summary import roster_lines
from simkit.cli.messages import say
from simkit.cli.overlay import warnings_of
from simkit.cli.terminal import columns, echo, fold, progress
from simkit.cli.written import beside
from simkit.compiled import cache_folder
from simkit.errors import InputError, TooFewDrawsError
from simkit.executors import Executor
from simkit.manifest import MANIFEST
from simkit.money import format_wan
from simkit.partial import standing
from simkit.policy.types import Text
from simkit.result import Precision, Result
from simkit.scenario import load_scenario
from simkit.scenario.unpriced import unpriced
from simkit.sizing.quantiles import MIN_GROUPS, Estimate, mean, quantile
from simkit.store import check_writable, run_saved
from simkit.written import file_digest

__all__ = ["checked_folder", "is_warm", "memo", "run_scenario"]

_LEVELS = (0.5, 0.8, 0.9, 0.95)
_MEMO_WIDTH = 100


def run_scenario(
    *,
    scenario: str,
    draws: int,
    seed: int,
    jobs: int | None,
    out: str,
    overlays: Sequence[str],
    precision: float | None,
    limit: int,
    cluster: str | None,
    language: str,
    parameters: str = "crude",
) -> int:
    """Run a scenario, save it under OUT/SCENARIO/RUN, print the table; give the exit code."""
    with checked_folder(Path(out)):
        read = load_scenario(scenario, overlays)
        if not is_warm():
            echo(say(language, "compiling"), err=True)

        def resumed(done: int) -> None:
            echo(say(language, "resumed", done=f"{done:,}"), err=True)

        parent = Path(out) / read.folder
        options = {"jobs": jobs, "precision": precision, "limit": limit, "parameters": parameters}
        total = draws if precision is None else None
        with _executor(cluster) as executor, progress(total, say(language, "simulating")) as step:
            result, folder = run_saved(
                read,
                parent,
                draws=draws,
                seed=seed,
                resumed=resumed,
                executor=executor,
                progress=step,
                **options,
            )
    lines = [*memo(result, language), *beside([folder], language), say(language, "saved", folder=folder)]
    echo("\n".join([*lines, *_report_there(folder, language)]))
    return 0


def _report_there(folder: Path, language: str) -> list[str]:
    """What is to be known of a report in the run's folder: it stays, whatever figures it is of."""
    from simkit.report.record import RECORD, read_record

    if not standing(folder / RECORD):
        return []
    try:
        same = read_record(folder).made_from.get("run") == file_digest(folder / MANIFEST)
    except InputError:
        same = False
    return [say(language, "report_stays" if same else "report_earlier", folder=folder)]


@contextmanager
def _executor(cluster: str | None) -> Iterator[Executor | None]:
    """Workers of a cluster, or None: the threads of this computer."""
    if cluster is None:
        yield None
        return
    from simkit.cluster import Cluster

    with Cluster(cluster) as executor:
        yield executor


def is_warm() -> bool:
    """Whether the rules were compiled before: some of each stage that a run goes through."""
    stages = {path.name.split(".")[0] for path in cache_folder().rglob("*.nbc")}
    return {"sampling", "decision", "outlays"} <= stages


@contextmanager
def checked_folder(folder: Path) -> Iterator[None]:
    """Check before the work that a folder can be written to; what fails leaves no empty folder behind."""
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        check_writable(folder)
        yield
    except BaseException:
        for one in made:
            with suppress(OSError):
                one.rmdir()  # only where it is empty
        raise


def memo(result: Result, language: str) -> list[str]:
    """Headline and table of a run, as plain text."""
    plan, policy = result.scenario.plan, result.scenario.policy
    fund = _in_language(_special(result), language)
    refused: dict[str, int] = {}
    special, whole = result.paid(special=True), result.paid(special=False)
    lines = ["", *_headline(result, special, fund, language, refused), ""]
    lines.append(say(language, "unit"))
    for title, paid in (
        (say(language, "special_view", fund=fund), special),
        (say(language, "whole_view"), whole),
    ):
        lines += [title, *_table(result, paid, language, refused)]
    lines.append(say(language, "not_additive"))
    lines += [say(language, "refused", figure=figure, draws=draws) for figure, draws in refused.items()]
    title = _in_language(plan.title, language)
    draws = f"{result.draws:,}"
    notes = [say(language, "basis", name=result.scenario.name, title=title, draws=draws, seed=result.seed)]
    if result.group is not None:
        groups = result.draws // result.group
        key = "stratified" if groups >= MIN_GROUPS else "stratified_few"
        needs = MIN_GROUPS * result.group
        notes.append(say(language, key, group=result.group, groups=groups, draws=needs))
    if result.precision is not None:
        notes.append(_stopped(result.precision, draws, language))
    if plan.renewed is not None:
        note = _in_language(plan.renewed.note, language)
        notes.append(say(language, "renewed", until=plan.renewed.until, note=note))
    notes += roster_lines(result.scenario, language)
    if result.scenario.changes:
        paths = ", ".join(change.path for change in result.scenario.changes)
        notes.append(say(language, "overlays", paths=paths))
    notes += warnings_of(result.scenario.outdated, language)
    names = [_in_language(policy.measures[name].name, language) for name in unpriced(result.scenario)]
    if names:
        notes.append(say(language, "not_priced", names=("、" if language == "zh" else "; ").join(names)))
    return [*lines, *(line for note in notes for line in fold(note, _MEMO_WIDTH))]


def _stopped(found: Precision, draws: str, language: str) -> str:
    """The rule that stopped a run which was to be precise."""
    if not found.year:
        return say(language, "precision_nothing", draws=draws)
    words = {"year": found.year, "view": say(language, "special" if found.special else "whole")}
    shares = {"found": f"{found.found:.2%}", "asked": f"{found.asked * 100:.6g}%"}
    key = "precision_reached" if found.reached else "precision_limit"
    return say(language, key, draws=draws, **words, **shares)


def _in_language(text: Text, language: str) -> str:
    return text.zh if language == "zh" else text.en


def _special(result: Result) -> Text:
    """Name of the special fund, or of all of them."""
    funds = [fund.name for fund in result.scenario.policy.funds.values() if fund.special]
    return Text(
        zh="、".join(name.zh for name in funds) or "—", en=", ".join(name.en for name in funds) or "—"
    )


def _headline(result: Result, paid: FenArray, fund: str, language: str, refused: dict[str, int]) -> list[str]:
    plan = result.scenario.plan
    level = plan.confidence / 10_000
    year = plan.budget_year
    in_year = paid[:, result.paid_years.index(year)]
    found = _figure(in_year, level, refused, result.group)
    if found is None:
        return []
    words = {"fund": fund, "year": year, "confidence": f"{level:.0%}"}
    lines = fold(say(language, "headline", amount=_wan(found.value, language), **words), _MEMO_WIDTH)
    interval = {"low": _wan(found.low, language), "high": _wan(found.high, language)}
    lines.append(say(language, "headline_interval", **interval))
    expected = mean(in_year, group=result.group)
    errors = {"amount": _wan(expected.value, language), "error": _wan(expected.standard_error, language)}
    return [*lines, say(language, "expected_line", **errors)]


def _wan(fen: float, language: str) -> str:
    return say(language, "wan", amount=format_wan(fen))


def _figure(
    sample: FenArray, level: float | None, refused: dict[str, int], group: int | None
) -> Estimate | None:
    """The mean, or a quantile; None where too few draws carry it, and why goes to `refused`."""
    try:
        return mean(sample, group=group) if level is None else quantile(sample, level, group=group)
    except TooFewDrawsError as error:
        name = "E" if level is None else f"P{level * 100:g}"
        refused[name] = error.arguments[-1]
        return None


def _table(result: Result, paid: FenArray, language: str, refused: dict[str, int]) -> list[str]:
    heads = [
        say(language, "paid_year"),
        say(language, "expected"),
        *(f"P{level * 100:.0f}" for level in _LEVELS),
    ]
    samples = {str(year): paid[:, number] for number, year in enumerate(result.paid_years)}
    samples[say(language, "all_years")] = paid.sum(axis=1, dtype=np.int64)
    rows = [heads]
    for name, sample in samples.items():
        found = [_figure(sample, level, refused, result.group) for level in (None, *_LEVELS)]
        rows.append([name, *map(_cell, found)])
    return columns(rows, [False, *[True] * (len(heads) - 1)])


def _cell(found: Estimate | None) -> str:
    return "-" if found is None else f"{format_wan(found.value)} ({format_wan(found.standard_error)})"
