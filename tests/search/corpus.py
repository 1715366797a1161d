"""Seeded conversations for the contract of engines, from payload to document.

Every conversation is a generated payload that went through the real reader and ``flatten``. The
begins lie in clusters, so that histograms of every unit occur, and at the borders of days in the
zones that are searched; some are equal, and two conversations collide in their sort key.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from corpus_forms import forms, spoken_in
from corpus_words import (
    AGENTS,
    COMMENTS,
    COUNTRIES,
    EVENTS,
    GROUPS,
    NOTES,
    ODDMENTS,
    PAGES,
    RATINGS,
    SENTENCES,
    TRIGGERS,
    VARIABLES,
    VISITORS,
)
from msgspec import Struct

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import SORT_BITS, Conversation, Visit
from app.flatten import flatten, sort_key
from app.search.engine import Document
from app.search.inflected import Spoken

SEED: Final = "conversations of the contract"
ZONES: Final = tuple(
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Prague",
        "America/New_York",
        "Asia/Kolkata",  # half an hour off
        "Asia/Kathmandu",  # a quarter of an hour off
        "America/Santiago",  # summer begins at midnight: a day without its first hour
        "America/Havana",  # summer ends at one: a day whose first hour comes twice
        "Pacific/Apia",  # far ahead of UTC
        "Pacific/Honolulu",  # far behind it
    )
)
CLUSTERS: Final = (
    (datetime(2024, 3, 30, 12, tzinfo=UTC), timedelta(hours=30), 30),  # summer time in Europe
    (datetime(2024, 10, 20, tzinfo=UTC), timedelta(days=35), 45),  # and its end, everywhere
    (datetime(2024, 4, 1, tzinfo=UTC), timedelta(days=270), 40),
    (datetime(2022, 1, 1, tzinfo=UTC), timedelta(days=1000), 40),
    (datetime(2018, 1, 1, tzinfo=UTC), timedelta(days=3000), 40),
    (datetime(2012, 6, 1, tzinfo=UTC), timedelta(days=2000), 15),
)
"""Start, length and number of conversations: together they give histograms of every unit."""
BORDER_DAYS: Final = (
    date(2024, 2, 29),
    date(2024, 9, 8),  # Santiago has no midnight
    date(2024, 11, 3),  # Havana has two
    date(2024, 12, 31),
    date(2025, 1, 1),
)
SAME_BEGINS: Final = 12
"""How many conversations share their begin with an earlier one."""


class Entry(Struct, frozen=True):
    """One conversation, the document made of it, and what people speak in it."""

    conversation: Conversation
    document: Document
    spoken: Spoken


@lru_cache(maxsize=1)
def corpus() -> tuple[Entry, ...]:
    """All conversations, in the order in which they were named; the same ones in every run."""
    random = Random(SEED)  # noqa: S311 — the same in every run, nothing secret
    talks = [
        read_conversation(json.dumps(_payload(random, channel, begin)).encode())
        for channel, begin in _identities(random)
    ]
    entries: list[Entry] = []
    taken: set[int] = set()
    for talk in talks:
        place = free_place(talk.id, talk.identity.begin_ms, taken)
        taken.add(place)
        entries.append(entry_of(talk, place, visit_among(talk, talks)))
    return tuple(entries)


def entry_of(talk: Conversation, place: int, visit: Visit, change: int = 0) -> Entry:
    """A conversation with its document; what people speak in it is left to chance."""
    spoken = spoken_in(talk.id)
    return Entry(talk, flatten(talk, place, visit, change, spoken, forms()), spoken)


def visit_among(talk: Conversation, talks: Sequence[Conversation]) -> Visit:
    """Whether a visitor had been here before, by a look at every other conversation."""
    mine = talk.visitor.email.strip().casefold()
    for other in talks:
        same_email = mine and other.visitor.email.strip().casefold() == mine
        same_id = not mine and talk.visitor.id and other.visitor.id == talk.visitor.id
        earlier = other.identity.begin_ms < talk.identity.begin_ms
        if earlier and (same_email or same_id):
            return Visit.RETURNING
    return Visit.FIRST


def free_place(conversation_id: str, begin_ms: int, taken: set[int]) -> int:
    """The sort key, or where it is taken the next free one, as for whoever is named later."""
    place = sort_key(conversation_id, begin_ms)
    while place in taken:
        place += 1
    return place


def twins(begin_ms: int) -> tuple[int, int]:
    """Two channels whose conversations of one begin have the same sort key before naming."""
    seen: dict[int, int] = {}
    channel = 0
    while True:
        place = sort_key(f"1-{channel}-{begin_ms}", begin_ms) % 2**SORT_BITS
        if place in seen:
            return seen[place], channel
        seen[place] = channel
        channel += 1


def _identities(random: Random) -> Iterator[tuple[int, int]]:
    """Channel and begin of every conversation, in no order of time."""
    begins = [*_clustered(random), *_at_borders()]
    begins += random.sample(begins, SAME_BEGINS)
    random.shuffle(begins)
    yield from enumerate(begins, start=1_000_000)
    yield from ((channel, begins[0]) for channel in twins(begins[0]))


def _clustered(random: Random) -> Iterator[int]:
    for start, length, number in CLUSTERS:
        for _ in range(number):
            yield milliseconds(start + random.random() * length)


def _at_borders() -> Iterator[int]:
    """The first instants of days, and the last millisecond before them."""
    for day in BORDER_DAYS:
        for zone in ZONES:
            midnight = milliseconds(datetime.combine(day, time(), zone))
            yield from (midnight - 1, midnight)


def milliseconds(moment: datetime) -> int:
    """An instant as the payload writes it."""
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def _payload(random: Random, channel: int, begin: int) -> Mapping[str, object]:
    language = random.choice(list(SENTENCES))
    name, email, city, country = random.choice(VISITORS)
    if random.random() < 0.3:
        email = f"guest-{channel}@mail.example"
    flags = {f"is{flag}": random.random() < 0.3 for flag in _FLAGS}
    return {
        "accountId": 1,
        "beginAt": begin,
        "endAt": begin + random.randrange(3_600_000),
        "channel": {
            "id": channel,
            "rating": random.choice(RATINGS),
            "ratingDesc": random.choice(COMMENTS),
            **flags,
        },
        "visitor": {
            "id": random.choice((None, 27671, "vis-7", channel)),
            "name": name,
            "email": email,
            "city": city,
            "country": country,
            "countryCode": random.choice(COUNTRIES),
            "note": random.choice(NOTES),
            "group": random.choice(GROUPS),
            "userAgent": "Mozilla/5.0 browserword",
            "variables": random.choice(VARIABLES),
        },
        "paths": [{"url": url, "title": title} for url, title in random.sample(PAGES, 2)],
        "messages": [
            _message(random, language, begin + random.randrange(600_000))
            for _ in range(random.choice((0, 1, 2, 3, 5, 8)))
        ],
    }


_FLAGS: Final = ("Chat", "Missed", "Triggered", "Offline", "Completed", "Dropped")


def _message(random: Random, language: str, sent: int) -> Mapping[str, object]:
    kind = random.choice(("visitor", "visitor", "visitor", "agent", "agent", "auto", "event", "?"))
    if kind == "auto":
        trigger = random.choice(TRIGGERS)
        return _said("agent", "", "system", trigger, sent) | {"triggeredBy": "Greeting"}
    if kind == "event":
        return _said("system", random.choice(AGENTS), "agent:3", random.choice(EVENTS), sent)
    text = _text(random, language)
    if kind == "agent":
        return _said("agent", random.choice(AGENTS), "agent:3", text, sent)
    return _said("visitor" if kind == "visitor" else "note", "", "visitor:m", text, sent)


def _said(kind: str, name: str, sender: str, text: str, sent: int) -> dict[str, object]:
    return {"type": kind, "name": name, "from": sender, "content": text, "sentAt": sent}


def _text(random: Random, language: str) -> str:
    """A sentence, some words in any order, an oddment, or several of them on two lines."""
    sentences = SENTENCES[language]
    words = " ".join(sentences).split()
    shapes = (
        random.choice(sentences),
        " ".join(random.sample(words, min(len(words), random.randrange(1, 7)))),
        random.choice(ODDMENTS),
        f"{random.choice(sentences)}\n{random.choice(ODDMENTS)} {random.choice(words)}",
    )
    return random.choice(shapes)
