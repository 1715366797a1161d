"""Clauses as Elasticsearch's queries, each compared as a whole."""

from collections.abc import Mapping, Sequence

import pytest
from contract import ask

from app.search.clauses import All, AnyOf, Began, Clause, Keyword, Without, clause_of
from app.search.elastic_query import Body, any_of, query_of
from app.search.fields import forms_of

ORDERED = (
    *("visitor_folded", "visitor_whole", "agent_folded", "agent_whole"),
    *("automatic_folded", "automatic_whole", "facts_folded", "facts_whole"),
)
"""Where a token can stand."""
ALL_FORMS = (
    *("visitor_folded", "visitor_whole", "visitor_singles"),
    *("agent_folded", "agent_whole", "agent_singles"),
    *("automatic_folded", "automatic_whole", "automatic_singles"),
    *("facts_folded", "facts_whole", "facts_singles"),
)
"""Where a single character of a script without spaces can stand."""
VISITOR = ("visitor_folded", "visitor_whole")
AGENT = ("agent_folded", "agent_whole")


def in_any(kind: str, text: str, names: Sequence[str] = ORDERED) -> Body:
    """One query of a kind in any of some fields."""
    return {"bool": {"should": [{kind: {name: text}} for name in names]}}


def must(*queries: Body) -> Body:
    return {"bool": {"must": list(queries)}}


def must_not(*queries: Body) -> Body:
    return {"bool": {"must_not": list(queries)}}


def either(*queries: Body) -> Body:
    return {"bool": {"should": list(queries)}}


def began(**bounds: int) -> Body:
    return {"range": {"begin": {**bounds, "format": "epoch_millis"}}}


A, B, C, D = (in_any("term", letter) for letter in "abcd")
BAD = {"term": {"rating": "bad"}}
GOOD = {"term": {"rating": "good"}}
DONT_APART = in_any("match_phrase", "don t")
DONT_WHOLE = in_any("term", "dont")

WORDS: Sequence[tuple[str, Body, str]] = [
    ("", {"match_all": {}}, "no words ask for everything"),
    (
        "Refund",
        {
            "bool": {
                "should": [
                    {"term": {"visitor_folded": "refund"}},
                    {"term": {"visitor_whole": "refund"}},
                    {"term": {"agent_folded": "refund"}},
                    {"term": {"agent_whole": "refund"}},
                    {"term": {"automatic_folded": "refund"}},
                    {"term": {"automatic_whole": "refund"}},
                    {"term": {"facts_folded": "refund"}},
                    {"term": {"facts_whole": "refund"}},
                ]
            }
        },
        "a word in every place and both readings",
    ),
    ("猫", in_any("term", "猫", ALL_FORMS), "a single character among the singles too"),
    ("日本", in_any("term", "日本"), "two characters are one bigram"),
    ("日本語", in_any("match_phrase", "日本 本語"), "a longer run is its bigrams side by side"),
    ("👍🏽", in_any("term", "👍"), "an emoji is a word"),
    ("don't", either(DONT_APART, DONT_WHOLE), "a compound in both readings"),
    ('"gift card"', in_any("match_phrase", "gift card"), "a phrase"),
    ('"refund"', in_any("term", "refund"), "a phrase of one token is a word"),
    (
        '"don\'t worry"',
        either(in_any("match_phrase", "don t worry"), in_any("match_phrase", "dont worry")),
        "a phrase with a compound in both readings",
    ),
    ("deliver*", in_any("prefix", "deliver"), "a prefix"),
    ("猫*", in_any("prefix", "猫", ALL_FORMS), "one unspaced character begins bigrams and singles"),
    ("AB-10*", in_any("prefix", "ab10"), "a prefix of a compound begins its whole"),
    (
        "猫+本*",
        must(in_any("term", "猫", ALL_FORMS), in_any("prefix", "本", ALL_FORMS)),
        "a prefix behind another token",
    ),
]

