"""Reading ``state.db``: what is known of hooks and conversations, from any thread.

Before the indexer has made the file there is nothing. This module never writes.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from app.archive.connections import ThreadConnections
from app.archive.histories import (
    Neighbours,
    Related,
    Visited,
    history,
    neighbours,
    related,
    span,
)
from app.archive.schema import STATE_FILE, connect
from app.archive.state import Due, Judged, Unread
from app.archive.visits import Noted, visit_of
from app.conversations.model import Visit

FILLING: Final = "filling"
"""The fact that says how far a new index is, such as ``1200/70000``; empty when none is built."""


class Filling(Struct, frozen=True):
    """A new index that is being built: conversations given to it so far, and how many there are."""

    done: int
    of: int


class StateReader:
    """Reads the state of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / STATE_FILE
        self._connections = ThreadConnections(self._open)

    def fact(self, name: str) -> str | None:
        """One of the facts; None when it was never written."""
        row = self._one("SELECT value FROM facts WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def named(self) -> int:
        """The last hook that was named or quarantined."""
        return int(self.fact("named") or 0)

    def changes(self) -> int:
        """How many changes there were so far, those of conversations that are gone included."""
        return int(self.fact("changes") or 0)

    def generation(self) -> str:
        """The generation that the ``indexed`` numbers speak of; empty for one without a name."""
        return self.fact("generation") or ""

    def filling(self) -> Filling | None:
        """How far a new index is; None when none is being built."""
        done, _, of = (self.fact(FILLING) or "").partition("/")
        return Filling(int(done), int(of)) if of else None

    def conversations(self) -> int:
        """How many conversations there are."""
        row = self._one("SELECT count(*) FROM conversations", ())
        return 0 if row is None else int(row[0])

    def extent(self) -> tuple[int, int]:
        """The highest ``changed`` number and how many conversations there are, at one moment."""
        row = self._one("SELECT max(changed), count(*) FROM conversations", ())
        return (0, 0) if row is None else (int(row[0] or 0), int(row[1]))

    def hooks_of(self, conversation: str) -> tuple[int, ...]:
        """Numbers of a conversation's readable hooks, as they came; empty when it is unknown."""
        return self.hooks_of_each((conversation,)).get(conversation, ())

    def hooks_of_each(self, conversations: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
        """Numbers of the readable hooks of some conversations, as they came, by conversation."""
        rows = self._all(
            "SELECT conversation, hook FROM json_each(?) AS wanted "
            "CROSS JOIN names ON conversation = wanted.value ORDER BY hook",
            (json.dumps(tuple(dict.fromkeys(conversations))),),
        )
        found: dict[str, list[int]] = {}
        for conversation, hook in rows:
            found.setdefault(conversation, []).append(int(hook))
        return {conversation: tuple(hooks) for conversation, hooks in found.items()}

    def judged(self, conversations: Sequence[str], judge: str = "") -> Mapping[str, Judged]:
        """What is known of the languages of some conversations, by a judge or by any."""
        rows = self._all(
            "SELECT conversation, hook, judge, languages FROM json_each(?) AS wanted "
            "CROSS JOIN spoken ON conversation = wanted.value",
            (json.dumps(tuple(dict.fromkeys(conversations))),),
        )
        return {
            str(name): Judged(str(name), int(hook), str(by), _spoken(languages))
            for name, hook, by, languages in rows
            if by == judge or not judge
        }

    def languages(self) -> tuple[str, ...]:
        """The codes of all languages that conversations speak, sorted."""
        rows = self._all("SELECT DISTINCT languages FROM spoken", ())
        found = {code for (told,) in rows for codes in _spoken(told).values() for code in codes}
        return tuple(sorted(found))

    def conversation_of(self, hook: int) -> str:
        """The conversation that a hook tells of; empty for one in quarantine or unknown."""
        row = self._one("SELECT conversation FROM names WHERE hook = ?", (hook,))
        return "" if row is None else str(row[0])

    def due(self, most: int) -> tuple[Due, ...]:
        """Conversations that the index does not hold as they are, longest due first."""
        rows = self._all(
            "SELECT id, sort_key, changed FROM conversations WHERE changed > indexed "
            "ORDER BY changed LIMIT ?",
            (most,),
        )
        return tuple(Due(*row) for row in rows)

    def changed_since(self, number: int, most: int) -> tuple[Due, ...]:
        """Conversations changed behind a number, in the order of their changes."""
        rows = self._all(
            "SELECT id, sort_key, changed FROM conversations WHERE changed > ? "
            "ORDER BY changed LIMIT ?",
            (number, most),
        )
        return tuple(Due(*row) for row in rows)

    def behind(self) -> int:
        """How many conversations the index does not hold as they are."""
        row = self._one("SELECT count(*) FROM conversations WHERE changed > indexed", ())
        return 0 if row is None else int(row[0])

    def visit(self, entry: Noted) -> Visit:
        """Whether a conversation is its visitor's first in the archive."""
        connection = self._connections.get()
        return Visit.FIRST if connection is None else visit_of(connection, entry)

    def neighbours(self, key: str, own: Visited, most: int) -> Neighbours:
        """What else a visitor wrote before and after a conversation, at most ``most`` each."""
        connection = self._connections.get()
        nobody = Neighbours(0, 0, (), ())
        return nobody if connection is None else neighbours(connection, key, own, most)

    def history(self, key: str, most: int, skip: int = 0) -> tuple[int, tuple[Visited, ...]]:
        """How many conversations a visitor has, and some of them, the latest first."""
        connection = self._connections.get()
        return (0, ()) if connection is None else history(connection, key, most, skip)

    def span(self, key: str) -> tuple[int, int] | None:
        """When a visitor's first and last conversation began; None for nobody."""
        connection = self._connections.get()
        return None if connection is None else span(connection, key)

    def related(self, key: str, most: int) -> tuple[Related, ...]:
        """Who else came with one of a visitor's ids, known otherwise."""
        connection = self._connections.get()
        return () if connection is None else related(connection, key, most)

    def spellings(self) -> Mapping[str, str]:
        """Keyword of each agent to the name as most conversations have it."""
        rows = self._all(
            "SELECT keyword, name FROM spellings ORDER BY conversations, name DESC", ()
        )
        return {str(keyword): str(name) for keyword, name in rows}

    def due_since(self) -> int | None:
        """When the longest due conversation became due, in ms since 1970; None for none."""
        row = self._one(
            "SELECT due_ms FROM conversations WHERE changed > indexed ORDER BY changed LIMIT 1", ()
        )
        return None if row is None else int(row[0])

    def quarantined(self) -> int:
        """How many hooks are in quarantine."""
        row = self._one("SELECT count(*) FROM quarantine", ())
        return 0 if row is None else int(row[0])

    def quarantine(self) -> tuple[Unread, ...]:
        """The hooks in quarantine with their reasons, the latest first."""
        rows = self._all("SELECT hook, kind, reason FROM quarantine ORDER BY hook DESC", ())
        return tuple(Unread(*row) for row in rows)

    def quarantine_page(self, most: int, skip: int) -> tuple[Unread, ...]:
        """Some hooks in quarantine, the latest first."""
        rows = self._all(
            "SELECT hook, kind, reason FROM quarantine ORDER BY hook DESC LIMIT ? OFFSET ?",
            (most, skip),
        )
        return tuple(Unread(*row) for row in rows)

    def in_quarantine(self, hook: int) -> Unread | None:
        """One hook in quarantine; None when it is not there."""
        row = self._one("SELECT hook, kind, reason FROM quarantine WHERE hook = ?", (hook,))
        return None if row is None else Unread(*row)

    def sort_key(self, conversation: str) -> int | None:
        """The place of a conversation in time; None when it is unknown."""
        row = self._one("SELECT sort_key FROM conversations WHERE id = ?", (conversation,))
        return None if row is None else int(row[0])

    def latest(self, most: int) -> tuple[str, ...]:
        """Ids of the conversations that began last."""
        rows = self._all("SELECT id FROM conversations ORDER BY sort_key DESC LIMIT ?", (most,))
        return tuple(str(row[0]) for row in rows)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()

    def _one(self, sql: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        rows = self._all(sql, values)
        return rows[0] if rows else None

    def _all(self, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        connection = self._connections.get()
        return [] if connection is None else connection.execute(sql, values).fetchall()

    def _open(self) -> sqlite3.Connection | None:
        """A connection, once the indexer has made the tables."""
        if not self._path.exists():
            return None
        connection = connect(self._path, synchronous="NORMAL", read_only=True)
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            connection.close()
            return None
        return connection


def _spoken(told: str) -> Mapping[str, tuple[str, ...]]:
    return {place: tuple(codes) for place, codes in json.loads(told).items()}
