"""For any bytes and any JSON: a conversation or an ``UnreadableError``, and both readings agree."""

import codecs
import json
from typing import Any

import msgspec
import pytest
from conversation_payloads import PAYLOADS, complete
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.conversations.feeds.json_body import DEEPEST, is_deep, read_json
from app.conversations.feeds.smartsupp_hook import read_conversation, read_identity
from app.conversations.model import Conversation, Role
from app.errors import UnreadableError

REAL = [
    path.read_bytes() for path in sorted(PAYLOADS.glob("*.json")) if ".expected." not in path.name
]
ANY_TEXT = st.text(st.characters(codec=None), max_size=20)
"""Texts with halves of emoji too."""
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**70), 10**70)
    | st.floats()
    | ANY_TEXT
    | st.sampled_from(["visitor", "agent", "system", "5", 0, 5, -1, 2**41, 1e300, ""])
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def changed_payloads(draw: st.DrawFn) -> bytes:
    """A real payload, or the complete one, with some of its values replaced or taken away."""
    changed = json.loads(draw(st.sampled_from([*REAL, json.dumps(complete()).encode()])))
    for _ in range(draw(st.integers(1, 4))):
        _change_somewhere(changed, draw)
    return json.dumps(changed).encode()


@st.composite
def damaged_bodies(draw: st.DrawFn) -> bytes:
    """A real payload with bytes cut out, put in or overwritten."""
    damaged = bytearray(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(damaged)))
        length = draw(st.integers(0, 8) | st.integers(0, len(damaged)))
        damaged[at : at + length] = draw(
            st.binary(max_size=8)
            | st.sampled_from([b"\xff", b"\x00", b"NaN", b"}", b'"', b"1e999"])
        )
    return bytes(damaged)


BODIES = (
    st.binary(max_size=200)
    | ANY_JSON.map(lambda value: json.dumps(value).encode())
    | changed_payloads()
    | damaged_bodies()
)


@settings(deadline=None, max_examples=400)
@given(BODIES)
@example(b'{"accountId":1,"beginAt":0,"channel":{"id":"\\ud800"}}')
@example(b'{"accountId":true,"beginAt":0,"channel":{"id":1}}')
def test_a_body_is_read_or_refused_by_both_readings_alike(sent: bytes) -> None:
    conversation = _read(sent)
    if isinstance(conversation, Conversation):
        assert read_identity(sent) == conversation.identity
    else:
        with pytest.raises(UnreadableError) as refused:
            read_identity(sent)
        assert str(refused.value) == conversation


@settings(deadline=None, max_examples=200)
@given(changed_payloads())
def test_a_conversation_can_be_written_as_utf8(sent: bytes) -> None:
    conversation = _read(sent)
    if isinstance(conversation, Conversation):
        back = msgspec.json.decode(msgspec.json.encode(conversation), type=Conversation)
        assert back == conversation


@settings(deadline=None, max_examples=200)
@given(changed_payloads())
def test_a_conversation_keeps_its_promises(sent: bytes) -> None:
    conversation = _read(sent)
    if isinstance(conversation, Conversation):
        numbers = [message.number for message in conversation.messages]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(set(conversation.agents)) == len(conversation.agents)
        assert all(len(part) <= 64 for part in conversation.id.split("-"))
        assert len(conversation.id.split("-")) == 3
        assert all(m.kind == "agent" for m in conversation.messages if m.role is Role.AUTOMATIC)


@settings(deadline=None, max_examples=400)
@given(changed_payloads())
@example(b'{"accountId":%d,"beginAt":0,"channel":{"id":1}}' % (10**63))
@example(b'{"accountId":%d,"beginAt":0,"channel":{"id":1}}' % -(10**63))
@example(b'{"accountId":%d,"beginAt":0,"channel":{"id":1}}' % (10**64))
@example(b'{"accountId":%d,"beginAt":0,"channel":{"id":1}}' % -(10**64))
@example(b'{"accountId":1,"beginAt":%d,"channel":{"id":1}}' % (10**64))
@example(b'{"accountId":1,"beginAt":%d,"channel":{"id":1}}' % -(10**90))
def test_a_conversation_is_the_same_behind_a_byte_order_mark(sent: bytes) -> None:
    assert _read(codecs.BOM_UTF8 + sent) == _read(sent)


@settings(deadline=None, max_examples=200)
@given(st.integers(90, 110), st.lists(st.text(st.sampled_from('[]{}"\\a\n')), max_size=60))
def test_brackets_in_texts_are_no_nesting(depth: int, texts: list[str]) -> None:
    inner = json.dumps(texts).encode()
    sent = b"[" * (depth - 1) + inner + b"]" * (depth - 1)
    assert is_deep(sent) is (depth > DEEPEST)


@settings(deadline=None, max_examples=200)
@given(changed_payloads() | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_the_tolerant_reading_reads_what_the_fast_one_reads(sent: bytes) -> None:
    try:
        fast = msgspec.json.decode(sent)
    except msgspec.DecodeError:
        return
    if not _has_long_integer(fast):
        assert read_json(codecs.BOM_UTF8 + sent) == read_json(sent) == fast


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=100))
def test_any_bytes_are_json_or_a_reason(sent: bytes) -> None:
    reason = ""
    try:
        read_json(sent)
    except UnreadableError as error:
        reason = str(error)
    assert reason == "" or reason.endswith(".")


def _read(sent: bytes) -> Conversation | str:
    """The conversation, or the reason why there is none; anything else is an error of the test."""
    try:
        return read_conversation(sent)
    except UnreadableError as error:
        return str(error)


def _change_somewhere(payload: dict[str, Any], draw: st.DrawFn) -> None:
    """Replace or take away one value somewhere inside."""
    value: Any = payload
    while True:
        if isinstance(value, dict) and value:
            key: Any = draw(st.sampled_from(sorted(value)))
        elif isinstance(value, list) and value:
            key = draw(st.integers(0, len(value) - 1))
        else:
            return
        if isinstance(value[key], dict | list) and draw(st.booleans()):
            value = value[key]
        elif draw(st.integers(0, 5)) == 0:
            del value[key]
            return
        else:
            value[key] = draw(ANY_JSON)
            return


def _has_long_integer(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_long_integer(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_has_long_integer(inner) for inner in value)
    return isinstance(value, int) and len(str(value)) > 64
