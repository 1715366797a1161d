"""The indexer: from new hooks to a searchable index, in a process of its own.

Four loops. *Naming* reads new hooks, finds which conversation each belongs to and quarantines
what cannot be read; it never waits for the engine. *Indexing* folds what changed, flattens it
and puts it into the engine. *Rebuilding* fills a new generation beside the one that serves when
the stamp differs or somebody asked; *tidying* lets the engine remove what ended. A crash
anywhere repeats idempotent work.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from app.archive.hooks import Hook
from app.archive.reading import Archived, ConversationReader
from app.archive.state import Due, Named, StateWriter, Unread
from app.conversations.feeds.smartsupp_hook import read_identity
from app.errors import RefusedError, UnreadableError
from app.flatten import flatten, sort_key
from app.search.engine import Document, Engine, stamp_of

POLL_EVERY: Final = 0.025
"""Seconds between two looks for new hooks; a look costs microseconds."""
LOOK_FOR_CHANGES_EVERY: Final = 1.0
"""Seconds between two looks for changed conversations when nobody has told of one."""
LOOK_FOR_REBUILDS_EVERY: Final = 0.2
TIDY_EVERY: Final = 60.0
"""Seconds between two removals of generations that ended."""
MOST_HOOKS: Final = 500
"""Hooks named in one transaction."""
MOST_DOCUMENTS: Final = 500
"""Conversations of one commit of the engine."""
MOST_BYTES: Final = 16 * 1024 * 1024
"""Bytes of hooks behind one transaction or one commit, so that memory stays flat."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
"""Seconds to wait after a failure; they double from the first to the longest."""

_log = logging.getLogger(__name__)


