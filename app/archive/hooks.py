"""Reading ``hooks.db``: bodies by number, what came last, what was asked of the indexer."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from app.archive.connections import ThreadConnections
from app.archive.removal import Tombstone
from app.archive.schema import HOOKS_FILE, connect

_COLUMNS: Final = "number, origin, received_ms, digest, repeats, body"


class Hook(Struct, frozen=True):
    """One delivery as it came; ``origin`` is hook, import or demo."""

    number: int
    origin: str
    received_ms: int
    digest: bytes
    repeats: int
    body: bytes


class Request(Struct, frozen=True):
    """Something that a page or a command asked of the indexer; ``subject`` says of what."""

    number: int
    kind: str
    subject: str


class HookReader:
    """Reads hooks, from any thread: each has a connection of its own."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / HOOKS_FILE
        self._connections = ThreadConnections(self._open)

    def archive_id(self) -> str:
        """The random name of this archive, which the index is stamped with."""
        (name,) = self._connection().execute("SELECT id FROM archive").fetchone()
        return str(name)

    def since(self, number: int, most: int) -> Iterator[Hook]:
        """Hooks behind a number, in order, at most ``most``; read one by one."""
        rows = self._connection().execute(
            f"SELECT {_COLUMNS} FROM hooks WHERE number > ? ORDER BY number LIMIT ?",  # noqa: S608
            (number, most),
        )
        return (Hook(*row) for row in rows)

    def hooks(self, numbers: Sequence[int]) -> tuple[Hook, ...]:
        """The hooks of these numbers, in the archive's order; unknown ones are left out."""
        rows = self._connection().execute(
            f"SELECT {_COLUMNS} FROM json_each(?) AS wanted "  # noqa: S608
            "CROSS JOIN hooks ON number = wanted.value ORDER BY number",
            (json.dumps(sorted(set(numbers))),),
        )
        return tuple(Hook(*row) for row in rows)

    def size(self, numbers: Sequence[int]) -> int:
        """The bytes of the bodies of these hooks together; no body is read."""
        row = self._connection().execute(
            "SELECT total(length(body)) FROM json_each(?) AS wanted "
            "CROSS JOIN hooks ON number = wanted.value",
            (json.dumps(sorted(set(numbers))),),
        )
        return int(row.fetchone()[0])

    def newest(self) -> tuple[int, int | None]:
        """The number of the last hook (0 when none came) and when it came, in ms since 1970."""
        row = (
            self._connection()
            .execute("SELECT number, received_ms FROM hooks ORDER BY number DESC LIMIT 1")
            .fetchone()
        )
        return (0, None) if row is None else (int(row[0]), int(row[1]))

    def count_behind(self, number: int) -> int:
        """How many hooks came behind a number; numbers have gaps, where bodies were repeats."""
        row = self._connection().execute("SELECT count(*) FROM hooks WHERE number > ?", (number,))
        return int(row.fetchone()[0])

    def received_behind(self, number: int) -> int | None:
        """When the first hook behind a number came; None when there is none."""
        row = self._connection().execute(
            "SELECT received_ms FROM hooks WHERE number > ? ORDER BY number LIMIT 1", (number,)
        )
        found = row.fetchone()
        return None if found is None else int(found[0])

    def version(self) -> tuple[int, int]:
        """A value that changes whenever somebody else has committed.

        SQLite counts per connection, so the connection is part of the value: what one thread
        has seen says nothing of what another has.
        """
        connection = self._connection()
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        return id(connection), int(version)

    def requests_since(self, number: int) -> tuple[Request, ...]:
        """Requests to the indexer behind a number, in order."""
        rows = self._connection().execute(
            "SELECT number, kind, subject FROM requests WHERE number > ? ORDER BY number", (number,)
        )
        return tuple(Request(*row) for row in rows)

    def has_ever_come(self) -> bool:
        """Whether any hook ever came, removed ones counted."""
        row = self._connection().execute("SELECT seq FROM sqlite_sequence WHERE name = 'hooks'")
        return row.fetchone() is not None

    def demo(self) -> tuple[int, ...]:
        """The numbers of all demo hooks."""
        rows = self._connection().execute("SELECT number FROM hooks WHERE origin = 'demo'")
        return tuple(int(row[0]) for row in rows)

    def demo_since(self) -> int | None:
        """When the demo was loaded, in ms since 1970; None when there is no demo."""
        row = self._connection().execute(
            "SELECT received_ms FROM hooks WHERE origin = 'demo' ORDER BY number LIMIT 1"
        )
        found = row.fetchone()
        return None if found is None else int(found[0])

    def tombstones_since(self, number: int, most: int) -> tuple[Tombstone, ...]:
        """Removed hooks behind a number, in the order of their removal."""
        rows = self._connection().execute(
            "SELECT number, hook, conversation FROM tombstones WHERE number > ? "
            "ORDER BY number LIMIT ?",
            (number, most),
        )
        return tuple(Tombstone(*row) for row in rows)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()

    def _open(self) -> sqlite3.Connection:
        return connect(self._path, synchronous="NORMAL", read_only=True)

    def _connection(self) -> sqlite3.Connection:
        connection = self._connections.get()
        assert connection is not None, "_open always gives one"  # noqa: S101
        return connection
