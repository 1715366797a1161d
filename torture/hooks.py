"""Seeded hooks for torture: versions of conversations, repeats, poison."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

WORDS: Final = (
    "parcel", "refund", "boots", "jacket", "invoice", "late", "broken", "zip", "voucher", "size",
    "order", "thanks",
)  # fmt: skip
COUNTRIES: Final = ("CZ", "DE", "SK", "HU", "PL", "FR", "")
BEGIN: Final = 1_790_000_000_000
ACCOUNT: Final = 77
REPEATED: Final = 0.10
"""Share of hooks that are the body of an earlier one once more."""
VERSIONS: Final = 0.15
"""Share that are another version of a conversation that came already."""


@dataclass(frozen=True)
class Sent:
    """A body, and the conversation it tells of."""

    body: bytes
    conversation: str


def hooks(seed: int, count: int, account: int = ACCOUNT) -> list[Sent]:
    """``count`` hooks out of order: some are repeats, some other versions of a conversation."""
    chance = random.Random(seed)
    made: list[Sent] = []
    for number in range(count):
        kind = chance.random()
        if made and kind < REPEATED:
            made.append(chance.choice(made))
        elif made and kind < REPEATED + VERSIONS:
            channel = int(chance.choice(made).conversation.split("-")[1])
            made.append(version(chance, channel, account))
        else:
            made.append(version(chance, number + 1, account))
    chance.shuffle(made)
    return made


def distinct(seed: int, count: int, account: int = ACCOUNT) -> list[bytes]:
    """``count`` hooks of as many conversations, in the order of their begin."""
    chance = random.Random(seed)
    return [version(chance, number, account).body for number in range(1, count + 1)]


def version(chance: random.Random, channel: int, account: int = ACCOUNT, word: str = "") -> Sent:
    """A version of the conversation of a channel; ``word`` is said in its first message."""
    own = random.Random(channel)
    begin = BEGIN + channel * 61_000
    length = chance.randint(1, 12)
    payload = {
        "accountId": account,
        "beginAt": begin,
        "endAt": begin + chance.randint(10, 900) * 1000,
        "channel": {"id": channel, "isChat": True, "rating": chance.choice([5, 3, 1, None])},
        "visitor": {"name": f"Visitor {channel}", "countryCode": own.choice(COUNTRIES)},
        "messages": [
            _message(chance, begin + place * 1000, "" if place else word) for place in range(length)
        ],
    }
    return Sent(json.dumps(payload).encode(), f"{account}-{channel}-{begin}")


def _message(chance: random.Random, moment: int, word: str) -> dict[str, object]:
    said = " ".join(chance.choices(WORDS, k=chance.randint(3, 30)))
    return {
        "type": chance.choice(["visitor", "agent"]),
        "name": "Robin",
        "from": "x",
        "content": f"{word} {said}" if word else said,
        "sentAt": moment,
    }


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
