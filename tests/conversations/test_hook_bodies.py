"""What real senders make of JSON: every body becomes a conversation or a reason, never a crash."""

import codecs
import json

import pytest
from conversation_payloads import BEGIN, body, complete, payload

from app.conversations.feeds.json_body import DEEPEST, read_json
from app.conversations.feeds.smartsupp_hook import read_conversation, read_identity
from app.errors import UnreadableError

ID = f"208-55039-{BEGIN}"
DEEP = 100_000
HEAD = f'{{"accountId":208,"beginAt":{BEGIN},"channel":{{"id":55039}}'.encode()
TEXT = HEAD + b',"visitor":{"name":"%b"}}'
NUMBER = f'{{"accountId":208,"beginAt":{BEGIN},"channel":{{"id":55039,"rating":%b}}}}'.encode()
NAMES = (
    # the bytes between the quotes of visitor.name, the name that is read, why
    (b"plain", "plain", ""),
    ("Žofie 👍".encode(), "Žofie 👍", "UTF-8"),
    (rb"\ud83d", "\ufffd", "half an emoji"),
    (rb"\ud83d\ude00", "😀", "an emoji in halves"),
    (rb"\ude00\ud83d", "\ufffd\ufffd", "the halves in the wrong order"),
    (rb"\u0000", "\x00", "NUL, escaped"),
    (b"\x00", "\x00", "NUL, bare"),
    (b"a\rb\nc\td", "a\rb\nc\td", "bare controls"),
    (b"\xff", "\ufffd", "no UTF-8"),
    (b"caf\xe9", "caf\ufffd", "Latin-1"),
    (b"\xf0\x9f\x91", "\ufffd", "a character cut short"),
    (b"\xed\xa0\xbd", "\ufffd\ufffd\ufffd", "half an emoji as bytes"),
    (b"\xe2\x80\xae", "\u202e", "a bidirectional control"),
    (rb"\/", "/", "an escaped slash, as PHP writes it"),
    (b"[{" * 500, "[{" * 500, "brackets in a text are no nesting"),
    (rb"\"" + b"[" * 500, '"' + "[" * 500, "behind an escaped quote too"),
    (rb"\\\"" + b"{" * 500, '\\"' + "{" * 500, "and behind an escaped backslash"),
)
NUMBERS = (
    # a rating as it stands in JSON, what is read
    (b"5", 5),
    (b"-0", 0),
    (b"NaN", None),
    (b"Infinity", None),
    (b"-Infinity", None),
    (b"1e400", None),
    (b"-1e400", None),
    (b"1e5", None),
    (b"5.0", None),
    (b"9" * 64, int("9" * 64)),
    (b"9" * 4301, None),
    (b"-" + b"9" * 9000, None),
    (b"0." + b"9" * 9000, None),
    (b"9" * 9000 + b".5", None),
    (b"1e" + b"9" * 9000, None),
)
LONG_INTEGERS = (b"9" * 65, b"9" * 100, b"9" * 4300)
"""Integers that Python can read, but that have more digits than name something."""
REFUSED = (
    # a body, a part of its reason, why
    (b"", "empty", "nothing"),
    (b" \r\n\t ", "empty", "only blanks"),
    (codecs.BOM_UTF8, "not JSON", "only a byte-order mark"),
    (b"\x00", "not JSON", ""),
    (b"\xff\xfe\xfd", "not JSON", ""),
    (b"accountId=208", "not JSON", "a form"),
    (b"<xml/>", "not JSON", ""),
    (HEAD, "not JSON", "cut short"),
    (HEAD + b"}}", "not JSON", "one bracket too many"),
    (HEAD + b"}" + HEAD + b"}", "not JSON", "two of them"),
    (HEAD + b",}", "not JSON", "a comma too many"),
    (json.dumps(payload()).encode("utf-16"), "not JSON", "another encoding"),
    (b"[]", "no object: a list", ""),
    (b'"text"', "no object: a text", ""),
    (b"5", "no object: a number", ""),
    (b"1.5", "no object: a number", ""),
    (b"true", "no object: true or false", ""),
    (b"null", "no object", ""),
    (b"NaN", "no object", ""),
    (b"{}", "accountId is not sent", ""),
    (b"[" * DEEP, "nested deeper than 100", "open for ever"),
    (b"[" * DEEP + b"]" * DEEP, "nested deeper than 100", "lists"),
    (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "nested deeper than 100", "objects"),
    (
        HEAD + b',"x":' + b"[" * DEEP + b"]" * DEEP + b"}",
        "nested deeper than 100",
        "behind an identity",
    ),
)


@pytest.mark.parametrize(("sent", "name", "why"), NAMES)
def test_a_text_is_read_whatever_bytes_it_has(sent: bytes, name: str, why: str) -> None:
    assert read_conversation(TEXT % sent).visitor.name == name, why


@pytest.mark.parametrize(("sent", "rating"), NUMBERS, ids=lambda value: str(value)[:12])
def test_a_number_that_nobody_can_mean_counts_as_not_sent(sent: bytes, rating: int | None) -> None:
    assert read_conversation(NUMBER % sent).rating == rating


@pytest.mark.parametrize("sent", LONG_INTEGERS, ids=lambda sent: f"{len(sent)} digits")
def test_an_integer_of_more_than_64_digits_counts_as_not_sent(sent: bytes) -> None:
    assert read_conversation(NUMBER % sent).rating is None


