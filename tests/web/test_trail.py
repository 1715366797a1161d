"""From one conversation of the results to the next, with its place, and back to the same place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from html_tree import Element
from web_world import BEGIN, HOUR, WebWorld, full_portal, hook, name_of, said

NUMBER: Final = 45
"""Conversations that say refund, each the oftener the later; pages hold 20."""
REFUND: Final = "/search?q=refund"


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    bodies = [
        hook(f"c{n}", said("refund " * n), begin=BEGIN + n * HOUR, rating=5 if n % 2 else 1)
        for n in range(1, NUMBER + 1)
    ]
    with full_portal(tmp_path_factory.mktemp("trail"), *bodies, hook("other", said("no"))) as world:
        yield world


def named(number: int) -> str:
    return name_of(f"c{number}", BEGIN + number * HOUR)


def at(web: WebWorld, number: int, params: str = "?q=refund") -> Element:
    """The trail of a conversation."""
    return web.page(f"/conversations/{named(number)}{params}").one("nav", "trail")


def neighbours(trail: Element) -> dict[str, str]:
    """The conversations before and after, by their links' relation."""
    links = {one["rel"]: one["href"] for one in trail.all("a") if one.get("rel")}
    return {rel: href.partition("?")[0].rpartition("/")[2] for rel, href in links.items()}


def place(trail: Element) -> str:
    return trail.one("li", "n").text


@pytest.mark.parametrize(
    ("params", "number", "wanted"),
    [
        ("?q=refund", 45, "1 of 45"),
        ("?q=refund", 1, "45 of 45"),
        ("?q=refund&sort=oldest", 1, "1 of 45"),
        ("?q=refund&rating=bad", 44, "1 of 22"),
        ("?q=refund&rating=bad&page=2", 2, "22 of 22"),
        ("?rating=good", 1, "23 of 23"),
        ("?q=refund&per_page=3", 30, "16 of 45"),
        ("?q=refund&sort=relevance&page=3", 1, "45 of 45"),
    ],
)
def test_the_place_among_the_results_is_told(
    web: WebWorld, params: str, number: int, wanted: str
) -> None:
    assert place(at(web, number, params)) == wanted


@pytest.mark.parametrize("order", ["newest", "oldest", "relevance"])
def test_the_way_through_the_results_is_that_of_the_list(web: WebWorld, order: str) -> None:
    """From the first to the last, over two borders of pages."""
    search = f"{REFUND}&sort={order}"
    listed = [
        one.one("h3").one("a")["href"].partition("?")[0].rpartition("/")[2]
        for page in (1, 2, 3)
        for one in web.page(f"{search}&page={page}").all("li", "result")
    ]
    assert len(listed) == NUMBER
    walked = [listed[0]]
    link = web.page(search).all("li", "result")[0].one("h3").one("a")["href"]
    while True:
        trail = web.page(link).one("nav", "trail")
        assert place(trail) == f"{len(walked)} of {NUMBER}"
        beside = neighbours(trail)
        assert beside.get("prev") == (walked[-2] if len(walked) > 1 else None)
        if "next" not in beside:
            break
        walked.append(beside["next"])
        link = next(one["href"] for one in trail.all("a") if one.get("rel") == "next")
    assert walked == listed


@pytest.mark.parametrize("number", [45, 26, 25, 6, 5, 1])
def test_back_leads_to_the_page_and_the_place(web: WebWorld, number: int) -> None:
    back = at(web, number).all("a")[0]
    assert back.text == "All 45 results for refund"
    address, _, fragment = back["href"].partition("#")
    page = web.page(address)
    assert (
        page.one("li", "result", id=fragment)
        .one("h3")
        .one("a")["href"]
        .startswith(f"/conversations/{named(number)}")
    )


def test_a_conversation_that_is_no_result_any_more_has_no_place(web: WebWorld) -> None:
    trail = web.page(f"/conversations/{name_of('other')}?q=refund&page=2").one("nav", "trail")
    assert not trail.has("ul")
    assert trail.one("a").text == "All results for refund"


def test_in_order_of_relevance_a_wrong_page_gives_no_place(web: WebWorld) -> None:
    assert not at(web, 45, "?q=refund&sort=relevance&page=3").has("ul")


def test_a_snippet_leads_to_its_hit(tmp_path: Path) -> None:
    messages = [said(f"needle {n}" if n % 3 == 0 else f"hay {n}", BEGIN + n) for n in range(1, 13)]
    with full_portal(tmp_path, hook("one", *messages)) as web:
        (result,) = web.page("/search?q=needle").all("li", "result")
        links = [one["href"] for one in result.one("ul", "snips").all("a")]
        assert [link.rpartition("&")[2] for link in links] == ["hit=1#m3", "hit=2#m6", "hit=3#m9"]
        page = web.page(links[2])
        assert page.one(css="hitbar").one("b").text == "Hit 3 of 4"
        assert page.one("li", id="m9").has("mark", "now")


def test_a_result_tells_how_long_somebody_waited_and_who_had_the_last_word(tmp_path: Path) -> None:
    talk = hook(
        "one",
        said("hello", BEGIN),
        {
            "type": "agent",
            "from": "agent:1",
            "name": "Jo",
            "content": "hi",
            "sentAt": BEGIN + 90_000,
        },
        said("bye", BEGIN + 100_000),
    )
    with full_portal(tmp_path, talk, hook("two", said("hello"), begin=BEGIN - 1)) as web:
        first, second = web.page("/search?q=hello").all("li", "result")
        facts = [one.text for one in first.one("ul", "meta").all("li")]
        assert facts == ["longest wait 1 min 30 s", "Jo", "no outcome sent", "last word: Visitor"]
        facts = [one.text for one in second.one("ul", "meta").all("li")]
        assert facts == ["no agent", "no outcome sent", "last word: Visitor"]
