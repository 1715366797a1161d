"""The server's answers to search bodies, as results: whole values."""

from collections.abc import Mapping, Sequence

import pytest
from contract import ask
from msgspec.structs import replace

from app.search.elastic_body import (
    Answer,
    bars_between,
    guessed_edges,
    histogram_edges,
    read_answer,
    read_bars,
    read_total,
    results_of,
)
from app.search.elastic_query import Body
from app.search.engine import FACETS, Bar, FacetValue, Histogram, Hit, Results

EDGES = (1_000, 2_000, 5_000)


def buckets(**counts: int) -> Body:
    """The counts of one facet, as the server tells them."""
    told = [{"key": value, "doc_count": count} for value, count in counts.items()]
    return {"doc_count_error_upper_bound": 0, "sum_other_doc_count": 0, "buckets": told}


def hit(name: str, *sort: float) -> Body:
    return {"_index": "shop-g1", "_id": name, "_score": None, "sort": list(sort)}


def answered(total: int, hits: Sequence[Body], counts: Body) -> Body:
    """An answer of the server around its hits and counts."""
    found = {"total": {"value": total, "relation": "eq"}, "max_score": None, "hits": list(hits)}
    shards = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
    told = {"took": 3, "timed_out": False, "_shards": shards}
    return told | {"hits": found, "aggregations": counts}


TOLD_BARS: Body = {
    "buckets": [
        {"key": "1000-2000", "from": 1.0e3, "from_as_string": "1000", "to": 2.0e3, "doc_count": 1},
        {"key": "2000-5000", "from": 2.0e3, "from_as_string": "2000", "to": 5.0e3, "doc_count": 2},
    ]
}
FOUND: Body = {
    "first": {"value": 1.2e3, "value_as_string": "1970-01-01T00:00:01.200Z"},
    "last": {"value": 4.0e3, "value_as_string": "1970-01-01T00:00:04.000Z"},
    "bars": TOLD_BARS,
    "rating": buckets(none=2, bad=1),
    "outcome": buckets(chat=3, missed=1),
    "country": buckets(CZ=3),
    "language": buckets(cs=2, none=1),
    "agent": buckets(none=3),
    "group": buckets(none=3),
    "visit": buckets(first=2, returning=1),
}
HITS = [hit("1-b-4000", 4_000), hit("1-a-1200", 1_200)]
COUNTS: Mapping[str, Mapping[str, int]] = {
    "rating": {"none": 2, "bad": 1},
    "outcome": {"chat": 3, "missed": 1},
    "country": {"CZ": 3},
    "language": {"cs": 2, "none": 1},
    "agent": {"none": 3},
    "group": {"none": 3},
    "visit": {"first": 2, "returning": 1},
}
TWO_BARS = (Bar(1_000, 2_000, 1), Bar(2_000, 5_000, 2))
READ_HITS = (Hit("1-b-4000", 4_000), Hit("1-a-1200", 1_200))
READ = Answer(total=3, hits=READ_HITS, counts=COUNTS, span=(1_200, 4_000), bars=TWO_BARS)


def test_an_answer_is_read_whole() -> None:
    assert read_answer(ask(), answered(3, HITS, FOUND)) == READ


def test_an_answer_to_chosen_values_takes_their_counts_from_without_them() -> None:
    chosen = {name: value for name, value in FOUND.items() if name != "rating"}
    counts = {
        "chosen": {"doc_count": 3} | chosen,
        "without_rating": {"doc_count": 9, "rating": buckets(none=5, bad=3, good=1)},
    }
    assert read_answer(ask("", {"rating": "bad"}), answered(3, HITS, counts)) == replace(
        READ, counts={**COUNTS, "rating": {"none": 5, "bad": 3, "good": 1}}
    )


def test_an_empty_answer_has_no_span() -> None:
    counts = {name: buckets() for name in FACETS}
    nothing = counts | {"first": {"value": None}, "last": {"value": None}}
    assert read_answer(ask(), answered(0, [], nothing)) == Answer(
        total=0, hits=(), counts={name: {} for name in FACETS}, span=None, bars=()
    )


def test_hits_by_relevance_have_no_place_in_time() -> None:
    query = ask("late", {"sort": "relevance"})
    answer = answered(3, [hit("1-a-1200", 1.25, 1_200)], FOUND)
    assert read_answer(query, answer) == replace(READ, hits=(Hit("1-a-1200", None),))


SKIPPING: Sequence[tuple[Mapping[str, str], list[int], str]] = [
    ({"per_page": "2"}, [5, 4, 3], "a numbered page is what came"),
    ({"per_page": "2", "page": "2"}, [5, 4, 3], "so is a later one"),
    ({"per_page": "2", "after": "9"}, [5, 4, 3], "so is the first page behind a place"),
    ({"per_page": "2", "after": "9", "page": "2"}, [3], "the second begins behind the first"),
    ({"per_page": "2", "after": "9", "page": "3"}, [], "behind the last there is nothing"),
]


