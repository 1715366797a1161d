"""Each of the ugliest conversations reads as its stored picture says, to the last word.

With ``PORTAL_WRITE_PICTURES=1`` the pictures are written anew; look at what changed.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from html_tree import Element
from ugly import UGLY
from web_world import WebWorld, full_portal

from app.conversations.feeds.smartsupp_hook import read_conversation

PICTURES: Final = Path(__file__).parent / "ugly_pictures"
MOST_LINES: Final = 60
"""Lines of a list from which on a picture leaves out its middle."""
ENTRIES: Final = {"msg", "event", "gap", "waited", "day"}
LINES: Final = ("h1", "h2", "h3", "p", "dt", "dd", "li")
"""Elements that are lines of a picture, unless they hold another."""


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with full_portal(tmp_path_factory.mktemp("ugly"), *UGLY.values()) as world:
        yield world


def page_of(web: WebWorld, name: str, params: str = "") -> Element:
    return web.page(f"/conversations/{read_conversation(UGLY[name]).id}{params}")


def picture(page: Element) -> str:
    """What a timeline says, a line for each of its lines: kind, number, words."""
    lines = [line for line in _lines(page.one("main")) if "printed" not in line]
    if len(lines) > 4 * MOST_LINES:
        left_out = f"… {len(lines) - 2 * MOST_LINES} lines …"
        lines = [*lines[:MOST_LINES], left_out, *lines[-MOST_LINES:]]
    return "\n".join(lines) + "\n"


def _lines(element: Element) -> Iterator[str]:
    for one in element.children:
        if not isinstance(one, Element) or one.get("hidden") is not None:
            continue
        inner = any(child is not one and child.tag in LINES for child in one.walk())
        if one.tag in LINES and (not inner or one.classes & ENTRIES):
            kind = one.get("class") or one.tag
            yield f"{kind} {one.get('id') or ''} | {_words(one)}"
        else:
            yield from _lines(one)


def _words(element: Element) -> str:
    """All words, pieces apart; of a very long text the ends."""
    text = " ".join(" ".join(_pieces(element)).split())
    return text if len(text) < 1000 else f"{text[:400]} […] {text[-400:]}"


def _pieces(element: Element) -> Iterator[str]:
    for one in element.children:
        if isinstance(one, str):
            yield one
        else:
            yield from _pieces(one)


@pytest.mark.parametrize("name", UGLY)
def test_it_reads_as_its_picture_says(web: WebWorld, name: str) -> None:
    path = PICTURES / f"{name}.txt"
    seen = picture(page_of(web, name))
    if os.environ.get("PORTAL_WRITE_PICTURES") == "1":
        PICTURES.mkdir(exist_ok=True)
        path.write_text(seen, encoding="utf-8")
    assert seen == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", UGLY)
def test_it_stays_small_and_can_be_taken_along(web: WebWorld, name: str) -> None:
    conversation = read_conversation(UGLY[name]).id
    for address in ("", "?q=the", "?events=no", "?times=start", "/quote", "/transcript.txt",
                    "/transcript.md", "/raw"):  # fmt: skip
        answer = web.get(f"/conversations/{conversation}{address}")
        assert answer.status_code == 200, address
        is_timeline = address.startswith("?") or not address
        assert not is_timeline or len(answer.content) < 400_000, address


def test_no_pictures_are_left_of_what_is_gone() -> None:
    assert {path.stem for path in PICTURES.glob("*.txt")} == set(UGLY)
