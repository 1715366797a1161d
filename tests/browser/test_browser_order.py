"""Days, order and pages of results, and the way back, with and without JavaScript."""

from datetime import date, datetime

import pytest
from playwright.sync_api import Page, expect
from running_portal import DEMO_SIZE, Answer, RunningPortal
from visiting import OpenPage, asked, chips, follow, go_back, result_ids, total

pytestmark = pytest.mark.browser

PER_PAGE = 20


def day_of(result: Answer) -> date:
    """The day on which a conversation began; the zone of the portals is UTC."""
    return datetime.fromisoformat(result["begin"]).date()


def choose_days(page: Page, first: str, last: str) -> None:
    """Fill both dates and search."""
    page.get_by_label("From").fill(first)
    page.get_by_label("To", exact=True).fill(last)
    follow(page.get_by_role("button", name="Search"))


def test_two_dates_keep_what_began_on_their_days_or_between(
    page: Page, demo_portal: RunningPortal
) -> None:
    days = [day_of(result) for result in demo_portal.everything()]
    first, last = days[90], days[30]
    page.goto(demo_portal.page)
    choose_days(page, first.isoformat(), last.isoformat())
    assert total(page) == sum(first <= day <= last for day in days)


def test_one_day_alone_can_be_asked_for(page: Page, demo_portal: RunningPortal) -> None:
    days = [day_of(result) for result in demo_portal.everything()]
    page.goto(demo_portal.page)
    choose_days(page, days[60].isoformat(), days[60].isoformat())
    assert total(page) == days.count(days[60])


def test_a_date_is_a_chip_that_takes_it_away(page: Page, demo_portal: RunningPortal) -> None:
    days = [day_of(result) for result in demo_portal.everything()]
    page.goto(demo_portal.page)
    choose_days(page, days[90].isoformat(), days[30].isoformat())
    follow(page.locator("a.chip").filter(has_text="From"))
    assert total(page) == sum(day <= days[30] for day in days)
    assert [chip.split()[0] for chip in chips(page)] == ["To"]


def test_chosen_dates_stand_in_their_fields(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    choose_days(page, "2001-02-03", "2099-12-31")
    expect(page.get_by_label("From")).to_have_value("2001-02-03")
    expect(page.get_by_label("To", exact=True)).to_have_value("2099-12-31")


@pytest.mark.parametrize("order", ["oldest", "relevance"])
def test_another_order_is_that_of_the_api(
    page: Page, demo_portal: RunningPortal, order: str
) -> None:
    page.goto(f"{demo_portal.page}/search?q=order")
    page.get_by_label("Order").select_option(order)
    follow(page.get_by_role("button", name="Search"))
    listed = [result["id"] for result in demo_portal.search("order", sort=order)["results"]]
    assert list(result_ids(page)) == listed


def test_oldest_first_begins_where_newest_first_ends(
    page: Page, demo_portal: RunningPortal
) -> None:
    newest = [result["id"] for result in demo_portal.everything()]
    page.goto(demo_portal.page)
    page.get_by_label("Order").select_option("Oldest first")
    follow(page.get_by_role("button", name="Search"))
    assert list(result_ids(page)) == newest[::-1][:PER_PAGE]


def test_the_pages_hold_every_conversation_once(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(f"{demo_portal.page}/search?per_page=60")
    seen = list(result_ids(page))
    while page.locator("a[rel=next]").count():
        follow(page.locator("a[rel=next]"))
        seen += result_ids(page)
    assert seen == [result["id"] for result in demo_portal.everything()]
    assert len(seen) == DEMO_SIZE


def test_a_page_is_reached_by_its_number(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    follow(page.locator(".pager").get_by_role("link", name="Page 3"))
    assert asked(page) == [("page", "3")]
    expect(page.locator(".pager [aria-current=page]")).to_have_text("Page 3")


def test_the_first_page_has_no_previous_and_the_last_no_next(
    page: Page, demo_portal: RunningPortal
) -> None:
    page.goto(demo_portal.page)
    first = page.locator("a[rel=prev]").count()
    page.goto(f"{demo_portal.page}/search?page=99")
    assert (first, page.locator("a[rel=next]").count()) == (0, 0)


def test_previous_leads_to_the_page_before(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    first = result_ids(page)
    follow(page.locator("a[rel=next]"))
    follow(page.locator("a[rel=prev]"))
    assert result_ids(page) == first


def test_filters_order_and_query_stay_on_the_next_page(
    page: Page, demo_portal: RunningPortal
) -> None:
    page.goto(f"{demo_portal.page}/search?q=a*&rating=none&rating=good&sort=oldest")
    follow(page.locator("a[rel=next]"))
    assert asked(page) == [
        ("q", "a*"),
        ("rating", "none"),
        ("rating", "good"),
        ("sort", "oldest"),
        ("page", "2"),
    ]


@pytest.mark.parametrize("way", ["a[rel=next]", ".result:nth-child(15) h3 a"])
def test_back_returns_to_the_same_place(page: Page, demo_portal: RunningPortal, way: str) -> None:
    page.goto(f"{demo_portal.page}/search?rating=none&page=2")
    address, listed = page.url, result_ids(page)
    page.locator(way).scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    follow(page.locator(way))
    go_back(page)
    assert (page.url, result_ids(page)) == (address, listed)
    assert page.evaluate("scrollY") == pytest.approx(place, abs=2)
    assert place > 0


def test_on_a_phone_the_dates_unfold(open_page: OpenPage, demo_portal: RunningPortal) -> None:
    days = [day_of(result) for result in demo_portal.everything()]
    page = open_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.goto(demo_portal.page)
    expect(page.get_by_label("From")).to_be_hidden()
    page.locator(".ask summary").click()
    choose_days(page, days[0].isoformat(), "")
    assert total(page) == days.count(days[0])
