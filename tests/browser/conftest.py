"""The browser, and the portals that it opens.

Portals live as long as the session and start when the first test needs them; a browser lives as
long as one module, because Playwright holds the thread's event loop while it runs.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from planted_hooks import PLANTED, planted_payloads
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from running_portal import DEMO_SIZE, RunningPortal, eventually

CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
ALL: Final = "PORTAL_TEST_ALL"
"""Environment variable: with 1, a missing browser is a failure."""
SLOW: Final = 15_000
"""Milliseconds after which a page that does not do what it should is a failure."""

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system; without it the tests skip, or fail where all must run."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        missing = "Chromium is not installed (looked for " + ", ".join(CHROMIUM) + ")."
        if os.environ.get(ALL) == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens contexts that close with the module."""
    contexts: list[BrowserContext] = []

    def open_one(**options: object) -> BrowserContext:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(SLOW)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages, each in a context of its own, that close with the test."""
    contexts: list[BrowserContext] = []

    def open_one(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(SLOW)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def page(open_page: OpenPage, request: pytest.FixtureRequest) -> Page:
    """A page of a usual window, once with and once without JavaScript."""
    return open_page(java_script_enabled=request.param)


def _serving(
    factory: pytest.TempPathFactory, name: str, *options: str, blocked: bool = False
) -> Iterator[RunningPortal]:
    folder: Path = factory.mktemp(name) / "var"
    if blocked:
        folder.mkdir(mode=0o700)
        (folder / "index").write_text("Where the index would stand.\n", encoding="utf-8")
    portal = RunningPortal.start(folder, *options)
    try:
        yield portal
    finally:
        portal.stop()


@pytest.fixture(scope="session")
def demo_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """The demo conversations, all indexed. Nothing may be added to it."""
    for portal in _serving(tmp_path_factory, "demo", "--demo"):
        portal.await_total(DEMO_SIZE)
        yield portal


@pytest.fixture(scope="session")
def empty_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """A portal to which no hook has ever come. Nothing may be added to it."""
    yield from _serving(tmp_path_factory, "empty")


@pytest.fixture
def new_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """A portal without hooks for one test alone, which may fill it."""
    yield from _serving(tmp_path_factory, "new")


@pytest.fixture(scope="session")
def away_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """The demo conversations without an index: a file lies where its folder would stand."""
    for portal in _serving(tmp_path_factory, "away", "--demo", blocked=True):
        named = "conversations in the archive"
        eventually(lambda: portal.ask("/readyz").get("behind") == DEMO_SIZE, named)
        yield portal


@pytest.fixture(scope="session")
def planted_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """Conversations with planted markup, long words and writing from right to left."""
    for portal in _serving(tmp_path_factory, "planted"):
        for payload in planted_payloads():
            portal.send(payload)
        portal.await_total(PLANTED)
        yield portal
