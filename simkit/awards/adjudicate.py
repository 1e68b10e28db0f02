"""Awards: the policy's rules laid on the claims, claim by claim, in their published order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simkit.awards.book import LARGEST_AGENCY, new_book
from simkit.awards.decide import decide, sizes
from simkit.awards.steps import AWARD, CLAIM_CAP, GROSS, KEEP_ALL, MATTER, RUNNING, SELECTION, TOTAL_CAP
from simkit.awards.types import Awards, Levers
from simkit.base.arrays import IndexArray, Records
from simkit.base.days import years_of
from simkit.base.errors import InputError
from simkit.claims import CLAIM, Claims, Ledger, claim_rows, ledger_rows
from simkit.policy.compile import CompiledPolicy, compile_policy
from simkit.policy.schema import Policy
from simkit.rules.codes import PER, WITHIN

__all__ = ["KEEP_ALL", "Desk", "adjudicate", "desk_rows", "lever_names", "no_levers"]


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
    running = caps["within"] > WITHIN["claim"]
    apart = running & ~((caps["within"] == WITHIN["year"]) & (caps["per"] == PER["agency"]))
    most = 1 + (table["repeat"] > 1) + (table["total_last"] - table["total_first"])
    for number, measure in enumerate(table):
        own = slice(measure["cap_first"], measure["cap_last"])
        on_matter = measure["matter"] >= 0
        most[number] += apart[own].sum() + on_matter * (running[own].sum() + 3)
    return np.asarray(most)


class Desk:
    """Decides blocks of draws with scratch memory of its own, one for each worker.

    What `decide` gives lasts until the next call.
    """

    def __init__(self, policy: CompiledPolicy, ledger: Records, years: tuple[int, int]) -> None:
        self.policy, self.ledger, self.years = policy, ledger, years
        self.need = _need(policy)
        self.ranks = bool(policy.measures["ranked"].any())
        self.book, self.stamp = new_book(0), 1
        self.accounts = np.zeros((2, 0), dtype=np.int64)
        self._room(0)

    def _room(self, claims: int) -> None:
        """Columns for so many claims."""
        self.room = claims
        self.chosen = np.ones(claims, dtype=np.bool_)
        self.amounts, self.candidates = np.zeros((2, claims), dtype=np.int64)
        self.money = np.zeros((claims, 7), dtype=np.int64)
        self.refusal, self.bound = np.zeros((2, claims), dtype=np.uint8)
        self.booked = np.zeros(claims, dtype=np.int16)

    def decide(
        self,
        rows: Records,
        attributes: IndexArray,
        firsts: IndexArray,
        levers: Levers,
        *,
        without: int = KEEP_ALL,
        without_matter: bool = False,
    ) -> Awards:
        """Decide the claims of some draws.

        Parameters
        ----------
        rows : CLAIM[claim], attributes : int64[claim, attribute]
            In order of decision within a draw.
        firsts : int64[draw + 1]
            First row of each draw, and the number of rows.
        levers : Levers
            Out: zeros of these draws, to be added to.
        without : int
            A lever that does not stand, or KEEP_ALL.
        without_matter : bool
            No same-matter rule stands.
        """
        claims, draws = len(rows), len(firsts) - 1
        if claims > self.room:
            self._room(max(claims, 2 * self.room))
        entries, accounts = sizes(self.need, rows, firsts, self.ledger)
        if accounts > self.accounts.shape[1]:
            self.accounts = np.zeros((2, 2 * accounts), dtype=np.int64)
        if 2 * entries > len(self.book):
            self.book = new_book(entries)
        self.chosen[:claims] = True
        policy = self.policy
        decide(
            policy.measures,
            policy.conditions,
            policy.tier_first,
            policy.tiers,
            policy.bands,
            policy.caps,
            policy.totals,
            policy.total_list,
            rows,
            attributes,
            firsts,
            self.ledger,
            self.accounts[0],
            self.accounts[1],
            self.book,
            self.stamp,
            without,
            without_matter,
            self.years[0],
            self.ranks,
            self.chosen,
            self.amounts,
            self.candidates,
            self.money,
            self.refusal,
            self.bound,
            self.booked,
            levers.taken,
            levers.agencies_at,
            levers.agencies_awarded,
            levers.agencies_any,
        )
        self.stamp += draws
        money = self.money[:claims]
        return Awards(
            gross=money[:, GROSS],
            over_claim_cap=money[:, CLAIM_CAP],
            not_selected=money[:, SELECTION],
            over_running_cap=money[:, RUNNING],
            same_matter=money[:, MATTER],
            over_total_cap=money[:, TOTAL_CAP],
            award=money[:, AWARD],
            refusal=self.refusal[:claims],
            bound=self.bound[:claims],
            booked=self.booked[:claims],
        )


def no_levers(policy: CompiledPolicy, draws: int, years: tuple[int, int]) -> Levers:
    """Zeros that `decide` adds to."""
    span, count = years[1] - years[0] + 1, len(policy.caps) + len(policy.totals)
    return Levers(
        taken=np.zeros((draws, count, span), dtype=np.int64),
        agencies_at=np.zeros((draws, count, span), dtype=np.int32),
        agencies_awarded=np.zeros((draws, len(policy.measures), span), dtype=np.int32),
        agencies_any=np.zeros((draws, span), dtype=np.int32),
    )


def check_amounts(policy: CompiledPolicy, claims: Claims) -> None:
    """Raise InputError where a base is negative or so large that an award could overflow."""
    limits = policy.measures["most_base"]
    wrong = np.flatnonzero((claims.base < 0) | (claims.base > limits[claims.measure]))
    if len(wrong):
        row = int(wrong[0])
        most = int(limits[claims.measure[row]])
        raise InputError("error.base_out_of_range", row=row, most=most, found=int(claims.base[row]))


def adjudicate(policy: Policy, claims: Claims, ledger: Ledger | None = None) -> Awards:
    """Lay the policy's rules on the claims, in the published order.

    Parameters
    ----------
    policy : Policy
        The policy as data.
    claims : Claims
        Rows in order of decision within a draw; simulated, or the real ones (one draw).
    ledger : Ledger, optional
        What was paid before.

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
    compiled_policy = compile_policy(policy, claims.attribute_names)
    check_amounts(compiled_policy, claims)
    draws = int(claims.draw.max(initial=-1)) + 1
    firsts = np.searchsorted(claims.draw, np.arange(draws + 1)).astype(np.int64)
    rows, paid = desk_rows(claims, ledger)
    years = _years(claims)
    desk = Desk(compiled_policy, paid, years)
    return desk.decide(rows, claims.attributes, firsts, no_levers(compiled_policy, draws, years))


def desk_rows(claims: Claims, ledger: Ledger | None = None) -> tuple[Records, Records]:
    """Claims and what was paid before as a Desk reads them: CLAIM[claim], CLAIM[award]."""
    paid = ledger_rows(ledger) if ledger is not None else np.zeros(0, dtype=CLAIM)
    rows = claim_rows(claims)
    _number_agencies(rows, paid)
    _number_accounts(rows, claims.draw, paid)
    return rows, paid


def _number_agencies(rows: Records, paid: Records) -> None:
    """Number the agencies anew where their own numbers are too large for the book of sums."""
    agencies = np.concatenate([rows["agency"], paid["agency"]])
    if agencies.min(initial=0) < 0 or agencies.max(initial=0) > LARGEST_AGENCY:
        numbers = np.unique(agencies, return_inverse=True)[1]
        rows["agency"], paid["agency"] = numbers[: len(rows)], numbers[len(rows) :]


def _number_accounts(rows: Records, draw: npt.NDArray[np.int32], paid: Records) -> None:
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
    if not len(claims):
        return 1970, 1970
    calendar = years_of(claims.earned)
    return int(calendar.min()), int(calendar.max())
