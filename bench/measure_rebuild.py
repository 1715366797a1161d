"""P12, and P2 during a rebuild: a new index beside the one that answers."""

import time
from collections.abc import Sequence
from typing import Any, Final

from bench.asking import mixed
from bench.by_hand import fill_by_hand
from bench.exchange import get, post
from bench.figures import Control, Figure, beside
from bench.kept_set import serving_index
from bench.load import Load, evenly, open_loop
from bench.measure_door import CALM_CLIENTS, CALM_RATE, hooks
from bench.portal import Portal, running
from bench.queries import Wanted, read_queries
from bench.world import World, all_good

WITHIN: Final = 600.0
"""Seconds that a rebuild may take before the run is given up."""
LOOK_EVERY: Final = 0.01
SEARCHES: Final = 10
"""Searches per second while the index is built anew."""


def measure_rebuild(world: World) -> list[Figure]:
    """P12 quiet, with a digest of all answers before and after; then P2's hooks during another."""
    bodies = list(world.kept.hooks())
    by_hand = world.apart(fill_by_hand, bodies, world.fresh("filled"))
    del bodies
    with running(world.archive) as portal:
        conversations = portal.ask("/api/search?per_page=1")["total"]
        compared = mixed(world.seed, world.size.pages)
        before = answers(portal, compared)
        seconds, searches = _rebuilt(world, portal, _search_during(world, by_hand))
        after = answers(portal, compared)
        _, acknowledged = _rebuilt(world, portal, _hooks_during(world, portal, seconds))
    all_good("P12", searches, acknowledged)
    different = sum(one != other for one, other in zip(before, after, strict=True))
    world.remark(
        f"P12: {conversations:,} conversations; the slowest of {len(searches.answers)} searches "
        f"meanwhile took {max(searches.latencies_ms()):.0f} ms."
    )
    control = Control("bare tantivy fill", by_hand, "s")
    return [
        beside("P12", "rebuild of the index", seconds, "s", 30, "≤ 30 s", control),
        _none("searches meanwhile other than 200", searches.failed),
        _none("answers that differ after it", different),
        beside("P2", "slowest acknowledgement during a rebuild", max(acknowledged.latencies_ms()),
               "ms", 1000, "< 1 s", guarded=False),
    ]  # fmt: skip


def answers(portal: Portal, queries: Sequence[Wanted]) -> list[Any]:
    """What the API answers to each query, without the state of the index."""
    found = [portal.ask(query.target("/api/search")) for query in queries]
    return [{name: part for name, part in one.items() if name != "index"} for one in found]


_During = tuple[list[bytes], list[float], bool]
"""Requests, their times, and whether each has a connection of its own."""


def _rebuilt(world: World, portal: Portal, during: _During) -> tuple[float, Load]:
    """``portal rebuild`` while requests are sent; its seconds, and what became of the requests."""
    requests, times, closing = during
    sending = world.beside(
        open_loop, portal.port, requests, times, users=CALM_CLIENTS, closing=closing
    )
    before = serving_index(portal.folder)
    began = time.monotonic()
    portal.command("rebuild")
    while serving_index(portal.folder) == before:
        if time.monotonic() - began > WITHIN:
            raise RuntimeError(f"no rebuild within {WITHIN:.0f} s")
        time.sleep(LOOK_EVERY)
    seconds = time.monotonic() - began
    load = sending.result()
    portal.settle()
    return seconds, load


def _search_during(world: World, by_hand: float) -> _During:
    """Searches for as long as a rebuild may well take: thrice as long as by hand, and some."""
    count = int(SEARCHES * (3 * by_hand + 2))
    queries = read_queries()
    requests = [get(queries[n % len(queries)].target("/api/search")) for n in range(count)]
    return requests, evenly(count, SEARCHES, world.seed), False


def _hooks_during(world: World, portal: Portal, seconds: float) -> _During:
    count = int(CALM_RATE * (seconds + 1))
    bodies = hooks(world.seed, 4_000_000, count)
    requests = [post(portal.hook_target, body) for body in bodies]
    return requests, evenly(count, CALM_RATE, world.seed), True


def _none(quantity: str, count: int) -> Figure:
    return Figure(
        number="P12", quantity=quantity, value=count, unit="", goal=0, goal_text="0", guarded=False
    )
