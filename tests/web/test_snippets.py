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
from app.search.highlight import Highlight, Part
from app.search.parameters import SearchQuery
from app.web.excerpt import LONGEST, excerpt
from app.web.result_view import Finder, ResultView, result_view
from app.web.timeline_lines import Lines
from app.web.timeline_place import Place, Wish
from app.web.visible import shown

WORD: Final = "parcel"


def result_of(query: str, *messages: dict[str, object], **facts: object) -> ResultView:
    """The result that a conversation of these messages is."""
    body = hook(1, *messages, **facts)  # type: ignore[arg-type]
    stored = Hook(1, "hook", BEGIN, b"", 0, body)
    archived = Archived(read_conversation(body), stored, (stored,), (), Visit.FIRST)
    asked = _query(query)
    return result_view(asked, archived, Finder(asked).find(archived))


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


def test_the_nearest_different_words_come_first() -> None:
    texts = [
        f"{WORD} {WORD} {WORD}",
        f"lost {'so ' * 30}{WORD}",
        "lost",
        f"my {WORD} is lost, {'so ' * 30}{WORD}",
        "lost and lost",
    ]
    result = result_of(f"{WORD} lost", *[said(text, BEGIN + n) for n, text in enumerate(texts)])
    assert numbers(result) == [4, 2, 1]
    assert result.more_hits == 2


def test_two_readings_of_one_word_are_one_word() -> None:
    texts = ["dont don't", "don't lost"]
    result = result_of("don't lost", *[said(text, BEGIN + n) for n, text in enumerate(texts)])
    assert numbers(result) == [2, 1]


FACTS: Final[dict[str, tuple[str, dict[str, object]]]] = {
    "name": ("Eva Nová", {"visitor": {"name": "Eva Nová"}}),
    "email": ("eva@shop.example", {"visitor": {"email": "eva@shop.example"}}),
    "note": ("wants eva back", {"visitor": {"note": "wants eva back"}}),
    "place": ("Eva", {"visitor": {"city": "Eva"}}),
    "comment": ("Eva was quick", {"ratingDesc": "Eva was quick"}),
    "page": ("For Eva", {"paths": [{"title": "For Eva", "url": ""}]}),
    "variable": (
        "eva-7",
        {"visitor": {"variables": {"x": {"label": "Customer", "value": "eva-7"}}}},
    ),
}


@pytest.mark.parametrize("kind", FACTS)
def test_a_word_that_stands_in_a_fact_alone_is_marked_there(kind: str) -> None:
    text, facts = FACTS[kind]
    result = result_of("eva", said("hello"), answered("hi"), **facts)
    (fact,) = result.facts
    assert (fact.fact, "".join(part.text for part in fact.parts)) == (kind, text)
    assert [word.lower() for word in marked(fact.parts)] == ["eva"]
    assert fact.label == ("Customer" if kind == "variable" else "")
    assert numbers(result) == [1, 2]
    assert [marked(snippet.parts) for snippet in result.snippets] == [[], []]


def test_a_message_says_in_which_language_it_is_written() -> None:
    body = hook(1, said("荷物"), answered("Pakke"), said("…"))
    stored = Hook(1, "hook", BEGIN, b"", 0, body)
    spoken = {"visitor": ("ja",), "agent": ("da", "no")}
    archived = Archived(read_conversation(body), stored, (stored,), (), Visit.FIRST, spoken)
    nowhere = Highlight((), {})
    result = result_view(_query(""), archived, nowhere)
    assert (result.language, [snippet.lang for snippet in result.snippets]) == ("ja", ["ja", ""])
    place = Place(archived.conversation, _query(""), Wish(), ())
    lines = Lines(archived, _query(""), Wish(), nowhere, place, ()).entries()
    assert [line.by.lang for line in lines if line.by is not None] == ["ja", "", "ja"]


def test_facts_tell_only_what_no_message_says() -> None:
    facts = {"visitor": {"name": f"Eva {WORD}", "note": f"{WORD} lost"}}
    result = result_of(f"{WORD} eva", said(f"my {WORD}"), **facts)
    assert [(fact.fact, marked(fact.parts)) for fact in result.facts] == [("name", ["Eva", WORD])]
    assert result_of(WORD, said(WORD), **facts).facts == ()
    assert result_of("", said(WORD), **facts).facts == ()


def test_a_long_list_of_facts_is_cut() -> None:
    variables = {str(n): {"label": "Item", "value": f"{WORD} {n}"} for n in range(9)}
    result = result_of(WORD, said("hello"), visitor={"variables": variables})
    assert [fact.parts[1].text for fact in result.facts] == [" 0", " 1", " 2"]


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
    parts = (Part("a ", hit=False), Part("b" * (LONGEST - 2), hit=True))
    assert excerpt(parts) == parts


def test_a_long_message_is_shown_from_the_sentence_around_the_nearest_words() -> None:
    text = f"Lost. {'Some words. ' * 30}Hello there! My {WORD} is lost. {'Then more. ' * 40}"
    (snippet,) = result_of(f"{WORD} lost", said(text)).snippets
    shown = "".join(part.text for part in snippet.parts)
    assert marked(snippet.parts) == [WORD, "lost"]
    assert shown.startswith(f"… My {WORD} is lost. Then more.")
    assert shown.endswith("Then more. …")


def test_sentences_of_scripts_without_spaces_have_borders_too() -> None:
    parts = (
        Part("これは文です。" * 60 + "私の", hit=False),
        Part("荷物", hit=True),
        Part("です。" * 150, hit=False),
    )
    shown = "".join(part.text for part in excerpt(parts))
    assert shown.startswith("… 私の荷物です。")
    assert shown.endswith("です。 …")


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
    assert len(text) <= LONGEST + 4


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.text(max_size=200), st.booleans()), max_size=8))
def test_an_excerpt_is_a_stretch_of_the_message_with_its_first_mark(
    pieces: list[tuple[str, bool]],
) -> None:
    parts = [Part(text, hit=hit and bool(text)) for text, hit in pieces]
    cut = excerpt(parts)
    whole = "".join(part.text for part in parts)
    text = "".join(part.text for part in cut).removeprefix("… ").removesuffix(" …")
    if shown(whole) == whole:
        assert text in whole
        assert len(text) <= LONGEST
    first = next((part for part in parts if part.hit), None)
    assert first is None or any(part.hit for part in cut)
