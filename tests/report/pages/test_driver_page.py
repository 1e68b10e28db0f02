"""The page of `simkit drivers`: its tables and figures in both languages, and its notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from simkit.base.errors import InputError
from simkit.base.words import catalogue
from simkit.report.make.notebooks import read_notebook, run_notebook
from simkit.report.pages.drivers import open_drivers
from simkit.report.pages.sections import html_of
from simkit.report.papers.table import Language, Table
from simkit.report.papers.web_page import outputs_html, page_html
from simkit.report.pictures import drivers as driver_charts
from simkit.report.tables import drivers as tables
from simkit.sizing.sobol import Index
from simkit.whatif.answers import save_answer
from tests.report import results
from tests.report.results import asked

NOTEBOOK = results.FOLDER.parents[1] / "notebooks" / "papers" / "drivers.ipynb"
LANGS: tuple[Language, ...] = ("zh", "en")

pytestmark = pytest.mark.usefixtures("notebooks_here")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_answer(asked(), tmp_path_factory.mktemp("drivers"))


@pytest.mark.parametrize("lang", LANGS)
def test_tables_name_what_they_show(lang: Language) -> None:
    """In words of one language; every cell filled."""
    found = asked()
    for make in (tables.groups, tables.shares, tables.tornado):
        table: Table = make(found, lang=lang)
        assert str(found.origin.budget_year) in table.title
        for row in table.texts():
            assert all(row)
            said = "".join(row)
            assert lang == "zh" or said.isascii() or "·" in said or "—" in said
    names = {row["item"] for row in tables.shares(found, lang=lang).rows}
    wanted = {"zh": "猎头引才奖励 · 申报率", "en": "Headhunting award · take-up"}[lang]
    assert wanted in names
    assert not any("field." in name or "claims." in name for name in names)


def test_tables_hold_the_answer_s_numbers() -> None:
    found = asked()
    rows = tables.tornado(found, lang="en").rows
    by_name = {tables.item(found, one, "en"): one for one in found.assumptions}
    swings = [abs(row["swing"] or 0) for row in rows]
    assert swings == sorted(swings, reverse=True) and len(rows) == 20
    for row in rows:
        one = by_name[row["item"]]
        low, error = one.mean.low.given, one.level.between.error
        assert row["mean_low"] == (None if low is None else round(low))
        assert row["level_error"] == (None if error is None else round(error))
        assert row["distinct"] == ("yes" if one.mean.distinct else "no")
    hidden = [note for note in tables.tornado(found, lang="en").notes if "more assumptions" in note]
    assert hidden and hidden[0].startswith("42 ")


def test_a_share_is_never_a_bare_negative() -> None:
    assert tables.share_text(Index(0.0, 0.0, 0.012, 0.006, -0.002), "en") == "0 (0 to 1.2%)"
    assert tables.share_text(Index(0.075, 0.069, 0.081, 0.003, 0.075), "zh") == "7.5%（6.9%—8.1%）"
    assert tables.share_text(Index(0.0003, 0.0, 0.002, 0.001, 0.0003), "en") == "<0.1% (0 to 0.2%)"


@pytest.mark.parametrize("lang", LANGS)
def test_figures_are_drawn(lang: Language) -> None:
    for chart in (driver_charts.tornado, driver_charts.shares, driver_charts.groups):
        assert 'class="picture"' in html_of(chart(asked(), lang))


@pytest.mark.parametrize("lang", LANGS)
def test_the_notebook_reads_a_saved_answer(saved: Path, tmp_path: Path, lang: Language) -> None:
    """It runs, shows three tables and three figures, and makes a page that asks no network."""
    out = run_notebook(NOTEBOOK, tmp_path / "drivers.ipynb", {"answer": str(saved), "lang": lang})
    page = page_html(outputs_html(read_notebook(out)), lang=lang, title="drivers", contents="contents")
    assert page.count('class="picture"') == 3 and page.count('<figure class="table') == 3
    assert catalogue(lang)["page.drivers.title"] in page
    assert "{" not in "".join(line for line in page.splitlines() if line.startswith("<p"))


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "x.json"
    other.write_text("{}")
    with pytest.raises(InputError, match="expected an answer of `simkit drivers`"):
        open_drivers(str(other), "zh")
    with pytest.raises(InputError, match="lang"):
        open_drivers(str(other), "fr")
