"""Errors: they pickle, say where, and carry the exit code of their command."""

from __future__ import annotations

import pickle

import pytest

from simkit.base import errors
from simkit.base.errors import (
    Fault,
    FaultsError,
    InputError,
    Refusal,
    RunError,
    SimkitError,
    TooFewDrawsError,
)

FAULT = Fault(
    "policy.yaml",
    41,
    "measures.headhunting.caps.yearly.amount",
    "an amount > 0元",
    "'-5e5'",
    "did you mean 5e5",
)
EXAMPLES: list[SimkitError] = [
    SimkitError("error.no_paths"),
    InputError("error.out_of_range", name="draws", low=1, high=9, found="0"),
    RunError("error.not_written", path="x", reason=OSError(28, "no room")),
    FaultsError([FAULT, Fault("scenario.yaml", 0, "claims", "a measure", "none")]),
    TooFewDrawsError(Refusal("tail", 1, 20, 30, 600, 0.95)),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_errors_pickle(error: SimkitError) -> None:
    """Whole: class, words, and what they carry."""
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert other.exit_code == error.exit_code
    assert getattr(other, "faults", None) == getattr(error, "faults", None)
    assert getattr(other, "arguments", None) == getattr(error, "arguments", None)


def test_every_error_has_an_example() -> None:
    kinds = {getattr(errors, name) for name in errors.__all__ if name.endswith("Error")}
    assert kinds == {type(error) for error in EXAMPLES}


def test_exit_codes() -> None:
    """2 for what a person gave, 1 for a run that failed."""
    assert [error.exit_code for error in EXAMPLES] == [1, 2, 1, 2, 1]


def test_a_fault_says_where_what_was_expected_and_what_was_found() -> None:
    assert str(FAULT) == (
        "policy.yaml:41: measures.headhunting.caps.yearly.amount: expected an amount > 0元, found '-5e5' "
        "(did you mean 5e5)"
    )
    assert (
        str(Fault("roster.csv", 0, "B2", "a number", "'x'")) == "roster.csv: B2: expected a number, found 'x'"
    )
    assert str(FaultsError([FAULT, FAULT])).count("\n") == 1


def test_a_refused_figure_says_how_many_draws_it_needs() -> None:
    assert str(EXAMPLES[-1]) == (
        "tail value at risk at 95.0% rests on 1 of 20 draws; it needs 30: run at least 600 draws"
    )
