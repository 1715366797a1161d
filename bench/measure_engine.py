"""P6: the engine's part of one results page, against the same page asked of tantivy by hand."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.search.embedded import EmbeddedEngine
from app.search.engine import Results
from app.search.parameters import SearchQuery
from bench.by_hand import ByHand, Page, Prepared, prepared
from bench.figures import Control, Figure, against, beside
from bench.kept_set import serving_index
from bench.percentiles import spread
from bench.queries import Wanted, read_queries
from bench.tongues import forms
from bench.world import World

UTC: Final = ZoneInfo("UTC")
MOST_RATIO: Final = 1.5


class Timed(Struct, frozen=True):
    """Milliseconds of one query: with the portal's engine and by hand."""

    chosen: int
    kind: str
    ours: float
    by_hand: float


class Comparison(Struct, frozen=True):
    """All timings, how many queries found nothing, and which gave another page."""

    timings: tuple[Timed, ...]
    empty: int
    different: tuple[str, ...]


def measure_engine(world: World) -> list[Figure]:
    """P6: every query with both, in turn, in one process; no portal runs meanwhile."""
    found = world.apart(compare, world.kept.archive, read_queries(), world.size.engine_rounds)
    ours = spread([one.ours for one in found.timings])
    by_hand = spread([one.by_hand for one in found.timings])
    few = spread([one.ours for one in found.timings if one.chosen <= 1])
    many = spread([one.ours for one in found.timings if one.chosen > 1])
    world.remark(
        f"P6: {found.empty} of {len(read_queries())} queries find nothing in this set. p50 by "
        f"kind, ours / by hand in ms: {by_kind(found.timings)}."
    )
    for text in found.different[:5]:
        world.remark(f"P6: another page than by hand: {text}")
    goal = "≤ 1.5 × by hand"
    page = "engine part of a page"
    return [
        _ratio(f"{page}, p50", ours.p50, by_hand.p50, goal),
        _ratio(f"{page}, p95", ours.p95, by_hand.p95, goal),
        beside("P6", f"{page}, at most one facet chosen, p50", few.p50, "ms", 4, "[≤ 4 ms]"),
        beside("P6", f"{page}, at most one facet chosen, p95", few.p95, "ms", 12, "[≤ 12 ms]"),
        beside("P6", f"{page}, three facets chosen, p95", many.p95, "ms", 18, "[≤ 18 ms]"),
        _none("P6", "pages that differ from those by hand", len(found.different)),
    ]


def compare(archive: Path, queries: Sequence[Wanted], rounds: int) -> Comparison:
    """Ask both; the first round only warms and compares what they answer."""
    engine = EmbeddedEngine(archive / "index")
    by_hand = ByHand(serving_index(archive))
    asked = [(query, read_by_portal(query), prepared(query)) for query in queries]
    edges: list[tuple[int, ...]] = []
    different: list[str] = []
    empty = 0
    for query, parsed, simple in asked:
        results = engine.search(parsed)
        edges.append(_edges(results))
        empty += not results.total
        if as_page(results) != by_hand.search(simple, edges[-1]):
            different.append(query.target())
    timings: list[Timed] = []
    for turn in range(rounds):
        for (query, parsed, simple), borders in zip(asked, edges, strict=True):
            ours, hand = _both(engine, by_hand, parsed, simple, borders, hand_first=bool(turn % 2))
            timings.append(Timed(len(query.filters), query.kind, ours, hand))
    return Comparison(tuple(timings), empty, tuple(different))


def as_page(results: Results) -> Page:
    """The engine's results in the shape of those by hand; chosen values at 0 left out."""
    facets = {
        name: {value.value: value.count for value in values if value.count}
        for name, values in results.facets.items()
    }
    bars = tuple(bar.count for bar in results.histogram.bars)
    return Page(results.total, tuple(hit.id for hit in results.hits), facets, bars)


def by_hand_times(archive: Path, queries: Sequence[Wanted]) -> list[float]:
    """Milliseconds of each query by hand, warm."""
    engine, by_hand = EmbeddedEngine(archive / "index"), ByHand(serving_index(archive))
    edges = [_edges(engine.search(read_by_portal(query))) for query in queries]
    simple = [prepared(query) for query in queries]
    return [
        timed(lambda one=one, cut=cut: by_hand.search(one, cut))  # type: ignore[misc]
        for one, cut in zip(simple, edges, strict=True)
    ]


def _both(
    engine: EmbeddedEngine,
    by_hand: ByHand,
    parsed: SearchQuery,
    simple: Prepared,
    borders: Sequence[int],
    *,
    hand_first: bool,
) -> tuple[float, float]:
    first = timed(lambda: by_hand.search(simple, borders)) if hand_first else 0.0
    ours = timed(lambda: engine.search(parsed))
    return ours, first or timed(lambda: by_hand.search(simple, borders))


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of a piece of work."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def read_by_portal(query: Wanted) -> SearchQuery:
    """A query as the portal reads it from an address."""
    return SearchQuery.from_params(query.lists(), UTC, forms())


def _edges(results: Results) -> tuple[int, ...]:
    bars = results.histogram.bars
    return (*(bar.start_ms for bar in bars), bars[-1].end_ms) if bars else ()


def _ratio(quantity: str, ours: float, by_hand: float, goal: str) -> Figure:
    control = Control("bare tantivy", by_hand, "ms")
    return against("P6", quantity, ours, "ms", control, MOST_RATIO, goal)


def _none(number: str, quantity: str, count: int) -> Figure:
    return Figure(
        number=number, quantity=quantity, value=count, unit="", goal=0, goal_text="0", guarded=False
    )


def by_kind(timings: Sequence[Timed]) -> str:
    """The medians of each kind of query, ours and by hand."""
    kinds = dict.fromkeys(one.kind for one in timings)
    parts = []
    for kind in kinds:
        ours = spread([one.ours for one in timings if one.kind == kind]).p50
        hand = spread([one.by_hand for one in timings if one.kind == kind]).p50
        parts.append(f"{kind} {ours:.1f} / {hand:.1f}")
    return ", ".join(parts)
