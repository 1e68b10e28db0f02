"""Claims and what was paid before as columns with names, which the plain adjudicator and its opponents read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy.typing as npt

from simkit.awards.adjudicate import adjudicate, numbered
from simkit.awards.types import Awards
from simkit.claims.types import Claims, PaidBefore, claims_of, nothing_paid, paid_before_of
from simkit.policy.schema import Policy

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClaimColumns:
    """The columns of `Claims`; `attribute_names`: attribute and year of each column of `attributes`."""

    draw: Array
    agency: Array
    measure: Array
    key: Array
    matter: Array
    earned: Array
    filed: Array
    decided: Array
    base: Array
    first_time: Array
    score: Array
    district: Array
    attributes: Array
    attribute_names: tuple[tuple[str, int], ...]

    def __len__(self) -> int:
        return len(self.draw)

    def claims(self) -> Claims:
        """As they travel."""
        columns = {one.name: getattr(self, one.name) for one in fields(self)}
        del columns["attribute_names"]
        return claims_of(**columns)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaidColumns:
    """The columns of `PaidBefore`."""

    measure: Array
    agency: Array
    key: Array
    matter: Array
    earned: Array
    award: Array

    def paid_before(self) -> PaidBefore:
        """As they travel."""
        return paid_before_of(**{one.name: getattr(self, one.name) for one in fields(self)})


def decided(policy: Policy, claims: ClaimColumns, paid_before: PaidColumns | None = None) -> Awards:
    """`adjudicate` on columns."""
    before = None if paid_before is None else paid_before.paid_before()
    return adjudicate(policy, claims.claims(), before, attribute_names=claims.attribute_names)


def desk_rows(claims: ClaimColumns, paid_before: PaidColumns | None = None) -> tuple[Claims, PaidBefore]:
    """Columns as a Desk reads them."""
    return numbered(claims.claims(), nothing_paid() if paid_before is None else paid_before.paid_before())
