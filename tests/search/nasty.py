"""Seeded conversations in which everything is nasty, and the two ordinary sets beside them.

Characters at which servers and clients disagree where a word ends, words of 30 kB, halves of
emoji, names of nothing, ratings that nobody gives, and many begins at the same instant.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

from corpus import Entry, entry_of, free_place
from msgspec import Struct

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Conversation, Visit
from app.demo import bodies as demo_bodies
from bench.conversations import bodies as bench_bodies

NASTY: Final = 2000
LARGE: Final = 12_000
"""Conversations of the ordinary large set: more than results that can be numbered."""
SEPARATORS: Final = (
    "\u0085\u00a0\u1680\u2028\u2029\u202f\u3000\u000b\u000c\u001c\u001f\u200b\ufeff\t\n\r "
)
WORDS: Final = (
    "příliš", "PŘÍLIŠ", "prilis", "žluťoučký", "Straße", "STRASSE", "İstanbul", "ıspanak", "ﬁne",
    "café",
    "cafe\u0301", "naïve", "Ångström", "ﷺ", "שלום", "مرحبا", "नमस्ते", "ไทย", "日本語", "東京都",
    "本", "ｶﾀｶﾅ", "한국어", "中文字符", "👍", "👍🏽", "👨‍👩‍👧‍👦", "🇨🇿", "🇨", "❤️", "☎", "①②",
    "½", "x²", "™",
    "a\u0300\u0301\u0302\u0303b", "z" * 99, "z" * 100, "z" * 101, "w" * 255, "w" * 256, "ž" * 200,
    "AB-10025", "ab10025", "don't", "don’t", "dont", "-", "--", "a-b-c-d-e", "1,5", "1,5,7", "a_b",
    "x@y.example", "a.b.c", "::", "'", "\\", "\"", "*", "?", "(", ")", "OR", "AND", "NOT", "null",
    "none", "true", "_id", "<b>", "&amp;", "\u202eabc\u202c", "\u00ad", "so\u00adft", "ab\u200dcd",
)  # fmt: skip
NAMES: Final = (
    "", " ", "\t", "\u0000", "None", "none", "NULL", "Jana Nováková", "jana  novakova",
    "JANA NOVÁKOVÁ",
    "Ö" * 300, "👩‍💻 Eva", "O'Neil", "a\u2028b", "\ud83d", "x" * 256, "x" * 257, "İ", "ß", "Ω",
    "\u0130i",
)  # fmt: skip
RATINGS: Final[tuple[object, ...]] = (
    5,
    3,
    1,
    None,
    7,
    -1,
    0,
    2,
    10**30,
    -(10**30),
    "5",
    4.5,
    True,
    [],
)
COUNTRIES: Final = ("CZ", "cz", "", None, "Czechia", "D", "\u0130T", "ÅL", 42, "DE", "SK")
BEGINS: Final = (0, 1, 999, 1_700_000_000_000, 1_700_000_000_000, 2**41 - 1, 2**40, 951_782_400_000)
"""Begins that many share: the first instants, the last, a leap day, and one twice as often."""


class Conversations(Struct, frozen=True):
    """One set by name."""

    name: str
    entries: tuple[Entry, ...]


def nasty() -> Conversations:
    """2,000 conversations, the same ones in every run."""
    random = Random("nasty")  # noqa: S311 — the same in every run, nothing secret
    bodies = (json.dumps(_payload(random, number)).encode() for number in range(NASTY))
    return Conversations("nasty", _entries(bodies, random))


def demo() -> Conversations:
    """The demo of the portal, on a fixed day."""
    bodies = demo_bodies(datetime(2026, 11, 20, 12, tzinfo=UTC))
    return Conversations("demo", _entries(bodies, Random("demo")))  # noqa: S311 — as above


def large() -> Conversations:
    """Ordinary conversations, as the bench makes them: too many to be numbered."""
    bodies = bench_bodies(1, LARGE, LARGE * 2)
    return Conversations("large", _entries(bodies, Random("large")))  # noqa: S311 — as above


def _entries(bodies: Iterable[bytes], random: Random) -> tuple[Entry, ...]:
    """Read and flatten; whoever comes again does so by chance."""
    entries: list[Entry] = []
    taken: set[int] = set()
    for change, body in enumerate(bodies, start=1):
        talk: Conversation = read_conversation(body)
        place = free_place(talk.id, talk.identity.begin_ms, taken)
        taken.add(place)
        visit = random.choice((Visit.FIRST, Visit.RETURNING))
        entries.append(entry_of(talk, place, visit, change))
    return tuple(entries)


def _payload(random: Random, number: int) -> dict[str, Any]:
    begin = random.choice(BEGINS) if random.random() < 0.5 else random.randrange(2**41)
    return {
        "accountId": random.choice((1, "1", "účet", 2**53)),
        "beginAt": begin,
        "endAt": random.choice((None, begin - 5, begin + 60_000, 2**60, "soon")),
        "channel": {
            "id": number,
            "rating": random.choice(RATINGS),
            "ratingDesc": _text(random),
            **{f"is{flag}": random.random() < 0.3 for flag in ("Chat", "Missed", "Offline")},
        },
        "visitor": {
            "name": random.choice(NAMES),
            "email": random.choice((*NAMES, "a@b.example")),
            "group": random.choice(NAMES),
            "countryCode": random.choice(COUNTRIES),
            "note": _text(random),
            "variables": {
                _text(random)[:20]: {"label": _text(random)[:50], "value": _text(random)}
            },
        },
        "messages": [_message(random, begin) for _ in range(random.choice((0, 1, 1, 2, 3, 7)))],
    }


def _message(random: Random, begin: int) -> dict[str, Any]:
    kind = random.choice(("visitor", "agent", "agent", "system", "?"))
    sender = random.choice(("system", "agent:1", "visitor:x"))
    return {
        "type": kind,
        "from": sender,
        "name": random.choice(NAMES),
        "content": _text(random),
        "sentAt": random.choice((begin, begin + 1, begin - 1, None)),
    }


def _text(random: Random) -> str:
    """Some words with anything between them; now and then one that never ends."""
    shape = random.random()
    if shape < 0.01:
        return random.choice(("long", "дол", "長い", "a-")) * 8000
    if shape < 0.1:
        return random.choice(("", " ", "\u2028", "\ud83d", "\u0000", "…"))
    words: Sequence[str] = random.choices(WORDS, k=random.choice((1, 2, 3, 5, 8)))
    return "".join(word + random.choice(SEPARATORS) for word in words)