class Indexer:
    """Keeps the index of one archive up to date until it is told to stop."""

    def __init__(self, data_dir: Path, engine: Engine) -> None:
        self._reader = ConversationReader(data_dir)
        archive_id = self._reader.hooks.archive_id()
        self._state = StateWriter(data_dir, archive_id)
        self._stamp = stamp_of(archive_id)
        self._engine = engine
        self._putting = threading.Lock()
        self._stopping = threading.Event()
        self._named = threading.Event()
        self._seen: tuple[int, int] | None = None

    def run(self) -> None:
        """Work until ``stop``; failures are logged and tried again after a pause."""
        loops = (
            ("naming", self.name_hooks, POLL_EVERY),
            ("indexing", self.index_changes, LOOK_FOR_CHANGES_EVERY),
            ("rebuilding", self.rebuild_if_needed, LOOK_FOR_REBUILDS_EVERY),
            ("tidying", self.tidy, TIDY_EVERY),
        )
        threads = [
            threading.Thread(target=self._loop, args=loop, name=loop[0], daemon=True)
            for loop in loops
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._state.close()
        self._reader.close()

    def stop(self) -> None:
        """End the loops after the batch that each is at."""
        self._stopping.set()
        self._named.set()

    def name_hooks(self) -> bool:
        """Name the next hooks and carry out requests; false when there was nothing to do."""
        version = self._reader.hooks.version()
        if version == self._seen:
            return False
        start = self._reader.state.named()
        named: list[Named] = []
        unread: list[Unread] = []
        last, size = start, 0
        for hook in self._reader.hooks.since(start, MOST_HOOKS):
            _sort_out(hook, named, unread)
            last, size = hook.number, size + len(hook.body)
            if size > MOST_BYTES:
                break
        if last > start:
            self._state.name(named, unread, last)
            self._named.set()
        worked = self._carry_out_requests() or last > start
        if not worked:
            self._seen = version
        return worked

    def index_changes(self) -> bool:
        """Put the next changed conversations into the index; false when it holds them all."""
        self._named.clear()
        with self._putting:
            if self._engine.stamp() != self._stamp:
                return False
            due = self._reader.state.due(MOST_DOCUMENTS)
            for batch in self._batches(due):
                self._put(batch)
        return bool(due)

    def _put(self, batch: "list[tuple[Due, Archived]]") -> None:
        """Put a batch; when one of it is refused, each alone, so that it holds up nobody."""
        try:
            self._engine.put([_document(archived, entry) for entry, archived in batch])
        except RefusedError as error:
            if len(batch) > 1:
                for one in batch:
                    self._put([one])
                return
            (entry, archived) = batch[0]
            unread = Unread(archived.chosen.number, "refused", str(error))
            self._state.refuse(entry, unread)
            _log.warning("Hook %d is in quarantine: %s", archived.chosen.number, error)
        else:
            self._state.set_indexed([entry for entry, _ in batch])

    def rebuild_if_needed(self) -> bool:
        """Build a generation when the index fits no more or a rebuild was asked for."""
        wanted = int(self._reader.state.fact("rebuild_wanted") or 0)
        done = int(self._reader.state.fact("rebuilt") or 0)
        if self._engine.stamp() == self._stamp and wanted <= done:
            return False
        self.rebuild()
        self._state.set_fact("rebuilt", wanted)
        return True

    def rebuild(self) -> None:
        """Fill a new generation beside the one that serves, catch up, change over."""
        filling = _Filling(self._reader)
        _log.info("A new index is being built.")
        try:
            self._engine.rebuild(
                filling.documents(self._putting), self._stamp, lambda: filling.expected
            )
            self._state.set_all_indexed(filling.reached)
        finally:
            if filling.holds_lock:
                self._putting.release()
        self._named.set()
        _log.info("The new index serves, with %d conversations.", filling.expected)

    def tidy(self) -> bool:
        """Let the engine remove what no longer serves."""
        self._engine.tidy()
        return False

    def _batches(self, due: Iterable[Due]) -> "Iterator[list[tuple[Due, Archived]]]":
        """What is due with its conversations, cut where the bytes of their hooks grow many."""
        batch: list[tuple[Due, Archived]] = []
        size = 0
        for entry in due:
            archived = self._reader.read(entry.id)
            if archived is None:
                continue
            batch.append((entry, archived))
            size += sum(len(hook.body) for hook in archived.hooks)
            if size > MOST_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _carry_out_requests(self) -> bool:
        done = int(self._reader.state.fact("requested") or 0)
        requests = self._reader.hooks.requests_since(done)
        for number, kind in requests:
            if kind == "replay":
                self._replay()
            elif kind == "rebuild":
                self._state.set_fact("rebuild_wanted", number)
            self._state.set_fact("requested", number)
        return bool(requests)

    def _replay(self) -> None:
        """Read every hook of the quarantine again; what is still unreadable returns to it."""
        for number in [entry.hook for entry in self._reader.state.quarantine()]:
            named: list[Named] = []
            unread: list[Unread] = []
            for hook in self._reader.hooks.hooks([number]):
                _sort_out(hook, named, unread)
            self._state.replay(number, named, unread)
            self._named.set()

    def _loop(self, what: str, step: Callable[[], bool], rest: float) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                worked = step()
            except Exception as error:  # noqa: BLE001 — the one place: log it, go on
                _log.error("%s failed, next try in %.1f s: %s", what, pause, error)
                self._stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                if not worked:
                    (self._named if step == self.index_changes else self._stopping).wait(rest)


class _Filling:
    """The documents of a new generation: all conversations, then what changed meanwhile.

    For the last of it the lock on ``put`` is taken, so that nothing reaches the old generation
    which the new one lacks; the caller releases it after the change-over.
    """

    def __init__(self, reader: ConversationReader) -> None:
        self._reader = reader
        self.reached = 0
        self.expected = 0
        self.holds_lock = False

    def documents(self, putting: threading.Lock) -> Iterator[Document]:
        """Documents in the order of their changes; some come twice."""
        yield from self._changed()
        putting.acquire()
        self.holds_lock = True
        while True:
            last_change, self.expected = self._reader.state.extent()
            if last_change == self.reached:
                return
            yield from self._changed()

    def _changed(self) -> Iterator[Document]:
        """Everything changed behind what was reached, until a look finds nothing more."""
        while due := self._reader.state.changed_since(self.reached, MOST_DOCUMENTS):
            for entry in due:
                archived = self._reader.read(entry.id)
                if archived is not None:
                    yield _document(archived, entry)
                self.reached = entry.changed


def _document(archived: Archived, due: Due) -> Document:
    return flatten(archived.conversation, due.sort_key)


def _sort_out(hook: Hook, named: list[Named], unread: list[Unread]) -> None:
    """Find which conversation a hook tells of, or why nobody can say."""
    try:
        identity = read_identity(hook.body)
    except UnreadableError as error:
        unread.append(Unread(hook.number, "unreadable", str(error)))
    else:
        name = identity.id
        named.append(Named(hook.number, name, sort_key(name, identity.begin_ms)))
