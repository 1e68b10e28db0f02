"""Sliders as an overlay's file: it lays what was shown, and nothing is ever overwritten."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from simkit.base.errors import InputError, RunError
from simkit.documents.models import Text
from simkit.scenario import ScenarioFile
from simkit.scenario.overlay_writing import overlay_text, write_overlay

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
CHANGES = {"measures.headhunting.caps.yearly.amount": "40万元", "measures.headhunting.award.rate": "45%"}


@pytest.fixture(scope="module")
def file() -> ScenarioFile:
    return ScenarioFile(BASELINE)


def text_of(file: ScenarioFile, name: str = "cap_40") -> str:
    return overlay_text(
        file.lay(),
        CHANGES,
        base_digest=file.base_digest,
        name=name,
        title=Text(zh="猎头上限40万元: 'x'", en="cap: 40"),
        author="财政局 # 预算处",
        reason=Text(zh="压减\n试算", en="to save"),
        date=datetime.date(2026, 11, 22),
    )


def test_the_file_lays_what_was_shown(file: ScenarioFile, tmp_path: Path) -> None:
    path = write_overlay(text_of(file), tmp_path / "overlays", "cap_40")
    assert path == tmp_path / "overlays" / "cap_40.yaml"
    laid, shown = file.lay([path]), file.lay(changes=CHANGES)
    assert laid.name == "baseline+cap_40"
    assert laid.policy == shown.policy and laid.plan == shown.plan
    assert [one.path for one in laid.changes] == list(CHANGES)
    assert [one.name for one in path.parent.iterdir()] == ["cap_40.yaml"]


def test_another_file_is_never_overwritten(file: ScenarioFile, tmp_path: Path) -> None:
    path = write_overlay("first", tmp_path, "one")
    with pytest.raises(InputError, match="exists already"):
        write_overlay(text_of(file, "one"), tmp_path, "one")
    assert path.read_text() == "first" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["", "../up", "Cap", "a b", "帽", "a" * 61, "a/b", "a\n"])
def test_a_name_is_a_name(file: ScenarioFile, name: str) -> None:
    with pytest.raises(InputError, match="expected a name of lower-case"):
        text_of(file, name)


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "overlays").write_text("a file where a folder is needed")
    with pytest.raises(RunError, match="cannot be written"):
        write_overlay("text", tmp_path / "overlays", "one")
    assert os.listdir(tmp_path) == ["overlays"]


def test_a_failure_at_the_end_leaves_no_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunError, match="No space left"):
        write_overlay("text", tmp_path, "one")
    assert list(tmp_path.iterdir()) == []
