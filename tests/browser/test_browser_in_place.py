"""Links and the form of the search page renew it in place, and it is as if it had been loaded."""

from collections.abc import Mapping, Sequence
from typing import Final

import pytest
from in_place import Held, heard, is_busy, listen, mark, modules_get, was_loaded
from msgspec import Struct
from playwright.sync_api import Page, expect
from running_portal import RunningPortal, eventually
from site_pages import NOWHERE, WORD
from visiting import (
    OpenPage,
    arrive,
    asked,
    chips,
    choose_theme,
    facet_value,
    follow,
    press,
    result_ids,
    search_for,
    total,
)

pytestmark = pytest.mark.browser

BAR: Final = ".histo a.in >> nth=4"
SUBMIT: Final = "form.ask .btn.main"


class Click(Struct, frozen=True):
    """A control that leads to another search: where it stands, what to click, the control last."""

    start: str
    steps: Sequence[str]


CLICKS: Final[Mapping[str, Click]] = {
    "a value": Click("/", ["#f-rating a.fv:has-text('Bad')"]),
    "a second value": Click("/search?rating=bad", ["#f-rating a.fv:has-text('Normal')"]),
    "a chosen value": Click("/search?rating=bad&country=CZ", ["#f-rating a.fv.on"]),
    "not": Click("/", ["#f-country li:nth-child(2) a.not"]),
    "no longer not": Click("/search?q=-country:CZ", ["#f-country a.fv.out"]),
    "clear a facet": Click("/search?rating=bad&rating=none", ["#f-rating a.clear"]),
    "a chip": Click("/search?rating=bad&country=CZ", ["a.chip >> nth=0"]),
    "the last chip": Click("/search?rating=bad", ["a.chip"]),
    "clear all": Click(f"/search?q={WORD}&rating=bad&country=CZ", [".chips a.clear"]),
    "a bar": Click("/", [BAR]),
    "a hollow bar": Click("/", [BAR, ".histo a:not(.in) >> nth=0"]),
    "wider": Click("/", [BAR, ".bars .links a >> nth=0"]),
    "all dates": Click("/", [BAR, ".bars .links a >> text='All dates'"]),
    "a page": Click("/", [".pager a >> text='3'"]),
    "the next page": Click("/search?rating=none", ["a[rel=next]"]),
    "what may help": Click(f"/search?q={WORD}+{NOWHERE}", [f".rescue a >> text={NOWHERE}"]),
    "search": Click("/search?q=order&rating=none&per_page=5", [SUBMIT]),
}
each_click = pytest.mark.parametrize("name", CLICKS)


def told(page: Page) -> Mapping[str, object]:
    """Everything that a search page says of its search, but when it would be printed."""
    lines = page.locator("main").inner_text().splitlines()
    given = [pair for pair in asked(page) if pair[1] and pair != ("sort", "newest")]
    return {
        "asked": given,  # a form without a script sends what is empty, too
        "title": page.title(),
        "results": result_ids(page),
        "chips": chips(page),
        "text": [line for line in lines if ", printed " not in line],
        "form": page.locator("form.ask").evaluate("form => [...new FormData(form)]"),
    }


@each_click
def test_a_click_renews_the_page_as_a_load_would(
    quick: Page, plain: Page, demo_portal: RunningPortal, name: str
) -> None:
    click = CLICKS[name]
    quick.goto(demo_portal.page + click.start)
    plain.goto(demo_portal.page + click.start)
    mark(quick)
    for step in click.steps:
        before = quick.url
        follow(quick.locator(step))
        follow(plain.locator(step))
        assert quick.url != before or name == "search"
        assert told(quick) == told(plain)
    assert not was_loaded(quick)


def test_the_form_renews_the_page_as_a_load_would(
    quick: Page, plain: Page, demo_portal: RunningPortal
) -> None:
    for page in (quick, plain):
        page.goto(f"{demo_portal.page}/search?rating=none")
        mark(page)
        page.get_by_label("From").fill("2020-02-01")
        page.get_by_label("Order").select_option("oldest")
        search_for(page, "a*")
    assert told(quick) == told(plain)
    assert (was_loaded(quick), was_loaded(plain)) == (False, True)
    assert asked(quick) == [
        ("q", "a*"),
        ("rating", "none"),
        ("from", "2020-02-01"),
        ("sort", "oldest"),
    ]


