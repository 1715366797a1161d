"""P8, and the memory of P15: sixteen people at once with mixed queries."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from bench.asking import mixed, pages
from bench.bare import listening, target
from bench.exchange import get
from bench.figures import Control, Figure, beside, ratio_of
from bench.load import Load, closed_loop, evenly, open_loop
from bench.measure_pages import latencies
from bench.portal import Portal, running
from bench.processes import memory_kb
from bench.world import World, all_good

USERS: Final = 16
WORKERS: Final = 2
"""Web processes: one per core of the machine that the goals are written for."""
GOAL_RATE: Final = 150
MOST_RATE: Final = 25_000
SAMPLE_EVERY: Final = 0.5
"""Seconds between two looks at the memory."""


def measure_crowd(world: World) -> list[Figure]:
    """P8: what sixteen in a closed loop get through, then latencies at the goal's rate."""
    ours: list[Load] = []
    bare: list[Load] = []
    memory: list[int] = []
    with (
        running(world.archive, WORKERS) as portal,
        listening("bench.bare", workers=WORKERS) as bare_port,
    ):
        for turn in range(world.size.slices):
            count = int(GOAL_RATE * 4 * world.size.crowd_seconds)
            sending = world.beside(
                closed_loop,
                portal.port,
                pages(mixed(world.seed + turn, count)),
                world.size.crowd_seconds,
                users=USERS,
            )
            memory += _memory_during(portal, sending)
            ours.append(sending.result())
            bare.append(_bare(world, bare_port, ours[-1]))
        count = int(GOAL_RATE * world.size.open_seconds)
        sending = world.beside(
            open_loop,
            portal.port,
            pages(mixed(world.seed, count)),
            evenly(count, GOAL_RATE, world.seed),
            users=USERS,
        )
        memory += _memory_during(portal, sending)
        planned = sending.result()
        count_of_processes = len(portal.processes())
    rate = sum(load.rate for load in ours) / len(ours)
    control = Control("bare route", sum(load.rate for load in bare) / len(bare), "/s")
    cpu = sum(load.client_cpu for load in ours) / len(ours)
    world.remark(
        f"P8: {WORKERS} web processes; the client takes {cpu:.0%} of a core. The latency counts "
        f"from the planned time at {GOAL_RATE} pages/s, the rate is that of a closed loop."
    )
    all_good("P8", planned, *ours, *bare)
    return [
        _rate(rate, control),
        beside("P8", f"latency at {GOAL_RATE} pages/s, p99", latencies([planned]).p99, "ms", 250,
               "≤ 250 ms", guarded=False),
        _errors(sum(load.failed for load in (planned, *ours))),
        _memory(max(memory) / 1024, count_of_processes),
    ]  # fmt: skip


def _bare(world: World, port: int, ours: Load) -> Load:
    size = sum(answer.size for answer in ours.answers) // len(ours.answers)
    requests = [get(target(size))] * int(MOST_RATE * world.size.crowd_seconds)
    return world.apart(closed_loop, port, requests, world.size.crowd_seconds, users=USERS)


def _memory_during(portal: Portal, work: "Future[Load]") -> list[int]:
    return sampled(lambda: memory_kb(portal.processes(), portal.folder / "index"), work)


def sampled(look: Callable[[], int], work: "Future[Load]") -> list[int]:
    """What ``look`` gives while a piece of work runs, at least once."""
    seen = [look()]
    while not work.done():
        time.sleep(SAMPLE_EVERY)
        seen.append(look())
    return seen


def _rate(rate: float, control: Control) -> Figure:
    return Figure(
        number="P8",
        quantity="pages of 16 users at once",
        value=rate,
        unit="/s",
        goal=GOAL_RATE,
        goal_text=f"≥ {GOAL_RATE}/s",
        control=control,
        ratio=ratio_of(rate, control),
        more_is_better=True,
        full_only=True,
    )


def _errors(count: int) -> Figure:
    return Figure(
        number="P8",
        quantity="answers other than 200",
        value=count,
        unit="",
        goal=0,
        goal_text="0",
        guarded=False,
    )


def _memory(megabytes: float, processes: int) -> Figure:
    return Figure(
        number="P15",
        quantity=f"memory of all {processes} processes under P8, without mapped index files",
        value=megabytes,
        unit="MB",
        goal=400,
        goal_text="≤ 400 MB",
        full_only=True,
    )
