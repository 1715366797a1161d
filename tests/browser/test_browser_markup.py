"""Planted markup: whatever people send, in every field of a hook, stays text on every page.

A page with planted texts is compared with its twin: the same page of a conversation that says
something harmless in the same places. What runs or breaks the portal's policy is noticed besides;
the policy itself stops nothing here, so that escaping alone must hold.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.request import urlopen

import pytest
from markup_payloads import PAYLOADS
from page_shapes import beyond, census, shapes_of
from planted_hooks import (
    CLEAN,
    PLANTED,
    QUARANTINED,
    SHOWN,
    TALK_ID,
    needle,
    numbered,
    quoted,
    with_everything,
)
from playwright.sync_api import Page
from running_portal import RunningPortal
from site_pages import history_path
from tripwire import Tripwire

from app.web.visible import shown

pytestmark = pytest.mark.browser

INSIDE: Final = "(content OR answer OR script OR planted OR img OR svg OR onerror OR javascript)"
"""A query whose marks stand within the markup; of the clean twin it finds two messages."""
EVERYTHING: Final = "per_page=100&q=answer"
"""A search for all planted conversations, some with each message that holds a planted text."""
RESULTS: Final = -(-PLANTED // 100)
"""Pages of a hundred results."""
FACETS: Final = ("rating", "outcome", "country", "agent", "group", "visit")
every_trick = pytest.mark.parametrize("trick", PAYLOADS)


def of(trick: str) -> Iterator[tuple[int, str]]:
    """The numbers and texts of a trick."""
    yield from ((number, text) for name, number, text in numbered() if name == trick)


def hidden_fields(page: Page, text: str) -> Iterator[str]:
    """The fields of a planted conversation that its timeline does not show as they were sent.

    Spaces around a name do not count; some of them are unseen.
    """
    said = bare(page.locator("main").text_content() or "")
    for field in SHOWN:
        ways = (shown(f"{field} {text}"), shown(f"{field} {text.strip()}"))
        if not any(bare(way) in said for way in ways):
            yield f"{field} is not shown"


def bare(text: str) -> str:
    """A text without what a page may show otherwise: controls, halves of characters, spaces."""
    return "".join(
        letter
        for letter in text
        if unicodedata.category(letter) not in {"Cc", "Cs"}
        and not letter.isspace()
        and not "\u2400" <= letter <= "\u2421"
        and letter != "\ufffd"
    )


def test_there_are_more_than_two_hundred_texts_and_no_two_alike() -> None:
    texts = [text for texts in PAYLOADS.values() for text in texts]
    assert len(texts) == len(set(texts)) > 200


@every_trick
def test_a_timeline_with_marks_shows_planted_fields_as_they_were_sent(
    wire: Tripwire, timelines: Mapping[int, str], trick: str
) -> None:
    wire.page.goto(f"{timelines[0]}?q={quoted(INSIDE)}&{with_everything(CLEAN)}")
    twin, wrong = census(wire.page), []
    assert wire.page.locator(".hitbar, .timeline mark").count() > 1
    for number, text in of(trick):
        wire.page.goto(f"{timelines[number]}?q={quoted(INSIDE)}&{with_everything(text)}")
        found = [*beyond(census(wire.page), twin), *hidden_fields(wire.page, text)]
        wrong += [f"{text!r}: {what}" for what in found]
    assert wrong + wire.tripped() == []


@pytest.mark.parametrize("way", ["loaded", "in place"])
def test_results_of_planted_fields_are_built_like_their_twin(
    wire: Tripwire, planted_portal: RunningPortal, way: str
) -> None:
    address = f"{planted_portal.page}/search?q={needle(0)}"
    wire.page.goto(address)
    page_twin, twin = census(wire.page), census(wire.page, ".result, .result *")
    known = shapes_of(wire.page, f"{planted_portal.page}/search?per_page=1", address)
    wire.page.evaluate("window.marked = true")
    wrong = []
    for number in range(1, RESULTS + 1):
        results = f"{planted_portal.page}/search?{EVERYTHING}&page={number}"
        if way == "loaded":
            wire.page.goto(results)
        else:
            wire.follow(results)
        wrong += [*beyond(census(wire.page), page_twin, known)]
        for place in range(wire.page.locator(".result").count()):
            within = f".result:nth-child({place + 1})"
            wrong += [*beyond(census(wire.page, f"{within}, {within} *"), twin)]
    assert wrong + wire.tripped() == []
    assert wire.page.evaluate("window.marked === true") == (way == "in place")


@pytest.mark.parametrize("facet", FACETS)
def test_the_values_of_a_facet_are_built_like_any_value(
    wire: Tripwire, planted_portal: RunningPortal, facet: str
) -> None:
    known = shapes_of(
        wire.page,
        f"{planted_portal.page}/search/{facet}?q={CLEAN}",
        f"{planted_portal.page}/search/{facet}?q={CLEAN}&like=zzqx",
    )
    twin, wrong = census(wire.page), []
    for like in ("", "<", "planted", "javascript"):
        wire.page.goto(f"{planted_portal.page}/search/{facet}?like={quoted(like)}")
        wrong += [*beyond(census(wire.page), twin, known)]
    assert wrong + wire.tripped() == []


def test_raw_hooks_open_as_text(wire: Tripwire, timelines: Mapping[int, str]) -> None:
    wire.page.goto(f"{timelines[0]}/raw")
    twin, wrong, last = census(wire.page), [], ""
    for trick, number, text in numbered():
        if trick != last:
            wire.page.goto(f"{timelines[number]}/raw")
            wrong += [f"{text!r}: {what}" for what in beyond(census(wire.page), twin)]
        last = trick
    assert wrong + wire.tripped() == []


def test_every_raw_hook_says_that_it_is_no_page(timelines: Mapping[int, str]) -> None:
    for address in timelines.values():
        with urlopen(f"{address}/raw") as answer:  # noqa: S310
            kind = answer.headers["content-type"], answer.headers["x-content-type-options"]
            assert kind == ("application/json", "nosniff")


def test_the_bytes_of_the_quarantine_stay_text(
    wire: Tripwire, planted_portal: RunningPortal
) -> None:
    wire.page.goto(f"{planted_portal.page}/quarantine")
    links = wire.page.locator("th a").evaluate_all("all => all.map(a => a.href)")
    wrong, twin = [], None
    for link in reversed(links):
        wire.page.goto(link)
        seen = census(wire.page)
        twin = twin or seen
        wrong += [f"{link}: {what}" for what in beyond(seen, twin)]
    assert wrong + wire.tripped() == []
    assert len(links) == QUARANTINED


@pytest.mark.parametrize("noticed", ["planted ran", "policy: script-src-attr"])
def test_the_tripwire_notices_markup_that_runs(
    wire: Tripwire, planted_portal: RunningPortal, noticed: str
) -> None:
    wire.page.goto(planted_portal.page)
    before = census(wire.page)
    wire.page.evaluate(
        "document.addEventListener('securitypolicyviolation', () => window.broke = true);"
        "document.body.innerHTML = '<img src=x onerror=planted()>';"
        "document.querySelector('img').addEventListener('error', () => window.ran = true)"
    )
    wire.page.wait_for_function("window.ran && window.broke")
    found = list(beyond(census(wire.page), before, before.shapes))
    assert {"img onerror", "body > img[onerror,src]", "1 img instead of 0"} <= set(found)
    assert any(what.startswith(noticed) for what in wire.tripped())


@every_trick
def test_histories_and_quotes_of_planted_fields_are_built_like_their_twin(
    wire: Tripwire, timelines: Mapping[int, str], planted_portal: RunningPortal, trick: str
) -> None:
    def addresses(number: int) -> Iterator[str]:
        name = timelines[number].rpartition("/")[2]
        yield f"{timelines[number]}/quote?from=1&to=6"
        yield planted_portal.page + history_path(planted_portal, name)
        yield f"{planted_portal.page}{history_path(planted_portal, name)}?q={quoted(INSIDE)}"

    with_links = f"{planted_portal.page}/conversations/{TALK_ID}?q=stone&part=2&whole=601"
    known = shapes_of(wire.page, with_links, *addresses(0))
    twins, wrong = [], []
    for address in addresses(0):
        wire.page.goto(address)
        twins.append(census(wire.page))
    for number, text in of(trick):
        for address, twin in zip(addresses(number), twins, strict=True):
            wire.page.goto(address)
            wrong += [f"{text!r}: {what}" for what in beyond(census(wire.page), twin, known)]
    assert wrong + wire.tripped() == []
