"""A third language comes by its catalogues alone: what it does not reach is named."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import pseudo_language

ROOT = Path(__file__).parents[1]
TOY = ROOT / "simkit" / "cli" / "toy"
_CHILD = """
import contextlib, io, json, sys
from pathlib import Path
from tests import pseudo_language
pseudo_language.register(Path(sys.argv[1]))
from simkit.cli import main
said = {}
for words in json.loads(sys.argv[2]):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        main([*words, "--lang", "xx"])
    said[" ".join(words)] = out.getvalue()
print(json.dumps(said))
"""
_TABLES = """
import json, sys
from pathlib import Path
from tests import pseudo_language
pseudo_language.register(Path(sys.argv[1]))
from simkit.report.tables.all import all_tables
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
said = {}
for table in all_tables(run(load_scenario(sys.argv[2]), draws=40, seed=1), lang="xx"):
    cells = [cell for row in table.rows for cell in row.values() if isinstance(cell, str)]
    heads = [column.heading for column in table.columns]
    said[table.id] = "\\n".join([table.title, table.unit, *heads, *cells, *table.notes])
print(json.dumps(said))
"""
#: Commands, options, files and formats: what a person types, and what a program is called.
NAMES = {
    *("check", "run", "report", "verify", "overlay", "doctor", "schema", "lab", "compare", "sweep", "seek"),
    *("drivers", "readings", "provisions", "whatif", "list", "stamp", "export", "import", "simkit"),
    *("notebook", "toy", "yaml", "json", "html", "xlsx", "FILE", "DIR", "FOLDER", "PATH", "VALUE", "VALUES"),
    *("SCENARIO", "LOW", "HIGH", "AMOUNT", "YYYY"),
}


#: What a report names as it is called: libraries, files, measures of risk, names of variants and of annexes.
PROGRAMS = {
    *("python", "linux", "matplotlib", "numba", "numpy", "pandas", "papermill", "pyarrow", "pydantic"),
    *("scipy", "TVaR", "annexes", "central", "chance", "docx", "draws", "headline", "independence", "index"),
    *("ipynb", "npz", "outlays", "page", "parquet", "pdf", "rerun", "scenario", "seed", "settings", "tables"),
    "trend",
}


def said(folder: Path, *commands: list[str]) -> dict[str, str]:
    """What commands print in the language."""
    return _told("-c", _CHILD, str(folder), json.dumps(commands))


def _told(*words: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, *words],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def data_words(*folders: Path) -> set[str]:
    """Words of files, which are in the languages that their writers chose; and those of paths."""
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".yaml", ".txt")]
    text = "\n".join([*(path.read_text("utf-8") for path in files), *map(str, folders)])
    return pseudo_language.unchanged(text, set())


@pytest.fixture(scope="module")
def helped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    commands = [["--help"]]
    commands += [[name, "--help"] for name in ("check", "run", "report", "verify", "doctor", "schema", "lab")]
    commands += [[name, "--help"] for name in ("compare", "sweep", "seek", "drivers", "readings", "whatif")]
    commands += [["provisions", "--help"], ["verify-run", "--help"], ["overlay", "--help"]]
    commands += [["overlay", name, "--help"] for name in ("list", "check", "stamp", "export", "import")]
    return said(tmp_path_factory.mktemp("words"), *commands)


def test_help_is_in_the_catalogues(helped: dict[str, str]) -> None:
    left = {}
    for command, text in helped.items():
        bare = re.sub(r"--?[a-z][\w-]*|\[[a-z0-9.]*\]|tcp://\S+|\S+\|\S+|\S+\.yaml\S*", "", text)
        if found := pseudo_language.unchanged(bare, NAMES):
            left[command] = found
    assert left == {}


def test_what_commands_print_is_in_the_catalogues(tmp_path: Path) -> None:
    """Of a sound and a faulty scenario, of a run, of a command line that is wrong."""
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    for path in TOY.iterdir():
        text = path.read_text("utf-8").replace("draws", "draws")
        text = re.sub(r"(?m)^as_of: .*", "as_of: soon", text)
        (wrong / path.name).write_text(re.sub(r"\d+万元", "many", text), "utf-8")
    (tmp_path / "words").mkdir()
    scenario, out = str(TOY / "scenario.yaml"), str(tmp_path / "out")
    found = said(
        tmp_path / "words",
        ["check", str(TOY)],
        ["check", str(TOY), "--all"],
        ["check", str(wrong)],
        ["check", str(tmp_path / "nothing.yaml")],
        ["run", scenario, "--draws", "50", "--out", out],
        ["run", scenario, "--draws", "no"],
        ["run", scenario, "--drows", "3"],
        ["overlay", "list", scenario],
        ["schema", "paths"],
    )
    known = NAMES | data_words(TOY, wrong, tmp_path) | {"many", "soon", "drows"}
    paths = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"(?m)  .*", "", found.pop("schema paths"))))
    left = {command: pseudo_language.unchanged(text, known | paths) for command, text in found.items()}
    assert {command: one for command, one in left.items() if one} == {}


def test_tables_of_a_report_are_in_the_catalogues(tmp_path: Path) -> None:
    """Their titles, headings, words and notes; a measure of risk and a path have their names everywhere."""
    found = _told("-c", _TABLES, str(tmp_path), str(TOY / "scenario.yaml"))
    known = NAMES | data_words(TOY) | {"TVaR", "settings"}
    assert len(found) > 20
    left = {table: pseudo_language.unchanged(text, known) for table, text in found.items()}
    assert {table: one for table, one in left.items() if one} == {}


def test_what_is_written_for_readers_is_in_the_catalogues(tmp_path: Path) -> None:
    """Pages of reports and answers, the annexes in every format, the index, the mailed page, the sliders.

    The English of the files is put into the language too; what they say in one language only stays as it is.
    Digests and pieces of them are letters from a to f; in a PDF a run's name goes on where its line was broken.
    """
    (tmp_path / "words").mkdir()
    out = tmp_path / "out"
    baseline = ROOT / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
    found = _told("-m", "tests.pseudo_pages", str(tmp_path / "words"), str(baseline), str(out))
    assert {name.rpartition(".")[2] for name, text in found.items() if text} >= {
        "html",
        "docx",
        "xlsx",
        "sliders",
    }
    known = NAMES | PROGRAMS | data_words(out / "data", out)
    files = "".join("".join(path.read_text("utf-8").split()) for path in (out / "data").iterdir())
    left = {}
    for name, text in found.items():
        words = pseudo_language.unchanged(re.sub(r"\b[0-9a-f]{3,}(n\d+-s\d+)?\b", "", text), known)
        left[name] = {word for word in words if word not in files}
    assert {name: one for name, one in left.items() if one} == {}
