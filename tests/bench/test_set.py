"""The set: seeded, of the announced size, and as the vendor sends it."""

import json
from collections import Counter
from typing import Any

import pytest

from app.conversations.feeds.smartsupp_hook import read_conversation
from bench.conversations import END_MS, SPAN_MS, bodies, long_hook, message_counts, small_hook
from bench.people import AGENTS, GROUPS
from bench.speech import without_accents
from bench.words import LANGUAGES, TYPES, vocabulary

SEED = 7
CONVERSATIONS, MESSAGES = 300, 4_000
SET = tuple(bodies(SEED, CONVERSATIONS, MESSAGES))
PAYLOADS: tuple[dict[str, Any], ...] = tuple(json.loads(body) for body in SET)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert tuple(bodies(SEED, CONVERSATIONS, MESSAGES)) == SET


def test_another_seed_gives_other_bytes() -> None:
    assert next(bodies(SEED + 1, CONVERSATIONS, MESSAGES)) != SET[0]


@pytest.mark.parametrize(
    ("conversations", "messages"), [(1, 1), (3, 3), (70, 1_000), (70_000, 1_000_000)]
)
def test_messages_add_up_and_no_conversation_is_without_one(
    conversations: int, messages: int
) -> None:
    counts = message_counts(SEED, conversations, messages)
    assert (len(counts), sum(counts)) == (conversations, messages)
    assert min(counts) >= 1


def test_fewer_messages_than_conversations_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        message_counts(SEED, 10, 9)


def test_the_set_has_the_size_that_was_asked_for() -> None:
    assert len(SET) == CONVERSATIONS
    assert sum(len(payload["messages"]) for payload in PAYLOADS) == MESSAGES


def test_every_hook_is_a_conversation_of_its_own_for_the_portal() -> None:
    assert len({read_conversation(body).id for body in SET}) == CONVERSATIONS


def test_begins_span_eighteen_months() -> None:
    begins = [payload["beginAt"] for payload in PAYLOADS]
    assert END_MS - SPAN_MS <= min(begins) <= max(begins) <= END_MS
    assert max(begins) - min(begins) > 0.95 * SPAN_MS


def test_messages_lie_between_begin_and_end_in_order() -> None:
    for payload in PAYLOADS:
        times = [message["sentAt"] for message in payload["messages"]]
        assert times == sorted(times)
        assert (payload["beginAt"], payload["endAt"]) == (times[0], times[-1])


def test_facets_have_something_to_count() -> None:
    countries = {payload["visitor"]["countryCode"] for payload in PAYLOADS}
    groups = {payload["visitor"]["group"] for payload in PAYLOADS}
    ratings = {payload["channel"]["rating"] for payload in PAYLOADS}
    assert len(countries) >= 8
    assert groups == {*GROUPS, None}
    assert ratings == {5, 3, 1, None}


def test_twenty_five_agents_answer() -> None:
    names = {m["name"] for p in PAYLOADS for m in p["messages"] if m["type"] == "agent"}
    assert len(AGENTS) == 25
    assert len(names - {""}) == 25


def test_some_visitors_come_again() -> None:
    visits = Counter(payload["visitor"]["id"] for payload in PAYLOADS)
    again = sum(count for count in visits.values() if count > 1)
    assert 0.1 < again / CONVERSATIONS < 0.9


def test_visitors_agents_triggers_and_events_speak() -> None:
    kinds = Counter(m["type"] for p in PAYLOADS for m in p["messages"])
    triggered = [m for p in PAYLOADS for m in p["messages"] if m["triggeredBy"]]
    assert set(kinds) == {"visitor", "agent", "system"}
    assert triggered
    assert all((m["from"], m["name"]) == ("system", "") for m in triggered)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_vocabulary_is_large_and_has_no_word_twice(language: str) -> None:
    words = vocabulary(language).words
    assert len(words) == len(set(words)) == TYPES


def test_words_are_as_frequent_as_their_rank_says() -> None:
    weights = vocabulary("cs").weights
    first = weights[0]
    hundredth = weights[99] - weights[98]
    assert first / hundredth == pytest.approx((100 + 2.7) / (1 + 2.7))


def test_a_small_hook_has_about_one_and_a_half_kilobytes() -> None:
    sizes = [len(small_hook(SEED, number, END_MS + number)) for number in range(200)]
    assert 1_300 < sum(sizes) / len(sizes) < 1_800


def test_small_hooks_are_conversations_of_their_own_and_say_the_word_that_is_wanted() -> None:
    hooks = [small_hook(SEED, number, END_MS + number, "qzword") for number in range(50)]
    talks = [read_conversation(hook) for hook in hooks]
    assert len({talk.id for talk in talks}) == 50
    assert all("qzword" in talk.messages[0].text for talk in talks)


def test_a_long_hook_has_the_messages_and_the_name_that_are_told() -> None:
    name, hook = long_hook(SEED, 500)
    talk = read_conversation(hook)
    assert (talk.id, len(talk.messages)) == (name, 500)


def test_accents_can_be_left_out() -> None:
    assert without_accents("Příliš žluťoučký kůň") == "Prilis zlutoucky kun"
