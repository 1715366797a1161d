"""The browser, and the portals that it opens.

Portals live as long as the session and start when the first test needs them; a browser lives as
long as one module, because Playwright holds the thread's event loop while it runs.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import pytest
from planted_hooks import (
    PLANTED,
    SOME,
    needle,
    numbered,
    plain_hook,
    planted_payloads,
    unreadable_bodies,
)
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from running_portal import DEMO_SIZE, RunningPortal, eventually
from site_pages import Site
from tripwire import Tripwire
from visiting import OpenPage

CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=RenderDocument,BackForwardCache,ProactivelySwapBrowsingInstance",
)
ALL: Final = "PORTAL_TEST_ALL"
"""Environment variable: with 1, a missing browser is a failure."""
SLOW: Final = 15_000
"""Milliseconds after which a page that does not do what it should is a failure."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium of the system; without it the tests skip, or fail where all must run."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        missing = "Chromium is not installed (looked for " + ", ".join(CHROMIUM) + ")."
        if os.environ.get(ALL) == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


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


@pytest.fixture(scope="module")
def scripted(browser: Browser) -> Iterator[dict[bool, BrowserContext]]:
    """A context with and one without JavaScript, which the tests of a module share."""
    contexts = {on: browser.new_context(java_script_enabled=on) for on in (True, False)}
    for context in contexts.values():
        context.set_default_timeout(SLOW)
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def page(scripted: dict[bool, BrowserContext], request: pytest.FixtureRequest) -> Page:
    """A page of a usual window that remembers nothing, once with and once without JavaScript."""
    return _fresh(scripted[request.param])


@pytest.fixture
def quick(scripted: dict[bool, BrowserContext]) -> Page:
    """A page of a usual window that remembers nothing, with JavaScript."""
    return _fresh(scripted[True])


@pytest.fixture
def plain(scripted: dict[bool, BrowserContext]) -> Page:
    """A page of a usual window that remembers nothing, without JavaScript."""
    return _fresh(scripted[False])


def _fresh(context: BrowserContext) -> Page:
    context.clear_cookies()
    return context.pages[0] if context.pages else context.new_page()


Serve = Callable[..., AbstractContextManager[RunningPortal]]


@pytest.fixture(scope="session")
def serve(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Serve:  # noqa: ARG001
    """Serves a new data folder. Asks for the browser first: without it nothing need be served."""

    @contextmanager
    def serving(name: str, *options: str, blocked: bool = False) -> Iterator[RunningPortal]:
        folder: Path = tmp_path_factory.mktemp(name) / "var"
        if blocked:
            folder.mkdir(mode=0o700)
            (folder / "index").touch()
        portal = RunningPortal.start(folder, *options)
        try:
            yield portal
        finally:
            portal.stop()

    return serving


@pytest.fixture(scope="session")
def demo_portal(serve: Serve) -> Iterator[RunningPortal]:
    """The demo conversations, all indexed. Nothing may be added to it."""
    with serve("demo", "--demo") as portal:
        portal.await_total(DEMO_SIZE)
        yield portal


@pytest.fixture(scope="session")
def empty_portal(serve: Serve) -> Iterator[RunningPortal]:
    """A portal to which no hook has ever come. Nothing may be added to it."""
    with serve("empty") as portal:
        yield portal


@pytest.fixture
def new_portal(serve: Serve) -> Iterator[RunningPortal]:
    """A portal without hooks for one test alone, which may fill it."""
    with serve("new") as portal:
        yield portal


@pytest.fixture(scope="module")
def growing_portal(serve: Serve) -> Iterator[RunningPortal]:
    """A portal of some conversations for a module of tests, which may add others."""
    with serve("growing") as portal:
        for number in range(SOME):
            portal.send(plain_hook(number))
        portal.await_total(SOME)
        yield portal


@pytest.fixture(scope="session")
def behind_portal(serve: Serve) -> Iterator[RunningPortal]:
    """A portal whose search stays behind: of two conversations it knows one."""
    with serve("behind") as portal:
        portal.send(plain_hook(1))
        portal.await_total(1)
        with portal.lagging():
            portal.send(plain_hook(2))
            yield portal
        portal.await_total(2)  # awake again, so that it ends in order


@pytest.fixture(scope="session")
def away_portal(serve: Serve) -> Iterator[RunningPortal]:
    """The demo conversations without an index: a file lies where its folder would stand."""
    with serve("away", "--demo", blocked=True) as portal:
        named = "conversations in the archive"
        eventually(lambda: portal.ask("/readyz").get("behind") == DEMO_SIZE, named)
        yield portal


@pytest.fixture(scope="session")
def planted_portal(serve: Serve) -> Iterator[RunningPortal]:
    """Conversations with planted markup, long words and writing from right to left."""
    with serve("planted") as portal:
        for payload in (*planted_payloads(), *unreadable_bodies()):
            portal.send(payload)
        portal.await_total(PLANTED)
        yield portal


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Site:
    """The addresses of all pages."""
    return Site(request.getfixturevalue)


@pytest.fixture(scope="module")
def wire(browser: Browser) -> Iterator[Tripwire]:
    """A page in which everything planted is noticed."""
    wire = Tripwire(browser)
    yield wire
    wire.close()


@pytest.fixture(scope="session")
def timelines(planted_portal: RunningPortal) -> Mapping[int, str]:
    """The addresses of the planted conversations by number; 0 is the clean twin."""
    numbers = [0, *(number for _, number, _ in numbered())]
    found = {n: planted_portal.search(needle(n))["results"][0]["id"] for n in numbers}
    return {n: f"{planted_portal.page}/conversations/{name}" for n, name in found.items()}
