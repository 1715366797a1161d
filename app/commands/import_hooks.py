"""``portal import``: payloads from files into the archive, as if each had been posted.

Files are read in chunks, so that they may be larger than memory, and a bounded number of payloads
is on its way to the disk at any time. This module must never look into a payload.
"""

import gzip
import io
import os
import stat
import sys
import time
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import click

from app.archive.payload_files import cut
from app.archive.payload_lists import LeftOut, Part
from app.archive.schema import prepare
from app.archive.writer import MOST_BYTES_TOGETHER, MOST_TOGETHER, HookWriter, Receipt
from app.commands.import_screen import Screen
from app.data_folder import ServingLock, make
from app.errors import NotDurableError
from app.settings import Settings

CHUNK: Final = 256 * 1024
"""Bytes that are read at once."""
MOST_WAITING: Final = 2 * MOST_TOGETHER
"""Payloads on their way to the disk: while some are committed, the next ones gather."""
MOST_AMID_HOOKS: Final = 64
MOST_BYTES_AMID_HOOKS: Final = 256 * 1024
"""The same while a portal serves: its hooks wait for each commit, so those are small."""
REST: Final = 2.0
"""Times that such a commit took: for so long the disk is then left to the hooks."""
LONGEST_REST: Final = 1.0
"""Seconds, where the disk is slow."""
LOOK_EVERY: Final = 5.0
"""Seconds between two looks whether a portal serves."""
INTERRUPTED: Final = 130
"""Exit status after Ctrl-C, as shells know it."""
STANDARD_INPUT: Final = "-"
_GZIP: Final = b"\x1f\x8b"


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…|FOLDER…|-")
@click.pass_obj
def import_hooks(settings: Settings, files: tuple[str, ...]) -> None:
    """Take in payloads: one a line (NDJSON), a JSON list of them, or a JSON document for each.

    Any of them also gzipped; a folder stands for all files in it; - is standard input. What was
    there already is left as it is, so that an import can be repeated.
    """
    make(settings.data_dir)
    prepare(settings.data_dir)
    sources = [_Source(name, _files_in(name)) for name in files]
    with closing(HookWriter(settings.data_dir)) as writer, Screen(_size_of(sources)) as screen:
        status = _Import(writer, screen, settings).run(sources)
    raise click.exceptions.Exit(status)


@dataclass
class _Source:
    """A name on the command line, and what came of it."""

    name: str
    found: list[str] | None
    """The files of a folder; None for anything else."""
    read: int = 0
    """Files, to their end."""
    came: int = 0
    """Payloads that are durable."""
    new: int = 0
    is_stopped: bool = False
    """Whether there was more to take."""
    is_told: bool = False

    @property
    def files(self) -> list[str]:
        """What is to be read."""
        return [self.name] if self.found is None else self.found

    def line(self) -> str:
        """What is said of it at its end."""
        name = click.format_filename(self.name)
        stopped = " stopped;" if self.is_stopped else ""
        files = "" if self.found is None else f" in {self.read:,} files"
        return f"{name}:{stopped} {self.came:,} payloads{files}, {self.new:,} of them new."


