"""Why a claim was decided as it was: a card of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simkit.base.words import say
from simkit.face.card import Card, Fold, Shown
from simkit.face.frames import frame, in_unit, unit_of
from simkit.face.steps import Case, steps_of
from simkit.face.words import draft_of, in_language
from simkit.policy.compile import compile_policy
from simkit.report.papers.glyphs import half_widths
from simkit.report.tables.rule_words import money_words
from simkit.rules.codes import AWARD

if TYPE_CHECKING:
    import pandas as pd

    from simkit.face.decisions import Decisions

__all__ = ["Explanation", "cases_of"]

#: Columns of a line of the policy's text.
_WIDTH = 96


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Shown):
    """The steps of one claim: a card in a cell, a frame on demand.

    Attributes
    ----------
    decisions : Decisions
        All that was decided with it.
    place : int
        Of its row in the frame that was given.
    """

    decisions: Decisions
    place: int

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
        draft, unit = draft_of(self.decisions.policy.data, in_language(lang)), unit_of(unit)
        (case,) = cases_of(self.decisions, [self.place])
        rows = [
            {**one._asdict(), "before": in_unit(one.before, unit), "after": in_unit(one.after, unit)}
            for one in steps_of(case, draft)
        ]
        return frame(rows, unit=unit)

    def _card(self, lang: str) -> Card:
        decisions, draft = self.decisions, draft_of(self.decisions.policy.data, lang)
        (case,) = cases_of(decisions, [self.place])
        claims, row = decisions.claims, case.row
        title = say(
            lang,
            "face.explained",
            row=decisions.index[self.place],
            agency=decisions.agencies[claims.agency[row]],
            name=case.measure.name.said(lang),
            awarded=money_words(draft, int(decisions.awards.money[row, AWARD])),
        )
        dates = {
            key: np.datetime64(int(getattr(claims, key)[row]), "D") for key in ("earned", "filed", "decided")
        }
        quote = say(lang, "face.clause", clause=case.measure.clause, quote=" …… ".join(case.measure.quote))
        steps = [
            (
                say(lang, f"face.step.{one.step}"),
                one.rule,
                one.found,
                *("" if fen is None else money_words(draft, fen) for fen in (one.before, one.after)),
            )
            for one in steps_of(case, draft)
        ]
        heads = tuple(say(lang, f"face.head.{key}") for key in ("step", "rule", "found", "before", "after"))
        fold = Fold(say(lang, "face.steps", count=len(steps)), heads, tuple(steps), numbers=(3, 4))
        return Card(title, (*_wrapped(quote), say(lang, "face.days", **dates)), (fold,))


def cases_of(decisions: Decisions, places: Iterable[int]) -> list[Case]:
    """The claims at some places of the frame that was given."""
    policy, claims = decisions.policy.data, decisions.claims
    compiled = compile_policy(policy, claims.attribute_names)
    rows = np.argsort(decisions.order)
    return [Case(policy, compiled, claims, decisions.awards, int(rows[place])) for place in places]


def _wrapped(text: str) -> Iterator[str]:
    """A text in lines of a card."""
    line = ""
    for letter in text:
        if half_widths(line + letter) > _WIDTH:
            yield line
            line = ""
        line += letter
    yield line
