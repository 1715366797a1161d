"""Hooks that test a page's patience: planted markup, words without end, writing to the left.

Each field of a planted hook begins with the field's own word, so that a page can be asked whether
it shows that field; addresses and identifiers begin with the markup itself.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from markup_payloads import PAYLOADS

ACCOUNT: Final = 208
BEGIN: Final = 1_794_819_600_000
LONGEST_PART: Final = 60
"""Characters of an escaped part of a conversation's id that are always accepted."""
CLEAN: Final = "harmless"
"""What the clean twin says wherever the others are planted."""
LONG: Final = "Donaudampfschifffahrt" * 30
ENGLISH: Final = "Order 10023 has not arrived"
HEBREW: Final = "שלום, הזמנה 10023 עדיין לא הגיעה אליי"
ARABIC: Final = "مرحبا، لم يصل الطلب 10023 بعد"
SHOWN: Final = (
    "name", "email", "note", "group", "city", "country", "browser", "platform", "label", "value",
    "bare", "plain", "title", "shopper", "agent", "content", "answer", "trigger", "kind",
    "comment", "code", "joined",
)  # fmt: skip
"""Words of the fields that a timeline shows."""

Payload = Mapping[str, object]


def needle(number: int) -> str:
    """The word by which a planted conversation is found; the clean twin's number is 0."""
    return f"needle{number:03d}"


def numbered() -> Iterator[tuple[str, int, str]]:
    """Every trick with its texts, numbered from 1 as they are planted."""
    number = 0
    for trick, texts in PAYLOADS.items():
        for text in texts:
            number += 1
            yield trick, number, text


def planted_payloads() -> Iterator[Payload]:
    """All hooks of the portal with planted conversations."""
    yield planted(0, CLEAN)
    for _, number, text in numbered():
        yield planted(number, text)
    yield planted(LONG_NUMBER, LONG)
    yield written_to_the_left()


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
    yield {"type": "visitor", "name": f"shopper {text}", "content": f"content {text}"}
    yield {"type": "agent", "name": f"agent {text}", "content": f"{needle(number)} answer {text}"}
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


def fitting(text: str, most: int = LONGEST_PART) -> str:
    """The beginning of a text that may be a part of a conversation's id."""
    cut = text.encode("utf-8", "replace").decode()
    while sum(1 if c.isascii() and c.isalnum() else 3 * len(c.encode()) for c in cut) > most:
        cut = cut[:-1]
    return cut


LONG_NUMBER: Final = sum(map(len, PAYLOADS.values())) + 1
LEFT_ID: Final = f"{ACCOUNT}-left-{BEGIN}"
PLANTED: Final = LONG_NUMBER + 2
"""Conversations that the planted portal holds: the clean twin, the long words, the leftward one."""
