"""What every kind of award tells of itself."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple

from simkit.base.money import LARGEST_FEN, RATE_ONE, Basis
from simkit.documents.build import TreePath
from simkit.documents.models import Frozen
from simkit.policy.kinds.said import Value

__all__ = [
    "AwardKind",
    "ExactLaw",
    "Flat",
    "Heads",
    "Mean",
    "Proportional",
    "Read",
    "Whole",
    "largest_of_rate",
    "largest_of_steps",
]

Unit = Literal["yuan", "usd", "count"]


class Proportional(NamedTuple):
    """Exact law: the base times `rate / one`."""

    rate: int = 1
    one: int = 1


class Whole(NamedTuple):
    """Exact law: `amount` fen, whatever the base."""

    amount: int


class Heads(NamedTuple):
    """Exact law: `amount` fen for each whole head of the base."""

    amount: int


ExactLaw = Proportional | Whole | Heads


class Flat(NamedTuple):
    """The formula as the kernels read it (`policy.compile`).

    Attributes
    ----------
    number, amount : int
        Rate, amount or step; amount of a step.
    on, by : str
        What tiers are reached by; the category whose values have tiers of their own, empty for none.
    tiers : (reached, amount), ascending; tiers_by : by value of the category
    bands : (above, end, rate, per_full, amount), ascending
    """

    number: int = 0
    amount: int = 0
    on: str = "base"
    by: str = ""
    tiers: Sequence[tuple[int, int]] = ()
    tiers_by: Mapping[str, Sequence[tuple[int, int]]] = {}
    bands: Sequence[tuple[int, int, int, int, int]] = ()


class Read(NamedTuple):
    """Something that the formula reads, and what must fit it.

    Attributes
    ----------
    key : str
        The key of the award that names it; empty: the base, which nothing names.
    of : str
        `base`, or the id of an attribute.
    category : bool
        Whether it must be a category; else a number.
    points : (path, threshold)
        Thresholds that must be in its unit; paths from the award.
    rates : paths
        Rates of it, which must then be money.
    values : (path, name)
        Names that the category must have.
    """

    key: str
    of: str
    category: bool = False
    points: Sequence[tuple[TreePath, Basis]] = ()
    rates: Sequence[TreePath] = ()
    values: Sequence[tuple[TreePath, str]] = ()


class Mean(NamedTuple):
    """What the mean money of a claim is told as: a key's last word, and how much of it a fen is."""

    key: str
    of_fen: float


class AwardKind(Frozen):
    """Base of the kinds; each has its `kind`, a number in `rules.codes` and a branch in the kernel."""

    #: What the base must be measured in; None: anything.
    needs: ClassVar[Unit | None] = None

    @abstractmethod
    def flat(self) -> Flat:
        """The formula as the kernels read it."""

    @abstractmethod
    def said(self) -> Value:
        """The standard in words."""

    def reads(self) -> Iterator[Read]:
        """What the formula reads of a claim."""
        yield Read("", "base")

    def reads_base(self) -> bool:
        """Whether the base moves the money."""
        return True

    def is_own_matter(self) -> bool:
        """Whether what was paid before under the same measure is taken off: a matter of its own."""
        return False

    def largest_base(self) -> int:
        """Largest base whose formula neither overflows int64 nor leaves the range of money."""
        return LARGEST_FEN

    def exact_law(self) -> ExactLaw | None:
        """Its law without draws (`exact`); None: not worked out."""
        return None

    def mean(self) -> Mean | None:
        """What the mean money of a claim says; None: nothing that the standard does not."""
        return Mean("mean_money", 1 / 1e6)


def largest_of_rate(rate: int) -> int:
    """Largest base of which a rate can be taken."""
    return min((2**63 - RATE_ONE) // rate, LARGEST_FEN * RATE_ONE // rate)


def largest_of_steps(per_full: int, amount: int) -> int:
    """Largest base whose full steps can be paid."""
    return per_full * (LARGEST_FEN // amount)
