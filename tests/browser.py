"""A real Chromium for tests of pages: Debian's, driven by Playwright, which downloads no browser of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, expect, sync_playwright

#: Milliseconds after which a state that is waited for is taken for broken; a sound one takes what the machine needs.
_PATIENCE = 300_000
expect.set_options(timeout=_PATIENCE)

__all__ = ["PROGRAMS", "Watched", "chromium", "watched"]

#: Names under which systems install it.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
#: No sandbox inside containers; nothing but what the page asks for goes out.
_FLAGS = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


@dataclass
class Watched:
    """A page, with all that it asked for and complained of since it was opened.

    Attributes
    ----------
    page : Page
    requests : list of str
        Addresses, in order.
    complaints : list of str
        Warnings and errors of the console, and exceptions that nothing caught.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    """Chromium, closed at the end with the loop that drives it: no later test meets a running one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS, timeout=_PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


def watched(browser: Browser, *, width: int = 1280, height: int = 900, **context: object) -> Watched:
    """An empty page in a context of its own; `context` as in Playwright's `Browser.new_context`."""
    page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()  # type: ignore[arg-type]  # passed on
    page.set_default_timeout(_PATIENCE)
    seen = Watched(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on(
        "console",
        lambda said: seen.complaints.append(said.text) if said.type in ("warning", "error") else None,
    )
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    return seen
