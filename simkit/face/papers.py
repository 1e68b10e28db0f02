"""The report and the annexes of a result, written as the command line writes them."""

from __future__ import annotations

from pathlib import Path

from simkit.face.scenario import Scenario, study_of
from simkit.face.work import working
from simkit.report.make.batch import Wanted, build_reports
from simkit.report.make.runs import Settings, Step, Study, report_steps
from simkit.runs.result import Result
from simkit.runs.store import run_name, save_result

__all__ = ["write_papers"]


def write_papers(result: Result, scenario: Scenario, out: Path, lang: str) -> Path:
    """Write the papers of a result in one language; the folder they are in.

    Parameters
    ----------
    result : Result
    scenario : Scenario
        What was run, on its file: the report runs variants of it.
    out : Path
    lang : str

    Raises
    ------
    InputError, RunError
        As `simkit report`.
    """
    out, data = out.resolve(), result.scenario
    digests = data.digests["scenario"], data.digests["policy"]
    save_result(result, out / data.folder / run_name(*digests, result.draws, result.seed, result.parameters))
    file, overlays, then = study_of(scenario)
    wanted = Wanted(data.name, Path(data.file), Study(file, overlays, then))
    settings = Settings(draws=result.draws, seed=result.seed, jobs=None, out=out)
    with working(report_steps(result.draws, [lang]), "face.reporting") as work:
        heard: dict[str, int] = {}

        def step(one: Step) -> None:
            if one.kind == "run":
                work.step(one.done - heard.get(one.name, 0))
                heard[one.name] = one.done

        (found,) = build_reports([wanted], settings, langs=[lang], progress=step)
    if found.error is not None or found.run is None:
        raise found.error or RuntimeError("a report without a run")
    return found.run
