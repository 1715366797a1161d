"""Archives that nobody served, to show that the checker sees what is wrong with them."""

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from torture.checker import Row, Verdict, judge
from torture.ledger import Entries, Ledger, read


def body(number: int) -> bytes:
    """A body like no other."""
    return b'{"hook": %d}' % number


def row(number: int, repeats: int = 0) -> Row:
    """A row as a sound archive has it."""
    return hashlib.sha256(body(number)).digest(), repeats, body(number)


def entries(folder: Path, *, sent: Iterable[int], acknowledged: Iterable[int]) -> Entries:
    """The ledger of hooks by their numbers."""
    ledger = Ledger(folder / "ledger")
    for number in sent:
        ledger.sent(body(number))
    for number in acknowledged:
        ledger.acknowledged(body(number))
    ledger.close()
    return read(ledger.path)


def verdict(folder: Path, rows: Iterable[Row]) -> Verdict:
    """The verdict where hooks 1, 2 and 3 were sent and 1 and 2 acknowledged."""
    return judge(entries(folder, sent=(1, 2, 3), acknowledged=(1, 2)), rows)


def archive(path: Path, rows: Iterable[Row], origin: str = "hook") -> None:
    """A file with the columns that the checker reads, and without what forbids nonsense."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(
            "CREATE TABLE hooks (number INTEGER PRIMARY KEY, origin TEXT, digest BLOB, "
            "repeats INTEGER, body BLOB)"
        )
        connection.executemany(
            "INSERT INTO hooks (origin, digest, repeats, body) VALUES (?, ?, ?, ?)",
            [(origin, *one) for one in rows],
        )
    connection.close()
