"""No page complains in the console, breaks its own policy, or asks any other host for anything."""

import pytest
from msgspec import Struct
from page_probes import Ear, unfold
from playwright.sync_api import Browser, Response
from running_portal import RunningPortal
from site_pages import PAGES, Site, every_page
from visiting import OpenPage, choose_theme, follow, search_for

pytestmark = pytest.mark.browser


class Visit(Struct, frozen=True):
    """A page that was opened: what the browser heard, asked for and was answered."""

    ear: Ear
    answer: Response
    home: str


class Visits:
    """Opens each page once, everything in it unfolded, and remembers what came of it."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser, self._site = browser, site
        self._made: dict[str, Visit] = {}

    def to(self, name: str) -> Visit:
        """The visit of a page."""
        if name not in self._made:
            ear = Ear()
            page = self._browser.new_page()
            ear.listen(page)
            answer = page.goto(self._site.address(name))
            assert answer is not None
            unfold(page)
            self._made[name] = Visit(ear, answer, page.url)
            page.context.close()
        return self._made[name]


@pytest.fixture(scope="module")
def visits(browser: Browser, site: Site) -> Visits:
    """Every page, opened when first asked for."""
    return Visits(browser, site)


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
    assert visits.to(name).answer.status == PAGES[name].status


def test_the_browser_does_complain_of_what_the_policy_forbids(
    open_page: OpenPage, demo_portal: RunningPortal
) -> None:
    ear, page = Ear(), open_page()
    ear.listen(page)
    page.goto(demo_portal.page)
    page.evaluate("document.body.innerHTML = '<img src=x onerror=alert(1)>'")
    page.evaluate(
        "document.body.append(document.createElement('style')); "
        "document.querySelector('body style').textContent = 'p {}'"
    )
    page.evaluate("fetch('https://evil.example/').catch(() => null)")
    assert any("Content Security Policy" in complaint for complaint in ear.complaints)


def test_a_walk_through_the_portal_stays_at_home_and_quiet(
    open_page: OpenPage, demo_portal: RunningPortal
) -> None:
    ear, page = Ear(), open_page()
    ear.listen(page)
    page.goto(demo_portal.page)
    choose_theme(page, "Dark")
    search_for(page, "a*")
    follow(page.locator("a.fv").first)
    follow(page.locator(".result h3 a").first)
    follow(page.locator(".hitbar a").first)
    follow(page.locator(".trail a"))
    follow(page.locator("footer").get_by_role("link", name="Help"))
    follow(page.locator("footer").get_by_role("link", name="API"))
    assert (ear.complaints, ear.foreign(demo_portal.page)) == ([], [])
