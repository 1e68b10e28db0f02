"""A policy as a notebook shows it: its provisions, and what one of them pays on a base."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simkit.base.errors import InputError
from simkit.base.said import listed
from simkit.base.words import say
from simkit.documents.models import Text
from simkit.face.card import Card, Fold, Shown
from simkit.face.find import find_policy
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy as PolicyData

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Policy", "load_policy", "policy_of"]


@dataclass(frozen=True, slots=True, repr=False)
class Policy(Shown):
    """A policy: a card in a cell, a frame of its provisions on demand.

    Attributes
    ----------
    data : simkit.policy.schema.Policy
        All that the file says.
    file : str
        Where it was read.
    """

    data: PolicyData
    file: str

    def to_frame(self, lang: str | None = None) -> pd.DataFrame:
        """The provisions, one a row: what each pays, on which conditions, under which caps, from which funds.

        Parameters
        ----------
        lang : str, optional
            Language of the words; None: as `simkit.options` has set.

        Returns
        -------
        DataFrame
            Indexed by `measure`: `name`, `clause`, `award`, `conditions`, `caps`, `funds`, `status` and `priced`
            (whether it has an amount).

        Raises
        ------
        InputError
            For a language that there is not.

        Examples
        --------
        >>> import simkit
        >>> provisions = simkit.load_policy("ningbo-hr-2023").to_frame(lang="en")
        >>> provisions.loc["headhunting", "award"]
        'base × 50%'
        """
        from simkit.face.frames import frame
        from simkit.face.words import in_language

        lang = in_language(lang)
        rows = [{"measure": name, **self._row(name, lang)} for name in self.data.measures]
        return frame(rows, unit="", index=["measure"])

    def award(self, measure: str, bases: Iterable[str] | str, **facts: Any) -> pd.Series[Any]:
        """What one claim of a provision would be paid, alone and after its caps, for each of some bases.

        Parameters
        ----------
        measure : str
            Key of the provision, as `to_frame` has it.
        bases : str or iterable
            Amounts with their unit (`"80万元"`), or whole numbers of people, months or things where the provision
            counts those.
        facts
            What its conditions, tiers and caps read beside the base, by the policy's keys: money with its unit, a
            category by its key, yes or no as True or False. A condition on what is not given is taken as met.

        Returns
        -------
        Series
            The award, indexed by base; both in the unit that `simkit.options` has set, or the base as counted.

        Raises
        ------
        InputError
            For a provision or fact that there is not, or a number of money without its unit.

        Examples
        --------
        >>> import simkit
        >>> policy = simkit.load_policy("ningbo-hr-2023")
        >>> policy.award("headhunting", ["80万元", "200万元"]).tolist()
        [40.0, 50.0]
        """
        from simkit.face.awards import award_curve

        return award_curve(self.data, measure, bases, facts)

    def _row(self, name: str, lang: str) -> dict[str, Any]:
        from simkit.face.words import rule_words

        measure = self.data.measures[name]
        return {
            "name": measure.name.said(lang),
            "clause": measure.clause,
            **rule_words(self.data, name, lang),
            "funds": self._funds(measure, lang),
            "status": measure.status,
            "priced": measure.award is not None,
        }

    def _funds(self, measure: Measure, lang: str) -> str:
        names: list[Text] = (
            [] if measure.payers is None else [self.data.funds[one].name for one in measure.payers.shares]
        )
        return listed(names, lang)

    def _card(self, lang: str) -> Card:
        document, measures = self.data.document, self.data.measures
        priced = {name: one for name, one in measures.items() if one.award is not None}
        unpriced = {name: one for name, one in measures.items() if name not in priced}
        term = document.in_force
        until = term.until or say(lang, "face.no_end")
        title = say(lang, "face.policy", number=document.number, since=term.since, until=until)
        heads = tuple(say(lang, f"face.head.{key}") for key in ("clause", "what", "award", "cap", "fund"))
        rows = [self._row(name, lang) for name in priced]
        keys = ("clause", "name", "award", "caps", "funds")
        folds = (
            Fold(
                say(lang, "face.provisions", count=len(priced)),
                heads,
                tuple(tuple(str(row[key]) for key in keys) for row in rows),
            ),
            Fold(
                say(lang, "face.unpriced", count=len(unpriced)),
                heads[:2],
                tuple((one.clause, one.name.said(lang)) for one in unpriced.values()),
            ),
            Fold(
                say(lang, "face.funds", count=len(self.data.funds)),
                tuple(say(lang, f"face.head.{key}") for key in ("fund", "department")),
                tuple((one.name.said(lang), one.department) for one in self.data.funds.values()),
            ),
            Fold(
                say(lang, "face.readings", count=len(self.data.readings)),
                tuple(say(lang, f"face.head.{key}") for key in ("clause", "question", "reading")),
                tuple(
                    (one.clause, one.question.said(lang), one.options[one.default].label.said(lang))
                    for one in self.data.readings.values()
                ),
            ),
        )
        return Card(title, (document.title.said(lang),), folds)


def load_policy(file: str | Path) -> Policy:
    """Read a policy.

    Parameters
    ----------
    file : str or Path
        Its file or folder; a folder's name alone is looked for in `scenarios/` here and in the folders above.

    Returns
    -------
    Policy

    Raises
    ------
    FaultsError
        With every fault of the file: line, path, what was expected and found.
    InputError
        Where there is no such file.

    Examples
    --------
    >>> import simkit
    >>> policy = simkit.load_policy("ningbo-hr-2023")
    >>> len(policy.to_frame())
    41
    """
    from simkit.policy import load

    found = find_policy(file)
    return Policy(load.load_policy(found), str(found))


def policy_of(given: Any) -> Policy:
    """A policy, or the one in a file.

    Raises
    ------
    InputError
        For anything else.
    """
    if isinstance(given, Policy):
        return given
    if isinstance(given, str | Path):
        return load_policy(given)
    raise InputError("face.wants_policy", found=type(given).__name__)
