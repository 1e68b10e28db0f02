"""The browser of the tests: what a page asks for and complains of is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import Watched

pytestmark = pytest.mark.browser


def test_requests_errors_and_exceptions_are_seen(
    chromium_page: Callable[..., Watched], tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<!DOCTYPE html><title>某页</title><img src=missing.png alt=''>"
        "<script>console.error('wrong'); console.log('fine'); throw new Error('thrown')</script>",
        encoding="utf-8",
    )
    seen = chromium_page(width=360)
    seen.page.goto(path.as_uri())
    assert seen.page.title() == "某页"
    assert seen.page.evaluate("innerWidth") == 360
    assert seen.requests == [path.as_uri(), (tmp_path / "missing.png").as_uri()]
    assert any(one == "wrong" for one in seen.complaints)
    assert any("thrown" in one for one in seen.complaints)
    assert not any("fine" in one for one in seen.complaints)
