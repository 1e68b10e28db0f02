"""What takes long, told once: files and folders that start processes, run much, or make whole reports.

`--quick` leaves them out, and what is marked `browser`, `office` or `long`; two processes begin with them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

__all__ = ["SLOW", "Together", "is_slow", "place_in_order"]

_TESTS = Path(__file__).parent
_MARKS = ("browser", "office", "long")
_PROCESSES, _RUNS, _REPORTS = (
    "starts processes",
    "runs and answers of many draws",
    "makes reports and their files",
)

#: Files and folders below `tests`, and why. Two processes take them in this order, what takes longest first, so that
#: none is left with a long file at the end; the first compiles the kernels while the second needs none.
SLOW = {
    "face/test_workbench.py": _PROCESSES,
    "report/annexes": _RUNS,
    "documents/test_limits.py": _PROCESSES,
    "test_fuzz.py": _RUNS,
    "report/make": _REPORTS,
    "runs/test_cluster.py": _PROCESSES,
    "cli/test_cli_lab.py": _PROCESSES,
    "report/pages": _REPORTS,
    "report/papers/test_papers.py": _REPORTS,
    "exact/test_verify.py": _RUNS,
    "runs/test_checkpoint.py": _PROCESSES,
    "whatif": _RUNS,
    "cli/test_cli_compare.py": _RUNS,
    "awards/test_reference.py": _RUNS,
    "base/test_compiled.py": _PROCESSES,
    "test_nothing_lost.py": _REPORTS,
    "test_extremes.py": _RUNS,
    "test_yardstick.py": _RUNS,
    "test_browser.py": _PROCESSES,
    "cli/test_cli.py": _PROCESSES,
    "runs/test_simulate.py": _PROCESSES,
    "runs/test_store.py": _PROCESSES,
    "scenario/test_unread.py": _RUNS,
    "scenario/test_bundled.py": _RUNS,
    "cli/test_cli_verify_run.py": _REPORTS,
    "cli/test_cli_readings.py": _RUNS,
    "cli/test_cli_whatif.py": _RUNS,
    "cli/test_cli_drivers.py": _RUNS,
    "report/papers/test_xlsx_paper.py": _REPORTS,
    "report/papers/test_xlsx_tables.py": _REPORTS,
    "runs/test_executors.py": _RUNS,
    "runs/test_latin.py": _RUNS,
    "runs/test_loading.py": _RUNS,
    "runs/test_recheck.py": _RUNS,
    "runs/test_run_precision.py": _RUNS,
    "test_benchmarks.py": _RUNS,
    "test_numpy_opponents.py": _RUNS,
    "test_in_use.py": _REPORTS,
    "test_third_language.py": _REPORTS,
    "cli/test_closed_output.py": _PROCESSES,
    "base/test_leftovers.py": _PROCESSES,
}
#: Files that share what `tests/report/results.py` makes once in a process, and that takes long: they run in one.
_TOGETHER = (
    "tests/report/annexes/",
    "tests/report/pages/test_reading_page",
    "tests/report/pages/test_driver_page",
)


def place_in_order(item: pytest.Item) -> int:
    """Where a test stands among those that take long, dearest first; after them all others."""
    places = {item.path, *item.path.parents}
    return next((at for at, one in enumerate(SLOW) if _TESTS / one in places), len(SLOW))


class Together(LoadFileScheduling):  # type: ignore[misc]  # it carries no types
    """The tests of a file in one process, in the order of collection; some files together."""

    def _split_scope(self, nodeid: str) -> str:
        return "answers" if nodeid.startswith(_TOGETHER) else str(super()._split_scope(nodeid))


def is_slow(item: pytest.Item) -> bool:
    """Whether a test is left out by `--quick`."""
    return place_in_order(item) < len(SLOW) or any(map(item.get_closest_marker, _MARKS))
