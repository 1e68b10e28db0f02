"""What stood before a claim when its turn came: rooms of its caps, money on its matter, what it may have once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simkit.awards.types import Awards
from simkit.base.arrays import BoolArray
from simkit.base.days import years_of
from simkit.claims.types import Claims
from simkit.policy.tables import CompiledPolicy
from simkit.rules.cap import room

__all__ = ["Standing", "Used", "standing_of"]


class Used(NamedTuple):
    """A cap as a claim meets it. Fen.

    Attributes
    ----------
    limit, used : int
        What is paid at most within its window, and what counted against it before.
    counted : int
        The part of `used` on the claim's own matter, which takes no room twice.
    """

    limit: int
    used: int = 0
    counted: int = 0

    @property
    def room(self) -> int:
        """What it still allows."""
        return room(self.limit, self.used, self.counted)


class Standing(NamedTuple):
    """What a claim met.

    Attributes
    ----------
    caps, totals : tuple of Used
        The caps of its measure, and the total caps that it counts under, in the policy's order.
    covered : int
        Fen that its matter had been paid, or had lost for good to a total cap.
    paid : int
        Fen paid before that let no more follow (`repeat`).
    """

    caps: tuple[Used, ...]
    totals: tuple[Used, ...]
    covered: int
    paid: int


def standing_of(policy: CompiledPolicy, claims: Claims, awards: Awards, row: int) -> Standing:
    """What the claims of one draw, decided in the order of their rows, left to the claim in a row.

    Parameters
    ----------
    policy : CompiledPolicy
        For the attribute columns of these claims.
    awards : Awards
        As `adjudicate` decides these claims, nothing having been paid before.
    """
    return _Before(policy, claims, awards, row).standing()


class _Before:
    """The claims before one, and which of them count for it: bool[earlier claim]."""

    def __init__(self, policy: CompiledPolicy, claims: Claims, awards: Awards, row: int) -> None:
        self.policy, self.claims, self.awards, self.row = policy, claims, awards, row
        self.rows = claims.rows
        self.own = policy.measures[self.rows["measure"][row]]
        self.years = years_of(self.rows["earned"][: row + 1])
        self.measures = policy.measures[self.rows["measure"][:row]]
        self.is_same, self.of_agency = self._like("measure"), self._like("agency")
        self.in_year = self.years[:row] == self.years[row]

    def _like(self, column: str) -> BoolArray:
        """The earlier claims that have the same in a column."""
        return np.asarray(self.rows[column][: self.row] == self.rows[column][self.row])

    def standing(self) -> Standing:
        matter = self._on_matter()
        caps = range(int(self.own["cap_first"]), int(self.own["cap_last"]))
        lost = sum(self._lost(int(one)) for one in np.flatnonzero(matter))
        return Standing(
            caps=tuple(self._cap(number, matter) for number in caps),
            totals=self._totals(),
            covered=self._sum(matter) + lost,
            paid=self._sum(self._once()),
        )

    def _sum(self, which: BoolArray) -> int:
        return int(self.awards.award[: self.row][which].sum())

    def _limit(self, cap: np.void) -> int:
        """An amount, or a share of an attribute; of what nobody gave nothing."""
        if cap["column"] < 0:
            return int(cap["amount"])
        return max(0, int(self.claims.attributes[self.row, cap["column"]])) * int(cap["share"]) // 10_000

    def _cap(self, number: int, matter: BoolArray) -> Used:
        """A cap of the measure itself."""
        cap, earned = self.policy.caps[number], self.rows["earned"]
        if not cap["shared"] or not cap["since"] <= earned[self.row] <= cap["until"]:
            return Used(self._limit(cap))
        which = self.is_same & (earned[: self.row] >= cap["since"]) & (earned[: self.row] <= cap["until"])
        if cap["by_agency"]:
            which &= self.of_agency
        if cap["by_year"]:
            which &= self.in_year
        return Used(self._limit(cap), self._sum(which), self._sum(which & matter))

    def _totals(self) -> tuple[Used, ...]:
        first, last = int(self.own["total_first"]), int(self.own["total_last"])
        which = self.of_agency & self.in_year & (self.measures["outside"] == 0)
        return tuple(
            Used(self._limit(self.policy.totals[number]), self._sum(which & self._counts_under(number)))
            for number in self.policy.total_list[first:last]
        )

    def _counts_under(self, total: int) -> BoolArray:
        """The earlier claims whose measure counts under a total cap."""
        table = self.policy.measures
        under = [total in self.policy.total_list[one["total_first"] : one["total_last"]] for one in table]
        return np.array(under)[self.rows["measure"][: self.row]]

    def _on_matter(self) -> BoolArray:
        """The earlier claims on the claim's own matter."""
        own = self.own
        which = (self.measures["matter"] == own["matter"]) & (own["matter"] >= 0)
        which &= self.measures["ledger_class"] == own["ledger_class"]
        if own["matter_agency"]:
            which &= self.of_agency
        if own["matter_year"]:
            which &= self.in_year
        if own["matter_own"]:
            which &= self._like("matter")
        return np.asarray(which)

    def _lost(self, row: int) -> int:
        """What an earlier claim lost to total caps and may not make up."""
        taken = int(self.awards.over_total_cap[row])
        if not taken:
            return 0
        before = _Before(self.policy, self.claims, self.awards, row)
        left, lost = int(self.awards.award[row]) + taken, 0
        numbers = self.policy.total_list[before.own["total_first"] : before.own["total_last"]]
        for number, used in zip(numbers, before._totals(), strict=True):
            cut = max(0, left - used.room)
            lost += 0 if self.policy.totals[number]["make_up"] else cut
            left -= cut
        return lost

    def _once(self) -> BoolArray:
        """The earlier claims whose money lets no more follow."""
        which, own = self.is_same & self.of_agency, self.own
        if own["once_in_year"]:
            return np.asarray(which & self.in_year)
        if not own["once_ever"]:
            return np.zeros_like(which)
        return np.asarray(which & self._like("key")) if own["once_by_key"] else which