def test_a_long_walk_stays_on_one_page(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(demo_portal.page)
    mark(quick)
    search_for(quick, "a*")
    follow(facet_value(quick, "rating", "Good"))
    follow(quick.locator("#f-country a.not").last)
    follow(quick.locator("a[rel=next]"))
    follow(quick.locator("a[rel=prev]"))
    follow(quick.locator(".chips a.clear"))
    search_for(quick, "")
    assert (was_loaded(quick), total(quick)) == (False, demo_portal.search()["total"])


def test_old_results_stay_and_the_page_is_busy_until_new_ones_come(
    quick: Page, demo_portal: RunningPortal
) -> None:
    held = Held(quick)
    quick.goto(demo_portal.page)
    before, address = result_ids(quick), quick.url
    with modules_get(quick, held.take):
        facet_value(quick, "rating", "Bad").click()
        eventually(lambda: is_busy(quick), "the page to be busy")
        waiting = (result_ids(quick), quick.url)
        held.release()
        quick.wait_for_url("**/search?rating=bad")
    arrive(quick)
    assert waiting == (before, address)
    assert (is_busy(quick), result_ids(quick) != before) == (False, True)


@pytest.mark.parametrize("name", [*CLICKS, "the form"])
def test_the_count_is_heard_once(quick: Page, demo_portal: RunningPortal, name: str) -> None:
    click = CLICKS.get(name, Click("/", []))
    quick.goto(demo_portal.page + click.start)
    for step in click.steps[:-1]:
        follow(quick.locator(step))
    listen(quick)
    if click.steps:
        follow(quick.locator(click.steps[-1]))
    else:
        search_for(quick, WORD)
    said = heard(quick)
    assert [text.partition(". ")[0] for text in said] == [quick.locator("#count").inner_text()]


def test_what_could_not_be_used_is_heard_with_the_count(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    listen(quick)
    search_for(quick, "colour:red order")
    (said,) = heard(quick)
    assert quick.locator(".notice p").first.inner_text() in said


@pytest.mark.parametrize("fold", [".facets details", "form.ask details", "details.bars"])
def test_on_a_phone_only_the_fold_that_was_open_stays_open(
    open_page: OpenPage, demo_portal: RunningPortal, fold: str
) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(demo_portal.page)
    page.locator(f"{fold} > summary").first.click()
    search_for(page, WORD)
    opened = page.locator("details[open]")
    expect(opened).to_have_count(1)
    assert opened.evaluate(f"one => one === document.querySelector('{fold}')")


def test_the_form_of_the_theme_follows_the_address(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(demo_portal.page)
    follow(facet_value(quick, "rating", "Bad"))
    address, listed = quick.url, result_ids(quick)
    choose_theme(quick, "Dark")
    assert (quick.url, result_ids(quick)) == (address, listed)


def test_letters_typed_while_the_answer_is_under_way_are_kept(
    quick: Page, demo_portal: RunningPortal
) -> None:
    held = Held(quick)
    quick.goto(demo_portal.page)
    with modules_get(quick, held.take):
        quick.get_by_label("Search messages").fill("order")
        quick.keyboard.press("Enter")
        held.wait(1)
        quick.keyboard.type(" box")
        held.release()
        quick.wait_for_url("**/search?q=order")
    arrive(quick)
    assert quick.get_by_label("Search messages").input_value() == "order box"


def test_a_page_without_results_leads_back_in_place(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    mark(quick)
    search_for(quick, NOWHERE)
    nothing = total(quick)
    quick.get_by_label("Search messages").fill("")
    press(quick, "Enter")
    assert (nothing, total(quick)) == (0, demo_portal.search()["total"])
    assert not was_loaded(quick)
