"""A whole archive with its index on a temporary folder, for the tests of this folder.

Everything is driven by hand: hooks are received, then named, then indexed. What is found is asked
of an engine that was just opened, as another process would see it.
"""

import json
import resource
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.archive.reading import ConversationReader
from app.archive.schema import HOOKS_FILE
from app.archive.writer import HookWriter, Receipt
from app.conversations.model import Conversation
from app.flatten import sort_key
from app.indexer import Indexer
from app.indexer.indexing import StartHelper
from app.search.embedded import EmbeddedEngine
from app.search.engine import Engine, FacetValue
from app.search.parameters import SearchQuery

BEGIN: Final = 1_794_819_600_000
PATIENCE: Final = 20.0
"""Seconds to wait for a thread before a test fails; a right one needs milliseconds."""
UTC: Final = ZoneInfo("UTC")


def hook(
    number: int | str,
    text: str = "hello",
    *,
    begin: int = BEGIN,
    end: int = BEGIN + 1000,
    **more: object,
) -> bytes:
    """The body of a hook of the channel ``number``, in which a visitor says one text."""
    sent: dict[str, Any] = {
        "accountId": 208,
        "beginAt": begin,
        "endAt": end,
        "channel": {"id": number},
        "messages": [{"type": "visitor", "content": text, "sentAt": begin}],
    }
    return json.dumps({**sent, **more}).encode()


def name_of(channel: int | str, *, begin: int = BEGIN) -> str:
    """The id of the conversation that ``hook`` tells of."""
    return f"208-{channel}-{begin}"


def colliding_channels() -> tuple[int, int]:
    """Two channels whose conversations, begun in one millisecond, wish for the same sort key."""
    seen: dict[int, int] = {}
    for channel in range(100_000):
        other = seen.setdefault(sort_key(name_of(channel), BEGIN), channel)
        if other != channel:
            return other, channel
    raise AssertionError("21 bits collide within some thousand conversations")


class Found(Struct, frozen=True):
    """What a search sees of an index."""

    total: int
    hits: tuple[tuple[str, int | None], ...]
    facets: Mapping[str, tuple[FacetValue, ...]]

    @property
    def ids(self) -> list[str]:
        """The conversations that were found, newest first."""
        return [name for name, _ in self.hits]


class World:
    """A data folder with its writer, its engine and its indexer."""

    def __init__(
        self,
        data_dir: Path,
        engine: Engine | None = None,
        start_helper: StartHelper | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.writer = HookWriter(data_dir)
        self.reader = ConversationReader(data_dir)
        self.engine: Engine = engine or EmbeddedEngine(data_dir / "index")
        self.indexer = Indexer(data_dir, self.engine, start_helper=start_helper)

    def receive(self, *bodies: bytes) -> list[Receipt]:
        """Hooks come; returns once all are durable."""
        return append(self.writer, bodies)

    def name(self) -> None:
        """Name hooks and carry out requests until there is nothing to do."""
        while self.indexer.name_hooks():
            pass

    def index(self) -> None:
        """Build an index where one is needed, then put what changed until it holds everything."""
        self.indexer.rebuild_if_needed()
        while self.indexer.index_changes():
            pass

    def settle(self) -> None:
        """All that the indexer does, until nothing is left to do."""
        self.name()
        self.index()

    def find(self, text: str = "", **params: str) -> Found:
        """Search as a process that has just opened the index."""
        return search(self.data_dir, text, **params)

    def conversation(self, name: str) -> Conversation:
        """A conversation out of the archive; fails when it is not there."""
        archived = self.reader.read(name)
        assert archived is not None, name
        return archived.conversation

    def close(self) -> None:
        """Stop the writer, and the indexer through a run that ends at once."""
        self.writer.close()
        self.indexer.stop()
        self.indexer.run()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def search(data_dir: Path, text: str = "", **params: str) -> Found:
    """Search the index of a data folder as a process that has just opened it."""
    asked = {name: [value] for name, value in params.items()}
    query = SearchQuery.from_params({"q": [text], "per_page": ["100"], **asked}, UTC)
    results = EmbeddedEngine(data_dir / "index").search(query)
    hits = tuple((hit.id, hit.sort_key) for hit in results.hits)
    return Found(results.total, hits, results.facets)


def append(writer: HookWriter, bodies: Iterable[bytes]) -> list[Receipt]:
    """Append bodies and wait for their receipts."""
    return [done.result(timeout=PATIENCE) for done in [writer.append(body) for body in bodies]]


def bodies_in(data_dir: Path) -> list[bytes]:
    """The bodies of all hooks in their order, read from the file itself."""
    return [body for (body,) in ask_file(data_dir, "SELECT body FROM hooks ORDER BY number")]


def ask_file(data_dir: Path, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run one statement on ``hooks.db`` by hand, past all of our code."""
    connection = sqlite3.connect(data_dir / HOOKS_FILE, isolation_level=None)
    try:
        return connection.execute(sql, tuple(values)).fetchall()
    finally:
        connection.close()


@contextmanager
def busy_archive(data_dir: Path) -> Iterator[None]:
    """Somebody else writes into ``hooks.db`` and does not end."""
    connection = sqlite3.connect(data_dir / HOOKS_FILE, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def full_disk(*, at: int = 0) -> Iterator[None]:
    """No file of this process may grow beyond ``at`` bytes: the system refuses the writing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def commits_in(wal: Path) -> int:
    """Transactions in a write-ahead log: frames that carry the size of the file after a commit."""
    log = wal.read_bytes()
    (page_size,) = struct.unpack(">I", log[8:12])
    salt, commits = log[16:24], 0
    for at in range(32, len(log) - 23, 24 + page_size):
        _, size_after = struct.unpack(">II", log[at : at + 8])
        if log[at + 8 : at + 16] != salt:
            break
        commits += size_after != 0
    return commits
