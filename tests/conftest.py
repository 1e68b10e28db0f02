"""What holds in every test: floats that raise, hypothesis without a deadline, and the count of the yardstick."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import psutil
import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests import processes
from tests.browser import PROGRAMS, Watched, chromium, watched
from tests.time_classes import Together, is_slow, place_in_order
from tests.yardstick import NOT_EXPRESSED, PARTLY, cases

# The first call of a kernel compiles it, which takes longer than any deadline.
settings.register_profile("simkit", deadline=None)
settings.load_profile("simkit")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--quick`: what every change is tried with; `--long`: the tests with large numbers of cases too."""
    parser.addoption("--quick", action="store_true", help="leave out what takes long (tests/time_classes.py)")
    parser.addoption("--long", action="store_true", help="run the tests that are marked `long` too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tests to those who ask for them, with `--quick` all that takes long; the dearest come first."""
    quick, long = config.getoption("--quick"), config.getoption("--long")
    left = [one for one in items if (quick and is_slow(one)) or (not long and one.get_closest_marker("long"))]
    if left:
        config.hook.pytest_deselected(items=left)
        known = set(left)
        items[:] = [item for item in items if item not in known]
    items.sort(key=place_in_order)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    """Files go to the processes in the order above, not by their number of tests, which says nothing of their time."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return Together(config, log)


@pytest.fixture(scope="session", autouse=True)
def nothing_runs_on() -> Iterator[None]:
    """Whatever a test starts has ended when the last test has; what has not is named, and ended."""
    processes.mark()
    yield
    _, left = psutil.wait_procs(processes.left_over(), timeout=60)
    for one in left:
        one.kill()
    assert not left, f"still running after the last test: {left}"


@pytest.fixture(autouse=True)
def floats_raise() -> Iterator[None]:
    """A division by zero, an overflow or a NaN in numpy is an error; underflow to 0 is not."""
    with np.errstate(all="raise", under="ignore"):
        yield


@pytest.fixture(scope="module")
def notebooks_here() -> Iterator[None]:
    """Notebooks of the file's tests are executed in this process."""
    from tests.notebook_here import notebooks_run_here  # papermill takes long to load

    with notebooks_run_here():
        yield


def _installed(*programs: str) -> str:
    """Path of the first program that is installed; skips where none is, fails in CI."""
    found = next((path for path in map(shutil.which, programs) if path), None)
    if found is not None:
        return found
    words = f"none of {', '.join(programs)} is installed"
    if os.environ.get("CI"):
        pytest.fail(f"{words}, and CI must not skip")
    pytest.skip(words)


@pytest.fixture
def needs() -> Callable[..., str]:
    """`needs("soffice", ...)`: path of the first that is installed; skips where none is, fails in CI."""
    return _installed


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium for the tests of one file; mark them `browser`, so that CI never skips them."""
    with chromium(_installed(*PROGRAMS)) as running:
        yield running


@pytest.fixture
def chromium_page(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """`chromium_page(width=360, ...)`: an empty page whose requests and complaints are kept; closed after the test."""
    opened: list[Watched] = []

    def open_page(**context: Any) -> Watched:
        opened.append(watched(browser, **context))
        return opened[-1]

    yield open_page
    for seen in opened:
        seen.page.context.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Turn every other way to skip a test that is marked `browser` or `office` into a failure in CI."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    marked = item.get_closest_marker("browser") or item.get_closest_marker("office")
    if report.skipped and marked and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: CI must not skip what is marked {marked.name}: {report.longrepr}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cases of the yardstick pass, where its tests ran, and why the others are not tried."""
    passed: dict[str, bool] = defaultdict(lambda: True)
    for outcome, reports in terminalreporter.stats.items():
        for report in reports:
            for name, case in getattr(report, "user_properties", ()):
                if name == "yardstick" and (report.when == "call" or outcome in ("failed", "error")):
                    passed[str(case)] &= outcome == "passed"
    if not passed:
        return
    families: dict[str, int] = defaultdict(int)
    for case, whole in sorted(passed.items()):
        families[case.split("-")[0]] += whole
    parts = ", ".join(f"{family} {number}" for family, number in families.items())
    terminalreporter.section("yardstick")
    by_run = sum(
        whole
        for case, whole in passed.items()
        if case == "SOB-CAPSUM" or case.split("-")[0] in ("LEV", "CMP", "MAX", "ANN", "CRN", "VR")
    )
    terminalreporter.write_line(f"yardstick: {sum(families.values())} of {len(cases())} cases pass ({parts})")
    terminalreporter.write_line(f"{by_run} of them as scenarios through run()")
    for case, part in PARTLY.items():
        if passed.get(case):
            terminalreporter.write_line(f"in part: {case}: {part}")
    failed = [case for case, whole in passed.items() if not whole]
    if failed:
        terminalreporter.write_line(f"failed: {', '.join(failed)}")
    if len(passed) + len(NOT_EXPRESSED) == len(cases()):
        terminalreporter.write_line("not expressed:")
        for case, reason in NOT_EXPRESSED.items():
            terminalreporter.write_line(f"  {case}: {reason}")
