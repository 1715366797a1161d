"""What one delivery of a conversation tells that the one before did not."""

import json

import pytest

from app.conversations.changes import Changes, changes
from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Conversation

HELLO = {"type": "visitor", "content": "hello", "sentAt": 5}
BYE = {"type": "visitor", "content": "bye", "sentAt": 6}


def told(**changed: object) -> Conversation:
    messages = changed.pop("messages", [HELLO])
    top = {name: changed.pop(name) for name in ("endAt", "paths", "visitor") if name in changed}
    payload = {"accountId": 1, "beginAt": 1, "channel": {"id": 1, **changed}, "messages": messages}
    return read_conversation(json.dumps(payload | top).encode())


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ({}, Changes()),
        ({"messages": [HELLO, BYE, BYE]}, Changes(more=2)),
        ({"messages": []}, Changes(fewer=1)),
        ({"messages": [BYE]}, Changes(more=1, fewer=1)),
        ({"messages": [HELLO, HELLO]}, Changes(more=1)),
        ({"rating": 5}, Changes(rating=True)),
        ({"rating": 5, "ratingDesc": "x"}, Changes(rating=True, comment=True)),
        ({"endAt": 9}, Changes(end=True)),
        ({"isMissed": True}, Changes(outcomes=True)),
        ({"duration": 9}, Changes(figures=True)),
        ({"wordsCount": 9}, Changes(figures=True)),
        ({"visitor": {"name": "Eva"}}, Changes(visitor=True)),
        ({"paths": [{"url": "https://x.example"}]}, Changes(pages=True)),
    ],
)
def test_each_change_is_told_and_nothing_else(after: dict[str, object], wanted: Changes) -> None:
    assert changes(told(), told(**after)) == wanted
