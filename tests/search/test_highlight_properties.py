"""What holds for the marks of every text and query."""

from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.search.clauses import All, AnyOf, Beginning, Clause, Neighbours, Term, clause_of
from app.search.highlight import Highlight, Highlighter, Passage, Subject, cut
from app.search.parameters import SearchQuery
from app.search.text import Token, analyze, terms

UTC = ZoneInfo("UTC")
WORDS = (
    *("refund", "Refund", "gift", "card", "don't", "dont", "don", "t", "AB-10025", "ab10025"),
    *("10025", "Straße", "strasse", "Mu\u0308ller", "muller", "x.y", "x", "y", "xy", "👍🏽", "👍"),
    *("हिन्दी", "Ёлка", "елка", "Ver\u00adsand", "versand", "١٢", "12", "é", "e\u0301"),
)
SIGNS = (" ", "  ", ", ", " … ", "\n", " (", ") ", "? ")
UNSPACED = ("日", "本", "語", "猫", "か", "が", "ส", "ว", "ย", "한", "국")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=10).flatmap(
    lambda words: st.sampled_from(SIGNS).map(lambda sign: sign.join(words))
)
QUERIES = st.lists(
    st.sampled_from(WORDS + UNSPACED)
    | st.sampled_from(('"gift card"', "re*", "ab-1*", "-x", "OR", "(", ")", "visitor:gift", "-(")),
    max_size=6,
).map(" ".join)
ANY_TEXT = st.lists(
    st.sampled_from(WORDS + UNSPACED + SIGNS)
    | st.characters(exclude_categories=["Cn"])
    | st.sampled_from(("\u200b", "\u200d", "\u0301", "ﷺ", "½", "ß", "-", "’", "\x00", "a" * 60)),
    max_size=15,
).map("".join)
bounded = settings(deadline=None, max_examples=200)


def looked_for(typed: str, *texts: str) -> Highlight:
    query = SearchQuery.from_params({"q": [typed]}, UTC)
    passages = tuple(Passage("visitor", text, n) for n, text in enumerate(texts, start=1))
    return Highlighter(clause_of(query)).look(Subject(passages, {}, 0))


@bounded
@given(st.lists(ANY_TEXT, max_size=3), QUERIES)
def test_parts_joined_give_the_text_again(texts: list[str], typed: str) -> None:
    found = looked_for(typed, *texts)
    for number in found.hits:
        parts = found.parts_of(number) or ()
        assert "".join(part.text for part in parts) == texts[number - 1]


@bounded
@given(ANY_TEXT, QUERIES)
def test_marked_and_unmarked_parts_take_turns(text: str, typed: str) -> None:
    found = looked_for(typed, text)
    hits = [part.hit for part in found.parts_of(1) or ()]
    assert all(hit is not following for hit, following in pairwise(hits))


@bounded
@given(ANY_TEXT, QUERIES)
def test_no_part_is_empty(text: str, typed: str) -> None:
    found = looked_for(typed, text)
    assert all(part.text for part in found.parts_of(1) or ())


@bounded
@given(ANY_TEXT, QUERIES)
def test_stretches_rise_within_the_text_and_do_not_touch(text: str, typed: str) -> None:
    edges = [edge for stretch in looked_for(typed, text).marks.get(0, ()) for edge in stretch]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= len(text) for edge in edges)


@bounded
@given(ANY_TEXT)
def test_a_text_finds_itself_as_a_phrase(text: str) -> None:
    assume(terms(text).folded)
    assume(set(text).isdisjoint('"“”„‟«»＂') and len(text.encode("utf-8", "replace")) < 1_000)
    assert looked_for(f'"{text}"', text).hits == (1,)


