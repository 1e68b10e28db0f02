"""The budget report: runs of a scenario and its variants, then notebook, pages and workbooks in the run's folder."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simkit.errors import InputError, RunError
from simkit.report.messages import say
from simkit.report.table import Language
from simkit.result import Result
from simkit.scenario import Scenario, central_changes, load_scenario
from simkit.simulate import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.store import code_version, load_result, read_manifest, run_name, run_saved

__all__ = [
    "NOTEBOOK",
    "ReportPaths",
    "Step",
    "build_report",
    "report_steps",
    "variant_changes",
    "write_whole",
]

#: What the report is made from; simkit knows it as a path only.
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "budget_report.ipynb"
#: Draws of the variants, at most: comparisons and the split of the range need fewer than the headline.
_COMPARED_DRAWS = 4_000
_SPLIT_DRAWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPaths:
    """What was written.

    Attributes
    ----------
    run : Path
        The run's folder; all else stands in it.
    variants : dict of name to folder
    notebooks, pages, workbooks : dict of language to file
    reused : bool
        Whether the run had been saved before.
    """

    run: Path
    variants: Mapping[str, Path]
    notebooks: Mapping[str, Path]
    pages: Mapping[str, Path]
    workbooks: Mapping[str, Path]
    reused: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: `kind` is `run`, `notebook`, `page` or `workbook`; `name` which; `done` of `total` so far."""

    kind: str
    name: str
    done: int
    total: int


Progress = Callable[[Step], Any]


