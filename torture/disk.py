"""R5: a disk that fails. 503 with ``Retry-After``, never a 200 that was not durable.

Reading goes on meanwhile, and hooks are taken again within five seconds after the disk works,
without a restart. Then every process is killed, what was only in memory is let go where the fault
can, and the checker looks.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from torture import mounting, processes
from torture.checker import Verdict, ask, report_archive
from torture.expected import conversation_of, report_index
from torture.faults import (
    Fault,
    Making,
    SwitchedDisk,
    full_ext4,
    full_tmpfs,
    given_up,
    no_compiler,
    switched,
)
from torture.ground import Ground, until
from torture.hooks import distinct
from torture.portal import PortalUnderTest
from torture.power import Cut, Record, cuts, in_memory, records
from torture.report import Report
from torture.storm import PAUSE, SENDERS, DiskLedger, Storm

BEFORE: Final = 60
"""Hooks before the fault."""
RECOVERS: Final = 5.0
"""Seconds after the fault in which hooks are taken, and search holds everything."""
GIVES_UP: Final = 60.0
AFTERWARDS: Final = 1.0
"""Seconds in which hooks still come after the fault: a log that lost a page loses these too."""
PER_SECOND: Final = SENDERS / PAUSE
READ_EVERY: Final = 0.1
Identities = set[tuple[int, int]]
"""Ids and starts of processes."""


def run(ground: Ground, *, hold: float, every: bool, power_cuts: int) -> Iterator[Report]:
    """Every way of failing; ``hold`` seconds each, then power cuts where the disk is traced."""
    trials: list[tuple[str, Making, str]] = [
        ("disk full (ext4)", full_ext4, mounting.why_not()),
        ("disk full (tmpfs)", full_tmpfs, mounting.why_not()),
        ("ext4 turns read-only", given_up, mounting.why_not()),
        ("every change refused as read-only", switched("r"), no_compiler()),
        ("every write an I/O error", switched("w"), no_compiler()),
        ("every fsync fails", switched("s"), no_compiler()),
        ("no room for the index and what the indexer knows", switched("i"), no_compiler()),
    ]
    for name, making, why_not in trials:
        if every or making is not full_tmpfs:
            report = Report(f"R5, {name}, for {hold:.0f} s", ground.seed, why_not=why_not)
            if not why_not:
                folder = ground.folder / "".join(filter(str.isalnum, name))
                folder.mkdir()
                with making(folder) as fault:
                    Trial(report, fault, ground, hold, power_cuts).run()
            yield report


@dataclass
class Trial:
    """One portal on one failing disk."""

    report: Report
    fault: Fault
    ground: Ground
    hold: float
    power_cuts: int

    def run(self) -> None:
        """Before, meanwhile, afterwards, after a kill, after power cuts."""
        self.ledger = DiskLedger(self.fault)
        self.bodies = distinct(self.ground.seed, BEFORE + int(PER_SECOND * (self.hold + GIVES_UP)))
        folder = self.fault.folder / "data"
        self.portal = PortalUnderTest(folder, self.ground.code, self.fault.environment)
        self.portal.log = self.fault.folder.with_name("portal.log")
        self.storm = Storm(self.portal, self.ledger, self.bodies[BEFORE:])
        with self.portal:
            self._before()
            self._fail()
            self._recover()
            self.storm.stop()
            self._report_answers()
            self.portal.kill_all()
            remains = self._remains()
            self._after_kill()
        self._report_power(*remains)

    def _before(self) -> None:
        """Hooks come, all is well."""
        self.portal.start()
        good = [self.portal.post(body, self.ledger).is_ok for body in self.bodies[:BEFORE]]
        self.report.check("every hook before the fault is answered with 200", all(good))
        self.report.check("search has them", self.portal.wait_until_searchable() is not None)
        self.processes = self._identities()

    def _fail(self) -> None:
        """Hooks come while the disk fails, and people read."""
        self.fault.begin()
        self.storm.start()
        unread: Counter[str] = Counter()
        read, end = 0, time.monotonic() + self.hold
        while time.monotonic() < end:
            for page in self._pages():
                answer = self.portal.get(page)
                read += answer.is_ok
                unread[f"{page} {answer.status or answer.ending}"] += not answer.is_ok
            time.sleep(READ_EVERY)
        self.storm.fault_ends()
        failed = dict(+unread)
        self.report.figure("pages read meanwhile", read)
        self.report.check(f"reading goes on {failed or ''}".rstrip(), read > 0 and not failed)

    def _pages(self) -> tuple[str, ...]:
        name = conversation_of(self.bodies[0])
        reading = (f"/api/conversations/{name}", f"/conversations/{name}/raw")
        return "/search?q=refund", "/api/search", *reading, "/livez"

    def _recover(self) -> None:
        """The disk works again: hooks are taken, and search holds everything."""
        if not self.fault.recovers:
            return
        self.fault.end()
        began = time.monotonic()
        taken = until(lambda: self.storm.is_taken_since(began), GIVES_UP)
        self.report.goal("hooks are taken again after", taken, RECOVERS, far=1)
        time.sleep(AFTERWARDS)
        self.storm.stop()
        caught_up = self.portal.wait_until_searchable(GIVES_UP)
        whole = None if caught_up is None else time.monotonic() - began
        self.report.goal("search holds everything after", whole, RECOVERS, far=2)
        self.report.check("nothing was started anew", self._identities() == self.processes)

    def _identities(self) -> Identities:
        kinds = ("web", "indexer")
        return {(pid, processes.started(pid)) for k in kinds for pid in self.portal.pids(k)}

    def _report_answers(self) -> None:
        """While the disk failed: 503 with its header, or a 200 that the checker will look into."""
        met = [answer for moment, answer in self.storm.answers if moment < self.storm.fault_end]
        statuses = Counter(str(answer.status or answer.ending) for answer in met)
        counts = ", ".join(f"{number} x {status}" for status, number in statuses.items())
        self.report.figure("answers while it failed", counts)
        self.report.figure("slowest of them", max((a.seconds for a in met), default=0.0), "s")
        if not self.fault.stops_hooks:
            self.report.check("hooks are taken all the time", set(statuses) == {"200"})
            return
        self.report.check("nothing but 200 and 503", set(statuses) <= {"200", "503"})
        refused = [answer for answer in met if answer.status == 503]
        self.report.check("the portal says 503", bool(refused))
        told = all(answer.headers.get("retry-after", "").isdigit() for answer in refused)
        self.report.check("each 503 says when to come again", told)

    def _remains(self) -> tuple[list[Record], dict[str, bytes]]:
        """The trace of the disk, where there is one, and the archive's files as they lie there."""
        traced = isinstance(self.fault, SwitchedDisk)
        trace = self.fault.trace.read_bytes() if isinstance(self.fault, SwitchedDisk) else b""
        files = {path.name: path.read_bytes() for path in self.portal.folder.glob("hooks.db*")}
        return list(records(trace)), files if traced else {}

    def _after_kill(self) -> None:
        """What was only in memory goes; the checker looks; a new start finds everything."""
        self.fault.power_off()
        archive = self.portal.folder / "hooks.db"
        report_archive(self.report, self.ledger.path, archive, "after kill -9")
        self.portal.start()
        caught_up = self.portal.wait_until_searchable() is not None
        self.report.check("search catches up after it", caught_up)
        report_index(self.report, self.portal)
        self.report.check("the portal ended in order", self.portal.stop() == 0)

    def _report_power(self, trace: list[Record], files: dict[str, bytes]) -> None:
        """Play power cuts: what was acknowledged by then must stand on the disk."""
        if not files:
            return
        whole = all(files[name] == content for name, content in in_memory(trace).items())
        self.report.check("the trace tells of every write", whole)
        chance = random.Random(self.report.seed)
        verdicts = [
            self._judge(cut, self.fault.folder.with_name(f"cut-{number}"))
            for number, cut in enumerate(cuts(trace, chance, self.power_cuts))
        ]
        lost, torn = sum(one.lost for one in verdicts), sum(one.torn for one in verdicts)
        self.report.figure("power cuts played", len(verdicts))
        self.report.check(f"{lost} acknowledged lost by them", lost == 0)
        self.report.check(f"{torn} torn by them", torn == 0)
        sound = all(verdict.integrity == "ok" for verdict in verdicts)
        self.report.check("the archive's file is whole after each", sound)

    def _judge(self, cut: Cut, folder: Path) -> Verdict:
        """Hold what stands on the disk against the ledger as it was at that moment."""
        archive = cut.write(folder)
        sent = [line for line in self.ledger.path.read_text().splitlines() if line[0] == "S"]
        told = [f"A {digest.hex()}" for digest in cut.acknowledged]
        ledger = folder / "ledger"
        ledger.write_text("\n".join([*sent, *told]))
        return ask(ledger, archive)
