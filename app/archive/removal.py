"""Taking hooks out of the archive for good: no byte of them stays in ``hooks.db``.

What stays is a tombstone for each: a keyed hash, so that a repeat of the body stays away, and the
numbers by which ``state.db`` and the index are cleaned afterwards, however late. Only the indexer
removes; the hook writer asks whether a body is wanted.
"""

import hmac
import logging
import sqlite3
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from msgspec import Struct

from app.archive.schema import open_hooks

MOST_TOGETHER: Final = 200
"""Hooks of one transaction: hooks that arrive meanwhile wait for it."""
TRIES: Final = 50
PAUSE: Final = 0.1
"""Seconds between two tries to truncate the log; a reader in its midst holds it."""
_log = logging.getLogger(__name__)


class Tombstone(Struct, frozen=True):
    """A hook that was removed, and the conversation that it told of (empty for none)."""

    number: int
    hook: int
    conversation: str


def remove(data_dir: Path, hooks: Mapping[int, str]) -> None:
    """Delete hooks, given by number with the conversation that each tells of; durable.

    Deleted bytes are overwritten (``secure_delete``) and the write-ahead log is emptied. Numbers
    that are not there are no error. Raises ``sqlite3.Error`` when the file cannot be written.
    """
    connection = open_hooks(data_dir)
    try:
        secret = key(connection)
        waiting = iter(hooks.items())
        while batch := list(islice(waiting, MOST_TOGETHER)):
            _remove_some(connection, secret, batch)
        _empty_log(connection)
    finally:
        connection.close()


def key(connection: sqlite3.Connection) -> bytes:
    """The key of this archive's tombstones."""
    (secret,) = connection.execute("SELECT key FROM archive").fetchone()
    return bytes(secret)


def mark_of(secret: bytes, digest: bytes) -> bytes:
    """What a tombstone keeps of a body: nobody without the key can tell which body it was."""
    return hmac.digest(secret, digest, "sha256")


def is_removed(connection: sqlite3.Connection, mark: bytes) -> bool:
    """Whether a body of this mark was removed."""
    found = connection.execute("SELECT 1 FROM tombstones WHERE mark = ?", (mark,))
    return found.fetchone() is not None


def lift(connection: sqlite3.Connection, mark: bytes) -> None:
    """Let a removed body come again; only who loads the demo anew may wish so."""
    connection.execute("DELETE FROM tombstones WHERE mark = ?", (mark,))


def _remove_some(
    connection: sqlite3.Connection, secret: bytes, batch: list[tuple[int, str]]
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number, conversation in batch:
            row = connection.execute(
                "DELETE FROM hooks WHERE number = ? RETURNING digest", (number,)
            ).fetchone()
            if row is not None:
                connection.execute(
                    "INSERT OR REPLACE INTO tombstones (mark, hook, conversation) VALUES (?, ?, ?)",
                    (mark_of(secret, row[0]), number, conversation),
                )
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _empty_log(connection: sqlite3.Connection) -> None:
    """Write the log into the file and truncate it, once no reader is in its midst."""
    for _ in range(TRIES):
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
        time.sleep(PAUSE)
    _log.warning("The log of the archive could not be emptied after a removal: it is being read.")
