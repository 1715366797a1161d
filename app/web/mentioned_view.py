"""What the messages of a conversation name and people copy: addresses of mail, numbers. Pure."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from app.conversations.model import Message, Role
from app.web.message_text import find
from app.web.visible import shown

MOST: Final = 12
"""Different ones that the side panel lists."""
LONGEST: Final = 20_000
"""Characters of one message that are looked through."""


class Mentioned(Struct, frozen=True):
    """Something that was named, and the number of the message that named it first."""

    text: str
    number: int


def mentioned(messages: Sequence[Message]) -> tuple[Mentioned, ...]:
    """E-mail addresses and numbers that visitors and agents named, each once, in order."""
    first: dict[str, int] = {}
    for message in messages:
        if message.role not in {Role.VISITOR, Role.AGENT}:
            continue
        text = message.text[:LONGEST]
        for found in find(text):
            if not found.url.startswith("http"):
                named = text[found.start : found.end].removeprefix("mailto:")
                first.setdefault(named, message.number)
        if len(first) >= MOST:
            break
    return tuple(Mentioned(shown(text), number) for text, number in [*first.items()][:MOST])
