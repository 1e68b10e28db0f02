"""The notebook wrapper: whole or kept with its failure; parameters as declared; our own kernel."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.errors import InputError, RunError
from simkit.base.project import NOTEBOOKS
from simkit.report.make.kernel import nbformat
from simkit.report.make.notebooks import count_cells, declared_parameters, read_notebook, run_notebook
from tests.folders import file_names


def written(
    folder: Path, *cells: str, parameters: str = 'name = "all"\ncount = 1', name: str = "one"
) -> Path:
    """A notebook with a parameters cell and more."""
    node = nbformat().v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}}
    )
    node.cells = [nbformat().v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    node.cells += [nbformat().v4.new_code_cell(cell) for cell in cells]
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(node), encoding="utf-8")
    return path


def said(path: Path) -> str:
    """What a notebook printed."""
    outputs = [one for cell in read_notebook(path).cells for one in cell.get("outputs", [])]
    return "".join(one.get("text", "") for one in outputs)


def test_a_notebook_runs_with_its_parameters(tmp_path: Path) -> None:
    source = written(tmp_path, "print(name, count)")
    steps: list[int] = []
    out = run_notebook(source, tmp_path / "a {b}" / "out.ipynb", {"name": "甲"}, progress=steps.append)
    assert said(out) == "甲 1\n"
    assert sum(steps) == count_cells(source) == 3
    assert file_names(out.parent) == ["out.ipynb"]


def test_the_kernel_is_this_interpreter_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = tmp_path / "share" / "kernels" / "python3"
    foreign.mkdir(parents=True)
    spec = {"argv": ["/bin/false", "{connection_file}"], "display_name": "foreign", "language": "python"}
    (foreign / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    out = run_notebook(written(tmp_path, "import sys\nprint(sys.executable)"), tmp_path / "out.ipynb", {})
    import sys

    assert said(out).strip() == sys.executable


def test_two_run_at_once_and_the_folder_stays(tmp_path: Path) -> None:
    here = Path.cwd()
    sources = [written(tmp_path, "import os\nprint(name, os.getcwd())", name=name) for name in ("a", "b")]
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(run_notebook, one, tmp_path / f"{one.stem}.out.ipynb", {"name": one.stem})
            for one in sources
        ]
        assert [said(job.result()) for job in jobs] == [f"a {here}\n", f"b {here}\n"]
    assert Path.cwd() == here


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import warnings\nwarnings.warn('be careful')", "wrote to stderr.*be careful"),
        ("import sys\nprint('odd', file=sys.stderr)", "wrote to stderr: odd"),
        ("import time\ntime.sleep(30)", "took more than 2 seconds"),
        ("import os\nos._exit(3)", "the kernel died"),
    ],
)
def test_a_failure_is_kept_and_nothing_half_written(tmp_path: Path, cell: str, words: str) -> None:
    source = written(tmp_path, "print('before')", cell, "print('after')")
    out = tmp_path / "out" / "report.ipynb"
    limit = {"timeout": 2} if "2 seconds" in words else {}
    with pytest.raises(RunError, match=f"(?s)one.ipynb: cell .*{words}") as caught:
        run_notebook(source, out, {"count": 2}, **limit)
    assert file_names(out.parent) == ["report.failed.html", "report.failed.ipynb"]
    assert "report.failed.html" in str(caught.value)
    page = (out.parent / "report.failed.html").read_text(encoding="utf-8")
    assert "before" in page and cell.splitlines()[-1].replace("'", "&#x27;") in page


def test_a_success_clears_an_earlier_failure(tmp_path: Path) -> None:
    out = tmp_path / "report.ipynb"
    with pytest.raises(RunError):
        run_notebook(written(tmp_path, "1 / 0"), out, {})
    run_notebook(written(tmp_path, "print(1)"), out, {})
    assert file_names(tmp_path) == ["one.ipynb", "report.ipynb"]


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_notebook(written(tmp_path, "print(1)"), tmp_path / "report.ipynb", {}, progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["one.ipynb"]


def test_an_unknown_parameter_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected some of name, count, found nam"):
        run_notebook(written(tmp_path), tmp_path / "out.ipynb", {"nam": "x"})


@pytest.mark.parametrize(
    "value",
    [np.float64(1), np.int64(1), Path("x"), (1, 2), {1: 2}, float("nan"), {"a": [np.int64(1)]}, {1, 2}],
)
def test_only_plain_json_is_a_parameter(tmp_path: Path, value: Any) -> None:
    with pytest.raises(InputError, match="parameter name"):
        run_notebook(written(tmp_path), tmp_path / "out.ipynb", {"name": value})


@pytest.mark.parametrize("parameters", ["a = 1\nb = a + 1", "import os", "a = b = print()", "a, b = 1, 2"])
def test_the_parameters_cell_holds_literals_only(tmp_path: Path, parameters: str) -> None:
    with pytest.raises(InputError, match="the parameters cell"):
        declared_parameters(read_notebook(written(tmp_path, parameters=parameters)))


def test_addresses_and_other_files_are_refused(tmp_path: Path) -> None:
    source = written(tmp_path)
    with pytest.raises(InputError, match="found an address"):
        run_notebook(source, "s3://bucket/out.ipynb", {})
    with pytest.raises(InputError, match=r"NAME\.ipynb"):
        run_notebook(source, tmp_path / "out.txt", {})
    with pytest.raises(InputError, match="no such file"):
        run_notebook(tmp_path / "none.ipynb", tmp_path / "out.ipynb", {})
    (tmp_path / "bad.ipynb").write_text("{")
    with pytest.raises(InputError, match="expected a notebook"):
        run_notebook(tmp_path / "bad.ipynb", tmp_path / "out.ipynb", {})


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.rglob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_in_the_checkout_is_thin(path: Path) -> None:
    """No outputs, one parameters cell, no function, no loop, no arithmetic on numbers of a result."""
    import ast

    node = read_notebook(path)
    declared_parameters(node)
    assert node.metadata.kernelspec.name == "python3"
    for cell in node.cells:
        if cell.cell_type != "code":
            continue
        assert cell.outputs == [] and cell.execution_count is None
        for part in ast.walk(ast.parse(cell.source)):
            assert not isinstance(
                part, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.For | ast.While | ast.BinOp
            )


def test_a_kernel_that_never_answered_is_started_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its port was taken between the choice and the start; one that is gone twice is told."""
    from simkit.report.make import notebooks

    true, began = notebooks.execute, [0]

    def dies(fails: int) -> Any:
        def execute(*given: Any) -> None:
            began[0] += 1
            if began[0] <= fails:
                raise RuntimeError("Kernel died before replying to kernel_info")
            true(*given)

        return execute

    source = written(tmp_path, "count")
    monkeypatch.setattr(notebooks, "execute", dies(1))
    assert run_notebook(source, tmp_path / "out" / "one.ipynb", {"count": 3}).is_file() and began == [2]
    began[0] = 0
    monkeypatch.setattr(notebooks, "execute", dies(2))
    with pytest.raises(RunError, match="replying"):
        run_notebook(source, tmp_path / "out" / "two.ipynb", {"count": 3})
