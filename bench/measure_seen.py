"""P4: from a hook to its being found, by every web process."""

from typing import Final

import msgspec

from bench.by_hand import commit_by_hand
from bench.exchange import Answer, post
from bench.figures import Control, Figure, beside
from bench.load import evenly, open_loop
from bench.measure_door import CALM_CLIENTS, CALM_RATE, hooks
from bench.percentiles import Spread, spread
from bench.portal import Portal, running
from bench.watching import EVERY, delays, watch
from bench.world import World, all_good

WORKERS: Final = 2
"""Web processes: one could not show whether others see the same."""
WORD: Final = "qzseenbythebench"
TARGET: Final = f"/api/search?q={WORD}&per_page=1"
COMMITS: Final = 40


def measure_seen(world: World) -> list[Figure]:
    """P4: 100 hooks a second, each counted as found once the last web process finds it."""
    with running(world.archive, WORKERS) as portal:
        by_hand = world.apart(commit_by_hand, world.fresh("commit-1"), COMMITS)
        ours = hooks_seen(world, portal, "P4", EVERY)
        by_hand += world.apart(commit_by_hand, world.fresh("commit-2"), COMMITS)
    control = Control("bare commit and search", spread(by_hand).p50, "ms")
    quantity = "hook to searchable in every web process"
    middle = beside("P4", f"{quantity}, p50", ours.p50, "ms", 150, "≤ 150 ms", control)
    return [
        msgspec.structs.replace(middle, waits=True),
        beside("P4", f"{quantity}, p99", ours.p99, "ms", 500, "≤ 500 ms", control, guarded=False),
    ]


def hooks_seen(world: World, portal: Portal, name: str, every: float) -> Spread:
    """Milliseconds from each hook until all web processes find it, asked ``every`` so often."""
    count = int(CALM_RATE * world.size.seen_seconds)
    bodies = hooks(world.seed, 2_000_000, count, WORD)
    requests = [post(portal.hook_target, body) for body in bodies]
    times = evenly(count, CALM_RATE, world.seed)
    processes = portal.web_processes()
    watching = world.beside(
        watch, portal.port, TARGET, processes, count, world.size.seen_seconds, every
    )
    load = world.apart(
        open_loop, portal.port, requests, times, users=CALM_CLIENTS, closing=True, keep=True
    )
    seen = watching.result()
    all_good(name, load)
    numbered = sorted(load.answers, key=_number)
    world.remark(
        f"{name}: {len(processes)} web processes were asked {len(seen):,} times; a hook is found "
        f"up to {every * 1000:.0f} ms before it is seen to be."
    )
    return spread([1000 * late for late in delays(seen, [one.planned for one in numbered])])


def _number(answer: Answer) -> int:
    return int(msgspec.json.decode(answer.body)["hook"])
