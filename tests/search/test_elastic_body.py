"""Searches as request bodies for Elasticsearch, and its answers as results: whole values."""

from collections.abc import Mapping, Sequence

import pytest
from contract import ask

from app.search.elastic_body import (
    bars_body,
    search_body,
    total_body,
)
from app.search.elastic_query import Body

LATE: Body = {
    "bool": {
        "should": [{"term": {"visitor_folded": "late"}}, {"term": {"visitor_whole": "late"}}],
    }
}
EVERYTHING: Body = {"match_all": {}}
BAD: Body = {"term": {"rating": "bad"}}
IN_CZ: Body = {"term": {"country": "CZ"}}
CZ_OR_DE: Body = {"bool": {"should": [IN_CZ, {"term": {"country": "DE"}}]}}
SPAN: Body = {"first": {"min": {"field": "begin"}}, "last": {"max": {"field": "begin"}}}
EDGES = (1_000, 2_000, 5_000)
BARS: Body = {
    "bars": {
        "date_range": {
            "field": "begin",
            "format": "epoch_millis",
            "ranges": [{"from": 1_000, "to": 2_000}, {"from": 2_000, "to": 5_000}],
        }
    }
}


def values(*names: str) -> Body:
    """The counts of some facets; all values of a shard are counted, 5,000 are told."""
    return {
        name: {"terms": {"field": name, "size": 5_000, "shard_size": 2_147_483_647}}
        for name in names
    }


def counted(query: Body, counts: Body) -> Body:
    """Counts of what a query finds."""
    return {"filter": query, "aggs": counts}


def all_of(*queries: Body) -> Body:
    return {"bool": {"filter": list(queries)}}


BARE: Body = {
    "query": EVERYTHING,
    "sort": [{"sort_key": "desc"}],
    "from": 0,
    "size": 20,
    "_source": False,
    "track_total_hits": True,
    "aggs": values("rating", "outcome", "country", "language", "agent", "group", "visit") | SPAN,
}
"""The body of a search without words, filters and bars."""


def test_a_search_without_words_is_this_body() -> None:
    assert search_body(ask(), ()) == BARE


def test_the_words_of_a_search_are_its_query() -> None:
    assert search_body(ask("visitor:late"), ()) == BARE | {"query": LATE}


def test_days_narrow_the_query_and_with_it_every_count() -> None:
    began = {"range": {"begin": {"lt": 86_400_000, "format": "epoch_millis"}}}
    assert search_body(ask("", {"to": "1970-01-01"}), ()) == BARE | {"query": began}


NEWEST, OLDEST = [{"sort_key": "desc"}], [{"sort_key": "asc"}]
PAGES: Sequence[tuple[Mapping[str, str], Body, str]] = [
    ({"sort": "oldest"}, {"sort": OLDEST, "from": 0, "size": 20}, "the oldest first"),
    ({"sort": "relevance"}, {"sort": NEWEST, "from": 0, "size": 20}, "nothing matches best"),
    ({"page": "3"}, {"sort": NEWEST, "from": 40, "size": 20}, "the third page"),
    ({"page": "3", "per_page": "50"}, {"sort": NEWEST, "from": 100, "size": 50}, "longer pages"),
    ({"page": "505"}, {"sort": NEWEST, "from": 10_080, "size": 20}, "to result 10,100"),
    (
        {"page": "101", "per_page": "100"},
        {"sort": NEWEST, "from": 10_000, "size": 100},
        "to result 10,100 by longer pages",
    ),
    ({"after": "77"}, {"sort": NEWEST, "size": 20, "search_after": [77]}, "behind a place"),
    (
        {"after": "77", "sort": "oldest"},
        {"sort": OLDEST, "size": 20, "search_after": [77]},
        "behind a place, the oldest first",
    ),
    (
        {"after": str(2**63 - 1), "page": "2"},
        {"sort": NEWEST, "size": 40, "search_after": [2**63 - 1]},
        "the second page behind a place takes the first along",
    ),
]


@pytest.mark.parametrize(("params", "page", "reason"), PAGES, ids=[row[2] for row in PAGES])
def test_a_page_is_these_hits_in_this_order(
    params: Mapping[str, str], page: Body, reason: str
) -> None:
    others = {name: BARE[name] for name in ("query", "_source", "track_total_hits", "aggs")}
    assert search_body(ask("", params), ()) == others | page, reason


def test_by_relevance_the_newest_of_equals_comes_first() -> None:
    order = {"query": LATE, "sort": ["_score", {"sort_key": "desc"}]}
    assert search_body(ask("visitor:late", {"sort": "relevance"}), ()) == BARE | order


@pytest.mark.parametrize(
    "params",
    [
        {"page": "506"},
        {"page": "102", "per_page": "100"},
        {"page": "10000", "per_page": "100"},
        {"page": "506", "after": "77"},
    ],
)
def test_a_page_beyond_result_10100_asks_for_counts_alone(params: Mapping[str, str]) -> None:
    others = {name: value for name, value in BARE.items() if name != "from"}
    assert search_body(ask("", params), ()) == others | {"size": 0}


def test_a_chosen_value_narrows_the_hits_and_all_counts_but_its_own() -> None:
    assert search_body(ask("visitor:late", {"rating": "bad"}), ()) == BARE | {
        "query": LATE,
        "post_filter": all_of(BAD),
        "aggs": {
            "chosen": counted(
                all_of(BAD),
                values("outcome", "country", "language", "agent", "group", "visit") | SPAN,
            ),
            "without_rating": counted(EVERYTHING, values("rating")),
        },
    }


def test_each_chosen_facet_is_counted_within_the_others_and_bars_within_all() -> None:
    chosen = {"rating": "bad", "country": ["cz", "de"]}
    assert search_body(ask("", chosen), EDGES) == BARE | {
        "post_filter": all_of(BAD, CZ_OR_DE),
        "aggs": {
            "chosen": counted(
                all_of(BAD, CZ_OR_DE),
                values("outcome", "language", "agent", "group", "visit") | SPAN | BARS,
            ),
            "without_rating": counted(all_of(CZ_OR_DE), values("rating")),
            "without_country": counted(all_of(BAD), values("country")),
        },
    }


def test_an_excluded_value_is_part_of_the_query() -> None:
    assert search_body(ask("-rating:bad"), ()) == BARE | {"query": {"bool": {"must_not": [BAD]}}}


def test_bars_are_ranges_between_edges() -> None:
    assert search_body(ask(), EDGES) == BARE | {"aggs": BARE["aggs"] | BARS}


def test_one_edge_makes_no_bar() -> None:
    assert search_body(ask(), (1_000,)) == BARE


def test_a_total_alone_has_its_filters_in_the_query() -> None:
    assert total_body(ask("visitor:late", {"rating": "bad", "page": "3", "sort": "oldest"})) == {
        "query": {"bool": {"must": [LATE, BAD]}},
        "size": 0,
        "track_total_hits": True,
    }


def test_bars_alone_are_a_total_with_ranges() -> None:
    assert bars_body(ask("visitor:late", {"country": "cz"}), EDGES) == {
        "query": {"bool": {"must": [LATE, IN_CZ]}},
        "size": 0,
        "track_total_hits": True,
        "aggs": BARS,
    }
