"""Every test by name, in its short and its full form."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from torture import (
    bodies,
    disk,
    elastic,
    elastic_fill,
    elastic_nodes,
    kill,
    kill_parts,
    kill_work,
    nasty,
    orders,
    poison,
    rebuilds,
    repeats,
    restart,
    slow,
)
from torture.ground import Ground
from torture.report import Report

Test = Callable[[Ground], Iterator[Report]]

SHORT: Final[Mapping[str, Test]] = {
    "kill": lambda ground: kill.run(ground, count=6000, kills=8),
    "parts": lambda ground: kill_parts.run(ground, kills=3, rounds=2, size=1000, workers=(1,)),
    "work": lambda ground: kill_work.run(ground, rounds=2, size=2000),
    "disk": lambda ground: disk.run(ground, hold=2, every=False, power_cuts=6),
    "repeats": lambda ground: repeats.run(ground, count=1000),
    "orders": lambda ground: orders.run(ground, archives=6),
    "poison": lambda ground: poison.run(ground, good=600, bad=100),
    "rebuilds": lambda ground: rebuilds.run(ground, count=1000),
    "restart": lambda ground: restart.run(ground, times=2),
    "bodies": lambda ground: bodies.run(ground, times=3),
    "slow": lambda ground: slow.run(ground, connections=1000, patience=17),
    "nasty": lambda ground: nasty.run(ground, count=100, stored=1000),
    "elastic": lambda ground: elastic.run(ground, calm=8, away=20, hang=15),
    "elastic-fill": lambda ground: elastic_fill.run(ground, size=2000, kills=5),
    "elastic-nodes": lambda ground: elastic_nodes.run(ground, calm=10),
}
"""All together at most eight minutes on an idle machine of two cores."""
FULL: Final[Mapping[str, Test]] = {
    "kill": lambda ground: kill.run(ground, count=10_000, kills=50),
    "parts": lambda ground: kill_parts.run(ground, kills=10, rounds=8, size=5000, workers=(1, 2)),
    "work": lambda ground: kill_work.run(ground, rounds=8, size=4000),
    "disk": lambda ground: disk.run(ground, hold=20, every=True, power_cuts=40),
    "repeats": lambda ground: repeats.run(ground, count=1000),
    "orders": lambda ground: orders.run(ground, archives=24),
    "poison": lambda ground: poison.run(ground, good=3000, bad=500),
    "rebuilds": lambda ground: rebuilds.run(ground, count=10_000),
    "restart": lambda ground: restart.run(ground, times=10),
    "bodies": lambda ground: bodies.run(ground, times=20),
    "slow": lambda ground: slow.run(ground, connections=1000, patience=40),
    "nasty": lambda ground: nasty.run(ground, count=500, stored=10_000),
    "elastic": lambda ground: elastic.run(ground, calm=30, away=600, hang=30),
    "elastic-fill": lambda ground: elastic_fill.run(ground, size=5000, kills=10),
    "elastic-nodes": lambda ground: elastic_nodes.run(ground, calm=60),
}
"""All together at most 45 minutes."""