COMBINED: Sequence[tuple[str, Body, str]] = [
    ("visitor:late", in_any("term", "late", VISITOR), "a role is a place"),
    (
        "visitor:猫",
        in_any("term", "猫", ("visitor_folded", "visitor_whole", "visitor_singles")),
        "the singles of a role",
    ),
    (
        'agent:"good day"',
        in_any("match_phrase", "good day", AGENT),
        "a phrase that an agent wrote",
    ),
    ("visitor:deliver*", in_any("prefix", "deliver", VISITOR), "a prefix that a visitor wrote"),
    ("a b", must(A, B), "all words"),
    ("-a", must_not(A), "NOT alone"),
    ("-a -b", must_not(A, B), "several NOTs are one conjunction"),
    ("a -b c", {"bool": {"must": [A, C], "must_not": [B]}}, "NOT joins the conjunction it is in"),
    ("-(a b)", must_not(must(A, B)), "NOT before brackets"),
    ("-(a OR b)", must_not(either(A, B)), "NOT before alternatives"),
    ("a OR b", either(A, B), "either"),
    ("a OR (b OR c)", either(A, B, C), "OR in OR is one level"),
    ("a OR (b OR (c OR d))", either(A, B, C, D), "OR in OR in OR too"),
    (
        "a OR visitor:(b OR c)",
        either(A, in_any("term", "b", VISITOR), in_any("term", "c", VISITOR)),
        "OR of a role in OR",
    ),
    ("don't OR a", either(DONT_APART, DONT_WHOLE, A), "the readings of a compound join its OR"),
    ("don't a", must(either(DONT_APART, DONT_WHOLE), A), "but not its AND"),
    (
        "visitor:(a b) c",
        must(in_any("term", "a", VISITOR), in_any("term", "b", VISITOR), C),
        "AND in AND is one level",
    ),
    (
        "visitor:(a -b) c",
        {
            "bool": {
                "must": [in_any("term", "a", VISITOR), C],
                "must_not": [in_any("term", "b", VISITOR)],
            }
        },
        "NOT of an AND in AND joins the outer one",
    ),
    ("a (b OR c)", must(A, either(B, C)), "OR in AND"),
    ("a OR (b c)", either(A, must(B, C)), "AND in OR"),
    ("a OR -b", either(A, must_not(B)), "NOT in OR"),
    ("-(a -b)", must_not({"bool": {"must": [A], "must_not": [B]}}), "NOT in NOT"),
]

FILTERED: Sequence[tuple[str, Mapping[str, str | Sequence[str]], Body, str]] = [
    ("", {"rating": "bad"}, BAD, "one value"),
    ("", {"rating": ["bad", "good"]}, either(BAD, GOOD), "several values"),
    ("", {"agent": "Łukasz  Żak"}, {"term": {"agent": "lukasz zak"}}, "a person is folded"),
    ("", {"agent": "none"}, {"term": {"agent": "none"}}, "nobody"),
    (
        "a",
        {"rating": ["bad", "good"], "country": "cz"},
        must(A, either(BAD, GOOD), {"term": {"country": "CZ"}}),
        "different filters",
    ),
    ("-rating:bad", {}, must_not(BAD), "an excluded value"),
    ("a -rating:bad", {}, {"bool": {"must": [A], "must_not": [BAD]}}, "a word and an exclusion"),
    ("a OR country:cz", {}, either(A, {"term": {"country": "CZ"}}), "a value as an alternative"),
]

LAST = 2**41
"""One millisecond after the last at which a conversation can begin."""
DAYS: Sequence[tuple[str, Mapping[str, str], Body, str]] = [
    ("", {"from": "2026-01-01"}, began(gte=1_767_225_600_000), "from a day"),
    ("", {"to": "2026-01-31"}, began(lt=1_769_904_000_000), "to the end of a day"),
    (
        "",
        {"from": "2026-01-01", "to": "2026-01-31"},
        began(gte=1_767_225_600_000, lt=1_769_904_000_000),
        "both",
    ),
    ("a", {"from": "2026-01-01"}, must(A, began(gte=1_767_225_600_000)), "words and days"),
    ("", {"from": "0001-01-01"}, began(gte=0), "the first day of the calendar"),
    ("", {"to": "9999-12-31"}, began(lt=LAST), "the last day of the calendar"),
    ("", {"from": "0001-01-01", "to": "9999-12-31"}, began(gte=0, lt=LAST), "the whole calendar"),
    ("", {"from": "9999-12-31"}, began(gte=LAST), "after all conversations"),
    ("", {"to": "0001-01-01"}, began(lt=0), "before all conversations"),
    ("", {"to": "1969-12-31"}, began(lt=0), "the day before 1970"),
    ("-after:2026-01-01", {}, must_not(began(gte=1_767_225_600_000)), "days that are excluded"),
    ("a OR before:9999-12-31", {}, either(A, began(lt=LAST)), "days as an alternative"),
]


