"""What a query asks of an index: tokens, sequences, prefixes, keywords and instants."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.search.clauses import (
    FACTS,
    All,
    AnyOf,
    Began,
    Beginning,
    Clause,
    Keyword,
    Neighbours,
    Readings,
    Term,
    Without,
    clause_of,
    filter_clause,
    text_clause,
)
from app.search.parameters import SearchQuery
from app.search.parser import parse
from app.search.values import agent_keyword

UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
VISITOR, AGENT, AUTOMATIC = ("visitor",), ("agent",), ("automatic",)


def ms(text: str) -> int:
    """An instant, written in UTC, in ms since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


MEANINGS: Sequence[tuple[str, Clause, str]] = [
    ("Refund", Term("refund"), "a word is a folded token, anywhere"),
    ("refund invoice", All((Term("refund"), Term("invoice"))), "all words"),
    ('"gift card"', Neighbours(("gift", "card")), "a phrase is neighbours"),
    ('"refund"', Term("refund"), "a phrase of one token is that term"),
    ('"Straße 5, Brno"', Neighbours(("strasse", "5", "brno")), "a phrase across signs"),
    (
        "don't",
        Readings((Neighbours(("don", "t")), Term("dont"))),
        "a compound is the phrase of its parts, or its whole",
    ),
    (
        "AB-2024/10023",
        Readings((Neighbours(("ab", "2024", "10023")), Term("ab202410023"))),
        "an order number",
    ),
    (
        '"don\'t worry"',
        Readings((Neighbours(("don", "t", "worry")), Neighbours(("dont", "worry")))),
        "a compound in quotes too",
    ),
    ("a+b", Neighbours(("a", "b")), "a word of two tokens is neighbours"),
    ("日本語", Neighbours(("日本", "本語")), "an unspaced word is its bigrams"),
    ("猫", Term("猫"), "a single character"),
    ("日本", Term("日本"), "two characters are one bigram"),
    ("👍🏽", Term("👍"), "an emoji without its dress"),
    ("deliver*", Beginning("deliver"), "a prefix"),
    ("Über*", Beginning("uber"), "a prefix is folded"),
    ("AB-10*", Beginning("ab10"), "a prefix of a compound begins its whole"),
    ("日本*", Term("日本"), "an unspaced run contains its beginnings"),
    ("日本語*", Neighbours(("日本", "本語")), "so do longer ones"),
    ("猫*", Beginning("猫"), "one character begins bigrams"),
    ("-refund", Without(Term("refund")), "not"),
    ("a OR b", AnyOf((Term("a"), Term("b"))), "either"),
    ("a OR b -c", All((AnyOf((Term("a"), Term("b"))), Without(Term("c")))), "OR binds closer"),
    ("visitor:late", Term("late", VISITOR), "a role is a place"),
    ("-agent:sorry", Without(Term("sorry", AGENT)), "not said by an agent"),
    (
        'automatic:(hello OR "good day")',
        AnyOf((Term("hello", AUTOMATIC), Neighbours(("good", "day"), AUTOMATIC))),
        "a role reaches into brackets",
    ),
    ("visitor:deliver*", Beginning("deliver", VISITOR), "a prefix said by a visitor"),
    (
        "visitor:don't",
        Readings((Neighbours(("don", "t"), VISITOR), Term("dont", VISITOR))),
        "both readings said by a visitor",
    ),
    ("visitor:(-late)", Without(Term("late", VISITOR)), "a negation keeps its place"),
    ("-rating:bad", Without(Keyword("rating", "bad")), "a filter that stays in the text"),
    (
        'a OR by:"Łukasz Żak"',
        AnyOf((Term("a"), Keyword("agent", "lukasz zak"))),
        "a person is compared folded",
    ),
    ("a OR country:cz", AnyOf((Term("a"), Keyword("country", "CZ"))), "a country is its code"),
    (
        "-after:2026-01-01",
        Without(Began(ms("2026-01-01"), None)),
        "a day in the text",
    ),
    (
        "-before:2026-01-01",
        Without(Began(None, ms("2026-01-02"))),
        "the last day is included",
    ),
]


@pytest.mark.parametrize(("typed", "clause", "reason"), MEANINGS, ids=[m[2] for m in MEANINGS])
def test_a_typed_query_asks_the_index_for_this(typed: str, clause: Clause, reason: str) -> None:
    node = parse(typed).node
    assert node is not None
    assert text_clause(SearchQuery(node=node)) == clause, reason


def test_a_plain_word_is_sought_in_facts_too() -> None:
    assert Term("refund").places == (*VISITOR, *AGENT, *AUTOMATIC, FACTS)


def asked(**params: str | list[str]) -> SearchQuery:
    lists = {
        name.rstrip("_"): [value] if isinstance(value, str) else value
        for name, value in params.items()
    }
    return SearchQuery.from_params(lists, BERLIN)


FIRST, LAST = ms("2025-12-31T23:00"), ms("2026-01-31T23:00")
SEARCHES: Sequence[tuple[SearchQuery, Clause, str]] = [
    (asked(), All(()), "nothing asks for everything"),
    (asked(q="a"), Term("a"), "a word alone"),
    (asked(rating="bad"), Keyword("rating", "bad"), "a filter alone"),
    (
        asked(rating=["bad", "good"]),
        AnyOf((Keyword("rating", "bad"), Keyword("rating", "good"))),
        "values of one filter mean or",
    ),
    (
        asked(q="a", rating="bad", country="cz"),
        All((Term("a"), Keyword("rating", "bad"), Keyword("country", "CZ"))),
        "different filters mean and",
    ),
    (asked(q="rating:bad"), Keyword("rating", "bad"), "an operator is its parameter"),
    (asked(agent="Łukasz  Żak"), Keyword("agent", "lukasz zak"), "a person is compared folded"),
    (asked(agent="none"), Keyword("agent", "none"), "conversations without an agent"),
    (asked(from_="2026-01-01"), Began(FIRST, None), "from midnight in the portal's zone"),
    (asked(to="2026-01-31"), Began(None, LAST), "to the end of the last day"),
    (asked(from_="2026-01-01", to="2026-01-31"), Began(FIRST, LAST), "both"),
    (
        asked(q="a", to="2026-01-31"),
        All((Term("a"), Began(None, LAST))),
        "words and days",
    ),
]


@pytest.mark.parametrize(("query", "clause", "reason"), SEARCHES, ids=[s[2] for s in SEARCHES])
def test_a_search_asks_the_index_for_this(query: SearchQuery, clause: Clause, reason: str) -> None:
    assert clause_of(query) == clause, reason


def test_a_filter_can_be_left_out_for_its_own_facet() -> None:
    query = asked(q="a", rating="bad", country="cz")
    assert clause_of(query, leaving_out="rating") == All((Term("a"), Keyword("country", "CZ")))


def test_leaving_out_a_filter_that_is_not_chosen_changes_nothing() -> None:
    query = asked(q="a", rating="bad")
    assert clause_of(query, leaving_out="country") == clause_of(query)


def test_leaving_out_the_only_filter_asks_for_everything() -> None:
    assert clause_of(asked(rating="bad"), leaving_out="rating") == All(())


def test_a_name_that_folding_shortens_is_the_keyword_of_the_index() -> None:
    name = "e\u0301" * 200
    assert clause_of(asked(agent=name)) == Keyword("agent", agent_keyword(name))


def test_several_values_of_a_filter_are_alternatives() -> None:
    assert filter_clause("country", ("CZ", "DE")) == AnyOf(
        (Keyword("country", "CZ"), Keyword("country", "DE"))
    )
