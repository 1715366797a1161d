"""Power cuts, played from the trace of a disk: what is on it if the power goes now.

A write reaches the disk for certain when a sync that began after it succeeded. A sync that failed
loses the pages it was asked for, as kernels do: they count as clean in memory and were never
written. Between the two, a disk may hold any of the written pages.
"""

import os
import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HEAD: Final = struct.Struct("<ccHIQQQ")
"""Operation, file, nothing, process, id, offset, length; the bytes follow."""
PAGE: Final = 4096
ACKNOWLEDGED: Final = "A"
FILES: Final = {"d": "hooks.db", "l": "hooks.db-wal"}


@dataclass(frozen=True)
class Record:
    """One line of a trace. ``A`` is the checker's: a hook of this digest was acknowledged."""

    operation: str
    file: str
    id: tuple[int, int] = (0, 0)
    offset: int = 0
    data: bytes = b""


@dataclass
class TracedFile:
    """A file as memory has it, as the disk has it for certain, and the pages that differ."""

    memory: bytearray = field(default_factory=bytearray)
    disk: bytearray = field(default_factory=bytearray)
    written: set[int] = field(default_factory=set)
    syncing: dict[tuple[int, int], set[int]] = field(default_factory=dict)

    def apply(self, record: Record) -> None:
        """Let one operation happen."""
        match record.operation:
            case "W":
                self._write(record.offset, record.data)
            case "T":
                self._cut(record.offset)
            case "D":
                self.__init__()  # type: ignore[misc]
            case "B":
                self.syncing[record.id] = set(self.written)
            case "S":
                self._sync(self.syncing.pop(record.id, set()))
            case "X":
                self.written -= self.syncing.pop(record.id, set())

    def image(self, chance: random.Random | None) -> bytes:
        """What the disk holds; with ``chance`` some written pages have reached it too."""
        disk = bytearray(self.disk)
        for page in sorted(self.written) if chance else ():
            if chance and chance.random() < 0.5:
                _copy_page(self.memory, disk, page)
        return bytes(disk)

    def _write(self, offset: int, data: bytes) -> None:
        end = offset + len(data)
        if end > len(self.memory):
            self.memory.extend(bytes(end - len(self.memory)))
        self.memory[offset:end] = data
        self.written.update(range(offset // PAGE, (end - 1) // PAGE + 1))

    def _cut(self, length: int) -> None:
        del self.memory[length:]
        self.memory.extend(bytes(length - len(self.memory)))
        self.written.add(length // PAGE)

    def _sync(self, pages: set[int]) -> None:
        for page in pages:
            _copy_page(self.memory, self.disk, page)
        del self.disk[len(self.memory) :]
        self.written -= pages


def _copy_page(memory: bytearray, disk: bytearray, page: int) -> None:
    begin, end = page * PAGE, min((page + 1) * PAGE, len(memory))
    if end > len(disk):
        disk.extend(bytes(end - len(disk)))
    disk[begin:end] = memory[begin:end]


def records(trace: bytes) -> Iterator[Record]:
    """The records of a trace."""
    place = 0
    while place + HEAD.size <= len(trace):
        operation, file, _, process, number, offset, length = HEAD.unpack_from(trace, place)
        place += HEAD.size
        size = length if operation in b"WA" else 0
        data = trace[place : place + size]
        place += size
        yield Record(operation.decode(), file.decode(), (process, number), offset, data)


def append(trace: Path, digest: bytes) -> None:
    """Tell a trace that a hook was acknowledged; in one write, as the disk tells it."""
    descriptor = os.open(trace, os.O_WRONLY | os.O_APPEND)
    os.write(descriptor, HEAD.pack(b"A", b"-", 0, 0, 0, 0, len(digest)) + digest)
    os.close(descriptor)


def in_memory(trace: Sequence[Record]) -> dict[str, bytes]:
    """The files as their readers see them at the end of a trace."""
    files = {letter: TracedFile() for letter in FILES}
    for record in trace:
        if record.file in files:
            files[record.file].apply(record)
    return {FILES[letter]: bytes(file.memory) for letter, file in files.items()}


@dataclass(frozen=True)
class Cut:
    """What stands on the disk at a moment, and what had been acknowledged by then."""

    files: dict[str, bytes]
    acknowledged: tuple[bytes, ...]

    def write(self, folder: Path) -> Path:
        """Write the files into a folder; returns the archive."""
        folder.mkdir()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return folder / FILES["d"]


def cuts(trace: Sequence[Record], chance: random.Random, count: int) -> Iterator[Cut]:
    """Power cuts at random moments, every second one right behind an acknowledgement.

    Each gives what is on the disk for certain, or that and some pages more, by turns.
    """
    acknowledged = [place for place, one in enumerate(trace) if one.operation == ACKNOWLEDGED]
    anywhere = range(acknowledged[0], len(trace)) if acknowledged else range(len(trace))
    half = [chance.choice(acknowledged or anywhere) for _ in range(count // 2)]
    places = sorted(half + [chance.choice(anywhere) for _ in range(count - len(half))])
    files = {letter: TracedFile() for letter in FILES}
    told: list[bytes] = []
    for place, record in enumerate(trace):
        if record.operation == ACKNOWLEDGED:
            told.append(record.data)
        elif record.file in files:
            files[record.file].apply(record)
        while places and places[0] == place:
            places.pop(0)
            luck = chance if len(places) % 2 else None
            images = {FILES[letter]: file.image(luck) for letter, file in files.items()}
            yield Cut(images, tuple(told))
