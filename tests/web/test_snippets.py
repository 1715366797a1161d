"""Snippets: which messages a result shows, and which stretch of a long one."""

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_world import BEGIN, answered, happened, hook, read_query, said

from app.archive.hooks import Hook
from app.archive.reading import Archived
from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Visit
from app.search.highlight import Part
from app.search.parameters import SearchQuery
from app.web.result_view import SNIPPET_LENGTH, ResultView, excerpt, result_view

WORD: Final = "parcel"


def result_of(query: str, *messages: dict[str, object], **facts: object) -> ResultView:
    """The result that a conversation of these messages is."""
    body = hook(1, *messages, **facts)  # type: ignore[arg-type]
    stored = Hook(1, "hook", BEGIN, b"", 0, body)
    return result_view(
        _query(query), Archived(read_conversation(body), stored, (stored,), Visit.FIRST)
    )


def _query(text: str) -> SearchQuery:
    return read_query(f"/?q={text}")


def numbers(result: ResultView) -> list[int]:
    """The numbers of the messages that a result shows."""
    return [snippet.number for snippet in result.snippets]


def marked(parts: Sequence[Part]) -> list[str]:
    """The marked pieces of a message."""
    return [part.text for part in parts if part.hit]


def test_the_messages_with_the_most_marks_are_shown_in_order_of_time() -> None:
    texts = [WORD, "nothing", WORD, f"{WORD} {WORD}", WORD, f"{WORD} and {WORD} and {WORD}"]
    result = result_of(WORD, *[said(text, BEGIN + n) for n, text in enumerate(texts)])
    assert numbers(result) == [1, 4, 6]
    assert (result.more_hits, result.more_text) == (2, "2 more hits in this conversation")
    assert result.more_url.endswith("&hit=2#m3")


def test_when_snippets_show_every_hit_there_are_no_more() -> None:
    result = result_of(WORD, said(WORD), said("nothing"))
    assert (numbers(result), result.more_hits, result.more_url) == ([1], 0, "")


def test_a_word_that_stands_in_a_fact_alone_shows_how_the_conversation_began() -> None:
    result = result_of("Eva", said("hello"), answered("hi"), visitor={"name": "Eva"})
    assert numbers(result) == [1, 2]
    assert [marked(snippet.parts) for snippet in result.snippets] == [[], []]


@pytest.mark.parametrize(
    ("messages", "shown"),
    [
        ([answered("a"), said("b"), answered("c"), said("d")], [1, 2]),
        ([happened("agent.join"), said(" "), said("b")], [3]),
        ([happened("agent.join")], []),
        ([{"type": "pigeon", "content": "coo"}, happened("agent.join")], [1]),
        ([], []),
    ],
)
def test_without_words_the_first_of_each_side_is_shown(
    messages: list[dict[str, object]], shown: list[int]
) -> None:
    assert numbers(result_of("", *messages)) == shown


def test_a_short_message_is_shown_whole() -> None:
    parts = (Part("a ", hit=False), Part("b" * (SNIPPET_LENGTH - 2), hit=True))
    assert excerpt(parts) == parts


def test_a_long_message_is_shown_around_its_first_mark() -> None:
    parts = (
        Part("before " * 100, hit=False),
        Part(WORD, hit=True),
        Part(" after" * 100, hit=False),
    )
    shown = excerpt(parts)
    text = "".join(part.text for part in shown)
    assert text.startswith("… before ")
    assert text.endswith(" after …")
    assert marked(shown) == [WORD]
    assert len(text) <= SNIPPET_LENGTH + 4


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.text(max_size=200), st.booleans()), max_size=8))
def test_an_excerpt_is_a_stretch_of_the_message_with_its_first_mark(
    pieces: list[tuple[str, bool]],
) -> None:
    parts = [Part(text, hit=hit and bool(text)) for text, hit in pieces]
    shown = excerpt(parts)
    whole = "".join(part.text for part in parts)
    text = "".join(part.text for part in shown).removeprefix("… ").removesuffix(" …")
    if not any(ord(char) < 32 or ord(char) == 127 for char in whole):
        assert text in whole
    assert len(text) <= max(SNIPPET_LENGTH, len(whole) if len(whole) <= SNIPPET_LENGTH else 0)
    first = next((part for part in parts if part.hit), None)
    assert first is None or any(part.hit for part in shown)
