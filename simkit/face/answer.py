"""Answers to what-if questions as a notebook shows them: a card, a tidy frame, a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simkit.base.display import display
from simkit.base.errors import InputError
from simkit.face import tell
from simkit.face.card import Card, Shown
from simkit.face.comparing import compared
from simkit.face.frames import frame, unit_of
from simkit.face.plots import drawn
from simkit.face.scenario import Scenario
from simkit.face.words import in_language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Answer(Shown):
    """What was found when something was asked of a scenario.

    Attributes
    ----------
    data : object
        Of `simkit.whatif`: a Sweep, Seek, Drivers, Provisions or Readings; of a comparison, a Compared.
    scenario : Scenario
        What was asked about.
    options : mapping of str to Scenario
        What it was compared with, by their labels.
    """

    data: Any
    scenario: Scenario
    options: Mapping[str, Scenario]

    def __eq__(self, other: object) -> bool:
        # What is refused holds NaN, which equals nothing: texts of the same figures are the same.
        return isinstance(other, Answer) and repr(self.data) == repr(other.data)

    def __hash__(self) -> int:
        return hash(repr(self.data))

    def to_frame(
        self, against: str | None = None, *, lang: str | None = None, unit: str | None = None
    ) -> pd.DataFrame:
        """What was found, a row a figure.

        Parameters
        ----------
        against : str, optional
            Of a comparison: the label that the others are paired with, instead of the scenario as it stands.
        lang, unit : str, optional
            None: as `simkit.options` has set.

        Returns
        -------
        DataFrame
            Money in `attrs["unit"]`, standard errors in columns that end in `se`; NaN where a figure is refused or its
            draws tell no error, with the reason in `note` where there is one.

            - compare: by `option`; `figure` (`mean`, or the need as `p90`), `money` (`special` fund or `all`), `by` and
              `key` (which year, measure, fund, department), `paid` (year; empty: all), `before`, `after`,
              `difference` with `se`, `low`, `high`, and `verdict`: `more`, `less`, `same`, `noise`, `untold`.
            - sweep: by value; `mean` and `need` of the special fund in the budget year, `difference` to what stands,
              `all_funds` in all years, `at_cap` (share of the agencies awarded that the cap binds), `per_unit` (what
              one more unit costs: yuan a yuan of money, else money a percentage point or one more).
            - seek: every setting looked at, `at` as a number; `found` marks the answer, with the interval of its
              `probability`.
            - drivers: by path; shares of the variance, and what P10 to P90 moves `mean` and need by.
            - provisions: `alone`, `stacked`, `order_free`, `saved`, of all funds and years; `budget_`: of the special
              fund in the budget year. readings: `difference` of each, in all years and in the budget year.

        Raises
        ------
        InputError
            For a label that there is not.

        Examples
        --------
        >>> import simkit
        >>> cap = "measures.headhunting.caps.yearly.amount"
        >>> found = simkit.compare("ningbo-hr-2023/baseline", {"30万元": {cap: "30万元"}}, draws=200)
        >>> bool((found.to_frame()["difference"] < 0).any())
        True
        """
        answer = self if against is None else self._against(against)
        unit, lang = unit_of(unit), in_language(lang)
        index, rows = tell.rows(answer.data, unit, lang)
        return frame(rows, unit=unit, index=index)

    def plot(self, kind: str | None = None, ax: Axes | None = None) -> Axes:
        """The picture of the answer that the report has.

        Parameters
        ----------
        kind : str, optional
            None: the first that the answer has; a wrong one names them.
        ax : Axes, optional
            Where it is drawn; None: a figure of its own, shown below the cell.

        Returns
        -------
        Axes
            Of money in fen, whatever its marks say: a line at 2600万元 is `axes.axhline(2600 * 1_000_000)`.
            `axes.figure.savefig(file)` keeps it.

        Raises
        ------
        InputError
            For a kind that there is not, or a picture that too few draws carry.

        Examples
        --------
        >>> import simkit
        >>> cap = "measures.headhunting.caps.yearly.amount"
        >>> axes = simkit.sweep("ningbo-hr-2023/baseline", cap, ["30万元", "50万元"], draws=200).plot()
        """
        kinds = tell.pictures(self.data)
        if not kinds:
            raise InputError("face.no_picture")
        return drawn(kinds, kind or next(iter(kinds)), self.data, ax)

    # ------------------------------------------------------------------ within

    @property
    def labels(self) -> tuple[str, ...]:
        """What the options are called."""
        return tuple(self.options)

    def _against(self, label: str) -> Answer:
        """The same comparison, each option held against one of them."""
        if label not in self.options:
            raise InputError("face.no_label", known=self.labels or ("—",), found=repr(label))
        base, others = self.options[label], {one: it for one, it in self.options.items() if one != label}
        origin = self.data.origin
        return Answer(compared(base, others, draws=origin.draws, seed=origin.seed), base, others)

    def _card(self, lang: str) -> Card:
        return tell.card(self.data, display().unit, lang)
