"""P6 and P7 on Elasticsearch: a page, and the engine's part of it, beside the bare ``_search``."""

import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from msgspec import Struct

from app.search.elastic import ElasticEngine
from app.search.elastic_body import bars_between, histogram_edges
from app.search.engine import Bar, Results
from app.search.parameters import SearchQuery
from bench.asking import mixed, pages
from bench.bare_search import search_request, span_of
from bench.elastic import ALIAS, Elastic, engine_on
from bench.exchange import Exchange
from bench.figures import Control, Figure, against, ratio_of
from bench.load import Load
from bench.measure_engine import Timed, by_kind, read_by_portal, timed
from bench.measure_pages import ask_pages, latencies
from bench.percentiles import spread
from bench.portal import running
from bench.queries import Wanted, read_queries
from bench.world import World, all_good

MOST_RATIO: Final = 1.3
MOST_MORE_MS: Final = 10
BARE: Final = "bare _search"


class Beside(Struct, frozen=True):
    """All timings, and how many queries the engine asked a second time, for other bars."""

    timings: tuple[Timed, ...]
    again: int


def measure_elastic(world: World) -> list[Figure]:
    """P6 and P7: every query with both, in turn; the server keeps no answers meanwhile."""
    elastic, size = world.elastic(), world.size
    ours: list[Load] = []
    bare: list[Load] = []
    with running(elastic.archive, search_url=elastic.address) as portal:
        elastic.settle()
        elastic.keep_no_answers()
        part = world.apart(
            compare, elastic.url, elastic.archive, read_queries(), size.engine_rounds
        )
        count = size.pages // size.slices
        ask_pages(world, portal.port, pages(mixed(world.seed, count)))
        for turn in range(size.slices):
            queries = mixed(world.seed + turn, count)
            ours.append(ask_pages(world, portal.port, pages(queries)))
            bare.append(ask_pages(world, elastic.port, bare_searches(elastic, queries)))
    all_good("P7 on Elasticsearch", *ours, *bare)
    world.remark(
        f"P6 on Elasticsearch: for {part.again} of {len(read_queries())} queries the engine asks "
        "again, for bars of another width. p50 by kind, ours / bare in ms: "
        f"{by_kind(part.timings)}."
    )
    return [*_engine_part(part.timings), *_whole_pages(ours, bare)]


def bare_searches(elastic: Elastic, queries: Sequence[Wanted]) -> list[bytes]:
    """The requests of the engine for queries, as they are sent first."""
    span = span_of(elastic.url, ALIAS)
    return [search_request(ALIAS, read_by_portal(query), span) for query in queries]


def compare(url: str, archive: Path, queries: Sequence[Wanted], rounds: int) -> Beside:
    """Ask with the engine and bare; the first round only warms."""
    engine, span = engine_on(url, archive), span_of(url, ALIAS)
    exchange = Exchange(int(url.rpartition(":")[2]))
    engine.search(SearchQuery())  # from now on it guesses at bars by the same span
    parsed = [read_by_portal(query) for query in queries]
    requests = [search_request(ALIAS, query, span) for query in parsed]
    again = 0
    for query, request in zip(parsed, requests, strict=True):
        again += asks_again(query, span, engine.search(query))
        ask_bare(exchange, request)
    timings: list[Timed] = []
    for turn in range(rounds):
        for wanted, query, request in zip(queries, parsed, requests, strict=True):
            ours, bare = _both(engine, exchange, query, request, bare_first=bool(turn % 2))
            timings.append(Timed(len(wanted.filters), wanted.kind, ours, bare))
    exchange.close()
    return Beside(tuple(timings), again)


def _both(
    engine: ElasticEngine,
    exchange: Exchange,
    query: SearchQuery,
    request: bytes,
    *,
    bare_first: bool,
) -> tuple[float, float]:
    first = timed(lambda: ask_bare(exchange, request)) if bare_first else 0.0
    ours = timed(lambda: engine.search(query))
    return ours, first or timed(lambda: ask_bare(exchange, request))


def asks_again(query: SearchQuery, span: tuple[int, int] | None, results: Results) -> bool:
    """Whether the bars of some results are others than those that were guessed at."""
    _, guessed = histogram_edges(query, span)
    bars = results.histogram.bars
    edges = (*(bar.start_ms for bar in bars), bars[-1].end_ms) if bars else ()
    return bars_between([Bar(low, high, 0) for low, high in pairwise(guessed)], edges) is None


def ask_bare(exchange: Exchange, request: bytes) -> None:
    """Send a request and wait for its answer. Raises ``RuntimeError`` when that is none."""
    now = time.monotonic()
    exchange.send(request, now, now)
    while not exchange.receive():
        pass
    if (status := exchange.answer(now, keep=False).status) != 200:
        raise RuntimeError(f"a bare search was answered with {status}")


def _engine_part(timings: Sequence[Timed]) -> list[Figure]:
    ours = spread([one.ours for one in timings])
    bare = spread([one.by_hand for one in timings])
    return [
        _part("p50", ours.p50, Control(BARE, bare.p50, "ms")),
        _part("p95", ours.p95, Control(BARE, bare.p95, "ms")),
    ]


def _part(which: str, value: float, control: Control) -> Figure:
    return Figure(
        number="P6",
        quantity=f"engine part of a page on Elasticsearch, {which}",
        value=value,
        unit="ms",
        control=control,
        ratio=ratio_of(value, control),
    )


def _whole_pages(ours: list[Load], bare: list[Load]) -> list[Figure]:
    page, search = latencies(ours), latencies(bare)
    return [_page("p50", page.p50, search.p50), _page("p95", page.p95, search.p95)]


def _page(which: str, value: float, bare: float) -> Figure:
    name = f"{MOST_RATIO} × {BARE} + {MOST_MORE_MS} ms"
    control = Control(name, MOST_RATIO * bare + MOST_MORE_MS, "ms")
    quantity = f"results page over HTTP on Elasticsearch, {which}"
    return against("P7", quantity, value, "ms", control, 1, f"≤ {name}")
