"""Claims of one tie as chains: those that share a cap's room or a matter stand together, in order of decision.

A chain needs a few running sums of its own and nothing of any other claim, so a page decides it in one
pass. Claims next to each other that every setting decides as it would decide their sum are one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.base.arrays import BoolArray, IndexArray, Records
from simkit.base.days import years_of
from simkit.policy.tables import CompiledPolicy
from simkit.whatif.caps.chains import chain_numbers, local_numbers, sum_keys
from simkit.whatif.caps.movable import Movable

__all__ = ["ROW", "Group", "Kind", "Kinds", "Rules", "Tie", "make_group", "make_kinds", "of_tie"]

#: One claim as it meets the first slider: `amount` after step 4, every slider's cap per claim at its end;
#: `award` as the policy stands; `held`: the instalments whose conditions hold, as bits. Fen, days.
ROW = np.dtype(
    [
        (name, np.int64)
        for name in (
            "draw",
            "measure",
            "agency",
            "matter",
            "earned",
            "decided",
            "amount",
            "award",
            "held",
        )
    ]
)
#: What a column may be made of, from small to large; the last holds every amount exactly.
_WORDS: tuple[Any, ...] = (np.uint8, np.uint16, np.uint32, np.float64)
Column = npt.NDArray[np.generic]


class Rules(NamedTuple):
    """What the steps after step 4 do to the claims of one measure.

    Attributes
    ----------
    measure : str
    outside : bool
        Awards are facts: they enter the matter and are not paid here.
    matter : bool
        Whether its awards meet others on a matter.
    claim_caps, running : tuple of int
        Sliders, in the order of the caps.
    unit : int
        Amounts are whole numbers of it. Fen.
    slack : int
        Fen by which splitting one award over payers and instalments by share can differ from the exact split,
        which floors; 0 where it never does.
    """

    measure: str
    outside: bool
    matter: bool
    claim_caps: tuple[int, ...]
    running: tuple[int, ...]
    unit: int
    slack: int


class Kind(NamedTuple):
    """Claims that are paid alike.

    Attributes
    ----------
    measure : int
        Position among the measures of the tie.
    weights : tuple of tuple of float
        Share of an award that is paid [view][paid year]; the special fund's view first.
    """

    measure: int
    weights: tuple[tuple[float, ...], tuple[float, ...]]


class Group(NamedTuple):
    """The claims of a tie, by draw and chain.

    Attributes
    ----------
    rules : tuple of Rules
    kinds : tuple of Kind
    claims : int
        Claims in all draws, before those decided as one were joined.
    firsts : uint32[draw + 1]
        First row of each draw, and their number.
    kind : int[row]
        Twice the kind, and 1 where a chain begins.
    amount : number[row]
        In units of its measure.
    used, counted : tuple of (int[row] or None)
        Of each place among the running caps: number, within the chain, of the sum that counts against the cap, and
        of its part on the claim's own matter. None: always 0.
    covered, account : int[row] or None
        The matter's sum; the measure's, agency's and year's account.
    """

    rules: tuple[Rules, ...]
    kinds: tuple[Kind, ...]
    claims: int
    firsts: Column
    kind: Column
    amount: Column
    used: tuple[Column | None, ...]
    counted: tuple[Column | None, ...]
    covered: Column | None
    account: Column | None


class Tie(NamedTuple):
    """Measures that meet, by id and by position in the policy, in its order."""

    names: tuple[str, ...]
    members: tuple[int, ...]


class Kinds(NamedTuple):
    """The kinds of a tie's rows: all of them, and the one of each row (int64[row])."""

    kinds: list[Kind]
    of_row: IndexArray


def of_tie(rows: Records, tie: Tie) -> Records:
    """The rows of a tie's measures; `measure` then says which of them."""
    own = rows[np.isin(rows["measure"], tie.members)].copy()
    own["measure"] = np.searchsorted(tie.members, own["measure"])
    return own


# ---------------------------------------------------------------------- what is paid alike


def make_kinds(
    policy: CompiledPolicy, tie: Tie, rows: Records, special: BoolArray, years: tuple[int, int]
) -> Kinds:
    """How a tie's rows are paid.

    Parameters
    ----------
    special : bool[fund]
        Funds of the special view.
    years : tuple of int
        First paid year, and their number; what is paid later is booked to the last.
    """
    lag = policy.measures["lag"][np.array(tie.members)][rows["measure"]]
    paid = years_of(rows["decided"] + lag)
    found, number = np.unique(
        np.stack([rows["measure"], paid, rows["held"]], axis=1), axis=0, return_inverse=True
    )
    kinds = [
        Kind(int(place), _weights(policy, tie.members[place], int(year), int(held), special, years))
        for place, year, held in found
    ]
    return Kinds(kinds, number.reshape(-1))


