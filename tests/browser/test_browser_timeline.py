"""Reading a conversation and going from hit to hit, with and without JavaScript."""

import re
from typing import Final

import pytest
from page_probes import focus
from playwright.sync_api import Page, expect
from running_portal import Answer, RunningPortal
from site_pages import WORD, most_hit
from visiting import asked, follow, result_ids

pytestmark = pytest.mark.browser

TARGET: Final = ".timeline li:target"


@pytest.fixture(scope="module")
def told(demo_portal: RunningPortal) -> Answer:
    """The conversation with most hits, as the API tells it."""
    conversation = most_hit(demo_portal)
    assert len(conversation["hits"]) >= 3, "the tests need a first, a middle and a last hit"
    return conversation


def address(portal: RunningPortal, told: Answer, more: str = "") -> str:
    """The timeline of that conversation with the hits of its query."""
    return f"{portal.page}/conversations/{told['id']}?q={WORD}{more}"


def test_a_result_opens_its_conversation(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(f"{demo_portal.page}/search?q={WORD}")
    first = demo_portal.search(WORD)["results"][0]
    follow(page.locator(".result h3 a").first)
    expect(page.get_by_role("heading", level=1)).to_have_text(first["visitor"])
    assert page.url.startswith(f"{demo_portal.page}/conversations/{first['id']}")


def test_every_message_is_there_in_order(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.goto(address(demo_portal, told))
    texts = [
        "".join(part["text"] for part in message["parts"])
        for message in told["messages"]
        if message["role"] != "system"
    ]
    assert page.locator(".timeline .say").all_text_contents() == texts


def test_the_marks_are_those_of_the_api(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.goto(address(demo_portal, told))
    hits = [
        part["text"] for message in told["messages"] for part in message["parts"] if part["hit"]
    ]
    marks = page.locator(".timeline mark")
    assert marks.all_text_contents() == hits
    assert marks.filter(visible=True).count() == len(hits)


def test_as_many_messages_are_marked_as_the_api_counts(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.goto(address(demo_portal, told))
    marked = page.locator(".timeline .msg", has=page.locator("mark"))
    ids = marked.evaluate_all("all => all.map(e => e.id)")
    assert ids == [f"m{number}" for number in told["hits"]]


def test_the_bar_counts_the_hits(page: Page, demo_portal: RunningPortal, told: Answer) -> None:
    page.goto(address(demo_portal, told))
    expect(page.locator(".hitbar")).to_contain_text(f"Hit 1 of {len(told['hits'])}")


def test_without_a_query_there_is_neither_bar_nor_mark(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.goto(f"{demo_portal.page}/conversations/{told['id']}")
    assert page.locator(".hitbar, mark, .trail").count() == 0


def test_next_hit_leads_through_all_hits(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.goto(address(demo_portal, told))
    reached = []
    following = page.locator(".hitbar a").filter(has_text="Next")
    while following.count():
        follow(following)
        reached.append(page.locator(TARGET).get_attribute("id"))
    assert reached == [f"m{number}" for number in told["hits"][1:]]
    expect(page.locator(".hitbar")).to_contain_text(f"Hit {len(told['hits'])} of")


def test_previous_hit_leads_back(page: Page, demo_portal: RunningPortal, told: Answer) -> None:
    page.goto(address(demo_portal, told, "&hit=2"))
    follow(page.locator(".hitbar a").filter(has_text="Previous"))
    assert page.locator(TARGET).get_attribute("id") == f"m{told['hits'][0]}"


def test_the_hit_one_goes_to_is_in_sight_below_the_bar(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.set_viewport_size({"width": 1280, "height": 400})
    page.goto(address(demo_portal, told, "&hit=2"))
    follow(page.locator(".hitbar a").filter(has_text="Next"))
    target = page.locator(TARGET).bounding_box()
    bar = page.locator(".hitbar").bounding_box()
    page.set_viewport_size({"width": 1280, "height": 720})
    assert target is not None
    assert bar is not None
    assert bar["y"] + bar["height"] <= target["y"] < 400


def test_from_the_hit_the_keyboard_goes_on(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.goto(address(demo_portal, told))
    follow(page.locator(".hitbar a").filter(has_text="Next"))
    page.keyboard.press("Tab")
    at = focus(page)
    assert at is not None
    assert at.href == f"#m{told['hits'][1]}"


def test_the_marks_of_the_current_hit_stand_out(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.goto(address(demo_portal, told, "&hit=2"))
    current = page.locator(f"#m{told['hits'][1]} mark")
    assert page.locator("mark.now").count() == current.count() > 0


def test_all_results_keeps_query_filters_and_page(page: Page, demo_portal: RunningPortal) -> None:
    page.goto(f"{demo_portal.page}/search?q=a*&rating=none&rating=good&sort=oldest&page=2")
    listed, parameters = result_ids(page), asked(page)
    follow(page.locator(".result h3 a").nth(4))
    follow(page.locator(".trail a").first)
    assert (asked(page), result_ids(page)) == (parameters, listed)


def test_all_results_is_still_right_after_going_to_another_hit(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.goto(address(demo_portal, told, "&rating=none&rating=good&rating=bad&rating=normal"))
    follow(page.locator(".hitbar a").filter(has_text="Next"))
    follow(page.locator(".trail a").first)
    parameters = [pair for pair in asked(page) if pair[0] != "page"]
    assert parameters == [
        ("q", WORD),
        ("rating", "none"),
        ("rating", "good"),
        ("rating", "bad"),
        ("rating", "normal"),
    ]
    assert told["id"] in result_ids(page)


def test_a_permalink_leads_to_its_message(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    number = told["messages"][-1]["number"]
    page.goto(f"{demo_portal.page}/conversations/{told['id']}/messages/{number}?q={WORD}")
    assert re.search(rf"\?q={WORD}#m{number}$", page.url)
    expect(page.locator(f"#m{number}")).to_be_in_viewport()


def test_events_hide_and_show_again(page: Page, demo_portal: RunningPortal, told: Answer) -> None:
    events = sum(message["role"] == "system" for message in told["messages"])
    page.goto(address(demo_portal, told))
    before = page.locator(".event").count()
    follow(page.get_by_role("link", name="Hide"))
    hidden = page.locator(".event").count()
    follow(page.get_by_role("link", name="Show"))
    assert (before, hidden, page.locator(".event").count()) == (events, 0, events)


def test_the_raw_hook_is_one_link_away(
    page: Page, demo_portal: RunningPortal, told: Answer
) -> None:
    page.goto(address(demo_portal, told))
    follow(page.get_by_role("link", name="Raw JSON"))
    expect(page.locator("body")).to_contain_text('"accountId"')


def test_more_hits_lead_to_a_hit_that_the_result_does_not_show(
    page: Page, demo_portal: RunningPortal
) -> None:
    page.goto(f"{demo_portal.page}/search?q=a*")
    result = page.locator(".result", has=page.locator(".moreh")).first
    shown = result.locator(".snip .say").all_text_contents()
    follow(result.locator(".moreh a"))
    assert page.locator(f"{TARGET} .say").text_content() not in shown
    assert page.locator(f"{TARGET} mark").count() > 0
