"""Values that are far from the baseline's are asked about: most are slips of unit, such as 60 that becomes 6000%."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from simkit.base.money import parse_quantity
from simkit.base.said import Said
from simkit.base.words import LANGUAGES, say
from simkit.documents.cells import WrongError
from simkit.scenario.parameters.rows import split_value

__all__ = ["MARKS", "check_near", "is_far", "marked", "unmarked"]

#: What a person writes behind a value that is meant, by language.
MARKS = {lang: say(lang, "sheet.confirmed") for lang in LANGUAGES}
#: Values go up or down by this factor at most without being asked about.
_FACTOR = 5
#: Numbers of a law that are of the size of what it gives.
_OF_LAW = ("value", "mode", "mean", "median", "low", "high")
_MARKED = re.compile(rf"(.*\S)\s*(?:{'|'.join(MARKS.values())})", re.DOTALL | re.IGNORECASE)


def unmarked(value: Any) -> tuple[Any, bool]:
    """What stands in a cell without the word that confirms it, and whether that word stands there."""
    match = _MARKED.fullmatch(value.strip()) if isinstance(value, str) else None
    return (match[1], True) if match else (value, False)


def marked(text: str, language: str) -> str:
    """A value with the word that confirms it."""
    return f"{text} {MARKS[language]}"


def is_far(before: Any, after: Any) -> bool:
    """Whether a number is beyond five times what it was, below a fifth of it, or a share that comes to exceed 100 %.

    Of values with parts, whether one of the parts that both have is.
    """
    return next(_far_parts(before, after), None) is not None


def check_near(before: Any, after: Any, confirmed: bool) -> None:
    """Ask for a word where a value is far from the baseline's.

    Raises
    ------
    WrongError
        Where it is far and not confirmed, with what to write.
    """
    far = None if confirmed else next(_far_parts(before, after), None)
    if far is None:
        return
    number, unit = split_value(far[0]) or (Decimal(0), "")
    low, high = (f"{one.normalize():f}{unit}" for one in (number / _FACTOR, number * _FACTOR))
    high = "100%" if unit == "%" and number <= 100 < number * _FACTOR else high
    expected = Said("fault.value_from_near_baseline", low=low, high=high, far=far[0])
    raise WrongError(expected, Said("fault.reads_if_meant_write_confirmed_behind", far=far[1]))


def _far_parts(before: Any, after: Any) -> Iterator[tuple[Any, Any]]:
    """Pairs of numbers that are far from each other; a number and a law by the numbers of the law."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            yield from _far_parts(before[key], after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip(before, after, strict=False):
            yield from _far_parts(one, other)
    elif isinstance(before, dict):
        numbers = [before[key] for key in _OF_LAW if key in before]
        if numbers and all(_is_far(one, after) for one in numbers):
            yield numbers[0], after
    elif isinstance(after, dict):
        numbers = [after[key] for key in _OF_LAW if key in after]
        yield from ((before, one) for one in numbers if _is_far(before, one))
    elif _is_far(before, after):
        yield before, after


def _is_far(before: Any, after: Any) -> bool:
    """Of two numbers of one kind."""
    if split_value(before) is None or split_value(after) is None:
        return False
    try:
        old, new = parse_quantity(before), parse_quantity(after)
    except ValueError:
        return False
    if old.value == new.value:
        return False
    beyond = abs(new.value) > abs(old.value) * _FACTOR or abs(new.value) * _FACTOR < abs(old.value)
    turned = old.value * new.value < 0
    return beyond or turned or (new.kind == "share" and new.value > 1 >= old.value)