def _weights(
    policy: CompiledPolicy, measure: int, year: int, held: int, special: BoolArray, years: tuple[int, int]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Shares of an award by view and paid year, by its payers and instalments; nothing of an outside one."""
    shares, table = np.zeros((2, years[1])), policy.measures[measure]
    if table["outside"]:
        return tuple(shares[0]), tuple(shares[1])
    ours = policy.payers[table["payer_first"] : table["payer_last"]]
    of_special = int(ours["share"][special[ours["fund"]]].sum())
    for place in range(table["instalment_first"], table["instalment_last"]):
        one = policy.instalments[place]
        if held >> int(place - table["instalment_first"]) & 1:
            column = min(year + int(one["years"]) - years[0], years[1] - 1)
            shares[:, column] += np.array([of_special, 10_000]) * one["share"] / 1e8
    return tuple(shares[0].tolist()), tuple(shares[1].tolist())


def _slack(policy: CompiledPolicy, measure: int) -> int:
    """Fen that floors can move between the parts of one award: two floors a part, and the rest to the first."""
    table = policy.measures[measure]
    parts = (table["payer_last"] - table["payer_first"]) * (
        table["instalment_last"] - table["instalment_first"]
    )
    return 0 if parts <= 1 or table["outside"] else 2 * int(parts)


# ---------------------------------------------------------------------- what shares a room or a matter


def make_group(
    policy: CompiledPolicy, tie: Tie, sliders: Sequence[Movable], rows: Records, kinds: Kinds, draws: int
) -> Group:
    """Order a tie's rows by draw and chain, join those decided as one, and number their running sums.

    Parameters
    ----------
    rows : ROW[claim]
        In order of decision within a draw; `measure` is a position in the tie.
    """
    rules = [_rules(policy, *one, sliders) for one in zip(tie.members, tie.names, strict=True)]
    keys = sum_keys(policy, tie.members, rows)
    chain = chain_numbers(keys)
    order = np.lexsort((np.arange(len(rows)), chain, rows["draw"]))
    rows, kind, chain, keys = rows[order], kinds.of_row[order], chain[order], keys[:, order]
    first = np.flatnonzero(~_joined(rules, kind, chain, keys, rows["measure"]))
    measure, draw = rows["measure"][first], rows["draw"][first]
    amount = np.add.reduceat(rows["amount"], first) if len(first) else rows["amount"]
    amount = np.minimum(amount, _ends(rules, sliders)[measure])
    units = [int(np.gcd.reduce(amount[measure == one], initial=0)) or 1 for one in range(len(rules))]
    local = [_numbers(chain[first], key[first]) for key in keys]
    slots = (len(keys) - 2) // 2
    return Group(
        rules=tuple(rule._replace(unit=unit) for rule, unit in zip(rules, units, strict=True)),
        kinds=tuple(kinds.kinds),
        claims=len(rows),
        firsts=np.searchsorted(draw, np.arange(draws + 1)).astype(np.uint32),
        kind=_small(2 * kind[first] + (np.diff(chain[first], prepend=-1) != 0)),
        amount=_small(amount // np.array(units)[measure]),
        covered=local[0],
        account=local[1],
        used=tuple(local[2 : 2 + slots]),
        counted=tuple(local[2 + slots :]),
    )


def _rules(policy: CompiledPolicy, number: int, name: str, sliders: Sequence[Movable]) -> Rules:
    """The rules of one measure; its unit comes with its amounts."""
    own = [place for place, one in enumerate(sliders) if one.measure == name]
    table = policy.measures[number]
    return Rules(
        measure=name,
        outside=bool(table["outside"]),
        matter=bool(table["matter"] >= 0),
        claim_caps=tuple(place for place in own if sliders[place].of_claim),
        running=tuple(place for place in own if not sliders[place].of_claim),
        unit=1,
        slack=_slack(policy, number),
    )


def _joined(
    rules: Sequence[Rules], number: IndexArray, chain: IndexArray, keys: IndexArray, measure: IndexArray
) -> BoolArray:
    """Rows that are decided as one with the row before.

    Of measures under one running cap at most, without a cap per claim or a matter; the same sums, paid alike. What
    fills one room is the sum, and it stands at the cap when one of the claims does. Under two caps, which of them
    cuts first hangs on each claim.
    """
    alone = np.array(
        [rule.matter or rule.outside or bool(rule.claim_caps) or len(rule.running) > 1 for rule in rules]
    )
    same = ~alone[measure]
    for column in (number, chain, *keys):
        same &= np.diff(column, prepend=column[:1] - 1) == 0
    return same


def _ends(rules: Sequence[Rules], sliders: Sequence[Movable]) -> IndexArray:
    """What no setting of a measure's running caps lets through: more of an amount than this changes nothing.

    But whether it stands at a cap per claim, which may be set higher: amounts up to there are kept apart.
    """
    through = [min((sliders[one].most for one in rule.running), default=2**62) for rule in rules]
    at_caps = [max((sliders[one].most for one in rule.claim_caps), default=0) for rule in rules]
    return np.maximum(through, at_caps).astype(np.int64)


def _numbers(chain: IndexArray, key: IndexArray) -> Column | None:
    """Numbers of the sums within their chain; None where all are 0."""
    local = local_numbers(chain, key)
    return _small(local) if local.any() else None


def _small(numbers: IndexArray) -> Column:
    """The numbers in the smallest words that hold them all."""
    most = numbers.max(initial=0)
    word = next(one for one in _WORDS if one is np.float64 or most <= np.iinfo(one).max)
    return numbers.astype(word)
