"""Kill -9 of everything at random moments while Elasticsearch is filled for the first time.

Afterwards one index stands behind the alias, none is left over, and it holds what the archive does.
"""

import random
import time
from collections.abc import Iterator
from typing import Final

from cluster.distribution import MissingError
from cluster.nodes import Cluster, ask, running
from torture.elastic import indices
from torture.expected import report_index
from torture.ground import Ground, until
from torture.hooks import distinct
from torture.report import Report
from torture.senders import Senders

FILLED_WITHIN: Final = 120.0
ALIAS: Final = "torture"


def run(ground: Ground, *, size: int, kills: int) -> Iterator[Report]:
    """Fill an index of so many conversations, killed so many times."""
    report = Report(
        f"Kill -9 at {kills} moments while Elasticsearch is filled with {size:,} conversations",
        ground.seed,
    )
    try:
        with running() as cluster:
            _fill(report, ground, cluster, size, kills)
    except MissingError as error:
        report.why_not = str(error)
    yield report


def _named(url: str) -> list[str]:
    """The indices that the alias names, as a list beside ``indices``."""
    found = ask(f"{url}/*?expand_wildcards=all")
    return [name for name, told in found.items() if ALIAS in told["aliases"]] or ["none"]


def _fill(report: Report, ground: Ground, cluster: Cluster, size: int, kills: int) -> None:
    url = cluster.nodes[0].url
    with ground.portal() as portal:
        portal.start()
        Senders(portal, distinct(ground.seed, size), ground.ledger()).run()
        report.check("the embedded engine holds all", portal.wait_until_searchable() is not None)
        portal.stop()
    with ground.portal(settings={"PORTAL_SEARCH_URL": cluster.address(ALIAS)}) as portal:
        chance = random.Random(ground.seed)
        left: list[int] = []
        for _ in range(kills):
            portal.launch()
            until(lambda: bool(indices(url)), FILLED_WITHIN)
            time.sleep(chance.uniform(0, size / 2500))
            portal.kill_all()
            left.append(len(indices(url)))
        report.figure("indices that kills left behind", ", ".join(map(str, left)))
        portal.start()
        report.check("search answers meanwhile", portal.wait_until_searchable() is not None)
        is_filled = until(lambda: _named(url) == indices(url), FILLED_WITHIN)
        left_over = indices(url)
        report.check(f"the alias names the one that is left {left_over}", is_filled is not None)
        count = int(ask(f"{url}/{ALIAS}/_count")["count"])
        report.check(f"it holds {count:,} documents of {size:,}", count == size)
        report_index(report, portal)
        report.check("the portal ended in order", portal.stop() == 0)
