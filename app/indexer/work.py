"""The indexer's loops: naming, indexing, rebuilding, tidying, each on a thread of its own."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.archive.reading import ConversationReader
from app.archive.state import StateWriter
from app.archive.state_reader import FILLING
from app.indexer.indexing import MOST_DOCUMENTS, Indexing, StartHelper
from app.indexer.naming import Naming
from app.indexer.tongues import Tongues
from app.search.engine import Engine

POLL_EVERY: Final = 0.025
"""Seconds between two looks for new hooks; a look costs microseconds."""
LOOK_FOR_CHANGES_EVERY: Final = 1.0
"""Seconds between two looks for changed conversations when nobody has told of one."""
LOOK_FOR_REBUILDS_EVERY: Final = 0.2
MANY_CHANGES: Final = 150
"""Conversations a second from which on commits are made seldom: the engine merges up to 10,000 of
them after every eighth commit, and people wait for what that takes."""
REST_BETWEEN_COMMITS: Final = 0.25
"""Seconds; so much later is a hook found while many come. A backlog is worked off without rest."""
TIDY_EVERY: Final = 60.0
"""Seconds between two removals of generations that ended."""
LEARN_EVERY: Final = 2.0
"""Seconds between two looks for languages that turned up."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 3.0
"""Seconds to wait after a failure; they double from the first to the longest."""

TELL_AGAIN_EVERY: Final = 60.0
"""Seconds after which the log repeats what is still wrong."""

_log = logging.getLogger(__name__)


class Pace:
    """How many conversations a second change, over the last whole second or more."""

    def __init__(self) -> None:
        self._since, self._counted, self._is_high = time.monotonic(), 0, False

    def is_high_with(self, changed: int) -> bool:
        """Count further changes; whether there are many."""
        self._counted += changed
        passed = time.monotonic() - self._since
        if passed >= 1:
            self._is_high = self._counted > MANY_CHANGES * passed
            self._since, self._counted = time.monotonic(), 0
        return self._is_high


class _Trouble:
    """What the log says of a loop that fails: each reason at once, then now and then."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._told, self._told_at = "", 0.0

    def tell(self, reason: str, pause: float) -> None:
        now = time.monotonic()
        if reason != self._told or now - self._told_at >= TELL_AGAIN_EVERY:
            _log.error("%s failed, next try in %.1f s: %s", self._what, pause, reason)
            self._told, self._told_at = reason, now

    def has_passed(self) -> None:
        if self._told:
            _log.info("%s works again.", self._what)
        self._told = ""


class Indexer:
    """Keeps the index of one archive up to date until it is told to stop."""

    def __init__(
        self,
        data_dir: Path,
        engine: Engine,
        former: Callable[[], None] | None = None,
        tongues: Tongues | None = None,
        start_helper: StartHelper | None = None,
    ) -> None:
        """``former`` deletes the index of another engine, once this one serves in its place.

        Without ``tongues`` no language is known; ``start_helper`` starts a process that helps to
        fill a generation.
        """
        self._former, self._put_every = former, engine.put_every
        self._reader = ConversationReader(data_dir)
        archive_id = self._reader.hooks.archive_id()
        self._state = StateWriter(data_dir, archive_id)
        self._naming = Naming(data_dir, self._reader, self._state)
        self._indexing = Indexing(
            self._reader, self._state, engine, archive_id, tongues, start_helper
        )
        self._state.set_fact(FILLING, "")  # a process that was killed left it
        self._stopping = threading.Event()
        self._named = threading.Event()
        self._pace = Pace()

    def run(self) -> None:
        """Work until ``stop``; failures are logged and tried again after a pause."""
        loops = (
            ("naming", self.name_hooks, POLL_EVERY),
            ("indexing", self._index_without_haste, LOOK_FOR_CHANGES_EVERY),
            ("rebuilding", self.rebuild_if_needed, LOOK_FOR_REBUILDS_EVERY),
            ("tidying", self.tidy, TIDY_EVERY),
            ("learning languages", self._indexing.learn, LEARN_EVERY),
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
        worked = self._naming.step()
        if worked:
            self._named.set()
        return worked

    def index_changes(self) -> int:
        """Bring the next changes into the index; returns how many, 0 when it holds them all."""
        self._named.clear()
        return self._indexing.index_changes()

    def _index_without_haste(self) -> bool:
        """Index, then rest where the engine wants it, or where commits would keep a core busy."""
        began = time.monotonic()
        changed = self.index_changes()
        if changed < MOST_DOCUMENTS:
            rest = REST_BETWEEN_COMMITS if self._pace.is_high_with(changed) else 0.0
            wanted = self._put_every - (time.monotonic() - began) if changed else 0.0
            self._stopping.wait(max(rest, wanted))
        return bool(changed)

    def rebuild_if_needed(self) -> bool:
        """Build a generation when the index fits no more or a rebuild was asked for."""
        built = self._indexing.rebuild_if_needed()
        if built:
            self._named.set()
            self._clear_former()
        return built

    def rebuild(self) -> None:
        """Build a generation now, beside the one that serves."""
        self._indexing.rebuild()

    def tidy(self) -> bool:
        """Let the engine remove what no longer serves."""
        self._indexing.tidy()
        self._clear_former()
        return False

    def _clear_former(self) -> None:
        """Two indexes would be one too many to erase from."""
        if self._former is not None and self._indexing.fits():
            self._former()

    def _loop(self, what: str, step: Callable[[], bool], rest: float) -> None:
        pause = FIRST_PAUSE
        trouble = _Trouble(what)
        while not self._stopping.is_set():
            try:
                worked = step()
            except Exception as error:  # noqa: BLE001 — the one place: log it, go on
                trouble.tell(str(error), pause)
                self._stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                trouble.has_passed()
                pause = FIRST_PAUSE
                if not worked:
                    (self._named if what == "indexing" else self._stopping).wait(rest)
