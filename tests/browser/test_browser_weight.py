"""What a first visit weighs, as it stands, and what a module of ours may weigh."""

from typing import Final

import pytest
from playwright.sync_api import Page, Request
from running_portal import PROJECT, RunningPortal
from site_pages import WORD
from visiting import OpenPage

pytestmark = pytest.mark.browser

STATIC: Final = PROJECT / "static"
KB: Final = 1000
"""Bytes; the stricter reading of a kilobyte."""


def test_the_style_sheet_has_at_most_32_kb() -> None:
    assert sum(path.stat().st_size for path in STATIC.glob("*.css")) <= 32 * KB


def test_all_modules_together_have_at_most_24_kb() -> None:
    assert sum(path.stat().st_size for path in STATIC.rglob("*.js")) <= 24 * KB


def test_the_modules_of_the_search_page_have_at_most_16_kb() -> None:
    assert sum((STATIC / name).stat().st_size for name in ("search.js", "keys.js")) <= 16 * KB


def loaded(page: Page, address: str) -> dict[str, int]:
    """What a page loads, with its size in bytes, not compressed."""
    sizes: dict[str, int] = {}

    def weigh(request: Request) -> None:
        answer = request.response()
        sizes[request.url] = len(answer.body()) if answer else 0

    page.on("requestfinished", weigh)
    page.goto(address, wait_until="networkidle")
    return sizes


def test_a_first_visit_loads_at_most_100_kb(
    open_page: OpenPage, demo_portal: RunningPortal
) -> None:
    sizes = loaded(open_page(), f"{demo_portal.page}/search?q={WORD}")
    kinds = {address.partition("?")[0].rpartition(".")[2] for address in sizes}
    assert {"css", "js", "svg"} <= kinds
    assert sum(sizes.values()) <= 100 * KB, sizes


@pytest.mark.parametrize("query", ["q=", f"q={WORD}", "q=a*", "q=order&sort=relevance", "page=3"])
def test_a_full_page_of_results_has_at_most_60_kb(
    demo_portal: RunningPortal, open_page: OpenPage, query: str
) -> None:
    page = open_page(java_script_enabled=False)
    answer = page.goto(f"{demo_portal.page}/search?{query}")
    assert answer is not None
    assert page.locator(".result").count() == 20
    assert len(answer.body()) <= 60 * KB
