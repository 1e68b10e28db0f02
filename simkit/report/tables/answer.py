"""A table of a saved answer in the making: its words, its headings, its notes, and cells that no draw tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simkit.base.said import listed
from simkit.report.papers.table import Column, Language, Table
from simkit.report.tables.table_draft import TableDraft
from simkit.sizing.estimate import never_met
from simkit.whatif.answers import Origin

__all__ = ["AnswerDraft", "fen", "values"]

_ERROR = "_error"


@dataclass(slots=True, eq=False)
class AnswerDraft(TableDraft):
    """A table of one answer in one language.

    Attributes
    ----------
    origin : Origin
    """

    origin: Origin
    lang: Language
    heads: str = "col."
    notes: list[str] = field(default_factory=list)

    @property
    def fund(self) -> str:
        """Name of the special fund."""
        return self.origin.fund(self.lang)

    @property
    def level(self) -> str:
        """The headline's confidence as 90 or 99.5."""
        return f"{self.origin.confidence / 100:g}"

    @property
    def budget(self) -> dict[str, Any]:
        """What sentences of the headline quote."""
        return {"fund": self.fund, "year": self.origin.budget_year, "confidence": f"{self.level}%"}

    @property
    def made(self) -> dict[str, Any]:
        """What a sentence of the answer's origin quotes."""
        origin = self.origin
        return {"scenario": origin.scenario, "draws": f"{origin.draws:,}", "seed": origin.seed}

    def unpriced(self) -> list[str]:
        """One note on what has no price, or two where a change puts in force or takes away such; none where all has."""
        origin = self.origin
        # Names may hold commas.
        before, after = (
            listed(names, self.lang, "language.parted") for names in (origin.unpriced, origin.unpriced_after)
        )
        if before == after:
            return [self.say("note.unpriced_answer", names=before)] if before else []
        nothing = self.say("note.unpriced_none")
        return [
            self.say("note.unpriced_before", names=before or nothing),
            self.say("note.unpriced_after", names=after or nothing),
        ]

    @property
    def rare(self) -> str:
        """How rare is, with 95 % confidence, what none of the answer's draws met."""
        return f"{never_met(self.origin.draws) * 100:.2g}%"

    def table(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Mapping[str, Any]],
        notes: Sequence[str],
        *,
        title: str,
        totals: Sequence[int] = (),
    ) -> Table:
        """The finished table."""
        self.note(*notes)
        return self.finished(name, columns, rows, title=title, totals=totals)

    def told(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Mapping[str, Any]],
        notes: Sequence[str] = (),
        /,
        *,
        totals: Sequence[int] = (),
        without_errors: Collection[int] = (),
        **title: Any,
    ) -> Table:
        """A finished table, words where a figure has no error, and notes that say why and where it comes from.

        `without_errors`: rows that have none of their own.
        """
        found, why = self._in_words(columns, rows, without_errors)
        every = [*notes, *why, self.say("note.answer", **self.made)]
        return self.table(
            name, columns, found, every, title=self.say(f"title.{name}", **title), totals=totals
        )

    def _in_words(
        self, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], without_errors: Collection[int]
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """A 0 without an error is what no draw has met; any other number is one that too few draws differ from."""
        found, notes = [dict(row) for row in rows], []
        errors = [column.key for column in columns if column.key.endswith(_ERROR)]
        for at, row in enumerate(found):
            for error in errors:
                key = error.removesuffix(_ERROR)
                value = row.get(key)
                if at in without_errors or row[error] is not None or not isinstance(value, int | float):
                    continue
                if value == 0:
                    row[key] = row[error] = self.say("cell.unmet")
                    draws = self.origin.draws
                    words = {"draws": f"{draws:,}", "rare": self.rare, "least": f"{10 * draws:,}"}
                    notes.append(self.say("note.answer_unmet", **words))
                else:
                    row[error] = self.say("cell.untold")
                    notes.append(self.say("note.answer_untold"))
        return found, list(dict.fromkeys(notes))


def values(one: Any, *keys: str) -> dict[str, Any]:
    """Attributes as cells."""
    return {key: getattr(one, key) for key in keys}


def fen(value: float | None) -> int | None:
    """Whole fen; None for what is refused or cannot be told."""
    return None if value is None else round(value)
