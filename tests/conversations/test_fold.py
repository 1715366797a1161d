"""The fold: of several hooks of one conversation the greatest is the conversation, whole."""

import hashlib
import json
from itertools import permutations

import msgspec
import pytest
from conversation_payloads import BEGIN, body, payload
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.fold import Version, fold

ONE = [{"content": "one", "sentAt": BEGIN}]
TWO = [*ONE, {"content": "two", "sentAt": BEGIN + 1}]
LOW, HIGH = b"\x00" * 32, b"\xff" * 32
RATED = {"rating": 1, "ratingDesc": ""}
COMMENTED = {"rating": 1, "ratingDesc": "words"}
DECIDES = (
    # what decides, (loser's body, digest), (winner's body, digest): whatever comes after the
    # criterion in the rank speaks for the loser
    (
        "a later end",
        (payload(endAt=10, messages=TWO, channel=COMMENTED), HIGH),
        (payload(endAt=11, messages=ONE), LOW),
    ),
    (
        "an end at all",
        (payload(messages=TWO, channel=COMMENTED), HIGH),
        (payload(endAt=0, messages=ONE), LOW),
    ),
    (
        "an end beyond all dates",
        (payload(endAt=2**42, messages=TWO, channel=COMMENTED), HIGH),
        (payload(endAt=2**80, messages=ONE), LOW),
    ),
    (
        "more messages",
        (payload(endAt=10, messages=ONE, channel=COMMENTED), HIGH),
        (payload(endAt=10, messages=TWO), LOW),
    ),
    (
        "more messages where no end came",
        (payload(messages=ONE, channel=COMMENTED), HIGH),
        (payload(messages=TWO), LOW),
    ),
    (
        "a rating",
        (payload(endAt=10, messages=ONE, channel={"ratingDesc": "words"}), HIGH),
        (payload(endAt=10, messages=ONE, channel=RATED), LOW),
    ),
    (
        "a rating of zero",
        (payload(endAt=10, messages=ONE), HIGH),
        (payload(endAt=10, messages=ONE, channel={"rating": 0}), LOW),
    ),
    (
        "a comment",
        (payload(endAt=10, messages=ONE, channel={"rating": 5, "ratingDesc": ""}), HIGH),
        (payload(endAt=10, messages=ONE, channel=COMMENTED), LOW),
    ),
    (
        "the digest",
        (payload(endAt=10, messages=ONE, channel=COMMENTED), LOW),
        (payload(endAt=10, messages=ONE, channel={"rating": 1, "ratingDesc": "other"}), HIGH),
    ),
)
PAYLOADS = st.builds(
    lambda end, count, rating, comment, name: payload(
        endAt=end,
        messages=TWO[:count],
        channel={"rating": rating, "ratingDesc": comment},
        visitor={"name": name},
    ),
    st.sampled_from([None, 0, 10, 11]),
    st.integers(0, 2),
    st.sampled_from([None, 1, 5]),
    st.sampled_from([None, "", "words"]),
    st.sampled_from(["A", "B", "C"]),
)


@pytest.mark.parametrize(("what", "loser", "winner"), DECIDES, ids=lambda value: str(value)[:32])
def test_a_criterion_decides_alone(
    what: str, loser: tuple[dict[str, object], bytes], winner: tuple[dict[str, object], bytes]
) -> None:
    lost, won = (
        Version(hook, digest, read_conversation(body(of)))
        for hook, (of, digest) in enumerate((loser, winner))
    )
    assert fold([lost, won]) == fold([won, lost]) == won, what


@settings(deadline=None, max_examples=200)
@given(st.lists(PAYLOADS, min_size=1, max_size=6).flatmap(st.permutations))
def test_any_order_of_arrival_gives_the_same_conversation(made: list[dict[str, object]]) -> None:
    arrived = [_version(number, of) for number, of in enumerate(made)]
    assert _written(fold(arrived)) == _written(fold(reversed(arrived)))
    assert _written(fold(arrived)) == _written(fold(sorted(arrived, key=_digest)))


def test_every_order_of_five_versions_is_byte_identical() -> None:
    made = [
        payload(endAt=end, messages=messages, channel=channel)
        for end, messages, channel in (
            (10, ONE, None),
            (11, ONE, None),
            (11, TWO, None),
            (11, TWO, RATED),
            (11, TWO, COMMENTED),
        )
    ]
    versions = [_version(number, of) for number, of in enumerate(made)]
    assert {_written(fold(order)) for order in permutations(versions)} == {_written(versions[-1])}


def test_a_version_that_comes_back_changes_nothing() -> None:
    one = _version(1, payload(endAt=10, messages=ONE))
    other = _version(2, payload(endAt=10, messages=ONE, channel=RATED))
    again = _version(3, payload(endAt=10, messages=ONE))
    assert fold([one, other, again]) == fold([one, other]) == other


def test_nothing_is_merged() -> None:
    with_note = _version(1, payload(endAt=10, visitor={"note": "VIP"}, channel=COMMENTED))
    later = _version(2, payload(endAt=11))
    chosen = fold([with_note, later]).conversation
    assert (chosen.visitor.note, chosen.rating, chosen.rating_comment) == ("", None, "")


def test_one_version_is_the_conversation() -> None:
    only = _version(7, payload())
    assert fold(iter([only])) is only


def test_a_fold_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        fold([])


def _version(hook: int, of: dict[str, object]) -> Version:
    sent = body(of)
    return Version(hook, hashlib.sha256(sent).digest(), read_conversation(sent))


def _digest(version: Version) -> bytes:
    return version.digest


def _written(version: Version) -> str:
    """The conversation as bytes would show it; the hook's number depends on the arrival."""
    return json.dumps(msgspec.to_builtins(version.conversation)) + version.digest.hex()
