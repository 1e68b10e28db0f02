"""Executors: one method, `map`; kernels hold no lock, so threads use all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

__all__ = ["Executor", "Serial", "Threads", "threads"]

Task = TypeVar("Task")
Done = TypeVar("Done")


class Executor(Protocol):
    """Applies a function to tasks and yields what it gives, in the order of the tasks."""

    def map(self, function: Callable[[Task], Done], tasks: Sequence[Task]) -> Generator[Done, None, None]:
        """Results in the order of `tasks`; closed early, what has not begun is left."""


class Serial:
    """One task after the other, here."""

    def map(self, function: Callable[[Task], Done], tasks: Sequence[Task]) -> Generator[Done, None, None]:
        yield from map(function, tasks)


class Threads:
    """`jobs` threads; an interrupt cancels what has not begun."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def map(self, function: Callable[[Task], Done], tasks: Sequence[Task]) -> Generator[Done, None, None]:
        pool = ThreadPoolExecutor(self.jobs)
        try:
            yield from pool.map(function, tasks)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def threads(jobs: int | None = None) -> Executor:
    """So many threads, None: one a core that this process may use; one is no thread of its own."""
    if jobs is None:
        jobs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Serial() if jobs == 1 else Threads(jobs)
