"""What a test stands on: an empty folder, the code, a seed."""

import contextlib
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torture.code_copy import CodeCopy
from torture.ledger import Ledger
from torture.portal import PortalUnderTest


@dataclass(frozen=True)
class Ground:
    """One test's folder, code and seed."""

    folder: Path
    code: CodeCopy
    seed: int

    def portal(
        self, name: str = "data", settings: Mapping[str, str] | None = None
    ) -> PortalUnderTest:
        """A portal on a data folder of this ground."""
        return PortalUnderTest(self.folder / name, self.code, settings)

    def ledger(self, name: str = "ledger") -> Ledger:
        """An empty ledger."""
        return Ledger(self.folder / name)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of the checker's own; each statement is a transaction."""
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def rows(path: Path, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
    """What a statement finds in a file; nothing while the file or its tables are not there."""
    if not path.exists():
        return []
    with opened(path) as connection, contextlib.suppress(sqlite3.OperationalError):
        return connection.execute(sql, values).fetchall()
    return []


def fact(folder: Path, name: str) -> int:
    """A number that the indexer notes in ``state.db``; 0 while it has not."""
    found = rows(folder / "state.db", "SELECT value FROM facts WHERE name = ?", (name,))
    return int(found[0][0]) if found else 0


def request(folder: Path, kind: str, subject: str = "") -> int:
    """Ask something of the indexer, as commands and pages do; returns the request's number."""
    with opened(folder / "hooks.db") as connection:
        connection.execute("PRAGMA synchronous = FULL")
        row = connection.execute(
            "INSERT INTO requests (kind, subject, asked_ms) VALUES (?, ?, ?) RETURNING number",
            (kind, subject, time.time_ns() // 1_000_000),
        ).fetchone()
        return int(row[0])


def frozen(folder: Path) -> Path:
    """A copy of a dead portal's files, so that looking at them mends nothing of theirs."""
    copy = Path(tempfile.mkdtemp(prefix="frozen-", dir=folder.parent))
    for file in folder.glob("*.db*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, copy)
    return copy


def until(condition: Callable[[], bool], within: float, every: float = 0.02) -> float | None:
    """Seconds until a condition holds; None when it does not in time."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        if condition():
            return time.monotonic() - began
        time.sleep(every)
    return None
