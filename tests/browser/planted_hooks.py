"""Hooks that test a page's patience: planted markup, words without end, writing to the left.

Each field of a planted hook begins with the field's own word, so that a page can be asked whether
it shows that field; addresses and identifiers begin with the markup itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from markup_payloads import PAYLOADS

ACCOUNT: Final = 208
BEGIN: Final = 1_794_819_600_000
LONGEST_PART: Final = 60
"""Characters of an escaped part of a conversation's id that are always accepted."""
SOME: Final = 25
"""Plain conversations: more than a page lists."""
TOGETHER: Final = 4
"""Texts that are planted in the same fields, one behind the other."""
ALONE: Final = frozenset({"addresses"})
"""Tricks whose texts must stand alone in a field."""
CLEAN: Final = "harmless"
"""What the clean twin says wherever the others are planted."""
LONG: Final = "Donaudampfschifffahrt" * 30
ENGLISH: Final = "Order 10023 has not arrived"
HEBREW: Final = "שלום, הזמנה 10023 עדיין לא הגיעה אליי"
ARABIC: Final = "مرحبا، لم يصل الطلب 10023 بعد"
PARAMETERS: Final = (
    "rating", "country", "outcome", "agent", "group", "language", "visit", "from", "to", "sort",
    "page", "per_page", "after", "hit", "part", "events", "times", "whole", "range", "visitor",
    "like", "left", "utm_source",
)  # fmt: skip
"""Every parameter of any page besides the query, and one that is none."""
SHOWN: Final = (
    "name", "email", "note", "group", "city", "country", "browser", "platform", "label", "value",
    "bare", "plain", "title", "address", "shopper", "agent", "content", "answer", "trigger", "kind",
    "comment", "code", "joined",
)  # fmt: skip
"""Words of the fields that a timeline shows."""

Payload = Mapping[str, object]


def needle(number: int) -> str:
    """The word by which a planted conversation is found; the clean twin's number is 0."""
    return f"needle{number:03d}"


def numbered() -> Iterator[tuple[str, int, str]]:
    """Every trick with its texts, some in one, numbered from 1 as they are planted."""
    number = 0
    for trick, texts in PAYLOADS.items():
        for some in some_of(texts, 1 if trick in ALONE else TOGETHER):
            number += 1
            yield trick, number, " ".join(some)


def some_of(texts: Sequence[str], number: int) -> Iterator[Sequence[str]]:
    """All texts, so many at once."""
    yield from (texts[at : at + number] for at in range(0, len(texts), number))


