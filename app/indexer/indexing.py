"""Indexing: what changed is folded, flattened and put into the engine; what went is taken out.

Comparing two numbers of each conversation replaces a queue of jobs, so an engine that is down
delays and loses nothing. A rebuild fills a new generation beside the one that serves.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from typing import Final

from app.archive.reading import ConversationReader, Told
from app.archive.removal import Tombstone
from app.archive.state import Due, StateWriter, Unread
from app.archive.visits import noted
from app.errors import RefusedError
from app.flatten import agent_spellings, flatten
from app.indexer.naming import MOST_BYTES
from app.search.engine import Document, Engine, Gone

MOST_DOCUMENTS: Final = 500
"""Conversations of one commit of the engine."""
_log = logging.getLogger(__name__)

_Batch = list[tuple[Due, Told]]


class Indexing:
    """Keeps the engine's index equal to the archive."""

    def __init__(
        self, reader: ConversationReader, state: StateWriter, engine: Engine, stamp: str
    ) -> None:
        self._reader, self._state = reader, state
        self._engine, self._stamp = engine, stamp
        self._putting = threading.Lock()

    def index_changes(self) -> int:
        """Put the next changed conversations into the index, and take removed ones out.

        Returns how many: 0 when it holds them all, or cannot serve yet.
        """
        with self._putting:
            if self._engine.stamp() != self._stamp:
                return 0
            removed = self._take_out()
            due = self._reader.state.due(MOST_DOCUMENTS)
            for batch in _batches(self._reader, due):
                self._put(batch)
        return len(due) + removed

    def _take_out(self) -> int:
        """Take conversations out of the index that the archive holds no more."""
        done = int(self._reader.state.fact("removed") or 0)
        tombstones = self._reader.hooks.tombstones_since(done, MOST_DOCUMENTS)
        if not tombstones or int(self._reader.state.fact("forgotten") or 0) < tombstones[-1].number:
            return 0
        self._engine.remove(_gone(self._reader, tombstones))
        self._state.set_fact("removed", tombstones[-1].number)
        return len(tombstones)

    def _put(self, batch: _Batch) -> None:
        """Put a batch; when one of it is refused, each alone, so that it holds up nobody."""
        try:
            self._engine.put(_documents(self._reader, self._state, batch))
        except RefusedError as error:
            if len(batch) > 1:
                for one in batch:
                    self._put([one])
                return
            (entry, told) = batch[0]
            unread = Unread(told.chosen.number, "refused", str(error))
            self._state.refuse(entry, unread)
            _log.warning("Hook %d is in quarantine: %s", told.chosen.number, error)
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
        filling = _Filling(self._reader, self._state, self._putting)
        _log.info("A new index is being built.")
        try:
            self._engine.rebuild(filling.contents(), self._stamp, lambda: filling.expected)
            self._state.set_all_indexed(filling.reached)
        finally:
            if filling.holds_lock:
                self._putting.release()
        _log.info("The new index serves, with %d conversations.", filling.expected)

    def tidy(self) -> None:
        """Let the engine remove what no longer serves."""
        self._engine.tidy()


class _Filling:
    """The documents of a new generation: all conversations, then what changed meanwhile.

    For the last of it the lock on ``put`` is taken, so that nothing reaches the old generation
    which the new one lacks; the caller releases it after the change-over.
    """

    def __init__(
        self, reader: ConversationReader, state: StateWriter, putting: threading.Lock
    ) -> None:
        self._reader, self._state, self._putting = reader, state, putting
        self._forgotten = int(reader.state.fact("forgotten") or 0)
        self.reached = 0
        self.expected = 0
        self.holds_lock = False

    def contents(self) -> Iterator[Document | Gone]:
        """Documents in the order of their changes, some of them twice, and what went meanwhile."""
        yield from self._changed()
        self._putting.acquire()
        self.holds_lock = True
        while True:
            yield from self._removed()
            last_change, self.expected = self._reader.state.extent()
            if last_change <= self.reached:
                return
            yield from self._changed()

    def _changed(self) -> Iterator[Document]:
        """Everything changed behind what was reached, until a look finds nothing more."""
        while due := self._reader.state.changed_since(self.reached, MOST_DOCUMENTS):
            for batch in _batches(self._reader, due):
                yield from _documents(self._reader, self._state, batch)
            self.reached = due[-1].changed

    def _removed(self) -> Iterator[Gone]:
        """What was removed since the filling began, and did not come again."""
        while tombstones := self._reader.hooks.tombstones_since(self._forgotten, MOST_DOCUMENTS):
            yield from (Gone(name) for name in _gone(self._reader, tombstones))
            self._forgotten = tombstones[-1].number


def _batches(reader: ConversationReader, due: Sequence[Due]) -> Iterator[_Batch]:
    """What is due with its conversations, cut where the bytes of their hooks grow many."""
    batch: _Batch = []
    size = 0
    entries = {entry.id: entry for entry in due}
    for told in reader.told(tuple(entries)):
        batch.append((entries[told.conversation.id], told))
        size += sum(len(hook.body) for hook in told.hooks)
        if size > MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _documents(reader: ConversationReader, state: StateWriter, batch: _Batch) -> Sequence[Document]:
    """Documents of a batch, once it is noted who came: a visit depends on all others."""
    conversations = [told.conversation for _, told in batch]
    state.note([noted(talk, agent_spellings(talk)) for talk in conversations])
    return [
        flatten(told.conversation, due.sort_key, reader.visit(told.conversation))
        for due, told in batch
    ]


def _gone(reader: ConversationReader, tombstones: Sequence[Tombstone]) -> tuple[str, ...]:
    """Conversations of removed hooks that no other hook tells of."""
    names = dict.fromkeys(tombstone.conversation for tombstone in tombstones)
    return tuple(name for name in names if name and not reader.state.hooks_of(name))
