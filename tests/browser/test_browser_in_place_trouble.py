"""What cannot be renewed in place is loaded by the browser; nothing stays dim, nobody is stuck."""

from collections.abc import Callable
from typing import Final

import pytest
from in_place import TROUBLES, Held, is_busy, mark, modules_get, was_loaded
from playwright.sync_api import Page, Route
from running_portal import RunningPortal, eventually
from visiting import arrive, chips, facet_value, follow, go_back, holds, result_ids, total

pytestmark = pytest.mark.browser

PATIENCE: Final = 10_000
"""Milliseconds that the module waits for an answer."""


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_click_ends_as_a_load(quick: Page, demo_portal: RunningPortal, trouble: str) -> None:
    quick.goto(demo_portal.page)
    mark(quick)
    with modules_get(quick, TROUBLES[trouble]):
        follow(facet_value(quick, "rating", "Bad"))
    assert (quick.url, chips(quick)) == (f"{demo_portal.page}/search?rating=bad", ["Rating Bad"])
    assert (was_loaded(quick), is_busy(quick)) == (True, False)


@pytest.mark.parametrize("trouble", ["search is away", "the connection drops", "another page"])
def test_back_ends_as_a_load(quick: Page, demo_portal: RunningPortal, trouble: str) -> None:
    quick.goto(demo_portal.page)
    follow(facet_value(quick, "rating", "Bad"))
    mark(quick)
    with modules_get(quick, TROUBLES[trouble]):
        quick.go_back()
        eventually(lambda: holds(quick, "!window.marked"), "the page to be loaded")
        arrive(quick)
    assert (quick.url, total(quick)) == (f"{demo_portal.page}/", demo_portal.search()["total"])
    assert not is_busy(quick)


def test_a_redirect_to_another_page_is_followed_by_the_browser(
    quick: Page, demo_portal: RunningPortal
) -> None:
    target = f"{demo_portal.page}/help/search"
    quick.goto(demo_portal.page)

    def redirect(route: Route) -> None:
        route.fulfill(status=303, headers={"location": target})

    quick.route("**/search?rating=bad", redirect)
    with quick.expect_navigation():
        facet_value(quick, "rating", "Bad").click()
    quick.unroute("**/search?rating=bad", redirect)
    assert quick.url == target


def test_an_answer_that_does_not_come_ends_as_a_load(
    open_page: Callable[..., Page], demo_portal: RunningPortal
) -> None:
    page = open_page()
    held = Held(page)
    page.clock.install()
    page.goto(demo_portal.page)
    mark(page)
    with modules_get(page, held.take):
        facet_value(page, "rating", "Bad").click()
        held.wait(1)
        with page.expect_navigation():
            page.clock.fast_forward(PATIENCE)
    assert (was_loaded(page), is_busy(page), chips(page)) == (True, False, ["Rating Bad"])


def test_a_load_that_is_stopped_leaves_a_page_that_works(
    open_page: Callable[..., Page], demo_portal: RunningPortal
) -> None:
    page = open_page()
    stopped: list[str] = []

    def stop(route: Route) -> None:
        route.abort("aborted")
        stopped.append(route.request.resource_type)

    page.goto(demo_portal.page)
    mark(page)
    page.route("**/search?rating=bad", stop)
    facet_value(page, "rating", "Bad").click()
    eventually(
        lambda: not is_busy(page) and stopped == ["fetch", "document"],
        "the module's request and the browser's to be stopped, and the page to be clear again",
    )
    page.unroute_all()
    follow(facet_value(page, "rating", "Good"))
    assert (was_loaded(page), chips(page)) == (False, ["Rating Good"])


def test_of_quick_clicks_the_last_one_counts(quick: Page, demo_portal: RunningPortal) -> None:
    held = Held(quick)
    quick.goto(demo_portal.page)
    mark(quick)
    with modules_get(quick, held.take):
        for label in ("Bad", "Normal", "Good"):
            facet_value(quick, "rating", label).click()
        held.wait(3)
        held.release()
        quick.wait_for_url("**/search?rating=good")
    arrive(quick)
    listed = demo_portal.search(rating="good")["results"]
    assert list(result_ids(quick)) == [result["id"] for result in listed]
    assert (was_loaded(quick), chips(quick)) == (False, ["Rating Good"])
    go_back(quick)
    assert (was_loaded(quick), quick.url) == (False, f"{demo_portal.page}/")


def test_who_leaves_while_an_answer_is_under_way_is_not_called_back(
    quick: Page, demo_portal: RunningPortal
) -> None:
    held = Held(quick)
    quick.goto(demo_portal.page)
    with modules_get(quick, held.take):
        facet_value(quick, "rating", "Bad").click()
        held.wait(1)
        opened = result_ids(quick)[0]
        follow(quick.locator(".result h3 a").first)
        held.release()
    assert quick.url == f"{demo_portal.page}/conversations/{opened}"
    go_back(quick)
    assert quick.url == f"{demo_portal.page}/"


@pytest.mark.parametrize("way", ["Control", "Shift", "middle"])
@pytest.mark.parametrize("control", ["#f-rating a.fv", "a.not", ".pager a", ".histo a.in"])
def test_a_click_for_another_tab_leaves_the_page_alone(
    quick: Page, demo_portal: RunningPortal, control: str, way: str
) -> None:
    assert_left_alone(quick, demo_portal, control, way)


@pytest.mark.parametrize("way", ["Control", "Shift"])
def test_the_button_pressed_for_another_tab_leaves_the_page_alone(
    quick: Page, demo_portal: RunningPortal, way: str
) -> None:
    assert_left_alone(quick, demo_portal, "form.ask .btn.main", way)


def assert_left_alone(page: Page, portal: RunningPortal, control: str, way: str) -> None:
    """Click so that another tab or window opens, and see that nothing else happens."""
    page.goto(portal.page)
    mark(page)
    before = (page.url, result_ids(page))
    with page.context.expect_page() as opened:
        if way == "middle":
            page.locator(control).first.click(button="middle")
        else:
            page.locator(control).first.click(modifiers=[way])  # type: ignore[list-item]
    opened.value.close()
    assert (page.url, result_ids(page)) == before
    assert (was_loaded(page), is_busy(page)) == (False, False)


def test_a_link_with_a_target_of_its_own_is_left_alone(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    mark(quick)
    link = facet_value(quick, "rating", "Bad")
    link.evaluate("a => a.target = '_blank'")
    with quick.context.expect_page() as opened:
        link.click()
    opened.value.close()
    assert (quick.url, was_loaded(quick)) == (f"{demo_portal.page}/", False)


def test_after_an_upgrade_the_next_click_loads_the_new_files(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    mark(quick)

    def upgraded(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("app.css?v=", "app.css?v=1"))

    with modules_get(quick, upgraded):
        follow(facet_value(quick, "rating", "Bad"))
    assert (was_loaded(quick), chips(quick)) == (True, ["Rating Bad"])
