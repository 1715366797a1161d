"""Back and Forward over pages that were renewed in place bring everything back."""

import pytest
from in_place import Held, focused, mark, modules_get, was_loaded
from playwright.sync_api import Page, expect
from running_portal import RunningPortal, eventually
from site_pages import WORD
from visiting import (
    arrive,
    chips,
    facet_value,
    follow,
    go_back,
    go_forward,
    result_ids,
    search_for,
    total,
)

pytestmark = pytest.mark.browser


def scroll_to(page: Page, y: int) -> None:
    """Scroll, and wait until the page has come to rest."""
    page.evaluate("y => scrollTo(0, y)", y)
    eventually(lambda: page.evaluate("history.state?.y") == y, "the place to be kept")


def follow_from_here(page: Page, link: str) -> None:
    """Follow a link without scrolling to it first."""
    with page.expect_navigation():
        page.locator(link).first.evaluate("a => a.click()")
    arrive(page)


def test_back_and_forward_bring_results_chips_and_titles(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    mark(quick)
    seen = [(quick.url, quick.title(), result_ids(quick), chips(quick))]
    for facet, label in (("rating", "Bad"), ("rating", "Normal"), ("outcome", "Chat")):
        follow(facet_value(quick, facet, label))
        seen.append((quick.url, quick.title(), result_ids(quick), chips(quick)))
    steps = [go_back] * 3 + [go_forward] * 3
    wanted = [seen[2], seen[1], seen[0], seen[1], seen[2], seen[3]]
    found = []
    for step in steps:
        step(quick)
        found.append((quick.url, quick.title(), result_ids(quick), chips(quick)))
    assert found == wanted
    assert not was_loaded(quick)


def test_back_and_forward_bring_the_scroll_place(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(f"{demo_portal.page}/search?rating=none")
    scroll_to(quick, 900)
    follow_from_here(quick, "a[rel=next]")
    scroll_to(quick, 700)
    follow_from_here(quick, "a[rel=next]")
    places = [quick.evaluate("scrollY")]
    for step in (go_back, go_back, go_forward, go_forward):
        step(quick)
        places.append(quick.evaluate("scrollY"))
    assert places == pytest.approx([0, 700, 900, 700, 0], abs=1)


def test_back_and_forward_bring_what_stood_in_the_form(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    search_for(quick, WORD)
    quick.get_by_label("From").fill("2020-02-01")
    quick.get_by_label("Order").select_option("oldest")
    search_for(quick, "order")
    fields = "form => [...new FormData(form)].map(pair => pair[1])"
    form, found = quick.locator("form.ask"), []
    for step in (go_back, go_back, go_forward, go_forward):
        step(quick)
        found.append(form.evaluate(fields))
    first, last = [WORD, "", "", "newest"], ["order", "2020-02-01", "", "oldest"]
    assert found == [first, ["", "", "", "newest"], first, last]


def test_a_text_that_was_not_sent_is_gone_after_back(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    search_for(quick, "order")
    quick.get_by_label("Search messages").fill("something else")
    go_back(quick)
    expect(quick.get_by_label("Search messages")).to_have_value("")


def test_back_from_a_conversation_and_further_back(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(f"{demo_portal.page}/search?rating=none")
    first = result_ids(quick)
    scroll_to(quick, 800)
    follow_from_here(quick, "a[rel=next]")
    second = result_ids(quick)
    scroll_to(quick, 600)
    follow_from_here(quick, ".result h3 a")
    go_back(quick)
    returned = (result_ids(quick), quick.evaluate("scrollY"))
    go_back(quick)
    assert returned == (second, pytest.approx(600, abs=1))
    assert (result_ids(quick), quick.evaluate("scrollY")) == (first, pytest.approx(800, abs=1))


def test_a_link_right_after_scrolling_keeps_the_place(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(f"{demo_portal.page}/search?rating=none")
    link = quick.locator(".result h3 a").nth(12)
    with quick.expect_navigation(url="**/conversations/**"):  # keeping the place is one as well
        place = link.evaluate("a => { a.scrollIntoView(); a.click(); return scrollY }")
    go_back(quick)
    assert quick.evaluate("scrollY") == pytest.approx(place, abs=1)
    assert place > 0


def test_a_reload_stays_at_its_place(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(demo_portal.page)
    follow(facet_value(quick, "rating", "Good"))
    listed = result_ids(quick)
    scroll_to(quick, 500)
    quick.reload()
    assert (result_ids(quick), quick.evaluate("scrollY")) == (listed, pytest.approx(500, abs=1))


def test_the_same_search_again_is_one_entry(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(demo_portal.page)
    search_for(quick, "order")
    length = quick.evaluate("history.length")
    search_for(quick, "order")
    assert quick.evaluate("history.length") == length


def test_a_link_within_the_page_asks_for_nothing(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(demo_portal.page)
    follow(facet_value(quick, "rating", "Good"))
    before = result_ids(quick)
    with modules_get(quick, lambda route: route.continue_()) as asked:
        quick.locator(".bars a.skip").focus()
        quick.keyboard.press("Enter")
        reached = focused(quick).id
        go_back(quick)
    assert (asked, reached, result_ids(quick)) == ([], "results", before)


def test_back_while_an_answer_is_under_way_ends_where_one_went(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    follow(facet_value(quick, "rating", "Bad"))
    held = Held(quick)
    with modules_get(quick, held.take):
        facet_value(quick, "outcome", "Chat").click()
        held.wait(1)
        quick.go_back()
        held.wait(2)
        held.release()
        arrive(quick)
    assert (quick.url, total(quick)) == (f"{demo_portal.page}/", demo_portal.search()["total"])


def test_back_and_at_once_forward_is_as_if_nothing_had_been(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    follow(facet_value(quick, "rating", "Bad"))
    address, listed = quick.url, result_ids(quick)
    held = Held(quick)
    with modules_get(quick, held.take):
        quick.go_back()
        held.wait(1)
        quick.go_forward()
        arrive(quick)
        held.release()
    assert (quick.url, result_ids(quick)) == (address, listed)
