"""What names a conversation: account, channel and begin, and what is quarantined for want of it."""

import json
from pathlib import Path

import pytest
from conversation_payloads import BEGIN, body, payload, put, rows, without

from app.conversations.feeds.smartsupp_hook import read_conversation, read_identity
from app.conversations.model import Identity
from app.errors import UnreadableError

PARTS = tuple(rows(Path(__file__).parent / "identity_parts.tsv"))
GOOD_PARTS = [(text, part) for text, part, _ in PARTS if not part.startswith("!")]
BAD_PARTS = [(text, part[1:]) for text, part, _ in PARTS if part.startswith("!")]
LATEST = 2**41 - 1
BEGINS = (
    # beginAt as JSON, the begin or None, why
    ("0", 0, "the first"),
    (str(LATEST), LATEST, "the last"),
    (str(LATEST + 1), None, "behind the last"),
    ("-1", None, "before the first"),
    (f'"{BEGIN}"', BEGIN, "a string of digits is the same identity as the number"),
    ('"0"', 0, "the first as a string"),
    (f'"{LATEST + 1}"', None, "a string behind the last"),
    ('"-1"', None, "a string before the first"),
    ('" 12"', None, "no digits alone"),
    ('"12.0"', None, "no digits alone"),
    ('"1_000"', None, "Python would read it"),
    ('"٣"', None, "a digit, but not of ASCII"),
    ('""', None, "nothing"),
    (f"{BEGIN}.0", None, "a fraction, even a whole one"),
    ("1.5e12", None, "a fraction in JSON's eyes"),
    ("true", None, "no integer, whatever Python thinks"),
    ("null", None, "not sent"),
    ("[1]", None, "a list"),
    ("{}", None, "an object"),
    ("NaN", None, "no number"),
    ("1e400", None, "no number that anybody can mean"),
    ("9" * 5000, None, "more digits than Python reads"),
)
LENGTHS = (
    # an identifier, whether it is taken
    ("a" * 64, True),
    ("a" * 65, False),
    ("-" * 21, True),  # escaped three times as long: 63
    ("-" * 22, False),
    ("é" * 10, True),  # escaped six times as long: 60
    ("é" * 11, False),
    (10**63, True),
    (10**64, False),
    (int("9" * 4000), False),
)


@pytest.mark.parametrize(("text", "part"), GOOD_PARTS)
def test_an_identifier_is_escaped_in_the_account(text: str, part: str) -> None:
    identity = read_identity(_with("accountId", text))
    assert identity.id == f"{part}-55039-{BEGIN}"


@pytest.mark.parametrize(("text", "part"), GOOD_PARTS)
def test_an_identifier_is_escaped_in_the_channel(text: str, part: str) -> None:
    identity = read_identity(_with("channel.id", text))
    assert identity.id == f"208-{part}-{BEGIN}"


@pytest.mark.parametrize("path", ["accountId", "channel.id"])
@pytest.mark.parametrize(("text", "reason"), BAD_PARTS)
def test_what_is_no_identifier_names_no_conversation(path: str, text: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=f"^{path} is .*{reason}"):
        read_identity(_with(path, text))


@pytest.mark.parametrize(("text", "begin", "why"), BEGINS)
def test_a_begin_is_a_whole_number_of_its_range(text: str, begin: int | None, why: str) -> None:
    given = _with("beginAt", text)
    if begin is not None:
        assert read_identity(given).begin_ms == begin, why
    else:
        with pytest.raises(UnreadableError, match=r"^beginAt is "):
            read_identity(given)


@pytest.mark.parametrize("path", ["accountId", "channel.id"])
@pytest.mark.parametrize(("identifier", "taken"), LENGTHS)
def test_a_part_has_at_most_64_characters_after_escaping(
    path: str, identifier: str | int, *, taken: bool
) -> None:
    given = body(put(payload(), path, identifier))
    if taken:
        assert len(read_identity(given).id) > 0
    else:
        with pytest.raises(UnreadableError, match=f"^{path} has more than 64 characters"):
            read_identity(given)


@pytest.mark.parametrize("path", ["accountId", "channel", "channel.id", "beginAt"])
def test_a_hook_without_identity_is_refused_with_the_missing_name(path: str) -> None:
    name = "channel.id" if path == "channel" else path
    with pytest.raises(UnreadableError, match=f"^{name} is not sent"):
        read_conversation(body(without(payload(), path)))


@pytest.mark.parametrize("channel", [None, 5, "55039", [55039], True])
def test_a_channel_that_is_no_object_names_nothing(channel: object) -> None:
    with pytest.raises(UnreadableError, match=r"^channel\.id is not sent"):
        read_conversation(body(put(payload(), "channel", channel)))


def test_a_bare_identity_is_a_conversation_without_anything_else() -> None:
    conversation = read_conversation(body(payload()))
    assert (conversation.messages, conversation.end, conversation.rating) == ((), None, None)


def test_numbers_and_strings_are_one_identity() -> None:
    numbers = payload()
    strings = put(put(numbers, "accountId", "208"), "channel.id", "55039")
    assert read_identity(body(numbers)) == read_identity(body(strings))
    assert read_identity(body(numbers)) == Identity("208", "55039", BEGIN)


def test_a_leading_zero_in_a_string_makes_another_identity() -> None:
    assert read_identity(_with("accountId", '"0208"')) != read_identity(body(payload()))


def _with(path: str, text: str) -> bytes:
    """The bare payload with a JSON text, maybe one that Python cannot write, at a path."""
    marker = "here it goes"
    return body(put(payload(), path, marker)).replace(json.dumps(marker).encode(), text.encode())
