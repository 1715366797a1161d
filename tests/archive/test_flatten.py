"""From a conversation to its document: which words go where, and which never do."""

import json
from typing import Any

import pytest
from archive_world import BEGIN, UTC
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import LATEST_BEGIN, SORT_BITS, Conversation
from app.flatten import country_code, flatten, passages, sort_key, subject
from app.search.clauses import EVERYWHERE, FACTS, Keyword, filter_clause
from app.search.engine import Document
from app.search.parameters import SearchQuery
from app.search.text import terms
from app.search.values import filter_value

MARKED: dict[str, Any] = {
    "accountId": "waccount",
    "beginAt": BEGIN,
    "channel": {"id": "wchannel", "rating": 5, "ratingDesc": "wcomment"},
    "visitor": {
        "id": "wvisitorid",
        "name": "wname",
        "email": "wemail",
        "note": "wnote",
        "group": "wgroup",
        "ipAddress": "waddress",
        "city": "wcity",
        "country": "wcountry",
        "countryCode": "CZ",
        "userAgent": "wbrowser",
        "platform": "wplatform",
        "referer": "wreferer",
        "variables": {"wkey": {"label": "wlabel", "value": "wvalue"}, "wplain": "wplainvalue"},
    },
    "paths": [{"url": "wurl", "title": "wtitle"}],
    "messages": [
        {"type": "visitor", "name": "wspeaker", "content": "wsaid", "from": "visitor:wtoken"},
        {"type": "agent", "name": "wagent", "content": "wanswer", "from": "agent:wnumber"},
        {"type": "agent", "content": "wauto", "from": "system", "triggeredBy": "wtrigger"},
        {"type": "system", "name": "wjoined", "content": "wcode.wevent", "from": "agent:3"},
        {"type": "wkind", "name": "wbot", "content": "wunknown", "from": "bot:1"},
    ],
}
"""A payload with a word of its own in every field."""
PLACES = {
    "visitor": {"wsaid"},
    "agent": {"wanswer"},
    "automatic": {"wauto"},
    FACTS: {
        *("wname", "wemail", "wnote", "wcity", "wcountry", "wcomment", "wurl", "wtitle"),
        *("wlabel", "wvalue", "wplain", "wplainvalue", "wagent"),
        "wunknown",  # of a message whose role nobody knows
    },
}
"""Where each word must be; all others stand nowhere."""
KEYWORDS: tuple[tuple[dict[str, object], str, tuple[str, ...]], ...] = (
    # what is added to a payload, the field, its values
    ({"channel": {"id": 1, "rating": 5}}, "rating", ("good",)),
    ({"channel": {"id": 1, "rating": 3}}, "rating", ("normal",)),
    ({"channel": {"id": 1, "rating": 1}}, "rating", ("bad",)),
    ({"channel": {"id": 1, "rating": 4}}, "rating", ("4",)),
    ({"channel": {"id": 1, "rating": 0}}, "rating", ("0",)),
    ({"channel": {"id": 1, "rating": -2}}, "rating", ("-2",)),
    ({}, "rating", ("none",)),
    ({"visitor": {"countryCode": "cz"}}, "country", ("CZ",)),
    ({"visitor": {"countryCode": " CZ "}}, "country", ("CZ",)),
    ({"visitor": {"countryCode": "CZE"}}, "country", ("none",)),
    ({"visitor": {"countryCode": "ČR"}}, "country", ("none",)),
    ({"visitor": {"country": "CZ"}}, "country", ("none",)),
    ({}, "country", ("none",)),
    ({"channel": {"id": 1, "isChat": True, "isDropped": True}}, "outcome", ("chat", "dropped")),
    ({}, "outcome", ()),
    ({"visitor": {"group": "Sales & Co"}}, "group", ("Sales & Co",)),
    ({"visitor": {"groupKey": "old"}}, "group", ("old",)),
    ({"visitor": {"group": "a\0b"}}, "group", ("ab",)),
    ({"visitor": {"group": "g" * 300}}, "group", ("g" * 256,)),
    ({}, "group", ("none",)),
    ({}, "agent", ("none",)),
)
AGENTS = (
    # names of agents as sent, their keywords
    (["Jonas Muster"], ("jonas muster",)),
    (["José  Núñez "], ("jose nunez",)),
    (["Žofie", "ŽOFIE", "zofie"], ("zofie",)),
    (["B", "A"], ("b", "a")),
    (["   "], ("none",)),
    (["x" * 300], ("x" * 256,)),
)
NAMELESS = ("\u200b", "\x00", "\u200b \u2060")
"""Names of which nothing is left to compare."""


@pytest.mark.parametrize("place", [*EVERYWHERE])
def test_every_word_stands_in_its_place_alone(place: str) -> None:
    document = flatten(_read(MARKED), 0)
    assert _words(document, place) == PLACES[place]


def test_nothing_else_is_a_word_of_the_document() -> None:
    document = flatten(_read(MARKED), 0)
    assert set(document.texts) == set(PLACES)


@pytest.mark.parametrize(("more", "field", "values"), KEYWORDS)
def test_a_keyword_field_has_its_values(
    more: dict[str, object], field: str, values: tuple[str, ...]
) -> None:
    assert set(flatten(_read(_bare(**more)), 0).keywords[field]) == set(values)


@pytest.mark.parametrize(("names", "keywords"), AGENTS)
def test_agents_are_compared_folded(names: list[str], keywords: tuple[str, ...]) -> None:
    assert _with_agents(*names).keywords["agent"] == keywords


