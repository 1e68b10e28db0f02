"""Settings of a path: values read with their unit, even steps between two, and what is written back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from simkit.base.errors import Fault, FaultsError, InputError
from simkit.base.money import Quantity, parse_quantity, quantity_text
from simkit.base.said import Said
from simkit.documents.overlay import near_path
from simkit.scenario import Scenario

__all__ = ["STEPS", "Knob", "knob_of", "read_values"]

#: Finest difference between two values of a kind that anybody would write.
STEPS = {"yuan": Decimal(100), "usd": Decimal(100), "share": Decimal("0.0001"), "count": Decimal(1)}
_FINEST = Decimal("0.000001")
_EXAMPLES = {"list": "40万元,50万元,60万元", "steps": "20万元..100万元:9"}
#: One number with commas between thousands, or several numbers of three digits.
_EITHER = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+")
_RANGE = re.compile(r"(?P<low>[^:]+?)\.\.(?P<high>[^:]+):(?P<count>[0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Knob:
    """A number of a scenario that can be set.

    Attributes
    ----------
    path : str
    value : Quantity
        As it stands.
    whole : bool
        Whether it is a whole number only, such as of days.
    """

    path: str
    value: Quantity
    whole: bool = False

    @property
    def step(self) -> Decimal:
        """Finest difference between two values."""
        return Decimal(1) if self.whole else STEPS.get(self.value.kind, _FINEST)

    def rounded(self, value: Decimal | float) -> Decimal:
        """The nearest value that can be written."""
        return (Decimal(value) / self.step).quantize(Decimal(1), ROUND_HALF_EVEN) * self.step

    def text(self, value: Decimal | float) -> str:
        """A value as a file would have it, rounded to the finest step."""
        return quantity_text(Quantity(self.rounded(value), self.value.kind))

    def laid(self, value: Decimal | float) -> str | int:
        """A value as it is laid on a scenario: a whole number without a unit is one there, not its text."""
        rounded = self.rounded(value)
        return int(rounded) if not self.value.kind and rounded == int(rounded) else self.text(value)


def knob_of(scenario: Scenario, path: str) -> Knob:
    """The number at a path of a scenario or its policy.

    Raises
    ------
    InputError
        Where there is no such path, or no number.
    """
    found: Any = None
    for data in (scenario.plan_data, scenario.policy_data):
        found = _at(data, path)
        if found is not None:
            break
    if found is None:
        near = near_path(path, {**scenario.plan_data, **scenario.policy_data})
        raise FaultsError(
            [Fault(scenario.file, 0, path, Said("fault.path_scenario_policy"), Said("fault.none"), near)]
        )
    try:
        return Knob(path, parse_quantity(found))
    except ValueError as error:
        raise InputError("error.no_number", path=path, found=repr(found)) from error


def _at(data: Any, path: str) -> Any:
    for word in path.split("."):
        if isinstance(data, Mapping):
            # Years are numbers in a file, and text in a path.
            data = data.get(word, data.get(int(word)) if word.isdigit() else None)
        elif (
            isinstance(data, Sequence)
            and not isinstance(data, str)
            and word.isdigit()
            and int(word) < len(data)
        ):
            data = data[int(word)]
        else:
            return None
    return data


def read_values(knob: Knob, word: str) -> tuple[Decimal, ...]:
    """Values as written on a command line: a list, or even steps from one to another.

    Raises
    ------
    InputError
        Where they cannot be read, or have another unit than the path.
    """
    plain = unicodedata.normalize("NFKC", word)
    if plain != word:
        raise InputError("error.full_width", found=repr(word), plain=plain)
    if either := _EITHER.match(word.strip()):
        one, several = (either[0].replace(",", by) for by in ("", ", "))
        raise InputError(
            "error.comma_parts", word=word, found=repr(either[0]), one=one, several=f"'{several}'"
        )
    span = _RANGE.fullmatch(word.strip())
    texts = [span["low"], span["high"]] if span else word.split(",")
    found = []
    for text in texts:
        try:
            value = parse_quantity(text.strip())
        except ValueError as error:
            raise InputError("error.no_values", word=word, **_EXAMPLES, found=repr(text)) from error
        if value.kind != knob.value.kind:
            raise InputError(
                "error.other_unit",
                word=word,
                path=knob.path,
                unit=quantity_text(knob.value),
                found=repr(text),
            )
        found.append(value.value)
    if span is None:
        return tuple(dict.fromkeys(found))
    low, high, count = found[0], found[1], int(span["count"])
    if count < 2 or low >= high:
        raise InputError("error.no_values", word=word, **_EXAMPLES, found=repr(word))
    return tuple(dict.fromkeys(knob.rounded(low + (high - low) * at / (count - 1)) for at in range(count)))
