"""A folder of small scenarios and overlays, and a notebook that does little, for the tests of many reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from simkit.base.whole_files import write_whole
from simkit.report.make import outputs as making_module
from simkit.report.make.batch import build_reports, wanted_reports
from simkit.report.make.build import ReportPaths
from simkit.report.make.kernel import nbformat
from simkit.report.make.outputs import OUTPUTS, Making
from simkit.report.make.runs import Reporter, Settings, Step
from simkit.report.papers.table import Language
from simkit.report.tables.saved import Saved
from tests.small_scenarios import claim, fixed, measure, write_scenario

__all__ = ["LOUD", "SHOW", "build_report", "overlay", "scenarios", "small_making"]

SHOW = "from IPython.display import HTML, display\ndisplay(HTML(f'<h2 id=\"a\">{lang}</h2>'))"
#: Fails for the run of one scenario only.
LOUD = "assert '/two/' not in run.replace('\\\\', '/'), 'no luck <b>today</b>'"


def build_report(
    scenario: Path,
    *,
    overlays: Sequence[Path] = (),
    langs: Sequence[Language] = ("zh", "en"),
    making: Making | None = None,
    progress: Callable[[Step], Any] | None = None,
    **settings: Any,
) -> ReportPaths:
    """One report, or the error that it failed with."""
    given: dict[str, Any] = {"jobs": 1} | settings
    wanted = wanted_reports(scenario, [str(one) for one in overlays])
    (found,) = build_reports(wanted, Settings(**given), langs=langs, making=making, progress=progress)
    if found.paths is None:
        assert found.error is not None
        raise found.error
    return found.paths


def small_making(folder: Path, *cells: str) -> Making:
    """A small notebook, with these cells, in place of the report's, and small files in place of the annexes."""
    cells = ('run = ""\nvariants = {}\nlang = "zh"', *cells)
    return Making(notebook=_notebook(folder / "small.ipynb", *cells), outputs=OUTPUTS | {"annexes": _annexes})


def _annexes(saved: Saved, lang: Language, making: Making, report: Reporter) -> tuple[Path, ...]:
    paths = [saved.run / f"annexes.{lang}.{kind}" for kind in ("html", "docx", "xlsx", "pdf")]
    head = making_module.running_head(saved.result, lang)
    return tuple(write_whole(path, f"{head} {path.suffix}") for path in paths)


def _notebook(path: Path, *cells: str) -> Path:
    """A notebook whose first cell holds the parameters."""
    node = nbformat().v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}}
    )
    node.cells = [nbformat().v4.new_code_cell(cells[0], metadata={"tags": ["parameters"]})]
    node.cells += [nbformat().v4.new_code_cell(cell) for cell in cells[1:]]
    for number, cell in enumerate(node.cells):
        cell["id"] = f"cell-{number}"  # else another one each time, and so another notebook
    path.write_text(json.dumps(node), encoding="utf-8")
    return path


def scenarios(folder: Path, *names: str, **more: Any) -> Path:
    """A folder with one policy and a scenario NAME.yaml for each name; agencies that each claim by chance."""
    path = write_scenario(
        folder,
        {"one": measure(fixed("1万元"), caps=_CAP)},
        {"one": claim(0.7, frequency="poisson")},
        start=40,
        **more,
    )
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.unlink()
    for name in names:
        text = yaml.safe_dump(data | {"id": name}, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


_CAP = {"most": {"per": "agency", "within": "year", "amount": "2万元"}}


def overlay(folder: Path, name: str, base: str, *, title: str = "某", **keys: Any) -> Path:
    """An overlay in the folder `overlays`; `changes` or `sweep`, else a cap of one more claim."""
    data = {
        "name": name,
        "title": {"zh": title, "en": title},
        "base": base,
        "author": "测算组",
        "date": "2024-01-01",
        "reason": {"zh": "试算", "en": "to see"},
    }
    data |= keys or {"changes": {"measures.one.caps.most.amount": "3万元"}}
    path = folder / "overlays" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
