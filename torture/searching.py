"""Users who search all the time: each page timed, its status and its search box looked at."""

import threading
import time
from dataclasses import dataclass
from typing import Final

from torture.calling import PATIENCE
from torture.portal import PortalUnderTest

WORDS: Final = (
    "",
    "q=order",
    "q=w*",
    "rating=bad",
    "q=thanks&sort=oldest",
    "country=CZ&rating=good",
)
BOX: Final = b'name="q"'
PAUSE: Final = 0.2
"""Seconds that a user looks at a page."""


@dataclass(frozen=True)
class Seen:
    """One page: when it was asked for, how long it took, what came."""

    moment: float
    took: float
    status: int
    has_box: bool


class Users:
    """Some users, each on a thread of its own."""

    def __init__(self, portal: PortalUnderTest, number: int) -> None:
        self.seen: list[Seen] = []
        self._portal = portal
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._search, args=(each,), daemon=True)
            for each in range(number)
        ]

    def start(self) -> None:
        """Begin to search."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Look at the last page and go."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def between(self, begin: float, end: float) -> list[Seen]:
        """Pages that were asked for in a stretch of time."""
        return [page for page in self.seen if begin <= page.moment < end]

    def _search(self, number: int) -> None:
        while not self._stopping.wait(PAUSE):
            number += 1
            began = time.monotonic()
            answer = self._portal.get(f"/search?{WORDS[number % len(WORDS)]}")
            took = time.monotonic() - began
            self.seen.append(Seen(began, took, answer.status or 0, BOX in answer.body))
