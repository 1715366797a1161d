"""Planted markup: whatever people send, in every field and every parameter, stays text.

A page with planted texts is compared with its twin: the same page of a conversation, or of a
search, that says something harmless in the same places. What runs or breaks the portal's policy
is noticed besides; the policy itself stops nothing here, so that escaping alone must hold.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import quote

import pytest
from markup_payloads import PAYLOADS
from page_probes import Census, census
from planted_hooks import CLEAN, SHOWN, needle, numbered
from playwright.sync_api import Browser, Page
from running_portal import RunningPortal
from tripwire import Tripwire

pytestmark = pytest.mark.browser

FILTERS: Final = (
    "rating", "country", "outcome", "agent", "group", "language", "visit", "from", "to", "sort",
    "page", "per_page", "after", "hit", "part", "events", "utm_source",
)  # fmt: skip
"""Every parameter besides the query, and one that is none."""
INSIDE: Final = "answer OR script OR planted OR img OR svg OR onerror OR javascript OR 7"
"""A query whose marks stand within the markup."""
FIRM: Final = (
    "html", "head", "meta", "base", "link", "title", "style", "script", "template", "body",
    "main", "form", "textarea", "img", "iframe", "object", "embed", "video", "audio", "math",
)  # fmt: skip
"""Elements of which a page has as many as its twin, whatever is searched."""
VARYING: Final = frozenset({"a", "b", "s", "mark", "code"})
"""Elements that depend on what is searched, and on which address may be a link."""

Address = Callable[[int, str], str]
"""The address of a page for a conversation's number and a text."""
every_trick = pytest.mark.parametrize("trick", PAYLOADS)


@pytest.fixture(scope="module")
def wire(browser: Browser) -> Iterator[Tripwire]:
    """A page in which everything planted is noticed."""
    wire = Tripwire(browser)
    yield wire
    wire.close()


@pytest.fixture(scope="session")
def timelines(planted_portal: RunningPortal) -> Mapping[int, str]:
    """The addresses of the planted conversations by number; 0 is the clean twin."""
    numbers = [0, *(number for _, number, _ in numbered())]
    found = {n: planted_portal.search(needle(n))["results"][0]["id"] for n in numbers}
    return {n: f"{planted_portal.page}/conversations/{name}" for n, name in found.items()}


Look = Callable[[Page, str], Iterator[str]]
"""What else is wrong with a page that was opened for a text."""


def _nothing(_page: Page, _text: str) -> Iterator[str]:
    yield from ()


def injected(
    wire: Tripwire, trick: str, address: Address, *, exact: bool, look: Look = _nothing
) -> list[str]:
    """What the pages of a trick's texts have that their twin has not, and what ran in them.

    ``exact``: both must have the same number of all elements, but those that vary.
    """
    twin = _visit(wire, address(0, CLEAN))
    found = []
    for name, number, text in numbered():
        if name == trick:
            seen = _visit(wire, address(number, text))
            wrong = [*_beyond(seen, twin, exact=exact), *look(wire.page, text)]
            found += [f"{text!r}: {what}" for what in wrong]
    return found + wire.tripped()


def _visit(wire: Tripwire, address: str) -> Census:
    wire.page.goto(address)
    return census(wire.page)


def _beyond(seen: Census, twin: Census, *, exact: bool) -> Iterator[str]:
    yield from seen.odd
    yield from sorted(set(seen.tags) - set(twin.tags) - VARYING)
    for tag in sorted(set(twin.tags) - VARYING) if exact else FIRM:
        if seen.tags.get(tag, 0) != twin.tags.get(tag, 0):
            yield f"{seen.tags.get(tag, 0)} {tag} instead of {twin.tags.get(tag, 0)}"


