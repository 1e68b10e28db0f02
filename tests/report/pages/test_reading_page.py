"""The page on readings and provisions: tables that hold the answers' numbers, figures, and the notebook."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from simkit.base.errors import InputError
from simkit.base.words import catalogue
from simkit.report.figures import readings as figures
from simkit.report.make.notebooks import read_notebook, run_notebook
from simkit.report.pages.readings import open_readings
from simkit.report.pages.sections import html_of
from simkit.report.papers.drawing import canvas, svg
from simkit.report.papers.table import Language
from simkit.report.papers.web_page import outputs_html, page_html
from simkit.report.pictures import readings as charts
from simkit.report.tables.provisions import provision_costs
from simkit.report.tables.readings import reading_costs, reading_register, widest_choices, widest_total
from simkit.whatif.answers import save_answer
from simkit.whatif.provisions import Provisions, provisions
from tests.report import results
from tests.report.results import ASKED, priced

NOTEBOOK = results.FOLDER.parents[1] / "notebooks" / "papers" / "readings.ipynb"
LANGS: tuple[Language, ...] = ("zh", "en")
pytestmark = pytest.mark.usefixtures("notebooks_here")


@lru_cache
def costs() -> Provisions:
    """On the draws of the readings."""
    return provisions(results.baseline(), draws=ASKED, seed=1)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("answers")
    return save_answer(priced(), folder), save_answer(costs(), folder)


# ------------------------------------------------------------------ tables


@pytest.mark.parametrize("special", [True, False])
def test_every_option_has_its_row(special: bool) -> None:
    """In the register's order, with the answer's money in whole fen."""
    found = priced()
    table = reading_costs(found, special=special, lang="en")
    options = [(question, option) for question in found.questions for option in question.options]
    prefix = "special_" if special else ""
    assert len(table.rows) == len(options) == 38
    for row, (question, option) in zip(table.rows, options, strict=True):
        line = option.line(f"{prefix}total")
        assert (row["reading"], row["option"]) == (question.reading, option.label.en)
        error = line.difference_error
        assert row["total"] == round(line.difference)
        assert row["total_error"] == (None if error is None else round(error))
        assert row["paid_2025"] == round(option.line(f"{prefix}year", 2025).difference)
    again = next(note for note in table.notes if "drawn again" in note)
    moved = {
        question.reading: f"{question.question.en} {one.label.en}"
        for question, one in options
        if one.how == "again"
    }
    assert list(moved) == ["supplied_persons", "top10_first", "last_day", "expiry"]
    assert again.endswith(f": {'; '.join(moved.values())}.")
    beside = reading_costs(found, special=special, in_force=True, lang="en")
    assert [row["in_force"] for row in beside.rows] == [question.in_force_label.en for question, _ in options]
    assert [one.reading for one in found.questions] == [
        row["reading"] for row in reading_register(found, lang="en").rows
    ]
    assert all((row["more"] is None) == (row["noise"] in ("no change", "none met")) for row in table.rows)
    still = {row["reading"] for row in table.rows if row["noise"] == "no change"}
    assert ("above_scale_shares" in still) and ("digital_rate" in still) == special


def test_noise_says_how_many_draws_would_tell() -> None:
    question = priced().questions[0]
    line = question.options[0].lines[0]
    words = [
        replace(line, distinct=distinct, needs=needs, refused=refused)
        for distinct, needs, refused in (
            (True, None, ()),
            (False, None, ()),
            (False, 2_500, ()),
            (False, None, ("difference",)),
            (False, 90_000, ("difference",)),
        )
    ]
    options = [
        replace(
            question.options[0],
            lines=tuple(
                replace(one, by=b, year=y)
                for b, y in [
                    ("total", None),
                    ("special_total", None),
                    *((p, year) for p in ("year", "special_year") for year in priced().years),
                ]
            ),
        )
        for one in words
    ]
    found = replace(priced(), questions=(replace(question, options=tuple(options)),))
    assert [row["noise"] for row in reading_costs(found, special=False, lang="en").rows] == [
        "yes",
        "no change",
        "no: 2,500 draws tell",
        "none met",
        "too few draws: run 90,000",
    ]
    assert [row["noise"] for row in reading_costs(found, special=False, lang="zh").rows] == [
        "是",
        "无变化",
        "否，需2,500次",
        "未涉及",
        "抽样不足，需90,000次",
    ]


def test_the_headline_stands_where_the_draws_carry_it() -> None:
    table = reading_costs(priced(), special=True, lang="en")
    assert "headline" in {column.key for column in table.columns}
    few = replace(
        priced(),
        questions=tuple(
            replace(one, options=tuple(replace(option, headline=None) for option in one.options))
            for one in priced().questions
        ),
    )
    table = reading_costs(few, special=True, lang="en")
    assert "headline" not in {column.key for column in table.columns}
    assert any("P90" in note for note in table.notes)


def test_the_widest_table_foots() -> None:
    """The years add up to all years within a fen a year; cheapest and dearest are their differences from in force."""
    rows = {row["figure"]: row for row in widest_total(priced(), lang="en").rows}
    years = priced().years
    for view, key in (
        ("Whole policy", "dearest"),
        ("Special fund", "cheapest"),
        ("Whole policy", "in_force"),
    ):
        parts = sum(rows[f"{view}, paid in {year}"][key] for year in years)
        assert abs(parts - rows[f"{view}, all years"][key]) <= len(years)
    for row in rows.values():
        assert abs(row["cheapest"] - row["in_force"] - row["cheapest_difference"]) <= 2
        assert row["dearest_error"] is not None
    assert rows["Whole policy, all years"]["dearest"] == round(priced().combinations[0].line("total").after)


def test_the_choices_name_what_changes() -> None:
    rows = {row["reading"]: row for row in widest_choices(priced(), lang="en").rows}
    dearest, cheapest = priced().combinations
    assert set(rows) == {*dearest.changed, *cheapest.changed}
    assert rows["export_shares"]["dearest_option"] == "all by the HR fund"
    assert rows["export_shares"]["cheapest_option"] == "all by Beilun"
    assert rows["expiry"]["cheapest_option"] == "as in force"


@pytest.mark.parametrize("budget_year", [False, True])
def test_provisions_add_up_on_the_page(budget_year: bool) -> None:
    """Stacked and order-free columns sum to the policy's mean in whole fen."""
    found = costs()
    table = provision_costs(found, budget_year=budget_year, lang="en")
    together = found.budget_year if budget_year else found.total
    *rows, total = table.rows
    for key in ("stacked", "order_free"):
        assert total[key] == sum(row[key] for row in rows) == round(getattr(together, key) / ASKED)
    assert total["saved"] == total["alone"] - total["order_free"]
    assert [row["order_free"] for row in rows] == sorted((row["order_free"] for row in rows), reverse=True)
    assert total["share"] == pytest.approx(1)
    exports = next(row for row in rows if row["item"] == "Subsidy for exports of HR services")
    assert exports["together"] == "Interest subsidy for offshore outsourcing"