@pytest.mark.parametrize(("params", "keys", "reason"), SKIPPING, ids=[row[2] for row in SKIPPING])
def test_hits_of_pages_before_are_left_out(
    params: Mapping[str, str], keys: list[int], reason: str
) -> None:
    answer = answered(3, [hit(f"1-{key}", key) for key in (5, 4, 3)], FOUND)
    hits = read_answer(ask("", params), answer).hits
    assert hits == tuple(Hit(f"1-{key}", key) for key in keys), reason


def test_an_answer_to_bars_alone_is_its_total_and_its_bars() -> None:
    answer = answered(3, [], {"bars": TOLD_BARS})
    assert (read_total(answer), read_bars(answer)) == (3, TWO_BARS)


def test_results_list_facets_in_our_order_and_chosen_values_without_results() -> None:
    histogram = Histogram("day", TWO_BARS)
    assert results_of(ask("", {"rating": ["good", "bad"]}), READ, histogram) == Results(
        total=3,
        hits=READ.hits,
        facets={
            "rating": (FacetValue("none", 2), FacetValue("bad", 1), FacetValue("good", 0)),
            "outcome": (FacetValue("chat", 3), FacetValue("missed", 1)),
            "country": (FacetValue("CZ", 3),),
            "language": (FacetValue("cs", 2), FacetValue("none", 1)),
            "agent": (FacetValue("none", 3),),
            "group": (FacetValue("none", 3),),
            "visit": (FacetValue("first", 2), FacetValue("returning", 1)),
        },
        histogram=histogram,
    )


HOUR = 3_600_000
CUTS: Sequence[tuple[Mapping[str, str], tuple[int, int] | None, tuple[str, tuple[int, ...]]]] = [
    ({}, None, ("day", ())),
    ({"from": "1970-01-01"}, None, ("day", ())),
    ({}, (HOUR, 2 * HOUR), ("hour", (HOUR, 2 * HOUR, 3 * HOUR))),
    ({"to": "1970-01-01"}, (22 * HOUR, 22 * HOUR), ("hour", (22 * HOUR, 23 * HOUR, 24 * HOUR))),
]


@pytest.mark.parametrize(("params", "span", "cut"), CUTS)
def test_bars_cover_the_results_or_the_chosen_days(
    params: Mapping[str, str], span: tuple[int, int] | None, cut: tuple[str, tuple[int, ...]]
) -> None:
    assert histogram_edges(ask("", params), span) == cut


ROW = (Bar(0, 10, 1), Bar(10, 20, 0), Bar(20, 30, 4))
SLICES: Sequence[tuple[Sequence[Bar], Sequence[int], tuple[Bar, ...] | None, str]] = [
    (ROW, (0, 10, 20, 30), ROW, "all of them"),
    (ROW, (10, 20, 30), ROW[1:], "the last"),
    (ROW, (0, 10), ROW[:1], "the first"),
    (ROW, (), (), "none, where nothing was found"),
    ((), (), (), "none of none"),
    (ROW, (10,), (), "one edge is no bar"),
    (ROW, (0, 20), None, "two bars are not one"),
    (ROW, (0, 5, 10), None, "a bar cut in two"),
    (ROW, (20, 30, 40), None, "more than was asked for"),
    (ROW, (1, 11, 21), None, "other edges"),
    ((), (0, 10), None, "no bars were asked for"),
]


@pytest.mark.parametrize(
    ("bars", "edges", "wanted", "reason"), SLICES, ids=[row[3] for row in SLICES]
)
def test_bars_that_were_asked_for_serve_where_no_edge_cuts_them(
    bars: Sequence[Bar], edges: Sequence[int], wanted: tuple[Bar, ...] | None, reason: str
) -> None:
    assert bars_between(bars, edges) == wanted, reason


@pytest.mark.parametrize(
    ("params", "span"),
    [
        ({"to": "0001-01-01"}, (1_700_000_000_000, 1_710_000_000_000)),
        ({"from": "9999-12-31"}, (1_700_000_000_000, 1_710_000_000_000)),
        ({"from": "2026-05-01", "to": "2026-04-01"}, (1_700_000_000_000, 1_710_000_000_000)),
        ({}, None),
    ],
)
def test_where_nothing_can_be_found_no_bars_are_guessed(
    params: dict[str, str], span: tuple[int, int] | None
) -> None:
    assert guessed_edges(ask("", params), span) == ()


def test_a_guess_is_the_edges_of_its_span() -> None:
    span = (1_700_000_000_000, 1_700_000_500_000)
    assert guessed_edges(ask(), span) == histogram_edges(ask(), span)[1]
