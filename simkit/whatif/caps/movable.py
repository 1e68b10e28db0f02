"""Which caps a page can move by itself: those that only later caps and the same-matter rule look at."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from simkit.base.errors import InputError
from simkit.base.said import Said
from simkit.policy.limits import Cap
from simkit.policy.schema import Policy
from simkit.policy.ties import ties

__all__ = ["RANGE", "REASONS", "Fixed", "Movable", "find_sliders", "sorted_ties", "step_of"]

#: A slider ends at so many times the cap as it stands.
RANGE = 3
#: Why a cap has no slider.
REASONS = ("share", "no_claims", "selection", "total_cap", "repeat", "settlement", "beside_share")
#: Steps of a slider: at least from 0 to the cap as it stands, and at most over its whole range.
_FEWEST, _MOST = 50, 400


class Movable(NamedTuple):
    """A cap that the page moves.

    Attributes
    ----------
    measure, cap : str
        Ids.
    amount : int
        As it stands. Fen.
    step : int
        Fen.
    scope : str
        The cap's, as its words are called.
    of_claim : bool
        Whether it looks at each claim alone.
    """

    measure: str
    cap: str
    amount: int
    step: int
    scope: str
    of_claim: bool

    @property
    def path(self) -> str:
        """Where an overlay changes it."""
        return f"measures.{self.measure}.caps.{self.cap}.amount"

    @property
    def most(self) -> int:
        """Where it ends. Fen."""
        return RANGE * self.amount


class Fixed(NamedTuple):
    """A cap that stays as it is on the page, and why (`REASONS`)."""

    measure: str
    cap: str
    reason: str


def find_sliders(policy: Policy, claiming: Collection[str], file: str) -> tuple[list[Movable], list[Fixed]]:
    """Every cap of the policy: as a slider, or with the reason why it has none.

    A cap has a slider when all that follows from its amount are running caps and the same-matter rule. So the
    measures that it is tied to must have no total cap, no repetition that looks at money, no settlement between
    payers and no running cap that is a share of something; and a cap per claim comes before the selection, so
    its measure must not be ranked.

    Parameters
    ----------
    claiming : names of measures
        Those with claims in the scenario.
    file : str
        The scenario's, for the error.

    Raises
    ------
    InputError
        Where no cap has a slider.
    """
    tied = ties(policy)
    sliders, fixed = [], []
    for name, measure in policy.measures.items():
        for cap_name, cap in measure.caps.items():
            reason = _own_reason(policy, name, cap, claiming)
            reason = reason or _reason_of_tie(policy, tied[name], claiming)
            if reason or cap.amount is None:
                fixed.append(Fixed(name, cap_name, reason))
            else:
                step = step_of(cap.amount)
                sliders.append(Movable(name, cap_name, cap.amount, step, cap.scope, cap.shared is None))
    if not sliders:
        found = ", ".join(f"{one.measure}.{one.cap}: {one.reason}" for one in fixed) or Said("fault.no_cap")
        raise InputError("error.no_slider", file=file, found=found)
    return sliders, fixed


def _own_reason(policy: Policy, name: str, cap: Cap, claiming: Collection[str]) -> str:
    """Why a cap alone has no slider, or nothing."""
    measure = policy.measures[name]
    if cap.amount is None:
        return "share"
    if name not in claiming or not measure.live or measure.outside:
        return "no_claims"
    return "selection" if cap.shared is None and measure.selection.is_ranked else ""


def _reason_of_tie(policy: Policy, tie: frozenset[str], claiming: Collection[str]) -> str:
    """Why no cap of a tie has a slider, or nothing."""
    members = [policy.measures[name] for name in tie if name in claiming]
    if any(tie & set(cap.measures) for cap in policy.total_caps.values()):
        return "total_cap"
    if any(member.repetition.is_limited for member in members):
        return "repeat"
    if any(tie & set(one.members) for one in policy.matters.values() if one.is_settled):
        return "settlement"
    running = (cap for member in members for cap in member.caps.values() if cap.shared is not None)
    return "beside_share" if any(cap.amount is None for cap in running) else ""


def step_of(amount: int) -> int:
    """A slider's step: the largest of 1, 2, 5, 10, ... fen that divides the cap into 50 parts or more.

    Where that makes the slider too fine to be moved by keyboard, a fiftieth of the cap, rounded up.
    """
    steps = (digit * 10**power for power in range(15, -1, -1) for digit in (5, 2, 1))
    step = next((one for one in steps if amount % one == 0 and amount // one >= _FEWEST), 1)
    return step if RANGE * amount // step <= _MOST else -(-amount // 50)


def sorted_ties(policy: Policy, sliders: Collection[Movable]) -> list[tuple[str, ...]]:
    """The ties that have a slider, each with its measures in the policy's order."""
    tied, names = ties(policy), list(policy.measures)
    found = dict.fromkeys(tied[one.measure] for one in sliders)
    return [tuple(name for name in names if name in tie) for tie in found]
