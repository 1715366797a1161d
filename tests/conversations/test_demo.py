"""The demo conversations: enough of them, various, invented, and readable as hooks."""

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Conversation, Outcome, Role
from app.demo import bodies, scenes
from app.demo.sample import sample_command, sample_line
from app.demo.script import ACCOUNT, ScriptError, payload, read

NOW = datetime(2026, 3, 1, 0, 0, 1, tzinfo=UTC)
"""Just after midnight, when what began yesterday evening is youngest."""
LANGUAGES = {"cs", "de", "en", "fr", "hu", "pl", "sk"}
MONTH = timedelta(days=30)
SHORT = "[a-1]\ndays: 3\ntime: 10:00\n+0:00 V Hello\n"
BROKEN = (
    # a script, the line that is named or the scene, why
    ("days: 3\n", "line 1: 'days: 3'", "a fact before the first name"),
    ("+0:00 V Hello\n", "line 1:", "a message before the first name"),
    ("# said\n\n[a-1\n", "line 3:", "a name without its bracket"),
    ("[A 1]\n", "line 1:", "a name of other letters"),
    (f"{SHORT}colour: red\n", "line 5: 'colour: red'", "no such fact"),
    (f"{SHORT}+0:00 X Hello\n", "line 5:", "no such speaker"),
    (f"{SHORT}+0:0 V Hello\n", "line 5:", "a second digit is missing"),
    (f"{SHORT}0:00 V Hello\n", "line 5:", "no plus"),
    (f"{SHORT}+0:00 V\n", "line 5:", "no words"),
    (f"{SHORT}just words\n", "line 5: 'just words'", ""),
    ("[a-1]\ntime: 10:00\n+0:00 V Hello\n", r"\[a-1\] has no 'days'", ""),
    ("[a-1]\ndays: 3\n+0:00 V Hello\n", r"\[a-1\] has no 'time'", ""),
    ("[a-1]\ndays: 3\ntime: 10:00\n", r"\[a-1\] .* no message", ""),
    (f"{SHORT}flags: chat lost\n", r"\[a-1\] has flags \['lost'\]", "no such flag"),
)


@pytest.fixture(scope="module")
def conversations() -> tuple[Conversation, ...]:
    """All demo conversations, read as the hooks that they would have been."""
    return tuple(read_conversation(body) for body in bodies(NOW))


def test_there_are_at_least_400(conversations: tuple[Conversation, ...]) -> None:
    assert len(conversations) >= 400


def test_they_hold_at_least_1500_distinct_sentences(
    conversations: tuple[Conversation, ...],
) -> None:
    said = {sentence for talk in conversations for sentence in _sentences(talk)}
    assert sum(len(re.findall(r"\w+", sentence)) >= 2 for sentence in said) >= 1500


def test_every_conversation_has_an_id_of_its_own(conversations: tuple[Conversation, ...]) -> None:
    assert len({conversation.id for conversation in conversations}) == len(conversations)


def test_every_scene_has_a_name_of_its_own() -> None:
    names = [scene.name for scene in scenes()]
    assert len(set(names)) == len(names)


def test_seven_languages_are_spoken_evenly() -> None:
    spoken = Counter(scene.name.partition("-")[0] for scene in scenes())
    assert set(spoken) == LANGUAGES
    assert min(spoken.values()) >= 50


