"""R6: Elasticsearch is killed, hangs, loses its index and comes back, while hooks keep coming.

Hooks are acknowledged as before, none is lost, the search page says in time that search is away,
timelines go on, and afterwards search equals the archive again without anybody's help.
"""

import functools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from cluster.distribution import MissingError
from cluster.nodes import Cluster, ask, running
from torture.checker import report_archive
from torture.expected import conversation_of, report_index
from torture.ground import Ground
from torture.hooks import hooks
from torture.portal import PortalUnderTest
from torture.processes import memory
from torture.report import Report
from torture.searching import Users
from torture.steady import Steady, Told

PER_SECOND: Final = 50
ANSWERED_WITHIN: Final = 6.0
"""Seconds in which the search page says that search is away."""
TIMELINE_WITHIN: Final = 2.0
CAUGHT_UP: Final = 120.0
BEHIND_ANYWAY: Final = 2 * PER_SECOND
"""Hooks of two seconds: what came since the last refresh is always behind."""
MEMORY: Final = 50 * 1024 * 1024
USERS: Final = 4
SLOWER: Final = 1.10
"""Times by which acknowledgements may be slower while the server is away …"""
NOISE: Final = 0.010
"""… and seconds that are noise of the machine: a 95th percentile of a few milliseconds varies."""


def run(ground: Ground, *, calm: float, away: float, hang: float) -> Iterator[Report]:
    """Seconds of ordinary traffic, of a server that is killed, and of one that hangs."""
    report = Report(
        f"R6, Elasticsearch killed for {away:.0f} s, hanging for {hang:.0f} s, its index deleted, "
        f"under {PER_SECOND} hooks/s",
        ground.seed,
    )
    try:
        with running() as cluster:
            _torture(report, ground, cluster, (calm, away, hang))
    except MissingError as error:
        report.why_not = str(error)
    yield report


def _torture(
    report: Report, ground: Ground, cluster: Cluster, seconds: tuple[float, float, float]
) -> None:
    calm, away, hang = seconds
    (node,) = cluster.nodes
    with traffic(report, ground, cluster, 2 * calm + away + hang + 3 * CAUGHT_UP) as (
        portal,
        sender,
    ):
        usual = _slow(_told(sender, functools.partial(time.sleep, calm)))
        opened = conversation_of(sender.told[0].body)
        before = _memory(portal)
        stages = (
            ("killed", node.kill, functools.partial(cluster.start_node, node), away),
            ("hanging", node.hang, node.wake, hang),
        )
        for name, begin, end, length in stages:
            begin()
            told = _told(sender, functools.partial(_look, report, portal, opened, name, length))
            report.goal(f"{name}, acknowledgement p95", _slow(told), usual * SLOWER + NOISE)
            end()
            cluster.wait_for(1)
            report.goal(f"caught up after it was {name}", _caught_up(portal), CAUGHT_UP)
        report.goal("memory that it grew by", _memory(portal) - before, MEMORY, "bytes", far=3)
        _delete_index(report, portal, node.url)


@contextmanager
def traffic(
    report: Report, ground: Ground, cluster: Cluster, seconds: float
) -> Iterator[tuple[PortalUnderTest, Steady]]:
    """A portal on a cluster and hooks at a steady pace; afterwards nothing may be missing."""
    ledger = ground.ledger()
    settings = {"PORTAL_SEARCH_URL": cluster.address("torture")}
    with ground.portal(settings=settings) as portal:
        portal.start()
        report.check("search answers", portal.wait_until_searchable() is not None)
        bodies = (one.body for one in hooks(ground.seed, int(PER_SECOND * seconds)))
        sender = Steady(portal, ledger, bodies, PER_SECOND)
        sender.start()
        yield portal, sender
        sender.stop()
        endings = Counter(str(told.answer.status or told.answer.ending) for told in sender.told)
        others = {ending: number for ending, number in endings.items() if ending != "200"}
        report.check(f"every hook is answered with 200 {others or ''}".rstrip(), not others)
        report.goal("longest wait of a hook", max(told.waited for told in sender.told), 1.0)
        report.check("search caught up", portal.wait_until_searchable() is not None)
        report_archive(report, ledger.path, portal.folder / "hooks.db")
        report_index(report, portal)
        report.check("one index is left", len(indices(cluster.alive().url)) == 1)
        report.check("the portal ended in order", portal.stop() == 0)


def _look(report: Report, portal: PortalUnderTest, opened: str, name: str, seconds: float) -> None:
    """What people see while the server is away: a page in time, and every timeline."""
    timeline = f"/conversations/{opened}"
    users = Users(portal, USERS)
    began = time.monotonic()
    users.start()
    took: list[float] = []
    timelines = Counter[int]()
    while time.monotonic() - began < seconds:
        time.sleep(0.5)
        start = time.monotonic()
        timelines[portal.get(timeline).status or 0] += 1
        took.append(time.monotonic() - start)
    ready = json.loads(portal.get("/readyz").body or b"{}")
    users.stop()
    pages = users.between(began + 1, began + seconds)
    statuses = Counter(page.status for page in pages)
    report.check(f"{name}: every page says 503 {dict(statuses)}", set(statuses) == {503})
    report.check(f"{name}: the search box is there", all(page.has_box for page in pages))
    slowest = max(page.took for page in pages)
    report.goal(f"{name}, slowest search page", slowest, ANSWERED_WITHIN, far=1.5)
    report.check(f"{name}: timelines open {dict(timelines)}", set(timelines) == {200})
    report.goal(f"{name}, slowest timeline", max(took), TIMELINE_WITHIN)
    told = str(ready.get("search"))
    report.check(f"{name}: /readyz says why: {told}", "Elasticsearch" in told)
    report.check(f"{name}: search is behind", int(ready.get("behind") or 0) > 0)


def _delete_index(report: Report, portal: PortalUnderTest, url: str) -> None:
    """Somebody deletes the index by hand; it grows back."""
    for name in indices(url):
        ask(f"{url}/{name}", "DELETE")
    report.goal("caught up after its index was deleted", _caught_up(portal), CAUGHT_UP)


def indices(url: str) -> list[str]:
    """The indices of a cluster, however they are hidden."""
    return sorted(ask(f"{url}/*?expand_wildcards=all"))


def _caught_up(portal: PortalUnderTest) -> float | None:
    """Seconds until search is no further behind than traffic alone makes it."""
    return portal.wait_until_searchable(CAUGHT_UP * 2, BEHIND_ANYWAY)


def _told(sender: Steady, meanwhile: Callable[[], None]) -> list[Told]:
    """The hooks that were answered meanwhile."""
    already = len(sender.told)
    meanwhile()
    return sender.told[already:]


def _memory(portal: PortalUnderTest) -> int:
    """Bytes of the indexer and the web processes."""
    return sum(memory(pid) for kind in ("web", "indexer") for pid in portal.pids(kind))


def _slow(told: list[Told]) -> float:
    """How long a hook waited, at the 95th percentile."""
    waited = sorted(each.waited for each in told)
    return waited[int(len(waited) * 0.95)]
