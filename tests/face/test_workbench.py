"""The notebooks of the checkout: what they may hold, that each runs from elsewhere; many at once; copies."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbformat import v4

import simkit
from simkit.base.errors import InputError
from simkit.base.project import NOTEBOOKS, PAPERS
from simkit.cli import main
from simkit.report.make.kernel import _kernel_manager
from simkit.report.make.notebooks import declared_parameters, read_notebook
from simkit.runs.store import run_name
from simkit.whatif.answers import save_answer

WORKBENCH = sorted(NOTEBOOKS.glob("*.ipynb"))
MAY_IMPORT = {"simkit", "pandas", "matplotlib", "ipywidgets", "IPython"}
DRAWS = 200
CHINESE = re.compile("[\u4e00-\u9fff]")


def code(node: Any) -> list[Any]:
    return [cell for cell in node.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", WORKBENCH, ids=lambda path: path.stem)
def test_a_notebook_is_short_in_two_languages_and_knows_public_names_only(path: Path) -> None:
    node = read_notebook(path)
    assert len(code(node)) <= 12 and max(len(cell.source.splitlines()) for cell in code(node)) <= 6
    for cell in node.cells:
        if cell.cell_type == "markdown":
            parts = re.sub(r"`[^`]*`", "", cell.source).split("\n\n")
            assert CHINESE.search(parts[0]) and not CHINESE.search(parts[-1]), cell.source
    for cell in code(node):
        for part in ast.walk(ast.parse(cell.source)):
            names = [one.name for one in part.names] if isinstance(part, ast.Import) else []
            names += [part.module or ""] if isinstance(part, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= MAY_IMPORT, names
            assert not [name for name in names if name.startswith("simkit.")], names
            if isinstance(part, ast.Attribute):
                assert not part.attr.startswith("_") and part.attr != "data", part.attr
                if isinstance(part.value, ast.Name) and part.value.id == "simkit":
                    assert part.attr in simkit.__all__


def executed(path: Path, client: NotebookClient | None, parameters: dict[str, Any]) -> NotebookClient:
    """A notebook run in the kernel of another, emptied; what it said on stderr, or failed with, is an error."""
    node = read_notebook(path)
    given = {name: value for name, value in parameters.items() if name in declared_parameters(node)}
    at = next(at for at, cell in enumerate(node.cells) if "parameters" in cell.metadata.get("tags", ()))
    more = "\n".join(f"{name} = {value!r}" for name, value in given.items())
    node.cells.insert(at + 1, v4.new_code_cell(more))
    node.cells.insert(0, v4.new_code_cell("%reset -f\nimport matplotlib; matplotlib.rcdefaults()"))
    manager = _kernel_manager()
    found = NotebookClient(node, timeout=600, kernel_manager_class=manager)
    if client is None:
        found.km = found.create_kernel_manager()
        found.start_new_kernel()
    else:
        found.km = client.km
    found.start_new_kernel_client()
    for number, cell in enumerate(found.nb.cells):
        found.execute_cell(cell, number)
        for output in cell.get("outputs", ()):
            assert output.get("name") != "stderr", f"{path.name}: {output.text}"
    found.kc.stop_channels()
    return found


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that is no checkout, with saved results for the notebooks that commands run."""
    folder = tmp_path_factory.mktemp("elsewhere")
    scenario = "ningbo-hr-2023/baseline"
    result = simkit.run(scenario, draws=DRAWS)
    data, home = result.data, folder / "reports" / "baseline"
    digests = data.scenario.digests
    result.save(home / run_name(digests["scenario"], digests["policy"], data.draws, data.seed))
    path = "measures.headhunting.caps.yearly.amount"
    for answer in (
        simkit.compare(scenario, {"30万元": {path: "30万元"}}, draws=DRAWS).data.found[0],
        simkit.drivers(scenario, draws=100).data,
        simkit.provisions(scenario, draws=20).data,
        simkit.readings(scenario, draws=20).data,
    ):
        save_answer(answer, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


def test_every_notebook_runs_from_another_folder(elsewhere: Path) -> None:
    """One kernel for all; 200 draws, 100 where a notebook asks each assumption in turn."""
    client: NotebookClient | None = None
    papers = sorted(PAPERS.glob("*.ipynb"))
    assert len(WORKBENCH) == 10 and len(papers) == 4
    try:
        for path in [*papers, *WORKBENCH]:
            draws = 100 if path.stem.startswith("04") else DRAWS
            client = executed(path, client, {"draws": draws})
    finally:
        if client is not None:
            run_sync(client.km.shutdown_kernel)(now=True)
    assert (elsewhere / "reports" / "baseline").is_dir()


@pytest.mark.long
@pytest.mark.parametrize("where", ["预算 2024", "project/notebooks", "project/work/deep"])
def test_every_notebook_of_the_workbench_runs_from_a_copy(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder of any name, beside scenarios of one's own, and far below them."""
    shutil.copytree(NOTEBOOKS.parent / "scenarios", tmp_path / "project" / "scenarios")
    folder = tmp_path / where
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    client: NotebookClient | None = None
    try:
        for path in WORKBENCH:
            copy = simkit.copy_notebook(path.stem, folder=folder)
            client = executed(copy, client, {"draws": 100 if path.stem.startswith("04") else DRAWS})
    finally:
        if client is not None:
            run_sync(client.km.shutdown_kernel)(now=True)


def test_without_a_saved_result_a_paper_says_in_one_line_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simkit.report.pages.budget_report import open_report

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("simkit.base.project._CHECKOUT", tmp_path)
    with pytest.raises(InputError) as caught:
        open_report("", {}, "zh")
    (line,) = caught.value._render_traceback_()
    assert "simkit run" in line


# ---------------------------------------------------------------------- many at once


def written(folder: Path) -> Path:
    """A notebook that imports nothing."""
    node = v4.new_notebook()
    node.cells = [
        v4.new_code_cell("a = 1", metadata={"tags": ["parameters"]}),
        v4.new_code_cell("{'twice': 2 * a, 'none': float('nan'), 'b': [a]}", metadata={"tags": ["result"]}),
        v4.new_code_cell("1 / a"),
    ]
    path = folder / "one.ipynb"
    path.write_text(json.dumps(node), encoding="utf-8")
    return path


def test_one_of_four_that_is_wrong_leaves_three_answers(tmp_path: Path) -> None:
    out = tmp_path / "out"
    runs = {"一": {"a": 1}, "zero": {"a": 0}, "odd/name": {"a": 3}, "four": {"a": 4}}
    found = simkit.run_notebooks(written(tmp_path), runs, out)
    assert found["status"].tolist() == ["done", "failed", "done", "done"]
    assert "ZeroDivisionError" in found.loc["zero", "fault"] and (found["fault"] != "").sum() == 1
    assert found["twice"].dropna().tolist() == [2, 6, 8] and found["none"].isna().all()
    assert found.loc["four", "b"] == [4]
    assert all(Path(one).is_file() for one in found["file"]) and Path(found.loc["一", "file"]).parent == out
    # What a person changed stays, and the new one stands beside it.
    changed = Path(found.loc["four", "file"])
    changed.write_text("mine", "utf-8")
    again = simkit.run_notebooks(written(tmp_path), {"four": {"a": 4}, "wrong": {"b": 1}}, out)
    assert changed.read_text("utf-8") == "mine" and Path(again.loc["four", "file"]).name == "four.2.ipynb"
    assert "a" in again.loc["wrong", "fault"] and again.loc["wrong", "status"] == "failed"


@pytest.mark.parametrize(("notebook", "runs"), [("99", {"x": {}}), ("01", {}), ("01", [{}])])
def test_a_notebook_that_there_is_not_or_no_runs_are_refused(
    notebook: str, runs: Any, tmp_path: Path
) -> None:
    with pytest.raises(InputError):
        simkit.run_notebooks(notebook, runs, tmp_path)


# ---------------------------------------------------------------------- copies


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_copy_asks_about_the_scenario_and_replaces_nothing(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["notebook", "new", "2", "--scenario", "ningbo-hr-2023/successor", "--lang", lang]
    assert main(words) == 0 and main(words) == 0
    first, second = sorted(tmp_path.glob("work/02_try_caps_*.ipynb"), key=lambda path: len(path.name))
    assert str(first.relative_to(tmp_path)) in capsys.readouterr().out and second.stem == f"{first.stem}_2"
    node, source = read_notebook(first), read_notebook(NOTEBOOKS / "02_try_caps.ipynb")
    values: dict[str, Any] = {}
    exec(code(node)[0].source, values)
    assert (values["scenario"], values["lang"], values["draws"]) == ("ningbo-hr-2023/successor", lang, 2000)
    assert [one.source for one in node.cells[2:]] == [one.source for one in source.cells[2:]]
    nbformat.validate(node)


def test_a_copy_for_a_file_names_it_wholly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the folder of the copy a path of this folder would be another one."""
    monkeypatch.chdir(NOTEBOOKS.parent)
    copy = simkit.copy_notebook("01", "scenarios/ningbo-hr-2023/baseline.yaml", tmp_path)
    file = NOTEBOOKS.parent / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
    assert f'scenario = "{file}"' in code(read_notebook(copy))[0].source
    with pytest.raises(InputError):
        simkit.copy_notebook("01", "nowhere/baseline", tmp_path)
