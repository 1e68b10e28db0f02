"""Awards: the policy's rules laid on the claims, claim by claim, in their published order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simkit.awards.book import LARGEST_AGENCY, Book, new_book
from simkit.awards.decide import decide, sizes
from simkit.awards.ranking import Ranking
from simkit.awards.running import Accounts
from simkit.awards.types import ALL_STAND, Awards, Levers, Without, no_awards, no_levers
from simkit.base.arrays import IndexArray, Records
from simkit.base.days import years_of
from simkit.base.errors import InputError, RunError
from simkit.claims.types import Claims, PaidBefore, nothing_paid
from simkit.policy.compile import compile_policy
from simkit.policy.schema import Policy
from simkit.policy.tables import CompiledPolicy
from simkit.rules import codes

__all__ = ["Desk", "adjudicate", "lever_names", "numbered"]


def lever_names(policy: Policy) -> tuple[str, ...]:
    """Names of the levers: `measure.cap` for caps of measures, then the ids of the total caps."""
    caps = [f"{name}.{cap}" for name, measure in policy.measures.items() for cap in measure.caps]
    return (*caps, *policy.total_caps)


def _need(policy: CompiledPolicy) -> IndexArray:
    """Most sums that a claim touches.

    All of its agency, what it was once paid for, one a total cap; one a running cap that does not look at the
    account; on a matter three, and one a running cap.
    """
    table, caps = policy.measures, policy.caps
    running = caps["shared"] == 1
    apart = running & ~((caps["by_year"] == 1) & (caps["by_agency"] == 1))
    most = 1 + table["once_ever"] + table["total_last"] - table["total_first"]
    for number, measure in enumerate(table):
        own = slice(measure["cap_first"], measure["cap_last"])
        on_matter = measure["matter"] >= 0
        most[number] += apart[own].sum() + on_matter * (running[own].sum() + 3)
    return np.asarray(most)


class Desk:
    """Decides blocks of draws with scratch memory of its own, one for each worker.

    What `decide` gives lasts until the next call.
    """

    def __init__(self, policy: CompiledPolicy, paid_before: PaidBefore) -> None:
        self.policy, self.paid_before = policy, paid_before
        self.need = _need(policy)
        self.ranks = bool(policy.measures["ranked"].any())
        self.book, self.stamp = new_book(0), 1
        self.accounts = np.zeros((2, 0), dtype=np.int64)
        self._room(0)

    def _room(self, claims: int) -> None:
        """Columns for so many claims."""
        self.room, self.awards = claims, no_awards(claims)
        amounts, candidates = np.zeros((2, claims), dtype=np.int64)
        self.ranking = Ranking(self.ranks, np.ones(claims, dtype=np.bool_), amounts, candidates)

    def decide(self, claims: Claims, levers: Levers, without: Without = ALL_STAND) -> Awards:
        """Decide the claims of some draws.

        Parameters
        ----------
        levers : Levers
            Out: zeros of these draws, to be added to.

        Raises
        ------
        RunError
            Where the policy holds a kind or a test that no kernel knows.
        """
        count, draws = len(claims.rows), len(claims.firsts) - 1
        if count > self.room:
            self._room(max(count, 2 * self.room))
        entries, accounts = sizes(self.need, claims, self.paid_before)
        if accounts > self.accounts.shape[1]:
            self.accounts = np.zeros((2, 2 * accounts), dtype=np.int64)
        if 2 * entries > len(self.book):
            self.book = new_book(entries)
        self.ranking.chosen[:count] = True
        sums, flags = self.accounts
        so_far = Accounts(sums=sums, flags=flags, book=Book(self.book, self.stamp))
        decide(self.policy, claims, self.paid_before, so_far, self.ranking, without, levers, self.awards)
        self.stamp += draws
        awards = Awards._make(column[:count] for column in self.awards)
        check_decided(claims, awards)
        return awards


def check_decided(claims: Claims, awards: Awards) -> None:
    """Raise RunError where the policy holds what no kernel knows."""
    if awards.refusal.max(initial=0) > codes.ALREADY_PAID:
        row = int(np.argmax(awards.refusal > codes.ALREADY_PAID))
        what, measure = codes.NOT_DECIDED[int(awards.refusal[row])], int(claims.rows["measure"][row]) + 1
        raise RunError("error.not_decided", row=row, measure=measure, what=what)


def check_amounts(policy: CompiledPolicy, claims: Claims) -> None:
    """Raise InputError where a base is negative or so large that an award could overflow."""
    base, most = claims.rows["base"], policy.measures["most_base"][claims.rows["measure"]]
    wrong = np.flatnonzero((base < 0) | (base > most))
    if len(wrong):
        row = int(wrong[0])
        raise InputError("error.base_out_of_range", row=row, most=int(most[row]), found=int(base[row]))


def adjudicate(
    policy: Policy,
    claims: Claims,
    paid_before: PaidBefore | None = None,
    *,
    attribute_names: Sequence[tuple[str, int]] | None = None,
) -> Awards:
    """Lay the policy's rules on the claims, in the published order.

    Parameters
    ----------
    policy : Policy
        The policy as data.
    claims : Claims
        Simulated, or the real ones (one draw); their accounts are numbered here.
    paid_before : PaidBefore, optional
        What was paid before.
    attribute_names : sequence of (str, int), optional
        Attribute and year (0 the earned year, -1 the year before) of each column of attributes. None: each claim has
        the columns of its own measure (`claim_columns`).

    Returns
    -------
    Awards
        Rows as in `claims`.

    Raises
    ------
    InputError
        When a column that the policy reads is missing or a base is out of range.

    References
    ----------
    The order of the rules: the published steps 1 to 7; 甬人社发〔2023〕9号, 附则.
    """
    compiled_policy = compile_policy(policy, attribute_names)
    check_amounts(compiled_policy, claims)
    claims, paid = numbered(claims, paid_before or nothing_paid())
    levers = no_levers(compiled_policy, len(claims.firsts) - 1, _years(claims))
    return Desk(compiled_policy, paid).decide(claims, levers)


def numbered(claims: Claims, paid_before: PaidBefore) -> tuple[Claims, PaidBefore]:
    """The same with agencies and accounts numbered as a Desk needs them."""
    rows, paid = claims.rows.copy(), paid_before.rows.copy()
    _number_agencies(rows, paid)
    _number_accounts(rows, np.repeat(np.arange(len(claims.firsts) - 1), np.diff(claims.firsts)), paid)
    return claims._replace(rows=rows), paid_before._replace(rows=paid)


def _number_agencies(rows: Records, paid: Records) -> None:
    """Number the agencies anew where their own numbers are too large for the book of sums."""
    agencies = np.concatenate([rows["agency"], paid["agency"]])
    if agencies.min(initial=0) < 0 or agencies.max(initial=0) > LARGEST_AGENCY:
        numbers = np.unique(agencies, return_inverse=True)[1]
        rows["agency"], paid["agency"] = numbers[: len(rows)], numbers[len(rows) :]


def _number_accounts(rows: Records, draw: IndexArray, paid: Records) -> None:
    """Number measure, agency and earned year: first those paid before, then within each draw from there on."""

    def keys(claims: Records) -> IndexArray:
        year = years_of(claims["earned"])
        parts = (claims["measure"].astype(np.int64) << 44, (year & 0xFFF) << 32, claims["agency"])
        return np.asarray(parts[0] | parts[1] | parts[2])

    known, numbers = np.unique(keys(paid), return_inverse=True)
    paid["account"] = numbers
    own = keys(rows)
    order = np.lexsort((own, draw))
    begins = np.diff(draw[order], prepend=-1) != 0
    number = np.cumsum(begins | (np.diff(own[order], prepend=-1) != 0))
    first = np.maximum.accumulate(np.where(begins, number, 0))
    rows["account"][order] = len(paid) + number - first
    place = np.minimum(np.searchsorted(known, own), max(len(known) - 1, 0))
    before = known[place] == own if len(known) else np.zeros(len(own), dtype=np.bool_)
    rows["account"][before] = place[before]


def _years(claims: Claims) -> tuple[int, int]:
    """First and last earned year."""
    calendar = years_of(claims.rows["earned"])
    return (int(calendar.min()), int(calendar.max())) if len(calendar) else (1970, 1970)
