"""No page complains in the console, breaks its own policy, or asks any other host for anything."""

from collections.abc import Iterator

import pytest
from msgspec import Struct
from page_probes import Ear, unfold
from playwright.sync_api import Browser, Page
from running_portal import RunningPortal
from site_pages import PAGES, Site, every_page
from visiting import OpenPage, choose_theme, follow, search_for

pytestmark = pytest.mark.browser


class Visit(Struct, frozen=True):
    """A page that was opened: what the browser heard and asked for, where, with what status."""

    ear: Ear
    home: str
    status: int


class Visits:
    """Opens each page once, everything in it unfolded, and remembers what came of it."""

    def __init__(self, page: Page, site: Site) -> None:
        self._page, self._site = page, site
        self._made: dict[str, Visit] = {}

    def to(self, name: str) -> Visit:
        """The visit of a page."""
        if name not in self._made:
            with Ear().listening(self._page) as ear:
                answer = self._page.goto(self._site.address(name))
                unfold(self._page)
            assert answer is not None
            self._made[name] = Visit(ear, answer.url, answer.status)
        return self._made[name]


@pytest.fixture(scope="module")
def visits(browser: Browser, site: Site) -> Iterator[Visits]:
    """Every page, opened when first asked for."""
    page = browser.new_page()
    yield Visits(page, site)
    page.context.close()


@every_page()
def test_no_page_makes_the_browser_complain(visits: Visits, name: str) -> None:
    assert visits.to(name).ear.complaints == []


@every_page()
def test_no_page_asks_another_host(visits: Visits, name: str) -> None:
    visit = visits.to(name)
    assert visit.ear.foreign(visit.home) == []
    assert len(visit.ear.asked) > 1


@every_page()
def test_every_page_answers_its_status(visits: Visits, name: str) -> None:
    assert visits.to(name).status == PAGES[name].status


def test_the_browser_does_complain_of_what_the_policy_forbids(
    open_page: OpenPage, demo_portal: RunningPortal
) -> None:
    page = open_page()
    page.goto(demo_portal.page)
    with Ear().listening(page) as ear:
        page.evaluate("document.body.innerHTML = '<p style=color:red>'")
        page.evaluate("fetch('https://evil.example/').catch(() => null)")
    assert len([said for said in ear.complaints if "Content Security Policy" in said]) >= 2


def test_a_walk_through_the_portal_stays_at_home_and_quiet(
    open_page: OpenPage, demo_portal: RunningPortal
) -> None:
    page = open_page()
    with Ear().listening(page) as ear:
        page.goto(demo_portal.page)
        choose_theme(page, "Dark")
        search_for(page, "a*")
        follow(page.locator("a.fv").first)
        follow(page.locator(".result h3 a").first)
        follow(page.locator(".hitbar a").first)
        follow(page.locator(".trail a").first)
        follow(page.locator("footer").get_by_role("link", name="Help"))
        follow(page.locator("footer").get_by_role("link", name="API"))
    assert (ear.complaints, ear.foreign(demo_portal.page)) == ([], [])
