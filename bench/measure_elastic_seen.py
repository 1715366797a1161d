"""P5: from a hook to its being found on Elasticsearch, by every web process."""

from typing import Final

from bench.bare_search import found_after
from bench.elastic import LAYOUT, REFRESH_MS
from bench.figures import Control, Figure, beside, ratio_of
from bench.measure_seen import WORKERS, hooks_seen
from bench.percentiles import spread
from bench.portal import running
from bench.world import World

MOST_MORE_MS: Final = 500
LOOK_EVERY: Final = 0.05
"""Seconds between two questions to a process; each is work for the server too."""


def measure_elastic_seen(world: World) -> list[Figure]:
    """P5: 100 hooks a second; a bare document at a time before and after them."""
    elastic = world.elastic()
    count = max(4, int(world.size.seen_seconds / 2))
    with running(elastic.archive, WORKERS, elastic.address) as portal:
        elastic.settle()
        bare = world.apart(found_after, elastic.url, LAYOUT, count)
        ours = hooks_seen(world, portal, "P5", LOOK_EVERY)
        bare += world.apart(found_after, elastic.url, LAYOUT, count)
    control = Control("bare document", spread(bare).p50, "ms")
    quantity = "hook to searchable on Elasticsearch in every web process"
    most = REFRESH_MS + MOST_MORE_MS
    goal = f"≤ refresh interval ({REFRESH_MS / 1000:.0f} s) + {MOST_MORE_MS / 1000} s"
    return [
        Figure(
            number="P5",
            quantity=f"{quantity}, p50",
            value=ours.p50,
            unit="ms",
            control=control,
            ratio=ratio_of(ours.p50, control),
        ),
        beside("P5", f"{quantity}, p99", ours.p99, "ms", most, goal, control, guarded=False),
    ]
