"""Bare searches on Elasticsearch: the bodies that the portal sends, and a document to be found.

They are the controls of a page and of how soon a hook is found.
"""

import time
from typing import Final

import msgspec

from app.search.elastic_body import histogram_edges, read_answer, search_body
from app.search.elastic_index import Layout, serving_settings
from app.search.parameters import SearchQuery
from bench.bare_bulk import make_bare
from bench.exchange import post
from cluster.nodes import ask

POLL_EVERY: Final = 0.01
FOUND_WITHIN: Final = 30.0
FOUND_IN: Final = "bare-found"
"""The index that documents are found in."""


def span_of(url: str, index: str) -> tuple[int, int] | None:
    """The first and the last begin in an index: the engine guesses at the edges of bars by them."""
    everything = SearchQuery()
    answer = ask(f"{url}/{index}/_search", "POST", search_body(everything, ()))
    return read_answer(everything, answer).span


def search_request(index: str, query: SearchQuery, span: tuple[int, int] | None) -> bytes:
    """The request that the engine sends first for a search, on a connection that stays."""
    _, edges = histogram_edges(query, span)
    target = f"/{index}/_search?allow_partial_search_results=false"
    return post(target, msgspec.json.encode(search_body(query, edges)), closing=False)


def found_after(url: str, layout: Layout, count: int) -> list[float]:
    """Milliseconds from one document to its being found, so many times, one after another.

    Each is sent a little later after the refresh that showed the one before: they are spread
    evenly between two refreshes.
    """
    make_bare(url, FOUND_IN, layout)
    ask(f"{url}/{FOUND_IN}/_settings", "PUT", serving_settings(layout))
    times = []
    for number in range(count):
        time.sleep((number + 0.5) / count * layout.refresh)
        times.append(_until_found(url, number))
    ask(f"{url}/{FOUND_IN}", "DELETE")
    return times


def _until_found(url: str, number: int) -> float:
    began = time.perf_counter()
    ask(f"{url}/{FOUND_IN}/_doc/{number}", "PUT", {"sort_key": number})
    wanted = {"query": {"term": {"sort_key": number}}, "size": 1}
    while time.perf_counter() - began < FOUND_WITHIN:
        if ask(f"{url}/{FOUND_IN}/_search", "POST", wanted)["hits"]["hits"]:
            return (time.perf_counter() - began) * 1000
        time.sleep(POLL_EVERY)
    raise RuntimeError(f"Elasticsearch does not find a document within {FOUND_WITHIN:.0f} s")
