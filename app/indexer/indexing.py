"""Indexing: what changed is folded, flattened and put into the engine; what went is taken out.

Comparing two numbers of each conversation replaces a queue of jobs, so an engine that is down
delays and loses nothing. A rebuild fills a new generation beside the one that serves.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from app.archive.reading import ConversationReader, Told
from app.archive.removal import Tombstone
from app.archive.state import REFUSED, Due, StateWriter, Unread
from app.archive.state_reader import FILLING
from app.archive.visits import noted
from app.conversations.model import Conversation
from app.flatten import agent_spellings
from app.indexer.helper import Flattening, Helper, Task, helped
from app.indexer.naming import MOST_BYTES
from app.indexer.tongues import Tongues, stamp_with
from app.search.engine import Document, Engine, Gone, Refused
from app.search.inflected import NOTHING_SPOKEN, Inflecting, Spoken

MOST_DOCUMENTS: Final = 500
"""Conversations of one commit of the engine."""
HELPED_FROM: Final = 3_000
"""Conversations from which on a second process helps to fill a generation: its start takes time."""
_log = logging.getLogger(__name__)

_Batch = list[tuple[Due, Told]]
StartHelper = Callable[[str], Helper]
"""Starts a helper for documents of a stamp; raises ``OSError`` when it cannot."""


class Indexing:
    """Keeps the engine's index equal to the archive."""

    def __init__(
        self,
        reader: ConversationReader,
        state: StateWriter,
        engine: Engine,
        archive_id: str,
        tongues: Tongues | None = None,
        start_helper: StartHelper | None = None,
    ) -> None:
        """Without ``tongues`` no language is known, and words have no forms."""
        self._reader, self._state, self._engine = reader, state, engine
        self._archive_id = archive_id
        self._making = _Making(reader, state, tongues)
        self._start_helper = start_helper
        self._putting = threading.Lock()

    def index_changes(self) -> int:
        """Put the next changed conversations into the index, and take removed ones out.

        Returns how many: 0 when it holds them all, or cannot serve yet.
        """
        with self._putting:
            if not self.fits():
                return 0
            removed = self._take_out()
            due = self._reader.state.due(MOST_DOCUMENTS)
            for batch in _batches(self._reader, due):
                self._put(batch, more=len(due) == MOST_DOCUMENTS)
        return len(due) + removed

    def fits(self) -> bool:
        """Whether what serves was built for this archive, and is what ``indexed`` speaks of."""
        serving = self._engine.serving()
        return (
            serving is not None
            and serving.stamp == self._making.stamp(self._archive_id)
            and serving.generation == self._reader.state.generation()
        )

    def _take_out(self) -> int:
        """Take conversations out of the index that the archive holds no more."""
        done = int(self._reader.state.fact("removed") or 0)
        tombstones = self._reader.hooks.tombstones_since(done, MOST_DOCUMENTS)
        if not tombstones or int(self._reader.state.fact("forgotten") or 0) < tombstones[-1].number:
            return 0
        self._engine.remove(_gone(self._reader, tombstones))
        self._state.set_fact("removed", tombstones[-1].number)
        return len(tombstones)

    def _put(self, batch: _Batch, *, more: bool) -> None:
        inflecting = self._making.inflecting
        documents = [task.document(inflecting) for task in self._making.tasks(batch)]
        refused = self._engine.put(documents, more=more)
        if refused:
            self._state.refuse(self._unread(refused))
        self._state.set_indexed([entry for entry, _ in batch])

    def _unread(self, refused: Sequence[Refused]) -> list[Unread]:
        """Refused documents as hooks for quarantine; what is in the archive no more is left out."""
        reasons = {one.id: one.reason for one in refused}
        unread = [
            Unread(told.chosen.number, REFUSED, reasons[told.conversation.id])
            for told in self._reader.told(tuple(reasons))
        ]
        for one in unread:
            _log.warning("Hook %d is in quarantine: %s", one.hook, one.reason)
        return unread

    def rebuild_if_needed(self) -> bool:
        """Build a generation when the index fits no more or a rebuild was asked for."""
        wanted = int(self._reader.state.fact("rebuild_wanted") or 0)
        done = int(self._reader.state.fact("rebuilt") or 0)
        if wanted <= done and self.fits() and not self._making.is_outdated():
            return False
        self.rebuild()
        self._state.set_fact("rebuilt", wanted)
        return True

    def rebuild(self) -> None:
        """Fill a new generation beside the one that serves, catch up, change over."""
        making = self._making.renewed()
        _log.info("A new index is being built.")
        with helped(self._starting(making), making.inflecting) as flattening:
            filling = _Filling(self._reader, self._state, self._putting, making, flattening)
            try:
                refused = self._engine.rebuild(
                    filling.contents(), making.stamp(self._archive_id), lambda: filling.expected
                )
                self._making = making
                serving = self._engine.serving()
                generation = "" if serving is None else serving.generation
                self._state.set_all_indexed(filling.reached, generation, self._unread(refused))
            finally:
                if filling.holds_lock:
                    self._putting.release()
                self._state.set_fact(FILLING, "")
        _log.info("The new index serves, with %d conversations.", filling.expected - len(refused))

    def _starting(self, making: "_Making") -> Callable[[], Helper] | None:
        """What starts a helper; None where its start would take longer than it saves."""
        start, stamp = self._start_helper, making.stamp("")
        is_large = self._reader.state.conversations() >= HELPED_FROM
        has_cores = (os.cpu_count() or 1) > 1
        return (lambda: start(stamp)) if start and is_large and has_cores else None

    def learn(self) -> bool:
        """Have tables made for languages that turned up; whether there were any."""
        return self._making.learn()

    def tidy(self) -> None:
        """Let the engine remove what no longer serves."""
        self._engine.tidy()


