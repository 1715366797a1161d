"""The portal by keyboard alone: everything is reached in order, and the focus is always seen."""

from collections.abc import Iterator, Mapping
from typing import Final

import pytest
from page_probes import Focus, stops, tabs
from playwright.sync_api import Browser, Page, expect
from running_portal import RunningPortal
from site_pages import WORD, Site, every_page
from visiting import press, result_ids

pytestmark = pytest.mark.browser

WINDOWS: Final = {"usual": (1280, True), "phone-without-script": (320, False)}
"""Width of a window, and whether its pages may run scripts."""


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Mapping[str, Page]]:
    """A page in each window."""
    opened = {
        name: browser.new_page(
            viewport={"width": width, "height": 480}, java_script_enabled=scripts
        )
        for name, (width, scripts) in WINDOWS.items()
    }
    yield opened
    for page in opened.values():
        page.context.close()


def tab_to(page: Page, wanted: str) -> Focus:
    """Press Tab until the focus is on an element that a selector names."""
    for at in tabs(page):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return at
    pytest.fail(f"Tab never reaches {wanted}")


@pytest.mark.parametrize("name", ["search", "zero-results", "timeline", "first-run", "quarantine"])
def test_the_first_stop_leads_past_the_header(page: Page, site: Site, name: str) -> None:
    page.goto(site.address(name))
    page.keyboard.press("Tab")
    skip = page.locator("body > a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_search_box_is_among_the_first_stops(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    before = [at.id for at in stops_before(page, "q")]
    assert len(before) <= 6


def stops_before(page: Page, wanted: str) -> list[Focus]:
    """The stops before the element of an id."""
    before: list[Focus] = []
    for at in tabs(page):
        if at.id == wanted:
            return before
        before.append(at)
    pytest.fail(f"Tab never reaches #{wanted}")


def test_one_searches_and_opens_a_result_by_keyboard(
    page: Page, demo_portal: RunningPortal
) -> None:
    page.goto(demo_portal.page)
    tab_to(page, "#q")
    page.keyboard.type(WORD)
    press(page, "Enter")
    wanted = result_ids(page)[0]
    tab_to(page, ".result h3 a")
    press(page, "Enter")
    assert page.url.startswith(f"{demo_portal.page}/conversations/{wanted}")


def test_one_filters_by_keyboard(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    tab_to(page, "a.fv[href*='rating=bad']")
    press(page, "Enter")
    tab_to(page, "a.chip")
    press(page, "Enter")
    assert page.url == f"{demo_portal.page}/"


def test_one_reaches_all_countries_by_keyboard(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    tab_to(page, "#f-country a.all")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("All countries")


def test_one_goes_from_hit_to_hit_by_keyboard(page: Page, site: Site) -> None:
    page.goto(site.address("timeline-with-hits"))
    tab_to(page, ".hitbar a")
    press(page, "Enter")
    assert page.locator(".timeline li:target mark").count() > 0


@every_page()
@pytest.mark.parametrize("window", WINDOWS)
def test_the_keyboard_reaches_everything_in_order_and_in_sight(
    windows: Mapping[str, Page], site: Site, window: str, name: str
) -> None:
    page = windows[window]
    page.goto(site.address(name))
    wanted = stops(page)
    walked = list(tabs(page))
    assert [at.place for at in walked] == sorted(wanted)
    assert [at for at in walked if not (at.outlined and at.seen)] == []


@pytest.mark.parametrize("window", WINDOWS)
def test_the_bar_of_hits_never_lies_over_the_focus(
    windows: Mapping[str, Page], site: Site, window: str
) -> None:
    page = windows[window]
    page.goto(site.address("timeline-with-hits"))
    page.locator("footer a").last.focus()
    walked = list(tabs(page, backwards=True))
    assert [at for at in walked if not at.seen] == []
    assert walked[-1].text == "Skip to main content"
