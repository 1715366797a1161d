"""Clients that each post hooks from one queue and never repeat one."""

import queue
import threading
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import Final

from torture.ledger import Ledger
from torture.portal import PortalUnderTest

CLIENTS: Final = 16
AFTER_A_CLOSED_DOOR: Final = 0.05
"""Seconds after which a client that met a closed door goes on to its next hook."""


class Senders:
    """Posts bodies from several threads; ``endings`` counts how each request ended."""

    def __init__(
        self,
        portal: PortalUnderTest,
        bodies: Iterable[bytes],
        ledger: Ledger,
        clients: int = CLIENTS,
    ) -> None:
        self._portal, self._ledger = portal, ledger
        self._queue: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        for body in bodies:
            self._queue.put(body)
        self._moved = threading.Condition()
        self._done = 0
        self._acknowledged_at: list[float] = []
        self.endings: Counter[str] = Counter()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(clients)]

    def start(self) -> None:
        """Begin to post."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Until every body has been tried."""
        for thread in self._threads:
            thread.join()

    def run(self) -> None:
        """Post everything."""
        self.start()
        self.join()

    @property
    def acknowledged(self) -> int:
        """How many were answered with 200."""
        return self.endings["200"]

    @property
    def is_going(self) -> bool:
        """Whether any body is still waiting."""
        return any(thread.is_alive() for thread in self._threads)

    def wait_for(self, done: int) -> None:
        """Until so many bodies have been tried."""
        with self._moved:
            self._moved.wait_for(lambda: self._done >= done or not self.is_going, timeout=120)

    def first_after(self, moment: float) -> float | None:
        """When the first one after ``moment`` was acknowledged; None when nothing is left to send.

        Waits for it; times are those of ``time.monotonic``.
        """

        def behind() -> list[float]:
            return self._acknowledged_at[bisect_right(self._acknowledged_at, moment) :][:1]

        with self._moved:
            self._moved.wait_for(lambda: behind() or not self.is_going, timeout=60)
            return next(iter(behind()), None)

    def _work(self) -> None:
        while True:
            try:
                body = self._queue.get_nowait()
            except queue.Empty:
                return
            answer = self._portal.post(body, self._ledger)
            with self._moved:
                self._done += 1
                self.endings[str(answer.status) if answer.status else answer.ending] += 1
                if answer.is_ok:
                    self._acknowledged_at.append(time.monotonic())
                self._moved.notify_all()
            if answer.ending == "refused":
                time.sleep(AFTER_A_CLOSED_DOOR)