def variant_changes(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """The overlays that the report compares with, by name; a later change of a path wins."""
    plan = scenario.plan
    central: dict[str, Any] = dict(central_changes(scenario))
    calm: dict[str, Any] = {"factor.cv.value": 0}
    if plan.factor.activity_sd is not None:
        calm["factor.activity_sd.value"] = 0
    if plan.population.growth.shock_sd is not None:
        calm["population.growth.shock_sd.value"] = 0
    found: dict[str, dict[str, Any]] = {"independence": {"factor.cv.value": 0}}
    if plan.population.growth.mode == "target":
        found["trend"] = {"population.growth.mode": "trend", "population.growth.target": None}
    return found | {"central": central, "chance": central | calm}


def report_steps(draws: int, langs: Sequence[str]) -> int:
    """Draws of all runs together, at most: the total of a progress bar over `run` steps."""
    names = ("independence", "trend", "central", "chance") if langs else ()
    return draws + sum(_variant_draws(name, draws) for name in names)


def _variant_draws(name: str, draws: int) -> int:
    return min(draws, _SPLIT_DRAWS if name in ("central", "chance") else _COMPARED_DRAWS)


def build_report(
    scenario_path: str | Path,
    *,
    overlays: Sequence[str | Path] = (),
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    out: str | Path = "reports",
    langs: Sequence[Language] = ("zh", "en"),
    progress: Progress | None = None,
    notebook: str | Path = NOTEBOOK,
) -> ReportPaths:
    """Run a scenario with its variants, unless they were saved before, and write the report.

    Parameters
    ----------
    scenario_path : str or Path
    overlays : sequence of paths
        Laid on in this order.
    draws, seed, jobs : as in `run`
    out : str or Path
        The run stands in `out/SCENARIO/RUN/`, variants in `out/SCENARIO.VARIANT/RUN/`.
    langs : sequence of `zh`, `en`
    progress : function, optional
        Called with a Step, from several threads.
    notebook : str or Path
        Another notebook with the same parameters.

    Returns
    -------
    ReportPaths
        `budget_report.LANG.ipynb`, `budget_report.LANG.html`, `tables.xlsx` (Chinese) and `tables.en.xlsx`
        in the run's folder: each whole, or as it was before.

    Raises
    ------
    FaultsError, InputError
        For a fault of the scenario, or an argument out of range.
    RunError
        When the notebook fails or a file cannot be written.
    """
    _check_langs(langs)
    out, notebook = Path(out).resolve(), Path(notebook).resolve()
    if not notebook.exists():
        raise InputError(
            f"{notebook}: expected the report's notebook, found no such file: run from a checkout of simkit"
        )
    scenario = load_scenario(scenario_path, overlays)
    report = _Reporter(progress)
    folder, result, reused = _saved(scenario, scenario.name, draws, seed, jobs, out, report)
    variants, others = {}, {}
    for name, changes in variant_changes(scenario).items():
        other = load_scenario(scenario_path, overlays, changes)
        count = _variant_draws(name, draws)
        variants[name], others[name], _ = _saved(
            other, f"{scenario.name}.{name}", count, seed, jobs, out, report
        )
    with _together(report) as pool:
        pages = {lang: pool.submit(_page, notebook, folder, variants, result, lang, report) for lang in langs}
        books = {lang: pool.submit(_workbook, folder, others, result, lang, report) for lang in langs}
        made = {lang: page.result() for lang, page in pages.items()}
        written = {lang: book.result() for lang, book in books.items()}
    return ReportPaths(
        run=folder,
        variants=variants,
        notebooks={lang: pair[0] for lang, pair in made.items()},
        pages={lang: pair[1] for lang, pair in made.items()},
        workbooks={str(lang): path for lang, path in written.items()},
        reused=reused,
    )


def _check_langs(langs: Sequence[str]) -> None:
    unknown = [lang for lang in langs if lang not in ("zh", "en")]
    if unknown or not langs or len(set(langs)) < len(langs):
        raise InputError(f"langs: expected zh, en or both, found {', '.join(map(str, langs)) or 'none'}")


class _Reporter:
    """Hands steps on, and stops every thread once one was told to stop."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self.stopped = False

    def __call__(self, step: Step) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        if self._progress is not None:
            with self._lock:
                self._progress(step)


@contextmanager
def _together(report: _Reporter) -> Iterator[ThreadPoolExecutor]:
    """Two threads; when one fails or the user interrupts, the other stops at its next step."""
    pool = ThreadPoolExecutor(2)
    try:
        yield pool
    except BaseException:
        report.stopped = True
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


# ---------------------------------------------------------------------- runs


def _saved(
    scenario: Scenario, name: str, draws: int, seed: int, jobs: int | None, out: Path, report: _Reporter
) -> tuple[Path, Result, bool]:
    """The run's folder and result: loaded where the same inputs and code had saved it, else run and saved."""
    folder = out / name / run_name(scenario.digests["scenario"], scenario.digests["policy"], draws, seed)
    known = _reusable(folder, scenario, draws, seed)
    if known is not None:
        report(Step("run", name, draws, draws))
        return folder, known, True
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        report(Step("run", name, done, draws))

    result, folder = run_saved(scenario, folder.parent, draws=draws, seed=seed, jobs=jobs, progress=count)
    return folder, result, False


def _reusable(folder: Path, scenario: Scenario, draws: int, seed: int) -> Result | None:
    """The saved result, if its manifest names these inputs and this code; an edited checkout is never the same."""
    try:
        manifest = read_manifest(folder)
        same = {
            "scenario": scenario.name,
            "seed": seed,
            "draws": draws,
            "digests": dict(scenario.digests),
            "code": code_version(),
        }
        if any(manifest.get(key) != value for key, value in same.items()):
            return None
        if manifest["code"]["dirty"] or not manifest["code"]["commit"]:
            return None
        return load_result(folder)
    except (InputError, KeyError, TypeError, ValueError, OSError):
        return None


# ---------------------------------------------------------------------- files


def _page(
    notebook: Path,
    folder: Path,
    variants: Mapping[str, Path],
    result: Result,
    lang: Language,
    report: _Reporter,
) -> tuple[Path, Path]:
    """The executed notebook and its page."""
    from simkit.report.html import page_html
    from simkit.report.notebooks import count_cells, read_notebook, run_notebook
    from simkit.report.story import running_head, title

    name, total, done = f"budget_report.{lang}", count_cells(notebook), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        report(Step("notebook", name, min(done, total), total))

    parameters = {
        "run": str(folder),
        "variants": {key: str(path) for key, path in variants.items()},
        "lang": lang,
    }
    executed = run_notebook(notebook, folder / f"{name}.ipynb", parameters, progress=count)
    page = page_html(
        read_notebook(executed),
        lang=lang,
        title=title(result, lang),
        contents=say(lang, "page.contents"),
        running=running_head(result, lang),
    )
    target = folder / f"{name}.html"
    write_whole(target, page)
    report(Step("page", name, 1, 1))
    return executed, target


def _workbook(
    folder: Path, others: Mapping[str, Result], result: Result, lang: Language, report: _Reporter
) -> Path:
    """All tables as one workbook; the Chinese one carries no language in its name."""
    from simkit.report.story import title
    from simkit.report.tables import all_tables
    from simkit.report.xlsx import write_xlsx

    tables = all_tables(
        result,
        lang=lang,
        manifest=read_manifest(folder),
        independent=others.get("independence"),
        trend=others.get("trend"),
        central=others.get("central"),
        chance=others.get("chance"),
    )
    target = folder / ("tables.xlsx" if lang == "zh" else f"tables.{lang}.xlsx")
    write_xlsx(tables, target, lang=lang, properties={"title": title(result, lang)})
    report(Step("workbook", target.name, 1, 1))
    return target


def write_whole(target: Path, text: str) -> None:
    """Write beside the target, then put it in its place: whole, or as it was."""
    partial: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}.", suffix=target.suffix, dir=target.parent)
        partial = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        partial.chmod(0o644)
        os.replace(partial, target)
    except OSError as error:
        raise RunError(f"{target}: cannot be written: {error.strerror or error}") from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)
