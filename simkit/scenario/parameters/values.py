"""One cell as a value of an overlay: numbers in the unit of their row, choices, days, values as in YAML."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from simkit.base.money import parse_quantity
from simkit.base.said import Said, in_language
from simkit.base.words import LANGUAGES
from simkit.documents.cells import WrongError, folded
from simkit.documents.number_formats import Formatted, Percent
from simkit.documents.spelling import nearest
from simkit.documents.table import plain
from simkit.scenario import read_value
from simkit.scenario.parameters.confirm import check_near, unmarked
from simkit.scenario.parameters.rows import Parameter, split_value

__all__ = ["as_date", "as_value", "as_words"]

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DAY = (datetime.date, datetime.time, datetime.timedelta)
_AS_NUMBER = Said("fault.format_cell_number_enter_anew")


def as_words(value: Any) -> str:
    """Text of a cell, empty for none; a whole number as its digits.

    Raises
    ------
    WrongError
        As the other functions of this file do.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise WrongError(Said("fault.text"))


def as_date(value: Any) -> datetime.date | None:
    """A day, however a spreadsheet or a person writes it."""
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    match = _DATE.fullmatch(plain(value).replace(" ", "")) if isinstance(value, str) else None
    try:
        if match is not None:
            return datetime.date(*map(int, match.groups()))
    except ValueError:
        pass
    raise WrongError(Said("fault.day_2023_04_12"))


def as_value(parameter: Parameter | None, value: Any, before: Any) -> tuple[Any, bool]:
    """A cell's value, or the list of its values and True where several are separated by semicolons.

    Parameters
    ----------
    parameter : Parameter or None
        None: a path that is no parameter; its values are written as in YAML, several as `{sweep: [...]}`.
    value : what stands in the cell
    before : what the baseline has, which a value that is far from it is asked about
    """
    if parameter is None:
        return _as_yaml(value, before)
    if isinstance(value, str) and ";" in plain(value):
        parts = [part for part in plain(value).split(";") if part.strip()]
        if not parts:
            raise WrongError(Said("fault.values_separated_by_semicolons"))
        return [_one(parameter, part, before) for part in parts], True
    return _one(parameter, value, before), False


def _one(parameter: Parameter, value: Any, before: Any) -> Any:
    if isinstance(value, str) and plain(value) == "null":
        return None
    if parameter.choices:
        return _choice(parameter, value)
    bare, confirmed = unmarked(value)
    number = _number(parameter, bare)
    check_near(before, number, confirmed)
    return number


def _choice(parameter: Parameter, value: Any) -> str:
    """One of some words, by itself or by its label."""
    given = folded(str(value))
    for word, label in parameter.choices.items():
        labels = [in_language(label, lang) for lang in LANGUAGES]
        if given in map(folded, (word, *labels, *(f"{word}{label}" for label in labels))):
            return word
    raise WrongError(
        Said("fault.one_of", known=", ".join(parameter.choices)), nearest(str(value), parameter.choices)
    )


def _number(parameter: Parameter, value: Any) -> Any:
    """A number in the unit of its row, written as in the scenario's file."""
    unit = parameter.unit
    expected = Said("fault.number_in", unit=unit) if unit else Said("fault.a_number")
    if isinstance(value, _DAY):
        raise WrongError(expected, _AS_NUMBER)
    if isinstance(value, bool):
        raise WrongError(expected)
    if isinstance(value, Formatted) and value.is_scaled(unit):
        raise WrongError(expected, _AS_NUMBER)
    if isinstance(value, Percent):
        if unit not in ("%", ""):
            raise WrongError(expected, Said("fault.cell_shows_percentage_format_number"))
        number = _decimal(value) * (100 if unit else 1)
    elif isinstance(value, str):
        number = _written(plain(value), unit, expected)
    else:
        number = _bare(_decimal(value), unit)
    return _text(number, unit)


def _decimal(value: float) -> Decimal:
    """A number without what binary fractions leave behind the digits that a spreadsheet keeps."""
    return Decimal(f"{value:.13g}")


def _bare(number: Decimal, unit: str) -> Decimal:
    """A number without a sign of percent: up to 1 nobody knows whether it is a share or a percentage."""
    if unit == "%" and 0 < abs(number) <= 1:
        raise WrongError(Said("fault.percentage_with_sign"), Said("fault.write_sign_0_4_may_be"))
    return number


def _written(text: str, unit: str, expected: Said) -> Decimal:
    """A number as text, in its row's unit where it names none, else in one of the same kind."""
    try:
        quantity = parse_quantity(text)
        own = parse_quantity(f"1{unit}")
    except ValueError as error:
        raise WrongError(expected, Said("fault.write_number_alone_with_unit")) from error
    if re.fullmatch(r"[-+\d.,eE\s]+", text):
        return _bare(quantity.value, unit)
    if (
        quantity.kind != own.kind
        and {quantity.kind, own.kind} != {"count", ""}
        and (quantity.kind, unit) != ("share", "")
    ):
        raise WrongError(expected)
    return quantity.value / own.value


def _text(number: Decimal, unit: str) -> Any:
    """`60万元`; a plain number as a number."""
    shown = f"{number.normalize():f}"
    if unit:
        return f"{shown}{unit}"
    return int(shown) if "." not in shown else float(shown)


def _as_yaml(value: Any, before: Any) -> tuple[Any, bool]:
    if isinstance(value, datetime.datetime):
        return value.date(), False
    if isinstance(value, _DAY):
        raise WrongError(Said("fault.value_file"))
    if isinstance(value, Formatted) and value.is_scaled(""):
        raise WrongError(Said("fault.value_file"), _AS_NUMBER)
    read, confirmed = _read_yaml(value) if isinstance(value, str) else (value, False)
    if isinstance(value, Percent):
        read = f"{(_decimal(value) * 100).normalize():f}%"
    elif not isinstance(value, str | bool):
        read = _text(_decimal(value), "")
    swept = isinstance(read, dict) and list(read) == ["sweep"] and isinstance(read["sweep"], list)
    for one in read["sweep"] if swept else [read]:
        check_near(before, one, confirmed)
    return (read["sweep"], True) if swept else (read, False)


def _read_yaml(text: str) -> tuple[Any, bool]:
    """A value as in a file; the word that confirms it is no part of a number or of a value with parts."""
    bare, confirmed = unmarked(text)
    try:
        if confirmed:
            read = read_value(bare)
            if not isinstance(read, str) or split_value(read) is not None:
                return read, True
        return read_value(text.strip()), False
    except ValueError as error:
        raise WrongError(error.args[0], Said("fault.put_text_with_signs_quotes")) from error
