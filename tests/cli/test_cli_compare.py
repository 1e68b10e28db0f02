"""The commands compare, sweep and seek: what they print, save and show, and what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from simkit.cli import main
from simkit.report.pages.answers import open_answers
from simkit.report.papers.table import cell_text, summed_rows
from simkit.report.tables.compare import compared_by, compared_overview, comparison
from simkit.report.tables.sweep import seek_looks, sought, swept, swept_map, swept_slopes
from simkit.scenario import ScenarioFile
from simkit.whatif.answers import load_answer
from simkit.whatif.compare import compare
from simkit.whatif.comparison import Comparison
from simkit.whatif.seek import Seek
from simkit.whatif.sweep import Sweep

ROOT = Path(__file__).resolve().parents[2]
BASELINE = str(ROOT / "scenarios" / "ningbo-hr-2023" / "baseline.yaml")
OVERLAYS = ROOT / "scenarios" / "ningbo-hr-2023" / "overlays"
CAP = "measures.headhunting.caps.yearly.amount"
FEW = ["--draws", "200", "--seed", "3"]

pytestmark = pytest.mark.usefixtures("notebooks_here")


@pytest.fixture
def simkit(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        found = capsys.readouterr()
        return code, found.out, found.err

    return call


def saved(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.glob(f"baseline/{kind}-*.json"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_comparison_is_printed_saved_and_shown(simkit: Any, tmp_path: Path, lang: str) -> None:
    code, out, _ = simkit(
        "compare", BASELINE, f"{CAP}=60万元", *FEW, "--out", str(tmp_path), "--page", "--lang", lang
    )
    assert code == 0
    (path,) = saved(tmp_path, "comparison")
    found = load_answer(Comparison, path)
    line = found.line("special_year", "2024", 2024)
    shown = f"{line.difference / 1e6:,.2f}"
    assert shown in out and str(path) in out
    (page,) = path.parent.glob(f"*.{lang}.html")
    assert shown in page.read_text("utf-8") and page.name in out
    assert ("单位：万元" if lang == "zh" else "Unit: 10,000 yuan") in out


def test_several_changes_have_a_row_each(simkit: Any, tmp_path: Path) -> None:
    words = [f"{CAP}=60万元", str(OVERLAYS / "headhunting_rate.yaml"), "claims.headhunting.take_up.value=0.5"]
    code, out, _ = simkit("compare", BASELINE, *words, *FEW, "--out", str(tmp_path), "--lang", "en")
    assert code == 0
    paths = saved(tmp_path, "comparison")
    assert len(paths) == 5  # the rate is swept over three values
    for name in ("headhunting_rate=40%", "headhunting_rate=50%", "headhunting_rate=60%"):
        assert name in out
    found = open_answers([str(path) for path in paths], "en").all
    table = compared_overview(found, lang="en")
    assert {row["how"] for row in table.rows} == {"same claims", "drawn again, same luck"}
    none = next(row for row in table.rows if row["name"].endswith("50%"))
    assert none["verdict"] == "no difference"


def test_changes_laid_on_one_another_are_one(simkit: Any, tmp_path: Path) -> None:
    words = [f"{CAP}=60万元", "measures.students.award.amount=600元"]
    code, _, _ = simkit("compare", BASELINE, *words, "--together", *FEW, "--out", str(tmp_path))
    assert code == 0
    (path,) = saved(tmp_path, "comparison")
    found = load_answer(Comparison, path)
    assert [one.path for one in found.changes] == [CAP, "measures.students.award.amount"]
    assert found.measures == ("headhunting", "students")


def test_tables_of_a_comparison_foot() -> None:
    """By year: every total is the sum of its rows, to the fen; by measure and department too, of what they count."""
    file = ScenarioFile(BASELINE)
    (found,) = compare(file.lay(), [file.lay(changes={CAP: "60万元"})], draws=64, seed=1)
    for lang in ("zh", "en"):
        for table in comparison(found, lang=lang):  # type: ignore[arg-type]
            assert all(
                cell_text(row[column.key], column) for row in table.rows for column in table.columns[:1]
            )
    for table in (*comparison(found), compared_overview([found])):
        keys = {column.key for column in table.columns}
        # A terminal shows an error in the cell of what it is the error of.
        assert {key.removesuffix("_error") for key in keys if key.endswith("_error")} <= keys
    table = compared_by(found, "special_year")
    for key in ("before", "after", "difference"):
        *parts, total = [row[key] for row in table.rows]
        assert sum(parts) == pytest.approx(total, rel=1e-12)
    for by in ("fund", "department"):
        rows = [line for line in found.lines if line.by == by and line.year is None]
        assert sum(line.difference for line in rows) == pytest.approx(
            found.line("total").difference, rel=1e-12
        )
    assert summed_rows(table, len(table.rows) - 1, table.columns[0]) == ()


def test_a_sweep_is_printed_and_shown(simkit: Any, tmp_path: Path) -> None:
    words = [f"{CAP}=40万元..60万元:3", *FEW, "--out", str(tmp_path), "--page", "--lang", "zh"]
    code, out, _ = simkit("sweep", BASELINE, *words)
    assert code == 0
    (path,) = saved(tmp_path, "sweep")
    found = load_answer(Sweep, path)
    assert [point.values[0] for point in found.points] == ["40万元", "50万元", "60万元"]
    tables = swept(found), swept_slopes(found)
    assert [len(table.rows) for table in tables] == [3, 2]
    for text in (tables[0].texts()[0][2], tables[1].texts()[1][4]):
        assert text in out
        assert text in next(path.parent.glob("sweep-*.zh.html")).read_text("utf-8")


def test_two_paths_make_a_map(simkit: Any, tmp_path: Path) -> None:
    words = [f"{CAP}=40万元,50万元", "measures.headhunting.award.rate=40%,50%", "--page", "--lang", "en"]
    code, out, _ = simkit("sweep", BASELINE, *words, *FEW, "--out", str(tmp_path))
    assert code == 0
    (path,) = saved(tmp_path, "sweep")
    table = swept_map(load_answer(Sweep, path), lang="en")
    assert [next(iter(row.values())) for row in table.rows] == ["40万元", "50万元"]
    assert all(text in out for row in table.texts() for text in row)


def test_a_seek_is_printed_and_shown(simkit: Any, tmp_path: Path) -> None:
    asked = [CAP, "--budget", "2600万元", "--level", "90%", *FEW, "--out", str(tmp_path), "--lang", "en"]
    code, out, _ = simkit("seek", BASELINE, *asked, "--page")
    assert code == 0
    (path,) = saved(tmp_path, "seek")
    found = load_answer(Seek, path)
    assert found.outcome == "found" and found.values[0] in out
    assert "2,600.00" in out and next(path.parent.glob("seek-*.en.html")).name in out
    for lang in ("zh", "en"):
        assert len(seek_looks(found, lang=lang).rows) == len(found.tried)  # type: ignore[arg-type]
        assert sought(found, lang=lang).rows[0]["after"] == found.values[0]  # type: ignore[arg-type]


def test_a_seek_takes_the_budget_of_the_scenario(simkit: Any, tmp_path: Path) -> None:
    words = [CAP, "--overlay", str(OVERLAYS / "fund_envelope.yaml"), "--mean", *FEW, "--out", str(tmp_path)]
    assert simkit("seek", BASELINE, *words)[0] == 0
    (path,) = tmp_path.glob("*/seek-*.json")
    assert json.loads(path.read_text("utf-8"))["answer"]["budget"] == 2_000 * 10_000 * 100


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["compare", BASELINE, f"{CAP}x=60万元"], "did you mean"),
        (["compare", BASELINE, f"{CAP}=sixty"], "expected a finite number with its unit"),
        (["compare", BASELINE, "no-such-file.yaml"], "no such file"),
        (["compare", BASELINE, f"{CAP}=50万元"], "a value that is not the baseline's"),
        (["compare", BASELINE], "OVERLAY"),
        (["sweep", BASELINE, CAP], "PATH=VALUES"),
        (["sweep", BASELINE, f"{CAP}=30%"], "in the unit of"),
        (["sweep", BASELINE, "measures.headhunting.caps=1"], "holds a number"),
        (["seek", BASELINE, CAP], "--budget"),
        (["seek", BASELINE, CAP, "--budget", "much"], "--budget"),
        (["seek", BASELINE, CAP, "--budget", "2600万元", "--between", "1"], "--between"),
        (["seek", BASELINE, CAP, "--budget", "2600万元", "--level", "110%"], "--level"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_named(
    simkit: Any, tmp_path: Path, words: list[str], complaint: str, lang: str
) -> None:
    """Exit code 2, a line that says it, no traceback, nothing written."""
    out = tmp_path / "out"
    code, printed, complained = simkit(*words, "--out", str(out), "--lang", lang)
    assert code == 2 and not printed
    assert "Traceback" not in complained and complained.strip()
    if lang == "en":
        assert complaint in complained
    else:
        assert re.search("[\u4e00-\u9fff]", complained)
    assert not out.exists()


@pytest.mark.parametrize(("lang", "words"), [("en", "as is usual, found"), ("zh", "请核对是否确为所指")])
def test_an_unusual_value_that_was_typed_is_told(simkit: Any, tmp_path: Path, lang: str, words: str) -> None:
    """No file can confirm it, so it is computed with, and said."""
    rate, where = "measures.headhunting.award.rate", ["--out", str(tmp_path), "--lang", lang]
    few = ["--draws", "20", *where]
    code, _, told = simkit("compare", BASELINE, f"{rate}=150%", *few)
    assert code == 0 and words in told and rate in told and told.count("\n") == 1
    code, _, told = simkit("sweep", BASELINE, f"{rate}=40%,150%", *few)
    assert code == 0 and words in told and rate in told and "40%" not in told
    code, _, told = simkit("compare", BASELINE, f"{rate}=40%", *few)
    assert code == 0 and words not in told
    (laid,) = ScenarioFile(BASELINE).lay(changes={rate: "150%"}).unusual
    assert laid.path == rate
    assert not ScenarioFile(BASELINE).lay(changes={f"{CAP}": "60万元"}).unusual


def test_an_unusual_value_that_was_found_is_told(simkit: Any, tmp_path: Path) -> None:
    rate = "measures.headhunting.award.rate"
    few = [
        "--draws",
        "200",
        "--seed",
        "3",
        "--between",
        "10%..200%",
        "--budget",
        "9亿元",
        "--out",
        str(tmp_path),
    ]
    code, _, told = simkit("seek", BASELINE, rate, *few, "--lang", "en")
    assert code == 0 and "as is usual, found '200%'" in told
