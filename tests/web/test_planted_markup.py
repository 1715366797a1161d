"""Markup planted in every field of a payload and in every parameter: only ever text.

A page with planted markup must have exactly the elements and attributes of the same page with a
plain word in its place.
"""

import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import pytest
from html_tree import Element
from planted import ADDRESSES, MARKUP, bones, harmless, planted
from web_world import BEGIN, WebWorld, full_portal

from app.conversations.feeds.smartsupp_hook import read_identity

PLAIN: Final = json.dumps(harmless(BEGIN)).encode()
BODIES: Final = tuple(
    json.dumps(planted(text, "notanaddress", BEGIN + number)).encode()
    for number, text in enumerate(MARKUP, start=1)
)
PARAMETERS: Final = ("q", "rating", "country", "outcome", "agent", "from", "to", "sort", "page")


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    addresses = [
        json.dumps(planted(f"plainword{number}", address, BEGIN + 100 + number)).encode()
        for number, address in enumerate(ADDRESSES)
    ]
    with full_portal(tmp_path_factory.mktemp("xss"), PLAIN, *BODIES, *addresses) as world:
        yield world


def timeline_of(web: WebWorld, body: bytes, params: str = "") -> Element:
    """The timeline of the conversation that a body tells of."""
    return web.page(f"/conversations/{read_identity(body).id}{params}")


@pytest.mark.parametrize("number", range(len(MARKUP)), ids=list(map(ascii, MARKUP)))
def test_markup_in_a_payload_adds_nothing_to_its_timeline(web: WebWorld, number: int) -> None:
    plain = bones(timeline_of(web, PLAIN))
    assert bones(timeline_of(web, BODIES[number])) == plain


@pytest.mark.parametrize("number", range(len(MARKUP)), ids=list(map(ascii, MARKUP)))
def test_markup_in_a_message_is_shown_as_it_was_sent(web: WebWorld, number: int) -> None:
    said = [one.raw_text for one in timeline_of(web, BODIES[number]).all(css="say")]
    pictures = {code: chr(0x2400 + code) for code in range(32)} | {0x7F: "␡"}
    pictures |= {0x202E: "⟨U+202E⟩", 0x2066: "⟨U+2066⟩"}
    assert said == [MARKUP[number].translate(pictures)] * 4


def test_markup_in_payloads_adds_nothing_to_the_results(web: WebWorld) -> None:
    results = web.page("/search?sort=oldest&per_page=100").all("li", "result")
    plain, others = bones(results[0]), results[1 : len(MARKUP) + 1]
    assert [bones(one) for one in others] == [plain] * len(MARKUP)


@pytest.mark.parametrize("query", ["alert", "script", "x", "7", "bold"])
def test_marks_inside_of_markup_add_only_marks(web: WebWorld, query: str) -> None:
    marks = 0
    for body in BODIES:
        page = timeline_of(web, body, f"?q={query}&hit=2")
        marks += len(page.all("mark"))
        assert {one.tag for one in page.all(css="say")[0].walk()} <= {"div", "mark"}
        assert only_our_scripts(page)
        assert not page.has("img")
    assert marks


@pytest.mark.parametrize("markup", MARKUP, ids=list(map(ascii, MARKUP)))
@pytest.mark.parametrize("path", ["/search", "/conversations/208-plainword-1794819600000"])
def test_markup_in_a_parameter_adds_no_element_of_its_own(
    web: WebWorld, path: str, markup: str
) -> None:
    params = "&".join(f"{name}={quote(markup)}" for name in (*PARAMETERS, "hit", "part", "events"))
    page = web.page(f"{path}?{params}")
    plain = [
        web.page("/search?per_page=5&rating=bad"),
        web.page("/search?q=nothinghasthis+-x&page=2"),
    ]
    plain.append(timeline_of(web, PLAIN, "?q=plainword&events=no"))
    allowed = {tag for one in plain for tag, _ in bones(one)}
    for one in page.walk():
        assert one.tag in allowed
        assert not [name for name in one.attributes if name.startswith("on") or name == "style"]
    assert only_our_scripts(page)


def only_our_scripts(page: Element) -> bool:
    """Whether every script is a file of ours, without a word in the page itself."""
    scripts = page.all("script")
    return all(one["src"].startswith("/static/") and not one.raw_text for one in scripts)


@pytest.mark.parametrize("markup", MARKUP, ids=list(map(ascii, MARKUP)))
def test_markup_in_an_address_that_leads_nowhere_adds_nothing(web: WebWorld, markup: str) -> None:
    plain = bones(web.page("/no/page?x=1", 404))
    assert bones(web.page(f"/no/{quote(markup, safe='')}?{quote(markup)}", 404)) == plain


@pytest.mark.parametrize("number", range(len(ADDRESSES)), ids=list(map(ascii, ADDRESSES)))
def test_what_is_no_web_address_never_becomes_a_link(web: WebWorld, number: int) -> None:
    body = json.dumps(
        planted(f"plainword{number}", ADDRESSES[number], BEGIN + 100 + number)
    ).encode()
    links = timeline_of(web, body).one("aside").links()
    ours = ("/conversations/", "/api/conversations/", "/visitors/", "#m", "mailto:")
    assert [link for link in links if not link.startswith(ours)] == []


def test_every_link_of_every_page_leads_to_the_web_or_into_the_portal(web: WebWorld) -> None:
    for body in (PLAIN, *BODIES):
        for link in timeline_of(web, body, "?q=alert").links():
            assert link.startswith(("/", "#m", "mailto:", "#main")), link


@pytest.mark.parametrize("number", range(len(MARKUP)), ids=list(map(ascii, MARKUP)))
def test_a_mail_link_holds_nothing_but_the_address(web: WebWorld, number: int) -> None:
    (link,) = [one for one in timeline_of(web, BODIES[number]).links() if one.startswith("mailto:")]
    assert "?" not in link
    assert "&" not in link
