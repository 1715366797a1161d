"""R1 and R2: kill -9 of everything at random moments; then the index must equal the archive."""

import hashlib
import json
import queue
import random
import sqlite3
import statistics
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Final

from torture.hooks import Sent, hooks
from torture.portal import PortalUnderTest
from torture.report import Report

CLIENTS: Final = 16
RATING_WORDS: Final = {5: "good", 3: "normal", 1: "bad", None: "none"}


def run(folder: Path, seed: int, *, count: int, kills: int) -> Report:
    """Send hooks from 16 clients that never repeat, kill everything again and again, then count."""
    portal = PortalUnderTest(folder)
    portal.start()
    sent = hooks(seed, count)
    senders = _Senders(portal, sent)
    chance = random.Random(seed + 1)
    restarts = []
    senders.start()
    for number in range(kills):
        senders.wait_for(int(count * (number + chance.random()) / (kills + 1)))
        portal.kill_all()
        began = time.monotonic()
        portal.start()
        senders.first_after(began)
        restarts.append(time.monotonic() - began)
    senders.join()
    caught_up = portal.wait_until_searchable(60)
    report = Report(f"R1/R2 kill -9, seed {seed}, {count} hooks, {kills} kills, {CLIENTS} clients")
    report.figure("acknowledged", len(senders.acknowledged))
    report.figure("unanswered while down", count - len(senders.acknowledged))
    report.figure("restart to first acknowledgement, median s", statistics.median(restarts))
    report.figure("restart to first acknowledgement, slowest s", max(restarts))
    report.figure("search caught up after s", caught_up if caught_up is not None else -1.0)
    _check_archive(report, folder, senders.acknowledged)
    report.check("search caught up within 5 s", caught_up is not None and caught_up <= 5)
    _check_index(report, portal, folder, sent)
    report.check("the portal ended in order", portal.stop() == 0)
    return report


class _Senders:
    """Clients that each post hooks from one queue, and the list of what was acknowledged."""

    def __init__(self, portal: PortalUnderTest, sent: list[Sent]) -> None:
        self._portal = portal
        self._queue: queue.SimpleQueue[Sent] = queue.SimpleQueue()
        for one in sent:
            self._queue.put(one)
        self._moved = threading.Condition()
        self._done = 0
        self._last = 0.0
        self.acknowledged: list[Sent] = []
        self._threads = [threading.Thread(target=self._work) for _ in range(CLIENTS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def wait_for(self, done: int) -> None:
        """Until so many hooks have been tried."""
        with self._moved:
            self._moved.wait_for(lambda: self._done >= done, timeout=120)

    def first_after(self, moment: float) -> None:
        """Until a hook was acknowledged later than ``moment``."""
        with self._moved:
            self._moved.wait_for(lambda: self._last > moment or not self._alive(), timeout=60)

    def _alive(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while True:
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                return
            status = self._portal.post(one.body)
            with self._moved:
                self._done += 1
                if status == 200:
                    self.acknowledged.append(one)
                    self._last = time.monotonic()
                self._moved.notify_all()
            if status is None:
                time.sleep(0.05)  # a sender that meets a closed door goes on to its next hook


def _check_archive(report: Report, folder: Path, acknowledged: list[Sent]) -> None:
    connection = sqlite3.connect(folder / "hooks.db")
    rows = connection.execute("SELECT digest, body FROM hooks").fetchall()
    (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    held = Counter(bytes(digest) for digest, _ in rows)
    wanted = {hashlib.sha256(one.body).digest() for one in acknowledged}
    report.check("nothing acknowledged is lost", wanted <= set(held))
    report.check("nothing is doubled", all(number == 1 for number in held.values()))
    torn = sum(hashlib.sha256(body).digest() != digest for digest, body in rows)
    report.check("no body is torn", torn == 0)
    report.check("the file is whole", integrity == "ok")


def _check_index(report: Report, portal: PortalUnderTest, folder: Path, sent: list[Sent]) -> None:
    """Ids, total and facets of search against the winners among the bodies that are stored."""
    connection = sqlite3.connect(folder / "hooks.db")
    stored = {bytes(row[0]) for row in connection.execute("SELECT digest FROM hooks")}
    connection.close()
    winners: dict[str, Sent] = {}
    for one in sent:
        if hashlib.sha256(one.body).digest() in stored:
            best = winners.get(one.conversation)
            winners[one.conversation] = one if best is None else max(best, one, key=_rank)
    found: list[str] = []
    page = 1
    while True:
        answer = portal.search(per_page="100", page=str(page))
        found += [result["id"] for result in answer["results"]]
        if page >= answer["pages"]:
            break
        page += 1
    report.check("every conversation is found once", sorted(found) == sorted(winners))
    report.check("the total is exact", answer["total"] == len(winners))
    for facet, key in (("rating", _rating), ("country", _country)):
        wanted = Counter(key(one) for one in winners.values())
        given = {entry["value"]: entry["count"] for entry in answer["facets"][facet]}
        report.check(f"facet {facet} is exact", given == dict(wanted))


def _rank(one: Sent) -> tuple[tuple[int, int], bool, bytes]:
    return one.rank, _rating(one) != "none", hashlib.sha256(one.body).digest()


def _rating(one: Sent) -> str:
    return RATING_WORDS[json.loads(one.body)["channel"]["rating"]]


def _country(one: Sent) -> str:
    return json.loads(one.body)["visitor"]["countryCode"] or "none"
