"""Many faults as a person reads them: alike ones told once, and no more lines than somebody mends in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable

from simkit.base.errors import MOST_SOUGHT, MOST_TOLD, Fault
from simkit.base.visible import visible
from simkit.documents.fault_words import tell

__all__ = ["tell_all"]

#: Alike faults up to this number are told one by one; of more, the first and the places of some others.
_MOST_ALIKE = 3
_PLACES = 5
_AT_LEAST = ("at least ", "至少")


def tell_all(faults: Iterable[Fault], language: str = "en") -> list[str]:
    """Write faults as lines: many alike once, with their number and places; at most so many lines, then a count.

    Parameters
    ----------
    faults : Fault
        In the order in which they are to be told.
    language : str
        `zh` or `en`.
    """
    faults = list(faults)
    kinds: dict[tuple[str, ...], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault(_kind(fault), []).append(fault)
    told = [one for alike in kinds.values() for one in _grouped(alike)]
    at_least = _AT_LEAST[language == "zh"] if len(faults) >= MOST_SOUGHT else ""
    lines = [_told(first, others, at_least, language) for first, others in told[:MOST_TOLD]]
    if rest := sum(1 + len(others) for _, others in told[MOST_TOLD:]):
        zh = f"另有{at_least} {rest} 处错误未列出，请先更正以上各处"
        lines.append(
            zh if language == "zh" else f"{at_least}{rest} more faults are not shown: mend these first"
        )
    return lines


def _kind(fault: Fault) -> tuple[str, ...]:
    """What alike faults share: all but their line and the beginning and the numbers of their path."""
    last = next((word for word in reversed(fault.path.split(".")) if not word.isdigit()), "")
    return fault.file, re.sub(r"\d+$", "", last), fault.expected, fault.found, fault.hint


def _grouped(alike: list[Fault]) -> list[tuple[Fault, list[Fault]]]:
    if len(alike) <= _MOST_ALIKE:
        return [(fault, []) for fault in alike]
    return [(alike[0], alike[1:])]


def _told(first: Fault, others: list[Fault], at_least: str, language: str) -> str:
    """A fault, how many are like it, and where some of them stand."""
    line, zh = tell(first, language), language == "zh"
    if not others:
        return line
    some = [visible(_place(fault, zh)) for fault in others[:_PLACES]]
    more = ("等" if zh else ", ...") if len(others) > _PLACES else ""
    if zh:
        return f"{line}；另有{at_least} {len(others)} 处相同：{'、'.join(some)}{more}"
    return f"{line}; {at_least}{len(others)} more alike: {', '.join(some)}{more}"


def _place(fault: Fault, zh: bool) -> str:
    if not fault.line:
        return fault.path
    line = f"第 {fault.line} 行" if zh else f"line {fault.line}"
    if fault.path == "(file)":
        return line
    return f"{fault.path}（{line}）" if zh else f"{fault.path} ({line})"
