"""Claims as a person would write them in a frame."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from simkit.claims.types import UNKNOWN
from simkit.face.policy import Policy as FacePolicy
from simkit.policy.columns import amount_columns
from simkit.policy.schema import Policy
from tests.claim_columns import ClaimColumns

__all__ = ["face_of", "frame_of", "may_be_written"]

_COLUMNS = {"yuan": "amount", "usd": "amount_usd", "count": "count"}
_UNITS = {"yuan": "元", "usd": "美元"}


def face_of(policy: Policy) -> FacePolicy:
    return FacePolicy(policy, "policy.yaml")


def may_be_written(policy: Policy, claims: ClaimColumns) -> np.ndarray:
    """bool[claim]: whether each claim gives what its amount is computed from, and nothing below 0."""
    measures, names = list(policy.measures), claims.attribute_names
    given = claims.attributes != UNKNOWN
    found = ((claims.attributes >= 0) | ~given).all(axis=1)
    for row, measure in enumerate(claims.measure):
        needed = [names.index(one) for one in amount_columns(policy, measures[measure])]
        found[row] &= given[row, needed].all()
    return found


def frame_of(policy: Policy, claims: ClaimColumns) -> pd.DataFrame:
    """A row a claim, in order of decision; each is filed on the day on which it is decided."""
    return pd.DataFrame([_row(policy, claims, row) for row in range(len(claims))])


def _row(policy: Policy, claims: ClaimColumns, row: int) -> dict[str, Any]:
    name = list(policy.measures)[claims.measure[row]]
    unit = policy.measures[name].base_unit
    found = {
        "measure": name,
        "agency": f"机构{claims.agency[row]}",
        "filed": _day(claims.decided[row]),
        "earned": str(_day(claims.earned[row])),
        _COLUMNS[unit]: _amount(unit, int(claims.base[row])),
        "key": f"名目{claims.key[row]}",
        "matter": int(claims.matter[row]),
        "first_time": bool(claims.first_time[row]),
        "score": float(claims.score[row]),
    }
    for (of, year), value in zip(claims.attribute_names, claims.attributes[row].tolist(), strict=True):
        attribute, key = policy.attributes[of], f"{of}@{year}" if year else of
        if value == UNKNOWN:
            found[key] = None
        elif attribute.unit == "category":
            found[key] = attribute.values[value]
        else:
            found[key] = bool(value) if attribute.unit == "flag" else _amount(attribute.unit, value)
    return found


def _day(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day))


def _amount(unit: str, value: int) -> Any:
    return value if unit == "count" else f"{Decimal(value) / 100}{_UNITS[unit]}"
