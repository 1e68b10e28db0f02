"""`simkit run`: simulate, save, and print a table for a memo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from simkit.base.errors import InputError
from simkit.base.money import format_wan
from simkit.base.said import listed
from simkit.base.whole_files import standing
from simkit.base.written import file_digest
from simkit.cli.check_summary import roster_lines
from simkit.cli.overlay import warnings_of
from simkit.cli.terminal import columns, echo, fold, progress
from simkit.cli.words import say
from simkit.cli.written import beside
from simkit.runs.executors import Executor
from simkit.runs.figures import Figures, figures_of
from simkit.runs.job import is_warm
from simkit.runs.manifest import MANIFEST
from simkit.runs.result import Precision, Result
from simkit.runs.store import check_writable, run_saved
from simkit.scenario import load_scenario
from simkit.scenario.horizon import whole_years
from simkit.scenario.unpriced import unpriced
from simkit.sizing.estimate import MIN_GROUPS, Estimate, Refusal, is_unmet, never_met

__all__ = ["checked_folder", "memo", "run_scenario"]

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
    from simkit.report.make.record import RECORD, read_record

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
    from simkit.runs.cluster import Cluster

    with Cluster(cluster) as executor:
        yield executor


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
    fund = listed(result.scenario.policy.special_funds, language) or "—"
    figures, refused = figures_of(result), dict[str, Refusal]()
    lines = ["", *_headline(figures, fund, language, refused), ""]
    lines.append(say(language, "unit"))
    for title, special in (
        (say(language, "special_view", fund=fund), True),
        (say(language, "whole_view"), False),
    ):
        lines += [title, *_table(figures, special, language, refused)]
    lines.append(say(language, "not_additive"))
    lines += [line for one in _refusals(refused, language) for line in fold(one, _MEMO_WIDTH)]
    if any("(—)" in line for line in lines):
        lines += fold(say(language, "untold"), _MEMO_WIDTH)
    title = plan.title.said(language)
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
        note = plan.renewed.note.said(language)
        notes.append(say(language, "renewed", until=plan.renewed.until, note=note))
    notes += roster_lines(result.scenario, language)
    if result.scenario.changes:
        paths = ", ".join(change.path for change in result.scenario.changes)
        notes.append(say(language, "overlays", paths=paths))
    partial_years = set(result.paid_years) - set(whole_years(result.scenario, result.paid_years))
    if partial_years:
        years = ", ".join(map(str, sorted(partial_years)))
        first, last = result.earned_years[0], result.earned_years[-1]
        notes.append(say(language, "not_whole", years=years, first=first, last=last))
    notes += warnings_of(result.scenario.outdated, language)
    names = [policy.measures[name].name for name in unpriced(result.scenario)]
    if names:
        notes.append(say(language, "not_priced", names=listed(names, language, "language.parted")))
    return [*lines, *(line for note in notes for line in fold(note, _MEMO_WIDTH))]


def _stopped(found: Precision, draws: str, language: str) -> str:
    """The rule that stopped a run which was to be precise."""
    if not found.year:
        return say(language, "precision_nothing", draws=draws)
    words = {"year": found.year, "view": say(language, "special" if found.special else "whole")}
    shares = {"found": f"{found.found:.2%}", "asked": f"{found.asked * 100:.6g}%"}
    key = "precision_reached" if found.reached else "precision_limit"
    return say(language, key, draws=draws, **words, **shares)


def _headline(figures: Figures, fund: str, language: str, refused: dict[str, Refusal]) -> list[str]:
    plan = figures.scenario.plan
    level = plan.confidence / 10_000
    year = plan.budget_year
    found = _noted(figures.needed, f"P{level * 100:g}", refused)
    if found.refusal is not None:
        return []
    words = {"fund": fund, "year": year, "confidence": f"{level:.0%}"}
    lines = fold(say(language, "headline", amount=_wan(found.value, language), **words), _MEMO_WIDTH)
    if found.low < found.high:
        interval = {"low": _wan(found.low, language), "high": _wan(found.high, language)}
        lines.append(say(language, "headline_interval", **interval))
    elif not figures.certain(year):
        same = int((figures.sample(year) == found.value).sum())
        lines += fold(say(language, "headline_tied", same=f"{same:,}", draws=f"{found.draws:,}"), _MEMO_WIDTH)
    expected = _noted(figures.mean(year), "E", refused)
    if expected.refusal is not None:
        return lines
    error = "—" if expected.error is None else _wan(expected.error, language)
    return [*lines, say(language, "expected_line", amount=_wan(expected.value, language), error=error)]


def _wan(fen: float, language: str) -> str:
    return say(language, "wan", amount=format_wan(fen))


def _noted(found: Estimate, name: str, refused: dict[str, Refusal]) -> Estimate:
    """The same; why it is refused goes to `refused`, of those alike the one that needs most draws."""
    if found.refusal is not None:
        name += " 0" if is_unmet(found.refusal) else ""
        if name not in refused or refused[name].least < found.refusal.least:
            refused[name] = found.refusal
    return found


def _refusals(refused: Mapping[str, Refusal], language: str) -> Iterator[str]:
    """Why figures are not given, and the draws that they need."""
    for name, one in refused.items():
        if is_unmet(one):
            rare = f"{never_met(one.draws) * 100:.2g}%"
            yield say(language, "unmet", draws=f"{one.draws:,}", rare=rare, least=f"{one.least:,}")
        else:
            yield say(language, "refused", figure=name, draws=one.least)


def _table(figures: Figures, special: bool, language: str, refused: dict[str, Refusal]) -> list[str]:
    heads = [
        say(language, "paid_year"),
        say(language, "expected"),
        *(f"P{level * 100:.0f}" for level in _LEVELS),
    ]
    rows = [heads]
    for year in (*figures.years, None):
        found = [_noted(figures.mean(year, special=special), "E", refused)]
        for level in _LEVELS:
            one = figures.quantile(level, year, special=special)
            found.append(_noted(one, f"P{level * 100:g}", refused))
        name = say(language, "all_years") if year is None else str(year)
        rows.append([name, *(_cell(one, language) for one in found)])
    return columns(rows, [False, *[True] * (len(heads) - 1)])


def _cell(found: Estimate, language: str) -> str:
    if found.refusal is not None:
        return say(language, "cell_unmet") if is_unmet(found.refusal) else "-"
    error = "—" if found.error is None else format_wan(found.error)
    return f"{format_wan(found.value)} ({error})"
