"""Single keys: what each does, where none is taken, the sheet, and how they are switched off."""

from typing import Final

import pytest
from page_probes import Ear
from playwright.sync_api import Page, expect
from running_portal import RunningPortal
from site_pages import NOWHERE, Site, every_page
from visiting import OpenPage, facet_value, follow, press, result_ids, search_for

pytestmark = pytest.mark.browser

ALL_KEYS: Final = ("/", "j", "k", "?")


def at_result(page: Page) -> int:
    """The number of the result whose name has the focus, from 1; 0 for none."""
    found: int = page.evaluate(
        "1 + [...document.querySelectorAll('.result h3 a')].indexOf(document.activeElement)"
    )
    return found


def is_sheet_open(page: Page) -> bool:
    """Whether the sheet of keys is open."""
    return page.locator("#keys").is_visible()


def test_a_slash_goes_to_the_search_box_and_selects_its_text(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(f"{demo_portal.page}/search?q=order")
    quick.keyboard.press("/")
    box = quick.get_by_label("Search messages")
    expect(box).to_be_focused()
    quick.keyboard.type("box/j")
    expect(box).to_have_value("box/j")


def test_j_and_k_go_from_conversation_to_conversation(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(f"{demo_portal.page}/search?per_page=3")
    walked = []
    for key in "jjjjkkkk":
        quick.keyboard.press(key)
        walked.append(at_result(quick))
    assert walked == [1, 2, 3, 3, 2, 1, 1, 1]


def test_k_begins_with_the_last_conversation(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(f"{demo_portal.page}/search?per_page=3")
    quick.keyboard.press("k")
    assert at_result(quick) == 3


def test_the_conversation_one_is_at_is_wholly_in_sight(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    for _ in range(12):
        quick.keyboard.press("j")
        box = quick.locator(".result:focus-within").bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720


def test_from_within_a_result_j_goes_to_the_next(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(f"{demo_portal.page}/search?q=a*")
    result = quick.locator(".result", has=quick.locator(".moreh a")).first
    number = result.evaluate("e => [...e.parentElement.children].indexOf(e) + 1")
    result.locator(".moreh a").focus()
    quick.keyboard.press("j")
    assert at_result(quick) == number + 1


def test_enter_opens_the_conversation_one_is_at(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(demo_portal.page)
    wanted = result_ids(quick)[1]
    quick.keyboard.press("j")
    quick.keyboard.press("j")
    press(quick, "Enter")
    assert quick.url == f"{demo_portal.page}/conversations/{wanted}"


def test_j_goes_on_with_the_new_results_after_another_search(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    quick.keyboard.press("j")
    follow(facet_value(quick, "rating", "Bad"))
    wanted = result_ids(quick)
    opened = []
    for _ in range(2):
        quick.keyboard.press("j")
        opened.append(quick.evaluate("document.activeElement.pathname"))
    assert opened == [f"/conversations/{name}" for name in wanted[:2]]


def test_a_question_mark_opens_the_sheet_with_the_focus_inside(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    quick.keyboard.press("?")
    sheet = quick.get_by_role("dialog", name="Keyboard")
    expect(sheet).to_be_visible()
    assert sheet.evaluate("one => one.contains(document.activeElement)")
    assert sheet.evaluate("one => one.matches(':modal')")


@pytest.mark.parametrize("way", ["Escape", "Close"])
def test_the_sheet_closes_and_the_focus_returns(
    quick: Page, demo_portal: RunningPortal, way: str
) -> None:
    quick.goto(demo_portal.page)
    for opener in ("j", "?"):
        quick.keyboard.press(opener)
    if way == "Close":
        quick.get_by_role("button", name=way).click()
    else:
        quick.keyboard.press(way)
    assert (is_sheet_open(quick), at_result(quick)) == (False, 1)


def test_tab_stays_within_the_open_sheet(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(demo_portal.page)
    quick.keyboard.press("?")
    inside = []
    for _ in range(6):
        quick.keyboard.press("Tab")
        inside.append(
            quick.evaluate(
                "document.activeElement === document.body"
                " || document.activeElement.closest('#keys') !== null"
            )
        )
    assert all(inside)


def test_no_key_works_while_the_sheet_is_open(quick: Page, demo_portal: RunningPortal) -> None:
    quick.goto(demo_portal.page)
    quick.keyboard.press("?")
    for key in ALL_KEYS:
        quick.keyboard.press(key)
    assert (is_sheet_open(quick), at_result(quick)) == (True, 0)


def test_the_button_in_the_footer_opens_the_sheet_and_has_the_focus_afterwards(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(f"{demo_portal.page}/help/search")
    button = quick.get_by_role("button", name="Keyboard")
    button.click()
    assert is_sheet_open(quick)
    quick.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_without_script_nothing_speaks_of_keys(plain: Page, demo_portal: RunningPortal) -> None:
    plain.goto(demo_portal.page)
    assert plain.locator("[data-keys], #keys").filter(visible=True).count() == 0


@pytest.mark.parametrize("held", ["Control", "Alt", "Meta"])
def test_no_key_is_taken_that_belongs_to_the_browser(
    quick: Page, demo_portal: RunningPortal, held: str
) -> None:
    quick.goto(demo_portal.page)
    taken = quick.evaluate(
        """held => ["/", "j", "k", "?"].filter(key => !document.body.dispatchEvent(
          new KeyboardEvent("keydown", { key, [held]: true, bubbles: true, cancelable: true })))""",
        {"Control": "ctrlKey", "Alt": "altKey", "Meta": "metaKey"}[held],
    )
    assert (taken, is_sheet_open(quick), at_result(quick)) == ([], False, 0)


def test_no_key_is_taken_from_who_composes_a_character(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    taken = quick.evaluate(
        """() => ["/", "j", "k", "?"].filter(key => !document.body.dispatchEvent(new KeyboardEvent(
          "keydown", { key, isComposing: true, bubbles: true, cancelable: true })))"""
    )
    assert (taken, is_sheet_open(quick), at_result(quick)) == ([], False, 0)


def test_what_is_written_with_an_input_method_reaches_the_box(
    quick: Page, demo_portal: RunningPortal
) -> None:
    quick.goto(demo_portal.page)
    quick.get_by_label("Search messages").focus()
    keys = quick.context.new_cdp_session(quick)
    for text in ("j", "jk", "か"):
        keys.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    keys.send("Input.insertText", {"text": "か/?"})
    expect(quick.get_by_label("Search messages")).to_have_value("か/?")
    assert not is_sheet_open(quick)


@pytest.mark.parametrize("field", ["#q", "#from", "#sort"])
def test_no_key_is_taken_in_a_field(quick: Page, demo_portal: RunningPortal, field: str) -> None:
    quick.goto(demo_portal.page)
    quick.locator(field).focus()
    for key in ALL_KEYS:
        quick.keyboard.press(key)
        expect(quick.locator(field)).to_be_focused()
    assert not is_sheet_open(quick)


def test_a_key_that_has_nothing_to_do_is_left_to_the_browser(
    quick: Page, demo_portal: RunningPortal
) -> None:
    taken = """() => ["/", "j", "k", "x", "constructor"].filter(key => !document.body.dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))"""
    quick.goto(f"{demo_portal.page}/help/search")
    on_help = quick.evaluate(taken)
    quick.goto(f"{demo_portal.page}/search?q={NOWHERE}")
    assert (on_help, quick.evaluate(taken)) == ([], ["/"])


def test_keys_that_are_switched_off_stay_off(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.address("search"))
    page.keyboard.press("?")
    page.get_by_label("Use these single keys").uncheck()
    page.keyboard.press("Escape")
    for address in (None, site.address("search"), site.address("help")):
        if address:
            page.goto(address)
        for key in ALL_KEYS:
            page.keyboard.press(key)
        assert (is_sheet_open(page), at_result(page)) == (False, 0)
        assert page.evaluate("document.activeElement.id") != "q"


def test_keys_that_were_off_are_on_again_when_one_says_so(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.address("search"))
    for wanted in (False, True):
        page.get_by_role("button", name="Keyboard").click()
        box = page.get_by_label("Use these single keys")
        expect(box).to_be_checked(checked=not wanted)
        box.set_checked(wanted)
        page.keyboard.press("Escape")
        page.reload()
    page.keyboard.press("j")
    assert at_result(page) == 1


def test_a_browser_that_keeps_nothing_works_and_holds_the_choice_on_the_page(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    with Ear().listening(page) as ear:
        page.goto(site.address("search"))
        page.keyboard.press("j")
        on = at_result(page)
        page.keyboard.press("?")
        page.get_by_label("Use these single keys").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        off = at_result(page)
        search_for(page, "order")
    assert (on, off, ear.complaints) == (1, 1, [])


@every_page("first-run")
def test_the_sheet_opens_on_every_page(quick: Page, site: Site, name: str) -> None:
    quick.goto(site.address(name))
    quick.keyboard.press("?")
    assert is_sheet_open(quick)
