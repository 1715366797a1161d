"""P14 and the growth of P15: bytes on disk, and memory while a million hooks come in."""

from typing import Final

from bench.exchange import post
from bench.figures import Figure
from bench.kept_set import bytes_below
from bench.load import closed_loop
from bench.measure_door import CLIENTS, hooks
from bench.portal import running
from bench.processes import memory_kb
from bench.world import World, all_good

FILES: Final = ("hooks.db", "state.db")
ROUND: Final = 50_000
"""Hooks of one round of the growth; memory is looked at between rounds."""
NEW_SHARE: Final = 5
"""One hook in so many is a new conversation, the others are repeats."""
FOR_EVER: Final = 3600.0


def measure_disk(world: World) -> list[Figure]:
    """P14: the index against the text in it, archive and index against the raw JSON."""
    known = world.kept.figures
    index = bytes_below(world.kept.index())
    archive = sum(bytes_below(world.kept.archive / name) for name in FILES)
    world.remark(
        f"P14: {known.raw_bytes / 1e6:,.0f} MB raw JSON with {known.text_bytes / 1e6:,.0f} MB of "
        f"text (messages and facts); archive {archive / 1e6:,.0f} MB, index {index / 1e6:,.0f} MB."
    )
    return [
        _share("index per byte of text", index / known.text_bytes, 1.0),
        _share("archive and index per byte of JSON", (archive + index) / known.raw_bytes, 2.0),
    ]


def measure_growth(world: World) -> list[Figure]:
    """P15: memory after half of the hooks and after all of them, search caught up both times."""
    rounds = world.size.growth_hooks // ROUND
    seen: list[int] = []
    with running(world.fresh("growth")) as portal:
        for turn in range(rounds):
            new = world.apart(hooks, world.seed, 5_000_000 + turn * ROUND, ROUND // NEW_SHARE)
            requests = [post(portal.hook_target, body) for body in new] * NEW_SHARE
            load = world.apart(
                closed_loop, portal.port, requests, FOR_EVER, users=CLIENTS, closing=True
            )
            all_good("P15", load)
            portal.settle()
            seen.append(memory_kb(portal.processes(), portal.folder / "index"))
    if not seen:
        return []
    half, last = seen[len(seen) // 2 - 1], seen[-1]
    world.remark(
        f"P15: one of {NEW_SHARE} hooks is a new conversation, the others are repeats; memory in "
        f"MB after every {ROUND:,}: {', '.join(str(kb // 1024) for kb in seen)}."
    )
    growth = 100 * (last - half) / half
    figure = Figure(
        number="P15",
        quantity=f"growth over the last half of {rounds * ROUND:,} hooks",
        value=growth,
        unit="%",
        goal=5,
        goal_text="≤ 5 %",
        guarded=False,
    )
    return [figure]


def _share(quantity: str, value: float, goal: float) -> Figure:
    return Figure(
        number="P14",
        quantity=quantity,
        value=value,
        unit="",
        goal=goal,
        goal_text=f"≤ {goal}",
        full_only=True,
    )