@pytest.mark.parametrize(
    ("typed", "body", "reason"), [*WORDS, *COMBINED], ids=[row[2] for row in (*WORDS, *COMBINED)]
)
def test_a_typed_query_is_this_query_of_the_server(typed: str, body: Body, reason: str) -> None:
    assert query_of(clause_of(ask(typed))) == body, reason


@pytest.mark.parametrize(
    ("typed", "params", "body", "reason"), FILTERED, ids=[row[3] for row in FILTERED]
)
def test_filters_are_terms_of_their_keywords(
    typed: str, params: Mapping[str, str | Sequence[str]], body: Body, reason: str
) -> None:
    assert query_of(clause_of(ask(typed, params))) == body, reason


@pytest.mark.parametrize(("typed", "params", "body", "reason"), DAYS, ids=[row[3] for row in DAYS])
def test_days_are_cut_to_where_conversations_can_begin(
    typed: str, params: Mapping[str, str], body: Body, reason: str
) -> None:
    assert query_of(clause_of(ask(typed, params))) == body, reason


def test_days_are_those_of_the_zone() -> None:
    query = ask("", {"from": "2026-01-01"}, zone="Europe/Berlin")
    assert query_of(clause_of(query)) == began(gte=1_767_222_000_000)


KEYWORD = Keyword("rating", "bad")
SMALL: Sequence[tuple[Clause, Body, str]] = [
    (All(()), {"match_all": {}}, "all of none"),
    (AnyOf(()), {"match_none": {}}, "any of none"),
    (All((KEYWORD,)), BAD, "all of one"),
    (AnyOf((KEYWORD,)), BAD, "any of one"),
    (All((All((KEYWORD,)),)), BAD, "all of all of one"),
    (AnyOf((AnyOf((KEYWORD,)),)), BAD, "any of any of one"),
    (All((Without(KEYWORD),)), must_not(BAD), "all of one that is excluded"),
    (All((AnyOf(()), KEYWORD)), must({"match_none": {}}, BAD), "any of none beside another"),
    (Without(Without(KEYWORD)), must_not(must_not(BAD)), "what is not excluded"),
    (Without(All(())), must_not({"match_all": {}}), "without everything"),
    (Began(None, None), {"match_all": {}}, "open at both ends"),
    (Began(0, LAST), began(gte=0, lt=LAST), "just within the bounds"),
    (Began(-1, LAST + 1), began(gte=0, lt=LAST), "just beyond the bounds"),
    (Began(2**70, -(2**70)), began(gte=LAST, lt=0), "far beyond the bounds"),
]


@pytest.mark.parametrize(("clause", "body", "reason"), SMALL, ids=[row[2] for row in SMALL])
def test_small_clauses_are_no_more_than_they_need(clause: Clause, body: Body, reason: str) -> None:
    assert query_of(clause) == body, reason


def test_any_of_no_queries_finds_nothing() -> None:
    assert any_of([]) == {"match_none": {}}


FORMS = [
    ("refund", ("folded", "whole"), "a word"),
    ("a", ("folded", "whole"), "a letter of a spaced script"),
    ("日本", ("folded", "whole"), "a bigram"),
    ("猫", ("folded", "whole", "singles"), "an ideograph"),
    ("か", ("folded", "whole", "singles"), "a kana"),
    ("한", ("folded", "whole", "singles"), "a syllable of Hangul"),
    ("👍", ("folded", "whole"), "an emoji"),
]


@pytest.mark.parametrize(("token", "forms", "reason"), FORMS, ids=[row[2] for row in FORMS])
def test_a_token_stands_in_these_forms(token: str, forms: tuple[str, ...], reason: str) -> None:
    assert forms_of(token) == forms, reason
