"""Long conversations in parts, the permalink of a message, and the raw hook."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from html_tree import Element
from web_world import BEGIN, MINUTE, WebWorld, full_portal, happened, hook, name_of, said

LENGTH: Final = 1200
PART: Final = 500
LONG: Final = name_of("long")
SHORT: Final = name_of("short")
BROKEN: Final = name_of("broken", BEGIN + 2)
BROKEN_BODY: Final = (
    b'\xef\xbb\xbf{ "accountId": 208, "beginAt": %d, "channel": {"id": "broken"},\r\n'
    b'"messages": [{"type": "visitor", "content": "caf\xe9 \xff\xfe \xed\xa0\x80", "x": NaN}] }\n'
    % (BEGIN + 2)
)


def _long_messages() -> Iterator[dict[str, object]]:
    for number in range(1, LENGTH + 1):
        at = BEGIN + number * 1000
        if number % 100 == 0:
            yield happened("agent.join", at)
        else:
            yield said(f"word{number}" + (" needle" if number % 400 == 7 else ""), at)


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    bodies = [
        hook("long", *_long_messages()),
        hook("short", said("a"), said("b", BEGIN + MINUTE)),
        BROKEN_BODY,
    ]
    with full_portal(tmp_path_factory.mktemp("long"), *bodies) as world:
        yield world


def numbers_on(page: Element) -> list[int]:
    """The numbers of the messages and events on a page."""
    return [int(one["id"][1:]) for one in page.one("ol", "timeline").all("li") if one.get("id")]


def test_the_parts_hold_every_message_once(web: WebWorld) -> None:
    parts = [numbers_on(web.page(f"/conversations/{LONG}?part={part}")) for part in (1, 2, 3)]
    assert [len(part) for part in parts] == [500, 500, 200]
    assert [number for part in parts for number in part] == list(range(1, LENGTH + 1))


def test_the_parts_are_named_and_lead_to_each_other(web: WebWorld) -> None:
    page = web.page(f"/conversations/{LONG}?part=2&q=word7&rating=none")
    pager = page.one("nav", "outline")
    assert pager.one("b", **{"aria-current": "page"}).text == "Messages 501–1000"
    lines = [one.one("span", "muted").text for one in pager.all("li")]
    assert lines == ["09:00 to 09:08, 1 hit", "09:08 to 09:16", "09:16 to 09:20"]
    for link, first in zip(pager.links(), (1, 1001), strict=True):
        assert numbers_on(web.page(link))[0] == first
        assert web.query(link) == web.query("/?q=word7&rating=none")


def test_a_short_conversation_has_no_parts(web: WebWorld) -> None:
    assert not web.page(f"/conversations/{SHORT}").has("nav", "outline")


@pytest.mark.parametrize(
    ("part", "first"), [("0", 1), ("4", 1001), ("99", 1001), ("x", 1), ("", 1)]
)
def test_a_part_that_there_is_not_is_the_nearest(web: WebWorld, part: str, first: int) -> None:
    assert numbers_on(web.page(f"/conversations/{LONG}?part={part}"))[0] == first


@pytest.mark.parametrize(("hit", "message"), [(1, 7), (2, 407), (3, 807)])
def test_a_hit_is_on_the_page_that_shows_it(web: WebWorld, hit: int, message: int) -> None:
    page = web.page(f"/conversations/{LONG}?q=needle&hit={hit}")
    assert message in numbers_on(page)
    assert page.one("mark", "now") in page.one("li", id=f"m{message}").all("mark")


def test_the_hit_bar_leads_from_part_to_part(web: WebWorld) -> None:
    page = web.page(f"/conversations/{LONG}?q=needle&hit=2")
    forth = next(one for one in page.one(css="hitbar").all("a") if "Next" in one.text)
    assert 807 in numbers_on(web.page(forth["href"]))


def test_a_first_message_of_a_part_says_who_speaks(web: WebWorld) -> None:
    page = web.page(f"/conversations/{LONG}?part=2")
    assert "new" in page.all("li", "msg")[0].classes
    assert page.one("ol", "timeline").all("li")[0].classes == {"day"}


@pytest.mark.parametrize("number", [1, 500, 501, 1000, 1001, 1200])
def test_the_permalink_of_a_message_leads_to_its_place(web: WebWorld, number: int) -> None:
    answer = web.get(f"/conversations/{LONG}/messages/{number}")
    assert answer.status_code == 303
    place, anchor = answer.headers["location"].split("#")
    assert anchor == f"m{number}"
    assert number in numbers_on(web.page(place))


def test_the_permalink_carries_parameters_along_but_not_the_part(web: WebWorld) -> None:
    carried = (
        "q=needle+%22a+b%22&rating=bad&rating=none&country=CZ&from=2026-01-01&sort=oldest&page=3"
        "&per_page=50&events=no&hit=2"
    )
    answer = web.get(f"/conversations/{LONG}/messages/1100?{carried}&part=1")
    place = httpx.URL(answer.headers["location"])
    assert place.path == f"/conversations/{LONG}"
    expected = [*httpx.QueryParams(carried).multi_items(), ("part", "3")]
    assert sorted(place.params.multi_items()) == sorted(expected)
    first = web.get(f"/conversations/{LONG}/messages/7?{carried}&part=3")
    assert "part" not in httpx.URL(first.headers["location"]).params


def test_message_links_of_a_long_conversation_are_permalinks(web: WebWorld) -> None:
    page = web.page(f"/conversations/{LONG}?part=3&q=needle")
    link = page.one("li", id="m1001").one(css="by").one("a")["href"]
    answer = web.get(link)
    assert answer.headers["location"].endswith("#m1001")
    assert web.query(answer.headers["location"]).canonical == "needle"


def test_message_links_of_a_short_one_are_anchors(web: WebWorld) -> None:
    page = web.page(f"/conversations/{SHORT}")
    assert [one.one(css="by").one("a")["href"] for one in page.all("li", "msg")] == ["#m1", "#m2"]


@pytest.mark.parametrize(
    "number",
    ["0", "3", "-1", "+1", "1.0", "x", "%20", "%D9%A1", "²", "1e0", "9" * 30, "99999999", "1 OR 1"],
)
def test_a_message_that_there_is_not_is_answered_with_404(web: WebWorld, number: str) -> None:
    page = web.page(f"/conversations/{SHORT}/messages/{number}", 404)
    assert "has no message" in page.one("main").text


def test_a_number_with_leading_zeros_is_that_number(web: WebWorld) -> None:
    location = web.get(f"/conversations/{SHORT}/messages/0002").headers["location"]
    assert location.endswith("#m2")


@pytest.mark.parametrize(("name", "body"), [(BROKEN, BROKEN_BODY)])
def test_the_raw_hook_is_what_came_byte_for_byte(web: WebWorld, name: str, body: bytes) -> None:
    answer = web.get(f"/conversations/{name}/raw")
    assert answer.content == body
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(body))


def test_the_raw_hook_is_the_one_that_the_fold_chose(web: WebWorld) -> None:
    early = hook("several", said("early"), begin=BEGIN + 5, endAt=BEGIN + 10)
    late = hook("several", said("late"), begin=BEGIN + 5, endAt=BEGIN + 20)
    web.receive(late, early)
    web.settle()
    assert web.get(f"/conversations/{name_of('several', BEGIN + 5)}/raw").content == late


def test_what_cannot_be_read_as_text_is_shown_with_replacements(web: WebWorld) -> None:
    page = web.page(f"/conversations/{BROKEN}")
    assert page.one(css="say").text.startswith("caf\ufffd")


def test_a_page_of_a_long_conversation_weighs_what_it_may(web: WebWorld) -> None:
    html = web.get(f"/conversations/{LONG}?part=1&q=needle").content
    assert len(html) <= 60_000 * PART / 100


CHANNELS: Final = ("a/b", "ü ñ", "..", "%2e", "a~b", "<b>", "?q=1", "#m1", "\x00", "🙂")


def test_a_conversation_of_any_channel_has_an_address_that_works(tmp_path: Path) -> None:
    bodies = [hook(channel, said("x"), begin=BEGIN - n) for n, channel in enumerate(CHANNELS)]
    with full_portal(tmp_path, *bodies) as web:
        addresses = [one["url"] for one in web.api("/search")["results"]]
        shown = [web.page(one).one(css="title").one("span", "code").text for one in addresses]
    assert shown == [channel.replace("\x00", "␀") for channel in CHANNELS]
