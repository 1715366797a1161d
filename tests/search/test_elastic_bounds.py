"""No legal search becomes a body that the server refuses: too deep, too wide, or no JSON.

The server refuses 30 queries inside each other and some thousands of clauses, whoever asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from string import ascii_uppercase
from typing import Final

import msgspec
import pytest
from contract import ask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.elastic_body import bars_body, search_body, total_body
from app.search.elastic_query import Body
from app.search.languages import LANGUAGES
from app.search.parameters import MOST_VALUES, SearchQuery
from app.search.parser import DEEPEST, LONGEST_QUERY, MOST_CLAUSES, MOST_PREFIXES

MOST_LEVELS: Final = 30
"""Bool queries inside each other that the server refuses: what it counts are 29 and a leaf."""
MOST_LEAVES: Final = 4_000
"""Half of the clauses that a server of 512 MB takes."""
LONGEST_TERM: Final = 32_766
"""UTF-8 bytes."""
LATEST: Final = 2**41
NESTING: Final = {"bool", "constant_score", "dis_max", "function_score", "boosting", "nested"}
LEAVES: Final = {"term", "match_phrase", "prefix", "range"}
KINDS: Final = {"bool", "match_all", "match_none", *LEAVES}
"""All that a stripped server answers, and answers fast."""


def queries(part: object, kinds: set[str], level: int = 0) -> Iterator[tuple[str, object, int]]:
    """Queries of some kinds anywhere in a body: the kind, what it holds, compounds around it."""
    if isinstance(part, list):
        for one in part:
            yield from queries(one, kinds, level)
    elif isinstance(part, dict):
        for name, inner in part.items():
            if name in kinds:
                yield name, inner, level
            yield from queries(inner, kinds, level + (name in NESTING))


def levels(body: Body) -> int:
    """Compound queries inside each other."""
    return max((level + 1 for _, _, level in queries(body, NESTING)), default=0)


def leaves(body: Body) -> int:
    """Queries that hold no other."""
    return sum(1 for _ in queries(body, LEAVES))


def kinds_in(query: object) -> Iterator[str]:
    """The kinds of a query and of all that it holds."""
    assert isinstance(query, dict)
    ((kind, inner),) = query.items()
    yield kind
    if kind == "bool":
        for parts in inner.values():
            for part in parts:
                yield from kinds_in(part)


EDGES: Final = tuple(range(0, 41_000, 1_000))


def bodies(query: SearchQuery) -> tuple[Body, Body, Body]:
    """All bodies that are made of a search."""
    return search_body(query, EDGES), total_body(query), bars_body(query, EDGES)


def is_bounded(query: SearchQuery) -> bool:
    """Whether every body of a search is neither too deep nor too wide."""
    return all(levels(body) < MOST_LEVELS and leaves(body) <= MOST_LEAVES for body in bodies(query))


WORDS: Final = (
    *("a", "refund", "don't", "AB-2024/10023", "猫", "猫+本", "日本語", "日" * 40, "ก" * 30),
    *("👍🏽", "한국", "x" * 120, "a-" * 30 + "b", "猫·a·猫", '"gift card"', '"猫"', '"don\'t a"'),
    *("deliver*", "AB-10*", "猫*", "猫+本*", "日本語*", "don't*", "é", "كِتَابٌ", "\ufb03"),
    *("rating:bad", "country:cz", 'by:"J M"', "-rating:good", "after:0001-01-01"),
    *("before:9999-12-31", "after:2026-02-30", "https://a.example/b?c=d"),
)
SIGNS: Final = (
    *("visitor:", "agent:", "visitor:(", "-agent:(", "-(", "(", "(", ")", ")", "-", "--", '"'),
    *(" OR ", " OR ", " AND ", " ", " ", "~2", "*"),
    *("\x00", "\x0b", "\x1c", "\u2028", "\u3000", "\ud83d"),
)
PILES = st.lists(
    st.sampled_from(WORDS + SIGNS) | st.characters(exclude_categories=["Cn"]), max_size=60
).map("".join)
"""Anything beside anything."""
BRACKETS: Final = ("({} ", "({} OR ", "-({} ", "-({} OR ", "-(a {} OR ", "-agent:({} b OR ", "{} ")


def nest(outer: list[tuple[str, str]], innermost: str) -> str:
    """Brackets inside each other, each with a word of its own, and all of them closed."""
    opened = "".join(bracket.format(word) for bracket, word in outer)
    return opened + innermost + ")" * opened.count("(")


OUTER = st.tuples(st.sampled_from(BRACKETS), st.sampled_from(WORDS))
NESTS = st.builds(
    nest,
    st.lists(OUTER, max_size=12),
    st.sampled_from(WORDS) | st.sampled_from(WORDS).map("-{}".format),
)
"""What is typed with care."""
TYPED = PILES | NESTS
DAYS = st.lists(st.dates().map(date.isoformat), max_size=2)
NAMES = st.lists(st.text(st.characters(exclude_categories=["Cn"]), max_size=300), max_size=8)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "rating": st.lists(st.integers().map(str) | st.sampled_from(("good", "none")), max_size=9),
        "country": st.lists(st.sampled_from(("cz", "DE", "none", "?")), max_size=4),
        "language": st.just(["cs", "german", "none", "?"]),
        "agent": NAMES,
        "group": NAMES,
        "visit": st.just(["first", "returning"]),
        "outcome": st.just(["chat"]),
        "from": DAYS,
        "to": DAYS,
        "sort": st.just(["relevance"]),
        "page": st.integers(1, 10_000).map(lambda page: [str(page)]),
        "after": st.integers(0, 2**63 - 1).map(lambda key: [str(key)]),
    },
)
ZONES = st.sampled_from(("UTC", "Europe/Prague", "Pacific/Kiritimati", "Pacific/Pago_Pago"))
SEARCHES = st.builds(
    lambda typed, params, zone: ask(typed, params, zone=zone), TYPED, FILTERS, ZONES
)
bounded = settings(deadline=None, max_examples=200)


@bounded
@given(SEARCHES)
def test_any_search_is_neither_too_deep_nor_too_wide(query: SearchQuery) -> None:
    assert is_bounded(query)


@bounded
@given(SEARCHES)
def test_any_search_is_json(query: SearchQuery) -> None:
    sent = list(bodies(query))
    assert msgspec.json.decode(msgspec.json.encode(sent)) == sent


@bounded
@given(SEARCHES)
def test_any_search_is_made_of_few_kinds_of_queries(query: SearchQuery) -> None:
    body = search_body(query, ())
    asked = [body["query"], *([body["post_filter"]] if "post_filter" in body else [])]
    assert {kind for part in asked for kind in kinds_in(part)} <= KINDS


@bounded
@given(SEARCHES)
def test_days_lie_where_conversations_can_begin(query: SearchQuery) -> None:
    days = [inner for _, inner, _ in queries(total_body(query), {"range"})]
    instants = [
        value
        for day in days
        if isinstance(day, dict)
        for name, value in day["begin"].items()
        if name != "format"
    ]
    assert all(0 <= instant <= LATEST for instant in instants)


@bounded
@given(SEARCHES)
def test_no_term_is_longer_than_the_server_takes(query: SearchQuery) -> None:
    found = queries(total_body(query), {"term", "prefix", "match_phrase"})
    texts = [text for _, inner, _ in found if isinstance(inner, dict) for text in inner.values()]
    assert all(len(text.encode()) <= LONGEST_TERM for text in texts)


@bounded
@given(SEARCHES)
def test_a_phrase_has_no_space_but_between_its_tokens(query: SearchQuery) -> None:
    found = queries(total_body(query), {"match_phrase"})
    runs = [run for _, inner, _ in found if isinstance(inner, dict) for run in inner.values()]
    assert [run for run in runs if run.split() != run.split(" ") or len(run.split()) < 2] == []


def nested(opening: str, innermost: str, *, first: str = "a b OR ") -> str:
    """As many brackets inside each other as a query can have."""
    return first + opening * DEEPEST + innermost + ")" * DEEPEST


CODES: Final = [one + other for one in ascii_uppercase for other in ascii_uppercase]
EVERY_FILTER: Final[Mapping[str, Sequence[str]]] = {
    "rating": [str(number) for number in range(10, 10 + MOST_VALUES)],
    "country": CODES[:MOST_VALUES],
    "language": [*LANGUAGES, "none"],
    "agent": [f"agent {number}" for number in range(MOST_VALUES)],
    "group": [f"group {number}" for number in range(MOST_VALUES)],
    "outcome": ["chat", "completed", "triggered", "missed", "offline", "dropped"],
    "visit": ["first", "returning"],
    "from": ["0001-01-01"],
    "to": ["9999-12-31"],
}
"""All values that a search can choose at once."""
COMPOUNDS: Final = MOST_CLAUSES - MOST_PREFIXES
PREFIXES: Final = "猫+本* " * MOST_PREFIXES
"""Each is a single character and a prefix in all of 12 fields."""
DEEP: Final = nested("-(a b OR ", "-don't")
FULL: Final = f"a-b OR {nested('-(猫+本* a-b a-b a-b a-b OR ', '-a-b', first='')} " + "OR a-b " * 22
WORST: Sequence[tuple[str, Mapping[str, Sequence[str]], str]] = [
    (DEEP, {}, "8 brackets, each with all, either and not"),
    (DEEP, EVERY_FILTER, "8 brackets and every filter"),
    (nested("-visitor:(a b OR ", "-猫+本*"), EVERY_FILTER, "8 roles around a prefix"),
    (nested("-(a b OR ", '-"don\'t worry"'), EVERY_FILTER, "8 brackets around a phrase"),
    (nested("-(-a OR ", "-don't"), EVERY_FILTER, "8 brackets of negations"),
    (PREFIXES + "a-b " * COMPOUNDS, {}, "64 words in all their readings"),
    (PREFIXES + "a-b " * COMPOUNDS, EVERY_FILTER, "64 words and every filter"),
    ("a OR " + PREFIXES + "OR a-b " * (COMPOUNDS - 1), EVERY_FILTER, "64 alternatives"),
    ("-猫+本* " * MOST_PREFIXES + "-a-b " * COMPOUNDS, EVERY_FILTER, "64 exclusions"),
    ("猫 " * MOST_CLAUSES, EVERY_FILTER, "64 single characters"),
    ("country:cz OR " * (MOST_CLAUSES - 1) + "a-b", EVERY_FILTER, "64 filters in the text"),
    ("a-" * 511 + "b", EVERY_FILTER, "a compound of 512 parts"),
    ("日" * 341, EVERY_FILTER, "a run of 341 characters"),
    (FULL, EVERY_FILTER, "64 words in 8 brackets and every filter"),
]
every_worst = pytest.mark.parametrize(
    ("typed", "params", "reason"), WORST, ids=[row[2] for row in WORST]
)


@every_worst
def test_the_worst_search_is_legal(
    typed: str, params: Mapping[str, Sequence[str]], reason: str
) -> None:
    assert (len(typed.strip().encode()) <= LONGEST_QUERY, ask(typed, params).notes) == (True, ())
    assert reason


@every_worst
def test_the_worst_search_is_neither_too_deep_nor_too_wide(
    typed: str, params: Mapping[str, Sequence[str]], reason: str
) -> None:
    assert is_bounded(ask(typed, params)), reason


def test_the_worst_searches_come_close_to_the_bounds() -> None:
    worst = [body for typed, params, _ in WORST for body in bodies(ask(typed, params))]
    assert max(map(levels, worst)) == MOST_LEVELS - 1
    assert MOST_LEAVES / 2 < max(map(leaves, worst)) <= MOST_LEAVES
