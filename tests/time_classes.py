"""What `--quick` leaves out, told once: files and folders that start processes, run much, or make whole reports.

What is marked `browser`, `office` or `long` is left out by its mark.
"""

from __future__ import annotations

from pathlib import Path

import pytest

__all__ = ["SLOW", "is_slow"]

_TESTS = Path(__file__).parent
_MARKS = ("browser", "office", "long")
_PROCESSES, _RUNS, _REPORTS = (
    "starts processes",
    "runs and answers of many draws",
    "makes reports and their files",
)

#: Files and folders below `tests`, and why.
SLOW = {
    "awards/test_reference.py": _RUNS,
    "base/test_compiled.py": _PROCESSES,
    "base/test_leftovers.py": _PROCESSES,
    "cli/test_cli.py": _PROCESSES,
    "cli/test_cli_compare.py": _RUNS,
    "cli/test_cli_drivers.py": _RUNS,
    "cli/test_cli_lab.py": _PROCESSES,
    "cli/test_cli_readings.py": _RUNS,
    "cli/test_cli_verify_run.py": _REPORTS,
    "cli/test_cli_whatif.py": _RUNS,
    "cli/test_closed_output.py": _PROCESSES,
    "documents/test_limits.py": _PROCESSES,
    "exact/test_verify.py": _RUNS,
    "report/annexes": _RUNS,
    "report/make": _REPORTS,
    "report/pages": _REPORTS,
    "report/papers/test_papers.py": _REPORTS,
    "report/papers/test_xlsx_paper.py": _REPORTS,
    "report/papers/test_xlsx_tables.py": _REPORTS,
    "runs/test_checkpoint.py": _PROCESSES,
    "runs/test_cluster.py": _PROCESSES,
    "runs/test_executors.py": _RUNS,
    "runs/test_latin.py": _RUNS,
    "runs/test_loading.py": _RUNS,
    "runs/test_recheck.py": _RUNS,
    "runs/test_run_precision.py": _RUNS,
    "runs/test_simulate.py": _PROCESSES,
    "runs/test_store.py": _PROCESSES,
    "scenario/test_bundled.py": _RUNS,
    "scenario/test_unread.py": _RUNS,
    "test_benchmarks.py": _RUNS,
    "test_browser.py": _PROCESSES,
    "test_extremes.py": _RUNS,
    "test_fuzz.py": _RUNS,
    "test_in_use.py": _REPORTS,
    "test_nothing_lost.py": _REPORTS,
    "test_numpy_opponents.py": _RUNS,
    "test_third_language.py": _REPORTS,
    "test_yardstick.py": _RUNS,
    "whatif": _RUNS,
}


def is_slow(item: pytest.Item) -> bool:
    """Whether a test is left out by `--quick`."""
    places = [item.path, *item.path.parents]
    return any(_TESTS / one in places for one in SLOW) or any(map(item.get_closest_marker, _MARKS))
