"""Fields of the hook: what is absent, null or of a wrong type counts as not sent."""

from pathlib import Path

import pytest
from conversation_payloads import body, complete, payload, put, read, rows, without

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Outcome, Page

FIELDS = [(path, kind) for path, kind, *_ in rows(Path(__file__).parent / "fields.tsv")]
VALUES: dict[str, tuple[object, ...]] = {
    "text": ("", "x", "5", "=HYPERLINK(0)"),
    "integer": (0, 5, -1, 2**70),
    "fraction": (1.5, 5.0),
    "flag": (True, False),
    "list": ([], [1], [[]]),
    "object": ({}, {"id": 5}),
    "null": (None,),
}
"""JSON values by kind; whatever a field does not take is a wrong type."""
TAKEN = {"identifier": {"text", "integer"}, "object": {"object"}, "list": {"list"}}
MISTYPED = [
    (path, value)
    for path, kind in FIELDS
    for other, values in VALUES.items()
    if other not in TAKEN.get(kind, {kind})
    for value in values
]
READ_ALL_THE_SAME = [
    (path, value)
    for path, value in MISTYPED
    if path == "visitor.id" and isinstance(value, bool | float)
]
"""Wrong types that are taken although they should not be."""
OUTCOMES = (
    ({"isChat": True}, (Outcome.CHAT,)),
    ({"isMissed": True}, (Outcome.MISSED,)),
    ({"isOffline": True}, (Outcome.OFFLINE,)),
    ({"isTriggered": True}, (Outcome.TRIGGERED,)),
    ({"isCompleted": True}, (Outcome.COMPLETED,)),
    ({"isDropped": True}, (Outcome.DROPPED,)),
    ({"isChat": False, "isMissed": False}, ()),
    (
        {"isChat": True, "isTriggered": True, "isCompleted": True},
        (Outcome.CHAT, Outcome.TRIGGERED, Outcome.COMPLETED),
    ),
    ({"isMissed": True, "isOffline": True}, (Outcome.MISSED, Outcome.OFFLINE)),
    ({"isDeleted": True}, ()),
)
RATINGS = (
    # rating and ratingDesc as sent, what the conversation has
    (5, "Thanks", (5, "Thanks")),
    (3, "", (3, "")),
    (1, None, (1, "")),
    (None, None, (None, "")),
    (4, "other scale", (4, "other scale")),
    (0, "", (0, "")),
    (-7, "", (-7, "")),
    (None, "only words", (None, "only words")),
)


@pytest.mark.parametrize(
    ("path", "value"), [row for row in MISTYPED if row not in READ_ALL_THE_SAME]
)
def test_a_wrong_type_counts_as_not_sent(path: str, value: object) -> None:
    whole = complete()
    assert read_conversation(body(put(whole, path, value))) == read_conversation(
        body(without(whole, path))
    )


@pytest.mark.parametrize(("path", "value"), READ_ALL_THE_SAME)
def test_a_visitor_id_of_a_wrong_type_counts_as_not_sent(path: str, value: object) -> None:
    assert not read_conversation(body(put(complete(), path, value))).visitor.id


@pytest.mark.parametrize("path", [path for path, _ in FIELDS])
def test_a_field_that_is_sent_is_seen(path: str) -> None:
    whole = complete()
    assert read_conversation(body(whole)) != read_conversation(body(without(whole, path)))


@pytest.mark.parametrize(("flags", "outcomes"), OUTCOMES)
def test_outcomes_are_independent_flags(
    flags: dict[str, object], outcomes: tuple[Outcome, ...]
) -> None:
    assert set(read(channel=flags).outcomes) == set(outcomes)


@pytest.mark.parametrize(("rating", "comment", "seen"), RATINGS)
def test_a_rating_stays_as_it_was_sent(
    rating: int | None, comment: str | None, seen: tuple[int | None, str]
) -> None:
    conversation = read(channel={"rating": rating, "ratingDesc": comment})
    assert (conversation.rating, conversation.rating_comment) == seen


def test_figures_that_contradict_the_messages_stay_as_they_were_sent() -> None:
    conversation = read(channel={"messagesCount": 99, "wordsCount": -1, "duration": 7}, endAt=1)
    assert (conversation.messages_count, conversation.words_count) == (99, -1)
    assert (conversation.duration, conversation.end_ms) == (7, 1)


def test_an_end_before_the_begin_is_no_reason_to_refuse() -> None:
    conversation = read(endAt=1000)
    assert conversation.end is not None
    assert conversation.end < conversation.begin


@pytest.mark.parametrize("end", [-1, 253_402_300_800_000, 2**63, 10**60])
def test_an_end_without_a_date_keeps_its_number(end: int) -> None:
    conversation = read(endAt=end)
    assert (conversation.end_ms, conversation.end) == (end, None)


@pytest.mark.parametrize(
    ("visitor", "group"),
    [
        ({"group": "sales"}, "sales"),
        ({"groupKey": "support"}, "support"),
        ({"group": None, "groupKey": "support"}, "support"),
        ({"group": 5, "groupKey": "support"}, "support"),
        ({"group": "sales", "groupKey": "support"}, "sales"),
        ({"groupKey": ["support"]}, ""),
        ({}, ""),
    ],
)
def test_the_group_has_two_names(visitor: dict[str, object], group: str) -> None:
    assert read(visitor=visitor).visitor.group == group


@pytest.mark.parametrize(
    ("sent", "seen"), [(27671, "27671"), ("co12Ab", "co12Ab"), (0, "0"), ("", ""), (None, "")]
)
def test_a_visitor_id_is_kept_as_text(sent: object, seen: str) -> None:
    assert read(visitor={"id": sent}).visitor.id == seen


def test_pages_keep_their_order_and_repeat() -> None:
    sent = [{"url": "https://a.example/", "title": "A"}, {"url": "ftp://b", "title": ""}] * 2
    seen = (Page("https://a.example/", "A"), Page("ftp://b", "")) * 2
    assert read(paths=sent).pages == seen


def test_a_page_without_address_and_title_is_no_page() -> None:
    assert read(paths=[{}, {"url": None, "title": 5}, {"title": "T"}]).pages == (Page("", "T"),)


def test_names_that_the_feed_does_not_know_change_nothing() -> None:
    more = payload(visitor={"name": "V", "vip": 1}, channel={"status": "x"}, extra={"a": [1]})
    assert read_conversation(body(more)) == read(visitor={"name": "V"})
