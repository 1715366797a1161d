"""The JSON of Smartsupp's hook as typed values, before anybody asks what it means.

Everything may be absent, null or of a wrong type and then counts as not sent. A payload as the
vendor documents it is read in one pass; any other takes a second, tolerant one.
Source: the vendor's documentation of the hook, and what its newer identifiers look like.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeGuard, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct, field
from msgspec.structs import fields

from app.conversations.feeds.json_body import TOO_LARGE, is_deep, read_json
from app.errors import UnreadableError

_Text = str | None
_Number = int | float | None
"""A fraction is told from a whole number, and counts as not sent."""
_Sent = TypeVar("_Sent", bound=Struct)
_SURROGATES = re.compile("[\ud800-\udfff]")


class SentMessage(Struct, gc=False):
    """An entry of the list of messages."""

    type: _Text = None
    sender: _Text = field(default=None, name="from")
    name: _Text = None
    content: _Text = None
    sent: _Number = field(default=None, name="sentAt")
    trigger: _Text = field(default=None, name="triggeredBy")


class SentPage(Struct):
    """A page of the shop that the visitor saw."""

    url: _Text = None
    title: _Text = None


class SentVisitor(Struct, rename="camel"):
    """The visitor; ``id`` a text or a number, ``variables`` an object of anything."""

    id: Any = None
    name: _Text = None
    email: _Text = None
    note: _Text = None
    group: _Text = None
    group_key: _Text = None
    ip_address: _Text = None
    city: _Text = None
    country: _Text = None
    country_code: _Text = None
    user_agent: _Text = None
    platform: _Text = None
    referer: _Text = None
    variables: Any = None


class SentChannel(Struct, rename="camel"):
    """The chat; a flag holds only where it is true."""

    id: Any = None
    is_chat: Any = None
    is_missed: Any = None
    is_offline: Any = None
    is_triggered: Any = None
    is_completed: Any = None
    is_dropped: Any = None
    duration: _Number = None
    avg_response: _Number = None
    first_response: _Number = None
    messages_count: _Number = None
    words_count: _Number = None
    rating: _Number = None
    rating_desc: _Text = None


class SentHook(Struct, rename="camel"):
    """The whole payload."""

    account_id: Any = None
    begin_at: Any = None
    end_at: _Number = None
    channel: SentChannel | None = None
    visitor: SentVisitor | None = None
    paths: list[SentPage] | None = None
    messages: list[SentMessage] | None = None


_decoder = msgspec.json.Decoder(SentHook)


def read_payload(body: bytes) -> SentHook:
    """What a body holds. Raises ``UnreadableError`` with the reason when it is no JSON object."""
    try:
        sent = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_tolerantly(body)
    return _read_tolerantly(body) if is_deep(body) else sent


def is_number(value: object) -> TypeGuard[int]:
    """Whether a value is an integer that somebody can mean."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < TOO_LARGE


def clean(text: str) -> str:
    """Text that can be written as UTF-8: halves of cut emoji become the replacement character."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def kind_of(value: object) -> str:
    """What a JSON value is, for people."""
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    if value is None:
        return "not sent"
    return kinds.get(type(value), "a number")


def _read_tolerantly(body: bytes) -> SentHook:
    payload = read_json(body)
    if not isinstance(payload, dict):
        raise UnreadableError(f"The body is JSON, but no object: {kind_of(payload)}.")
    return _object(payload, SentHook)


def _object(payload: Mapping[str, object], kind: type[_Sent]) -> _Sent:
    """What fits of an object; the rest counts as not sent."""
    values = ((each, payload.get(each.encode_name)) for each in fields(kind))
    return kind(**{each.name: _fitting(value, each.type) for each, value in values})


def _fitting(value: object, wanted: object) -> object:
    if wanted is Any:
        return value
    if wanted == _Text:
        return clean(value) if isinstance(value, str) else None
    if wanted == _Number:
        return value if is_number(value) else None
    kind = get_args(wanted)[0]
    if get_origin(kind) is not list:
        return _object(value, kind) if isinstance(value, dict) else None
    entries = value if isinstance(value, list) else []
    return [_object(entry, get_args(kind)[0]) for entry in entries if isinstance(entry, dict)]
