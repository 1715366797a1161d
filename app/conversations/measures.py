"""What the portal counts in a conversation itself, beside the vendor's figures as they were sent.

Waiting begins with the first message of a visitor that nobody has answered, and ends with the next
message of an agent; automatic messages answer nothing. Messages without a time measure nothing.
Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from app.conversations.model import Conversation, Message, Role

SPEAKING: Final = (Role.VISITOR, Role.AGENT, Role.AUTOMATIC)
WORDS_A_MINUTE: Final = 230
"""How fast people read silently."""
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_CHARACTERS_A_WORD: Final = 2
"""Of scripts that are written without spaces."""


class Wait(Struct, frozen=True):
    """How many seconds a visitor waited: numbers of the message and of its answer."""

    asked: int
    answered: int
    seconds: int


class Measures(Struct, frozen=True):
    """Figures of one conversation.

    ``messages`` are all but events; ``words`` are counted by role. ``waits`` are empty where no
    agent answered a visitor.
    """

    messages: int
    words: Mapping[Role, int]
    waits: tuple[Wait, ...]
    last_word: Message | None

    @property
    def first_response(self) -> Wait | None:
        """The first wait; None without any."""
        return self.waits[0] if self.waits else None

    @property
    def longest_wait(self) -> Wait | None:
        """The first of the longest waits; None without any."""
        return longest(self.waits)

    @property
    def reading_minutes(self) -> int:
        """How long reading takes, in whole minutes, at least one."""
        return max(1, round(sum(self.words.values()) / WORDS_A_MINUTE))


def measured(conversation: Conversation) -> Measures:
    """The figures of a conversation."""
    said = [message for message in conversation.messages if message.role is not Role.SYSTEM]
    texts: dict[Role, list[str]] = {role: [] for role in Role}
    for message in said:
        texts[message.role].append(message.text)
    return Measures(
        messages=len(said),
        words={role: words_in("\n".join(spoken)) for role, spoken in texts.items()},
        waits=waits(conversation),
        last_word=last_word(conversation),
    )


def waits(conversation: Conversation) -> tuple[Wait, ...]:
    """Every time that a visitor waited for an agent, in order."""
    return tuple(_waits(conversation.messages))


def longest(found: Sequence[Wait]) -> Wait | None:
    """The first of the longest waits; None of none."""
    return max(found, key=lambda wait: wait.seconds, default=None)


def last_word(conversation: Conversation) -> Message | None:
    """The last message of somebody who can have the last word; None where nobody spoke."""
    return next((one for one in reversed(conversation.messages) if one.role in SPEAKING), None)


def words_in(text: str) -> int:
    """How many words a text has; where they have no spaces, by the number of characters."""
    if text.isascii() or _UNSPACED.search(text) is None:
        return len(text.split())
    spaced, characters = _UNSPACED.subn(" ", text)
    return len(spaced.split()) + -(-characters // _CHARACTERS_A_WORD)


def _waits(said: Sequence[Message]) -> Iterator[Wait]:
    asked: Message | None = None
    for message in said:
        if message.role is Role.VISITOR and asked is None:
            asked = message
        elif message.role is Role.AGENT and asked is not None:
            if message.sent_ms is not None and asked.sent_ms is not None:
                yield Wait(asked.number, message.number, (message.sent_ms - asked.sent_ms) // 1000)
            asked = None
