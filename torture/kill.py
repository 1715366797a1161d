"""R1 and R2: kill -9 of everything at random moments; then the index must equal the archive."""

import random
import time
from collections.abc import Iterator
from typing import Final

from torture.checker import report_archive
from torture.expected import report_index
from torture.ground import Ground
from torture.hooks import hooks
from torture.portal import PortalUnderTest
from torture.report import Report
from torture.senders import CLIENTS, Senders

RESTART: Final = 1.0
"""Seconds from a restart to its first acknowledgement, at the 95th percentile."""
CAUGHT_UP: Final = 5.0
"""Seconds in which search holds everything again."""


def run(ground: Ground, *, count: int, kills: int) -> Iterator[Report]:
    """Send hooks from clients that never repeat, kill everything again and again, then count."""
    ledger = ground.ledger()
    report = Report(
        f"R1 and R2, kill -9 of everything: {count:,} hooks, {kills} kills, {CLIENTS} clients",
        ground.seed,
    )
    with ground.portal() as portal:
        portal.start()
        senders = Senders(portal, (one.body for one in hooks(ground.seed, count)), ledger)
        senders.start()
        restarts = _kill(portal, senders, random.Random(ground.seed + 1), count, kills)
        senders.join()
        caught_up = portal.wait_until_searchable()
        report.figure("answered with 200", senders.acknowledged)
        report.figure("came while it was down", count - senders.acknowledged)
        _report_restarts(report, restarts)
        report_archive(report, ledger.path, portal.folder / "hooks.db")
        report.goal("search caught up after", caught_up, CAUGHT_UP)
        report_index(report, portal)
        report.check("the portal ended in order", portal.stop() == 0)
    yield report


def _kill(
    portal: PortalUnderTest, senders: Senders, chance: random.Random, count: int, kills: int
) -> list[float]:
    """Kill at random moments of the sending; seconds from each restart to an acknowledgement."""
    restarts = []
    for number in range(kills):
        senders.wait_for(int(count * (number + chance.random()) / (kills + 1)))
        portal.kill_all()
        began = time.monotonic()
        portal.start()
        acknowledged = senders.first_after(began)
        if acknowledged is not None:
            restarts.append(acknowledged - began)
    return restarts


def _report_restarts(report: Report, restarts: list[float]) -> None:
    ordered = sorted(restarts)
    report.figure("restart to first acknowledgement, median", ordered[len(ordered) // 2], "s")
    slow = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    report.goal("the same, 95 of 100", slow, RESTART)
    report.check("hooks came after every kill", len(restarts) > 0)
