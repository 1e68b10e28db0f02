"""Fixtures of the tests that nothing is lost: results of one name, commands on a small scenario, files in use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simkit.cli import main
from simkit.report.make.batch import build_reports
from simkit.runs.result import Result
from tests.report.batch_inputs import SHOW, scenarios, small_making
from tests.runs.test_store import made

DRAWS = 20


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Result]:
    """Two results of one name: the second as other code would give it, other in every file but the policy's."""
    one = made(tmp_path_factory.mktemp("scenario"))
    rows = replace(one.outlays, fen=one.outlays.fen + 1)
    plan = {**one.scenario.plan_data, "about": {"zh": "改", "en": "changed"}}
    return one, replace(one, outlays=rows, seed=10, scenario=replace(one.scenario, plan_data=plan))


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notebooks_here: None) -> Callable[..., int]:
    """`simkit` on a small scenario, with a small notebook for its report and few draws."""
    folder = scenarios(tmp_path / "in", "one")
    making = small_making(tmp_path, SHOW)
    real = build_reports
    monkeypatch.setattr(
        "simkit.cli.report.build_reports",
        lambda *words, **values: real(*words, **(values | {"making": making})),
    )

    def call(command: str, *words: object, lang: str = "zh") -> int:
        given = [
            command,
            folder / "one.yaml",
            "--draws",
            DRAWS,
            "--seed",
            1,
            "--jobs",
            1,
            "--out",
            tmp_path / "out",
        ]
        return main([*map(str, [*given, *words]), "--lang", lang])

    return call


@pytest.fixture
def other_code(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the program be of another version: what it writes is other, and nothing is as it was."""

    def use(name: str) -> None:
        for place_of in ("simkit.runs.store.figures_digest", "simkit.runs.versions.figures_digest"):
            monkeypatch.setattr(place_of, lambda: name)
        monkeypatch.setattr("simkit.report.make.record._sources_digest", lambda: name)
        monkeypatch.setattr("simkit.report.tables.opening.running_head", lambda *_: name)
        monkeypatch.setattr("simkit.report.make.outputs.running_head", lambda *_: name)
        monkeypatch.setattr("simkit.report.make.outputs.title", lambda *_: name)

    return use


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[Path]]:
    """Paths that refuse to be replaced, moved or removed, as on Windows while a program has them open."""
    paths: set[Path] = set()
    real = os.replace

    def refuse(source: Any, target: Any) -> None:
        if paths & {Path(source), Path(target)}:
            held = PermissionError(13, "The process cannot access the file", str(target))
            held.winerror = 32  # type: ignore[attr-defined,unused-ignore]
            raise held
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    yield paths
