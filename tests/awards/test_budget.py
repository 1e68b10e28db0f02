"""Budget: each mode by hand with small numbers, and what must hold whatever the numbers."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.awards.budget import FundYears, settle_fund
from simkit.scenario.types import Appropriations

MODES = get_args(Appropriations.model_fields["mode"].annotation)
COLUMNS = [name for name in FundYears.__slots__ if name != "unpaid_by"]


def settle(
    due: Any,
    appropriation: list[int],
    mode: str,
    *,
    carry_over: bool = True,
    adjustable: Any = None,
    order: Any = None,
) -> FundYears:
    """One draw; `due` is [year][measure] of the first quarter, or [year][measure][quarter]."""
    table = np.array(due, dtype=np.int64)
    if table.ndim == 2:
        quarters = np.zeros((*table.shape, 4), dtype=np.int64)
        quarters[..., 0] = table
        table = quarters
    measures = table.shape[1]
    return settle_fund(
        table[None],
        np.array(appropriation, dtype=np.int64),
        mode=mode,
        carry_over=carry_over,
        adjustable=np.array([False] * measures if adjustable is None else adjustable),
        order=list(range(measures)) if order is None else order,
    )


def check(found: FundYears, **expected: list[int]) -> None:
    """All columns; those that are not named are zeros."""
    for name in COLUMNS:
        column = getattr(found, name)[0].tolist()
        assert column == expected.get(name, [0] * len(column)), name


def test_carry_over_is_spent_first_and_lapses_after_a_year() -> None:
    """100 voted and 60 due: 40 stay; they go first; what is left of them after the next year is 结余."""
    found = settle([[60], [10], [150]], [100, 100, 40], "none")
    check(
        found,
        due=[60, 10, 150],
        paid=[60, 10, 150],
        carry_in=[0, 40, 100],
        carry_out=[40, 100, 0],
        lapsed=[0, 30, 0],
        overrun=[0, 0, 10],
    )


def test_carried_money_that_is_spent_whole_does_not_lapse() -> None:
    """40 carried, 70 due of 100 new: 40 and 30 are spent, 70 of the new stay."""
    found = settle([[60], [70]], [100, 100], "defer")
    check(found, due=[60, 70], paid=[60, 70], carry_in=[0, 40], carry_out=[40, 70])


def test_without_carry_over_what_is_left_lapses_at_once() -> None:
    found = settle([[60], [130]], [100, 100], "none", carry_over=False)
    check(found, due=[60, 130], paid=[60, 130], lapsed=[40, 0], overrun=[0, 30])


def test_deferral_pays_the_oldest_first_and_owes_the_rest_at_the_horizon() -> None:
    """50 owed of year 1 come before the 80 of year 2; 30 are still owed at the end: a liability."""
    found = settle([[150], [80], [0]], [100, 70, 30], "defer")
    check(
        found,
        due=[150, 80, 0],
        paid=[100, 70, 30],
        deferred_in=[0, 50, 60],
        deferred_out=[50, 60, 30],
    )


def test_what_was_deferred_is_paid_before_anything_is_carried() -> None:
    found = settle([[150], [10], [0]], [100, 100, 0], "defer")
    check(
        found,
        due=[150, 10, 0],
        paid=[100, 60, 0],
        deferred_in=[0, 50, 0],
        deferred_out=[50, 0, 0],
        carry_in=[0, 0, 40],
        carry_out=[0, 40, 0],
        lapsed=[0, 0, 40],
    )


def test_without_a_mode_all_is_paid_and_the_overrun_shown() -> None:
    found = settle([[150], [80]], [100, 70], "none")
    check(found, due=[150, 80], paid=[150, 80], overrun=[50, 10])


@pytest.mark.parametrize("mode", ["pro_rata", "priority", "first_come", "pro_rata_adjustable"])
def test_rationing_extinguishes(mode: str) -> None:
    """What a short year does not pay is never owed again; a rich year pays in full."""
    found = settle([[90, 60], [20, 20]], [100, 100], mode, adjustable=[True, True])
    check(found, due=[150, 40], paid=[100, 40], unpaid=[50, 0], carry_out=[0, 60])


#: Three measures, of which 100 are to be paid; the last column: what each is not paid.
SHORT: list[tuple[str, Any, list[int]]] = [
    # 150 due of 50, 60, 40: two thirds of each; 33.33, 40, 26.67: the last fen to the largest remainder.
    ("pro_rata", [[[50, 0, 0, 0], [60, 0, 0, 0], [40, 0, 0, 0]]], [17, 20, 13]),
    # The first is not adjustable: 50 in full, 50 on 60 and 40.
    ("pro_rata_adjustable", [[[50, 0, 0, 0], [60, 0, 0, 0], [40, 0, 0, 0]]], [0, 30, 20]),
    # The last, then the first, then the second.
    ("priority", [[[50, 0, 0, 0], [60, 0, 0, 0], [40, 0, 0, 0]]], [0, 50, 0]),
    # 30 of the first quarter, 40 of the second; 30 are left for the 60 of the third, none for the fourth.
    ("first_come", [[[30, 0, 0, 20], [0, 0, 60, 0], [0, 40, 0, 0]]], [20, 30, 0]),
]


@pytest.mark.parametrize(("mode", "due", "unpaid_by"), SHORT, ids=[one[0] for one in SHORT])
def test_who_is_not_paid_depends_on_the_mode(mode: str, due: Any, unpaid_by: list[int]) -> None:
    found = settle(due, [100], mode, adjustable=[False, True, True], order=[2, 0, 1])
    assert found.unpaid_by[0, 0].tolist() == unpaid_by
    check(found, due=[150], paid=[100], unpaid=[50])


def test_entitled_measures_alone_may_be_too_many() -> None:
    """Nothing is left for the adjustable; the entitled share in proportion."""
    found = settle([[120, 80, 50]], [100], "pro_rata_adjustable", adjustable=[False, False, True])
    assert found.unpaid_by[0, 0].tolist() == [60, 40, 50]


def test_largest_remainders_get_the_last_fen() -> None:
    """Seven equal claims on 10 fen: ten sevenths each; three get two, in order; all add up."""
    found = settle([[5] * 7], [10], "pro_rata")
    assert found.unpaid_by[0, 0].tolist() == [3, 3, 3, 4, 4, 4, 4]
    # Remainders of 1 x 5/9, 3 x 5/9 and 5 x 5/9: 5/9, 6/9, 7/9 on top of 0, 1, 2.
    found = settle([[1, 3, 5]], [5], "pro_rata")
    assert found.unpaid_by[0, 0].tolist() == [1, 1, 2]


@given(st.lists(st.integers(0, 10**13), min_size=1, max_size=8), st.integers(0, 10**14))
def test_pro_rata_adds_up_and_is_within_a_fen(due: list[int], money: int) -> None:
    """Each part of the exact share, rounded up or down, and never more than is due."""
    found = settle([due], [money], "pro_rata")
    paid = np.array(due) - found.unpaid_by[0, 0]
    total = sum(due)
    assert paid.sum() == min(total, money)
    for part, one in zip(due, paid.tolist(), strict=True):
        assert 0 <= one <= part
        if total > money:
            assert abs(one * total - part * money) < total


def test_pro_rata_on_adjustable_spares_the_entitled() -> None:
    """Entitled 70 in full, the adjustable 60 share 30; where the entitled alone are too many, 0 is left."""
    found = settle([[70, 40, 20]], [100], "pro_rata_adjustable", adjustable=[False, True, True])
    check(found, due=[130], paid=[100], unpaid=[30])
    found = settle([[170, 40, 20]], [100], "pro_rata_adjustable", adjustable=[False, True, True])
    check(found, due=[230], paid=[100], unpaid=[130])


@given(
    st.lists(st.lists(st.integers(0, 10**12), min_size=3, max_size=3), min_size=1, max_size=5),
    st.data(),
    st.sampled_from(MODES),
    st.booleans(),
)
def test_money_is_neither_made_nor_lost(due: list[list[int]], data: Any, mode: str, carry_over: bool) -> None:
    """Every fen due is paid, unpaid or owed; every fen voted is paid, carried or lapsed."""
    voted = data.draw(st.lists(st.integers(0, 2 * 10**12), min_size=len(due), max_size=len(due)))
    found = settle(due, voted, mode, carry_over=carry_over, adjustable=[True, False, True], order=[2, 0, 1])
    assert (found.due + found.deferred_in == found.paid + found.unpaid + found.deferred_out).all()
    money = np.array(voted) + found.carry_in
    assert (money + found.overrun == found.paid + found.carry_out + found.lapsed).all()
    assert (found.carry_in[:, 1:] == found.carry_out[:, :-1]).all()
    assert (found.deferred_in[:, 1:] == found.deferred_out[:, :-1]).all()
    for name in FundYears.__slots__:
        assert (getattr(found, name) >= 0).all(), name
    assert (found.unpaid_by.sum(axis=2) == found.unpaid).all()
    assert (found.unpaid_by[0] <= np.array(due)).all()
    if mode != "none":
        assert not found.overrun.any()
        assert (found.paid <= money).all()
    if mode != "defer":
        assert not found.deferred_out.any()
    if mode in ("none", "defer"):
        assert not found.unpaid.any()
    # Nothing is left unpaid while there is money.
    left = found.unpaid + found.deferred_out > 0
    if mode != "none":
        assert (found.paid == money)[left].all()


def test_draws_are_settled_apart() -> None:
    """A short draw does not touch a rich one."""
    due = np.zeros((2, 1, 2, 4), dtype=np.int64)
    due[0, 0, :, 0], due[1, 0, :, 0] = [80, 80], [10, 10]
    for mode in MODES:
        found = settle_fund(
            due, np.array([100]), mode=mode, carry_over=True, adjustable=np.array([True, True]), order=[0, 1]
        )
        assert found.paid[:, 0].tolist() == ([160, 20] if mode == "none" else [100, 20])
        assert found.carry_out[:, 0].tolist() == [0, 80]
