"""Smartsupp's POST hook: both generations of its payload, read tolerantly.

Only ``accountId``, ``channel.id`` and ``beginAt`` are needed. Everything else may be absent,
null or of a wrong type and then counts as not sent; nothing is checked against anything else.
Source: the vendor's documentation of the hook, and what its newer identifiers look like.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Final, TypeGuard

from app.conversations.feeds.json_body import TOO_LARGE, read_json
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

_FLAGS: Final = tuple((outcome, f"is{outcome.value.capitalize()}") for outcome in Outcome)
_SURROGATES = re.compile("[\ud800-\udfff]")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,13}")
_NOTHING: Final[Mapping[str, object]] = {}


def read_identity(body: bytes) -> Identity:
    """Which conversation a body belongs to. Raises ``UnreadableError`` with the reason."""
    return _identity(_payload(body))


def read_conversation(body: bytes) -> Conversation:
    """The conversation that a body tells of. Raises ``UnreadableError`` with the reason."""
    payload = _payload(body)
    identity = _identity(payload)
    channel = _object(payload, "channel")
    end = _integer(payload, "endAt")
    begin = moment(identity.begin_ms)
    assert begin is not None, "a begin that names a conversation is a date"  # noqa: S101
    return Conversation(
        identity=identity,
        begin=begin,
        end=None if end is None else moment(end),
        end_ms=end,
        outcomes=tuple(outcome for outcome, flag in _FLAGS if channel.get(flag) is True),
        duration=_integer(channel, "duration"),
        average_response=_integer(channel, "avgResponse"),
        first_response=_integer(channel, "firstResponse"),
        messages_count=_integer(channel, "messagesCount"),
        words_count=_integer(channel, "wordsCount"),
        rating=_integer(channel, "rating"),
        rating_comment=_text(channel, "ratingDesc"),
        visitor=_visitor(_object(payload, "visitor")),
        pages=tuple(_pages(payload)),
        messages=tuple(_messages(payload)),
    )


def _payload(body: bytes) -> Mapping[str, object]:
    payload = read_json(body)
    if not isinstance(payload, dict):
        raise UnreadableError(f"The body is JSON, but no object: {_kind(payload)}.")
    return payload


def _identity(payload: Mapping[str, object]) -> Identity:
    account = _identifier(payload.get("accountId"), "accountId")
    channel = _identifier(_object(payload, "channel").get("id"), "channel.id")
    begin = payload.get("beginAt")
    if isinstance(begin, str) and _WHOLE_NUMBER.fullmatch(begin):
        begin = int(begin)
    if not isinstance(begin, int) or isinstance(begin, bool) or not 0 <= begin <= LATEST_BEGIN:
        raise UnreadableError(
            f"beginAt is {_kind(begin)}, not a time in milliseconds from 0 to {LATEST_BEGIN}."
        )
    return Identity(account, channel, begin)


def _identifier(value: object, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise UnreadableError(f"{name} is {_kind(value)}, not an identifier.")
    text = _clean(str(value))
    if len(text) > LONGEST_PART or len(escape(text)) > LONGEST_PART:
        raise UnreadableError(f"{name} has more than {LONGEST_PART} characters.")
    return text


def _visitor(visitor: Mapping[str, object]) -> Visitor:
    return Visitor(
        id=_identifier_or_nothing(visitor.get("id")),
        name=_text(visitor, "name"),
        email=_text(visitor, "email"),
        note=_text(visitor, "note"),
        group=_text(visitor, "group") or _text(visitor, "groupKey"),
        ip_address=_text(visitor, "ipAddress"),
        city=_text(visitor, "city"),
        country=_text(visitor, "country"),
        country_code=_text(visitor, "countryCode"),
        user_agent=_text(visitor, "userAgent"),
        platform=_text(visitor, "platform"),
        referer=_text(visitor, "referer"),
        variables=tuple(_variables(visitor.get("variables"))),
    )


def _identifier_or_nothing(value: object) -> str:
    return _clean(str(value)) if isinstance(value, str) or _is_number(value) else ""


def _variables(variables: object) -> Iterator[Variable]:
    if not isinstance(variables, dict):
        return
    for key, given in variables.items():
        label, value = key, given
        if isinstance(given, dict):
            label, value = _text(given, "label") or key, given.get("value")
        yield Variable(_clean(key), _clean(label), _text_or_number(value))


def _pages(payload: Mapping[str, object]) -> Iterator[Page]:
    for page in _objects(payload, "paths"):
        url, title = _text(page, "url"), _text(page, "title")
        if url or title:
            yield Page(url, title)


def _messages(payload: Mapping[str, object]) -> Iterator[Message]:
    """The messages by time, stably: one without a time stays behind the one before it."""
    timed: list[tuple[int, Mapping[str, object]]] = []
    latest = 0
    for message in _objects(payload, "messages"):
        sent = _integer(message, "sentAt")
        latest = latest if sent is None else sent
        timed.append((latest, message))
    timed.sort(key=itemgetter(0))
    for number, (_, message) in enumerate(timed, start=1):
        yield _message(number, message)


def _message(number: int, message: Mapping[str, object]) -> Message:
    sent = _integer(message, "sentAt")
    return Message(
        number=number,
        role=_role(message),
        kind=_text(message, "type"),
        name=_text(message, "name"),
        text=_text(message, "content"),
        at=None if sent is None else moment(sent),
        trigger=_text(message, "triggeredBy"),
    )


def _role(message: Mapping[str, object]) -> Role:
    kind = message.get("type")
    if kind == "agent":
        from_trigger = bool(_text(message, "triggeredBy")) and not _text(message, "name")
        automatic = message.get("from") == "system" or from_trigger
        return Role.AUTOMATIC if automatic else Role.AGENT
    return {"visitor": Role.VISITOR, "system": Role.SYSTEM}.get(str(kind), Role.OTHER)


def _object(holder: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = holder.get(name)
    return value if isinstance(value, dict) else _NOTHING


def _objects(holder: Mapping[str, object], name: str) -> Iterator[Mapping[str, object]]:
    value = holder.get(name)
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _is_number(value: object) -> TypeGuard[int]:
    """Whether a value is an integer that somebody can mean."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < TOO_LARGE


def _integer(holder: Mapping[str, object], name: str) -> int | None:
    value = holder.get(name)
    return value if _is_number(value) else None


def _text(holder: Mapping[str, object], name: str) -> str:
    value = holder.get(name)
    return _clean(value) if isinstance(value, str) else ""


def _text_or_number(value: object) -> str:
    """A shop variable as text; true and false as JSON writes them."""
    readers: dict[type, Callable[[object], str]] = {
        bool: lambda flag: "true" if flag else "false",
        str: lambda text: _clean(str(text)),
        int: lambda number: str(number) if _is_number(number) else "",
        float: lambda number: f"{number:.15g}",
    }
    reader = readers.get(type(value))
    return reader(value) if reader else ""


def _clean(text: str) -> str:
    """Text that can be written as UTF-8: halves of cut emoji become the replacement character."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    if value is None:
        return "not sent"
    return kinds.get(type(value), "a number")
