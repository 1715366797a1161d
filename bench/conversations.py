"""The set: seeded conversations as Smartsupp would have sent them, oldest first. Pure.

The same seed and size give the same bytes; a change of what is made raises ``VERSION``, and a kept
set of another version is made anew. Everything in it is invented.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from bench.people import AGENTS, Visitor, agent_number, choose_agent, visitor_of
from bench.speech import agent_says, order_number, set_phrases, visitor_says

VERSION: Final = "1"
ACCOUNT: Final = 4711
END_MS: Final = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp() * 1000)
"""When the last conversation begins; fixed, so that no run depends on its day."""
DAY_MS: Final = 24 * 3600 * 1000
SPAN_MS: Final = 548 * DAY_MS
"""Eighteen months of begins."""
LONGEST: Final = 240
"""Messages of a conversation of the set; longer ones are hooks that a measurement sends."""
SMALL_FROM: Final = 10_000_000
LONG_FROM: Final = 90_000_000
"""Numbers from these on are hooks that a measurement sends; the set has none of them."""
RATED: Final = 0.25
RATINGS: Final = (5, 5, 5, 5, 5, 5, 5, 3, 3, 1)
_HOURS: Final = [1, 1, 0, 0, 0, 1, 2, 5, 9, 12, 12, 11, 9, 10, 11, 11, 10, 8, 7, 8, 9, 7, 4, 2]


def message_counts(seed: int, conversations: int, messages: int) -> list[int]:
    """How many messages each conversation has: mostly few, some many, together ``messages``.

    Raises ``ValueError`` when there would be conversations without a message.
    """
    if conversations < 1 or messages < conversations:
        raise ValueError(f"{messages} messages are too few for {conversations} conversations")
    chance = random.Random(f"{seed} counts")
    weights = [min(chance.lognormvariate(0, 0.8), 12.0) for _ in range(conversations)]
    scale = (messages - conversations) / sum(weights)
    counts = [1 + min(int(weight * scale), LONGEST - 1) for weight in weights]
    missing = messages - sum(counts)
    while missing > 0:
        for place in range(min(missing, conversations)):
            counts[place] += 1
        missing = messages - sum(counts)
    return counts


def bodies(seed: int, conversations: int, messages: int) -> Iterator[bytes]:
    """Every hook of a set, in the order in which they came."""
    counts = message_counts(seed, conversations, messages)
    for number, count in enumerate(counts):
        begin = _begin(seed, number, conversations)
        yield msgspec.json.encode(payload(seed, number, count, begin, visitors=conversations))


def payload(seed: int, number: int, count: int, begin: int, *, visitors: int) -> dict[str, object]:
    """One hook: conversation ``number`` of a set, with ``count`` messages."""
    chance = random.Random(f"{seed} {number}")
    visitor = visitor_of(seed, chance, visitors)
    agents = choose_agent(chance, count)
    messages = list(_messages(chance, visitor, agents, count, begin))
    end = _sent_at(messages[-1])
    return {
        "accountId": ACCOUNT,
        "beginAt": begin,
        "endAt": end,
        "channel": _channel(chance, number, visitor, agents, messages, (end - begin) // 1000),
        "visitor": visitor.payload(chance),
        "paths": visitor.paths(chance),
        "messages": messages,
    }


def small_hook(seed: int, number: int, begin: int, word: str = "") -> bytes:
    """A hook of about 1.5 kB with four messages; ``word`` is said in it when it is given."""
    chance = random.Random(f"{seed} small {number}")
    hook = payload(seed, SMALL_FROM + number, 4, begin, visitors=20_000)
    messages = hook["messages"]
    assert isinstance(messages, list)
    messages[0]["content"] += f" {word}" if word else f" {order_number(chance)}"
    return msgspec.json.encode(hook)


def long_hook(seed: int, count: int) -> tuple[str, bytes]:
    """A hook of so many messages, and the name by which the portal knows its conversation."""
    number, begin = LONG_FROM + count, END_MS - SPAN_MS // 2 + count
    hook = payload(seed, number, count, begin, visitors=20_000)
    return f"{ACCOUNT}-{number + 1}-{begin}", msgspec.json.encode(hook)


def _begin(seed: int, number: int, conversations: int) -> int:
    """Begins go on with the numbers, most of them in working hours."""
    chance = random.Random(f"{seed} begin {number}")
    day = (END_MS - SPAN_MS + SPAN_MS * number // conversations) // DAY_MS * DAY_MS
    (hour,) = chance.choices(range(24), _HOURS)
    return day + hour * 3_600_000 + chance.randrange(3_600_000)


def _sent_at(message: dict[str, object]) -> int:
    sent = message["sentAt"]
    assert isinstance(sent, int)
    return sent


def _channel(
    chance: random.Random,
    number: int,
    visitor: Visitor,
    agents: Sequence[str],
    messages: Sequence[dict[str, object]],
    seconds: int,
) -> dict[str, object]:
    rating = chance.choice(RATINGS) if agents and chance.random() < RATED else None
    comment = chance.choice(set_phrases(visitor.language)) if chance.random() < 0.2 else ""
    said = [str(message["content"]) for message in messages if message["type"] != "system"]
    response = chance.randint(4, 240) if agents else None
    return {
        "id": number + 1,
        "isChat": bool(agents),
        "isMissed": not agents and len(messages) > 1,
        "isTriggered": any(message["triggeredBy"] for message in messages),
        "isOffline": not agents and len(messages) == 1,
        "isCompleted": bool(agents) and chance.random() < 0.8,
        "isDropped": chance.random() < 0.03,
        "duration": seconds,
        "avgResponse": response,
        "firstResponse": response,
        "messagesCount": len(said),
        "wordsCount": sum(text.count(" ") + 1 for text in said),
        "rating": rating,
        "ratingDesc": comment if rating else None,
    }


def _messages(
    chance: random.Random, visitor: Visitor, agents: Sequence[str], count: int, begin: int
) -> Iterator[dict[str, object]]:
    at = begin
    sender = f"visitor:{visitor.token}{begin}"
    triggered = chance.random() < 0.3
    for place in range(count):
        kind = _kind(chance, place, count, agents, triggered=triggered)
        agent = chance.choice(agents) if agents else AGENTS[0]
        name, who, text, trigger = "", "system", "", None
        if kind == "visitor":
            name, who = visitor.name, sender
            text = visitor_says(chance, visitor.language, accents=visitor.accents)
        elif kind == "agent":
            name, who = agent, f"agent:{agent_number(agent)}"
            text = agent_says(chance, visitor.language)
        elif kind == "trigger":
            text, trigger = agent_says(chance, visitor.language), f"Welcome {visitor.language}"
        else:
            name, who = agent, f"agent:{agent_number(agent)}"
            text = "agent.join" if place < count - 1 else "close.visitorClose"
        yield {
            "type": "agent" if kind == "trigger" else kind,
            "name": name,
            "from": who,
            "content": text,
            "sentAt": at,
            "triggeredBy": trigger,
        }
        at += chance.randint(2_000, 90_000)


def _kind(
    chance: random.Random, place: int, count: int, agents: Sequence[str], *, triggered: bool
) -> str:
    """Who speaks: the visitor first, a trigger or the agent's arrival next, then both in turn."""
    if place == 0 or (not agents and place > 1):
        return "visitor"
    if place == 1 and (triggered or not agents):
        return "trigger"
    if place == min(2, count - 1) and agents:
        return "system"
    if place == count - 1 and count > 5:
        return "system"
    return "visitor" if chance.random() < 0.48 else "agent"
