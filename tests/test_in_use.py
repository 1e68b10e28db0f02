"""A file that another program has open cannot be replaced on Windows: the new one stands beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import simkit
from simkit.base.errors import RunError
from simkit.base.whole_files import asked_name, write_whole
from simkit.base.written import RECORD, is_own
from simkit.report.make.kernel import nbformat
from simkit.report.make.notebooks import run_notebook
from simkit.report.pages.caps.page import write_page
from simkit.report.papers.docx.paper import write_docx
from simkit.report.papers.pdf.paper import write_pdf
from simkit.report.papers.xlsx.paper import write_book
from simkit.report.papers.xlsx.tables import write_xlsx
from simkit.runs.loading import load_result
from simkit.runs.result import Result
from simkit.runs.store import save_result
from simkit.scenario import ScenarioFile
from simkit.scenario.overlay_text import write_overlays
from simkit.scenario.parameters.write_sheet import write_sheet
from simkit.whatif.answers import Origin, origin_of, save_answer
from tests.killed import content
from tests.report.batch_inputs import scenarios
from tests.report.papers import paper
from tests.runs.test_store import ALL

pytest_plugins = ("tests.written_fixtures",)
pytestmark = pytest.mark.usefixtures("notebooks_here")
DRAWS = 20
PACKAGE = Path(simkit.__file__).parent


@pytest.mark.parametrize("name", ["draws.npz", "manifest.json", "scenario.json"])
def test_a_run_whose_file_is_open_stands_beside(
    results: tuple[Result, Result], tmp_path: Path, busy: set[Path], name: str
) -> None:
    folder = save_result(results[0], tmp_path / "run")
    before = content(folder)
    busy.add(folder / name)
    assert save_result(results[1], folder) == tmp_path / "run.2"
    after = content(folder)
    assert all(after[one] == before[one] for one in ALL - {RECORD})
    assert load_result(folder).seed == 9 and load_result(tmp_path / "run.2").seed == 10


def test_a_report_whose_files_are_open_stands_beside(
    small: Callable[..., int],
    other_code: Callable[[str], None],
    tmp_path: Path,
    busy: set[Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every file of it, its record and the index; each is said."""
    assert small("report") == 0
    (run,) = (tmp_path / "out" / "one").iterdir()
    other_code("other")
    ours = [path for path in run.iterdir() if path.name not in ALL and path.suffix not in (".docx", ".pdf")]
    busy.update(ours, {tmp_path / "out" / "index.html"})
    before = {path: path.read_bytes() for path in busy}
    capsys.readouterr()
    assert small("report") == 0
    said = capsys.readouterr().out
    assert {path: path.read_bytes() for path in busy} == before
    for path in busy - {run / "report.json"}:
        assert f"{path} 保持原样" in said, path
    assert (run / "report.2.json").exists()
    assert small("report") == 0 and "未变化" in capsys.readouterr().out


@dataclass(frozen=True)
class Tiny:
    """An answer to nothing: two of one origin have one name."""

    origin: Origin
    text: str


def _sheet(path: Path, text: str) -> Path:
    return write_sheet(_file(path), path, language="zh" if text == "old" else "en")


def _file(path: Path) -> ScenarioFile:
    folder = path.parent / "in"
    return ScenarioFile((folder if folder.exists() else scenarios(folder, "one")) / "one.yaml")


def _notebook(path: Path, text: str) -> Path:
    source = nbformat().v4.new_notebook(
        cells=[nbformat().v4.new_code_cell("word = ''", metadata={"tags": ["parameters"]})]
    )
    (path.parent / "source.ipynb").write_text(json.dumps(source), "utf-8")
    return run_notebook(path.parent / "source.ipynb", path, {"word": text})


def _answer(path: Path, text: str) -> Path:
    return save_answer(Tiny(origin_of(_file(path).lay(), seed=1, draws=2), text), path.parent)


#: Every function that puts a file where a person may have it open, and a file's name.
OPENED: dict[str, tuple[str, Callable[[Path, str], Path]]] = {
    "docx": ("a.docx", lambda path, text: write_docx(paper(title=text), path)),
    "pdf": ("a.pdf", lambda path, text: write_pdf(paper(title=text), path)),
    "book": ("a.xlsx", lambda path, text: write_book(paper(title=text), path)),
    "tables": ("a.xlsx", lambda path, text: write_xlsx([], path, properties={"title": text})),
    "sheet": ("a.xlsx", _sheet),
    "page": ("a.html", lambda path, text: write_page(text, path)),
    "text": ("a.html", lambda path, text: write_whole(path, text)),
    "notebook": ("a.ipynb", _notebook),
    "answer": ("", _answer),
}


@pytest.mark.parametrize("name", OPENED)
def test_every_writer_writes_beside_what_is_open(tmp_path: Path, busy: set[Path], name: str) -> None:
    file, write = OPENED[name]
    first = write(tmp_path / (file or "x"), "old")
    before = first.read_bytes()
    busy.add(first)
    second = write(tmp_path / (file or "x"), "new")
    assert second == first.with_name(f"{first.stem}.2{first.suffix}") and asked_name(second) == first
    assert first.read_bytes() == before and second.read_bytes() != before
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".") and path.name != RECORD]


def test_overlays_are_all_replaced_or_none(tmp_path: Path, busy: set[Path]) -> None:
    """A second file of one overlay would be read as another overlay: so nothing is written beside."""
    write_overlays({"one": "a: 1\n", "two": "b: 1\n"}, tmp_path)
    busy.add(tmp_path / "two.yaml")
    with pytest.raises(RunError, match=r"two\.yaml: cannot be written: it is open in another program"):
        write_overlays({"one": "a: 2\n", "two": "b: 2\n", "six": "c: 2\n"}, tmp_path, force=True)
    assert content(tmp_path).keys() == {"one.yaml", "two.yaml", RECORD}
    assert (tmp_path / "one.yaml").read_text() == "a: 1\n" and is_own(tmp_path / "one.yaml")
