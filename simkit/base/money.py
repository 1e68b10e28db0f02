"""Fen, rates and quantities with units; the only place that rounds money.

Money is an int64 number of fen, a rate an integer over 10,000. A file writes both with their
unit (`50万元`, `12.5%`, `500人`, `50万美元`), so that a wrong unit is found and not computed with.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema

from simkit.base.leaf import Leaf
from simkit.base.said import Said, joined

__all__ = [
    "LARGEST_AMOUNT",
    "LARGEST_FEN",
    "RATE_ONE",
    "Basis",
    "Count",
    "Limit",
    "Money",
    "Percent",
    "Quantity",
    "Rate",
    "Share",
    "Threshold",
    "format_wan",
    "parse_quantity",
    "quantity_text",
    "signed",
]

RATE_ONE = 10_000
#: Largest amount that may enter: times 10,000 it still fits int64. 9 trillion yuan in fen.
LARGEST_FEN = 900_000_000_000_000
#: Largest amount that a policy or a vote may name: a trillion yuan, in fen.
LARGEST_AMOUNT = 100_000_000_000_000

_SCALES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "亿": 10**8}
_UNITS = {
    "元": "yuan",
    "yuan": "yuan",
    "CNY": "yuan",
    "美元": "usd",
    "USD": "usd",
    "%": "share",
    "人": "count",
    "家": "count",
    "项": "count",
    "个": "count",
    "次": "count",
    "倍": "count",
    "天": "days",
    "days": "days",
    "平方米": "count",
}
_PATTERN = re.compile(
    r"^\s*([+-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(千|百万|万|亿)?\s*([A-Za-z%\u4e00-\u9fff]*)\s*$"
)


class Quantity(NamedTuple):
    """A number and the kind of its unit: `yuan`, `usd`, `count`, `share`, `days`, or "" for none."""

    value: Decimal
    kind: str


def parse_quantity(text: Any) -> Quantity:
    """Read a number with its unit, such as `50万元`, `50%`, `500人` or a plain number.

    Raises
    ------
    ValueError
        When it is no finite number, or the unit is unknown.
    """
    if isinstance(text, bool) or text is None or isinstance(text, list | dict):
        raise ValueError(Said("fault.number_with_unit"))
    match = _PATTERN.match(str(text))
    if match is None:
        raise ValueError(Said("fault.finite_number_with_unit"))
    digits, scale, unit = match.group(1).replace(",", ""), match.group(2) or "", match.group(3)
    if unit and unit not in _UNITS:
        raise ValueError(Said("fault.a_known_unit", units=joined(list(_UNITS), "language.listed")))
    try:
        value = Decimal(digits) * _SCALES[scale]
    except ArithmeticError as error:  # an exponent beyond what Decimal holds
        raise ValueError(Said("fault.a_finite_number")) from error
    if not value.is_finite() or abs(value) > Decimal(10) ** 18:
        raise ValueError(Said("fault.number_at_most_18_digits"))
    kind = _UNITS.get(unit, "")
    return Quantity(value / 100 if kind == "share" else value, kind)


def quantity_text(quantity: Quantity) -> str:
    """A number with its unit as a file has it; `parse_quantity` reads it back to the same number."""
    value, kind = quantity
    if kind == "share":
        return f"{_digits(value * 100)}%"
    unit = {"yuan": "元", "usd": "美元", "days": "天"}.get(kind, "")
    if kind in ("yuan", "usd") and value >= 10_000 and value % 100 == 0:
        return f"{_digits(value / 10_000)}万{unit}"
    return f"{_digits(value)}{unit}"


def _digits(value: Decimal) -> str:
    """Plain digits, without zeros at the end and without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _whole(value: Decimal, what: Said) -> int:
    if value != value.to_integral_value():
        raise ValueError(what)
    return int(value)


def _money(text: Any) -> int:
    quantity = parse_quantity(text)
    if quantity.kind != "yuan":
        raise ValueError(Said("fault.amount_money_with_unit"))
    return _whole(quantity.value * 100, Said("fault.amount_whole_fen"))


def _percent(text: Any) -> int:
    quantity = parse_quantity(text)
    if quantity.kind != "share":
        raise ValueError(Said("fault.a_percentage_such_as"))
    return _whole(quantity.value * RATE_ONE, Said("fault.percentage_with_at_most_two_decimals"))


def _count(text: Any) -> int:
    quantity = parse_quantity(text)
    if quantity.kind not in ("count", ""):
        raise ValueError(Said("fault.a_count_such_as"))
    return _whole(quantity.value, Said("fault.a_whole_number"))


def _threshold(text: Any) -> Basis:
    """A point on a measured scale: fen for yuan, cents for US dollars, the number itself for counts."""
    quantity = parse_quantity(text)
    kind = quantity.kind or "count"
    if kind not in ("yuan", "usd", "count"):
        raise ValueError(Said("fault.amount_count_with_unit"))
    factor = 1 if kind == "count" else 100
    return Basis(_whole(quantity.value * factor, Said("fault.whole_number_smallest_unit_cents")), kind)


class Basis(NamedTuple):
    """An integer threshold and what it counts: `yuan` (fen), `usd` (cents) or `count`."""

    value: int
    kind: str


def _once(parse: Any) -> Any:
    """Let a value that was parsed before pass through, so that types can be validated again."""

    def validate(value: Any) -> Any:
        if isinstance(value, Basis):
            return value
        return parse(value)

    return validate


def _schema(example: str, about: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number"], "description": about, "examples": [example]})


#: Beyond a billion yuan hardly anything is paid.
Money = Annotated[
    int,
    BeforeValidator(_money),
    _schema("50万元", "money with its unit; fen inside"),
    Leaf("money", 1, LARGEST_AMOUNT, usual=(1, 10**11), one=100),
]
#: What limits money: below a yuan it would be a way to pay nothing.
Limit = Annotated[Money, Leaf("money", 1, LARGEST_AMOUNT, usual=(100, 10**11), one=100)]
#: A percentage of which the field itself says what it can be.
Percent = Annotated[int, BeforeValidator(_percent), _schema("50%", "percentage; over 10,000 inside")]
Share = Annotated[Percent, Leaf("share", 1, RATE_ONE, one=RATE_ONE)]
Rate = Annotated[Percent, Leaf("rate", 1, 10 * RATE_ONE, usual=(1, RATE_ONE), one=RATE_ONE)]
Count = Annotated[
    int, BeforeValidator(_count), _schema("500人", "a whole number, unit optional"), Leaf("count", 0, 10**12)
]
Threshold = Annotated[
    Basis,
    BeforeValidator(_once(_threshold)),
    _schema("100万元", "a threshold with its unit"),
    Leaf("threshold", 0, LARGEST_FEN),
]


def format_wan(fen: float, decimals: int = 2) -> str:
    """Fen as 万元 with thousands separators; half away from zero, as people round.

    Parameters
    ----------
    fen : float
        Money in fen.
    decimals : int
        Decimals shown, 2 by custom.
    """
    quantum = Decimal(1).scaleb(-decimals)
    wan = (Decimal(repr(float(fen))) if isinstance(fen, float) else Decimal(int(fen))) / 1_000_000
    return f"{wan.quantize(quantum, rounding='ROUND_HALF_UP'):z,}"


def signed(text: str) -> str:
    """A number as shown, with its sign: what is shown as 0 has none."""
    return f"+{text}" if re.search("[1-9]", text) and not text.startswith("-") else text
