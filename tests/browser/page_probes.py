"""Questions to a page that is open in the browser; each answers with plain values."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast
from urllib.parse import urlsplit

from msgspec import Struct
from playwright.sync_api import ConsoleMessage, Error, Page, Request

MOST_STOPS: Final = 700
"""Presses of Tab after which a page surely holds the focus for ever."""

_TOO_WIDE: Final = """() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return [];
  const scrolls = e => e && e !== document.body
    && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter(e => e.innerText
    && e.getBoundingClientRect().right > width + .5 && !scrolls(e.parentElement));
  const inmost = wide.filter(e => !wide.some(other => other !== e && e.contains(other)));
  return [`the page is ${root.scrollWidth} px wide in a window of ${width}`].concat(
    inmost.slice(0, 8).map(e => `${e.parentElement.className} > ${e.localName}.${e.className}: `
      + e.innerText.slice(0, 40)));
}"""

_CUT_OFF: Final = """() => [...document.querySelectorAll(
    ".say, .facts dd, .visits span, .reading, .strip dd, h1, code")]
  .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1)
  .map(e => `${e.localName}.${e.className} ${e.scrollWidth} > ${e.clientWidth}`)"""

_SMALL: Final = """() => [...document.querySelectorAll("a[href], button, summary, input, select")]
  .filter(e => e.type !== "hidden" && e.checkVisibility({ contentVisibilityAuto: true })
    && !e.matches(".skip, .vh *, .msg .by a") && getComputedStyle(e).display !== "inline")
  .map(e => [e, e.type === "checkbox" ? e.labels[0] : e.querySelector(".hit") || e])
  .map(([e, part]) => [e, part.getBoundingClientRect()])
  .filter(([, box]) => box.width < 23.9 || box.height < 23.9)
  .map(([e, box]) => `${e.localName}.${e.getAttribute("class") || ""} `
    + `${e.textContent.trim().slice(0, 30)}: ${box.width} x ${box.height}`)"""

_SPACED: Final = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""

_FOCUS: Final = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const drawn = e => { const s = getComputedStyle(e), hit = e.querySelector("rect.hit");
    if (hit) return parseFloat(getComputedStyle(hit).strokeWidth) >= 2
      && getComputedStyle(hit).stroke !== "none";
    return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; };
  const box = e.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const place = [...document.querySelectorAll("*")].indexOf(e);
  return { place, id: e.id, tag: e.localName, text: (e.innerText || e.value || "").slice(0, 60),
    href: e.getAttribute("href") || "", outlined: drawn(e),
    seen: box.bottom > 0 && box.top < innerHeight && !!top
      && (e.contains(top) || top.contains(e)) };
}"""

_STOPS: Final = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter(e => e.type !== "hidden" && !e.disabled
    && e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}))
  .map(e => [...document.querySelectorAll("*")].indexOf(e))"""


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways; nothing when it does not."""
    return cast("list[str]", page.evaluate(_TOO_WIDE))


def cut_off(page: Page) -> list[str]:
    """Texts of people that do not fit into their boxes."""
    return cast("list[str]", page.evaluate(_CUT_OFF))


def small_targets(page: Page) -> list[str]:
    """What is to be pressed and has not 24 pixels each way.

    Links in running text are left out, and the times of messages, which stand 24 pixels apart.
    """
    return cast("list[str]", page.evaluate(_SMALL))


def space_out(page: Page) -> None:
    """Set the text spacing that WCAG 1.4.12 asks a page to bear."""
    page.evaluate(_SPACED)


def unfold(page: Page) -> None:
    """Open everything that can be opened; a menu of the header not where it would cover links."""
    covered = "header.site:has(~ main .trail) details"
    folds = f"details:not({covered})"
    page.evaluate(f"document.querySelectorAll('{folds}').forEach(fold => fold.open = true)")


class Focus(Struct, frozen=True):
    """The focused element: where it stands, what it is, whether one sees that it has the focus."""

    place: int
    id: str
    tag: str
    text: str
    href: str
    outlined: bool
    seen: bool


def focus(page: Page) -> Focus | None:
    """What has the focus; None when nothing has."""
    found = page.evaluate(_FOCUS)
    return None if found is None else Focus(**found)


def stops(page: Page) -> set[int]:
    """The places of everything that the keyboard should reach."""
    return set(cast("list[int]", page.evaluate(_STOPS)))


def tabs(page: Page, *, backwards: bool = False) -> Iterator[Focus]:
    """Press Tab until the focus leaves the page; what has several stops, as a date, comes once."""
    last: int | None = None
    for _ in range(MOST_STOPS):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        at = focus(page)
        if at is None or (last is not None and (at.place > last if backwards else at.place < last)):
            return
        if at.place != last:
            yield at
        last = at.place


class Ear:
    """Listens to pages: complaints of the browser, and every address that was asked for."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.asked: list[str] = []

    @contextmanager
    def listening(self, page: Page) -> Iterator["Ear"]:
        """Listen to a page for a while."""
        page.on("console", self._hear)
        page.on("pageerror", self._hear_error)
        page.on("request", self._hear_request)
        yield self
        page.remove_listener("console", self._hear)
        page.remove_listener("pageerror", self._hear_error)
        page.remove_listener("request", self._hear_request)

    def _hear(self, said: ConsoleMessage) -> None:
        at = said.page.url if said.page else ""
        own_status = said.text.startswith("Failed to load") and said.location["url"] == at
        if said.type in {"error", "warning"} and not own_status:
            self.complaints.append(f"{at}: {said.text}")

    def _hear_error(self, error: Error) -> None:
        self.complaints.append(f"error: {error}")

    def _hear_request(self, request: Request) -> None:
        self.asked.append(request.url)

    def foreign(self, *homes: str) -> list[str]:
        """Addresses asked for that are not of these hosts."""
        known = {urlsplit(home).netloc for home in homes}
        return [address for address in self.asked if urlsplit(address).netloc not in known]
