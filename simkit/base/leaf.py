"""What a number of the schema is: its kind and unit, what it can be, and what is unusual and asks to be confirmed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import InitErrorDetails, PydanticCustomError, core_schema

from simkit.base.said import Said

__all__ = ["KINDS", "Kind", "Leaf", "Number", "Once"]

Kind = Literal[
    "count",
    "cv",
    "day",
    "days",
    "elasticity",
    "factor",
    "goal",
    "growth",
    "intensity",
    "loading",
    "money",
    "probability",
    "rate",
    "sd",
    "shape",
    "share",
    "size",
    "spread",
    "take_up",
    "threshold",
    "turnover",
    "weight",
    "year",
    "years",
]


class Number(NamedTuple):
    """The units in which a file may write a kind.

    `units`: of numbers that know theirs; empty: any. `as_`: how a bound is shown. `most_percent`: the
    largest of its numbers that is written in percent.
    """

    units: tuple[str, ...] = ("",)
    as_: Literal["plain", "percent", "year", "yuan"] = "plain"
    most_percent: float = inf


_PART = ("", "share")
KINDS: dict[Kind, Number] = {
    "count": Number(("", "count")),
    "cv": Number(_PART),
    "day": Number(as_="year"),
    "days": Number(("", "days")),
    "elasticity": Number(_PART),
    "factor": Number(_PART),
    "goal": Number(),
    "growth": Number(_PART, "percent"),
    "intensity": Number(
        ("", "share", "count"),
        most_percent=1.0,
    ),
    "loading": Number(_PART),
    "money": Number(("yuan",), "yuan"),
    "probability": Number(_PART, "percent"),
    "rate": Number(("share",), "percent"),
    "sd": Number(_PART),
    "shape": Number(),
    "share": Number(_PART, "percent"),
    "size": Number(()),
    "spread": Number(),
    "take_up": Number(_PART, "percent"),
    "threshold": Number(()),
    "turnover": Number(_PART, "percent"),
    "weight": Number(),
    "year": Number(as_="year"),
    "years": Number(),
}

#: Between these chances a law is looked at: in every draw, and as usual.
_EVERY = (1e-9, 1 - 1e-9)
_USUAL = (0.01, 0.99)
_PLAIN = (1.0, "")
_YUAN = ((1e8, "亿元"), (1e4, "万元"))


class _Found(NamedTuple):
    """The ends of a value, and the kind of its unit; None: a number that knows none."""

    low: float
    high: float
    unit: str | None
    drawn: bool = False


def _ends(value: Any, chances: tuple[float, float], low: float, high: float) -> _Found:
    """What a value is, of a law at two chances; where all that it may give lies from `low` to `high`, that will do."""
    law = value.value if hasattr(value, "source") else value  # an assumption holds a law
    if hasattr(law, "ppf"):
        ends = law.bounds
        if not low <= ends[0] <= ends[1] <= (min(high, 1.0) if law.kind == "share" else high):
            ends = law.ends(chances)
        return _Found(ends[0], ends[1], law.kind, True)
    if hasattr(value, "kind"):
        return _Found(value.value, value.value, value.kind)
    number = value.year if isinstance(value, datetime.date) else value
    return _Found(number, number, None)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Annotation of a number: `Annotated[int, Leaf("days", 0, 3_650)]` refuses what it cannot be.

    Attributes
    ----------
    kind : Kind
    low, high : float
        Ends of what can be meant, both included; of a law in every draw.
    usual : (float, float), optional
        What is outside may be meant, and is confirmed in the file that says so (`documents.confirmed`).
    one : int
        How many of the number make one of what is shown: 100 fen a yuan, 10,000 of a rate.
    """

    kind: Kind
    low: float
    high: float
    usual: tuple[float, float] | None = None
    one: int = 1

    def refused(self, value: Any) -> Said | None:
        """What would be right, where a value cannot be meant; else None."""
        found, words = _ends(value, _EVERY, self.low, self.high), KINDS[self.kind]
        unit_fits = found.unit is None or not words.units or found.unit in words.units
        percent_fits = found.unit != "share" or found.high <= words.most_percent
        if unit_fits and percent_fits and self.low <= found.low and found.high <= self.high:
            return None
        key = "fault.range_in_every_draw" if found.drawn else "fault.range"
        return self._range(key, self.low, self.high)

    def unusual(self, value: Any) -> Said | None:
        """What is usual, where a value is not; else None."""
        if self.usual is None:
            return None
        low, high = self.usual
        found = _ends(value, _USUAL, low, high)
        is_usual = low <= found.low and found.high <= high
        return None if is_usual else self._range("fault.range_as_usual", low, high)

    def _range(self, key: str, low: float, high: float) -> Said:
        return Said(key, kind=Said(f"kind.{self.kind}"), low=self._shown(low), high=self._shown(high))

    def _shown(self, bound: float) -> str:
        as_, number = KINDS[self.kind].as_, bound / self.one
        if as_ == "percent":
            return f"{number * 100:.12g}%"
        if as_ == "year":
            return f"{number:g}"
        scale, unit = (
            next((one for one in _YUAN if number >= one[0]), (1.0, "元")) if as_ == "yuan" else _PLAIN
        )
        return f"{number / scale:,.12g}{unit}"

    def _held(self, value: Any) -> Any:
        if words := self.refused(value):
            where = ("value",) if hasattr(value, "source") else ()
            raise _at(where, value, words)
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._held, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        said: dict[str, Any] = {"description": str(self._range("fault.range", self.low, self.high))}
        if handler.resolve_ref_schema(known := handler(schema)).get("type") in ("integer", "number"):
            said |= {"minimum": self.low, "maximum": self.high}
        return {**known, **said}


class Once:
    """Annotation of a list: nothing stands in it twice."""

    def _held(self, items: Any) -> Any:
        for place, item in enumerate(items):
            if item in items[:place]:
                raise _at((place,), item, Said("fault.each_item_list_once"))
        return items

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._held, handler(source))


def _at(where: tuple[str | int, ...], value: Any, words: Said) -> Exception:
    """An error below the value that is looked at; pydantic puts the path to it in front."""
    if not where:
        return ValueError(words)
    error = PydanticCustomError("value_error", "{error}", {"error": words})
    details: InitErrorDetails = {"type": error, "loc": where, "input": value}
    return ValidationError.from_exception_data("range", [details])
