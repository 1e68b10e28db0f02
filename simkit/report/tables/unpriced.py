"""What no figure of an answer holds, because it has no price: said below its tables."""

from __future__ import annotations

from simkit.base.words import of_two, say
from simkit.report.papers.table import Language
from simkit.whatif.answers import Names, Origin

__all__ = ["unpriced_notes"]


def unpriced_notes(origin: Origin, lang: Language) -> list[str]:
    """One note, or two where a change puts in force or takes away what has no price; none where all has one."""
    before, after = (_joined(names, lang) for names in (origin.unpriced, origin.unpriced_after))
    if before == after:
        return [say(lang, "note.unpriced_answer", names=before)] if before else []
    nothing = say(lang, "note.unpriced_none")
    return [
        say(lang, "note.unpriced_before", names=before or nothing),
        say(lang, "note.unpriced_after", names=after or nothing),
    ]


def _joined(names: Names, lang: Language) -> str:
    # Names may hold commas.
    return say(lang, "language.parted_with").join(of_two(lang, *both) for both in names)
