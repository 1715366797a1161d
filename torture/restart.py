"""R13: restart, upgrade and a new start under 50 hooks a second from a client that never repeats.

Nothing is refused, reset or lost, and nobody waits longer than three seconds. The new start is
SIGTERM and another ``portal serve`` on a socket that somebody else holds, as systemd does.
"""

import contextlib
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

from torture.checker import PROJECT, report_archive
from torture.expected import report_index
from torture.ground import Ground, until
from torture.hooks import hooks
from torture.portal import PortalUnderTest
from torture.report import Report
from torture.steady import Steady

PER_SECOND: Final = 50
LONGEST_WAIT: Final = 3.0
BACKLOG: Final = 4096
AT_MOST: Final = 240
"""Seconds of traffic that a seed is drawn for."""
DONE_WITHIN: Final = 90.0
BETWEEN: Final = 1.0
"""Seconds of ordinary traffic before, between and after."""
HEALTH: Final = "app/web/health.py"
OLD: Final = 'return "alive\\n"'
NEW: Final = 'return "alive, and upgraded\\n"'


def run(ground: Ground, *, times: int) -> Iterator[Report]:
    """Each kind so many times; the upgrade once."""
    yield _hang_up(ground, times)
    yield _start_anew(ground, times)
    yield _upgrade(ground)


def _hang_up(ground: Ground, times: int) -> Report:
    report = Report(f"R13, SIGHUP {times} times under {PER_SECOND} hooks/s", ground.seed)
    with ground.portal("hang-up") as portal, _traffic(report, ground, portal):
        for _ in range(times):
            report.check("a replacement is complete", _replaced(portal))
            time.sleep(BETWEEN)
    return report


def _start_anew(ground: Ground, times: int) -> Report:
    """End in order and start again, while the listening socket is somebody else's."""
    report = Report(
        f"R13, SIGTERM and start on a handed-over socket {times} times under {PER_SECOND} hooks/s",
        ground.seed,
    )
    with contextlib.closing(_listener()) as listener:
        portal = PortalUnderTest(
            ground.folder / "start-anew",
            ground.code,
            {"PYTHONPATH": f"{ground.code.folder}:{PROJECT}"},
            before=(sys.executable, "-m", "torture.activate", str(listener.fileno())),
            descriptors=(listener.fileno(),),
            port=listener.getsockname()[1],
        )
        with portal, _traffic(report, ground, portal):
            starts = [_end_and_start(report, portal) for _ in range(times)]
        report.figure("slowest start", max(starts), "s")
    return report


def _end_and_start(report: Report, portal: PortalUnderTest) -> float:
    """SIGTERM, and a new start once it has ended; seconds that the start took."""
    report.check("it ends in order", portal.stop() == 0)
    took = portal.start()
    time.sleep(BETWEEN)
    return took


def _upgrade(ground: Ground) -> Report:
    """Other code is installed in the same place, then SIGHUP."""
    report = Report(f"R13, upgrade and SIGHUP under {PER_SECOND} hooks/s", ground.seed)
    code = ground.code.copy(ground.folder / "upgraded")
    portal = PortalUnderTest(ground.folder / "upgrade", code)
    with portal, _traffic(report, ground, portal):
        report.check("the old code answers", portal.get("/livez").body == b"alive\n")
        code.replace(HEALTH, OLD, NEW)
        report.check("the replacement is complete", _replaced(portal))
        new = portal.get("/livez").body == b"alive, and upgraded\n"
        report.check("the new code answers", new)
    return report


@contextlib.contextmanager
def _traffic(report: Report, ground: Ground, portal: PortalUnderTest) -> Iterator[None]:
    """Hooks at a steady pace around what is done; afterwards nothing may be missing."""
    ledger = ground.ledger(f"ledger-{portal.folder.name}")
    portal.start()
    portal.wait_until_searchable()
    bodies = (one.body for one in hooks(ground.seed, PER_SECOND * AT_MOST))
    sender = Steady(portal, ledger, bodies, PER_SECOND)
    sender.start()
    time.sleep(BETWEEN)
    yield
    time.sleep(BETWEEN)
    sender.stop()
    _report_endings(report, sender)
    report.check("search caught up", portal.wait_until_searchable() is not None)
    report_archive(report, ledger.path, portal.folder / "hooks.db")
    report_index(report, portal)
    report.check("the portal ended in order", portal.stop() == 0)


def _report_endings(report: Report, sender: Steady) -> None:
    endings = Counter(str(told.answer.status or told.answer.ending) for told in sender.told)
    report.figure("hooks", len(sender.told))
    report.goal("longest wait", max(told.waited for told in sender.told), LONGEST_WAIT)
    report.check(f"{endings['refused']} refused", endings["refused"] == 0)
    report.check(f"{endings['reset']} reset", endings["reset"] == 0)
    others = {ending: number for ending, number in endings.items() if ending != "200"}
    report.check(f"every hook is answered with 200 {others or ''}".rstrip(), not others)


def _replaced(portal: PortalUnderTest) -> bool:
    """SIGHUP; whether within a while every process is another one, and as many as before."""
    before = {kind: set(portal.pids(kind)) for kind in ("web", "indexer")}
    portal.hang_up()

    def done() -> bool:
        now = {kind: set(portal.pids(kind)) for kind in before}
        return all(len(now[k]) == len(before[k]) and not now[k] & before[k] for k in before)

    return until(done, DONE_WITHIN) is not None


def _listener() -> socket.socket:
    """A listening socket that outlives every portal."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(BACKLOG)
    return listener
