"""What shows that a page was renewed in place, and ways to make its requests go wrong."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, cast

from msgspec import Struct
from playwright.sync_api import Page, Route
from running_portal import eventually
from visiting import holds

_LISTEN: Final = """() => {
  const regions = () => new Map([...document.querySelectorAll(
      "[role=status], [role=alert], [role=log], [aria-live=polite], [aria-live=assertive]")]
    .map(region => [region, region.textContent.trim()]));
  let known = regions();
  window.heard = [];
  new MutationObserver(() => {
    const now = regions();
    for (const [region, text] of now) if (text && known.get(region) !== text) heard.push(text);
    known = now;
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
_FOCUSED: Final = """() => {
  const e = document.activeElement, group = e.closest("[id^=f-], .chips, .histo, .bars, .ask");
  const words = e.getAttribute("aria-label") || e.textContent;
  return { id: e.id, kind: e.classList[0] || e.localName, words: words.replace(/\\s+/g, " ").trim(),
    chosen: e.classList.contains("on"), excluded: e.classList.contains("out"),
    group: group ? group.id || group.classList[0] : "" };
}"""

TROUBLES: Final[Mapping[str, Callable[[Route], None]]] = {
    "search is away": lambda route: route.fulfill(status=503, body="away"),
    "a password is asked for": lambda route: route.fulfill(status=401, body="who"),
    "it is forbidden": lambda route: route.fulfill(status=403, body="no"),
    "a mistake": lambda route: route.fulfill(status=500, body="oops"),
    "the connection drops": lambda route: route.abort("connectionreset"),
    "nothing listens": lambda route: route.abort("connectionrefused"),
    "another page": lambda route: route.fulfill(body="<title>sign in</title><main>who</main>"),
    "an empty answer": lambda route: route.fulfill(body=""),
    "half a page": lambda route: route.fulfill(body="<main id=main><h1 id=count>3</h1>"),
}
"""Answers to a module that cannot renew a page."""


def mark(page: Page) -> None:
    """Leave a mark on a page that is gone when the browser loads it anew."""
    page.evaluate("window.marked = true")


def was_loaded(page: Page) -> bool:
    """Whether the browser loaded a page since it was marked."""
    return not page.evaluate("window.marked === true")


def listen(page: Page) -> None:
    """Listen from here on as a screen reader does: to regions that appear or change."""
    page.evaluate(_LISTEN)


def heard(page: Page) -> list[str]:
    """What a screen reader said since one listens."""
    return cast("list[str]", page.evaluate("window.heard"))


class Focused(Struct, frozen=True):
    """The control that has the focus: what it is, of which group, in which state."""

    id: str
    kind: str
    words: str
    chosen: bool
    excluded: bool
    group: str


def focused(page: Page) -> Focused:
    """What has the focus."""
    return Focused(**page.evaluate(_FOCUSED))


def is_busy(page: Page) -> bool:
    """Whether the page says that it is waiting, which also dims it."""
    return bool(page.evaluate("document.querySelector('[aria-busy=true]') !== null"))


class Held:
    """Requests that modules of a page sent and that nobody answers yet."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.routes: list[Route] = []

    def take(self, route: Route) -> None:
        """Keep a request."""
        self.routes.append(route)

    def wait(self, number: int) -> None:
        """Wait until so many have come."""
        eventually(
            lambda: holds(self._page, "true") and len(self.routes) == number,
            f"{number} requests of the page",
        )

    def release(self) -> None:
        """Let all go on, the latest first; what the page gave up meanwhile is no matter."""
        for route in reversed(self.routes):
            route.continue_()


@contextmanager
def modules_get(page: Page, answer: Callable[[Route], object]) -> Iterator[list[str]]:
    """Answer requests of modules, not of the browser; gives the addresses that they asked for."""
    asked: list[str] = []

    def meet(route: Route) -> None:
        if route.request.resource_type != "fetch":
            route.fallback()
            return
        asked.append(route.request.url)
        answer(route)

    page.route("**/*", meet)
    yield asked
    page.unroute("**/*", meet)
