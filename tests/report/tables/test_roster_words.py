"""A list of agencies that is not of those which growth assumes: said above every figure and in the register."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import simkit
from simkit.report.papers.table import Language
from simkit.report.tables.assumptions import assumptions_register
from simkit.report.tables.opening import banners
from simkit.runs.simulate import run
from simkit.scenario import load_scenario


@pytest.mark.parametrize(("lang", "words"), [("zh", "机构名录有60家"), ("en", "The list has 60 agencies")])
@pytest.mark.parametrize(("start", "told"), [(100, True), (45, True), (76, True), (70, False), (60, False)])
def test_a_list_far_from_the_start_is_said_in_the_report(
    tmp_path: Path, lang: Language, words: str, start: int, told: bool
) -> None:
    folder = shutil.copytree(Path(simkit.__file__).parent / "cli" / "toy", tmp_path / "toy")
    (folder / "list.csv").write_text("name,line\n" + "".join(f"机构{at},all\n" for at in range(60)), "utf-8")
    changes = {"population.roster": "list.csv", "population.growth.start.value": start}
    result = run(load_scenario(folder / "scenario.yaml", changes=changes), draws=20, seed=1)
    for found in (banners(result, lang), assumptions_register(result, lang=lang).notes):
        assert [words in one for one in found].count(True) == told
