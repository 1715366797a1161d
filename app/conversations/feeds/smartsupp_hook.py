"""Smartsupp's POST hook: what both generations of its payload tell of a conversation.

Only ``accountId``, ``channel.id`` and ``beginAt`` are needed; nothing is checked against anything
else. Source: the vendor's documentation of the hook, and what its newer identifiers look like.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Final

from app.conversations.feeds.smartsupp_payload import (
    SentChannel,
    SentHook,
    SentMessage,
    SentVisitor,
    clean,
    is_number,
    kind_of,
    read_payload,
)
from app.conversations.model import (
    LATEST_BEGIN,
    LONGEST_PART,
    Conversation,
    Identity,
    Message,
    Outcome,
    Page,
    Role,
    Variable,
    Visitor,
    escape,
    moment,
)
from app.errors import UnreadableError

_FLAGS: Final = tuple((outcome, f"is_{outcome.value}") for outcome in Outcome)
_ROLES: Final = {"visitor": Role.VISITOR, "system": Role.SYSTEM}
_WHOLE_NUMBER = re.compile(r"[0-9]{1,13}")


def read_identity(body: bytes) -> Identity:
    """Which conversation a body belongs to. Raises ``UnreadableError`` with the reason."""
    return _identity(read_payload(body))


def read_conversation(body: bytes) -> Conversation:
    """The conversation that a body tells of. Raises ``UnreadableError`` with the reason."""
    sent = read_payload(body)
    identity = _identity(sent)
    channel = sent.channel or SentChannel()
    end = _whole(sent.end_at)
    begin = moment(identity.begin_ms)
    assert begin is not None, "a begin that names a conversation is a date"  # noqa: S101
    return Conversation(
        identity=identity,
        begin=begin,
        end=None if end is None else moment(end),
        end_ms=end,
        outcomes=tuple(outcome for outcome, flag in _FLAGS if getattr(channel, flag) is True),
        duration=_whole(channel.duration),
        average_response=_whole(channel.avg_response),
        first_response=_whole(channel.first_response),
        messages_count=_whole(channel.messages_count),
        words_count=_whole(channel.words_count),
        rating=_whole(channel.rating),
        rating_comment=channel.rating_desc or "",
        visitor=_visitor(sent.visitor or SentVisitor()),
        pages=tuple(
            Page(page.url or "", page.title or "")
            for page in sent.paths or ()
            if page.url or page.title
        ),
        messages=tuple(_messages(sent.messages or ())),
    )


def _identity(sent: SentHook) -> Identity:
    account = _identifier(sent.account_id, "accountId")
    channel = _identifier(sent.channel.id if sent.channel else None, "channel.id")
    begin = sent.begin_at
    if isinstance(begin, str) and _WHOLE_NUMBER.fullmatch(begin):
        begin = int(begin)
    if not isinstance(begin, int) or isinstance(begin, bool) or not 0 <= begin <= LATEST_BEGIN:
        raise UnreadableError(
            f"beginAt is {kind_of(begin)}, not a time in milliseconds from 0 to {LATEST_BEGIN}."
        )
    return Identity(account, channel, begin)


def _identifier(value: object, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise UnreadableError(f"{name} is {kind_of(value)}, not an identifier.")
    text = clean(str(value))
    if len(text) > LONGEST_PART or len(escape(text)) > LONGEST_PART:
        raise UnreadableError(f"{name} has more than {LONGEST_PART} characters.")
    return text


def _visitor(sent: SentVisitor) -> Visitor:
    return Visitor(
        id=_identifier_or_nothing(sent.id),
        name=sent.name or "",
        email=sent.email or "",
        note=sent.note or "",
        group=sent.group or sent.group_key or "",
        ip_address=sent.ip_address or "",
        city=sent.city or "",
        country=sent.country or "",
        country_code=sent.country_code or "",
        user_agent=sent.user_agent or "",
        platform=sent.platform or "",
        referer=sent.referer or "",
        variables=tuple(_variables(sent.variables)),
    )


def _identifier_or_nothing(value: object) -> str:
    return clean(str(value)) if isinstance(value, str) or is_number(value) else ""


def _variables(variables: object) -> Iterator[Variable]:
    if not isinstance(variables, dict):
        return
    for key, given in variables.items():
        label, value = key, given
        if isinstance(given, dict):
            label, value = given.get("label"), given.get("value")
            label = label if label and isinstance(label, str) else key
        yield Variable(clean(key), clean(label), _text_or_number(value))


def _messages(sent: Iterable[SentMessage]) -> Iterator[Message]:
    """The messages by time, stably: one without a time stays behind the one before it."""
    timed: list[tuple[int, int | None, SentMessage]] = []
    latest = 0
    for message in sent:
        sent_ms = _whole(message.sent)
        if sent_ms is not None:
            latest = sent_ms
        timed.append((latest, sent_ms, message))
    timed.sort(key=itemgetter(0))
    for number, (_, sent_ms, message) in enumerate(timed, start=1):
        yield Message(
            number=number,
            role=_role(message),
            kind=message.type or "",
            name=message.name or "",
            text=message.content or "",
            sent_ms=sent_ms,
            trigger=message.trigger or "",
        )


def _role(message: SentMessage) -> Role:
    if message.type == "agent":
        from_trigger = bool(message.trigger) and not message.name
        automatic = message.sender == "system" or from_trigger
        return Role.AUTOMATIC if automatic else Role.AGENT
    return _ROLES.get(message.type or "", Role.OTHER)


def _whole(value: float | None) -> int | None:
    return value if is_number(value) else None


def _text_or_number(value: object) -> str:
    """A shop variable as text; true and false as JSON writes them."""
    readers: dict[type, Callable[[object], str]] = {
        bool: lambda flag: "true" if flag else "false",
        str: lambda text: clean(str(text)),
        int: lambda number: str(number) if is_number(number) else "",
        float: lambda number: f"{number:.15g}",
    }
    reader = readers.get(type(value))
    return reader(value) if reader else ""
