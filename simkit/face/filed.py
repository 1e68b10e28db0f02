"""Real claims: the rows of a frame as the desk decides them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from simkit.base.arrays import IndexArray
from simkit.claims.types import UNKNOWN, Claims, claims_of
from simkit.documents.cells import identity
from simkit.documents.table import plain
from simkit.face.columns import BASES, attribute_key
from simkit.face.filed_rows import FiledRow
from simkit.policy.columns import attribute_columns
from simkit.policy.schema import Policy

__all__ = ["Filed", "filed_claims"]


class Filed(NamedTuple):
    """The claims of a frame, in order of decision.

    Attributes
    ----------
    claims : Claims
    attribute_names : tuple of (str, int)
        Attribute and year of each column of the claims' attributes.
    order : int64[claim]
        The place in the frame of each claim.
    agencies : tuple of str
        Name of each agency, by the number that the claims have of it.
    """

    claims: Claims
    attribute_names: tuple[tuple[str, int], ...]
    order: IndexArray
    agencies: tuple[str, ...]


def filed_claims(policy: Policy, rows: Sequence[FiledRow]) -> Filed:
    """Rows without a fault as claims: by day of decision, then of filing, then as they stand."""
    measures, attributes = list(policy.measures), attribute_columns(policy)
    numbers, names = _agencies([row["agency"] for row in rows])
    bases = [BASES[policy.measures[row["measure"]].base_unit] for row in rows]
    values = [[row.get(attribute_key(*one), UNKNOWN) for one in attributes] for row in rows]

    def column(dtype: Any, found: Iterable[Any]) -> Any:
        return np.array(list(found), dtype=dtype)

    filed = column(np.int32, (row["filed"] for row in rows))
    decided = column(np.int32, (row.get("decided", row["filed"]) for row in rows))
    order = np.lexsort((filed, decided))
    columns = {
        "agency": column(np.int64, numbers),
        "measure": column(np.int16, (measures.index(row["measure"]) for row in rows)),
        "key": column(np.int64, _numbered(_folded(row.get("key", "")) for row in rows)),
        # A claim that names no matter is a matter of its own.
        "matter": column(np.int64, _numbered(_folded(row.get("matter", at)) for at, row in enumerate(rows))),
        "earned": column(np.int32, (row.get("earned", row["filed"]) for row in rows)),
        "filed": filed,
        "decided": decided,
        "base": column(np.int64, (row.get(key, 0) for key, row in zip(bases, rows, strict=True))),
        "first_time": column(np.bool_, (row.get("first_time", 0) for row in rows)),
        "score": column(np.float64, (row.get("score", 0.0) for row in rows)),
        "district": column(np.int16, (row.get("district", -1) for row in rows)),
        "attributes": column(np.int64, values).reshape(len(rows), len(attributes)),
    }
    claims = claims_of(**{name: one[order] for name, one in columns.items()})
    return Filed(claims, attributes, order.astype(np.int64), names)


def _folded(name: str | int) -> str | int:
    """A project or list by its name, whatever the width and case of its letters; a number stands for no name."""
    return plain(name).casefold() if isinstance(name, str) else name


def _numbered(keys: Iterable[Any]) -> list[int]:
    """Each different key as a number."""
    numbers: dict[Any, int] = {}
    return [numbers.setdefault(one, len(numbers)) for one in keys]


def _agencies(written: Sequence[str]) -> tuple[list[int], tuple[str, ...]]:
    """Agencies as numbers, and each one's name as it was first written."""
    numbers = _numbered(identity(one) for one in written)
    names = dict(zip(reversed(numbers), reversed(written), strict=True))
    return numbers, tuple(names[number] for number in sorted(names))
