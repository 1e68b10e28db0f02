"""Bounds of processor time and memory for what runs here, and how much it took. POSIX; elsewhere nothing is bound."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["OutOfTime", "Taken", "bounded"]

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class OutOfTime(BaseException):
    """No `Exception`: what catches everything must not catch it."""


@dataclass
class Taken:
    """Seconds of the processor and MB at most beyond what there was before."""

    seconds: float = 0.0
    megabytes: float = 0.0


def _status(name: str) -> float:
    """A figure of this process in MB, 0 where the system does not tell."""
    with suppress(OSError):
        found = re.search(rf"{name}:\s+(\d+) kB", _STATUS.read_text())
        return int(found[1]) / 1_000 if found else 0.0
    return 0.0


def _out_of_time(_number: int, _frame: FrameType | None) -> None:
    raise OutOfTime


@contextmanager
def bounded(seconds: float, megabytes: float) -> Iterator[Taken]:
    """Stop what takes more processor time (`OutOfTime`) or asks for more memory (`MemoryError`); tell what it took."""
    taken = Taken()
    with suppress(OSError):
        _CLEAR.write_text("5")  # the peak begins anew
    before, begun = _status("VmRSS"), time.process_time()
    with _limits(seconds, megabytes):
        try:
            yield taken
        finally:
            taken.seconds = time.process_time() - begun
            taken.megabytes = max(0.0, _status("VmHWM") - before)


@contextmanager
def _limits(seconds: float, megabytes: float) -> Iterator[None]:
    if resource is None:
        yield
        return
    old = resource.getrlimit(resource.RLIMIT_AS)
    room = int((_status("VmSize") + megabytes) * 1_000_000)
    handler = signal.signal(signal.SIGPROF, _out_of_time)
    resource.setrlimit(resource.RLIMIT_AS, (room, old[1]))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, old)
        signal.signal(signal.SIGPROF, handler)