def test_they_spread_over_every_one_of_18_months(conversations: tuple[Conversation, ...]) -> None:
    months = {(NOW - conversation.begin) // MONTH for conversation in conversations}
    assert months >= set(range(18))


def test_all_have_ended_by_now_and_come_oldest_first(
    conversations: tuple[Conversation, ...],
) -> None:
    begins = [conversation.begin for conversation in conversations]
    assert begins == sorted(begins)
    assert all(conversation.end and conversation.end <= NOW for conversation in conversations)


def test_both_generations_of_the_payload_occur() -> None:
    visitors = [json.loads(body)["visitor"] for body in bodies(NOW)]
    assert sum("groupKey" in visitor for visitor in visitors) >= 10
    assert sum("group" in visitor for visitor in visitors) >= 100


def test_old_payloads_have_bare_senders_and_addresses() -> None:
    old = [json.loads(body) for body in bodies(NOW) if b'"groupKey"' in body]
    messages = [message for payload in old for message in payload["messages"]]
    assert all("email" in message for message in messages)
    assert all(":" not in str(message["from"]) for message in messages)


def test_every_outcome_occurs(conversations: tuple[Conversation, ...]) -> None:
    counts = Counter(outcome for conversation in conversations for outcome in conversation.outcomes)
    assert set(counts) == set(Outcome)
    assert min(counts.values()) >= 5


def test_every_role_speaks(conversations: tuple[Conversation, ...]) -> None:
    roles = {message.role for conversation in conversations for message in conversation.messages}
    assert roles == {Role.VISITOR, Role.AGENT, Role.AUTOMATIC, Role.SYSTEM}


def test_visitors_return(conversations: tuple[Conversation, ...]) -> None:
    visits = Counter(c.visitor.email for c in conversations if c.visitor.email)
    assert sum(count > 1 for count in visits.values()) >= 5
    ids = {(c.visitor.email, c.visitor.id) for c in conversations if c.visitor.email}
    assert len(ids) == len(visits), "the same e-mail is the same visitor"


@pytest.mark.parametrize("rating", [5, 3, 1])
def test_ratings_come_with_and_without_comments(
    conversations: tuple[Conversation, ...], rating: int
) -> None:
    commented = {bool(c.rating_comment) for c in conversations if c.rating == rating}
    assert commented == {True, False}


def test_some_are_not_rated(conversations: tuple[Conversation, ...]) -> None:
    assert any(conversation.rating is None for conversation in conversations)


def test_no_two_share_more_than_two_sentences(conversations: tuple[Conversation, ...]) -> None:
    spoken = {conversation.id: _sentences(conversation) for conversation in conversations}
    shared = [
        (one, other, spoken[one] & spoken[other])
        for one, other in combinations(spoken, 2)
        if len(spoken[one] & spoken[other]) > 2
    ]
    assert shared == []


def test_everything_belongs_to_the_demo_account(conversations: tuple[Conversation, ...]) -> None:
    assert {conversation.identity.account for conversation in conversations} == {str(ACCOUNT)}


def test_addresses_are_of_domains_that_nobody_owns(
    conversations: tuple[Conversation, ...],
) -> None:
    emails = {c.visitor.email for c in conversations if c.visitor.email}
    domain = re.compile(r"[^@]+@(?:[a-z0-9-]+\.)*example(?:\.(?:com|org|net))?")
    assert [email for email in emails if not domain.fullmatch(email)] == []


def test_the_same_day_gives_the_same_bodies() -> None:
    assert list(bodies(NOW)) == list(bodies(NOW + timedelta(hours=9)))


@pytest.mark.parametrize(("script", "named", "why"), BROKEN)
def test_a_broken_script_names_the_place(script: str, named: str, why: str) -> None:
    with pytest.raises(ScriptError, match=named):
        read(script)
    assert read(SHORT), why


def test_a_scene_is_read_with_its_facts_and_lines() -> None:
    script = (
        "# a remark\n[b-2]\ndays: 1\ntime: 09:30\nplace: Brno, CZ\nrating: 5 | quick\n"
        "page: https://shop.example/ | Shop\nvar: Orders = 2\n"
        "+0:00 T[Welcome] Hi\n+1:05 A[Eva] Yes?\\nHere.\n"
    )
    (scene,) = read(script)
    sent = payload(scene, NOW)
    read_back = read_conversation(json.dumps(sent).encode())
    assert (read_back.rating, read_back.rating_comment) == (5, "quick")
    assert (read_back.visitor.city, read_back.visitor.country_code) == ("Brno", "CZ")
    assert [(m.role, m.text) for m in read_back.messages] == [
        (Role.AUTOMATIC, "Hi"),
        (Role.AGENT, "Yes?\nHere."),
    ]
    assert read_back.begin.replace(microsecond=0) == NOW.replace(
        day=28, month=2, hour=9, minute=30, second=0
    )


@pytest.mark.parametrize("write", [sample_command, sample_line])
def test_the_command_that_people_try_posts_a_conversation(
    write: Callable[[str, datetime], str],
) -> None:
    words = shlex.split(write("http://127.0.0.1:8000/hooks/smartsupp/abc", NOW))
    posted = read_conversation(words[words.index("-d") + 1].encode())
    assert "http://127.0.0.1:8000/hooks/smartsupp/abc" in words
    assert posted.end == NOW.replace(microsecond=0)
    assert posted.messages[0].role is Role.VISITOR


def _sentences(conversation: Conversation) -> set[str]:
    """What people and triggers said, sentence by sentence, however it was spelt."""
    said = (message.text for message in conversation.messages if message.role is not Role.SYSTEM)
    parts = (part for text in said for part in re.split(r"(?<=[.!?…])\s+|\n", text))
    return {part.strip().casefold() for part in parts if part.strip()}
