"""Executors: one method, `map`; kernels hold no lock, so threads use all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

__all__ = ["Executor", "Serial", "Threads"]

Task = TypeVar("Task")
Done = TypeVar("Done")


class Executor(Protocol):
    """Applies a function to tasks and yields what it gives, in the order of the tasks."""

    def map(self, function: Callable[[Task], Done], tasks: Sequence[Task]) -> Iterator[Done]:
        """Results in the order of `tasks`."""


class Serial:
    """One task after the other, here."""

    def map(self, function: Callable[[Task], Done], tasks: Sequence[Task]) -> Iterator[Done]:
        return map(function, tasks)


class Threads:
    """`jobs` threads; an interrupt cancels what has not begun."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def map(self, function: Callable[[Task], Done], tasks: Sequence[Task]) -> Iterator[Done]:
        pool = ThreadPoolExecutor(self.jobs)
        try:
            yield from pool.map(function, tasks)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
