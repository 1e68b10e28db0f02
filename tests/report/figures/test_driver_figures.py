"""Figures of what-if answers: what they mark, every letter, and the same twice."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from simkit.report.figures import drivers as figures
from simkit.report.papers.drawing import COLOURS, canvas, svg

NAMES = ["猎头引才奖励\n申报率", "eligible share", "出口基地（喆玥珺堃）"]
WORDS = dict.fromkeys(
    ("title", "x", "low", "high", "indistinct", "alone", "total"), "说明：专项经费，95%区间"
)
LOW, HIGH = [-150e6, 20e6, -1e6], [160e6, -30e6, -3e6]


def draw(name: str, axes: Axes) -> Axes:
    ways = {
        "tornado": lambda: figures.tornado(axes, NAMES, LOW, HIGH, [True, True, False], labels=WORDS),
        "shares": lambda: figures.shares(
            axes, NAMES, [(0.1, 0.08, 0.12), (0, 0, 0.01), (0, 0, 0)], [(0.2, 0.1, 0.3)] * 3, labels=WORDS
        ),
    }
    return ways[name]()


@pytest.mark.parametrize("name", figures.__all__)
def test_a_figure_is_drawn_with_every_letter_and_twice_the_same(name: str) -> None:
    with canvas() as axes:
        assert draw(name, axes) is axes
        text = svg(axes)
    assert text.startswith("<?xml") and "<text" not in text
    with canvas() as axes:
        draw(name, axes)
        assert svg(axes) == text


def test_the_tornado_s_bars_begin_at_zero_and_noise_is_grey() -> None:
    with canvas() as axes:
        draw("tornado", axes)
        bars = [(bar.get_x() + bar.get_width(), to_hex(bar.get_facecolor())) for bar in axes.patches]
        ends = [text.get_text() for text in axes.texts]
    assert [end for end, _ in bars] == [*LOW, *HIGH]
    assert all(bar.get_x() == 0 for bar in axes.patches)
    assert bars[0][1] == COLOURS["middle"] and bars[3][1] == COLOURS["main"]
    assert bars[2][1] == bars[5][1] not in (COLOURS["middle"], COLOURS["main"])
    # Ends on both sides are both said; of two on one side the further.
    assert sorted(ends) == sorted(["-150", "160", "-30", "20", "-3"])


def test_shares_have_their_intervals() -> None:
    with canvas() as axes:
        draw("shares", axes)
        lines = [line.get_segments() for line in axes.collections]
    ends = [x for one in lines[0] for x in (one[0][0], one[1][0])]
    assert ends == pytest.approx([0.08, 0.12, 0, 0.01, 0, 0])
    assert axes.get_xlim()[1] > 0.3
