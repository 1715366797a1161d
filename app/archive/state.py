"""``state.db``: what the indexer knows. It alone writes; everything follows from the hooks.

A conversation has two numbers: ``changed`` rises whenever one of its hooks is named, ``indexed``
is the ``changed`` that the index holds. Comparing them replaces a queue of jobs.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from app.archive.connections import ThreadConnections
from app.archive.schema import STATE_FILE, connect, open_state
from app.conversations.model import SORT_BITS

_SORT_BITS_MASK: Final = (1 << SORT_BITS) - 1


class Named(Struct, frozen=True):
    """A hook and the conversation it belongs to; ``wish`` is the sort key it should have."""

    hook: int
    conversation: str
    wish: int


class Unread(Struct, frozen=True):
    """A hook for quarantine: ``kind`` is unreadable or refused, ``reason`` a sentence."""

    hook: int
    kind: str
    reason: str


class Due(Struct, frozen=True):
    """A conversation that the index does not hold as it is now."""

    id: str
    sort_key: int
    changed: int


class StateWriter:
    """The indexer's pen. Its threads share it; every method is one transaction."""

    def __init__(self, data_dir: Path, archive_id: str) -> None:
        self._lock = threading.Lock()
        self._connection = open_state(data_dir, archive_id)

    def name(self, named: Sequence[Named], unread: Sequence[Unread], last_hook: int) -> None:
        """Record what a run of hooks up to ``last_hook`` turned out to be."""
        with self._transaction() as connection:
            self._record(connection, named, unread)
            _set_fact(connection, "named", last_hook)

    def set_indexed(self, due: Iterable[Due]) -> None:
        """The index holds these conversations as they were when they were due."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE conversations SET indexed = ? WHERE id = ? AND indexed < ?",
                [(entry.changed, entry.id, entry.changed) for entry in due],
            )

    def set_all_indexed(self, reached: int) -> None:
        """The index holds every conversation as it was at the change ``reached``."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE conversations SET indexed = changed WHERE changed <= ?", (reached,)
            )

    def refuse(self, due: Due, unread: Unread) -> None:
        """The engine refused a conversation's document; its timeline stays, search goes on."""
        with self._transaction() as connection:
            self._record(connection, (), [unread])
            connection.execute(
                "UPDATE conversations SET indexed = ? WHERE id = ?", (due.changed, due.id)
            )

    def replay(self, hook: int, named: Sequence[Named], unread: Sequence[Unread]) -> None:
        """A hook of the quarantine was read again: it leaves, or stays with its new reason."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM quarantine WHERE hook = ?", (hook,))
            self._record(connection, named, unread)

    def set_fact(self, name: str, value: object) -> None:
        """Write one of the facts: ``requested``, ``rebuild_wanted`` or ``rebuilt``."""
        with self._transaction() as connection:
            _set_fact(connection, name, value)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _record(
        self, connection: sqlite3.Connection, named: Sequence[Named], unread: Sequence[Unread]
    ) -> None:
        for entry in named:
            self._name(connection, entry)
        connection.executemany(
            "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?)",
            [(entry.hook, entry.kind, entry.reason) for entry in unread],
        )

    def _name(self, connection: sqlite3.Connection, entry: Named) -> None:
        (latest,) = connection.execute("SELECT max(changed) FROM conversations").fetchone()
        connection.execute(
            "INSERT OR REPLACE INTO names VALUES (?, ?)", (entry.hook, entry.conversation)
        )
        changed = connection.execute(
            "UPDATE conversations SET changed = ? WHERE id = ?",
            ((latest or 0) + 1, entry.conversation),
        ).rowcount
        if not changed:
            connection.execute(
                "INSERT INTO conversations (id, sort_key, changed) VALUES (?, ?, ?)",
                (entry.conversation, self._free_key(connection, entry.wish), (latest or 0) + 1),
            )

    def _free_key(self, connection: sqlite3.Connection, wish: int) -> int:
        """The wished sort key, or the next that is free within the same begin."""
        key = wish
        while connection.execute(
            "SELECT 1 FROM conversations WHERE sort_key = ?", (key,)
        ).fetchone():
            key = key & ~_SORT_BITS_MASK | (key + 1) & _SORT_BITS_MASK
        return key

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _set_fact(connection: sqlite3.Connection, name: str, value: object) -> None:
    connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, str(value)))


class StateReader:
    """Reads the state, from any thread. Before the indexer has made the file there is nothing."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / STATE_FILE
        self._connections = ThreadConnections(self._open)

    def fact(self, name: str) -> str | None:
        """One of the facts; None when it was never written."""
        row = self._one("SELECT value FROM facts WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def named(self) -> int:
        """The last hook that was named or quarantined."""
        return int(self.fact("named") or 0)

    def conversations(self) -> int:
        """How many conversations there are."""
        row = self._one("SELECT count(*) FROM conversations", ())
        return 0 if row is None else int(row[0])

    def extent(self) -> tuple[int, int]:
        """The highest ``changed`` number and how many conversations there are, at one moment."""
        row = self._one("SELECT max(changed), count(*) FROM conversations", ())
        return (0, 0) if row is None else (int(row[0] or 0), int(row[1]))

    def hooks_of(self, conversation: str) -> tuple[int, ...]:
        """Numbers of a conversation's readable hooks, as they came; empty when it is unknown."""
        rows = self._all(
            "SELECT hook FROM names WHERE conversation = ? ORDER BY hook", (conversation,)
        )
        return tuple(int(row[0]) for row in rows)

    def due(self, most: int) -> tuple[Due, ...]:
        """Conversations that the index does not hold as they are, longest due first."""
        rows = self._all(
            "SELECT id, sort_key, changed FROM conversations WHERE changed > indexed "
            "ORDER BY changed LIMIT ?",
            (most,),
        )
        return tuple(Due(*row) for row in rows)

    def changed_since(self, number: int, most: int) -> tuple[Due, ...]:
        """Conversations changed behind a number, in the order of their changes."""
        rows = self._all(
            "SELECT id, sort_key, changed FROM conversations WHERE changed > ? "
            "ORDER BY changed LIMIT ?",
            (number, most),
        )
        return tuple(Due(*row) for row in rows)

    def behind(self) -> int:
        """How many conversations the index does not hold as they are."""
        row = self._one("SELECT count(*) FROM conversations WHERE changed > indexed", ())
        return 0 if row is None else int(row[0])

    def quarantined(self) -> int:
        """How many hooks are in quarantine."""
        row = self._one("SELECT count(*) FROM quarantine", ())
        return 0 if row is None else int(row[0])

    def quarantine(self) -> tuple[Unread, ...]:
        """The hooks in quarantine with their reasons, the latest first."""
        rows = self._all("SELECT hook, kind, reason FROM quarantine ORDER BY hook DESC", ())
        return tuple(Unread(*row) for row in rows)

    def latest(self, most: int) -> tuple[str, ...]:
        """Ids of the conversations that began last."""
        rows = self._all("SELECT id FROM conversations ORDER BY sort_key DESC LIMIT ?", (most,))
        return tuple(str(row[0]) for row in rows)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()

    def _one(self, sql: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        rows = self._all(sql, values)
        return rows[0] if rows else None

    def _all(self, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        connection = self._connections.get()
        return [] if connection is None else connection.execute(sql, values).fetchall()

    def _open(self) -> sqlite3.Connection | None:
        """A connection, once the indexer has made the tables."""
        if not self._path.exists():
            return None
        connection = connect(self._path, synchronous="NORMAL", read_only=True)
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            connection.close()
            return None
        return connection
