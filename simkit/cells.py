"""One cell of a list as a value: names, numbers with the unit of their heading, yes and no, one of several."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from simkit.money import LARGEST_FEN, parse_quantity
from simkit.policy.tree import show
from simkit.sheets import Unreadable, is_blank, plain
from simkit.spelling import nearest

__all__ = [
    "UNITS",
    "Unit",
    "WrongError",
    "as_flag",
    "as_licence",
    "as_name",
    "as_number",
    "choice_of",
    "folded",
    "found_in",
    "split_heading",
    "unit_of",
]

_FLAGS = {"是": 1, "yes": 1, "true": 1, "1": 1, "否": 0, "no": 0, "false": 0, "0": 0}
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?([eE][+-]?\d{1,4})?")
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_MOST_DIGITS = 15
_WITH_UNIT = re.compile(r"(.+?)(?:[(\[](.*)[)\]]|[/:](.+))")


class Unit(NamedTuple):
    """A unit as a heading writes it: how many of the base unit, the largest number, a common larger unit."""

    name: str
    factor: int
    most: int
    example: str


#: Base units by kind: yuan, US dollars, and counts, which need none.
UNITS = {
    "yuan": Unit("元", 1, LARGEST_FEN // 100, "万元"),
    "usd": Unit("美元", 1, LARGEST_FEN // 100, "万美元"),
    "count": Unit("", 1, 10**12, "人"),
}


class WrongError(Exception):
    """A cell that cannot be used: what was expected, and the way out."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected, hint)
        self.expected, self.hint = expected, hint


def folded(text: str) -> str:
    """Text with what two ways to write a name may differ in left out: width, case, spaces, hyphens."""
    return re.sub(r"[\s_-]+", "", plain(text)).casefold()


def found_in(value: Any) -> str:
    """What stands in a cell, as a fault names it."""
    if isinstance(value, Unreadable):
        return value.found
    if is_blank(value):
        return "an empty cell"
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return f"the date {str(value).removesuffix(' 00:00:00')}"
    return show(value)


def split_heading(text: str) -> tuple[str, str]:
    """Name and unit of a heading, such as 营业收入（单位：万元）; the unit is empty where there is none."""
    match = _WITH_UNIT.fullmatch(re.sub(r"\s+", "", plain(text)))
    if match is None:
        return plain(text), ""
    return match[1], re.sub("^单位:?", "", match[2] or match[3] or "")


def unit_of(kind: str, text: str) -> Unit | None:
    """Unit in a heading, None where it is missing or of another kind."""
    base = UNITS[kind]
    if not text:
        return base if kind == "count" else None
    try:
        quantity = parse_quantity(f"1{text}")
    except ValueError:
        return None
    if (quantity.kind or "count") != kind:
        return None
    factor = int(quantity.value)
    return Unit(text, factor, base.most // factor, base.example)


def as_name(value: Any) -> str:
    """Name of an agency; required.

    Raises
    ------
    WrongError
        As the other functions of this file do.
    """
    if isinstance(value, str) and value:
        return value
    if _is_number(value):
        return str(value)
    raise WrongError("the agency's name")


def as_licence(value: Any) -> str:
    """Licence number, empty where there is none; no number that a spreadsheet has rounded."""
    text = str(value) if _is_number(value) else value
    if not isinstance(text, str):
        raise WrongError("the licence's number as text", "format the cells as text and enter them anew")
    if _ROUNDED.fullmatch(text) or (text is not value and len(text) > _MOST_DIGITS):
        hint = "a spreadsheet keeps 15 digits of a number: format the cells as text and enter them anew"
        raise WrongError("the licence's number as text", hint)
    return text


def choice_of(names: Mapping[str, int], required: bool) -> Callable[[Any], int]:
    """What reads one of the names as its number; -1 for an empty cell that need not be filled in."""
    numbers = {folded(name): number for name, number in names.items()}
    expected = f"one of {', '.join(names)}" if names else "an empty cell, since the policy names none"

    def as_choice(value: Any) -> int:
        if value == "" and not required:
            return -1
        number = numbers.get(folded(value)) if isinstance(value, str) else None
        if number is None:
            raise WrongError(expected, nearest(value, names) if isinstance(value, str) else "")
        return number

    return as_choice


def as_flag(value: Any) -> int:
    """1 for yes, 0 for no, -1 for an empty cell."""
    if value == "":
        return -1
    text = str(int(value)) if _is_number(value, bool) and value in (0, 1) else value
    number = _FLAGS.get(text.casefold()) if isinstance(text, str) else None
    if number is None:
        raise WrongError("是, 否, yes, no, 1, 0 or an empty cell")
    return number


def as_number(unit: Unit, value: Any) -> float:
    """A number in the unit of its heading, in base units; nan for an empty cell."""
    if value == "":
        return float("nan")
    most = f"{unit.most:,}"
    expected = f"a number in {unit.name} from 0 to {most}" if unit.name else f"a number from 0 to {most}"
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        raise WrongError(expected, "format the cell as a number and enter it anew")
    text = str(value)
    if isinstance(value, bool) or _NUMBER.fullmatch(text) is None:
        raise WrongError(expected, "write the number alone; leave the cell empty where it is not known")
    number = Decimal(text.replace(",", ""))
    if not 0 <= number <= unit.most:
        raise WrongError(expected)
    return float(abs(number) * unit.factor)


def _is_number(value: Any, *besides: type) -> bool:
    if isinstance(value, bool):
        return bool in besides
    return isinstance(value, int | float)