class _Import:
    """One run of the command: takes sources in, tells of each, remembers whether all went well."""

    def __init__(self, writer: HookWriter, screen: Screen, settings: Settings) -> None:
        self._writer = writer
        self._screen = screen
        self._most = settings.hook_max_bytes
        self._serving = _Serving(settings.data_dir)
        self._waiting: deque[tuple[_Source, int, Future[Receipt] | None]] = deque()
        """Source and size of what is on its way to the disk; no future is the source's end."""
        self._waiting_bytes = 0
        self._newest: _Source | None = None
        self._status = 0

    def run(self, sources: Sequence[_Source]) -> int:
        """Take everything in; gives the exit status. Raises ``NotDurableError``."""
        try:
            for source in sources:
                self._take(source)
            self._settle(0)
        except KeyboardInterrupt:
            self._stop()
            return INTERRUPTED
        except NotDurableError:
            self._stop()
            raise
        return self._status

    def _take(self, source: _Source) -> None:
        self._newest = source
        for name in source.files:
            try:
                with _opened(name, self._screen) as chunks:
                    parts = cut(chunks, self._most, only_json=source.found is not None)
                    self._take_parts(source, click.format_filename(name), parts)
                source.read += 1
            except (OSError, EOFError, zlib.error) as error:
                self._fail(f"{click.format_filename(name)}: {error}")
        self._waiting.append((source, 0, None))

    def _take_parts(self, source: _Source, name: str, parts: Iterable[Part]) -> None:
        for part in parts:
            if isinstance(part, bytes):
                self._append(source, part)
            elif isinstance(part, LeftOut):
                told = f"{name}, {part.kind} {part.number:,}: longer than {self._most:,} bytes"
                self._screen.tell(f"{told}, left out.")
            elif part.offset:
                self._fail(f"{name}, byte {part.offset:,}: {part.reason}; the rest is left out.")
            else:
                self._fail(f"{name}: {part.reason}; it is left out.")

    def _append(self, source: _Source, body: bytes) -> None:
        while self._waiting_bytes and self._waiting_bytes + len(body) > MOST_BYTES_TOGETHER:
            self._settle_one()
        self._settle(MOST_WAITING - 1)
        self._waiting_bytes += len(body)
        self._waiting.append((source, len(body), self._writer.append(body, origin="import")))
        self._screen.payloads += 1
        if self._serving.is_so() and (
            len(self._waiting) >= MOST_AMID_HOOKS or self._waiting_bytes >= MOST_BYTES_AMID_HOOKS
        ):
            self._give_way()

    def _give_way(self) -> None:
        """Let the hooks of the portal to the disk."""
        begin = time.monotonic()
        self._settle(0)
        time.sleep(min(REST * (time.monotonic() - begin), LONGEST_REST))

    def _settle(self, most: int) -> None:
        """Wait until at most so many are on their way."""
        while len(self._waiting) > most:
            self._settle_one()

    def _settle_one(self) -> None:
        source, size, done = self._waiting[0]
        if done is not None:
            done.exception()  # waits, so that what Ctrl-C interrupts stays among the waiting
        self._waiting.popleft()
        self._waiting_bytes -= size
        if done is None:
            self._tell(source)
        elif failure := done.exception():
            source.is_stopped = True
            raise failure
        else:
            source.new += not done.result().repeated
            source.came += 1

    def _stop(self) -> None:
        """Wait for what is on its way, and say how far it came with the source in hand."""
        while self._waiting:
            with suppress(NotDurableError):
                self._settle_one()
        if self._newest is not None and not self._newest.is_told:
            self._newest.is_stopped = True
            self._tell(self._newest)

    def _tell(self, source: _Source) -> None:
        source.is_told = True
        self._screen.say(source.line())

    def _fail(self, trouble: str) -> None:
        self._status = 1
        self._screen.tell(f"Error: {trouble}")


class _Serving:
    """Whether a portal serves the data folder now, or did some seconds ago."""

    def __init__(self, data_dir: Path) -> None:
        self._lock = ServingLock(data_dir)
        self._is_held = False
        self._next_look = 0.0

    def is_so(self) -> bool:
        """Cheap enough to be asked for each payload."""
        now = time.monotonic()
        if now >= self._next_look:
            self._is_held = self._lock.is_held()
            self._next_look = now + LOOK_EVERY
        return self._is_held


class _Watched(io.RawIOBase):
    """A file of which the screen shows how far it is read."""

    def __init__(self, name: str, file: io.BufferedReader, screen: Screen) -> None:
        self._name = name
        self._file = file
        self._screen = screen

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """What one read gives."""
        size = self._file.readinto1(buffer)
        self._screen.show(self._name, size)
        return size


@contextmanager
def _opened(name: str, screen: Screen) -> Iterator[Iterator[bytes]]:
    """The chunks of a file, unpacked when it is gzipped; - is standard input."""
    with ExitStack() as opened:
        if name == STANDARD_INPUT:
            file = cast("io.BufferedReader", sys.stdin.buffer)
        else:
            file = opened.enter_context(Path(name).open("rb"))
        watched = io.BufferedReader(_Watched(name, file, screen))
        if watched.peek(len(_GZIP))[: len(_GZIP)] == _GZIP:
            packed = opened.enter_context(gzip.open(watched))
            yield iter(lambda: packed.read1(CHUNK), b"")
        else:
            yield iter(lambda: watched.read1(CHUNK), b"")


def _files_in(name: str) -> list[str] | None:
    """The files of a folder and of the folders in it, by name, without hidden ones.

    None when it is no folder. A folder in it that cannot be listed stands for itself: reading it
    will fail, and that is told.
    """
    if name == STANDARD_INPUT or not Path(name).is_dir():
        return None
    found: list[Path] = []

    def note(error: OSError) -> None:
        found.append(Path(error.filename))

    for place, folders, files in os.walk(name, onerror=note):
        folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
        paths = (Path(place, file) for file in sorted(files) if not file.startswith("."))
        found += (path for path in paths if path.is_file())
    return [str(path) for path in found]


def _size_of(sources: Sequence[_Source]) -> int | None:
    """Bytes of all files; None when one has no size, such as a pipe or standard input."""
    size = 0
    for name in (name for source in sources for name in source.files):
        if name == STANDARD_INPUT:
            return None
        with suppress(OSError):
            status = Path(name).stat()
            if not stat.S_ISREG(status.st_mode):
                return None
            size += status.st_size
    return size
