"""Three nodes, one of them killed while people search and hooks arrive.

Nothing is lost; once the cluster itself is at least yellow again, no page has an error.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

from cluster.distribution import MissingError
from cluster.nodes import Cluster, running
from torture.elastic import CAUGHT_UP, traffic
from torture.ground import Ground
from torture.report import Report
from torture.searching import Seen, Users

USERS: Final = 16
NODES: Final = 3


def run(ground: Ground, *, calm: float) -> Iterator[Report]:
    """Seconds of traffic before and after one of the nodes is killed."""
    report = Report(
        f"R6, one of {NODES} nodes killed while {USERS} users search under 50 hooks/s",
        ground.seed,
    )
    try:
        with running(NODES) as cluster:
            _kill_one(report, ground, cluster, calm)
    except MissingError as error:
        report.why_not = str(error)
    yield report


def _kill_one(report: Report, ground: Ground, cluster: Cluster, calm: float) -> None:
    with traffic(report, ground, cluster, 2 * calm + CAUGHT_UP) as (portal, _sender):
        cluster.wait_for(NODES, "green")
        users = Users(portal, USERS)
        users.start()
        time.sleep(calm)
        killed = time.monotonic()
        random.Random(ground.seed).choice(cluster.nodes).kill()
        cluster.wait_for(NODES - 1, "yellow")
        yellow = time.monotonic()
        report.figure("the cluster was yellow again after", yellow - killed, "s")
        time.sleep(calm)
        users.stop()
        _report(report, "before", users.between(0, killed))
        until_yellow = users.between(killed, yellow)
        statuses = Counter(page.status for page in until_yellow)
        report.figure("pages until it was yellow again", str(dict(statuses)))
        _report(report, "once it was yellow again", users.between(yellow, time.monotonic()))


def _report(report: Report, when: str, pages: list[Seen]) -> None:
    statuses = dict(Counter(page.status for page in pages))
    slow = sorted(page.took for page in pages)[int(len(pages) * 0.95)]
    report.figure(f"pages {when}, p95", slow, "s")
    report.check(f"{len(pages)} pages {when} without an error {statuses}", set(statuses) == {200})