@pytest.mark.parametrize("sent", LONG_INTEGERS, ids=lambda sent: f"{len(sent)} digits")
def test_a_long_integer_reads_alike_in_clean_and_in_odd_bodies(sent: bytes) -> None:
    clean = NUMBER % sent
    assert read_conversation(codecs.BOM_UTF8 + clean) == read_conversation(clean)


@pytest.mark.parametrize(("sent", "rating"), NUMBERS, ids=lambda value: str(value)[:12])
def test_a_number_reads_alike_behind_a_byte_order_mark(sent: bytes, rating: int | None) -> None:
    assert read_conversation(codecs.BOM_UTF8 + NUMBER % sent).rating == rating


@pytest.mark.parametrize(("sent", "reason", "why"), REFUSED, ids=lambda value: repr(value)[:24])
def test_a_body_that_cannot_be_read_says_why(sent: bytes, reason: str, why: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_conversation(sent)
    assert reason in str(refused.value), why


@pytest.mark.parametrize("sent", [sent for sent, *_ in REFUSED], ids=lambda value: repr(value)[:24])
def test_an_identity_is_refused_for_the_same_reason(sent: bytes) -> None:
    with pytest.raises(UnreadableError) as of_conversation:
        read_conversation(sent)
    with pytest.raises(UnreadableError) as of_identity:
        read_identity(sent)
    assert str(of_identity.value) == str(of_conversation.value)


def test_a_reason_is_one_short_sentence() -> None:
    for sent, *_ in REFUSED:
        with pytest.raises(UnreadableError) as refused:
            read_identity(sent)
        reason = str(refused.value)
        assert reason.endswith(".")
        assert "\n" not in reason
        assert len(reason) < 200


def test_a_byte_order_mark_changes_nothing() -> None:
    sent = body(complete())
    assert read_conversation(codecs.BOM_UTF8 + sent) == read_conversation(sent)


def test_blanks_around_a_body_change_nothing() -> None:
    sent = body(complete())
    assert read_conversation(b"\r\n " + sent + b"\n\t") == read_conversation(sent)


@pytest.mark.parametrize("start", [b"", codecs.BOM_UTF8])
def test_the_last_of_equal_keys_counts(start: bytes) -> None:
    sent = HEAD + b',"accountId":7,"channel":{"id":8},"beginAt":9}'
    assert read_identity(start + sent).id == "7-8-9"


def test_broken_utf8_in_an_identifier_still_names_a_conversation() -> None:
    sent = b'{"accountId":"\xff","beginAt":1,"channel":{"id":2}}'
    assert read_identity(sent).id == "~ef~bf~bd-2-1"


def test_odd_numbers_beside_an_identity_do_not_cost_the_words() -> None:
    sent = HEAD + b',"endAt":NaN,"x":1e400,"messages":[{"content":"kept","sentAt":' + b"9" * 9000
    (message,) = read_conversation(sent + b"}]}").messages
    assert (message.text, message.at) == ("kept", None)


@pytest.mark.parametrize("opened", [b"[]", b'{"a":[]}'])
def test_the_deepest_nesting_is_read_and_one_level_more_is_not(opened: bytes) -> None:
    levels = opened.count(b"[") + opened.count(b"{")
    for depth in (DEEPEST - levels, DEEPEST - levels + 1):
        sent = HEAD + b',"x":' + b"[" * (depth - 1) + opened + b"]" * (depth - 1) + b"}"
        assert _can_read(sent) is (depth == DEEPEST - levels)


def test_many_objects_side_by_side_are_no_nesting() -> None:
    sent = HEAD + b',"x":[' + b",".join([b'[{"a":[]}]'] * 5000) + b"]}"
    assert read_conversation(sent).id == ID


def test_a_million_keys_are_read() -> None:
    sent = HEAD + b"," + b",".join(b'"%d":1' % number for number in range(1_000_000)) + b"}"
    assert read_identity(sent).id == ID


def test_a_transcript_of_five_mebibytes_is_read_whole() -> None:
    text = "ž" * 1_250_000
    sent = body(payload(messages=[{"content": text}, {"content": text}]))
    assert len(sent) > 5 * 2**20
    assert [message.text for message in read_conversation(sent).messages] == [text, text]


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        (b'{"a":[1,2.5,"x",true,null]}', {"a": [1, 2.5, "x", True, None]}),
        (b'"\\ud800"', "\ud800"),
        (b"[NaN]", [None]),
        (b"18446744073709551616", 2**64),
    ],
)
def test_a_body_is_read_as_plain_values(sent: bytes, value: object) -> None:
    assert read_json(sent) == value


def test_a_nested_body_reads_alike_from_every_caller() -> None:
    for depth in (10, DEEPEST - 2, DEEPEST - 1, DEEPEST, DEEPEST + 1, *range(800, 1000)):
        sent = HEAD + b',"x":' + b"[" * depth + b"]" * depth + b"}"
        assert _can_read(sent) == _called_from_deeper(sent, 50), depth


def _called_from_deeper(sent: bytes, frames: int) -> bool:
    return _called_from_deeper(sent, frames - 1) if frames else _can_read(sent)


def _can_read(sent: bytes) -> bool:
    try:
        read_conversation(sent)
    except UnreadableError:
        return False
    return True
