"""Which running sums claims share, and the chains that they make through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from simkit.base.arrays import IndexArray, Records
from simkit.base.days import years_of
from simkit.policy.tables import CompiledPolicy

__all__ = ["NONE", "chain_numbers", "local_numbers", "sum_keys"]

#: Key of a row that has no such running sum.
NONE = -1

#: One row of Records.
Record = Any


def sum_keys(policy: CompiledPolicy, members: Sequence[int], rows: Records) -> IndexArray:
    """Which running sums each row has, int64[key, row]: covered, account, used by slot, counted by slot."""
    year = years_of(rows["earned"])
    account = _numbered(rows["draw"], rows["measure"], rows["agency"], year)
    running = [_running(policy, number) for number in members]
    slots = max(map(len, running))
    # What names a sum: which matter or cap (NONE: no such sum), the year, whose it is, the claim's own number.
    names = np.full((1 + 2 * slots, 4, len(rows)), NONE)
    for place, number in enumerate(members):
        ours = np.flatnonzero(rows["measure"] == place)
        named = _named(policy.measures[number], [policy.caps[cap] for cap in running[place]], running[place])
        for key, (which, of_year, of_agency, own) in zip(
            _places(len(running[place]), slots), named, strict=True
        ):
            names[key, 0, ours] = which
            names[key, 1, ours] = year[ours] if of_year else 0
            names[key, 2, ours] = rows["agency"][ours] if of_agency else NONE
            names[key, 3, ours] = rows["matter"][ours] if own else 0
    numbers = [np.where(name[0] == NONE, NONE, _numbered(rows["draw"], *name)) for name in names]
    return np.stack([numbers[0], account, *numbers[1:]])


def _running(policy: CompiledPolicy, measure: int) -> list[int]:
    """The running caps of a measure."""
    table = policy.measures[measure]
    caps = range(table["cap_first"], table["cap_last"])
    return [cap for cap in caps if policy.caps["shared"][cap]]


def _places(caps: int, slots: int) -> list[int]:
    """Where the names of a measure's matter, its caps' sums and their parts stand among all."""
    return [0, *range(1, 1 + caps), *range(1 + slots, 1 + slots + caps)]


def _named(
    measure: Record, caps: Sequence[Record], numbers: Sequence[int]
) -> list[tuple[int, bool, bool, bool]]:
    """What names the sums of a measure, as in `awards.running`: which, and whether year, agency, own number do.

    The part of a cap's sum on the claim's own matter is named by the finer of both.
    """
    has, matter = measure["matter"] >= 0, measure["matter"] * 256 + measure["ledger_class"]
    keys = bool(measure["matter_year"]), bool(measure["matter_agency"]), bool(measure["matter_own"])
    used = [
        (number, bool(cap["by_year"]), bool(cap["by_agency"]), False)
        for number, cap in zip(numbers, caps, strict=True)
    ]
    counted = [
        (number if has else NONE, by_year or keys[0], by_agency or keys[1], keys[2])
        for number, by_year, by_agency, _ in used
    ]
    return [(int(matter) if has else NONE, *keys), *used, *counted]


def _numbered(*columns: IndexArray) -> IndexArray:
    """One number for each different row of some columns, in their order."""
    order = np.lexsort(columns[::-1])
    new = np.zeros(len(order), dtype=np.bool_)
    for column in columns:
        new |= np.diff(column[order], prepend=column[order[:1]]) != 0
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.cumsum(new)
    return numbers


def chain_numbers(keys: IndexArray) -> IndexArray:
    """Number of the chain of each row: rows that share a sum, and through them on."""
    rows = keys.shape[1]
    edges = []
    base = rows
    for key in keys:
        place = np.flatnonzero(key != NONE)
        values, number = np.unique(key[place], return_inverse=True)
        edges.append(np.stack([place, base + number.reshape(-1)]))
        base += len(values)
    ends = np.concatenate(edges, axis=1)
    if not rows:
        return np.zeros(0, dtype=np.int64)
    graph = sparse.coo_array((np.ones(ends.shape[1], dtype=np.int8), (ends[0], ends[1])), shape=(base, base))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1][:rows], dtype=np.int64)


def local_numbers(chain: IndexArray, key: IndexArray) -> IndexArray:
    """Numbers of the sums within their chain, from 0."""
    local = np.zeros(len(key), dtype=np.int64)
    place = np.flatnonzero(key != NONE)
    if len(place):
        number, owner = _numbered(chain[place], key[place]), chain[place]
        # Numbers ascend with the chain, so a chain's first is its smallest.
        first = np.full(int(owner.max()) + 1, len(key), dtype=np.int64)
        np.minimum.at(first, owner, number)
        local[place] = number - first[owner]
    return local
