"""``python -m bench.scale [--messages N]``: one and three nodes, one and three shards, as a table.

Prints the rows of docs/scale.md that were measured: documents a second of a bare bulk, bytes, and
how long the portal's search bodies take. All nodes share this machine's cores.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from app.search.elastic_index import Layout
from app.search.parameters import SearchQuery
from bench.bare_bulk import Bodies, fill_bare, keep_bodies
from bench.bare_search import search_request, span_of
from bench.elastic import Stored, bytes_of
from bench.exchange import Exchange
from bench.kept_set import CACHE, KeptSet
from bench.measure_elastic import ask_bare
from bench.measure_engine import read_by_portal, timed
from bench.percentiles import spread
from bench.queries import read_queries
from bench.world import FULL
from cluster.nodes import Cluster, ask, running

INDEX: Final = "scale"
ROUNDS: Final = 3
QUIET_WITHIN: Final = 600.0
"""Seconds until every copy is there."""


class Row(Struct, frozen=True):
    """What was measured on one cluster with one number of shards."""

    nodes: int
    shards: int
    rate: float
    stored: Stored
    p50: float
    p95: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--messages", type=int, default=FULL.messages)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--nodes", type=int, nargs="*", default=(1, 3))
    options = parser.parse_args()
    conversations = options.messages * FULL.conversations // FULL.messages
    kept = KeptSet(options.cache, options.seed, conversations, options.messages)
    kept.make()
    folder = Path(tempfile.mkdtemp(prefix="portal-scale-"))
    try:
        bodies = keep_bodies(kept.archive, folder / "bodies")
        print(f"{bodies.documents:,} documents, {bodies.bytes / 1e6:,.0f} MB of bodies\n")
        print("| nodes | shards | documents/s | bytes of one copy | with copies | p50 | p95 |")
        print("|---|---|---|---|---|---|---|")
        for nodes in options.nodes:
            with running(nodes) as cluster:
                for shards in (1, 3):
                    _print(_measure(cluster, folder / "bodies", bodies, shards))
    finally:
        shutil.rmtree(folder)


def _measure(cluster: Cluster, folder: Path, bodies: Bodies, shards: int) -> Row:
    """Fill an index, wait until it is whole and quiet, search it, delete it."""
    url = cluster.nodes[0].url
    seconds = fill_bare(url, INDEX, folder, Layout(shards=shards))
    _wait_for_copies(url)
    stored = bytes_of(url, INDEX)
    times = _search(url)
    ask(f"{url}/{INDEX}", "DELETE")
    return Row(
        nodes=len(cluster.nodes),
        shards=shards,
        rate=bodies.documents / seconds,
        stored=stored,
        p50=spread(times).p50,
        p95=spread(times).p95,
    )


def _wait_for_copies(url: str) -> None:
    began = time.monotonic()
    while ask(f"{url}/_cluster/health/{INDEX}")["status"] != "green":
        if time.monotonic() - began > QUIET_WITHIN:
            raise RuntimeError(f"The copies are not there after {QUIET_WITHIN:.0f} s")
        time.sleep(0.5)


def _search(url: str) -> Sequence[float]:
    """Milliseconds of every query of the bench, asked one after another; the first round warms."""
    ask(f"{url}/{INDEX}/_settings", "PUT", {"index.requests.cache.enable": False})
    span = span_of(url, INDEX)
    queries: list[SearchQuery] = [read_by_portal(query) for query in read_queries()]
    requests = [search_request(INDEX, query, span) for query in queries]
    exchange = Exchange(int(url.rpartition(":")[2]))
    times: list[float] = []
    for turn in range(ROUNDS + 1):
        for request in requests:
            took = timed(lambda: ask_bare(exchange, request))  # noqa: B023 — called at once
            times += [took] if turn else []
    exchange.close()
    return times


def _print(row: Row) -> None:
    sizes = f"{row.stored.one_copy / 1e6:,.0f} MB | {row.stored.all_copies / 1e6:,.0f} MB"
    print(
        f"| {row.nodes} | {row.shards} | {row.rate:,.0f} | {sizes} "
        f"| {row.p50:.1f} ms | {row.p95:.1f} ms |",
        flush=True,
    )


if __name__ == "__main__":
    main()
