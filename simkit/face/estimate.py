"""A figure with its error as a notebook shows it: what it is of, in which unit, or why it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from simkit.base.display import UNITS, display
from simkit.base.money import format_wan
from simkit.base.words import say
from simkit.face.card import Card, Shown
from simkit.face.frames import in_unit, reason
from simkit.sizing import estimate

__all__ = ["Estimate", "money_text"]


def money_text(fen: float | None, unit: str, lang: str) -> str:
    """An amount as a person reads it, without its unit; a dash for none."""
    if fen is None or isnan(fen):
        return say(lang, "cell.untold")
    if unit == "万元":
        return format_wan(round(fen))
    return f"{fen / UNITS[unit]:,.{0 if unit == 'fen' else 2}f}"


@dataclass(frozen=True, slots=True, repr=False)
class Estimate(Shown):
    """Money with its error.

    Attributes
    ----------
    data : simkit.sizing.estimate.Estimate
        The same in fen, or why it is refused.
    fund : str
        Whose money it is, in the language of the notebook.
    year : int or None
        Paid year; None: all years.
    confidence : float or None
        Probability that the value is enough; None: it is the mean.
    unit : str
        Of `value`, `se`, `low` and `high`.
    """

    data: estimate.Estimate
    fund: str
    year: int | None
    confidence: float | None
    unit: str

    @property
    def value(self) -> float:
        """The figure; NaN where it is refused."""
        return float(in_unit(self.data.given, self.unit))

    @property
    def se(self) -> float:
        """Standard error; NaN where the draws tell none."""
        return float(in_unit(self.data.error, self.unit))

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval of the sampling error; NaN where the draws tell none."""
        return float(in_unit(self.data.low, self.unit))

    @property
    def high(self) -> float:
        """Upper end of that interval."""
        return float(in_unit(self.data.high, self.unit))

    @property
    def note(self) -> str:
        """Why it is refused; empty where it is not."""
        return reason(self.data.refusal, display().lang)

    def said(self, lang: str) -> str:
        """The figure as a sentence."""
        values = {"fund": self.fund, "unit": say(lang, f"face.unit.{self.unit}")}
        values["year"] = (
            say(lang, "face.all_years") if self.year is None else say(lang, "face.year", year=self.year)
        )
        if self.data.refusal is not None:
            return say(lang, "face.estimate_refused", **values)
        amount = money_text(self.data.value, self.unit, lang)
        key = "face.estimate_mean" if self.confidence is None else "face.estimate_enough"
        level = "" if self.confidence is None else f"{self.confidence * 100:g}%"
        return say(lang, key, amount=amount, confidence=level, **values)

    def _card(self, lang: str) -> Card:
        if self.data.refusal is not None:
            return Card(self.said(lang), (reason(self.data.refusal, lang),))
        ends = {
            name: money_text(getattr(self.data, name), self.unit, lang) for name in ("error", "low", "high")
        }
        return Card(self.said(lang), (say(lang, "face.estimate_error", **ends),))
