"""How pages fit: narrow windows, wide text spacing, words without end, writing to the left."""

from collections.abc import Callable, Iterator

import pytest
from page_probes import cut_off, small_targets, space_out, too_wide, unfold
from playwright.sync_api import Browser, Page
from site_pages import Site, every_page

pytestmark = pytest.mark.browser

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


@every_page()
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways_nor_has_small_targets(
    window: OpenWindow, site: Site, width: int, name: str
) -> None:
    page = window(width)
    page.goto(site.address(name))
    wrong = [*too_wide(page), *small_targets(page)]
    unfold(page)
    wrong += [*too_wide(page), *small_targets(page)]
    if width < 400:
        space_out(page)
        wrong += [f"with spacing: {what}" for what in too_wide(page)]
    assert wrong == []


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
