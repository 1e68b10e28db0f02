"""What every annex is written from, and the draft of a table in the template's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simkit.report.annexes.template import Template
from simkit.report.papers.pieces import Sentences
from simkit.report.papers.table import Language
from simkit.report.tables.draft import Draft
from simkit.report.tables.saved import Saved
from simkit.runs.result import Result

__all__ = ["AnnexDraft", "Sources"]


@dataclass(slots=True, eq=False, kw_only=True)
class AnnexDraft(Draft):
    """A table in the making, in the template's words."""

    template: Template

    def say(self, key: str, /, **values: Any) -> str:
        """Sentences of the template or the catalogue."""
        return self.template.say(self.lang, key, **values)


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Saved results, a language and a template."""

    saved: Saved
    lang: Language
    template: Template

    @property
    def result(self) -> Result:
        """The run that the annexes are about."""
        return self.saved.result

    def draft(self) -> AnnexDraft:
        """A new table."""
        return AnnexDraft(result=self.result, lang=self.lang, template=self.template)

    def say(self, key: str, /, **values: Any) -> str:
        """Sentences of the template or the catalogue."""
        return self.template.say(self.lang, key, **values)

    def words(self, key: str, /, **values: Any) -> Sentences:
        """A paragraph."""
        return Sentences(self.say(key, **values))

    def heading(self, key: str, /, **values: Any) -> Sentences:
        """The heading of a part of an annex."""
        return Sentences(self.say(key, **values), "heading")
