"""A sender that keeps its pace whatever happens: hooks at planned moments, none of them twice."""

import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from torture.calling import Answer
from torture.ledger import Ledger
from torture.portal import PortalUnderTest

MOST_AT_ONCE: Final = 400
"""Requests under way at once; a pace of 50 a second reaches it after eight seconds of silence."""


@dataclass(frozen=True)
class Told:
    """A hook, when it was answered, how long after its planned moment that was, and how."""

    body: bytes
    moment: float
    waited: float
    answer: Answer


class Steady:
    """Posts bodies at a pace from a thread of its own."""

    def __init__(
        self, portal: PortalUnderTest, ledger: Ledger, bodies: Iterable[bytes], per_second: float
    ) -> None:
        self.told: list[Told] = []
        self._portal, self._ledger = portal, ledger
        self._bodies, self._per_second = iter(bodies), per_second
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more, wait for what is under way."""
        self._stopping.set()
        self.join()

    def join(self) -> None:
        """Until every body has been sent and answered, or has failed."""
        self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(MOST_AT_ONCE) as senders:
            began = time.monotonic()
            for number, body in enumerate(self._bodies):
                planned = began + number / self._per_second
                if self._stopping.wait(max(0.0, planned - time.monotonic())):
                    return
                senders.submit(self._send, body, planned)

    def _send(self, body: bytes, planned: float) -> None:
        answer = self._portal.post(body, self._ledger, patience=30)
        moment = time.monotonic()
        self.told.append(Told(body, moment, moment - planned, answer))
