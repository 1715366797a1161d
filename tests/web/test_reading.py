"""Reading a timeline: waits and silences, times, long messages, where hits lie, outline, ranges."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pytest
from html_tree import Element
from web_world import BEGIN, MINUTE, WebWorld, answered, full_portal, happened, hook, name_of, said

SECOND: Final = 1000
LONG: Final = 1100
"""Messages of the long conversation; every 90th says needle."""
WAITS: Final = hook(
    "waits",
    said("hello", BEGIN),
    happened("agent.join", BEGIN + 10 * SECOND, "Jo"),
    answered("hi", BEGIN + 45 * SECOND),
    said("how?", BEGIN + 60 * SECOND),
    answered("so", BEGIN + 90 * SECOND),
    said("and?", BEGIN + 2 * MINUTE),
    answered("wait", BEGIN + 5 * MINUTE),
    said("still there?", BEGIN + 6 * MINUTE),
    answered("yes", BEGIN + 30 * MINUTE),
)
LONG_BODY: Final = hook(
    "long",
    *(
        said(f"word {n}" + (" needle" if n % 90 == 0 else ""), BEGIN + n * SECOND)
        for n in range(1, LONG + 1)
    ),
)
HUGE: Final = hook("huge", said("start " * 1000 + "needle " + "end " * 2000), said("bye"))


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    bodies = (WAITS, LONG_BODY, HUGE)
    with full_portal(tmp_path_factory.mktemp("reading"), *bodies) as world:
        yield world


def page_of(web: WebWorld, channel: str, params: str = "") -> Element:
    return web.page(f"/conversations/{name_of(channel)}{params}")


def test_waits_and_the_first_response_are_marked_before_the_answer(web: WebWorld) -> None:
    lines = page_of(web, "waits", "?events=no").one("ol", "timeline").all("li")
    told = [(one.get("class"), one.text) for one in lines if not one.get("id")]
    assert told[0][0] == "day"
    assert told[1:] == [
        ("waited", "First response after 45 s"),
        ("waited", "The visitor waited 3 min"),
        ("gap", "24 min silence. The visitor waited 24 min"),
    ]
    following = {
        before.text: after["id"]
        for before, after in pairwise(lines)
        if not before.get("id") and after.get("id")
    }
    assert following["First response after 45 s"] == "m3"
    assert following["The visitor waited 3 min"] == "m7"


def test_times_are_told_from_the_start_on_demand(web: WebWorld) -> None:
    page = page_of(web, "waits", "?q=hello")
    link = next(one for one in page.all("a") if one.text == "Times from the start")
    from_start = web.page(link["href"])
    times = [one.one("time").text for one in from_start.all("li", "msg")]
    assert times == ["+0:00", "+0:45", "+1:00", "+1:30", "+2:00", "+5:00", "+6:00", "+30:00"]
    assert from_start.all("li", "msg")[1].one("time")["datetime"] == "2026-11-16T09:00:45Z"
    back = next(one for one in from_start.all("a") if one.text == "Times of day")
    assert web.query(back["href"]) == web.query("/?q=hello")
    assert "09:00" in web.page(back["href"]).all("li", "msg")[0].text


def test_both_ways_of_showing_stay_from_hit_to_hit(web: WebWorld) -> None:
    page = page_of(web, "long", "?q=needle&times=start&events=no")
    following = page.one(css="hitbar").one("a")["href"]
    assert "times=start" in following
    assert "events=no" in following


def test_a_very_long_message_is_folded_with_a_link_that_shows_it_whole(web: WebWorld) -> None:
    message = page_of(web, "huge", "?q=needle").one("li", id="m1")
    link = message.one("p", "rest").one("a")
    assert link.text.endswith("more characters")
    assert [mark.text for mark in message.all("mark")] == ["needle"]
    assert len(message.one(css="say").text) < 3000
    whole = web.page(link["href"])
    assert link["href"].endswith("#m1")
    assert len(whole.one("li", id="m1").one(css="say").raw_text) == 14_007
    assert not whole.one("li", id="m1").has("p", "rest")
    assert not whole.one("li", id="m2").has("p", "rest")


def test_a_strip_shows_where_the_hits_of_a_long_conversation_lie(web: WebWorld) -> None:
    strip = page_of(web, "long", "?q=needle&hit=3").one("nav", "strip-of-hits")
    cells = strip.all("a")
    assert [one["aria-label"] for one in cells] == [f"Hit {n}" for n in range(1, 13)]
    assert [one["aria-label"] for one in cells if one.get("aria-current")] == ["Hit 3"]
    at = [float(one.one("rect")["x"].rstrip("%")) for one in cells]
    assert at == sorted(at)
    assert at[0] < 10 < 85 < at[-1] < 100
    page = web.page(cells[8]["href"])
    assert page.one(css="hitbar").one("b").text == "Hit 9 of 12"
    assert page.one("li", id="m810").has("mark", "now")


def test_hits_that_lie_close_share_a_cell(web: WebWorld) -> None:
    strip = page_of(web, "long", "?q=word").one("nav", "strip-of-hits")
    assert len(strip.all("a")) == 24
    assert strip.all("a")[0]["aria-label"] == "Hits 1 to 46"


@pytest.mark.parametrize(("channel", "params"), [("waits", "?q=hello"), ("long", ""),
                                                 ("long", "?q=nothing")])  # fmt: skip
def test_without_several_hits_in_a_long_conversation_there_is_no_strip(
    web: WebWorld, channel: str, params: str
) -> None:
    assert not page_of(web, channel, params).has("nav", "strip-of-hits")


def test_the_outline_tells_of_each_part_when_and_how_many_hits(web: WebWorld) -> None:
    outline = page_of(web, "long", "?q=needle").one("nav", "outline")
    assert [one.text for one in outline.all("li")] == [
        "Messages 1–500 09:00 to 09:08, 5 hits",
        "Messages 501–1000 09:08 to 09:16, 6 hits",
        "Messages 1001–1100 09:16 to 09:18, 1 hit",
    ]


def test_the_permalink_of_a_range_marks_it_on_its_page(web: WebWorld) -> None:
    answer = web.get(f"/conversations/{name_of('long')}/messages/510-512?q=needle&part=1")
    assert answer.status_code == 303
    page = web.page(answer.headers["location"])
    chosen = [one["id"] for one in page.all("li", "chosen")]
    assert chosen == ["m510", "m511", "m512"]
    assert answer.headers["location"].endswith("#m510")
    bar = page.one(css="chosen-bar")
    assert bar.one("b").text == "Messages 510 to 512"
    quote, permalink, clear = bar.links()
    assert "word 511" in web.page(quote).one("textarea").text
    assert permalink.startswith(f"/conversations/{name_of('long')}/messages/510-512?q=needle")
    assert not web.page(clear).has("li", "chosen")


@pytest.mark.parametrize(
    "numbers", ["0", "9-12", "3-2", "x", "1-x", "-3", "2-", "1-2-3", "99999999999"]
)
def test_a_range_that_there_is_not_is_told(web: WebWorld, numbers: str) -> None:
    assert web.get(f"/conversations/{name_of('waits')}/messages/{numbers}").status_code == 404


@pytest.mark.parametrize(
    "params", ["?range=x", "?range=5-2", "?range=0-0", "?range=", "?range=99-120"]
)
def test_a_range_that_is_nonsense_is_none(web: WebWorld, params: str) -> None:
    page = page_of(web, "waits", params)
    assert not page.has("li", "chosen")
    assert not page.has(css="chosen-bar")
