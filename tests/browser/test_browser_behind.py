"""While search is behind the page says so, and catches up by itself without disturbing anybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Final

import pytest
from in_place import TROUBLES, heard, is_busy, listen, mark, modules_get, was_loaded
from planted_hooks import SOME, plain_hook
from playwright.sync_api import Page, expect
from running_portal import RunningPortal, eventually
from visiting import OpenPage, holds, result_ids, total

pytestmark = pytest.mark.browser

LIVE_EVERY: Final = 2_000
"""Milliseconds between two looks of the page."""
_later: Final = count(SOME)
"""Numbers of the conversations that come during these tests, each later than all before."""


@pytest.fixture
def quick(open_page: OpenPage) -> Page:
    """A page whose clock can be put forward."""
    page = open_page()
    page.clock.install()
    return page


@contextmanager
def behind(page: Page, portal: RunningPortal) -> Iterator[str]:
    """The newest results while one more conversation waits; its name. Afterwards search goes on."""
    eventually(lambda: portal.ask("/readyz").get("behind") == 0, "search to have caught up")
    with portal.lagging():
        number = next(_later)
        portal.send(plain_hook(number))
        page.goto(portal.page)
        mark(page)
        expect(page.locator("#behind")).to_contain_text("Search is 1 conversation behind")
        yield f"Shopper {number}"


def first_name(page: Page) -> str:
    """The visitor of the first result."""
    return page.locator(".result h3 a").first.inner_text()


def catch_up(page: Page, portal: RunningPortal, name: str) -> None:
    """Let the page look again when search has caught up, and see that it has caught up too."""
    eventually(lambda: portal.ask("/readyz").get("behind") == 0, "search to have caught up")

    def has_caught_up() -> bool:
        page.clock.fast_forward(LIVE_EVERY)
        return not page.locator("#behind").count() and first_name(page) == name

    eventually(has_caught_up, "the page to catch up")
    assert not was_loaded(page)


def test_the_page_catches_up_by_itself(quick: Page, growing_portal: RunningPortal) -> None:
    with behind(quick, growing_portal) as name:
        before = total(quick)
        assert first_name(quick) != name
    catch_up(quick, growing_portal, name)
    assert (total(quick), str(total(quick)) in quick.title()) == (before + 1, False)


def test_without_script_a_reload_shows_what_is_new(
    plain: Page, growing_portal: RunningPortal
) -> None:
    with behind(plain, growing_portal) as name:
        plain.reload()
        expect(plain.locator("#behind")).to_be_visible()

    def has_come() -> bool:
        plain.reload()
        return first_name(plain) == name

    eventually(has_come, "the new conversation")
    assert plain.locator("#behind").count() == 0


def test_who_types_loses_no_letter(quick: Page, growing_portal: RunningPortal) -> None:
    typed = ""
    with behind(quick, growing_portal) as name:
        quick.get_by_label("Search messages").focus()
    while quick.locator("#behind").count():
        letter = "abcdefgh"[len(typed) % 8]
        quick.keyboard.type(letter)
        typed += letter
        quick.clock.fast_forward(LIVE_EVERY // 4)
    quick.keyboard.type("!")
    catch_up(quick, growing_portal, name)
    box = quick.get_by_label("Search messages")
    expect(box).to_be_focused()
    assert box.input_value() == f"{typed}!"
    assert len(typed) > 1


def test_dates_and_order_that_were_not_sent_yet_stay(
    quick: Page, growing_portal: RunningPortal
) -> None:
    with behind(quick, growing_portal) as name:
        quick.get_by_label("From").fill("2020-02-01")
        quick.get_by_label("Order").select_option("oldest")
    catch_up(quick, growing_portal, name)
    expect(quick.get_by_label("From")).to_have_value("2020-02-01")
    expect(quick.get_by_label("Order")).to_have_value("oldest")


@pytest.mark.parametrize(
    "control",
    [".result:nth-child(9) h3 a", "#f-rating a.fv", ".nav a >> nth=0", ".foot a >> nth=0"],
)
def test_the_focus_stays(quick: Page, growing_portal: RunningPortal, control: str) -> None:
    with behind(quick, growing_portal) as name:
        quick.locator(control).first.focus()
        words = quick.evaluate("(window.at = document.activeElement).pathname + at.className")
    catch_up(quick, growing_portal, name)
    assert quick.evaluate("window.at === document.activeElement")
    assert quick.evaluate("window.at.pathname + window.at.className") == words


def test_what_one_reads_stays_where_it_is(quick: Page, growing_portal: RunningPortal) -> None:
    place = "window.read.getBoundingClientRect().top"
    with behind(quick, growing_portal) as name:
        quick.evaluate(
            "window.read = document.querySelector('.result:nth-child(9)');"
            "window.read.scrollIntoView({ block: 'center' })"
        )
        before = quick.evaluate(place)
    catch_up(quick, growing_portal, name)
    assert quick.evaluate(place) == pytest.approx(before, abs=2)


def test_a_text_that_was_selected_stays_so(quick: Page, growing_portal: RunningPortal) -> None:
    with behind(quick, growing_portal) as name:
        quick.evaluate("getSelection().selectAllChildren(document.querySelectorAll('.say')[7])")
        selected = quick.evaluate("getSelection().toString()")
    catch_up(quick, growing_portal, name)
    assert quick.evaluate("getSelection().toString()") == selected != ""


@pytest.mark.parametrize("menu", [".site .menu", ".bars .menu"])
def test_a_menu_that_is_open_stays_open(
    quick: Page, growing_portal: RunningPortal, menu: str
) -> None:
    with behind(quick, growing_portal) as name:
        quick.locator(f"{menu} > summary").click()
    catch_up(quick, growing_portal, name)
    assert quick.locator(menu).evaluate("one => one.open")
    expect(quick.locator(f"{menu} > summary")).to_be_focused()


def test_the_sheet_of_keys_stays_open(quick: Page, growing_portal: RunningPortal) -> None:
    with behind(quick, growing_portal) as name:
        quick.get_by_role("button", name="Keyboard").click()
    catch_up(quick, growing_portal, name)
    expect(quick.locator("#keys")).to_be_visible()
    assert quick.evaluate("document.activeElement.closest('#keys') !== null")


def test_the_page_is_never_dimmed_and_its_new_count_is_heard_once(
    quick: Page, growing_portal: RunningPortal
) -> None:
    with behind(quick, growing_portal) as name:
        listen(quick)
        quick.evaluate(
            "new MutationObserver(() => window.dimmed = true).observe("
            "document.getElementById('main'), { attributeFilter: ['aria-busy'] })"
        )
        with quick.expect_response(lambda answer: answer.request.resource_type == "fetch"):
            quick.clock.fast_forward(LIVE_EVERY)
    catch_up(quick, growing_portal, name)
    said = heard(quick)
    assert [text.partition(". ")[0] for text in said] == [quick.locator("#count").inner_text()]
    assert not quick.evaluate("window.dimmed === true")


@pytest.mark.parametrize("trouble", ["search is away", "the connection drops"])
def test_a_look_that_fails_changes_nothing_and_is_repeated(
    quick: Page, growing_portal: RunningPortal, trouble: str
) -> None:
    with behind(quick, growing_portal) as name:
        listed = result_ids(quick)
        with modules_get(quick, TROUBLES[trouble]) as asked:
            look_again(quick, asked, 1)
            look_again(quick, asked, 2)
            assert (result_ids(quick), is_busy(quick), was_loaded(quick)) == (listed, False, False)
    catch_up(quick, growing_portal, name)


@pytest.mark.parametrize("trouble", ["a password is asked for", "it is forbidden"])
def test_a_look_that_is_refused_is_not_repeated(
    quick: Page, growing_portal: RunningPortal, trouble: str
) -> None:
    with behind(quick, growing_portal), modules_get(quick, TROUBLES[trouble]) as asked:
        look_again(quick, asked, 1)
        quick.clock.fast_forward(10 * LIVE_EVERY)
        assert quick.locator("#behind").count() == 1
    assert len(asked) == 1


def look_again(page: Page, asked: list[str], number: int) -> None:
    """Put the clock forward to the next look, and wait until the page has asked so often."""
    page.clock.fast_forward(LIVE_EVERY)
    eventually(lambda: holds(page, "true") and len(asked) >= number, "a look")