def quoted(text: str) -> str:
    """A text for an address; halves of characters become bytes that are no UTF-8."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def hidden_fields(page: Page, text: str) -> Iterator[str]:
    """The fields of a planted conversation that its timeline does not show as they were sent."""
    said = bare(page.locator("main").text_content() or "")
    yield from (f"{field} is not shown" for field in SHOWN if bare(f"{field}{text}") not in said)


@every_trick
def test_a_timeline_shows_planted_fields_as_they_were_sent(
    wire: Tripwire, timelines: Mapping[int, str], trick: str
) -> None:
    def address(number: int, _text: str) -> str:
        return timelines[number]

    assert injected(wire, trick, address, exact=True, look=hidden_fields) == []


@every_trick
def test_marks_and_parameters_within_planted_markup_let_nothing_out(
    wire: Tripwire, timelines: Mapping[int, str], trick: str
) -> None:
    def address(number: int, text: str) -> str:
        return f"{timelines[number]}?q={quoted(INSIDE)}&{everywhere(text)}"

    assert injected(wire, trick, address, exact=False) == []


@every_trick
def test_a_result_of_planted_fields_is_built_like_its_twin(
    wire: Tripwire, planted_portal: RunningPortal, trick: str
) -> None:
    def address(number: int, _text: str) -> str:
        return f"{planted_portal.page}/search?q={needle(number)}"

    assert injected(wire, trick, address, exact=True) == []


@every_trick
def test_planted_markup_as_the_query_stays_text(
    wire: Tripwire, planted_portal: RunningPortal, trick: str
) -> None:
    def address(_number: int, text: str) -> str:
        return f"{planted_portal.page}/search?q={quoted(text)}&per_page=2"

    assert injected(wire, trick, address, exact=False) == []


@every_trick
def test_planted_markup_as_every_parameter_stays_text_where_nothing_is_found(
    wire: Tripwire, planted_portal: RunningPortal, trick: str
) -> None:
    def address(_number: int, text: str) -> str:
        return f"{planted_portal.page}/search?q={quoted(text)}&{everywhere(text)}"

    assert injected(wire, trick, address, exact=False) == []
    assert wire.page.locator("#count").inner_text() == "No conversations match"


@every_trick
def test_planted_markup_as_a_path_stays_text(
    wire: Tripwire, planted_portal: RunningPortal, trick: str
) -> None:
    def address(_number: int, text: str) -> str:
        return f"{planted_portal.page}/conversations/{quoted(text)}?{everywhere(text)}"

    assert injected(wire, trick, address, exact=False) == []


@every_trick
def test_the_raw_hook_opens_as_text(
    wire: Tripwire, timelines: Mapping[int, str], trick: str
) -> None:
    def address(number: int, _text: str) -> str:
        return f"{timelines[number]}/raw"

    assert injected(wire, trick, address, exact=True) == []


def test_all_planted_conversations_together_stay_text(
    wire: Tripwire, planted_portal: RunningPortal
) -> None:
    twin = _visit(wire, f"{planted_portal.page}/search?q={needle(0)}")
    seen = _visit(wire, f"{planted_portal.page}/search?per_page=100")
    assert [*_beyond(seen, twin, exact=False), *wire.tripped()] == []


@pytest.mark.parametrize("noticed", ["planted ran", "policy: script-src-attr"])
def test_the_tripwire_notices_markup_that_runs(
    wire: Tripwire, planted_portal: RunningPortal, noticed: str
) -> None:
    wire.page.goto(planted_portal.page)
    wire.page.evaluate(
        "document.addEventListener('securitypolicyviolation', () => window.broke = true);"
        "document.body.innerHTML = '<img src=x onerror=planted()>';"
        "document.querySelector('img').addEventListener('error', () => window.ran = true)"
    )
    wire.page.wait_for_function("window.ran && window.broke")
    assert census(wire.page).odd == ["img onerror"]
    assert any(what.startswith(noticed) for what in wire.tripped())


def everywhere(text: str) -> str:
    """The parameters of an address, each with a text as its value."""
    return "&".join(f"{name}={quoted(text)}" for name in FILTERS)


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
