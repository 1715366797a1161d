"""P7, P9 and P11: pages over HTTP, quiet, while hooks arrive, and long timelines."""

from collections.abc import Iterator
from typing import Final

from bench.asking import as_large, mixed, pages
from bench.bare import listening
from bench.conversations import long_hook
from bench.exchange import get, post
from bench.figures import Control, Figure, against, beside, ratio_of
from bench.load import Load, closed_loop, evenly, open_loop
from bench.measure_door import CALM_CLIENTS, hooks
from bench.measure_engine import by_hand_times
from bench.percentiles import Spread, spread
from bench.portal import Portal, running
from bench.queries import read_queries
from bench.world import World, all_good

READERS: Final = 8
BUSY_RATE: Final = 200
"""Hooks a second while pages are asked for in P9."""
LARGEST_KB: Final = 60
PART: Final = 500
"""Messages of one page of a long timeline, as the portal cuts it."""
LONG: Final = {500: 20, 5_000: 60}
"""Messages of the timelines that are measured, and the milliseconds that one may take."""
TIMELINE_RATE: Final = 4
"""Timelines a second: one of thousands of messages keeps a process busy for long."""
SEARCHED: Final = "ok"


def measure_pages(world: World) -> list[Figure]:
    """P7 and P9: the same pages in turn quiet, from the bare route, and while hooks arrive."""
    quiet: list[Load] = []
    bare: list[Load] = []
    busy: list[Load] = []
    count = world.size.pages // world.size.slices
    with running(world.archive) as portal, listening("bench.bare") as bare_port:
        ask_pages(world, portal.port, pages(mixed(world.seed, count)))
        by_hand = spread(world.apart(by_hand_times, world.kept.archive, read_queries()))
        for turn in range(world.size.slices):
            requests = pages(mixed(world.seed + turn, count))
            quiet.append(ask_pages(world, portal.port, requests))
            bare.append(ask_pages(world, bare_port, as_large(quiet[-1])))
            busy.append(_while_hooks_arrive(world, portal, requests, turn))
            portal.settle()
    all_good("P7 and P9", *quiet, *bare, *busy)
    ours, empty, under_load = latencies(quiet), latencies(bare), latencies(busy)
    largest = max(answer.size for load in quiet for answer in load.answers) / 1000
    parts = Control("bare route + bare tantivy", empty.p50 + by_hand.p50, "ms")
    alone = Control("P7 p95", ours.p95, "ms")
    return [
        beside("P7", "results page over HTTP, p50", ours.p50, "ms", 15, "≤ 15 ms", parts),
        beside("P7", "results page over HTTP, p95", ours.p95, "ms", 40, "≤ 40 ms", parts),
        weight("P7", "largest results page", largest),
        against(
            "P9", "P7 while 200 hooks/s arrive, p95", under_load.p95, "ms", alone, 2, "≤ 2 × P7"
        ),
    ]


def measure_timelines(world: World) -> list[Figure]:
    """P11: the long timelines, half of the requests with a search whose hits are marked."""
    figures: list[Figure] = []
    with running(world.archive) as portal, listening("bench.bare") as bare_port:
        for length in LONG:
            name, body = long_hook(world.seed, length)
            all_good(
                "P11",
                world.apart(closed_loop, portal.port, [post(portal.hook_target, body)], 1, users=1),
            )
            portal.settle()
            requests = _timelines(name, length, world.size.timelines)
            ask_pages(world, portal.port, requests[:4], TIMELINE_RATE)
            ours = ask_pages(world, portal.port, requests, TIMELINE_RATE)
            bare = ask_pages(world, bare_port, as_large(ours), TIMELINE_RATE)
            all_good("P11", ours, bare)
            figures += _timeline_figures(world, length, latencies([ours]), latencies([bare]))
            largest = max(answer.size for answer in ours.answers) / 1000
            per_hundred = largest * 100 / min(length, PART)
            figures.append(weight("P7", f"timeline of {length:,}, per 100 messages", per_hundred))
    return figures


def _timeline_figures(world: World, length: int, ours: Spread, bare: Spread) -> Iterator[Figure]:
    """The goal's percentile, and the median, which a short run's few samples can be compared by."""
    control = Control("bare route", bare.p50, "ms")
    quantity = f"timeline of {length:,} messages"
    yield Figure(
        number="P11",
        quantity=f"{quantity}, p50",
        value=ours.p50,
        unit="ms",
        control=control,
        ratio=ratio_of(ours.p50, control),
    )
    most = LONG[length]
    control = Control("bare route", bare.p95, "ms")
    yield beside(
        "P11",
        f"{quantity}, p95",
        ours.p95,
        "ms",
        most,
        f"≤ {most} ms",
        control,
        guarded=world.size.full,
    )


def ask_pages(world: World, port: int, requests: list[bytes], rate: float = 0) -> Load:
    """Ask for pages in an open loop, at the run's rate unless another is given."""
    times = evenly(len(requests), rate or world.size.page_rate, len(requests))
    return world.apart(open_loop, port, requests, times, users=READERS)


def latencies(loads: list[Load]) -> Spread:
    """The spread of all latencies of some loads, in milliseconds."""
    return spread([late for load in loads for late in load.latencies_ms()])


def weight(number: str, quantity: str, kilobytes: float) -> Figure:
    """How large a page is, before compression."""
    return Figure(
        number=number,
        quantity=quantity,
        value=kilobytes,
        unit="kB",
        goal=LARGEST_KB,
        goal_text=f"≤ {LARGEST_KB} kB",
    )


def _while_hooks_arrive(world: World, portal: Portal, requests: list[bytes], turn: int) -> Load:
    seconds = len(requests) / world.size.page_rate
    count = int(BUSY_RATE * seconds)
    bodies = hooks(world.seed, 3_000_000 + turn * count, count)
    sending = world.beside(
        open_loop,
        portal.port,
        [post(portal.hook_target, body) for body in bodies],
        evenly(count, BUSY_RATE, turn),
        users=CALM_CLIENTS,
        closing=True,
    )
    load = ask_pages(world, portal.port, requests)
    all_good("hooks of P9", sending.result())
    return load


def _timelines(name: str, length: int, count: int) -> list[bytes]:
    """Every part of a timeline in turn, without and with a search."""
    parts = max(1, length // PART)
    searches = ("", f"&q={SEARCHED}")
    return [
        get(f"/conversations/{name}?part={1 + place // 2 % parts}{searches[place % 2]}")
        for place in range(count)
    ]
