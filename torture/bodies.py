"""S5: bodies and headers that no sender should send: a status or the quarantine, and no memory.

Each is sent several times; good hooks afterwards show that the portal is well.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from torture import processes
from torture.bad_requests import BAD_REQUESTS, MIB, BadRequest
from torture.ground import Ground, rows
from torture.hooks import distinct
from torture.portal import PortalUnderTest
from torture.raw import GONE, SILENT, Heard, exchange
from torture.report import Report

AT_ONCE: Final = 0.1
"""Seconds from the last byte to the answer."""
MEMORY: Final = 20.0
"""MiB by which the web process may have grown afterwards."""
SETTLES: Final = 0.5
WARM: Final = 50
"""Good hooks before memory is looked at."""
WORDS: Final = {GONE: "closed", SILENT: "silence"}


@dataclass(frozen=True)
class Found:
    """What came of one kind of request."""

    request: BadRequest
    heard: list[Heard]
    peak: float
    """MiB that the web process held more at its highest."""


def run(ground: Ground, *, times: int) -> Iterator[Report]:
    """Send every kind so many times."""
    kinds = len(BAD_REQUESTS)
    report = Report(f"S5, {kinds} kinds of bad bodies and headers, {times} of each", ground.seed)
    good = iter(distinct(ground.seed, WARM + kinds))
    with ground.portal() as portal:
        portal.start()
        portal.wait_until_searchable()
        for _ in range(WARM):
            portal.post(next(good))
        (web,) = portal.pids("web")
        before = processes.memory(web)
        _report_answers(report, [_send(portal, one, times, web) for one in BAD_REQUESTS])
        well = all(portal.post(body).is_ok for body in good)
        report.check("good hooks are taken after it all", well)
        report.check("no web process died of it", portal.pids("web") == [web])
        time.sleep(SETTLES)
        grown = (processes.memory(web) - before) / MIB
        report.goal("memory that stays", max(0.0, grown), MEMORY, "MiB")
        report.check("search caught up", portal.wait_until_searchable() is not None)
        _report_kept(report, portal)
        report.check("the portal ended in order", portal.stop() == 0)
    yield report


def _send(portal: PortalUnderTest, request: BadRequest, times: int, web: int) -> Found:
    processes.forget_peak(web)
    before = processes.peak(web)
    path = f"/hooks/smartsupp/{portal.token}".encode()
    heard = [exchange(portal.port, request.pieces(path), ends=request.ends) for _ in range(times)]
    return Found(request, heard, (processes.peak(web) - before) / MIB)


def _report_answers(report: Report, found: list[Found]) -> None:
    slowest = 0.0
    for one in found:
        statuses = {heard.status for heard in one.heard}
        longest = max(heard.seconds for heard in one.heard)
        name = one.request.name
        what = f"{_words(statuses)} within {longest * 1000:.0f} ms, peak + {one.peak:.0f} MiB"
        report.note(f"{name}: {what}")
        if not statuses <= one.request.right:
            wanted = _words(one.request.right)
            report.check(f"{name}: {_words(statuses)} where {wanted} is right", holds=False)
        if SILENT not in statuses and GONE not in one.request.right:
            slowest = max(slowest, longest)
    report.goal("slowest answer", slowest, AT_ONCE)
    report.figure("highest peak", max(one.peak for one in found), "MiB")


def _words(statuses: set[int] | frozenset[int]) -> str:
    return " or ".join(WORDS.get(status, str(status)) for status in sorted(statuses))


def _report_kept(report: Report, portal: PortalUnderTest) -> None:
    """What was taken is named or in quarantine; nothing that was refused is kept."""
    hooks = dict(rows(portal.folder / "hooks.db", "SELECT number, length(body) FROM hooks"))
    named = {row[0] for row in rows(portal.folder / "state.db", "SELECT hook FROM names")}
    unread = {row[0] for row in rows(portal.folder / "state.db", "SELECT hook FROM quarantine")}
    report.figure("of these in quarantine", len(unread))
    report.check("every hook is named or in quarantine", set(hooks) == named | unread)
    report.check("nothing longer than a hook may be is kept", max(hooks.values()) < 10 * MIB)
