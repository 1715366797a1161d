"""P1 and P2: how many hooks are acknowledged, durable, and how soon."""

from typing import Final

from bench.bare import listening
from bench.conversations import END_MS, small_hook
from bench.exchange import post
from bench.figures import Control, Figure, against, ratio_of
from bench.load import Load, closed_loop, evenly, open_loop
from bench.percentiles import spread
from bench.portal import running
from bench.world import World, all_good

CLIENTS: Final = 32
MOST_RATE: Final = 8000
"""Hooks a second for which bodies are made ahead; a slice ends early when they are used up."""
CALM_RATE: Final = 100
CALM_CLIENTS: Final = 64
REPEATED: Final = 20
"""One in so many hooks of P1 is a repeat, so that deduplication has something to do."""
PROBES: Final = 150


def hooks(seed: int, first: int, count: int, word: str = "") -> list[bytes]:
    """Bodies of about 1.5 kB, each another conversation, that no run has sent before."""
    return [small_hook(seed, first + n, END_MS + first + n, word) for n in range(count)]


def measure_door(world: World) -> list[Figure]:
    """P1: 32 clients in a closed loop, a connection for each hook, against the bare route."""
    ours: list[Load] = []
    bare: list[Load] = []
    sent = 0
    with running(world.fresh("door")) as portal, listening("bench.bare") as bare_port:
        for _ in range(world.size.slices):
            count = int(MOST_RATE * world.size.door_seconds / 2)
            bodies = world.apart(hooks, world.seed, sent, count)
            bodies[::REPEATED] = [bodies[0]] * len(bodies[::REPEATED])
            sent += count
            requests = [post(portal.hook_target, body) for body in bodies]
            for port, loads in ((bare_port, bare), (portal.port, ours)):
                seconds = world.size.door_seconds
                loads.append(
                    world.apart(closed_loop, port, requests, seconds, users=CLIENTS, closing=True)
                )
            portal.settle()
    all_good("P1", *ours, *bare)
    world.remark(
        f"P1: the client takes {_share(ours):.0%} of a core beside the portal and "
        f"{_share(bare):.0%} beside the bare route."
    )
    rate = sum(load.rate for load in ours) / len(ours)
    control = Control("bare route", sum(load.rate for load in bare) / len(bare), "/s")
    figure = Figure(
        number="P1",
        quantity="durable acknowledgements",
        value=rate,
        unit="/s",
        goal=0.5,
        goal_text="≥ 0.5 × the bare route [≥ 3,000/s]",
        control=control,
        ratio=ratio_of(rate, control),
        by_ratio=True,
        more_is_better=True,
    )
    return [figure]


def measure_calm(world: World) -> list[Figure]:
    """P2 without a rebuild: 100 hooks a second in an open loop, the disk probed between slices."""
    latencies: list[float] = []
    with running(world.archive) as portal:
        count = int(CALM_RATE * world.size.calm_seconds)
        for turn in range(world.size.slices):
            bodies = hooks(world.seed, 1_000_000 + turn * count, count)
            requests = [post(portal.hook_target, body) for body in bodies]
            times = evenly(count, CALM_RATE, turn)
            world.disk.probe(PROBES)
            load = world.apart(
                open_loop, portal.port, requests, times, users=CALM_CLIENTS, closing=True
            )
            all_good("P2", load)
            latencies += load.latencies_ms()
        world.disk.probe(PROBES)
    disk, ours = world.disk.spread_ms(), spread(latencies)
    world.remark(
        f"A 4 kB fdatasync takes {disk.p50:.2f} ms (p50), {disk.p99:.2f} ms (p99) here, "
        f"{disk.count} times between the slices of P2."
    )
    calm = Control("3 fdatasync + 1 ms", 3 * disk.p50 + 1, "ms")
    tail = Control("2 fdatasync p99 + 10 ms", 2 * disk.p99 + 10, "ms")
    return [
        against("P2", "acknowledgement at 100/s, p50", ours.p50, "ms", calm, 1, f"≤ {calm.name}"),
        against("P2", "acknowledgement at 100/s, p99", ours.p99, "ms", tail, 1, f"≤ {tail.name}",
                guarded=False),
    ]  # fmt: skip


def _share(loads: list[Load]) -> float:
    return sum(load.client_cpu for load in loads) / len(loads)