@pytest.mark.parametrize("name", NAMELESS)
def test_an_agent_without_a_comparable_name_is_none(name: str) -> None:
    assert _with_agents(name).keywords["agent"] == ("none",)


@pytest.mark.parametrize(
    "name", ["Jonas Muster", "ŽOFIE  Ž", "ß", "x" * 300, "d'Arc", "李 雷", "1"]
)
def test_an_agent_is_found_by_the_whole_name_as_sent(name: str) -> None:
    assert _asked_for_agent(name) == Keyword("agent", _with_agents(name).keywords["agent"][0])


@pytest.mark.parametrize("name", ["ß" * 200, "ﷺ" * 100], ids=["ß", "ﷺ"])
def test_an_agent_is_found_by_a_name_that_grows_when_it_is_folded(name: str) -> None:
    assert _asked_for_agent(name) == Keyword("agent", _with_agents(name).keywords["agent"][0])


@pytest.mark.parametrize("rating", [5, 3, 1, 0, 4, -1, 99, 10**9, -(10**12), 10**60])
def test_a_rating_is_a_value_that_the_filter_takes(rating: int) -> None:
    (word,) = _rated(rating).keywords["rating"]
    assert filter_value("rating", word).value == word


@pytest.mark.parametrize("rating", [10**60, -(10**60), 2**63, -(2**63)])
def test_a_rating_that_is_too_large_is_clamped(rating: int) -> None:
    (word,) = _rated(rating).keywords["rating"]
    assert int(word) == (2**63 - 1 if rating > 0 else -(2**63 - 1))


def test_each_message_is_a_text_of_its_own() -> None:
    said = ["one two", "three", "", "...", "four"]
    sent = [{"type": "visitor", "content": text, "sentAt": at} for at, text in enumerate(said)]
    texts = flatten(_read(_bare(messages=sent)), 0).texts["visitor"]
    assert [text.folded for text in texts] == ["one two", "three", "four"]


def test_a_place_without_words_is_left_out() -> None:
    assert flatten(_read(_bare(messages=[{"type": "visitor", "content": "?!"}])), 0).texts == {}


def test_a_document_knows_its_conversation_and_place() -> None:
    document = flatten(_read(_bare()), 77)
    assert (document.id, document.sort_key, document.begin_ms) == (f"208-1-{BEGIN}", 77, BEGIN)


@pytest.mark.parametrize("begin", [0, 1, BEGIN, LATEST_BEGIN])
def test_a_sort_key_is_the_begin_before_anything_else(begin: int) -> None:
    key = sort_key("some-id", begin)
    assert key >> SORT_BITS == begin
    assert 0 <= key < 2**63


def test_sort_keys_of_one_begin_differ_by_the_id() -> None:
    keys = {sort_key(f"208-{number}-{BEGIN}", BEGIN) for number in range(100)}
    assert len(keys) == 100


def test_passages_carry_the_numbers_of_their_messages() -> None:
    numbered = [(p.place, p.text, p.number) for p in passages(_read(MARKED)) if p.number]
    assert numbered == [
        ("visitor", "wsaid", 1),
        ("agent", "wanswer", 2),
        ("automatic", "wauto", 3),
        (FACTS, "wunknown", 5),
    ]


def test_passages_hold_exactly_the_words_of_the_document() -> None:
    conversation = _read(MARKED)
    document = flatten(conversation, 0)
    for place in EVERYWHERE:
        said = {
            word
            for passage in passages(conversation)
            if passage.place == place
            for word in terms(passage.text).folded
        }
        assert said == _words(document, place)


def test_the_highlighter_looks_at_the_keywords_of_the_document() -> None:
    conversation = _read(MARKED)
    assert subject(conversation).keywords == flatten(conversation, 0).keywords
    assert country_code(conversation) == "CZ"
    assert country_code(_read(_bare())) is None


@settings(deadline=None, max_examples=150)
@given(
    st.integers(-(10**60), 10**60) | st.none(),
    st.lists(st.text(st.characters(codec=None), max_size=40), min_size=5, max_size=5),
)
def test_any_texts_make_a_document(rating: int | None, texts: list[str]) -> None:
    name, group, country, said, label = texts
    conversation = _read(
        _bare(
            channel={"id": 1, "rating": rating, "ratingDesc": said},
            visitor={"group": group, "countryCode": country, "variables": {label: said}},
            messages=[{"type": "agent", "name": name, "content": said}],
        )
    )
    document = flatten(conversation, sort_key(conversation.id, BEGIN))
    values = [value for field in document.keywords.values() for value in field]
    assert all(len(value) <= 256 and "\0" not in value for value in values)
    assert all(value.encode() is not None for value in values)


def _bare(**more: object) -> dict[str, object]:
    return {"accountId": 208, "beginAt": BEGIN, "channel": {"id": 1}, **more}


def _read(payload: dict[str, Any]) -> Conversation:
    return read_conversation(json.dumps(payload).encode())


def _rated(rating: int) -> Document:
    return flatten(_read(_bare(channel={"id": 1, "rating": rating})), 0)


def _with_agents(*names: str) -> Document:
    spoken = [{"type": "agent", "from": "agent:1", "name": name, "content": "x"} for name in names]
    return flatten(_read(_bare(messages=spoken)), 0)


def _asked_for_agent(name: str) -> object:
    query = SearchQuery.from_params({"agent": [name]}, UTC)
    return filter_clause("agent", query.chosen("agent"))


def _words(document: Document, place: str) -> set[str]:
    return {word for text in document.texts.get(place, ()) for word in text.folded.split()}
