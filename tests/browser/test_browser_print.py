"""Pages on paper: what is for the screen alone stays away, what people wrote does not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from site_pages import Site, every_page

pytestmark = pytest.mark.browser

SCREEN_ONLY = ".site, .desk, .facets, .hitbar, .pager, .trail, .links, .foot, .skip, .notice"
ON_PAPER = ("first-run", "help", "missing-page", "missing-conversation", "search-away")
"""Pages without a search or a transcript; nobody prints them."""


@pytest.fixture(scope="module")
def paper(browser: Browser) -> Iterator[Page]:
    """A page as it is printed, from a browser that is set to dark."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


@every_page(*ON_PAPER)
def test_header_form_and_filters_stay_off_the_paper(paper: Page, site: Site, name: str) -> None:
    paper.goto(site.address(name))
    assert paper.locator(SCREEN_ONLY).filter(visible=True).count() == 0


@every_page(*ON_PAPER)
def test_paper_says_when_and_of_what_address_it_was_printed(
    paper: Page, site: Site, name: str
) -> None:
    paper.goto(site.address(name))
    line = paper.locator(".paper")
    expect(line).to_be_visible()
    expect(line).to_contain_text("Transcript Portal, printed ")
    path = paper.evaluate("location.pathname")
    expect(line).to_contain_text(path)


@pytest.mark.parametrize("name", ["timeline-with-hits", "timeline-of-long-words"])
def test_every_message_is_on_the_paper(paper: Page, site: Site, name: str) -> None:
    paper.goto(site.address(name))
    said = paper.locator(".timeline .say")
    assert said.filter(visible=True).count() == said.count() > 0


def test_every_result_of_the_page_is_on_the_paper(paper: Page, site: Site) -> None:
    paper.goto(site.address("search-with-marks"))
    results = paper.locator(".result")
    assert results.filter(visible=True).count() == results.count() > 0


def test_paper_is_white_also_for_those_who_read_in_the_dark(paper: Page, site: Site) -> None:
    paper.goto(site.address("timeline"))
    assert _colours(paper) == ["rgb(255, 255, 255)", "rgb(21, 25, 28)"]


def test_hits_are_underlined_on_paper(paper: Page, site: Site) -> None:
    paper.goto(site.address("timeline-with-hits"))
    lines = paper.locator(".say mark").evaluate_all(
        "all => all.map(e => getComputedStyle(e).textDecorationLine)"
    )
    assert set(lines) == {"underline"}


def _colours(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    return found
