"""What the laws are read from, and what the compiled sampler reads of them."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema

from simkit.base.arrays import FloatArray
from simkit.base.leaf import Leaf
from simkit.base.money import Quantity, parse_quantity

__all__ = ["Amount", "Drawn", "Given", "Sampler"]


class Drawn(NamedTuple):
    """A number read with its unit: `yuan`, `usd`, `count`, `share`, `days`, or "" for none."""

    value: float
    kind: str


def _amount(text: Any) -> Drawn:
    if isinstance(text, Drawn):
        return text
    quantity: Quantity = parse_quantity(text)
    return Drawn(float(quantity.value), quantity.kind)


#: A number with its unit, of which the field itself says what it can be.
Given = Annotated[
    Drawn,
    BeforeValidator(_amount),
    WithJsonSchema({"type": ["string", "number"], "examples": ["30万元", "35%", 0.9]}),
]
Amount = Annotated[Given, Leaf("size", 0, 1e15)]


class Sampler(NamedTuple):
    """What the compiled quantile function reads: the family, three numbers, and a table (may be empty)."""

    family: int
    first: float
    second: float
    third: float
    table: FloatArray
