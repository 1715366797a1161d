"""The ledger: what was sent and what was acknowledged, written down as it happens.

A file of lines, ``S`` and ``A`` with the SHA-256 of a body, appended in one write each, so that
the checker can read it from another process at any moment.
"""

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Entries:
    """How often each body was sent and acknowledged."""

    sent: Counter[bytes] = field(default_factory=Counter)
    acknowledged: Counter[bytes] = field(default_factory=Counter)


class Ledger:
    """The pen of the ledger. Safe from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def sent(self, body: bytes) -> None:
        """A body is about to be sent."""
        self._write("S", body)

    def acknowledged(self, body: bytes) -> None:
        """A body was answered with 200."""
        self._write("A", body)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _write(self, mark: str, body: bytes) -> None:
        os.write(self._descriptor, f"{mark} {hashlib.sha256(body).hexdigest()}\n".encode())


def read(path: Path) -> Entries:
    """The ledger of a file."""
    entries = Entries()
    for line in path.read_text().splitlines():
        mark, _, digest = line.partition(" ")
        counted = entries.sent if mark == "S" else entries.acknowledged
        counted[bytes.fromhex(digest)] += 1
    return entries