@bounded
@given(st.lists(st.sampled_from(WORDS + UNSPACED), min_size=1, max_size=8), st.data())
def test_every_word_of_a_text_finds_the_text(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    assert looked_for(word, " ".join(words)).hits == (1,)


@bounded
@given(st.lists(st.sampled_from(WORDS + UNSPACED), min_size=1, max_size=8), st.data())
def test_every_beginning_of_a_text_finds_the_text(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    assert looked_for(f"{word}*", " ".join(words)).hits == (1,)


def wanted_clauses(clause: Clause) -> Iterator[Term | Neighbours | Beginning]:
    """The clauses that find words, those that exclude left out."""
    match clause:
        case Term() | Neighbours() | Beginning():
            yield clause
        case All(clauses) | AnyOf(clauses):
            for part in clauses:
                yield from wanted_clauses(part)


def wants(typed: str) -> tuple[set[str], tuple[str, ...]]:
    """The tokens that a query wants, and the beginnings."""
    query = SearchQuery.from_params({"q": [typed]}, UTC)
    tokens: set[str] = set()
    prefixes: list[str] = []
    for clause in wanted_clauses(clause_of(query)):
        match clause:
            case Term(token):
                tokens.add(token)
            case Neighbours(neighbours):
                tokens.update(neighbours)
            case Beginning(prefix):
                prefixes.append(prefix)
    return tokens, tuple(prefixes)


@bounded
@given(TEXTS, QUERIES)
def test_a_marked_stretch_analyzes_to_what_the_query_wanted(text: str, typed: str) -> None:
    tokens, prefixes = wants(typed)

    def is_wanted(token: Token) -> bool:
        return token.text in tokens or token.text.startswith(prefixes)

    for part in looked_for(typed, text).parts_of(1) or ():
        if part.hit:
            found = analyze(part.text)
            assert found.tokens
            assert all(map(is_wanted, found.tokens)) or all(map(is_wanted, found.joined))


@bounded
@given(st.text(st.sampled_from("".join(UNSPACED)), max_size=12), st.sampled_from(UNSPACED))
def test_a_single_character_is_marked_wherever_it_stands(text: str, character: str) -> None:
    marked = {
        place
        for start, end in looked_for(character, text).marks.get(0, ())
        for place in range(start, end)
    }
    assert marked == {place for place, each in enumerate(text) if each == character}


@bounded
@given(
    st.text(st.sampled_from("".join(UNSPACED)), max_size=12),
    st.text(st.sampled_from("".join(UNSPACED)), min_size=2, max_size=4),
)
def test_an_unspaced_word_is_marked_where_it_stands(text: str, word: str) -> None:
    places = [at for at in range(len(text)) if text.startswith(word, at)]
    wanted = {place for at in places for place in range(at, at + len(word))}
    marked = {
        place
        for start, end in looked_for(word, text).marks.get(0, ())
        for place in range(start, end)
    }
    assert marked == wanted


@bounded
@given(TEXTS, st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_an_excluded_word_is_never_marked(text: str, wanted: str, excluded: str) -> None:
    alone = set(looked_for(excluded, text).marks)
    found = looked_for(f"{wanted} -{excluded}", text)
    assert not alone or found.marks == {}


@bounded
@given(TEXTS, st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_an_alternative_marks_what_either_side_marks(text: str, one: str, other: str) -> None:
    def places(typed: str) -> set[int]:
        stretches = looked_for(typed, text).marks.get(0, ())
        return {place for start, end in stretches for place in range(start, end)}

    assert places(f"{one} OR {other}") == places(one) | places(other)


@bounded
@given(TEXTS, st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_a_conjunction_marks_both_or_nothing(text: str, one: str, other: str) -> None:
    found = [looked_for(typed, text).marks for typed in (f"{one} {other}", one, other)]
    assert bool(found[0]) is (bool(found[1]) and bool(found[2]))


@bounded
@given(st.text(), st.sets(st.integers(0, 30), max_size=8))
def test_cutting_loses_nothing(text: str, edges: set[int]) -> None:
    within = sorted(edge for edge in edges if edge <= len(text))
    stretches = list(zip(within[::2], within[1::2], strict=False))
    parts = cut(text, stretches)
    assert "".join(part.text for part in parts) == text
    assert [part.text for part in parts if part.hit] == [text[a:b] for a, b in stretches]


@pytest.mark.parametrize("text", ["", "…", "\x00", "\ud83d", "\u200b"])
def test_a_text_without_tokens_has_no_marks(text: str) -> None:
    assert looked_for("a", text).marks == {}
