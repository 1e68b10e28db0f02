"""Store: a result comes back as it was, from its folder alone; whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.errors import InputError, RunError
from simkit.base.written import RECORD
from simkit.runs import parquet, store
from simkit.runs.loading import load_result
from simkit.runs.manifest import read_manifest
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.runs.store import check_writable, run_name, save_result
from simkit.scenario import load_scenario
from tests.killed import content
from tests.small_scenarios import assumed, claim, fixed, measure, write_scenario

ARRAYS = ("money", "counts", "outside", "taken", "agencies_at", "agencies_awarded", "worth", "agencies")
FILES = {"outlays.parquet", "draws.npz", "policy.json", "scenario.json", "manifest.json"}
ALL = FILES | {RECORD}
WORDS = {"zh": "某", "en": "some"}


def made(folder: Path, draws: int = 60) -> Result:
    """Two measures, two funds, an overlay and appropriations that are short."""
    funds = {
        "hr": {"name": WORDS, "department": "hr", "level": "city", "special": True},
        "local": {"name": WORDS, "department": "hr", "level": "district", "per_district": True},
    }
    cap = {"most": {"per": "agency", "within": "year", "amount": "15万元"}}
    law = {
        "unit": "yuan",
        "variables": {"x": {"dist": "lognormal", "mean": "20万元", "cv": 1}},
        "source": "made_up",
    }
    path = write_scenario(
        folder,
        {
            "one": measure(
                {"kind": "rate", "rate": "50%"}, caps=cap, payers={"shares": {"hr": "70%", "local": "30%"}}
            ),
            "two": measure(fixed("1万元"), lag_days=100),
        },
        {"one": claim(1, frequency="poisson", base=law), "two": claim(0.5)},
        years=(2024, 2025),
        start=20,
        policy={"funds": funds, "districts": ["甲", "乙"]},
        population={"districts": {"甲": assumed(0.5), "乙": assumed(0.5)}},
        appropriations={
            "amounts": {"hr": {2024: "50万元", 2025: "60万元"}},
            "mode": "pro_rata",
            "label": WORDS,
        },
    )
    changes = {"measures.one.caps.most.amount": "12万元"}
    return run(load_scenario(path, changes=changes), draws=draws, seed=9, jobs=1)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("scenario")
    found = made(folder)
    shutil.rmtree(folder)  # a saved result needs no file of the scenario
    return found


@pytest.fixture
def saved(result: Result, tmp_path: Path) -> Path:
    return save_result(result, tmp_path / "reports" / "small" / "run")


def rows(result: Result) -> list[Any]:
    outlays = result.outlays
    cells = outlays.cells[outlays.cell].tolist()
    return list(zip(outlays.draw.tolist(), cells, outlays.fen.tolist(), strict=True))


def test_a_result_comes_back_as_it_was(result: Result, saved: Path) -> None:
    assert {path.name for path in saved.iterdir()} == ALL
    again = load_result(saved)
    assert (again.seed, again.draws, again.levers) == (result.seed, result.draws, result.levers)
    for name in ARRAYS:
        before, after = getattr(result, name), getattr(again, name)
        assert before.dtype == after.dtype and np.array_equal(before, after), name
    assert rows(again) == rows(result) and len(rows(result)) > 100
    assert again.outlays.draws == result.draws
    for name in ("plan", "policy", "changes", "name", "file", "digests"):
        assert getattr(again.scenario, name) == getattr(result.scenario, name), name
    assert again.paid_years == result.paid_years
    assert np.array_equal(again.paid(special=True), result.paid(special=True))
    for field in ("measure", "fund", "district", "earned", "quarter"):
        assert np.array_equal(again.paid_by(field, 2024), result.paid_by(field, 2024)), field
    assert again.budget is not None and result.budget is not None
    assert np.array_equal(again.budget.funds["hr"].unpaid, result.budget.funds["hr"].unpaid)
    assert result.budget.funds["hr"].unpaid.sum() > 0


def test_saving_twice_gives_the_same_figures_files(result: Result, tmp_path: Path) -> None:
    """Same inputs, same bytes (law 9), but for nothing."""
    one, two = (save_result(result, tmp_path / name) for name in ("one", "two"))
    for name in FILES:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_the_manifest_says_how_to_make_it_again(result: Result, saved: Path) -> None:
    manifest = read_manifest(saved)
    assert manifest["seed"] == 9 and manifest["draws"] == 60
    assert manifest["digests"] == dict(result.scenario.digests)
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    (change,) = manifest["overlay"]
    assert change == {"path": "measures.one.caps.most.amount", "before": "15万元", "after": "12万元"}
    assert manifest["versions"]["numpy"] == np.__version__
    assert len(manifest["code"]["commit"]) in (0, 40)


def test_a_name_is_that_of_the_inputs() -> None:
    names = {
        run_name(*inputs)
        for inputs in (
            ("a", "b", 10, 1),
            ("x", "b", 10, 1),
            ("a", "x", 10, 1),
            ("a", "b", 11, 1),
            ("a", "b", 10, 2),
        )
    }
    assert len(names) == 5
    assert run_name("a", "b", 10, 1) in names
    assert run_name("a", "b", 10, 1, "crude") in names
    assert run_name("a", "b", 10, 1, "latin") not in names


@pytest.mark.parametrize("name", sorted(FILES - {"manifest.json"}))
def test_a_changed_byte_is_noticed(saved: Path, name: str) -> None:
    """In the middle of any file; and a file that is gone."""
    path = saved / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"{name}: expected the file of the run, found another content"):
        load_result(saved)
    path.unlink()
    with pytest.raises(InputError, match=f"{name}: expected the file of the run, found no such file"):
        load_result(saved)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "found no manifest.json"),
        ("", "expected a manifest"),
        ("[]", "format: expected"),
        ('{"format": 3}', "expected a manifest, found scenario, file, seed, draws"),
        ("{", "expected a manifest"),
        ('{"format": 99}', "format: expected .*, found 99"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path: Path, content: str | None, words: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(InputError, match=words):
        load_result(tmp_path)


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["parquet", "arrays", "json", "manifest", "replace"])
@pytest.mark.parametrize("failure", [full, interrupted])
def test_a_write_that_fails_leaves_nothing(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: Callable[..., None]
) -> None:
    """At every step; an older result in that place stays whole, and a later write works."""
    folder = tmp_path / "reports" / "run"
    save_result(result, folder)
    before, other = content(folder), replace(result, seed=10)
    broken = {
        "parquet": (parquet.pq, "ParquetWriter"),
        "arrays": (store.np, "savez_compressed"),
        "json": (store, "_write_json"),
        "manifest": (store, "code_version"),
        "replace": (os, "replace"),
    }
    error, words = (
        (RunError, "No space left on device; this run was not saved")
        if failure is full
        else (KeyboardInterrupt, None)
    )
    for place in (folder, tmp_path / "reports" / "new"):
        with monkeypatch.context() as patched:
            patched.setattr(*broken[step], failure)
            with pytest.raises(error, match=words):
                save_result(other, place)
        assert [path.name for path in folder.parent.iterdir()] == ["run"]
    after = content(folder)
    assert before.pop(RECORD) in after.pop(RECORD) and after == before
    assert load_result(save_result(result, folder)).draws == result.draws


@pytest.mark.parametrize("failure", [full, interrupted])
def test_an_older_result_comes_back_when_the_new_one_cannot_take_its_place(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Callable[..., None]
) -> None:
    """Any of the renames fails, or is interrupted: two that move the old files away, two that bring the new."""
    folder = save_result(result, tmp_path / "run")
    (folder / "mark").write_text("old")
    before = content(folder)
    other = replace(result, seed=10)
    real = os.replace
    for number in (1, 2, 3, 4):
        calls: list[Any] = []

        def one_fails(*names: Any, number: int = number, calls: list[Any] = calls) -> None:
            calls.append(names)
            if len(calls) == number:
                failure()
            real(*names)

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", one_fails)
            with pytest.raises((RunError, KeyboardInterrupt)):
                save_result(other, folder)
        after = content(folder)
        del after[RECORD]  # it knows of the new files before they are there
        assert after == {name: one for name, one in before.items() if name != RECORD}
        assert [path.name for path in tmp_path.iterdir()] == ["run"]
        assert load_result(folder).seed == result.seed
    assert load_result(save_result(other, folder)).seed == 10


def test_another_run_that_was_faster_harms_nobody(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder appears just before this one's would: with all files, with some, with a person's own."""
    whole = save_result(result, tmp_path / "whole")
    real, folder, there = os.replace, tmp_path / "run", []

    def beaten(source: Any, target: Any) -> None:
        if Path(target) == folder and not folder.exists():
            folder.mkdir()
            for path in (whole / name for name in there):
                shutil.copy(path, folder / path.name)
            (folder / "mark").write_text("the other's")
        real(source, target)

    monkeypatch.setattr(os, "replace", beaten)
    for names in (ALL, {"draws.npz", RECORD}, set()):
        there[:] = sorted(names)
        assert save_result(result, folder) == folder
        assert {path.name for path in folder.iterdir()} == ALL | {"mark"}
        assert (folder / "mark").read_text() == "the other's"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "whole"]
        load_result(folder)
        shutil.rmtree(folder)


