"""Payloads of huge numbers and of times at the ends of the calendar, on every page that shows them.

One such conversation must neither break its own pages nor those of the searches that find it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from web_world import BEGIN, WebWorld, full_portal, hook, name_of, said

LAST_MS: Final = 253_402_300_799_999
"""The last millisecond of the year 9999 in UTC."""
PAYLOADS: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("longdigits", {"duration": 10**30}),
    ("negative", {"duration": -(10**40)}),
    ("seconds", {"duration": 10**18, "firstResponse": -5, "avgResponse": -(10**12)}),
    ("responses", {"firstResponse": 10**50, "avgResponse": 10**50}),
    ("rating", {"rating": 10**60}),
    ("below", {"rating": -7}),
    ("yearend", {"endAt": LAST_MS}),
    ("afterall", {"endAt": 10**30}),
    ("before", {"endAt": -(10**30)}),
    ("counts", {"messagesCount": 10**60, "wordsCount": -(10**60)}),
    ("sentfirst", {"sent": 0}),
    ("sentsecond", {"sent": 1}),
    ("sentlast", {"sent": LAST_MS}),
    ("sentnever", {"sent": 10**30}),
    ("sentbefore", {"sent": -1}),
    ("begunfirst", {"begin": 0}),
    ("begunlast", {"begin": 2**41 - 1}),
)
"""The only word of each conversation, and what is extreme about it."""
ZONES: Final = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles")


def _bodies() -> Iterator[bytes]:
    for channel, (word, facts) in enumerate(PAYLOADS):
        rest = dict(facts)
        begin, sent = rest.pop("begin", BEGIN), rest.pop("sent", BEGIN)
        yield hook(channel, said(word, sent), begin=begin, **rest)


@pytest.fixture(name="web", scope="module", params=ZONES)
def _web(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebWorld]:
    zone = ZoneInfo(request.param)
    with full_portal(tmp_path_factory.mktemp("extreme"), *_bodies(), time_zone=zone) as world:
        yield world


def addresses_of(word: str) -> list[str]:
    """Every address that shows the conversation of a word."""
    channel = [name for name, _ in PAYLOADS].index(word)
    name = name_of(channel, dict(PAYLOADS)[word].get("begin", BEGIN))
    shown = [f"/conversations/{name}?q={word}", f"/conversations/{name}/messages/1"]
    return [f"/search?q={word}", f"/api/search?q={word}", f"/api/conversations/{name}", *shown]


@pytest.mark.parametrize("word", [word for word, _ in PAYLOADS])
def test_an_extreme_payload_is_shown_like_any_other(web: WebWorld, word: str) -> None:
    statuses = {address: web.get(address).status_code for address in addresses_of(word)}
    assert set(statuses.values()) == {200, 303}, statuses


def test_an_extreme_payload_does_not_take_the_others_with_it(web: WebWorld) -> None:
    assert web.get("/").status_code == 200


def test_the_api_gives_times_in_utc_whatever_the_zone(web: WebWorld) -> None:
    channel = [word for word, _ in PAYLOADS].index("begunfirst")
    found = web.api(f"/conversations/{name_of(channel, 0)}")
    assert found["begin"] == "1970-01-01T00:00:00Z"
