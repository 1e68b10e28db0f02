"""The types of a comparison: money before a change and after it, line by line, and whom it moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from simkit.documents.models import Text
from simkit.whatif.answers import Origin

__all__ = [
    "Answer",
    "Comparison",
    "Headline",
    "How",
    "Line",
    "Response",
    "Shift",
    "Side",
    "Vote",
]

#: How a change was evaluated: on the same claims, or with the same luck drawn again.
How = Literal["kept", "again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A path that an overlay changes, as texts."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Money before and after a change. Fen.

    Attributes
    ----------
    by : str
        `year`, `special_year`, `measure`, `fund`, `department`; `total`, `special_total` for all years.
    key : str
        Which year, measure, fund or department.
    year : int or None
        The paid year that is counted; None: all.
    before, after, difference : float
        Means of these draws; their standard errors beside them, None where the draws tell none.
    refused : tuple of str
        Those of the three that too few draws carry: no estimates. One of 0 is met by no draw.
    low, high : float or None
        95 % interval of the difference.
    costs_more, costs_less : float
        Shares of the draws.
    distinct : bool
        Whether the difference is more than noise.
    needs : int or None
        Draws that would show it with 90 % probability, or that it needs where too few carry it; None where it
        shows, or is zero in every draw.
    variance_ratio : float or None
        What the shared luck saves: variance of the difference of fresh draws over that of these.
    """

    by: str
    key: str
    year: int | None
    before: float
    before_error: float | None
    after: float
    after_error: float | None
    difference: float
    difference_error: float | None
    low: float | None
    high: float | None
    costs_more: float
    costs_less: float
    distinct: bool
    needs: int | None
    variance_ratio: float | None
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The fund's need in the budget year at the scenario's confidence, before and after. Fen."""

    before: float
    before_low: float
    before_high: float
    after: float
    after_low: float
    after_high: float
    difference: float
    difference_error: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Agencies of one line of business and size that gain, lose or stay: means by draw, over all years.

    `line` is empty for parks, buildings and the like; `large` None where the scenario has no size. Fen.
    """

    line: str
    large: bool | None
    gain: float
    gain_error: float | None
    lose: float
    lose_error: float | None
    stay: float
    gained: float
    gained_error: float | None
    lost: float
    lost_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A fund with an appropriation, in one year: means over draws with their standard errors. Fen.

    Attributes
    ----------
    side : `before` or `after`
    mode : str
        What happens when money is short.
    due : float
        New money that falls due.
    paid, paid_error : float
    unpaid, unpaid_error : float
        Extinguished for lack of money.
    deferred, deferred_error : float
        Owed to the next year; in the last year the liability at the horizon.
    overrun : float
        Paid beyond all money.
    short, short_low, short_high : float
        Share of the draws in which the money is not enough, with its 95 % interval.
    """

    side: str
    fund: str
    year: int
    mode: str
    appropriation: int
    due: float
    paid: float
    paid_error: float | None
    unpaid: float
    unpaid_error: float | None
    deferred: float
    deferred_error: float | None
    overrun: float
    short: float
    short_low: float
    short_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How the take-up of one measure answers a change.

    Attributes
    ----------
    elasticity : float
        As the scenario assumes it.
    generosity : float
        Mean award of a claim after the change over that before, on the same claims.
    factor : float
        On the take-up.
    """

    measure: str
    elasticity: float
    generosity: float
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a change costs when take-up answers it (dynamic), beside what it costs when it does not (static).

    `lines` compare the scenario as it stands with the change and its answer; `effect` the change without and with it.
    """

    answers: tuple[Answer, ...]
    lines: tuple[Line, ...]
    effect: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What an overlay does to a scenario.

    Attributes
    ----------
    origin : Origin
    asked : dict
        What was asked, for the name of the file.
    name : str
        Of the overlay.
    names : dict of str to Text
        Names of measures and funds.
    how : `kept` or `again`
        On the same claims; or at the same addresses drawn again, compared by totals.
    measures : tuple of str
        Those that the change can touch.
    changes : tuple of Shift
    headline : Headline or None
        None where too few draws carry the quantile.
    lines : tuple of Line
    sides : tuple of Side or None
        None unless the claims are the same.
    votes : tuple of Vote
        Where the scenario has appropriations, before or after.
    response : Response or None
        None where no elasticity is assumed of a measure that is changed; all else is static.
    """

    origin: Origin
    asked: dict[str, Any]
    name: str
    names: dict[str, Text]
    how: How
    measures: tuple[str, ...]
    changes: tuple[Shift, ...]
    headline: Headline | None
    lines: tuple[Line, ...]
    sides: tuple[Side, ...] | None
    votes: tuple[Vote, ...]
    response: Response | None

    def line(self, by: str, key: str = "", year: int | None = None) -> Line:
        """One of the lines.

        Raises
        ------
        KeyError
            Where there is none.
        """
        for one in self.lines:
            if (one.by, one.key, one.year) == (by, key, year):
                return one
        raise KeyError((by, key, year))
