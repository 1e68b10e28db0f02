"""Why a claim was decided as it was: a card of its steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simkit.base.words import say
from simkit.face.card import Card, Fold, Shown
from simkit.face.frames import exactly, frame, in_unit, unit_of, unit_words
from simkit.face.steps import Case, steps_of
from simkit.face.words import in_language
from simkit.report.papers.glyphs import half_widths
from simkit.report.tables.rule_draft import OfPolicy
from simkit.report.tables.rule_words import money_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Explanation"]

#: Columns of a line of the policy's text.
_WIDTH = 96


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Explanation(Shown):
    """The steps of one claim: a card in a cell, a frame on demand.

    Attributes
    ----------
    case : Case
    label : object
        Of its row in the frame that was given.
    agency : str
    """

    case: Case
    label: Any
    agency: str

    def __eq__(self, other: object) -> bool:
        """Whether the same is told of the same claim."""
        if not isinstance(other, Explanation):
            return NotImplemented
        same = self._card("en") == other._card("en")
        return same and bool(self.to_frame("en", "fen").equals(other.to_frame("en", "fen")))

    __hash__ = None  # type: ignore[assignment]  # its claims are arrays

    def to_frame(self, lang: str | None = None, unit: str | None = None) -> pd.DataFrame:
        """The steps in order, up to the one that refuses the claim, or to the award.

        Parameters
        ----------
        lang : str, optional
            Language of the words; None: as `simkit.options` has set.
        unit : str, optional
            Of money; None: as `simkit.options` has set.

        Returns
        -------
        DataFrame
            `step` (`met`, `unmet`, `not_in_force`, `not_first_time`, `already_paid`, `outside`, `formula`,
            `claim_cap`, `selection`, `running_cap`, `matter`, `total_cap`), `name` (key of the condition, cap or
            matter), `rule` and `found` in words, money `before` and `after`.

        Raises
        ------
        InputError
            For a language or a unit that there is not.

        Examples
        --------
        >>> import pandas as pd, simkit
        >>> claims = pd.DataFrame({"measure": ["students"], "agency": ["A"], "filed": ["2024-03-01"], "count": [1200]})
        >>> simkit.decide("ningbo-hr-2023", claims).explain(0).to_frame(lang="en")["step"].tolist()
        ['formula', 'running_cap']
        """
        draft, unit = OfPolicy(self.case.policy, in_language(lang)), unit_of(unit)
        rows = [
            {**one._asdict(), "before": in_unit(one.before, unit), "after": in_unit(one.after, unit)}
            for one in steps_of(self.case, draft)
        ]
        return frame(rows, unit=unit)

    def _card(self, lang: str) -> Card:
        case, draft = self.case, OfPolicy(self.case.policy, lang)
        title = say(
            lang,
            "face.explained",
            row=self.label,
            agency=self.agency,
            name=case.measure.name.said(lang),
            awarded=money_words(draft, int(case.awards.award[case.row])),
        )
        dates = {
            key: np.datetime64(int(case.claims.rows[key][case.row]), "D")
            for key in ("earned", "filed", "decided")
        }
        quote = say(lang, "face.clause", clause=case.measure.clause, quote=" …… ".join(case.measure.quote))
        steps = [
            (
                say(lang, f"face.step.{one.step}"),
                one.rule,
                one.found,
                *("" if fen is None else exactly(fen) for fen in (one.before, one.after)),
            )
            for one in steps_of(case, draft)
        ]
        heads = tuple(say(lang, f"face.head.{key}") for key in ("step", "rule", "found", "before", "after"))
        fold = Fold(
            say(lang, "face.steps", count=len(steps), unit=unit_words(lang)),
            heads,
            tuple(steps),
            numbers=(3, 4),
        )
        return Card(title, (*_wrapped(quote), say(lang, "face.days", **dates)), (fold,))


def _wrapped(text: str) -> Iterator[str]:
    """A text in lines of a card."""
    line = ""
    for letter in text:
        if half_widths(line + letter) > _WIDTH:
            yield line
            line = ""
        line += letter
    yield line
