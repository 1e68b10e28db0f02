"""Real claims from a frame, decided as the policy says, with the reason of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simkit.awards.adjudicate import adjudicate
from simkit.awards.types import Awards
from simkit.base.arrays import IndexArray
from simkit.base.errors import InputError
from simkit.base.words import say
from simkit.claims.types import Claims
from simkit.documents.build import show
from simkit.face.card import Card, Fold, Shown
from simkit.face.explanation import Explanation
from simkit.face.filed import filed_claims
from simkit.face.filed_rows import read_rows
from simkit.face.frames import exactly, in_unit, unit_of, unit_words
from simkit.face.frames import frame as as_frame
from simkit.face.policy import Policy, policy_of
from simkit.face.steps import Case, cases_of, note_of
from simkit.face.words import in_language
from simkit.report.tables.rule_draft import OfPolicy
from simkit.report.tables.rule_words import money_words
from simkit.rules.codes import AWARD, GROSS, STEPS

__all__ = ["Decisions", "decide"]

#: What became of a claim: all of the formula, less, nothing.
_OUTCOMES = ("full", "reduced", "refused")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Decisions(Shown):
    """Claims decided: a card in a cell, a frame on demand, each one explained.

    Attributes
    ----------
    policy : Policy
    index : Index
        Of the frame that was given.
    agencies : tuple of str
        Name of each agency, by its number in `claims`.
    claims : Claims
        In order of decision.
    awards : Awards
        Rows as in `claims`.
    attribute_names : tuple of (str, int)
        Attribute and year of each column of the claims' attributes.
    order : int64[claim]
        The place in the frame of each claim.
    """

    policy: Policy
    index: pd.Index[Any]
    agencies: tuple[str, ...]
    claims: Claims
    awards: Awards
    attribute_names: tuple[tuple[str, int], ...]
    order: IndexArray

    def __eq__(self, other: object) -> bool:
        """Whether the same claims were decided alike, under the same policy."""
        if not isinstance(other, Decisions):
            return NotImplemented
        same = self.policy.data == other.policy.data and self.agencies == other.agencies
        return (
            same
            and self.index.equals(other.index)
            and all(map(np.array_equal, self._arrays(), other._arrays()))
        )

    __hash__ = None  # type: ignore[assignment]  # it holds arrays

    def _arrays(self) -> list[Any]:
        return [self.order, *self.awards, *self.claims]

    def to_frame(self, lang: str | None = None, unit: str | None = None) -> pd.DataFrame:
        """The decisions, in the order and under the index of the frame that was given.

        Parameters
        ----------
        lang : str, optional
            Language of names and notes; None: as `simkit.options` has set.
        unit : str, optional
            Of money; None: as `simkit.options` has set. `fen`: whole numbers, and
            `gross - over_claim_cap - ... - over_total_cap == awarded` exactly.

        Returns
        -------
        DataFrame
            `agency`, `measure`, `name`, `gross` (the formula), what each step took (`over_claim_cap`,
            `not_selected`, `over_running_cap`, `same_matter`, `over_total_cap`), `awarded`, `outcome` (`full`,
            `reduced`, `refused`: nothing is paid) and `note`, the reason.

        Raises
        ------
        InputError
            For a language or a unit that there is not.

        Examples
        --------
        >>> import pandas as pd, simkit
        >>> claims = pd.DataFrame({"measure": ["students"], "agency": ["甲"], "filed": ["2024-03-01"], "count": [800]})
        >>> simkit.decide("ningbo-hr-2023", claims).to_frame(unit="元")["awarded"].tolist()
        [400000.0]
        """
        lang, unit = in_language(lang), unit_of(unit)
        draft = OfPolicy(self.policy.data, lang)
        rows = []
        for case in self._cases():
            money = self.awards.money[case.row]
            rows.append(
                {
                    "agency": self.agencies[self.claims.rows["agency"][case.row]],
                    "measure": case.name,
                    "name": case.measure.name.said(lang),
                    **{
                        key: in_unit(int(fen), unit)
                        for key, fen in zip(("gross", *STEPS, "awarded"), money, strict=True)
                    },
                    "outcome": _outcome(money),
                    "note": note_of(case, draft),
                }
            )
        columns = ["agency", "measure", "name", "gross", *STEPS, "awarded", "outcome", "note"]
        found = as_frame(rows, unit=unit, columns=columns)
        found.index = self.index
        return found

    def explain(self, row: Any) -> Explanation:
        """Why a claim was decided as it was, step by step.

        Parameters
        ----------
        row
            Its label in the frame that was given.

        Returns
        -------
        Explanation
            A card; a frame on demand.

        Raises
        ------
        InputError
            For a row that there is not, or a label that stands at several.

        Examples
        --------
        >>> import pandas as pd, simkit
        >>> claims = pd.DataFrame({"measure": ["students"], "agency": ["甲"], "filed": ["2024-03-01"], "count": [1200]})
        >>> steps = simkit.decide("ningbo-hr-2023", claims).explain(0).to_frame(unit="元")
        >>> steps["after"].tolist()
        [600000.0, 500000.0]
        """
        places = [place for place, label in enumerate(self.index.tolist()) if label == row]
        if len(places) != 1:
            key = "face.row_of_several" if len(places) else "face.no_such_row"
            raise InputError(key, found=show(row))
        case = self._cases()[places[0]]
        return Explanation(case, row, self.agencies[self.claims.rows["agency"][case.row]])

    def _cases(self) -> list[Case]:
        """The claims in the order of the frame."""
        rows = np.argsort(self.order).tolist()
        return cases_of(self.policy.data, self.claims, self.attribute_names, self.awards, rows)

    def _card(self, lang: str) -> Card:
        found = self.to_frame(lang, unit="fen")
        draft = OfPolicy(self.policy.data, lang)
        counts = {one: int((found["outcome"] == one).sum()) for one in _OUTCOMES}
        gross, awarded = (money_words(draft, int(found[key].sum())) for key in ("gross", "awarded"))
        heads = ("row", "agency", "what", "awarded", "reason")
        told = found[["agency", "name", "awarded", "note"]].itertuples(index=False, name=None)
        rows = [
            (str(label), agency, name, exactly(awarded), why)
            for label, (agency, name, awarded, why) in zip(self.index.tolist(), told, strict=True)
        ]
        fold = Fold(
            say(lang, "face.one_by_one", count=len(rows), unit=unit_words(lang)),
            tuple(say(lang, f"face.head.{key}") for key in heads),
            tuple(rows),
            numbers=(3,),
        )
        title = say(lang, "face.decided", count=len(rows), **counts)
        return Card(title, (say(lang, "face.decided_money", gross=gross, awarded=awarded),), (fold,))


def decide(
    policy: Policy | str | Path, frame: pd.DataFrame, units: Mapping[str, str] | None = None
) -> Decisions:
    """Decide real claims: all rows together, since caps of an agency and a year, and matters, run over them.

    Parameters
    ----------
    policy : Policy, str or Path
        The policy, or its file.
    frame : DataFrame
        A row a claim. Headings are keys, or names in Chinese or English:

        - `measure`: key or name of the provision; `agency`: its name;
        - `filed`, `decided` (else the day of filing), `earned` (the day on which the last condition was met; else
          that of filing): dates;
        - the base, in the column of its unit: `amount` (yuan), `amount_usd` (US dollars), `count` (people, things);
        - what conditions, tiers and caps read, by the policy's keys or names: `income_tax`, `client`, ...;
          `revenue@-1` for the year before;
        - `first_time` (yes or no), where only the first time is paid;
        - if there is need: `key` (list, standard, ...: what is paid once of each; else all are of one), `matter`
          (project, contract, person, ...: claims on the same one; else each is its own), `score` (of a ranked
          choice; else 0), `district`.

        Claims are decided by `decided`, then `filed`, then as they stand.
    units : mapping, optional
        Unit of a column's bare numbers, as `{"amount": "元"}`. Else money is text with its unit (`"80万元"`).

    Returns
    -------
    Decisions

    Raises
    ------
    FaultsError
        With every fault of headings and cells: row, column, what was expected and found.
    InputError
        For what is no policy, or no frame.

    Examples
    --------
    >>> import pandas as pd, simkit
    >>> claims = pd.DataFrame(
    ...     {
    ...         "条款": ["猎头引才奖励", "students"],
    ...         "机构名称": ["甲公司", "乙公司"],
    ...         "申报日期": ["2024年3月1日", "2024-03-05"],
    ...         "金额": ["80万元", None],
    ...         "数量": [None, 1200],
    ...         "income_tax": ["15万元", None],
    ...         "client": ["champion", None],
    ...     }
    ... )
    >>> simkit.decide("ningbo-hr-2023", claims).to_frame()["awarded"].tolist()
    [40.0, 50.0]
    """
    given = policy_of(policy)
    filed = filed_claims(given.data, read_rows(given.data, frame, units or {}))
    awards = adjudicate(given.data, filed.claims, attribute_names=filed.attribute_names)
    found = Decisions(
        given, frame.index.copy(), filed.agencies, filed.claims, awards, filed.attribute_names, filed.order
    )
    for one in found._arrays():
        if isinstance(one, np.ndarray):
            one.setflags(write=False)
    return found


def _outcome(money: IndexArray) -> str:
    """What became of a claim, by its row of money."""
    if money[AWARD] == 0:
        return "refused"
    return "full" if money[AWARD] == money[GROSS] else "reduced"