@pytest.mark.parametrize("lang", LANGS)
def test_tables_and_figures_speak_one_language(lang: Language) -> None:
    found, cost = priced(), costs()
    tables = [reading_costs(found, special=True, lang=lang), widest_total(found, lang=lang)]
    tables += [widest_choices(found, lang=lang), provision_costs(cost, lang=lang)]
    for table in tables:
        heads = "".join(column.heading for column in table.columns)
        assert heads.isascii() == (lang == "en")
        assert all(text.isascii() == (lang == "en") for text in table.notes[:1])
    for figure in (
        charts.reading_costs(found, lang),
        charts.widest_ranges(found, lang, special=True),
        charts.widest_ranges(found, lang, special=False),
        charts.provision_costs(cost, lang),
    ):
        assert html_of(figure).startswith("<figure")


# ------------------------------------------------------------------ figures

WORDS = dict.fromkeys(
    ("title", "x", "whole", "special", "indistinct", "range", "middle", "order_free", "alone"), "万元"
)


@pytest.mark.parametrize("name", figures.__all__)
def test_a_figure_is_drawn_twice_the_same(name: str) -> None:
    names = ["一", "二", "三"]
    ways = {
        "reading_costs": (names, [3e8, -1e8, 0.0], [2e8, 0.0, 1e6], [True, True, False]),
        "widest_ranges": (names, [1e8, 0.0, 2e8], [2e8, 0.0, 3e8], [4e8, 5e8, 1e8]),
        "provision_costs": (names, [4e8, 2e8, 1e8], [4e8, 3e8, 1e8]),
    }
    texts = []
    for _ in range(2):
        with canvas() as axes:
            assert getattr(figures, name)(axes, *ways[name], labels=WORDS) is axes
            texts.append(svg(axes))
    assert texts[0] == texts[1]


