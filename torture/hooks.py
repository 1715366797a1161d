"""Seeded hooks for torture: versions of conversations, repeats, poison."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

WORDS: Final = [
    "parcel",
    "refund",
    "boots",
    "jacket",
    "invoice",
    "late",
    "broken",
    "zip",
    "voucher",
    "size",
    "order",
    "thanks",
]
COUNTRIES: Final = ("CZ", "DE", "SK", "HU", "PL", "FR", "")
BEGIN: Final = 1_790_000_000_000


@dataclass(frozen=True)
class Sent:
    """A body, and what the checker expects of it."""

    body: bytes
    conversation: str
    rank: tuple[int, int]


def hooks(seed: int, count: int) -> list[Sent]:
    """``count`` hooks: about one in seven is a later or earlier version, one in ten a repeat."""
    chance = random.Random(seed)
    made: list[Sent] = []
    for number in range(count):
        kind = chance.random()
        if made and kind < 0.10:
            made.append(chance.choice(made))
        elif made and kind < 0.25:
            made.append(_version(chance, int(chance.choice(made).conversation.split("-")[1])))
        else:
            made.append(_version(chance, number + 1))
    chance.shuffle(made)
    return made


def _version(chance: random.Random, channel: int) -> Sent:
    own = random.Random(channel)
    begin = BEGIN + channel * 61_000
    length = chance.randint(1, 12)
    end = begin + chance.randint(10, 900) * 1000
    payload = {
        "accountId": 77,
        "beginAt": begin,
        "endAt": end,
        "channel": {"id": channel, "isChat": True, "rating": chance.choice([5, 3, 1, None])},
        "visitor": {"name": f"Visitor {channel}", "countryCode": own.choice(COUNTRIES)},
        "messages": [
            {
                "type": chance.choice(["visitor", "agent"]),
                "name": "Robin",
                "from": "x",
                "content": " ".join(chance.choices(WORDS, k=chance.randint(3, 30))),
                "sentAt": begin + place * 1000,
            }
            for place in range(length)
        ],
    }
    return Sent(json.dumps(payload).encode(), f"77-{channel}-{begin}", (end, length))


def poison(seed: int, count: int) -> Iterator[bytes]:
    """Bodies that no conversation can be made of, each another."""
    chance = random.Random(seed)
    shapes = (
        lambda n: b"{" * (n + 1),
        lambda n: b"\xff\xfe" + bytes(chance.randbytes(50 + n)),
        lambda n: b"[" * 100_000 + str(n).encode(),
        lambda n: json.dumps({"accountId": n, "beginAt": None, "channel": {"id": n}}).encode(),
        lambda n: json.dumps({"accountId": 1, "beginAt": 2**41 + n, "channel": {"id": 1}}).encode(),
        lambda n: (
            f'{{"accountId": 1{"0" * 5000}, "channel": {{"id": {n}}}, "beginAt": 1}}'.encode()
        ),
        lambda n: json.dumps([n]).encode(),
        lambda n: b" " * n,
        lambda n: f'"{n}'.encode(),
        lambda n: json.dumps({"channel": "x" * n}).encode(),
    )
    for number in range(count):
        yield shapes[number % len(shapes)](number)
