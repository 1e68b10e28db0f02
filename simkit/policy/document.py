"""The document that a policy is: number, term, text, goals, where a figure comes from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from simkit.base.leaf import Leaf
from simkit.base.said import Said
from simkit.documents.about import About
from simkit.documents.models import Day, Frozen, Names, Text, Year
from simkit.documents.validate import Disagreement

__all__ = ["Document", "Goal", "Reliability", "Source", "Term", "TextFile"]

Reliability = Literal["sourced", "comparable", "judgement", "recalled"]


class Source(Frozen):
    """Where a figure that the policy does not give comes from (an assumption)."""

    source: str = Field(min_length=1)
    date: Day
    reliability: Reliability
    note: str = ""


class Term(Frozen):
    """Days on which something is in force, both included; `until` none: no end."""

    since: Day
    until: Day | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Term:
        if self.until is not None and self.until < self.since:
            raise Disagreement(("until", Said("fault.until_on_after_since", since=self.since)))
        return self


class TextFile(Frozen):
    """The policy's text, beside the policy file, and the SHA-256 of its bytes."""

    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Document(Frozen):
    """The document that the policy is."""

    number: str
    title: Text
    issued: Day
    in_force: Annotated[Term, About(change="again", at="since"), About(change="kept_shorter", at="until")]
    text: TextFile
    issuers: Names = ()
    registration: str = ""
    note: Text | None = None


class Goal(Frozen):
    """A target of the policy's part 二, for the performance annex."""

    clause: str
    quote: str
    name: Text
    value: Annotated[float, Leaf("goal", 0, 1e12)]
    unit: str
    by: Year | None = None
