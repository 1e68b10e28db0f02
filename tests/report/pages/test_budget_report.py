"""The words of the report's sections, as far as what is known of the need changes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from simkit.report.pages.budget_report import open_report
from simkit.runs.simulate import run
from simkit.runs.store import save_result
from simkit.scenario import load_scenario

TOY = Path(__file__).parents[3] / "simkit" / "cli" / "toy" / "scenario.yaml"
FORMS = {
    (400, "zh"): "各次模拟中，2024年度自检资金支出均为40.00万元，按该数安排，每次都够用。",
    (
        400,
        "en",
    ): "The fund of the self-test pays 40.00 in 2024 in every draw, so that amount is enough in each.",
    (5, "zh"): "下表列出专项经费口径和全政策口径；模拟次数不足的数额不予给出。",
    (
        5,
        "en",
    ): "The table shows the special fund and the whole policy; figures with too few draws are not given.",
}


@pytest.mark.parametrize(("draws", "lang"), FORMS)
def test_a_need_that_is_the_same_in_every_draw_is_not_enough_with_only_100_percent(
    draws: int, lang: str, tmp_path: Path
) -> None:
    folder = save_result(run(load_scenario(TOY), draws=draws, seed=1), tmp_path / "run")
    report = open_report(str(folder), {}, lang)
    assert FORMS[draws, lang] in report.words("headline")
    assert "100%" not in report.words("headline") + report.words("confidence")
    assert "90%" not in report.words("confidence")
