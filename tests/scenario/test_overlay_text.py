"""Overlays as files: they lay what was changed, and what is there already is never overwritten unasked."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from simkit.base import whole_files
from simkit.base.errors import InputError, RunError
from simkit.scenario import ScenarioFile
from simkit.scenario.overlay_text import is_name, overlay_text, write_overlays

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
CHANGES = {"measures.headhunting.caps.yearly.amount": "40万元", "measures.headhunting.award.rate": "45%"}


def text_of(file: ScenarioFile) -> str:
    return overlay_text(
        {
            "name": "cap_40",
            "title": {"zh": "猎头上限40万元: 'x'", "en": "cap: 40"},
            "base": file.lay().plan.id,
            "base_digest": file.base_digest,
            "author": "财政局 # 预算处",
            "date": datetime.date(2026, 11, 22),
            "reason": {"zh": "压减\n试算", "en": "to save"},
            "changes": CHANGES,
        }
    )


def test_the_file_lays_what_was_changed(tmp_path: Path) -> None:
    file = ScenarioFile(BASELINE)
    (path,) = write_overlays({"cap_40": text_of(file)}, tmp_path / "overlays")
    assert path == tmp_path / "overlays" / "cap_40.yaml"
    laid, shown = file.lay([path]), file.lay(changes=CHANGES)
    assert laid.name == "baseline+cap_40"
    assert laid.policy == shown.policy and laid.plan == shown.plan
    assert [one.path for one in laid.changes] == list(CHANGES)


def test_another_file_is_never_overwritten(tmp_path: Path) -> None:
    (path,) = write_overlays({"one": "first"}, tmp_path)
    with pytest.raises(InputError, match="found files that exist"):
        write_overlays({"one": "second"}, tmp_path)
    assert path.read_text() == "first"


@pytest.mark.parametrize("name", ["", "../up", "Cap", "a b", "帽", "a" * 61, "a/b", "a\n"])
def test_a_name_is_a_name(name: str) -> None:
    assert is_name("cap_40") and not is_name(name)


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "overlays").write_text("a file where a folder is needed")
    with pytest.raises(RunError, match="cannot be written"):
        write_overlays({"one": "text"}, tmp_path / "overlays")

    def full(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunError, match="No space left"):
        write_overlays({"one": "text"}, tmp_path)
    left = [name for name in os.listdir(tmp_path) if name != ".written-by-simkit"]
    assert left == ["overlays"]


def test_a_file_that_appears_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the writing; the overlay that was written before it goes again, its own content stays."""
    real = whole_files._prepare

    def late(path: Path, partial: Path, text: str) -> None:
        real(path, partial, text)
        if path.name == "two.yaml":
            path.write_text("mine", encoding="utf-8")

    monkeypatch.setattr(whole_files, "_prepare", late)
    with pytest.raises(RunError, match=r"two\.yaml: cannot be written: File exists; nothing was kept"):
        write_overlays({"one": "a: 1\n", "two": "b: 1\n"}, tmp_path)
    assert [path.name for path in tmp_path.glob("*.yaml")] == ["two.yaml"]
    assert (tmp_path / "two.yaml").read_text("utf-8") == "mine"
