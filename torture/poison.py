"""R9: poison amid good traffic. Good hooks are not held up; poison is kept and replayable."""

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from torture.checker import report_archive
from torture.code_copy import CodeCopy
from torture.expected import conversation_of, report_index
from torture.ground import Ground, fact, opened, request, rows, until
from torture.hooks import distinct, poison, version
from torture.ledger import Ledger
from torture.portal import PortalUnderTest
from torture.report import Report
from torture.steady import Steady

PER_SECOND: Final = 60
"""Good hooks a second; poison comes between them."""
LATEST: Final = 1.0
"""Seconds from the acknowledgement of a good hook until search knows it."""
READER: Final = "app/conversations/feeds/smartsupp_hook.py"
READ: Final = "    return _identity(read_payload(body))\n"
DULL: Final = (
    '    if b"Refusable" in body:\n        raise UnreadableError("A reader that is too dull.")\n'
)
"""A reader of payloads that cannot read some of them, as an older release might."""
REFUSABLE: Final = 8
REPLAYED_WITHIN: Final = 20.0
PROBES: Final = 81
"""The account of hooks that are looked for one by one."""
LOOK_EVERY: Final = 0.02

_WHOLE_UNTIL: Final = """
    SELECT coalesce(
        (SELECT min(changed) - 1 FROM conversations WHERE changed > indexed),
        (SELECT max(changed) FROM conversations),
        0
    )
"""
"""The change up to which the index holds everything."""
_BETWEEN: Final = "SELECT id FROM conversations WHERE changed > ? AND changed <= ?"


def run(ground: Ground, *, good: int, bad: int) -> Iterator[Report]:
    """Send good and bad hooks mixed, at a steady pace; then let them be read again."""
    report = Report(f"R9, {bad:,} poison among {good:,} good hooks", ground.seed)
    code = ground.code.copy(ground.folder / "code")
    code.replace(READER, READ, DULL + READ)
    ledger = ground.ledger()
    sound = distinct(ground.seed, good)
    refusable = [body.replace(b"Visitor", b"Refusable") for body in distinct(7, REFUSABLE, 80)]
    rotten = [*poison(ground.seed, bad), *refusable]
    with PortalUnderTest(ground.folder / "data", code) as portal:
        portal.start()
        portal.wait_until_searchable()
        _report_traffic(report, portal, ledger, sound, rotten)
        report_archive(report, ledger.path, portal.folder / "hooks.db")
        _report_quarantine(report, portal, len(rotten))
        _report_replay(report, portal, code, bad)
        report_index(report, portal)
        report.check("the portal ended in order", portal.stop() == 0)
    yield report


def _report_traffic(
    report: Report, portal: PortalUnderTest, ledger: Ledger, sound: list[bytes], rotten: list[bytes]
) -> None:
    """Send all of it, and measure when each good hook is in the index."""
    mixed = [*sound, *rotten]
    random.Random(report.seed).shuffle(mixed)
    watch = Watch(portal.folder)
    sender = Steady(portal, ledger, mixed, PER_SECOND * len(mixed) / len(sound))
    watch.start()
    sender.start()
    probed = _probe(portal, ledger, len(sound) / PER_SECOND)
    sender.join()
    report.check("every hook is answered with 200", all(told.answer.is_ok for told in sender.told))
    report.check("search caught up", portal.wait_until_searchable() is not None)
    watch.stop()
    acknowledged = {told.body: told.moment for told in sender.told}
    delays = [watch.since(conversation_of(body), acknowledged[body]) for body in sound]
    report.figure("slowest to be found by a page that asks all the time", max(probed), "s")
    report.goal("slowest good hook to be in the index", max(delays), LATEST, far=3)


def _probe(portal: PortalUnderTest, ledger: Ledger, seconds: float) -> list[float]:
    """One good hook after another with a word of its own: seconds until search finds each."""
    chance = random.Random(0)
    delays: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        word = f"probe{len(delays)}word"
        portal.post(version(chance, len(delays) + 1, PROBES, word).body, ledger)
        found = until(lambda: portal.total(word) == 1, REPLAYED_WITHIN)  # noqa: B023
        delays.append(REPLAYED_WITHIN if found is None else found)
    return delays


class Watch:
    """Notes when each conversation is in the index, by plain SQL, many times a second."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "state.db"
        self._moments: dict[str, float] = {}
        self._reached = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look once more, then no more."""
        self._stopping.set()
        self._thread.join()

    def since(self, conversation: str, moment: float) -> float:
        """Seconds from a moment until a conversation was in the index; very many for never."""
        return max(0.0, self._moments.get(conversation, moment + 1e6) - moment)

    def _run(self) -> None:
        with opened(self._path) as connection:
            while not self._stopping.wait(LOOK_EVERY):
                self._look(connection)
            self._look(connection)

    def _look(self, connection: sqlite3.Connection) -> None:
        (whole,) = connection.execute(_WHOLE_UNTIL).fetchone()
        found = connection.execute(_BETWEEN, (self._reached, whole)).fetchall()
        moment = time.monotonic()
        for (name,) in found:
            self._moments.setdefault(name, moment)
        self._reached = max(self._reached, whole)


def _report_quarantine(report: Report, portal: PortalUnderTest, bad: int) -> None:
    """Every bad hook is there, with a reason, and nothing else."""
    reasons = rows(portal.folder / "state.db", "SELECT reason FROM quarantine")
    report.check(f"{len(reasons)} of {bad} are in quarantine", len(reasons) == bad)
    report.check("each with a reason", all(reason for (reason,) in reasons))


def _report_replay(report: Report, portal: PortalUnderTest, code: CodeCopy, bad: int) -> None:
    """With a better reader, what can be read leaves the quarantine: one by one, then all."""
    code.replace(READER, DULL, "")
    portal.hang_up()
    indexer = portal.pids("indexer")
    until(lambda: bool(portal.pids("indexer")) and portal.pids("indexer") != indexer, 30)
    dull = "SELECT hook FROM quarantine WHERE reason LIKE '%too dull%' ORDER BY hook"
    (first, *_) = rows(portal.folder / "state.db", dull)
    done = _replay(portal, str(first[0]))
    left = len(rows(portal.folder / "state.db", dull))
    report.check("one of them can be replayed alone", done and left == REFUSABLE - 1)
    done = _replay(portal, "")
    left = len(rows(portal.folder / "state.db", "SELECT hook FROM quarantine"))
    report.check("all can be replayed: what is readable now leaves", done and left == bad)
    report.check("search caught up after it", portal.wait_until_searchable() is not None)


def _replay(portal: PortalUnderTest, subject: str) -> bool:
    asked = request(portal.folder, "replay", subject)
    return until(lambda: fact(portal.folder, "requested") >= asked, REPLAYED_WITHIN) is not None
