"""P4: from a hook to its being found, by every web process."""

from typing import Final

import msgspec

from bench.by_hand import commit_by_hand
from bench.exchange import Answer, post
from bench.figures import Control, Figure, beside
from bench.load import evenly, open_loop
from bench.measure_door import CALM_CLIENTS, CALM_RATE, hooks
from bench.percentiles import spread
from bench.portal import running
from bench.watching import delays, watch
from bench.world import World, all_good

WORKERS: Final = 2
"""Web processes: one could not show whether others see the same."""
WORD: Final = "qzseenbythebench"
COMMITS: Final = 40


def measure_seen(world: World) -> list[Figure]:
    """P4: 100 hooks a second, each counted as found once the last web process finds it."""
    count = int(CALM_RATE * world.size.seen_seconds)
    bodies = hooks(world.seed, 2_000_000, count, WORD)
    times = evenly(count, CALM_RATE, world.seed)
    with running(world.archive, WORKERS) as portal:
        by_hand = world.apart(commit_by_hand, world.fresh("commit-1"), COMMITS)
        requests = [post(portal.hook_target, body) for body in bodies]
        target = f"/api/search?q={WORD}&per_page=1"
        processes = portal.web_processes()
        watching = world.beside(
            watch, portal.port, target, processes, count, world.size.seen_seconds
        )
        load = world.apart(
            open_loop, portal.port, requests, times, users=CALM_CLIENTS, closing=True, keep=True
        )
        seen = watching.result()
        by_hand += world.apart(commit_by_hand, world.fresh("commit-2"), COMMITS)
    all_good("P4", load)
    numbered = sorted(load.answers, key=_number)
    ours = spread([1000 * late for late in delays(seen, [one.planned for one in numbered])])
    world.remark(
        f"P4: {len(processes)} web processes were asked {len(seen):,} times; a hook is found up "
        "to 25 ms before it is seen to be."
    )
    control = Control("bare commit and search", spread(by_hand).p50, "ms")
    quantity = "hook to searchable in every web process"
    return [
        beside("P4", f"{quantity}, p50", ours.p50, "ms", 150, "≤ 150 ms", control),
        beside("P4", f"{quantity}, p99", ours.p99, "ms", 500, "≤ 500 ms", control, guarded=False),
    ]


def _number(answer: Answer) -> int:
    return int(msgspec.json.decode(answer.body)["hook"])
