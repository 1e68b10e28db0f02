"""Many faults as a person reads them: alike ones told once, and no more lines than somebody mends in one go."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable

from simkit.base.errors import MOST_SOUGHT, MOST_TOLD, Fault
from simkit.base.said import Said, Words, joined
from simkit.base.words import DEFAULT, Language

__all__ = ["tell_all"]

#: Alike faults up to this number are told one by one; of more, the first and the places of some others.
_MOST_ALIKE = 3
_PLACES = 5


def tell_all(faults: Iterable[Fault], language: Language = DEFAULT) -> list[str]:
    """Write faults as lines: many alike once, with their number and places; at most so many lines, then a count.

    Parameters
    ----------
    faults : Fault
        In the order in which they are to be told.
    language : Language
    """
    faults = list(faults)
    kinds: dict[Hashable, list[Fault]] = {}
    for fault in faults:
        kinds.setdefault(_kind(fault), []).append(fault)
    told = [one for alike in kinds.values() for one in _grouped(alike)]
    at_least = Said("fault.at_least") if len(faults) >= MOST_SOUGHT else ""
    lines = [_told(first, others, at_least, language) for first, others in told[:MOST_TOLD]]
    if rest := sum(1 + len(others) for _, others in told[MOST_TOLD:]):
        lines.append(Said("fault.not_shown", at_least=at_least, count=rest).said(language))
    return lines


def _kind(fault: Fault) -> Hashable:
    """What alike faults share: all but their line and the beginning and the numbers of their path."""
    last = next((word for word in reversed(fault.path.split(".")) if not word.isdigit()), "")
    return fault.file, re.sub(r"\d+$", "", last), fault.expected, fault.found, fault.hint


def _grouped(alike: list[Fault]) -> list[tuple[Fault, list[Fault]]]:
    if len(alike) <= _MOST_ALIKE:
        return [(fault, []) for fault in alike]
    return [(alike[0], alike[1:])]


def _told(first: Fault, others: list[Fault], at_least: Words, language: Language) -> str:
    """A fault, how many are like it, and where some of them stand."""
    if not others:
        return first.said(language)
    key = "fault.more_alike" if len(others) <= _PLACES else "fault.many_more_alike"
    places = joined([_place(fault) for fault in others[:_PLACES]], "language.listed")
    more = Said(key, at_least=at_least, count=len(others), places=places)
    return f"{first.said(language)}{more.said(language)}"


def _place(fault: Fault) -> Words:
    if not fault.line:
        return fault.path
    if fault.path == "(file)":
        return Said("fault.line", line=fault.line)
    return Said("fault.path_and_line", path=fault.path, line=fault.line)
