"""Pages on paper: what is for the screen alone stays away, what people wrote does not."""

from collections.abc import Iterator

import pytest
from page_probes import unfold
from playwright.sync_api import Browser, Page, expect
from site_pages import Site

pytestmark = pytest.mark.browser

SCREEN_ONLY = (
    ".site, .desk, .facets, .bars, .histo, .hitbar, .pager, .trail, .links, .foot, .skip, .notice, "
    "form, button, input, select, summary, .not, .clear, .chip svg, dialog"
)
ON_PAPER = (
    "search", "filtered-search", "excluding-search", "search-with-marks", "search-with-notes",
    "search-behind", "zero-results", "timeline", "timeline-with-hits", "search-of-long-words",
    "timeline-of-long-words", "timeline-to-the-left", "timeline-of-many-parts", "timeline-folded",
    "visitor", "visitor-searched", "visitor-of-long-words",
)  # fmt: skip
"""Pages that hold a search or a transcript; nobody prints the others."""
on_paper = pytest.mark.parametrize("name", ON_PAPER)


@pytest.fixture(scope="module")
def paper(browser: Browser) -> Iterator[Page]:
    """A page as it is printed, from a browser that is set to dark."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


@on_paper
def test_header_form_and_filters_stay_off_the_paper(paper: Page, site: Site, name: str) -> None:
    paper.goto(site.address(name))
    unfold(paper)
    shown = paper.locator(SCREEN_ONLY).filter(visible=True)
    assert shown.evaluate_all("all => all.map(e => e.outerHTML.slice(0, 80))") == []


@on_paper
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


def test_count_and_chips_stay_on_the_paper(paper: Page, site: Site) -> None:
    paper.goto(site.address("filtered-search"))
    expect(paper.locator("#count")).to_be_visible()
    chips = paper.locator("a.chip")
    assert chips.filter(visible=True).count() == chips.count() > 3


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