def test_a_killed_process_leaves_no_run(tmp_path: Path) -> None:
    """Killed while it writes: the folder is absent, and the next run can have it."""
    write = (
        "import os, sys; from pathlib import Path; from simkit.runs import store;"
        "from tests.runs.test_store import made;"
        "store._write_json = lambda *_: os._exit(9);"
        "store.save_result(made(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    root = Path(store.__file__).parents[2]
    folder = tmp_path / "reports" / "run"
    done = subprocess.run(
        [sys.executable, "-c", write, str(tmp_path / "scenario"), str(folder)],
        cwd=root,
        timeout=300,
        check=False,
    )
    assert done.returncode == 9
    assert not folder.exists()
    with pytest.raises(InputError, match="found no manifest"):
        load_result(folder)
    assert load_result(save_result(made(tmp_path / "again"), folder)).draws == 60


def test_a_folder_that_cannot_be_written_is_named(result: Result, tmp_path: Path) -> None:
    """Before the run as an input, after it as a failure: a file stands where a folder should be."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match=r"file.run: expected a folder that can be written to.*--out DIR"):
        check_writable(tmp_path / "file" / "run")
    with pytest.raises(RunError, match="cannot be written"):
        save_result(result, tmp_path / "file" / "run")
    assert (tmp_path / "file").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_is_named_before_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.tempfile, "TemporaryFile", full)
    with pytest.raises(InputError, match="No space left on device"):
        check_writable(tmp_path / "new")


def test_the_saved_files_open_without_simkit(saved: Path, result: Result) -> None:
    """Rows of design.md, section 2, with names instead of numbers; they add up."""
    import pandas as pd

    table = pd.read_parquet(saved / "outlays.parquet")
    assert list(table.columns) == [
        "draw",
        "earned_year",
        "paid_year",
        "measure",
        "fund",
        "district",
        "quarter",
        "fen",
    ]
    assert int(table["fen"].sum()) == int(result.outlays.fen.sum())
    assert set(table["measure"].unique()) == {"one", "two"}
    assert set(table["district"].unique()) == {"", "甲", "乙"}
    assert json.loads((saved / "policy.json").read_text(encoding="utf-8"))["id"] == "small"
