"""S6: a thousand slow connections. They are closed in time, and good traffic is served meanwhile.

A third says nothing, a third sends its headers byte by byte and never ends them, a third sends a
body byte by byte. None of them may hold a place for longer than fifteen seconds.
"""

import asyncio
import contextlib
import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from torture import processes
from torture.bad_requests import head
from torture.calling import Answer
from torture.checker import report_archive
from torture.ground import Ground
from torture.hooks import distinct
from torture.mounting import MIB
from torture.portal import PortalUnderTest
from torture.report import Report
from torture.steady import Steady

KINDS: Final = ("silent", "slow headers", "slow body")
EVERY: Final = 1.0
"""Seconds between two bytes."""
CLOSED: Final = 15.0
"""Seconds after which a slow connection must be gone."""
PER_SECOND: Final = 20
"""Good hooks meanwhile; as many pages are read by one reader as it can."""


@dataclass(frozen=True)
class Ended:
    """How long a slow connection lived; None when nobody closed it."""

    kind: str
    seconds: float | None


def run(ground: Ground, *, connections: int, patience: float) -> Iterator[Report]:
    """Open so many connections, wait so many seconds at most."""
    report = Report(f"S6, {connections:,} slow connections", ground.seed)
    ledger = ground.ledger()
    bodies = distinct(ground.seed, int(PER_SECOND * (patience + 30)))
    with ground.portal() as portal:
        portal.start()
        portal.wait_until_searchable()
        (web,) = portal.pids("web")
        before = processes.memory(web)
        sender = Steady(portal, ledger, bodies, PER_SECOND)
        sender.start()
        crowd = Crowd(portal, connections, patience)
        crowd.start()
        pages = _read_pages(portal, crowd)
        sender.stop()
        _report_crowd(report, crowd.join(), patience)
        _report_good(report, sender, pages)
        report.figure("memory meanwhile", max(0.0, (crowd.memory - before) / MIB), "MiB")
        report.check("no web process died of it", portal.pids("web") == [web])
        report.check("search caught up", portal.wait_until_searchable() is not None)
        report_archive(report, ledger.path, portal.folder / "hooks.db")
        report.check("the portal ended in order", portal.stop() == 0)
    yield report


class Crowd:
    """The slow connections, all on one loop in a thread of its own."""

    def __init__(self, portal: PortalUnderTest, connections: int, patience: float) -> None:
        self._portal, self._count, self._patience = portal, connections, patience
        self._ended: list[Ended] = []
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self.memory = 0

    def start(self) -> None:
        """Open them."""
        self._thread.start()

    @property
    def is_there(self) -> bool:
        """Whether any of them is still open, or patience has not ended."""
        return self._thread.is_alive()

    def join(self) -> list[Ended]:
        """How each ended."""
        self._thread.join()
        return self._ended

    async def _run(self) -> None:
        kinds = itertools.islice(itertools.cycle(KINDS), self._count)
        tasks = [asyncio.create_task(self._one(kind)) for kind in kinds]
        tasks.append(asyncio.create_task(self._weigh()))
        await asyncio.gather(*tasks)

    async def _one(self, kind: str) -> None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._portal.port)
        except OSError:
            self._ended.append(Ended(kind, 0.0))
            return
        began = time.monotonic()
        dripping = asyncio.create_task(_drip(writer, *self._bytes(kind)))
        try:
            await asyncio.wait_for(_closed(reader), self._patience)
            self._ended.append(Ended(kind, time.monotonic() - began))
        except TimeoutError:
            self._ended.append(Ended(kind, None))
        finally:
            dripping.cancel()
            writer.close()

    def _bytes(self, kind: str) -> tuple[bytes, bytes]:
        """What a kind says at once, and what it says byte by byte."""
        path = f"/hooks/smartsupp/{self._portal.token}".encode()
        if kind == "silent":
            return b"", b""
        if kind == "slow headers":
            return head(path)[:-2], b"X-Slow: " + b"x" * 1000
        return head(path, b"Content-Length: 1000"), b"y" * 999

    async def _weigh(self) -> None:
        await asyncio.sleep(min(5.0, self._patience / 2))
        self.memory = sum(map(processes.memory, self._portal.pids("web")))


async def _drip(writer: asyncio.StreamWriter, at_once: bytes, slowly: bytes) -> None:
    with contextlib.suppress(OSError):
        writer.write(at_once)
        for byte in slowly:
            await asyncio.sleep(EVERY)
            writer.write(bytes([byte]))
            await writer.drain()


async def _closed(reader: asyncio.StreamReader) -> None:
    """Until the other side has closed, whatever it said before."""
    with contextlib.suppress(OSError):
        while await reader.read(65536):
            pass


def _read_pages(portal: PortalUnderTest, crowd: Crowd) -> list[Answer]:
    """Read one page after another as long as the crowd is there."""
    pages = itertools.cycle(("/search?q=refund", "/api/search?q=boots", "/livez"))
    answers = []
    while crowd.is_there:
        answers.append(portal.get(next(pages)))
        time.sleep(0.05)
    return answers


def _report_crowd(report: Report, ended: list[Ended], patience: float) -> None:
    for kind in KINDS:
        lives = [one.seconds for one in ended if one.kind == kind]
        left = sum(life is None for life in lives)
        if left:
            report.figure(f"{kind}: still open after {patience:.0f} s", f"{left} of {len(lives)}")
            report.check(f"{kind} connections are closed", holds=False)
        else:
            longest = max((life for life in lives if life is not None), default=0.0)
            report.goal(f"{kind}: longest life", longest, CLOSED, far=1.2)


def _report_good(report: Report, sender: Steady, pages: list[Answer]) -> None:
    good = [told.answer.is_ok for told in sender.told]
    report.figure("good hooks meanwhile", len(good))
    report.figure("slowest of them", max(told.waited for told in sender.told), "s")
    report.check(f"{good.count(False)} of them not taken", all(good))
    report.figure("pages meanwhile", len(pages))
    report.figure("slowest of them", max(page.seconds for page in pages), "s")
    failed = sum(not page.is_ok for page in pages)
    report.check(f"{failed} of them not served", failed == 0)
