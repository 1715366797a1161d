"""A conversation as the portal knows it, whatever vendor it came from: frozen values.

Nothing here is computed from anything else: a figure that the vendor did not send is None,
and a figure that contradicts the messages stays as it was sent.
"""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

LATEST_BEGIN: Final = 2**41 - 1
"""The last begin that names a conversation, in ms since 1970 (the year 2039)."""
SORT_BITS: Final = 21
"""Bits of a sort key below the begin; they hold a hash of the id, so that order is total."""
LONGEST_PART: Final = 64
"""Code points of one part of a conversation's id, after escaping."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS: Final = 253_402_214_399_999
"""The last millisecond of 30 December 9999: a day later, some zones have no dates any more."""
_ESCAPED = re.compile(r"[^A-Za-z0-9_]")


class Role(StrEnum):
    """Who speaks. ``SYSTEM`` messages are events, ``OTHER`` is a type that we do not know."""

    VISITOR = "visitor"
    AGENT = "agent"
    AUTOMATIC = "automatic"
    SYSTEM = "system"
    OTHER = "other"


class Outcome(StrEnum):
    """The vendor's flags. They are independent: a conversation can have several, or none."""

    CHAT = "chat"
    MISSED = "missed"
    OFFLINE = "offline"
    TRIGGERED = "triggered"
    COMPLETED = "completed"
    DROPPED = "dropped"


class Visit(StrEnum):
    """Whether the archive holds an earlier conversation of the same visitor."""

    FIRST = "first"
    RETURNING = "returning"


class Identity(Struct, frozen=True, order=True):
    """What makes a conversation the same one: account, channel and begin (ms since 1970)."""

    account: str
    channel: str
    begin_ms: int

    @property
    def id(self) -> str:
        """The one name of the conversation in addresses, index and archive."""
        return f"{escape(self.account)}-{escape(self.channel)}-{self.begin_ms}"


# gc=False, as of everything of which a page has thousands: no cycle can lead through it.
class Message(Struct, frozen=True, gc=False):
    """One entry of the payload's list; ``number`` counts from 1 in order of time.

    ``kind`` is the type as sent, ``name`` may be empty, ``sent_ms`` is in ms since 1970.
    """

    number: int
    role: Role
    kind: str
    name: str
    text: str
    sent_ms: int | None
    trigger: str

    @property
    def at(self) -> datetime | None:
        """When the message was sent; None when no usable time came."""
        return None if self.sent_ms is None else moment(self.sent_ms)


class Page(Struct, frozen=True):
    """A page of the shop that the visitor saw; either part may be empty."""

    url: str
    title: str


class Variable(Struct, frozen=True):
    """A value that the shop attached to the visitor. ``label`` is the key where none was sent."""

    key: str
    label: str
    value: str


class Visitor(Struct, frozen=True):
    """Who came, as sent; empty where nothing was sent."""

    id: str = ""
    name: str = ""
    email: str = ""
    note: str = ""
    group: str = ""
    ip_address: str = ""
    city: str = ""
    country: str = ""
    country_code: str = ""
    user_agent: str = ""
    platform: str = ""
    referer: str = ""
    variables: tuple[Variable, ...] = ()


class Conversation(Struct, frozen=True):
    """One payload read: the whole of what people see of a conversation."""

    identity: Identity
    begin: datetime
    end: datetime | None
    end_ms: int | None
    outcomes: tuple[Outcome, ...]
    duration: int | None
    average_response: int | None
    first_response: int | None
    messages_count: int | None
    words_count: int | None
    rating: int | None
    rating_comment: str
    visitor: Visitor
    pages: tuple[Page, ...]
    messages: tuple[Message, ...]

    @property
    def id(self) -> str:
        """The conversation's name in addresses, index and archive."""
        return self.identity.id

    @property
    def agents(self) -> tuple[str, ...]:
        """The names of the people who answered, in order of their first message, each once."""
        names = [message.name for message in self.messages if message.role is Role.AGENT]
        return tuple([name for name in dict.fromkeys(names) if name.strip()])


def escape(part: str) -> str:
    """One part of an id: other characters than letters, digits and _ become ``~`` and hex bytes."""
    return _ESCAPED.sub(lambda found: "".join(f"~{byte:02x}" for byte in found[0].encode()), part)


def moment(milliseconds: int) -> datetime | None:
    """An instant as aware UTC; None where Python has no date for it."""
    if not 0 <= milliseconds <= _LAST_MS:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)
