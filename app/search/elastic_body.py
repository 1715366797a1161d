"""Searches as request bodies for Elasticsearch, and its answers as results. Pure.

One search is one body, so that total, facets and bars come from one state of the index. Chosen
filters narrow the hits (``post_filter``) and each count by itself, since a facet ignores its own.
Bars are asked for at edges that are guessed, because their unit follows from the results.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from msgspec import Struct

from app.search.clauses import clause_of, days_clause, filter_clause
from app.search.elastic_query import EVERYTHING, Body, query_of
from app.search.engine import (
    FACETS,
    MOST_FACET_VALUES,
    Around,
    Bar,
    Histogram,
    Hit,
    Results,
    facet_order,
)
from app.search.histogram import edges_within
from app.search.parameters import LAST_NUMBERED_RESULT, MOST_PER_PAGE, SearchQuery, Sort

DEEPEST: Final = LAST_NUMBERED_RESULT + MOST_PER_PAGE
"""Results that one request may skip and take together; the index is made with it."""
ALL_VALUES: Final = 2**31 - 1
"""Values that each shard counts before the most frequent are taken: with fewer, counts are wrong
as soon as there are two shards."""
_ALL: Final = "chosen"
_WITHOUT: Final = "without_"
_BARS: Final = "bars"
_AHEAD: Final = "ahead"
_BEHIND: Final = "behind"
_NEAREST: Final = "nearest"


class Answer(Struct, frozen=True):
    """What the server said to one search body; ``span`` is None when nothing matched."""

    total: int
    hits: tuple[Hit, ...]
    counts: Mapping[str, Mapping[str, int]]
    span: tuple[int, int] | None
    bars: tuple[Bar, ...]


def search_body(query: SearchQuery, edges: Sequence[int]) -> Body:
    """The body of one page of results, with counts and with bars between ``edges``."""
    chosen = _chosen(query)
    return {
        "query": query_of(clause_of(query.replace(filters={}))),
        **({"post_filter": _both(chosen)} if chosen else {}),
        **_page(query),
        "_source": False,
        "track_total_hits": True,
        "aggs": _counts(chosen, edges),
    }


def total_body(query: SearchQuery) -> Body:
    """The body of a total alone."""
    return {"query": query_of(clause_of(query)), "size": 0, "track_total_hits": True}


def bars_body(query: SearchQuery, edges: Sequence[int]) -> Body:
    """The body of bars alone, one between each two edges, and of the total they add up to."""
    return total_body(query) | {"aggs": {_BARS: _ranges(edges)}}


def around_body(query: SearchQuery, sort_key: int) -> Body:
    """The body that asks where a sort key stands among all results, and who stands beside it."""
    later, earlier = _side("gt", "asc", sort_key), _side("lt", "desc", sort_key)
    ahead, behind = (earlier, later) if query.sort is Sort.OLDEST else (later, earlier)
    return total_body(query) | {"aggs": {_AHEAD: ahead, _BEHIND: behind}}


def _side(side: str, order: str, sort_key: int) -> Body:
    """What lies on one side of a sort key: how many, and the nearest."""
    nearest = {"size": 1, "sort": [{"sort_key": order}], "_source": False}
    return {
        "filter": {"range": {"sort_key": {side: sort_key}}},
        "aggs": {_NEAREST: {"top_hits": nearest}},
    }


def read_around(answer: Mapping[str, Any]) -> Around | None:
    """What the server answered to ``around_body``; None when the sort key is no result's."""
    total = read_total(answer)
    ahead, behind = (answer["aggregations"][name] for name in (_AHEAD, _BEHIND))
    if ahead["doc_count"] + 1 + behind["doc_count"] != total:
        return None
    return Around(ahead["doc_count"] + 1, total, _read_nearest(ahead), _read_nearest(behind))


def _read_nearest(side: Mapping[str, Any]) -> Hit | None:
    hits = side[_NEAREST]["hits"]["hits"]
    return Hit(str(hits[0]["_id"]), int(hits[0]["sort"][0])) if hits else None


def read_answer(query: SearchQuery, answer: Mapping[str, Any]) -> Answer:
    """What the server answered to ``search_body``."""
    found = answer["aggregations"]
    everything = found.get(_ALL, found)
    counts = {
        name: _read_counts(found[_WITHOUT + name][name] if query.chosen(name) else everything[name])
        for name in FACETS
    }
    first, last = everything["first"]["value"], everything["last"]["value"]
    return Answer(
        total=read_total(answer),
        hits=_read_hits(query, answer["hits"]["hits"]),
        counts=counts,
        span=None if first is None else (int(first), int(last)),
        bars=_read_bars(everything),
    )


