"""Messages of the hook: who speaks, in what order, and what is kept of each."""

from datetime import UTC, datetime

import pytest
from conversation_payloads import BEGIN, read

from app.conversations.model import Message, Role

SENDERS = (
    # type, from, name, triggeredBy, the role, why
    ("visitor", "visitor:T0k1794819590123", "", None, Role.VISITOR, ""),
    ("visitor", "mxQ0aa1510000000", "Old", None, Role.VISITOR, "a bare token, before 2018-11-16"),
    ("visitor", None, "", None, Role.VISITOR, "no sender"),
    ("visitor", "system", "", None, Role.VISITOR, "the type decides"),
    ("agent", "agent:3", "Jane", None, Role.AGENT, ""),
    ("agent", 3, "Jane", None, Role.AGENT, "a bare number, before 2018-11-16"),
    ("agent", None, "Jane", None, Role.AGENT, "no sender, but a name"),
    ("agent", "agent:3", "", None, Role.AGENT, "an agent without a name is no trigger"),
    ("agent", "agent:3", "Jane", "Welcome", Role.AGENT, "a person with a name spoke"),
    ("agent", "system", "", "Welcome", Role.AUTOMATIC, ""),
    ("agent", "system", "", None, Role.AUTOMATIC, "the trigger's name is missing"),
    ("agent", None, "", "Welcome", Role.AUTOMATIC, "old: no sender, but a trigger and no name"),
    ("system", "system", "", None, Role.SYSTEM, ""),
    ("system", "agent:3", "Jane", None, Role.SYSTEM, "an agent joined"),
    ("system", None, "Old", None, Role.SYSTEM, "old"),
    ("bot", "bot:1", "Botty", None, Role.OTHER, "an unknown type is kept"),
    ("Visitor", "visitor:T", "", None, Role.OTHER, "letters count"),
    ("", "visitor:T", "", None, Role.OTHER, ""),
    (None, "visitor:T", "", None, Role.OTHER, "no type"),
    (5, "visitor:T", "", None, Role.OTHER, "no type"),
    (["visitor"], "visitor:T", "", None, Role.OTHER, "no type"),
)
ORDERS = (
    # times as sent, the texts' order afterwards, why; each text is its place in the list
    ((10, 20, 30), "012", "in order"),
    ((30, 20, 10), "210", "the other way round"),
    ((20, 10, 20, 10), "1302", "equal times keep their order"),
    ((BEGIN - 9, BEGIN, BEGIN - 5), "021", "before the begin"),
    ((10, None, 5), "201", "without a time it stays behind the one before it"),
    ((None, None, 5), "012", "at the start it stays first"),
    ((10, "5", 1.5, 7), "3012", "a time of a wrong type is none"),
    ((10**60, 5, -(10**60)), "210", "times without a date order all the same"),
    ((10, True, 5), "201", "true is no time"),
)


@pytest.mark.parametrize(("kind", "sender", "name", "trigger", "role", "why"), SENDERS)
def test_a_message_is_spoken_in_its_role(
    kind: object, sender: object, name: str, trigger: str | None, role: Role, why: str
) -> None:
    assert _one(type=kind, **{"from": sender}, name=name, triggeredBy=trigger).role is role, why


@pytest.mark.parametrize(("times", "order", "why"), ORDERS)
def test_messages_are_ordered_by_time_stably(
    times: tuple[object, ...], order: str, why: str
) -> None:
    sent = [{"content": str(place), "sentAt": at} for place, at in enumerate(times)]
    messages = read(messages=sent).messages
    assert "".join(message.text for message in messages) == order, why


@pytest.mark.parametrize("times", [times for times, _, _ in ORDERS])
def test_numbers_count_from_one_without_a_gap(times: tuple[object, ...]) -> None:
    messages = read(messages=[{"type": "system", "sentAt": at} for at in times]).messages
    assert [message.number for message in messages] == list(range(1, len(times) + 1))


def test_events_take_numbers_too() -> None:
    sent = [{"type": kind, "sentAt": at} for at, kind in enumerate(("visitor", "system", "agent"))]
    assert [(m.number, m.kind) for m in read(messages=sent).messages] == [
        (1, "visitor"),
        (2, "system"),
        (3, "agent"),
    ]


def test_a_message_of_an_unknown_type_keeps_everything() -> None:
    sent = {"type": "bot", "name": "B", "content": "c", "sentAt": 1500, "triggeredBy": "t"}
    message = _one(**sent)
    assert message == Message(1, Role.OTHER, "bot", "B", "c", 1500, "t")
    assert message.at == datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)


def test_an_empty_message_is_kept() -> None:
    assert _one() == Message(1, Role.OTHER, "", "", "", None, "")


@pytest.mark.parametrize("sent", [-1, 253_402_300_800_000, 2**63, 10**60])
def test_a_time_without_a_date_is_no_time(sent: int) -> None:
    assert _one(sentAt=sent).at is None


def test_entries_that_are_no_messages_take_no_number() -> None:
    messages = read(messages=[None, 5, "x", [], {"content": "kept"}, True]).messages
    assert [(message.number, message.text) for message in messages] == [(1, "kept")]


@pytest.mark.parametrize(
    "text",
    [
        "with\x00NUL",
        "with\rCR and\r\nboth",
        "\u202eright to left\u202c \u2066isolated\u2069",
        "<script>alert(1)</script>",
        "=HYPERLINK(0)",
        "\ue000 private use \U000fffff",
        "👍🏽 e\u0301 ﷺ",
        " blanks at both ends ",
    ],
)
def test_a_text_stays_as_it_was_sent(text: str) -> None:
    assert _one(content=text).text == text


@pytest.mark.parametrize(
    ("sent", "seen"),
    [("cut \ud83d", "cut \ufffd"), ("\ude00\ud83d", "\ufffd\ufffd"), ("\ud83d\ude00", "😀")],
)
def test_halves_of_emoji_become_the_replacement_character(sent: str, seen: str) -> None:
    assert (_one(content=sent).text, _one(name=sent).name) == (seen, seen)


def test_the_address_of_an_old_message_changes_nothing() -> None:
    assert _one(content="x", email="a@example.org") == _one(content="x")


def test_agents_are_people_in_order_each_once() -> None:
    spoken = (
        ("agent", "agent:2", "Zoe", 3),
        ("agent", "agent:1", "Adam", 1),
        ("agent", "agent:1", "Adam", 2),
        ("agent", "system", "Robot", 0),
        ("agent", "agent:4", "   ", 5),
        ("system", "agent:5", "Only Joined", 0),
        ("visitor", "visitor:t", "Visitor", 0),
        ("bot", "bot:1", "Botty", 0),
    )
    sent = [
        {"type": kind, "from": who, "name": name, "sentAt": at} for kind, who, name, at in spoken
    ]
    assert read(messages=sent).agents == ("Adam", "Zoe")


def _one(**message: object) -> Message:
    (only,) = read(messages=[message]).messages
    return only
