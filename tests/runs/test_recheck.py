"""A saved run held against itself run again: the same to the bit, or the first figure that differs named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simkit.runs import recheck
from simkit.runs.loading import load_result
from simkit.runs.manifest import read_manifest
from simkit.runs.recheck import other_versions, rerun
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.runs.sparse_sums import tally
from simkit.runs.store import save_result
from simkit.scenario import load_scenario
from tests.report.batch_inputs import scenarios


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = scenarios(tmp_path_factory.mktemp("in"), "one")
    return run(load_scenario(folder / "one.yaml"), draws=60, seed=5, jobs=1)


def test_the_same_run_is_the_same(result: Result, tmp_path: Path) -> None:
    count, found = rerun(save_result(result, tmp_path / "run"), jobs=1)
    assert found is None
    assert count > len(result.outlays.fen) + result.money[...].size


@pytest.mark.parametrize("parameters", ["crude", "latin"])
def test_other_ways_of_drawing_are_run_as_they_were(result: Result, tmp_path: Path, parameters: str) -> None:
    again = run(result.scenario, draws=40, seed=2, jobs=1, parameters=parameters)
    assert rerun(save_result(again, tmp_path / "run"), jobs=1)[1] is None


def test_a_changed_outlay_is_named(result: Result, tmp_path: Path) -> None:
    """One fen more, saved with digests that are right: only running it again tells."""
    fen = result.outlays.fen.copy()
    fen[7] += 1
    changed = replace(result, outlays=replace(result.outlays, fen=fen))
    _, found = rerun(save_result(changed, tmp_path / "run"), jobs=1)
    assert found is not None and found.place == "outlays, row 7"
    assert found.saved.endswith(f"measure one, fund hr, district -1, quarter 4: {fen[7]} fen")
    assert found.now.endswith(f"{fen[7] - 1} fen") and f"draw {result.outlays.draw[7]}," in found.saved


def test_a_missing_outlay_is_named(result: Result, tmp_path: Path) -> None:
    outlays = result.outlays
    less = replace(outlays, draw=outlays.draw[:-1], cell=outlays.cell[:-1], fen=outlays.fen[:-1])
    _, found = rerun(save_result(replace(result, outlays=less), tmp_path / "run"), jobs=1)
    assert found is not None and found.place == "outlays, rows"
    assert (found.saved, found.now) == (f"{len(less.fen):,}", f"{len(outlays.fen):,}")


@pytest.mark.parametrize("name", ["counts", "outside", "taken", "agencies_at", "agencies_awarded"])
def test_a_changed_tally_is_named(result: Result, tmp_path: Path, name: str) -> None:
    whole = getattr(result, name)[...].copy()
    place = (33, *(0 for _ in whole.shape[1:]))
    whole[place] += 1
    _, found = rerun(save_result(replace(result, **{name: tally(whole)}), tmp_path / "run"), jobs=1)
    assert found is not None and found.place.startswith(f"{name}, draw 33, one")
    assert int(found.saved) == int(found.now) + 1


def test_changed_money_is_named_with_its_step(result: Result, tmp_path: Path) -> None:
    whole = result.money[...].copy()
    whole[11, 0, 0, 6] += 5
    whole[11, 0, 0, 0] += 5
    changed = replace(result, money=tally(whole, 6))
    _, found = rerun(save_result(changed, tmp_path / "run"), jobs=1)
    assert found is not None and found.place == "money, draw 11, one, earned 2024, gross"


@pytest.mark.parametrize("name", ["agencies_any", "worth", "agencies"])
def test_a_changed_array_is_named(result: Result, tmp_path: Path, name: str) -> None:
    whole = getattr(result, name).copy()
    whole[4, 0] += 1
    _, found = rerun(save_result(replace(result, **{name: whole}), tmp_path / "run"), jobs=1)
    assert found is not None and found.place == f"{name}, 4, 0"
    assert int(found.saved) == int(found.now) + 1


def test_draws_beyond_the_first_portion_are_compared(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recheck, "_PORTION", 7)
    whole = result.counts[...].copy()
    whole[59, 0, 0, 5] += 1
    _, found = rerun(save_result(replace(result, counts=tally(whole)), tmp_path / "run"), jobs=1)
    assert found is not None and found.place == "counts, draw 59, one, earned 2024, awarded"


def test_other_code_and_packages_are_told(result: Result, tmp_path: Path) -> None:
    manifest = read_manifest(save_result(result, tmp_path / "run"))
    assert other_versions(manifest) == []
    manifest["versions"]["numpy"] = "0.1"
    manifest["code"]["sources"] = "f" * 64
    found = {name: (then, now) for name, then, now in other_versions(manifest)}
    assert found["numpy"] == ("0.1", np.__version__)
    assert found["sources"][0] == "f" * 12 and set(found) == {"numpy", "sources"}


def test_a_saved_result_is_loaded_as_before(result: Result, tmp_path: Path) -> None:
    folder = save_result(result, tmp_path / "run")
    assert np.array_equal(load_result(folder).money[...], result.money[...])
