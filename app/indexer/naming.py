"""Naming: which conversation each new hook belongs to, or why nobody can say.

It also carries out what pages and commands ask of the indexer: reading hooks of the quarantine
again, building the index anew, taking the demo away. It must never ask the engine, so that a
conversation has its timeline while the engine is down.
"""

from pathlib import Path
from typing import Final

from app.archive.hooks import Hook, Request
from app.archive.reading import ConversationReader
from app.archive.removal import remove
from app.archive.requests import REBUILD, REMOVE_DEMO, REPLAY
from app.archive.state import UNREADABLE, Named, StateWriter, Unread
from app.conversations.feeds.smartsupp_hook import read_identity
from app.errors import UnreadableError
from app.flatten import sort_key

MOST_HOOKS: Final = 500
"""Hooks named in one transaction."""
MOST_BYTES: Final = 16 * 1024 * 1024
"""Bytes of hooks behind one transaction, so that memory stays flat."""


class Naming:
    """Names the hooks of one archive in the order in which they came."""

    def __init__(self, data_dir: Path, reader: ConversationReader, state: StateWriter) -> None:
        self._data_dir = data_dir
        self._reader, self._state = reader, state
        self._seen: tuple[int, int] | None = None

    def step(self) -> bool:
        """Name the next hooks; once all are named, do what was asked. False for nothing to do."""
        version = self._reader.hooks.version()
        if version == self._seen:
            return False
        named = self._name_next()
        asked = named < MOST_HOOKS and self._carry_out_requests()
        if not named and not asked:
            self._seen = version
        return bool(named) or asked

    def _name_next(self) -> int:
        """Name a run of hooks in one transaction; returns how many, or the most when more wait."""
        start = self._reader.state.named()
        named: list[Named] = []
        unread: list[Unread] = []
        last = start
        count = size = 0
        for hook in self._reader.hooks.since(start, MOST_HOOKS):
            _sort_out(hook, named, unread)
            last, count, size = hook.number, count + 1, size + len(hook.body)
            if size > MOST_BYTES:
                count = MOST_HOOKS
                break
        if last > start:
            self._state.name(named, unread, last)
        return count

    def _carry_out_requests(self) -> bool:
        done = int(self._reader.state.fact("requested") or 0)
        requests = self._reader.hooks.requests_since(done)
        for request in requests:
            self._carry_out(request)
            self._state.set_fact("requested", request.number)
        return bool(requests) or self._forget_removed()

    def _carry_out(self, request: Request) -> None:
        if request.kind == REPLAY:
            self._replay(request.subject)
        elif request.kind == REBUILD:
            self._state.set_fact("rebuild_wanted", request.number)
        elif request.kind == REMOVE_DEMO:
            self._remove(self._reader.hooks.demo())
            while self._forget_removed():
                pass

    def _replay(self, subject: str) -> None:
        """Read one hook of the quarantine again, or all; what is still unreadable stays."""
        for entry in self._reader.state.quarantine():
            if subject in ("", str(entry.hook)):
                named: list[Named] = []
                unread: list[Unread] = []
                for hook in self._reader.hooks.hooks([entry.hook]):
                    _sort_out(hook, named, unread)
                self._state.replay(entry.hook, named, unread)

    def _remove(self, hooks: tuple[int, ...]) -> None:
        """Take hooks out of the archive, with the conversations that only they told of."""
        names = {hook: self._reader.state.conversation_of(hook) for hook in hooks}
        if names:
            remove(self._data_dir, names)

    def _forget_removed(self) -> bool:
        """Let the state forget what is in the archive no more; false when it knows of nothing."""
        done = int(self._reader.state.fact("forgotten") or 0)
        tombstones = self._reader.hooks.tombstones_since(done, MOST_HOOKS)
        if tombstones:
            self._state.forget(tombstones)
        return bool(tombstones)


def _sort_out(hook: Hook, named: list[Named], unread: list[Unread]) -> None:
    """Find which conversation a hook tells of, or why nobody can say."""
    try:
        identity = read_identity(hook.body)
    except UnreadableError as error:
        unread.append(Unread(hook.number, UNREADABLE, str(error)))
    else:
        name = identity.id
        named.append(Named(hook.number, name, sort_key(name, identity.begin_ms)))