def read_total(answer: Mapping[str, Any]) -> int:
    """The exact number of documents that matched."""
    return int(answer["hits"]["total"]["value"])


def read_bars(answer: Mapping[str, Any]) -> tuple[Bar, ...]:
    """What the server answered to ``bars_body``."""
    return _read_bars(answer["aggregations"])


def results_of(query: SearchQuery, answer: Answer, histogram: Histogram) -> Results:
    """An answer with its histogram, facets in our order."""
    return Results(
        total=answer.total,
        hits=answer.hits,
        facets={name: facet_order(answer.counts[name], query.keywords(name)) for name in FACETS},
        histogram=histogram,
    )


def histogram_edges(
    query: SearchQuery, span: tuple[int, int] | None
) -> tuple[str, tuple[int, ...]]:
    """The unit and the edges of the bars of a search whose results lie within a span."""
    days = days_clause(query.since, query.until, query.zone)
    if span is None:
        return "day", ()
    return edges_within(*span, days.since, days.until, query.zone)


def guessed_edges(query: SearchQuery, span: tuple[int, int] | None) -> tuple[int, ...]:
    """Edges for a search whose results may lie within a span; none where they cannot."""
    _, edges = histogram_edges(query, span)
    return edges if all(low < high for low, high in pairwise(edges)) else ()


def bars_between(bars: Sequence[Bar], edges: Sequence[int]) -> tuple[Bar, ...] | None:
    """Those of some bars that lie between edges; None where the edges cut other bars."""
    if not edges:
        return ()
    known = {(bar.start_ms, bar.end_ms): bar for bar in bars}
    wanted = [known.get(pair) for pair in pairwise(edges)]
    found = tuple(bar for bar in wanted if bar is not None)
    return found if len(found) == len(wanted) else None


def _chosen(query: SearchQuery) -> dict[str, Body]:
    """The filters of a search, by name."""
    return {name: query_of(filter_clause(name, values)) for name, values in query.filters.items()}


def _both(queries: Mapping[str, Body]) -> Body:
    return {"bool": {"filter": list(queries.values())}} if queries else EVERYTHING


def _counts(chosen: Mapping[str, Body], edges: Sequence[int]) -> Body:
    wanted: Body = {name: _values(name) for name in FACETS if name not in chosen}
    wanted |= {"first": {"min": {"field": "begin"}}, "last": {"max": {"field": "begin"}}}
    if len(edges) > 1:
        wanted[_BARS] = _ranges(edges)
    if not chosen:
        return wanted
    counts: Body = {_ALL: {"filter": _both(chosen), "aggs": wanted}}
    for name in chosen:
        others = {other: query for other, query in chosen.items() if other != name}
        counts[_WITHOUT + name] = {"filter": _both(others), "aggs": {name: _values(name)}}
    return counts


def _values(name: str) -> Body:
    return {"terms": {"field": name, "size": MOST_FACET_VALUES, "shard_size": ALL_VALUES}}


def _ranges(edges: Sequence[int]) -> Body:
    ranges = [{"from": low, "to": high} for low, high in pairwise(edges)]
    return {"date_range": {"field": "begin", "format": "epoch_millis", "ranges": ranges}}


def _page(query: SearchQuery) -> Body:
    """Which hits, in which order. Behind what one request may skip there are none."""
    skipped = (query.page - 1) * query.per_page
    order = "asc" if query.sort is Sort.OLDEST else "desc"
    by_time: Body = {"sort_key": order}
    page: Body = {"sort": [by_time] if query.is_by_time else ["_score", by_time]}
    if skipped + query.per_page > DEEPEST:
        return page | {"size": 0}
    if query.after is None:
        return page | {"from": skipped, "size": query.per_page}
    return page | {"size": skipped + query.per_page, "search_after": [query.after]}


def _read_hits(query: SearchQuery, hits: Sequence[Mapping[str, Any]]) -> tuple[Hit, ...]:
    skipped = 0 if query.after is None else (query.page - 1) * query.per_page
    by_time = query.is_by_time
    return tuple(
        Hit(str(hit["_id"]), int(hit["sort"][0]) if by_time else None) for hit in hits[skipped:]
    )


def _read_counts(found: Mapping[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}


def _read_bars(found: Mapping[str, Any]) -> tuple[Bar, ...]:
    buckets = found[_BARS]["buckets"] if _BARS in found else ()
    return tuple(Bar(int(one["from"]), int(one["to"]), one["doc_count"]) for one in buckets)
