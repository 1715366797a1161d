"""How pages fit: narrow windows, wide text spacing, words without end, writing to the left."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import pytest
from page_probes import cut_off, space_out, too_wide, unfold
from playwright.sync_api import Browser, Page
from site_pages import Site, every_page

pytestmark = pytest.mark.browser

_LONG_WORDS: Final = (
    "The comment of a rating (.strip q), the name in an event (.event bdi), a code that is not "
    "known (.event code) and, below 45rem, the name of a trigger (.by span) do not break."
)
_MAILS: Final = "The hook's address in an open mail (.mail pre) does not break."
_HELP: Final = "The third column of the table of words (.words td) does not break."
_LATEST: Final = "The times of the latest conversations (.rescue .n) may not wrap."
DEFECTS: Final[Mapping[tuple[str, int, str], str]] = {
    ("plain", 320, "timeline-of-long-words"): _LONG_WORDS,
    ("plain", 360, "timeline-of-long-words"): _LONG_WORDS,
    ("plain", 1280, "timeline-of-long-words"): _LONG_WORDS,
    ("spaced", 320, "timeline-of-long-words"): _LONG_WORDS,
    ("spaced", 360, "timeline-of-long-words"): _LONG_WORDS,
    ("plain", 320, "first-run"): _MAILS,
    ("plain", 360, "first-run"): _MAILS,
    ("spaced", 320, "first-run"): _MAILS,
    ("spaced", 360, "first-run"): _MAILS,
    ("plain", 320, "help"): _HELP,
    ("spaced", 320, "help"): _HELP,
    ("spaced", 360, "help"): _HELP,
    ("spaced", 320, "search-away"): _LATEST,
}
"""What is known to be wrong: spacing of the text, window, page."""

OpenWindow = Callable[[int], Page]
"""The page of a window of so many pixels."""
narrow = pytest.mark.parametrize("width", [320, 360])
"""Small phones; 320 px are also a usual window at 400 %."""


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[OpenWindow]:
    """Opens a window of each width once."""
    opened: dict[int, Page] = {}

    def of(width: int) -> Page:
        if width not in opened:
            opened[width] = browser.new_page(viewport={"width": width, "height": 640})
        return opened[width]

    yield of
    for page in opened.values():
        page.context.close()


@pytest.fixture
def known(request: pytest.FixtureRequest) -> Callable[[str, int, str], None]:
    """Tells that a page is known not to fit; it must then really not fit."""

    def mark(spacing: str, width: int, name: str) -> None:
        if reason := DEFECTS.get((spacing, width, name)):
            request.applymarker(pytest.mark.xfail(reason=reason, strict=True))

    return mark


@every_page()
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways(
    window: OpenWindow,
    site: Site,
    known: Callable[[str, int, str], None],
    width: int,
    name: str,
) -> None:
    known("plain", width, name)
    page = window(width)
    page.goto(site.address(name))
    folded = too_wide(page)
    unfold(page)
    assert folded + too_wide(page) == []


@every_page()
@narrow
def test_a_narrow_window_bears_wide_text_spacing(
    window: OpenWindow,
    site: Site,
    known: Callable[[str, int, str], None],
    width: int,
    name: str,
) -> None:
    known("spaced", width, name)
    page = window(width)
    page.goto(site.address(name))
    space_out(page)
    unfold(page)
    assert too_wide(page) == []


@narrow
@pytest.mark.parametrize("name", ["timeline-of-long-words", "search-of-long-words"])
def test_a_word_without_end_is_broken_not_cut_off(
    window: OpenWindow, site: Site, width: int, name: str
) -> None:
    page = window(width)
    page.goto(site.address(name))
    assert cut_off(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_words_to_the_left_keep_their_spine_left(
    window: OpenWindow, site: Site, width: int
) -> None:
    page = window(width)
    page.goto(site.address("timeline-to-the-left"))
    drawn = page.locator(".msg .say").evaluate_all(
        "all => all.map(e => { const s = getComputedStyle(e); return [s.direction, "
        "s.borderLeftWidth, s.borderRightWidth, Math.round(e.getBoundingClientRect().left)] })"
    )
    directions = [each[0] for each in drawn]
    spines = {tuple(each[1:]) for each in drawn}
    assert directions == ["ltr", "rtl", "rtl", "ltr"]
    assert len(spines) == 1
    assert spines.pop()[:2] == ("3px", "0px")
