"""Cells of answers whose errors the draws do not tell: in words, and why below the table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from simkit.base.words import say
from simkit.report.papers.table import Column, Language
from simkit.sizing.estimate import never_met
from simkit.whatif.comparison import Line

__all__ = ["in_words", "mean_cell", "rare", "unmet_note"]

_ERROR = "_error"


def in_words(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    *,
    lang: Language,
    draws: int,
    sums: Collection[int] = (),
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows with words where a figure has no error, and the notes that say why.

    A 0 without an error is what no draw has met; any other number is one that too few draws, or none, differ from.

    Parameters
    ----------
    sums : row numbers
        Rows that have no errors of their own.
    """
    found, notes = [dict(row) for row in rows], []
    errors = [column.key for column in columns if column.key.endswith(_ERROR)]
    for at, row in enumerate(found):
        for error in errors:
            key = error.removesuffix(_ERROR)
            value = row.get(key)
            if at in sums or row[error] is not None or not isinstance(value, int | float):
                continue
            if value == 0:
                row[key] = row[error] = say(lang, "cell.unmet")
                notes.append(unmet_note(draws, lang))
            else:
                row[error] = say(lang, "cell.untold")
                notes.append(say(lang, "note.answer_untold"))
    return found, list(dict.fromkeys(notes))


def mean_cell(line: Line, name: str, lang: Language) -> float | str:
    """A mean of a line, or the words for one that too few draws carry."""
    value: float = getattr(line, name)
    if name not in line.refused:
        return value
    return say(lang, "cell.refused" if value else "cell.unmet")


def unmet_note(draws: int, lang: Language) -> str:
    """What "none met" means, with the bound that so many draws give."""
    return say(lang, "note.answer_unmet", draws=f"{draws:,}", rare=rare(draws), least=f"{10 * draws:,}")


def rare(draws: int) -> str:
    """How rare is, with 95 % confidence, what none of so many draws met."""
    return f"{never_met(draws) * 100:.2g}%"
