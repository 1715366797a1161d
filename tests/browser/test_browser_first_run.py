"""The first page of all: the address to give away, a copy button, demo data, the first hook."""

import pytest
from playwright.sync_api import Page, expect
from running_portal import DEMO_SIZE, RunningPortal
from visiting import OpenPage, follow, total

pytestmark = pytest.mark.browser


def test_the_whole_hook_address_can_be_selected(page: Page, empty_portal: RunningPortal) -> None:
    page.goto(empty_portal.page)
    expect(page.locator("#hook")).to_have_value(empty_portal.hook)


@pytest.mark.parametrize("language", ["English", "Čeština", "Deutsch"])
def test_each_mail_unfolds_and_holds_the_hook_address(
    page: Page, empty_portal: RunningPortal, language: str
) -> None:
    page.goto(empty_portal.page)
    mail = page.locator(".mail").filter(has_text=language)
    mail.locator("summary").click()
    expect(mail.locator("pre")).to_be_visible()
    expect(mail.locator("pre")).to_contain_text(empty_portal.hook)


def test_the_copy_button_copies_the_hook_address(
    open_page: OpenPage, empty_portal: RunningPortal
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(empty_portal.page)
    button = page.locator("[data-copy]")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == empty_portal.hook


def test_without_scripts_no_button_promises_to_copy(
    open_page: OpenPage, empty_portal: RunningPortal
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(empty_portal.page)
    assert page.locator("[data-copy]").count() == 1
    assert not page.locator("[data-copy]").is_visible()


def test_the_demo_loads_by_its_button(open_page: OpenPage, new_portal: RunningPortal) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(new_portal.page)
    follow(page.get_by_role("button", name="Load demo data"))
    new_portal.await_total(DEMO_SIZE)
    page.reload()
    assert total(page) == DEMO_SIZE
    expect(page.locator(".result .demo").first).to_be_visible()


def test_the_first_hook_ends_the_waiting(open_page: OpenPage, new_portal: RunningPortal) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(new_portal.page)
    waiting = page.get_by_role("heading", level=1).inner_text()
    new_portal.send({"accountId": 1, "beginAt": 1, "channel": {"id": 1}})
    new_portal.await_total(1)
    follow(page.get_by_role("link", name="Check again"))
    assert (waiting, total(page)) == ("Waiting for the first conversation", 1)
