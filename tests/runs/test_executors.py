"""Executors and neighbours move no figure (laws 3, 4, 9): threads, their number, blocks, other measures."""

from __future__ import annotations

import pickle
from functools import partial

import numpy as np
import pytest

from simkit.base.errors import InputError, RunError
from simkit.runs.executors import Executor, Serial, Threads
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from tests.runs.test_simulate import BASELINE, assert_same

DRAWS, SEED = 120, 3


def square(number: int) -> int:
    return number * number


def fail_at(wrong: int, number: int) -> int:
    if number == wrong:
        raise InputError("error.no_xlsx_name", path=number)
    return number


@pytest.mark.parametrize("executor", [Serial(), Threads(3)], ids=lambda one: type(one).__name__)
def test_results_come_in_the_order_of_the_tasks(executor: Executor) -> None:
    assert list(executor.map(square, range(20))) == [number * number for number in range(20)]
    assert list(executor.map(square, [])) == []


@pytest.mark.parametrize("executor", [Serial(), Threads(2)], ids=lambda one: type(one).__name__)
def test_an_error_comes_back_as_it_was(executor: Executor) -> None:
    """After the results before it; what simkit's error carries is not lost on the way."""
    found: list[int] = []
    with pytest.raises(InputError, match=r"^3: "):
        for one in executor.map(partial(fail_at, 3), range(10)):
            found.append(one)
    assert found == [0, 1, 2]


def test_errors_pickle_with_their_words() -> None:
    error = pickle.loads(pickle.dumps(RunError("error.no_xlsx_name", path="x")))
    assert (error.key, error.values) == ("error.no_xlsx_name", {"path": "x"})


# ------------------------------------------------------------------ runs


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load_scenario(BASELINE)


@pytest.fixture(scope="module")
def reference(baseline: Scenario) -> Result:
    return run(baseline, draws=DRAWS, seed=SEED, executor=Serial())


@pytest.mark.parametrize(
    ("executor", "block"),
    [
        (Threads(1), 50),
        (Threads(2), 33),
        (Threads(3), 7),
    ],
    ids=lambda one: f"{type(one).__name__}-{one.jobs}" if not isinstance(one, int) else str(one),
)
def test_workers_and_blocks_move_no_figure(
    baseline: Scenario, reference: Result, executor: Executor, block: int
) -> None:
    """One, two or three threads with blocks of odd sizes: the same to the fen, in the same types."""
    assert reference.outlays.fen.sum() > 0
    other = run(baseline, draws=DRAWS, seed=SEED, executor=executor, block=block)
    assert_same(other, reference)
    for name in ("draw", "cell", "fen", "cells"):
        assert getattr(other.outlays, name).tobytes() == getattr(reference.outlays, name).tobytes(), name
    for name in ("money", "counts", "outside", "taken", "agencies_at", "agencies_awarded"):
        one, two = getattr(other, name), getattr(reference, name)
        assert one.values.dtype == two.values.dtype and one.values.tobytes() == two.values.tobytes(), name


def alone(scenario: Scenario) -> list[str]:
    """Live measures with claims that meet no other: no matter, no total cap, no claims beside another's."""
    policy, claims = scenario.policy, scenario.plan.claims
    tied = {name for matter in policy.matters.values() for name in matter.members}
    tied |= {name for cap in policy.total_caps.values() for name in cap.measures}
    for name, plan in claims.items():
        if plan.companion is not None:
            tied |= {name, plan.companion.of}
    return [name for name, one in policy.measures.items() if one.live and name in claims and name not in tied]


def outlays_without(result: Result, left_out: str) -> np.ndarray:
    """Rows (draw, cell, fen) of all measures but one; the places of measures do not change."""
    outlays = result.outlays
    names = list(result.scenario.policy.measures)
    rows = outlays.cells["measure"][outlays.cell] != names.index(left_out)
    cells = outlays.cells[outlays.cell[rows]].tolist()
    return np.array(
        [
            (draw, *cell, fen)
            for draw, cell, fen in zip(outlays.draw[rows], cells, outlays.fen[rows], strict=True)
        ]
    )


def test_a_measure_removed_leaves_every_other_outlay(baseline: Scenario, reference: Result) -> None:
    """Four measures in turn that meet no other: the others' outlays stay, draw by draw, to the fen."""
    some = alone(baseline)
    assert len(some) >= 8
    removed = 0
    for name in some[:: len(some) // 4][:4]:
        less = run(
            load_scenario(BASELINE, changes={f"measures.{name}.status": "removed"}),
            draws=DRAWS,
            seed=SEED,
            jobs=2,
            block=37,
        )
        assert name not in [list(baseline.policy.measures)[one] for one in less.outlays.cells["measure"]]
        expected = outlays_without(reference, name)
        assert np.array_equal(outlays_without(less, name), expected), name
        removed += len(reference.outlays.fen) - len(expected)
    assert removed > 0