def quoted(text: str) -> str:
    """A text for an address; halves of characters become bytes that are no UTF-8."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def with_everything(text: str) -> str:
    """The parameters of an address, each with a text as its value."""
    return "&".join(f"{name}={quoted(text)}" for name in PARAMETERS)


def planted_payloads() -> Iterator[Payload]:
    """All hooks of the portal with planted conversations."""
    yield planted(0, CLEAN)
    for _, number, text in numbered():
        yield planted(number, text)
    yield planted(LONG_NUMBER, LONG)
    yield written_to_the_left()
    yield talked_long()


def planted(number: int, text: str) -> Payload:
    """A hook with a text in every field that takes one."""
    return {
        "accountId": fitting(text),
        "beginAt": BEGIN + number * 60_000,
        "endAt": BEGIN + number * 60_000 + 30_000,
        "channel": {
            "id": f"{number}{fitting(text, LONGEST_PART - 3)}",
            "isChat": True,
            "rating": 1,
            "ratingDesc": f"comment {text}",
        },
        "visitor": _visitor(text),
        "paths": [
            {"url": text, "title": f"title {text}"},
            {"url": f"https://shop.example/{text}", "title": ""},
        ],
        "messages": [
            {**message, "sentAt": BEGIN + number * 60_000 + place * 1000}
            for place, message in enumerate(_messages(number, text))
        ],
    }


def _visitor(text: str) -> Payload:
    return {
        "id": f"visitor {text}",
        "ipAddress": f"address {text}",
        "name": f"name {text}",
        "email": f"email {text}@example.com",
        "note": f"note {text}",
        "group": f"group {text}",
        "city": f"city {text}",
        "country": f"country {text}",
        "countryCode": text,
        "userAgent": f"browser {text}",
        "platform": f"platform {text}",
        "referer": text,
        "variables": {
            f"key {text}": {"label": f"label {text}", "value": f"value {text}"},
            f"bare {text}": f"plain {text}",
        },
    }


def _messages(number: int, text: str) -> Iterator[Payload]:
    yield {
        "type": "visitor",
        "name": f"shopper {text}",
        "from": f"visitor:{text}",
        "content": f"content {text}",
    }
    yield {
        "type": "agent",
        "name": f"agent {text}",
        "from": text,
        "email": text,
        "content": f"{needle(number)} answer {text}",
    }
    yield {
        "type": "agent",
        "name": "",
        "from": "system",
        "content": text,
        "triggeredBy": f"trigger {text}",
    }
    yield {"type": f"kind {text}", "name": "", "content": text}
    yield {"type": "system", "name": f"joined {text}", "content": "agent.join"}
    yield {"type": "system", "name": "", "content": f"code {text}"}


def written_to_the_left() -> Payload:
    """A conversation of a Hebrew and an Arabic message between two English ones."""
    said = (("visitor", ENGLISH), ("visitor", HEBREW), ("agent", ARABIC), ("agent", ENGLISH))
    return {
        "accountId": ACCOUNT,
        "beginAt": BEGIN,
        "channel": {"id": "left"},
        "visitor": {"name": "דנה לוי", "note": HEBREW},
        "messages": [{"type": kind, "name": "", "content": text} for kind, text in said],
    }


def talked_long() -> Payload:
    """A conversation of several parts, with hits all over it and a message that is folded."""
    said = [
        {
            "type": ("visitor", "agent")[place // 3 % 2],
            "content": f"{'stone' if place % 40 == 0 else 'sand'} {place}",
            "sentAt": BEGIN + place * 20_000,
        }
        for place in range(1, TALKED + 1)
    ]
    said[600]["content"] = "sand " * 1500 + "stone AB-10025 https://shop.example/stone"
    return {
        "accountId": ACCOUNT,
        "beginAt": BEGIN,
        "channel": {"id": "talk"},
        "visitor": {"id": 77, "name": "Jo"},
        "messages": said,
    }


def unreadable_bodies() -> Iterator[bytes]:
    """Hooks for the quarantine: the texts of each trick in what is no JSON, and a clean twin.

    Some are broken UTF-8 besides, with markup in overlong bytes, as UTF-16 and behind a mark.
    """
    for texts in ((CLEAN * 200,), *PAYLOADS.values()):
        yield b"[" + "\n".join(texts).encode("utf-8", "surrogatepass") + b"\xc0\xbcscript\xc0\xbe"
    yield b"\xef\xbb\xbf<img src=x onerror=planted()>"
    yield "<img src=x onerror=planted()>".encode("utf-16")
    yield b'{"accountId": "<img src=x onerror=planted()>", "<script>planted()</script>": NaN'


def plain_hook(number: int) -> Payload:
    """A hook of a conversation like any other; a greater number begins later."""
    begin = BEGIN + number * 3_600_000
    said = [("visitor", f"Order {10_000 + number}"), ("agent", "Thank you, it is on its way.")]
    return {
        "accountId": ACCOUNT,
        "beginAt": begin,
        "endAt": begin + 60_000,
        "channel": {"id": f"plain{number}", "isChat": True},
        "visitor": {"name": f"Shopper {number}", "countryCode": "CZ"},
        "messages": [{"type": kind, "content": text, "sentAt": begin} for kind, text in said],
    }


def fitting(text: str, most: int = LONGEST_PART) -> str:
    """The beginning of a text that may be a part of a conversation's id."""
    cut = text.encode("utf-8", "replace").decode()
    while sum(1 if c.isascii() and c.isalnum() else 3 * len(c.encode()) for c in cut) > most:
        cut = cut[:-1]
    return cut


LONG_NUMBER: Final = sum(1 for _ in numbered()) + 1
TALKED: Final = 1100
"""Messages of the long talk."""
TALK_ID: Final = f"{ACCOUNT}-talk-{BEGIN}"
LEFT_ID: Final = f"{ACCOUNT}-left-{BEGIN}"
QUARANTINED: Final = len(PAYLOADS) + 4
"""Hooks in its quarantine."""
PLANTED: Final = LONG_NUMBER + 3
"""Conversations that the planted portal holds: the clean twin, the tricks, the long words, the
leftward one, the long talk."""
