"""``state.db``: what the indexer knows. It alone writes; everything follows from the hooks.

A conversation has two numbers: ``changed`` rises whenever one of its hooks is named, ``indexed``
is the ``changed`` that the index holds. Comparing them replaces a queue of jobs.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct

from app.archive.removal import Tombstone
from app.archive.schema import open_state
from app.archive.visits import Noted, forget, note
from app.conversations.model import SORT_BITS

_SORT_BITS_MASK: Final = (1 << SORT_BITS) - 1
_CHANGE: Final = """
    UPDATE conversations
    SET due_ms = CASE WHEN changed > indexed THEN due_ms ELSE :now END, changed = :change
    WHERE id = :id
"""
_COUNT_CHANGE: Final = """
    INSERT INTO facts VALUES ('changes', 1)
    ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1
"""


UNREADABLE: Final = "unreadable"
REFUSED: Final = "refused"
"""Why a hook is in quarantine: nobody can read it, or the engine will not have its document."""


class Judged(Struct, frozen=True):
    """The languages of a conversation's words by place, judged from the texts of one hook."""

    conversation: str
    hook: int
    judge: str
    spoken: Mapping[str, tuple[str, ...]]


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

    def note(self, entries: Iterable[Noted]) -> None:
        """Note who came with each conversation; those whose visit it changes become due."""
        with self._transaction() as connection:
            for entry in entries:
                for sibling in sorted(note(connection, entry)):
                    self._raise_changed(connection, sibling)

    def judge(self, entries: Iterable[Judged]) -> None:
        """Keep which languages conversations speak."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO spoken VALUES (?, ?, ?, ?)",
                [
                    (entry.conversation, entry.hook, entry.judge, json.dumps(dict(entry.spoken)))
                    for entry in entries
                ],
            )

    def forget_languages(self) -> None:
        """Know of no conversation any more which languages it speaks."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM spoken")

    def set_indexed(self, due: Iterable[Due]) -> None:
        """The index holds these conversations as they were when they were due."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE conversations SET indexed = ? WHERE id = ? AND indexed < ?",
                [(entry.changed, entry.id, entry.changed) for entry in due],
            )

    def set_all_indexed(self, reached: int, generation: str, refused: Sequence[Unread]) -> None:
        """A new generation holds every conversation as it was at the change ``reached``.

        Those that it refused are in quarantine, and nobody else for having been refused before.
        """
        with self._transaction() as connection:
            connection.execute(
                "UPDATE conversations SET indexed = changed WHERE changed <= ?", (reached,)
            )
            connection.execute("DELETE FROM quarantine WHERE kind = ?", (REFUSED,))
            self._record(connection, (), refused)
            _set_fact(connection, "generation", generation)

    def refuse(self, refused: Sequence[Unread]) -> None:
        """The engine refused documents; their timelines stay, search goes on without them."""
        with self._transaction() as connection:
            self._record(connection, (), refused)

    def replay(self, hook: int, named: Sequence[Named], unread: Sequence[Unread]) -> None:
        """A hook of the quarantine was read again: it leaves, or stays with its new reason."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM quarantine WHERE hook = ?", (hook,))
            self._record(connection, named, unread)

    def forget(self, tombstones: Sequence[Tombstone]) -> None:
        """Forget removed hooks, and conversations of which no hook is left.

        Conversations that lose only some of their hooks are folded anew from the others.
        """
        hooks = [(tombstone.hook,) for tombstone in tombstones]
        with self._transaction() as connection:
            connection.executemany("DELETE FROM names WHERE hook = ?", hooks)
            connection.executemany("DELETE FROM quarantine WHERE hook = ?", hooks)
            for name in dict.fromkeys(tombstone.conversation for tombstone in tombstones):
                self._forget_conversation(connection, name)
            _set_fact(connection, "forgotten", tombstones[-1].number)

    def _forget_conversation(self, connection: sqlite3.Connection, name: str) -> None:
        left = connection.execute("SELECT 1 FROM names WHERE conversation = ?", (name,)).fetchone()
        if left is not None:
            self._raise_changed(connection, name)
            return
        connection.execute("DELETE FROM conversations WHERE id = ?", (name,))
        connection.execute("DELETE FROM spoken WHERE conversation = ?", (name,))
        for sibling in sorted(forget(connection, name)):
            self._raise_changed(connection, sibling)

    def set_fact(self, name: str, value: object) -> None:
        """Write a fact of the indexer, such as how far its requests are."""
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
        connection.execute(
            "INSERT OR REPLACE INTO names VALUES (?, ?)", (entry.hook, entry.conversation)
        )
        if not self._raise_changed(connection, entry.conversation):
            connection.execute(
                "INSERT INTO conversations (id, sort_key, changed, due_ms) VALUES (?, ?, ?, ?)",
                (
                    entry.conversation,
                    self._free_key(connection, entry.wish),
                    _changes(connection),
                    _now(),
                ),
            )

    def _raise_changed(self, connection: sqlite3.Connection, conversation: str) -> bool:
        """Make a conversation the one that changed last; false when there is none of this name."""
        connection.execute(_COUNT_CHANGE)
        changed = connection.execute(
            _CHANGE, {"change": _changes(connection), "now": _now(), "id": conversation}
        )
        return changed.rowcount > 0

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


def _changes(connection: sqlite3.Connection) -> int:
    """How many changes there were, whatever was removed since: the number of the last one."""
    (number,) = connection.execute("SELECT value FROM facts WHERE name = 'changes'").fetchone()
    return int(number)


def _now() -> int:
    """Now, in ms since 1970."""
    return time.time_ns() // 1_000_000


def _set_fact(connection: sqlite3.Connection, name: str, value: object) -> None:
    connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, str(value)))
