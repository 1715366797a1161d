"""Searching, filtering, ordering and paging as a person does it, with and without JavaScript."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect
from running_portal import DEMO_SIZE, RunningPortal
from site_pages import NOWHERE, WORD, Site
from visiting import (
    OpenPage,
    asked,
    chips,
    facet_value,
    follow,
    result_ids,
    search_for,
    total,
)

pytestmark = pytest.mark.browser

PHRASE: Final = '"gift card"'


def api_ids(portal: RunningPortal, q: str = "", **params: str) -> list[str]:
    """The conversations of a page of results, as the API lists them."""
    return [result["id"] for result in portal.search(q, **params)["results"]]


def facet_counts(portal: RunningPortal, facet: str, q: str = "") -> dict[str, int]:
    """The values of a facet by label with their counts, as the API tells them."""
    return {each["label"]: each["count"] for each in portal.search(q)["facets"][facet]}


def test_enter_in_the_search_box_searches(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    search_for(page, WORD)
    assert result_ids(page) == api_ids(demo_portal, WORD) != []


def test_the_button_beside_the_search_box_searches(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    page.get_by_label("Search messages").fill(PHRASE)
    follow(page.get_by_role("button", name="Search"))
    assert result_ids(page) == api_ids(demo_portal, PHRASE) != []


def test_the_query_stays_in_the_box(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    search_for(page, PHRASE)
    expect(page.get_by_label("Search messages")).to_have_value(PHRASE)


def test_the_number_that_was_found_heads_the_results(
    page: Page, demo_portal: RunningPortal
) -> None:
    page.goto(demo_portal.page)
    before = total(page)
    search_for(page, WORD)
    assert (before, total(page)) == (DEMO_SIZE, demo_portal.search(WORD)["total"])


def test_a_search_for_nothing_lists_everything(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    search_for(page, "")
    assert total(page) == DEMO_SIZE


def test_a_search_without_hits_says_so(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    search_for(page, NOWHERE)
    expect(page.get_by_role("heading", level=1)).to_have_text("No conversations match")


def test_without_hits_one_thing_can_be_left_out(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    search_for(page, f"{WORD} {NOWHERE}")
    follow(page.get_by_role("link", name=f"Without {NOWHERE}"))
    assert result_ids(page) == api_ids(demo_portal, WORD)


def test_a_rating_narrows_the_results(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    follow(facet_value(page, "rating", "Bad"))
    assert total(page) == facet_counts(demo_portal, "rating")["Bad"]
    assert {text.split()[-1] for text in page.locator(".result .rating").all_inner_texts()} == {
        "Bad"
    }


def test_two_ratings_together_mean_either(page: Page, demo_portal: RunningPortal) -> None:
    counts = facet_counts(demo_portal, "rating")
    page.goto(demo_portal.page)
    follow(facet_value(page, "rating", "Bad"))
    follow(facet_value(page, "rating", "Normal"))
    assert total(page) == counts["Bad"] + counts["Normal"]


def test_each_filter_in_use_is_a_chip(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(demo_portal.page)
    follow(facet_value(page, "rating", "Bad"))
    follow(facet_value(page, "rating", "Normal"))
    follow(facet_value(page, "outcome", "Chat"))
    assert chips(page) == ["Rating Bad", "Normal", "Outcome Chat"]


def test_a_chip_takes_its_filter_away(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(f"{demo_portal.page}/search?rating=bad&rating=normal")
    follow(page.locator("a.chip").filter(has_text="Bad"))
    assert chips(page) == ["Rating Normal"]
    assert total(page) == facet_counts(demo_portal, "rating")["Normal"]


def test_a_chosen_value_takes_itself_away(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(f"{demo_portal.page}/search?rating=bad")
    follow(facet_value(page, "rating", "Bad"))
    assert chips(page) == []
    assert total(page) == DEMO_SIZE


def test_clear_all_takes_every_filter_and_leaves_the_query(
    page: Page, demo_portal: RunningPortal
) -> None:
    page.goto(f"{demo_portal.page}/search?q={WORD}&rating=good&outcome=chat&from=2001-01-01")
    follow(page.get_by_role("link", name="Clear all filters"))
    assert asked(page) == [("q", WORD)]
    assert total(page) == demo_portal.search(WORD)["total"]


def test_filters_stay_when_one_searches_again(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(f"{demo_portal.page}/search?rating=none&rating=good&country=GB")
    search_for(page, "order")
    assert chips(page) == ["Rating Not rated", "Good", "Country United Kingdom"]
    assert asked(page)[0] == ("q", "order")


def test_show_all_leads_to_every_country(page: Page, demo_portal: RunningPortal) -> None:
    counts = facet_counts(demo_portal, "country")
    page.goto(demo_portal.page)
    before = page.locator("#f-country a.fv").count()
    follow(page.get_by_role("link", name=f"Show all {len(counts)} countries"))
    assert page.locator("main .facet a.fv").count() == len(counts) > before


def test_the_list_of_all_countries_narrows_to_one_that_filters(
    page: Page, demo_portal: RunningPortal
) -> None:
    label, count = list(facet_counts(demo_portal, "country", "order").items())[-1]
    page.goto(f"{demo_portal.page}/search/country?q=order")
    page.get_by_label("Narrow the list").fill(label[:4])
    follow(page.get_by_role("button", name="Narrow"))
    follow(page.locator("main .facet a.fv").filter(has_text=label))
    assert (total(page), chips(page)) == (count, [f"Country {label}"])
    assert asked(page)[0] == ("q", "order")


def test_the_address_shows_the_same_search_to_others(
    page: Page, open_page: OpenPage, demo_portal: RunningPortal
) -> None:
    page.goto(demo_portal.page)
    search_for(page, "order")
    follow(facet_value(page, "rating", "Good"))
    other = open_page()
    other.goto(page.url)
    assert result_ids(other) == result_ids(page) != []


@pytest.mark.parametrize("name", ["zero-results", "search-with-notes", "search-away"])
def test_the_search_box_is_still_there_where_a_search_failed(
    page: Page, site: Site, name: str
) -> None:
    page.goto(site.address(name))
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_on_a_phone_the_filters_unfold(open_page: OpenPage, demo_portal: RunningPortal) -> None:
    page = open_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.goto(demo_portal.page)
    expect(facet_value(page, "rating", "Bad")).to_be_hidden()
    page.locator(".facets > details > summary").click()
    follow(facet_value(page, "rating", "Bad"))
    assert total(page) == facet_counts(demo_portal, "rating")["Bad"]
    expect(page.locator(".facets > details > summary")).to_have_text("Filters (1 chosen)")
