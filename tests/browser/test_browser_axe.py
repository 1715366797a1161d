"""Accessibility: axe finds nothing on any page, whatever the light, the window, the theme."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from in_place import mark, was_loaded
from msgspec import Struct
from page_probes import unfold
from playwright.sync_api import Browser, Page, ViewportSize
from running_portal import RunningPortal
from site_pages import Site, every_page
from visiting import choose_theme, follow, search_for

pytestmark = pytest.mark.browser

RULES: Final = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""All of axe, its best practices too; the size of targets is of WCAG 2.2 and off by default."""
CONTRAST: Final = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
"""What a theme can change."""


class Look(Struct, frozen=True):
    """How a page is looked at: light of the system, window, scripts; folds open; a theme chosen."""

    light: Literal["light", "dark"]
    width: int = 1280
    scripts: bool = True
    unfolded: bool = False
    theme: str = ""


LOOKS: Final[Mapping[str, Look]] = {
    "light": Look("light"),
    "dark": Look("dark", unfolded=True),
    "phone": Look("light", width=320, unfolded=True),
    "dark-phone-without-scripts": Look("dark", width=320, scripts=False),
}
BY_THE_MENU: Final[Mapping[str, Look]] = {
    "dark": Look("light", theme="Dark", unfolded=True),
    "light": Look("dark", theme="Light", unfolded=True),
}


@pytest.fixture(scope="module")
def looking(browser: Browser, demo_portal: RunningPortal) -> Iterator[Callable[[Look], Page]]:
    """Opens a page for a look, once. The cookie of a theme holds for all portals of this host."""
    opened: dict[Look, Page] = {}

    def look_at(look: Look) -> Page:
        if look not in opened:
            window = ViewportSize(width=look.width, height=800)
            page = browser.new_page(viewport=window, color_scheme=look.light)
            if not look.scripts:
                page.route("**/*.js*", lambda route: route.abort())
            if look.theme:
                page.goto(demo_portal.page)
                choose_theme(page, look.theme)
            opened[look] = page
        return opened[look]

    yield look_at
    for page in opened.values():
        page.context.close()


@every_page()
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_axe_finds_nothing(
    looking: Callable[[Look], Page], site: Site, look: Look, name: str
) -> None:
    page = looking(look)
    page.goto(site.address(name))
    if look.unfolded:
        unfold(page)
    assert findings(page, RULES) == []


@pytest.mark.parametrize("name", ["search-with-notes", "timeline-with-hits", "quarantine"])
@pytest.mark.parametrize("look", BY_THE_MENU.values(), ids=BY_THE_MENU)
def test_axe_finds_no_contrast_too_low_in_a_theme_that_was_chosen(
    looking: Callable[[Look], Page], site: Site, look: Look, name: str
) -> None:
    page = looking(look)
    page.goto(site.address(name))
    unfold(page)
    assert findings(page, CONTRAST) == []


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_axe_finds_nothing_in_the_sheet_of_keys(
    looking: Callable[[Look], Page], site: Site, look: str
) -> None:
    page = looking(LOOKS[look])
    page.goto(site.address("search"))
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert findings(page, RULES) == []


def test_axe_finds_nothing_on_a_page_that_was_renewed_in_place(
    looking: Callable[[Look], Page], site: Site
) -> None:
    page = looking(LOOKS["light"])
    page.goto(site.address("search"))
    mark(page)
    follow(page.locator("#f-rating a.fv").first)
    follow(page.locator("#f-country a.not").first)
    search_for(page, "colour:red OR order")
    assert not was_loaded(page)
    assert findings(page, RULES) == []


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        ("document.querySelector('label[for=q]').remove()", "label"),
        ("document.body.style.color = 'var(--line)'", "color-contrast"),
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
    ],
)
def test_axe_does_find_what_is_wrong(
    looking: Callable[[Look], Page], site: Site, spoil: str, rule: str
) -> None:
    page = looking(LOOKS["light"])
    page.goto(site.address("search-with-marks"))
    page.evaluate(spoil)
    assert any(found.startswith(f"{rule}: ") for found in findings(page, RULES))


def findings(page: Page, options: Mapping[str, Any]) -> list[str]:
    """What axe has to say of a page: rule, element, reason."""
    answer = Axe().run(page, options=dict(options)).response
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]} {node['failureSummary']}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]
