"""What the portal counts in a conversation: waits, the last word, words, reading time."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

import pytest

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.measures import Measures, Wait, measured, words_in
from app.conversations.model import Role

BEGIN: Final = 1_794_819_600_000
SENDERS: Final[Mapping[str, Mapping[str, str]]] = {
    "v": {"type": "visitor"},
    "a": {"type": "agent", "from": "agent:1", "name": "Eva"},
    "t": {"type": "agent", "from": "system", "triggeredBy": "Greeting"},
    "s": {"type": "system", "content": "agent.join"},
    "x": {"type": "hologram"},
}


def counted(*lines: tuple[str, int | None, str]) -> Measures:
    """The measures of messages: who, seconds after the begin, words."""
    messages = [
        {"content": text, **SENDERS[who], "sentAt": None if at is None else BEGIN + at * 1000}
        for who, at, text in lines
    ]
    sent = {"accountId": 1, "beginAt": BEGIN, "channel": {"id": 1}, "messages": messages}
    return measured(read_conversation(json.dumps(sent).encode()))


WAITS: Final[Sequence[tuple[str, Wait | None, Wait | None]]] = (
    ("v0 a5 v9 a30", Wait(1, 2, 5), Wait(3, 4, 21)),
    ("v0 v3 a5", Wait(1, 3, 5), Wait(1, 3, 5)),
    ("t0 v1 t2 a9", Wait(2, 4, 8), Wait(2, 4, 8)),
    ("v0 s1 s2 a7", Wait(1, 4, 7), Wait(1, 4, 7)),
    ("a0 a1 v5", None, None),
    ("v0 v60", None, None),
    ("t0", None, None),
    ("v0 a0", Wait(1, 2, 0), Wait(1, 2, 0)),
    ("v0 a5 a6 x7", Wait(1, 2, 5), Wait(1, 2, 5)),
    ("", None, None),
)


@pytest.mark.parametrize(("told", "first", "longest"), WAITS)
def test_a_wait_ends_with_the_answer_of_an_agent(
    told: str, first: Wait | None, longest: Wait | None
) -> None:
    found = counted(*[(line[0], int(line[1:]), "word") for line in told.split()])
    assert (found.first_response, found.longest_wait) == (first, longest)


def test_a_message_without_a_time_measures_nothing_and_still_answers() -> None:
    found = counted(("v", None, "hello"), ("a", 5, "hi"), ("v", 9, "so"), ("a", 12, "yes"))
    assert found.first_response == found.longest_wait == Wait(3, 4, 3)


def test_words_are_counted_by_role_and_events_are_none() -> None:
    found = counted(
        ("v", 0, "one two"),
        ("a", 1, "three"),
        ("t", 2, "four five six"),
        ("s", 3, ""),
        ("x", 4, "7"),
    )
    words = {role: found.words[role] for role in (Role.VISITOR, Role.AGENT, Role.AUTOMATIC)}
    assert words == {Role.VISITOR: 2, Role.AGENT: 1, Role.AUTOMATIC: 3}
    assert found.messages == 4
    assert found.last_word is not None
    assert found.last_word.role is Role.AUTOMATIC


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("  \n ", 0),
        ("it's two", 2),
        ("注文した商品", 3),
        ("iPhone を3つ", 3),
        ("ขอบคุณ", 3),
    ],
)
def test_words_without_spaces_are_counted_by_their_characters(text: str, number: int) -> None:
    assert words_in(text) == number


def test_reading_takes_at_least_a_minute() -> None:
    assert counted(("v", 0, "one")).reading_minutes == 1
    assert counted(("v", 0, "one " * 1_150)).reading_minutes == 5
