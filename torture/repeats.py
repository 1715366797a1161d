"""R7: each hook five times, in parallel and shuffled: one row, one conversation, one document."""

import random
from collections.abc import Iterator
from typing import Final

from torture.checker import report_archive
from torture.expected import report_index
from torture.ground import Ground, rows
from torture.hooks import distinct
from torture.report import Report
from torture.senders import Senders

TIMES: Final = 5


def run(ground: Ground, *, count: int) -> Iterator[Report]:
    """Send every hook five times."""
    report = Report(f"R7, each of {count:,} hooks {TIMES} times, shuffled", ground.seed)
    ledger = ground.ledger()
    bodies = distinct(ground.seed, count) * TIMES
    random.Random(ground.seed).shuffle(bodies)
    with ground.portal() as portal:
        portal.start()
        senders = Senders(portal, bodies, ledger)
        senders.run()
        report.check("every one is answered with 200", senders.acknowledged == len(bodies))
        report.check("search caught up", portal.wait_until_searchable() is not None)
        archive = portal.folder / "hooks.db"
        report_archive(report, ledger.path, archive)
        repeats = rows(archive, "SELECT repeats, count(*) FROM hooks GROUP BY repeats")
        report.check("each is one row that knows of its repeats", repeats == [(TIMES - 1, count)])
        known = rows(portal.folder / "state.db", "SELECT count(*) FROM conversations")
        report.check("each is one conversation", known == [(count,)])
        report_index(report, portal)
        report.check("the portal ended in order", portal.stop() == 0)
    yield report
