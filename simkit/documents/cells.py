"""One cell of a list as a value: names, numbers with the unit of their heading, yes and no, one of several."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from simkit.base.money import LARGEST_FEN, parse_quantity
from simkit.base.said import Said, Words
from simkit.documents.build import show
from simkit.documents.number_formats import Formatted, Percent
from simkit.documents.spelling import nearest
from simkit.documents.table import Unreadable, is_blank, plain

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
    "identity",
    "split_heading",
    "unit_of",
]

_NO_NAMES = Said("fault.empty_cell_since_policy_names_none")
_FLAGS = {"是": 1, "yes": 1, "true": 1, "1": 1, "否": 0, "no": 0, "false": 0, "0": 0}
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?([eE][+-]?\d{1,4})?")
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_MOST_DIGITS = 15
_AS_TEXT = Said("fault.format_cells_text_enter_them_anew")
_AS_NUMBER = Said("fault.format_cell_number_enter_anew")
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

    def __init__(self, expected: Said, hint: Said | None = None) -> None:
        super().__init__(expected, hint)
        self.expected, self.hint = expected, hint


def folded(text: str) -> str:
    """Text with what two ways to write a name may differ in left out: width, case, spaces, hyphens."""
    return re.sub(r"[\s_-]+", "", plain(text)).casefold()


def identity(text: str) -> str:
    """What is left of a name or licence when width, case, spaces and every sign such as a bracket are left out."""
    return "".join(filter(str.isalnum, plain(text))).casefold() or folded(text)


def found_in(value: Any) -> Words:
    """What stands in a cell, as a fault names it."""
    if isinstance(value, Unreadable):
        return value.found
    if is_blank(value):
        return Said("fault.an_empty_cell")
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return Said("fault.the_date", one=str(value).removesuffix(" 00:00:00"))
    if isinstance(value, Percent):
        return f"{value * 100:.13g}%"
    if isinstance(value, Formatted):
        return Said("fault.in_format", value=f"{value:.15g}", pattern=value.pattern)
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
    if _is_number(value) and not isinstance(value, Formatted):
        return str(value)
    raise WrongError(Said("fault.the_agency_name"), None if isinstance(value, str | bool) else _AS_TEXT)


def as_licence(value: Any) -> str:
    """Licence number, empty where there is none; no number that a spreadsheet has rounded."""
    text = str(value) if _is_number(value) else value
    if not isinstance(text, str) or isinstance(value, Formatted):
        raise WrongError(Said("fault.licence_number_text"), _AS_TEXT)
    if _ROUNDED.fullmatch(text) or (text is not value and len(text) > _MOST_DIGITS):
        hint = Said("fault.spreadsheet_keeps_15_digits_number_format")
        raise WrongError(Said("fault.licence_number_text"), hint)
    return text


def choice_of(
    names: Sequence[Sequence[str]], required: bool, expected: Said | None = None
) -> Callable[[Any], int]:
    """What reads a name of one of several things as its position; -1 for an empty cell that need not be filled in.

    Parameters
    ----------
    names : sequence of sequence of str
        The names of each, in whatever language; the first is the one that a fault lists.
    expected : Said, optional
        What a fault says instead where they are too many to be listed.
    """
    places: dict[str, set[int]] = {}
    for place, known in enumerate(names):
        for name in known:
            places.setdefault(folded(name), set()).add(place)
    if expected is None:
        expected = Said("fault.one_of", known=", ".join(known[0] for known in names)) if names else _NO_NAMES

    def as_choice(value: Any) -> int:
        if value == "" and not required:
            return -1
        found = places.get(folded(value), set()) if isinstance(value, str) else set()
        if len(found) > 1:
            meant = ", ".join(f"{names[place][0]} ({names[place][-1]})" for place in sorted(found))
            raise WrongError(Said("fault.name_one_alone_may_be", meant=meant))
        if not found:
            known = (name for one in names for name in one)
            raise WrongError(expected, nearest(value, known) if isinstance(value, str) else None)
        return next(iter(found))

    return as_choice


def as_flag(value: Any) -> int:
    """1 for yes, 0 for no, -1 for an empty cell."""
    if value == "":
        return -1
    bare = _is_number(value, bool) and not isinstance(value, Percent)
    text = str(int(value)) if bare and value in (0, 1) else value
    number = _FLAGS.get(text.casefold()) if isinstance(text, str) else None
    if number is None:
        raise WrongError(Said("fault.yes_no_1_0_empty_cell"))
    return number


def as_number(unit: Unit, value: Any) -> float:
    """A number in the unit of its heading, in base units; nan for an empty cell."""
    if value == "":
        return float("nan")
    most = f"{unit.most:,}"
    expected = (
        Said("fault.number_in_from_0", name=unit.name, most=most)
        if unit.name
        else Said("fault.number_from_0", most=most)
    )
    other = isinstance(value, datetime.date | datetime.time | datetime.timedelta | Percent)
    if other or (isinstance(value, Formatted) and value.is_scaled(unit.name)):
        raise WrongError(expected, _AS_NUMBER)
    text = str(value)
    if isinstance(value, bool) or _NUMBER.fullmatch(text) is None:
        raise WrongError(expected, Said("fault.write_number_alone_leave_cell_empty"))
    number = Decimal(text.replace(",", ""))
    if not 0 <= number <= unit.most:
        raise WrongError(expected)
    return float(abs(number) * unit.factor)


def _is_number(value: Any, *besides: type) -> bool:
    if isinstance(value, bool):
        return bool in besides
    return isinstance(value, int | float)
