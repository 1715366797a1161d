"""What pages and commands ask of the indexer: rows in ``hooks.db``, carried out in order."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.archive.schema import open_hooks
from app.archive.state_reader import StateReader

LOOK_EVERY: Final = 0.02
"""Seconds between two looks whether a request was carried out."""
REPLAY: Final = "replay"
"""Read a hook of the quarantine again (its number is the subject), or all of them."""
REBUILD: Final = "rebuild"
REMOVE_DEMO: Final = "remove-demo"


def ask(data_dir: Path, kind: str, subject: str = "") -> int:
    """Ask something of the indexer; returns the request's number, durable.

    Raises ``sqlite3.Error`` when the archive cannot be written.
    """
    connection = open_hooks(data_dir)
    try:
        row = connection.execute(
            "INSERT INTO requests (kind, subject, asked_ms) VALUES (?, ?, ?) RETURNING number",
            (kind, subject, time.time_ns() // 1_000_000),
        ).fetchone()
        return int(row[0])
    finally:
        connection.close()


def is_done(
    state: StateReader,
    number: int,
    patience: float,
    fact: str = "requested",
    meanwhile: Callable[[], None] = lambda: None,
) -> bool:
    """Wait until a request is carried out; false when it is not within ``patience`` seconds.

    ``meanwhile`` is called again and again while one waits.
    """
    deadline = time.monotonic() + patience
    while int(state.fact(fact) or 0) < number:
        if time.monotonic() > deadline:
            return False
        meanwhile()
        time.sleep(LOOK_EVERY)
    return True
