"""What a person does on the pages, step by step; each step ends when the next page is there.

It is there when it shows what its address says, whether the browser loaded it or a module renewed
the page before it.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Error, Locator, Page
from running_portal import eventually

OpenPage = Callable[..., Page]
"""Opens a page in a context with the given options."""
_IS_THERE: Final = """() => {
  const back = document.querySelector("header.site input[name=back]");
  return !document.querySelector("[aria-busy=true]")
    && (!back || back.value === location.pathname + location.search);
}"""


def holds(page: Page, script: str) -> bool:
    """Whether something is so in a page; it is not while another page is coming."""
    try:
        return bool(page.evaluate(script))
    except Error:
        return False


def arrive(page: Page) -> None:
    """Wait until a page shows what its address says."""
    eventually(lambda: holds(page, _IS_THERE), f"the page of {page.url}")


def follow(link: Locator) -> None:
    """Click what leads to another page, or press what sends a form."""
    with link.page.expect_navigation():
        link.click()
    arrive(link.page)


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)
    arrive(page)


def go_back(page: Page) -> None:
    """Press the browser's button Back."""
    page.go_back()
    arrive(page)


def go_forward(page: Page) -> None:
    """Press the browser's button Forward."""
    page.go_forward()
    arrive(page)


def search_for(page: Page, text: str) -> None:
    """Type into the search box and press Enter."""
    page.get_by_label("Search messages").fill(text)
    press(page, "Enter")


def theme_entry(page: Page, label: str) -> Locator:
    """The entry of the theme menu with this label."""
    return page.locator(".site .menu button").filter(has_text=label)


def choose_theme(page: Page, label: str) -> None:
    """Open the theme menu and choose an entry."""
    page.locator(".site .menu summary").click()
    follow(theme_entry(page, label))


def facet_value(page: Page, facet: str, label: str) -> Locator:
    """The link of one value of a facet."""
    exact = re.compile(rf"^{re.escape(label)}$")
    values = page.locator(f"#f-{facet} a.fv")
    return values.filter(has=page.locator("span", has_text=exact))


def total(page: Page) -> int:
    """How many conversations the page says that it found."""
    heading = page.locator("#count").inner_text()
    number = re.match(r"[\d,]+", heading)
    return int(number[0].replace(",", "")) if number else 0


def chips(page: Page) -> list[str]:
    """The filters in use, as they read."""
    texts = page.locator("a.chip").all_inner_texts()
    return [" ".join(text.replace("Remove filter", "").split()) for text in texts]


def asked(page: Page) -> list[tuple[str, str]]:
    """The parameters in the address of the page."""
    return parse_qsl(urlsplit(page.url).query, keep_blank_values=True)


def result_ids(page: Page) -> Sequence[str]:
    """The conversations that the page lists, in its order."""
    links = page.locator(".result h3 a")
    found: list[str] = links.evaluate_all("all => all.map(a => new URL(a.href).pathname)")
    return [path.removeprefix("/conversations/") for path in found]
