"""The hook writer: one thread that makes hooks durable, many at a time.

Whatever has gathered while the last commit ran is committed together (group commit), with the
bytes on disk before anybody is told. Nothing is parsed here. A failed commit fails all of its
hooks and touches no later one; the file is opened anew for the next.
"""

import asyncio
import contextlib
import hashlib
import queue
import sqlite3
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from msgspec import Struct

from app.archive.removal import is_removed, key, lift, mark_of
from app.archive.schema import HOOKS_FILE, open_hooks
from app.errors import NotDurableError

MOST_TOGETHER: Final = 512
"""Hooks of one commit."""
MOST_BYTES_TOGETHER: Final = 32 * 1024 * 1024
MOST_BYTES_WAITING: Final = 128 * 1024 * 1024
"""Bodies in memory that wait for the disk; beyond, a sender is told to come again."""

_INSERT: Final = """
    INSERT INTO hooks (feed, origin, received_ms, digest, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (digest) DO UPDATE SET repeats = repeats + 1
    RETURNING number, repeats
"""


class Receipt(Struct, frozen=True):
    """What a durable hook is known by, and whether the same body was there before.

    A body that was removed has the number 0: it stays away, and its sender need not know.
    """

    number: int
    repeated: bool


class _Waiting(Struct):
    feed: str
    origin: str
    body: bytes
    done: "Future[Receipt] | asyncio.Future[Receipt]"


_Row = tuple[str, str, int, bytes, bytes]
"""Feed, origin, time of arrival in ms since 1970, digest, body."""


def _append(connection: sqlite3.Connection, secret: bytes, row: _Row) -> Receipt:
    mark = mark_of(secret, row[3])
    if is_removed(connection, mark):
        if row[1] != "demo":
            return Receipt(0, repeated=True)
        lift(connection, mark)
    number, repeats = connection.execute(_INSERT, row).fetchone()
    return Receipt(number, repeats > 0)


_Outcome = Receipt | NotDurableError


def _settle(pairs: "list[tuple[_Waiting, _Outcome]]") -> None:
    """Tell everybody what became of the hook; each loop is woken once."""
    of_loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Receipt], _Outcome]]] = {}
    for waiting, outcome in pairs:
        if isinstance(waiting.done, asyncio.Future):
            of_loops.setdefault(waiting.done.get_loop(), []).append((waiting.done, outcome))
        else:
            _tell(waiting.done, outcome)
    for loop, waking in of_loops.items():
        with contextlib.suppress(RuntimeError):  # the loop ended, and nobody waits any more
            loop.call_soon_threadsafe(_tell_all, waking)


def _tell_all(waking: "list[tuple[asyncio.Future[Receipt], _Outcome]]") -> None:
    for done, outcome in waking:
        if not done.done():  # its sender hung up
            _tell(done, outcome)


def _tell(done: "Future[Receipt] | asyncio.Future[Receipt]", outcome: _Outcome) -> None:
    if isinstance(outcome, Receipt):
        done.set_result(outcome)
    else:
        done.set_exception(outcome)


class HookWriter:
    """Appends hooks to one archive. Safe to call from any thread; close it to stop the thread."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting_bytes = 0
        self._closed = False
        self._connection: sqlite3.Connection | None = open_hooks(data_dir)
        self._file = self._identity()
        self._thread = threading.Thread(target=self._run, name="hook-writer", daemon=True)
        self._thread.start()

    def append(
        self, body: bytes, *, feed: str = "smartsupp", origin: str = "hook"
    ) -> "Future[Receipt]":
        """Hand over a body; the future ends once it is durable.

        The future fails with ``NotDurableError`` when it could not be written, or when too many
        bytes wait for the disk already.
        """
        done: Future[Receipt] = Future()
        done.set_running_or_notify_cancel()  # a sender that hangs up takes nothing back
        self._hand_over(_Waiting(feed, origin, body, done))
        return done

    def append_from_loop(self, body: bytes) -> "asyncio.Future[Receipt]":
        """The same for a hook and a future of the running loop: a commit wakes the loop once."""
        done: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._hand_over(_Waiting("smartsupp", "hook", body, done))
        return done

    def _hand_over(self, waiting: _Waiting) -> None:
        size = len(waiting.body)
        with self._lock:
            if self._closed:
                waiting.done.set_exception(NotDurableError("The portal is ending."))
            elif self._waiting_bytes + size > MOST_BYTES_WAITING and self._waiting_bytes:
                waiting.done.set_exception(NotDurableError("Too many hooks wait for the disk."))
            else:
                self._waiting_bytes += size
                self._queue.put(waiting)

    def append_all(self, bodies: Iterable[bytes], *, origin: str) -> tuple[int, int]:
        """Append many and wait: how many came, and how many of them were there already.

        Raises ``NotDurableError`` at the first that could not be written.
        """
        came = repeated = 0
        open_futures: list[Future[Receipt]] = []
        for body in bodies:
            came += 1
            open_futures.append(self.append(body, origin=origin))
            if len(open_futures) >= MOST_TOGETHER or self._waiting_bytes > MOST_BYTES_TOGETHER:
                repeated += sum(done.result().repeated for done in open_futures)
                open_futures.clear()
        repeated += sum(done.result().repeated for done in open_futures)
        return came, repeated

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._lock:
            if not self._closed:
                self._queue.put(None)
            self._closed = True
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            batch, going = self._gather()
            if batch:
                self._write(batch)
        if self._connection is not None:
            self._connection.close()

    def _gather(self) -> tuple[list[_Waiting], bool]:
        """Wait for a hook, then take what else waits; false at the end of the work."""
        batch: list[_Waiting] = []
        size = 0
        while len(batch) < MOST_TOGETHER and size < MOST_BYTES_TOGETHER:
            try:
                waiting = self._queue.get(block=not batch)
            except queue.Empty:
                break
            if waiting is None:
                return batch, False
            batch.append(waiting)
            size += len(waiting.body)
        return batch, True

    def _write(self, batch: list[_Waiting]) -> None:
        failure: NotDurableError | None = None
        receipts: list[Receipt] = []
        try:
            receipts = self._commit(batch)
        except (sqlite3.Error, OSError, MemoryError) as error:
            self._give_up_connection()
            failure = NotDurableError(f"Writing failed: {error}.")
        with self._lock:
            self._waiting_bytes -= sum(len(waiting.body) for waiting in batch)
        outcomes = [failure] * len(batch) if failure is not None else receipts
        _settle(list(zip(batch, outcomes, strict=True)))

    def _commit(self, batch: list[_Waiting]) -> list[Receipt]:
        if self._connection is None or self._is_replaced():
            self._give_up_connection()
            self._connection = open_hooks(self._data_dir)
            self._file = self._identity()
        now = time.time_ns() // 1_000_000
        rows = [(w.feed, w.origin, now, hashlib.sha256(w.body).digest(), w.body) for w in batch]
        self._connection.execute("BEGIN IMMEDIATE")
        secret = key(self._connection)
        receipts = [_append(self._connection, secret, row) for row in rows]
        self._connection.execute("COMMIT")
        return receipts

    def _identity(self) -> tuple[int, int]:
        stat = (self._data_dir / HOOKS_FILE).stat()
        return stat.st_dev, stat.st_ino

    def _is_replaced(self) -> bool:
        """Whether the file was deleted or exchanged: what goes into the open one would be lost."""
        try:
            return self._identity() != self._file
        except FileNotFoundError:
            return True

    def _give_up_connection(self) -> None:
        """Close after a failure: the next batch opens the file anew, whatever was wrong."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
