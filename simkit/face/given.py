"""What a person gives in a notebook: amounts with their unit, days, scores, and what an attribute may be."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from numbers import Number
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from simkit.base.days import days
from simkit.base.money import LARGEST_FEN, Quantity, parse_quantity, quantity_text
from simkit.base.said import Said
from simkit.base.words import LANGUAGES, catalogue
from simkit.documents.cells import WrongError, as_flag, choice_of
from simkit.documents.table import is_blank, plain
from simkit.policy.conditions import Attribute
from simkit.policy.schema import Policy

__all__ = [
    "Reader",
    "amount_of",
    "attribute_of",
    "bare",
    "day_of",
    "flag_of",
    "is_given",
    "provision_of",
    "range_of",
    "score_of",
]

#: Reads a value that is given, with the unit of its column (empty: none), as a number.
Reader: TypeAlias = Callable[[Any, str], Any]

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?")
_YEARS = range(1949, 2201)


def bare(value: Any) -> Any:
    """A value of numpy as Python has it."""
    return value.item() if isinstance(value, np.bool_ | np.number) else value


def is_given(value: Any) -> bool:
    """Whether there is something: not None, NaN, NaT or a blank text."""
    return not is_blank(value) and not (pd.api.types.is_scalar(value) and pd.isna(value))


def amount_of(kind: str, value: Any, unit: str = "", most: int = LARGEST_FEN) -> int:
    """An amount exactly, in fen, cents or whole things; of a float, the shortest number that names it.

    Parameters
    ----------
    kind : str
        `yuan`, `usd` or `count`.
    unit : str
        Of a number that has none of its own.

    Raises
    ------
    WrongError
        For another unit, money without one, a part of a fen or of a thing, a number out of range.
    """
    expected = Said(f"face.expected.{kind}")
    if isinstance(value, bool) or not isinstance(value, str | Number):
        raise WrongError(expected)
    try:
        quantity = parse_quantity(plain(str(value)))
        if not quantity.kind and unit:
            quantity = parse_quantity(f"{plain(str(value))}{unit}")
    except ValueError:
        raise WrongError(expected) from None
    if (quantity.kind or "count") != kind:
        raise WrongError(expected, None if quantity.kind else Said("face.no_unit"))
    smallest = quantity.value * (1 if kind == "count" else 100)
    if smallest != smallest.to_integral_value():
        raise WrongError(Said(f"face.whole.{kind}"))
    if not 0 <= smallest <= most:
        raise WrongError(range_of(kind, most))
    return int(smallest)


def range_of(kind: str, most: int) -> Said:
    """An amount from 0 to the most, which is in fen, cents or whole things."""
    largest = Quantity(Decimal(most) / (1 if kind == "count" else 100), kind)
    return Said("face.in_range", what=Said(f"face.expected.{kind}"), most=quantity_text(largest))


def day_of(value: Any, unit: str = "") -> int:
    """A day, in days since 1970-01-01; never a bare number.

    Raises
    ------
    WrongError
        Where it is none, or lies in no year that can be meant.
    """
    found = None
    if isinstance(value, str):
        match = _DAY.fullmatch(plain(value))
        found = None if match is None else _date(*map(int, match.groups()))
    elif isinstance(value, np.datetime64 | datetime.datetime):
        found = pd.Timestamp(value).date()
    elif isinstance(value, datetime.date):
        found = value
    if found is None or found.year not in _YEARS:
        raise WrongError(Said("face.expected.day"))
    return days(found)


def score_of(value: Any, unit: str = "") -> float:
    """A score in a selection.

    Raises
    ------
    WrongError
        Where it is no finite number.
    """
    try:
        found = np.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        found = np.nan
    if not np.isfinite(found):
        raise WrongError(Said("fault.a_finite_number"))
    return found


def attribute_of(attribute: Attribute) -> Reader:
    """What reads an attribute as claims hold it: fen, cents, a count, the code of a category, a flag."""
    match attribute.unit:
        case "category":
            choose = choice_of([_value_names(attribute, one) for one in attribute.values], required=True)
            return lambda value, unit: choose(value)
        case "flag":
            return flag_of
        case kind:
            return partial(amount_of, kind)


def flag_of(value: Any, unit: str = "") -> int:
    """Yes or no as 1 or 0."""
    return as_flag(value)


def provision_of(policy: Policy) -> Callable[[Any], str]:
    """What reads a provision by its key or its name in any language, as its key."""
    keys = list(policy.measures)
    names = [_names(key, one.name) for key, one in policy.measures.items()]
    choose = choice_of(names, required=True, expected=Said("face.expected.provision"))
    return lambda value: keys[choose(value)]


def _names(key: str, name: Any) -> list[str]:
    return [key, *(name.said(lang) for lang in LANGUAGES)]


def _value_names(attribute: Attribute, value: str) -> list[str]:
    """A value of a category: as the policy writes it, its labels, else the catalogues' words."""
    if value in attribute.labels:
        return _names(value, attribute.labels[value])
    return [value, *(catalogue(lang).get(f"field.{value}", value) for lang in LANGUAGES)]


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
