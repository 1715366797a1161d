"""Connections for reading: one per thread, all of one file, closed together."""

import sqlite3
import threading
from collections.abc import Callable


class ThreadConnections:
    """Opens a connection for each thread that asks; ``open_one`` may say that it is too early."""

    def __init__(self, open_one: Callable[[], sqlite3.Connection | None]) -> None:
        self._open_one = open_one
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: list[sqlite3.Connection] = []

    def get(self) -> sqlite3.Connection | None:
        """This thread's connection; None while ``open_one`` gives none."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._open_one()
            if connection is not None:
                self._local.connection = connection
                with self._lock:
                    self._all.append(connection)
        return connection

    def close(self) -> None:
        """Close every thread's connection; nobody may be reading."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
        self._local = threading.local()
