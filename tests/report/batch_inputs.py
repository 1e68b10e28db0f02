"""A folder of small scenarios and overlays, and a notebook that does little, for the tests of many reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from nbformat import v4

from simkit.report.make.outputs import Making
from tests.small_scenarios import claim, fixed, measure, write_scenario

__all__ = ["LOUD", "SHOW", "overlay", "scenarios", "small_making"]

SHOW = "from IPython.display import HTML, display\ndisplay(HTML(f'<h2 id=\"a\">{lang}</h2>'))"
#: Fails for the run of one scenario only.
LOUD = "assert '/two/' not in run.replace('\\\\', '/'), 'no luck <b>today</b>'"


#: Parameters of the report's notebook, and of the annexes' beside them.
_PARAMETERS = 'run = ""\nvariants = {}\nlang = "zh"'
_MORE = '\nbase = ""\ntemplate = ""\nfolder = ""\nscenario = ""'
#: Writes what the annexes' notebook writes.
_PAPERS = """
from pathlib import Path
for kind in ("docx", "xlsx", "pdf"):
    (Path(folder) / f"annexes.{lang}.{kind}").write_text(kind)
"""


def small_making(folder: Path, *cells: str) -> Making:
    """Small notebooks in place of those of the report and the annexes; `cells` are the report's."""
    return Making(
        notebook=_notebook(folder / "small.ipynb", _PARAMETERS, *cells),
        annexes=_notebook(folder / "annexes.ipynb", _PARAMETERS + _MORE, SHOW, _PAPERS),
    )


def _notebook(path: Path, *cells: str) -> Path:
    """A notebook whose first cell holds the parameters."""
    node = v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}}
    )
    node.cells = [v4.new_code_cell(cells[0], metadata={"tags": ["parameters"]})]
    node.cells += [v4.new_code_cell(cell) for cell in cells[1:]]
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
