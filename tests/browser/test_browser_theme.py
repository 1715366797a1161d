"""The theme: follows the system until one is chosen, and stays chosen wherever one goes."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from running_portal import RunningPortal
from site_pages import WORD, Site
from visiting import OpenPage, choose_theme, follow, press, search_for, theme_entry

pytestmark = pytest.mark.browser

Light = Literal["light", "dark"]


def scheme(page: Page) -> str:
    """Light or dark, as the page is drawn."""
    paper: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return {"rgb(255, 255, 255)": "light", "rgb(20, 24, 27)": "dark"}[paper]


@pytest.mark.parametrize("light", ["light", "dark"])
def test_without_a_choice_the_theme_is_that_of_the_system(
    open_page: OpenPage, site: Site, light: Light
) -> None:
    page = open_page(color_scheme=light)
    page.goto(site.address("search"))
    assert scheme(page) == light


@pytest.mark.parametrize(("light", "label"), [("light", "Dark"), ("dark", "Light")])
def test_the_menu_sets_a_theme_against_the_system(
    open_page: OpenPage, site: Site, light: Light, label: str
) -> None:
    page = open_page(color_scheme=light)
    page.goto(site.address("search"))
    choose_theme(page, label)
    assert scheme(page) == label.lower()


def test_the_chosen_theme_is_named_in_the_menu(page: Page, site: Site) -> None:
    page.goto(site.address("search"))
    choose_theme(page, "Dark")
    page.locator(".site .menu summary").click()
    expect(theme_entry(page, "Dark")).to_contain_text("(chosen)")
    expect(theme_entry(page, "Light")).not_to_contain_text("(chosen)")


def test_choosing_a_theme_leads_back_to_the_same_place(page: Page, site: Site) -> None:
    address = site.address("timeline-with-hits")
    page.goto(address)
    choose_theme(page, "Dark")
    assert page.url == address


def test_a_theme_survives_search_result_and_help(page: Page, site: Site) -> None:
    page.goto(site.address("search"))
    choose_theme(page, "Dark")
    search_for(page, WORD)
    searched = scheme(page)
    follow(page.locator(".result h3 a").first)
    opened = scheme(page)
    follow(page.locator("nav.nav").get_by_text("Help"))
    assert (searched, opened, scheme(page)) == ("dark", "dark", "dark")


def test_a_theme_survives_the_window(page: Page, site: Site) -> None:
    page.goto(site.address("search"))
    choose_theme(page, "Dark")
    again = page.context.new_page()
    page.close()
    again.goto(site.address("search"))
    assert scheme(again) == "dark"


def test_as_the_system_takes_the_choice_back(page: Page, site: Site) -> None:
    page.goto(site.address("search"))
    choose_theme(page, "Dark")
    choose_theme(page, "As the system")
    assert scheme(page) == "light"


def test_the_menu_works_by_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(site.address("search"))
    page.locator(".site .menu summary").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(theme_entry(page, "Dark")).to_be_focused()
    press(page, "Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_page_that_failed_lets_one_choose_a_theme(page: Page, away_portal: RunningPortal) -> None:
    page.goto(away_portal.page)
    choose_theme(page, "Dark")
    assert scheme(page) == "dark"
