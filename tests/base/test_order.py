"""Sorting in given memory, against NumPy's stable sort."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simkit.base.order import COUNTS, sort_by

KEYS = st.one_of(st.integers(0, 3), st.integers(0, 2**16), st.integers(0, 2**63 - 1))


@given(st.lists(KEYS, min_size=1, max_size=80), st.integers(0, 5))
def test_ascending_and_equal_keys_stay_as_they_came(keys: list[int], beyond: int) -> None:
    given_keys = np.array(keys + [0] * beyond, dtype=np.int64)
    work, room = given_keys.copy(), [np.zeros(len(given_keys), dtype=np.int64) for _ in range(3)]
    sort_by(work, len(keys), room[0], room[1], room[2], np.zeros(COUNTS, dtype=np.int64))
    expected = np.argsort(np.array(keys, dtype=np.int64), kind="stable")
    assert room[0][: len(keys)].tolist() == expected.tolist()
    assert work[: len(keys)].tolist() == sorted(keys)
