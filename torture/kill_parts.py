"""R3: kill -9 of a part, or in the midst of rare work; it is finished or cleanly repeated."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from torture.checker import report_archive
from torture.expected import report_index
from torture.ground import Ground, fact, request, until
from torture.hooks import distinct, hooks
from torture.ledger import Ledger
from torture.portal import PortalUnderTest
from torture.report import Report
from torture.senders import Senders

CAUGHT_UP: Final = 5.0
BACK_WITHIN: Final = 20.0
"""Seconds for a part to be started again; the supervisor's longest pause is five."""
CHUNK: Final = 400
"""Hooks that are sent around each kill."""
DONE_WITHIN: Final = 60.0


def run(
    ground: Ground, *, kills: int, rounds: int, size: int, workers: Sequence[int]
) -> Iterator[Report]:
    """Kill the indexer, a web process of so many, and everything during a rebuild."""
    yield _kill_part(ground, "indexer", kills, 1)
    for number in workers:
        yield _kill_part(ground, "web", kills, number)
    yield _kill_rebuild(ground, rounds, size)
    yield Report("R3, kill -9 during a backup", ground.seed, not_yet="There is no backup yet.")


def _kill_part(ground: Ground, kind: str, kills: int, workers: int) -> Report:
    """Kill one process of a kind amid hooks, again and again; the others go on."""
    title = f"R3, kill -9 of the {kind} process alone, {workers} web: {kills} kills"
    report = Report(title, ground.seed)
    ledger = ground.ledger(f"ledger-{kind}-{workers}")
    endings: Counter[str] = Counter()
    back = []
    with ground.portal(f"{kind}-{workers}", {"PORTAL_WORKERS": str(workers)}) as portal:
        portal.start()
        for senders, pause in _chunks(portal, ledger, ground.seed, kills):
            senders.start()
            time.sleep(pause)
            back.append(_kill_and_wait(portal, kind))
            senders.join()
            endings += senders.endings
        report.figure("cut off while it was answered", endings["reset"])
        report.figure("slowest to be back", max(back), "s")
        report.check("the others were answered with 200", set(endings) <= {"200", "reset"})
        _report_end(report, portal, ledger)
    return report


def _chunks(
    portal: PortalUnderTest, ledger: Ledger, seed: int, count: int
) -> Iterator[tuple[Senders, float]]:
    """Senders of the next hooks, and how many seconds into their work the kill comes."""
    chance = random.Random(seed)
    bodies = iter(one.body for one in hooks(seed, CHUNK * count))
    for _ in range(count):
        yield Senders(portal, islice(bodies, CHUNK), ledger, 8), chance.uniform(0, 0.3)


def _kill_and_wait(portal: PortalUnderTest, kind: str) -> float:
    """Kill one, and wait until there are as many of the kind as before; seconds of that."""
    there = len(portal.pids(kind))
    portal.kill(kind)
    took = until(lambda: len(portal.pids(kind)) == there, BACK_WITHIN)
    return BACK_WITHIN if took is None else took


def _kill_rebuild(ground: Ground, rounds: int, size: int) -> Report:
    """Ask for a rebuild, kill when its new generation has begun, start again."""
    report = Report(f"R3, kill -9 during a rebuild: {rounds} times", ground.seed)
    ledger = ground.ledger("ledger-rebuild")
    chance = random.Random(ground.seed)
    bodies = iter(distinct(ground.seed, size + rounds * CHUNK))
    midst = 0
    with ground.portal("rebuild") as portal:
        portal.start()
        Senders(portal, islice(bodies, size), ledger).run()
        portal.wait_until_searchable()
        for number in range(rounds):
            senders = Senders(portal, islice(bodies, CHUNK), ledger, 4)
            asked = _begin_rebuild(portal, senders)
            time.sleep(chance.uniform(0, 0.15))
            midst += fact(portal.folder, "rebuilt") < asked
            _kill_by_turns(portal, number)
            senders.join()
            done = until(lambda: fact(portal.folder, "rebuilt") >= asked, DONE_WITHIN)  # noqa: B023
            report.check(f"rebuild {number + 1} is finished after the kill", done is not None)
        report.figure("kills in the midst of it", midst)
        report.check("at least one kill came in the midst", midst > 0)
        _report_end(report, portal, ledger)
    return report


def _begin_rebuild(portal: PortalUnderTest, senders: Senders) -> int:
    """Ask for a rebuild while hooks come; returns its number once its generation has begun."""
    index = portal.folder / "index"
    there = set(index.glob("g*"))
    senders.start()
    asked = request(portal.folder, "rebuild")
    until(lambda: bool(set(index.glob("g*")) - there), BACK_WITHIN, every=0.001)
    return asked


def _kill_by_turns(portal: PortalUnderTest, number: int) -> None:
    """Everything, then only the indexer, then everything …"""
    if number % 2:
        _kill_and_wait(portal, "indexer")
    else:
        portal.kill_all()
        portal.start()


def _report_end(report: Report, portal: PortalUnderTest, ledger: Ledger) -> None:
    """The same end for all: nothing lost, search equals the archive, an orderly stop."""
    report.goal("search caught up after", portal.wait_until_searchable(), CAUGHT_UP)
    report_archive(report, ledger.path, portal.folder / "hooks.db")
    report_index(report, portal)
    report.check("the portal ended in order", portal.stop() == 0)
