"""How a figure is measured and shown: rounds with interleaved sides, medians, one table, JSON."""

from __future__ import annotations

import gc
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import numba
import numpy

__all__ = ["Clock", "Log", "Row", "cores", "machine", "missing", "table", "told"]

Value = TypeVar("Value")
#: Wall clock, and processor time of the process, all its threads together.
Clock = Literal["wall", "cpu"]
#: Fewer rounds are a trial, on which nothing may be claimed.
LEAST_ROUNDS = 5


class Log:
    """Seconds of every side in every round.

    A round times each side once (A, B, A, B, ...), with a seed of its own, so a drift of the machine meets all
    sides alike and nothing can be reused. Code is warmed before the first round by whoever measures.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, dict[Clock, list[float]]] = {}
        self.claims: dict[str, list[int]] = {}

    def rounds(self, repeat: int) -> Iterator[int]:
        """The seed of each round."""
        yield from range(1, repeat + 1)

    def time(self, side: str, function: Callable[..., Value], *given: Any, **options: Any) -> Value:
        """Call a function once, keep its seconds; garbage of before is not its own."""
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        value = function(*given, **options)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.add(side, wall=wall, cpu=cpu)
        return value

    def add(self, side: str, *, wall: float, cpu: float = math.nan) -> None:
        """Keep seconds that were measured elsewhere, in another process."""
        kept = self.seconds.setdefault(side, {"wall": [], "cpu": []})
        kept["wall"].append(wall)
        kept["cpu"].append(cpu)

    def median(self, side: str, clock: Clock) -> float:
        """Median seconds of a side."""
        return statistics.median(self.seconds[side][clock])

    def nanoseconds(self, side: str, clock: Clock) -> float:
        """Median of the rounds' nanoseconds a claim."""
        rounds = zip(self.seconds[side][clock], self.claims[side], strict=True)
        return statistics.median(seconds / claims * 1e9 for seconds, claims in rounds)

    def ratio(self, above: str, below: str, clock: Clock) -> float:
        """Median of the rounds' ratios."""
        sides = zip(self.seconds[above][clock], self.seconds[below][clock], strict=True)
        return statistics.median(one / other for one, other in sides)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    figure : str
        Name by which `--only` selects it.
    measured, against : str
        What was timed, beside what.
    value : float or None
        In `unit`: x (a ratio), s or MB. None: not measured, `note` says why.
    target : float or None
        None: none is set.
    at_most : bool
        Whether the target is an upper limit.
    claims, nanoseconds : float or None
        Claims a draw; time a claim of what was measured (processor time on one core, wall time on more).
    details : dict
        Numbers behind it, for the JSON.
    """

    figure: str
    measured: str
    against: str = ""
    value: float | None
    unit: str = "x"
    target: float | None = None
    at_most: bool = False
    claims: float | None = None
    nanoseconds: float | None = None
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def reached(self) -> bool | None:
        """None where nothing was measured or no target is set."""
        if self.value is None or self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target


def missing(figure: str, measured: str, why: str) -> Row:
    """The row of what could not be measured here."""
    return Row(figure=figure, measured=measured, value=None, note=why)


def told(row: Row) -> dict[str, Any]:
    """A row as JSON holds it; a number that is none is null."""
    kept = {name: getattr(row, name) for name in row.__dataclass_fields__} | {"reached": row.reached}
    return {name: _plain(value) for name, value in kept.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float | numpy.floating):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, numpy.integer) else value


HEADS = ("figure", "measured", "against", "value", "target", "reached", "claims a draw", "ns a claim")


def table(rows: Sequence[Row]) -> str:
    """The rows under their heads, in columns; below, why some were not measured."""
    lines: list[Sequence[str]] = [HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADS))]
    lines.insert(1, ["-" * width for width in widths])
    text = "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
    notes = [f"{row.figure}: {row.note}" for row in rows if row.note]
    return "\n".join([text, *notes])


def shown(value: float) -> str:
    """Three digits that count, none lost before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _cells(row: Row) -> Sequence[str]:
    words = {None: "-", True: "yes", False: "NO"}
    target = "-"
    if row.target is not None:
        target = f"{'at most' if row.at_most else 'at least'} {row.target:g} {row.unit}"
    return (
        row.figure,
        row.measured,
        row.against,
        f"{shown(row.value)} {row.unit}" if row.value is not None else "not measured",
        target,
        words[row.reached],
        f"{row.claims:,.0f}" if row.claims is not None else "",
        f"{row.nanoseconds:,.0f}" if row.nanoseconds is not None else "",
    )


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine() -> dict[str, Any]:
    """Where the figures were measured."""
    return {
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": cores(),
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "numba": numba.__version__,
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor()