class _Filling:
    """The documents of a new generation: all conversations, then what changed meanwhile.

    For the last of it the lock on ``put`` is taken, so that nothing reaches the old generation
    which the new one lacks; the caller releases it after the change-over.
    """

    def __init__(
        self,
        reader: ConversationReader,
        state: StateWriter,
        putting: threading.Lock,
        making: "_Making",
        flattening: Flattening,
    ) -> None:
        self._reader, self._state, self._putting = reader, state, putting
        self._making, self._flattening = making, flattening
        self._forgotten = int(reader.state.fact("forgotten") or 0)
        self._given = 0
        self.reached = 0
        self.expected = 0
        self.holds_lock = False

    def contents(self) -> Iterator[Document | Gone]:
        """Documents in the order of their changes, some of them twice, and what went meanwhile."""
        self._tell()
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
        return self._flattening.documents(self._tasks())

    def _tasks(self) -> Iterator[Sequence[Task]]:
        while due := self._reader.state.changed_since(self.reached, MOST_DOCUMENTS):
            for batch in _batches(self._reader, due):
                yield self._making.tasks(batch)
            self.reached = due[-1].changed
            self._given += len(due)
            self._tell()

    def _tell(self) -> None:
        """Say how far the filling is; what changes meanwhile is given twice."""
        of = self._reader.state.conversations()
        self._state.set_fact(FILLING, f"{min(self._given, of)}/{of}")

    def _removed(self) -> Iterator[Gone]:
        """What was removed since the filling began, and did not come again."""
        while tombstones := self._reader.hooks.tombstones_since(self._forgotten, MOST_DOCUMENTS):
            yield from _gone(self._reader, tombstones)
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


class _Making:
    """Documents out of conversations, for one generation."""

    def __init__(
        self, reader: ConversationReader, state: StateWriter, tongues: Tongues | None
    ) -> None:
        self._reader, self._state, self._tongues = reader, state, tongues

    def stamp(self, archive_id: str) -> str:
        """What a generation of these documents is made with."""
        return stamp_with(self._tongues, archive_id)

    def renewed(self) -> "_Making":
        """The same with all languages that are known now."""
        if self._tongues is None:
            self._state.forget_languages()  # pages tell of none that the index does not know
            return self
        return _Making(self._reader, self._state, self._tongues.renewed())

    def is_outdated(self) -> bool:
        """Whether other languages are known now."""
        return self._tongues is not None and self._tongues.is_outdated()

    def learn(self) -> bool:
        """Have tables made for languages that turned up; whether there were any."""
        return self._tongues is not None and self._tongues.compile_missing(self._reader.state)

    @property
    def inflecting(self) -> Inflecting | None:
        """What gives the forms of words; None without languages."""
        return None if self._tongues is None else self._tongues.inflections

    def tasks(self, batch: _Batch) -> Sequence[Task]:
        """What there is to flatten, once it is noted who came: a visit depends on all others."""
        conversations = [told.conversation for _, told in batch]
        self._state.note([noted(talk, agent_spellings(talk)) for talk in conversations])
        spoken: Mapping[str, Spoken] = {}
        if self._tongues is not None:
            told_of = [told for _, told in batch]
            spoken = self._tongues.spoken(self._reader.state, self._state, told_of)
        return [self._task(due, told.conversation, spoken) for due, told in batch]

    def _task(self, due: Due, talk: Conversation, spoken: Mapping[str, Spoken]) -> Task:
        visit = self._reader.visit(talk)
        return Task(talk, due.sort_key, visit, due.changed, spoken.get(talk.id, NOTHING_SPOKEN))


def _gone(reader: ConversationReader, tombstones: Sequence[Tombstone]) -> tuple[Gone, ...]:
    """Conversations of removed hooks that no other hook tells of."""
    change = reader.state.changes()  # first: what comes again meanwhile has a greater number
    names = dict.fromkeys(tombstone.conversation for tombstone in tombstones)
    gone = (name for name in names if name and not reader.state.hooks_of(name))
    return tuple(Gone(name, change) for name in gone)
