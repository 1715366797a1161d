"""A 4 kB fdatasync on the bench's disk: the control of every durable write."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.percentiles import Spread, spread

BLOCK: Final = 4096
BLOCKS: Final = 1024
"""The file is written whole first and over again then, as SQLite's log is: no block is new."""


class Disk:
    """Writes a block and waits for the disk, again and again, and keeps how long each took."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._times_ms: list[float] = []

    def probe(self, count: int, pause: float = 0.002) -> None:
        """So many writes with a pause between them."""
        for _ in range(count):
            place = len(self._times_ms) % BLOCKS * BLOCK
            began = time.perf_counter()
            os.pwrite(self._descriptor, b"x" * BLOCK, place)
            os.fdatasync(self._descriptor)
            self._times_ms.append((time.perf_counter() - began) * 1000)
            time.sleep(pause)

    def spread_ms(self) -> Spread:
        """How long the writes took, in milliseconds."""
        return spread(self._times_ms)


@contextmanager
def disk_in(folder: Path) -> Iterator[Disk]:
    """The disk under a folder."""
    path = folder / "fdatasync"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, bytes(BLOCK * BLOCKS))
        os.fsync(descriptor)
        yield Disk(descriptor)
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)
