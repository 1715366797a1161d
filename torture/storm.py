"""Senders that go on and on while a disk fails, and the ledger of what they were told."""

import hashlib
import threading
import time
from pathlib import Path
from typing import Final

from torture.calling import Answer
from torture.faults import Fault, SwitchedDisk
from torture.ledger import Ledger
from torture.portal import PortalUnderTest
from torture.power import append

PAUSE: Final = 0.02
"""Seconds between two hooks of one sender."""
SENDERS: Final = 3
PATIENCE: Final = 60.0


class Storm:
    """Senders that post one hook after another until they are told to stop."""

    def __init__(self, portal: PortalUnderTest, ledger: Ledger, bodies: list[bytes]) -> None:
        self.portal = portal
        self.answers: list[tuple[float, Answer]] = []
        self.fault_end = float("inf")
        self._ledger, self._bodies = ledger, iter(bodies)
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(SENDERS)]

    def start(self) -> None:
        """Begin to post."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the hooks that are under way."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def fault_ends(self) -> None:
        """What is answered from here on no longer met the fault."""
        self.fault_end = time.monotonic()

    def is_taken_since(self, moment: float) -> bool:
        """Whether a hook was answered with 200 later than a moment."""
        return any(when > moment and answer.is_ok for when, answer in self.answers[-50:])

    def _work(self) -> None:
        while not self._stopping.wait(PAUSE):
            with self._lock:
                body = next(self._bodies, None)
            if body is None:
                return
            answer = self.portal.post(body, self._ledger, patience=PATIENCE)
            self.answers.append((time.monotonic(), answer))


class DiskLedger(Ledger):
    """A ledger that also tells the trace of a disk when something was acknowledged."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.folder.with_name("ledger"))
        self._trace: Path | None = fault.trace if isinstance(fault, SwitchedDisk) else None

    def acknowledged(self, body: bytes) -> None:
        """A body was answered with 200."""
        super().acknowledged(body)
        if self._trace is not None:
            append(self._trace, hashlib.sha256(body).digest())
