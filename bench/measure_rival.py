"""The portal beside SQLite FTS5: the same queries by one person, one after another, in turn."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from app.search.embedded import EmbeddedEngine
from bench.asking import mixed, pages
from bench.bare import listening
from bench.exchange import get
from bench.figures import Figure
from bench.kept_set import KeptSet, bytes_below
from bench.load import Load, closed_loop
from bench.measure_engine import read_by_portal
from bench.measure_pages import latencies
from bench.portal import running
from bench.queries import Wanted, read_queries
from bench.rival_store import build, open_for_pages, search
from bench.table import shown
from bench.world import World, all_good

SLICE: Final = 50
"""Queries of one before the other's turn."""
FOR_EVER: Final = 600.0


def measure_rival(world: World) -> list[Figure]:
    """One user in a closed loop on both pages; what it shows stands below the table."""
    path = _kept(world.kept)
    queries = mixed(world.seed, world.size.pages)
    ours: list[Load] = []
    theirs: list[Load] = []
    with (
        running(world.archive) as portal,
        listening("bench.rival", str(path)) as rival_port,
    ):
        for first in range(0, len(queries), SLICE):
            part = queries[first : first + SLICE]
            ours.append(_one_user(world, portal.port, pages(part)))
            theirs.append(_one_user(world, rival_port, rival_pages(part)))
        all_good("SQLite FTS5", *ours, *theirs)
    world.remark(_agreement(world.kept, path))
    world.rivals += _rows(world, ours, theirs, path)
    return []


def rival_pages(queries: Sequence[Wanted]) -> list[bytes]:
    """Requests for the rival's page of queries; it is told their kind, having no parser."""
    return [get(query.target("/", kind=query.kind)) for query in queries]


def _agreement(kept: KeptSet, path: Path) -> str:
    """How many queries find as many conversations there as here, in the set as it was made."""
    queries = read_queries()
    engine = EmbeddedEngine(kept.archive / "index")
    with closing(sqlite3.connect(path)) as connection:
        open_for_pages(connection)
        same = sum(
            search(connection, query).total == engine.total(read_by_portal(query))
            for query in queries
        )
    return f"SQLite FTS5: {same} of {len(queries)} queries have the portal's total there."


def _kept(kept: KeptSet) -> Path:
    path = kept.folder / "fts5.db"
    if not path.exists():
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        build(kept.hooks(), unfinished)
        unfinished.replace(path)
    return path


def _one_user(world: World, port: int, requests: list[bytes]) -> Load:
    return world.apart(closed_loop, port, requests, FOR_EVER, users=1)


def _rows(
    world: World, ours: list[Load], theirs: list[Load], path: Path
) -> list[tuple[str, str, str]]:
    our, their = latencies(ours), latencies(theirs)
    disk = bytes_below(world.kept.index()) / 1e6
    return [
        ("page by one user, p50", shown(our.p50, "ms"), shown(their.p50, "ms")),
        ("page by one user, p95", shown(our.p95, "ms"), shown(their.p95, "ms")),
        ("slowest page", shown(our.most, "ms"), shown(their.most, "ms")),
        ("search on disk", shown(disk, "MB"), shown(bytes_below(path) / 1e6, "MB")),
    ]
