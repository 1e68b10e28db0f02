"""The tree of errors: each says where, what was expected with its unit, what was found, and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simkit.base.visible import visible, visible_values

__all__ = [
    "MOST_SOUGHT",
    "MOST_TOLD",
    "Fault",
    "FaultsError",
    "InputError",
    "RunError",
    "SimkitError",
    "TooFewDrawsError",
]

#: Faults that are told; of the others, their number.
MOST_TOLD = 50
#: Faults of one file that are looked for: where so many were found, there may be more.
MOST_SOUGHT = 200


class SimkitError(Exception):
    """Any failure that simkit explains itself; `exit_code` is what the command returns.

    Attributes
    ----------
    template : str
        The words, with a place in braces for each of `values`: by it they are found in another language.
    values : dict
    """

    exit_code = 1

    def __init__(self, template: str = "", **values: object) -> None:
        self.template, self.values = template, values
        super().__init__(template.format(**visible_values(values)) if values else template)


class InputError(SimkitError):
    """What a person gave cannot be used; nothing was computed or written."""

    exit_code = 2


class RunError(SimkitError):
    """A run that started could not be finished."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file.

    Attributes
    ----------
    file : str
        Path as the user gave it.
    line : int
        1-based line, 0 where a file has none.
    path : str
        Dotted path inside the file (`measures.headhunting.caps.yearly.amount`), or a cell.
    expected : str
        What would be right, with its unit.
    found : str
        What stands there.
    hint : str
        The way out, or empty.
    """

    file: str
    line: int
    path: str
    expected: str
    found: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{place}: {self.path}: expected {self.expected}, found {self.found}"
        return visible(f"{text} ({self.hint})" if self.hint else text)


class FaultsError(InputError):
    """Every fault of the files that were read, found in one pass."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        rest = len(self.faults) - MOST_TOLD
        more = [f"and {rest} more faults"] if rest > 0 else []
        super().__init__("\n".join([*map(str, self.faults[:MOST_TOLD]), *more]))

    def __reduce__(self) -> tuple[type[FaultsError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class TooFewDrawsError(SimkitError):
    """A figure was refused because too few draws carry it."""

    words = "{figure} rests on {carried_by} of {draws} draws; it needs {needs}: run at least {least} draws"

    def __init__(self, figure: str, carried_by: int, draws: int, needs: int, run_at_least: int) -> None:
        self.arguments = (figure, carried_by, draws, needs, run_at_least)
        counts = {"carried_by": carried_by, "draws": draws, "needs": needs, "least": run_at_least}
        super().__init__(self.words, figure=figure, **counts)

    def __reduce__(self) -> tuple[type[TooFewDrawsError], tuple[str, int, int, int, int]]:
        return type(self), self.arguments