def test_a_bar_far_longer_than_the_others_is_cut_and_says_its_amount() -> None:
    with canvas() as axes:
        figures.reading_costs(
            axes, ["a", "b", "c"], [37e8, -6e8, 5e8], [29e8, 0.0, 5e8], [True, True, False], labels=WORDS
        )
        longest = max(abs(bar.get_width()) for bar in axes.patches)
        said = {text.get_text() for text in axes.texts}
        colours = [bar.get_facecolor() for bar in axes.patches]
    assert longest == 6e8
    assert {"» 3,700", "» 2,900", "-600", "500"} <= said
    assert colours[2] == colours[5] != colours[0]  # grey: could be noise


def test_ranges_show_both_ends_and_the_middle() -> None:
    with canvas() as axes:
        figures.widest_ranges(axes, ["2024"], [5e8], [3e8], [1e8], labels=WORDS)
        (bar,) = axes.patches
        assert (bar.get_x(), bar.get_width()) == (1e8, 4e8)
        assert {text.get_text() for text in axes.texts} == {"100", "300", "500"}


def test_nothing_to_show_is_no_figure() -> None:
    none = replace(priced(), questions=())
    assert charts.reading_costs(none, "zh") is None
    assert charts.provision_costs(replace(costs(), provisions=()), "zh") is None


# ------------------------------------------------------------------ the notebook


@pytest.mark.parametrize("lang", LANGS)
def test_the_notebook_tells_the_answers(saved: tuple[Path, Path], lang: Language, tmp_path: Path) -> None:
    """Every section in order, the widest total in the lead, no name of a placeholder left."""
    parameters = {"readings": str(saved[0]), "provisions": str(saved[1]), "lang": lang}
    done = run_notebook(NOTEBOOK, tmp_path / "readings.ipynb", parameters)
    page = page_html(outputs_html(read_notebook(done)), lang=lang, title="x", contents="x")
    places = [page.index(f'id="reading_{name}"') for name in ("costs", "widest", "provisions", "origin")]
    assert places == sorted(places)
    total = next(
        row for row in widest_total(priced(), lang="en").rows if row["figure"] == "Whole policy, all years"
    )
    assert f"{total['dearest'] / 1e6:,.2f}" in page and f"{total['cheapest'] / 1e6:,.2f}" in page
    assert page.count('<figure class="picture"') == 4 and page.count("<table") == 7
    for name in page_keys(lang):
        assert name.split("{")[0].strip() in page.replace("&#x27;", "'").replace("&quot;", '"')


def page_keys(lang: Language) -> list[str]:
    return [text for key, text in catalogue(lang).items() if key.startswith("page.heading.reading_")]


def test_the_notebook_computes_nothing() -> None:
    """No function, no arithmetic."""
    import ast

    for cell in read_notebook(NOTEBOOK).cells:
        if cell.cell_type == "code":
            assert not cell.outputs
            for node in ast.walk(ast.parse(cell.source)):
                assert not isinstance(node, ast.FunctionDef | ast.Lambda | ast.BinOp | ast.For | ast.While)


def test_answers_on_other_draws_are_refused(saved: tuple[Path, Path], tmp_path: Path) -> None:
    other = replace(costs(), origin=replace(costs().origin, seed=4))
    with pytest.raises(InputError, match="provisions of the scenario, draws and seed"):
        open_readings(str(saved[0]), str(save_answer(other, tmp_path)), "zh")
    code = replace(costs(), origin=replace(costs().origin, code={"commit": "another"}, file="elsewhere.yaml"))
    assert open_readings(str(saved[0]), str(save_answer(code, tmp_path)), "zh").provisions == code
    with pytest.raises(InputError, match="expected zh or en, found 'fr'"):
        open_readings(str(saved[0]), str(saved[1]), "fr")
    with pytest.raises(InputError, match="expected an answer of `simkit readings`"):
        open_readings(str(saved[1]), str(saved[1]), "zh")


def test_a_policy_whose_provisions_never_meet_says_so(saved: tuple[Path, Path]) -> None:
    page = open_readings(str(saved[0]), str(saved[1]), "en")
    apart = replace(
        page,
        provisions=replace(
            costs(), provisions=tuple(replace(one, together=()) for one in costs().provisions)
        ),
    )
    assert "no provisions that claim share" in apart.facts["meeting"]
    assert "Subsidy for exports" in page.facts["meeting"]
    assert np.isclose(
        float(page.facts["in_force"].replace(",", "")) * 1e6, costs().total.order_free / ASKED, atol=1e4
    )
