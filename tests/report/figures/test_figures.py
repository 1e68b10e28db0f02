"""Figures: what they mark, that no letter is missing, that matplotlib's settings stay."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.image import imread

from simkit.report.figures import flow as flow_figures
from simkit.report.figures import need, spread
from simkit.report.figures import years as years_figures
from simkit.report.figures.axes import broken
from simkit.report.papers.drawing import canvas, png, svg
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Column, Table
from simkit.report.pictures import flow, years
from tests.report import results

TOTALS = np.random.default_rng(1).gamma(20, 1e8, 2_000).astype(np.int64)
YEARS = [2023, 2024, 2025]
LINE = np.array([3e8, 14e8, 20e8])
NAMES = ["猎头引才奖励", "Subsidy for newly supplied employees", "出口基地（喆玥珺堃昇镕）"]
WORDS = dict.fromkeys(
    (
        "title",
        "x",
        "y",
        "point",
        "mean",
        "median",
        "expected",
        "tail",
        "taken",
        "worth",
        "target",
        "trend",
        "goal",
    ),
    "说明：专项经费，P90≥1,234.5万元",
)
WORDS |= {"with": "有共同因子", "without": "相互独立", "band": "{low}—{high}", "at_cap": "触顶{share}"}


SPREAD = (LINE, LINE * 0.9, LINE * 1.1)
BANDS = {0.05: LINE * 0.7, 0.25: LINE * 0.9, 0.5: LINE, 0.75: LINE * 1.1, 0.95: LINE * 1.4}
LEVELS = {0.5: 2e9, 0.95: 2.8e9}
NAN = float("nan")
#: Every figure of a run, with what it draws.
FIGURES = {
    need.confidence_curve: ((TOTALS, (0.9, 2.5e9, 2.4e9, 2.6e9)), {"levels": LEVELS}),
    need.fan: ((YEARS, BANDS, LINE), {"marked": 2024}),
    flow_figures.waterfall: ((NAMES, [5e9, -1e9, 4e9], [0, 2]), {}),
    flow_figures.measures: ((NAMES, [3e8, 2e8, 0], [0.7, 0.3, NAN]), {}),
    flow_figures.caps: ((NAMES, [3e8, 1e8, 0], [4e8, 1e8, 0], [0.2, 0, NAN]), {}),
    years_figures.growth: ((YEARS, SPREAD, SPREAD), {"goal": (2025, 2500.0)}),
    spread.common_factor: ((TOTALS, TOTALS // 2, 0.9), {}),
    spread.drivers: ((NAMES, [0.5, 0.3, -0.2], [0.4, 0.2, -0.3], [0.6, 0.4, -0.1]), {}),
    years_figures.years_by_measure: ((YEARS, NAMES, np.tile(LINE, (3, 1))), {}),
}


def draw(figure: Any, axes: Axes) -> Axes:
    arrays, options = FIGURES[figure]
    return figure(axes, *arrays, labels=WORDS, **options)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_a_figure_is_drawn_with_every_letter_and_twice_the_same(figure: Any) -> None:
    with canvas() as axes:
        assert draw(figure, axes) is axes
        text = svg(axes)
    assert text.startswith("<?xml") and "<text" not in text  # letters are outlines
    with canvas() as axes:
        draw(figure, axes)
        assert svg(axes) == text


HOSTILE = "$x^2$ $\\nosuch{1}$ {{x}} <script> =cmd|'/C' 罕见字：\U00020000 😀 \u202e\t" + "很长" * 250


def test_names_are_drawn_as_they_are() -> None:
    """A dollar sign starts no formula; a letter that the font lacks stands as its code point, on axes too."""
    with canvas() as axes:
        spread.drivers(
            axes,
            [HOSTILE[:64], "b"],
            [0.5, -0.2],
            [0.4, -0.3],
            [0.6, -0.1],
            labels={"title": HOSTILE, "x": HOSTILE[:64]},
        )
        assert svg(axes) and png(axes).startswith(b"\x89PNG")
        said = [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_yticklabels()[0].get_text()]
    for text in said:
        flat = text.replace("\n", "")
        assert "$x^2$" in flat and "[U+20000]" in flat and "[U+1F600]" in flat and "😀" not in flat
    assert said[0].count("\n") <= 4 and "…" in said[0]


def test_a_word_without_an_end_is_broken_too() -> None:
    assert broken("W" * 70, 26).split("\n") == ["W" * 30, "W" * 30, "W" * 10]
    assert "\n" not in broken("W" * 30)
    with canvas() as axes:
        spread.drivers(axes, ["W" * 80, "b"], [0.5, -0.2], [0.4, -0.3], [0.6, -0.1], labels=WORDS)
        assert svg(axes)


def test_many_bars_stay_on_a_page() -> None:
    """The largest are drawn, and a note says how many are not."""
    rows = [{"item": f"{HOSTILE} {n}", "cost": 10**8 * (n % 7 + 1), "tail_share": 0.01} for n in range(60)]
    costs = Table(
        id="measures",
        title="",
        columns=tuple(Column(key=key, heading=key) for key in ("item", "cost", "tail_share")),
        rows=tuple(rows),
    )
    both = [{"item": f"x{n}", "taken": 10**8 * n, "worth": 10**6} for n in range(60)]
    caps = Table(
        id="caps",
        title="",
        columns=tuple(Column(key=key, heading=key) for key in ("item", "taken", "worth")),
        rows=tuple(both),
    )
    for picture in (flow.measures(costs, "zh"), flow.caps(caps, "zh")):
        assert isinstance(picture, Picture)
        assert picture.inches[1] < 9.8  # an upright page's text
        assert len(picture.axes.get_yticks()) == 20 and "40" in picture.note
        assert picture.svg().startswith("<?xml")
    # The twenty largest, in the order of the table.
    labels = [label.get_text() for label in picture.axes.get_yticklabels()]
    assert labels == [f"x{n}" for n in range(40, 60)]
    few = flow.caps(replace(caps, rows=caps.rows[:20]), "zh")
    assert isinstance(few, Picture) and not few.note


def test_the_settings_of_matplotlib_stay() -> None:
    before = dict(matplotlib.rcParams)
    with canvas() as axes:
        draw(need.fan, axes)
        svg(axes)
    assert dict(matplotlib.rcParams) == before


def test_a_png_is_crisp() -> None:
    with canvas(3, 6) as axes:
        draw(need.fan, axes)
        picture = imread(io.BytesIO(png(axes)))
    assert picture.shape[:2] == (600, 1200)


def test_the_curve_marks_the_headline() -> None:
    with canvas() as axes:
        draw(need.confidence_curve, axes)
        marked = [
            (line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "o"
        ]
        said = {text.get_text() for text in axes.texts}
    assert (2.5e9, 0.9) in marked
    assert WORDS["point"] in said and "P95  2,800" in said


def test_the_waterfall_foots() -> None:
    with canvas() as axes:
        flow_figures.waterfall(axes, NAMES, [5e9, -1e9, 4e9], [0, 2], labels=WORDS)
        gross, step, awarded = axes.patches
    assert step.get_y() == gross.get_height()
    assert step.get_y() + step.get_height() == awarded.get_height()


def test_money_stands_in_wan() -> None:
    with canvas() as axes:
        draw(flow_figures.waterfall, axes)
        axes.figure.canvas.draw()
        ticks = {label.get_text() for label in axes.get_yticklabels()}
    assert "5,000" in ticks  # 5e9 fen


def test_many_draws_make_no_large_curve() -> None:
    with canvas() as axes:
        need.confidence_curve(axes, np.repeat(TOTALS, 100), (0.9, 2.5e9, 2.4e9, 2.6e9), labels=WORDS)
        assert len(svg(axes)) < 300_000


def test_no_spread_is_drawn_too() -> None:
    with canvas() as axes:
        need.confidence_curve(axes, np.zeros(200, np.int64), (0.9, 0.0, 0.0, 0.0), labels=WORDS)
        svg(axes)
    with canvas() as axes:
        spread.common_factor(axes, np.zeros(200, np.int64), np.zeros(200, np.int64), 0.9, labels=WORDS)
        svg(axes)


def test_bands_of_agencies_on_too_few_draws_are_refused() -> None:
    """P5 and P95 need 200 draws, in the picture as in the table beneath it."""
    few = years.growth(results.result(199), None, "en")
    assert isinstance(few, Sentences) and "too few draws, not given" in few.text
    assert isinstance(years.growth(results.result(200), None, "en"), Picture)
