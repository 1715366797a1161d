"""Who came when, and under which names agents spoke: what ``state.db`` notes of each conversation.

A visit is *returning* when the archive holds an earlier begin of the same account and e-mail, or,
for a conversation without e-mail, of the same account and visitor id. An older conversation that
arrives late therefore changes its younger siblings, and ``note`` says which. Pure SQL over the
connection that it is given; it must never open one.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from app.conversations.model import Conversation, Visit
from app.conversations.visitors import KnownAs, known_as

_LATEST: Final = 2**62
"""Later than every begin: the begin of a group that is empty."""

_EARLIEST: Final = {
    "email": """
        SELECT min(begin_ms) FROM visits
        WHERE account = :account AND email = :value AND email <> ''
    """,
    "visitor": """
        SELECT min(begin_ms) FROM visits
        WHERE account = :account AND visitor = :value AND visitor <> ''
    """,
}
_BETWEEN: Final = {
    "email": """
        SELECT conversation FROM visits
        WHERE account = :account AND email = :value AND email <> ''
          AND begin_ms > :low AND begin_ms <= :high
    """,
    "visitor": """
        SELECT conversation FROM visits
        WHERE account = :account AND visitor = :value AND visitor <> '' AND email = ''
          AND begin_ms > :low AND begin_ms <= :high
    """,
}
"""Conversations of a group whose answer depends on where between these two its first one began."""

_READ: Final = """
    SELECT conversation, account, email, visitor, begin_ms, agents FROM visits
    WHERE conversation = ?
"""
_WRITE: Final = "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?, ?, ?)"
_ADD_SPELLING: Final = """
    INSERT INTO spellings (keyword, name, conversations) VALUES (?, ?, 1)
    ON CONFLICT (keyword, name) DO UPDATE SET conversations = conversations + 1
"""
_DROP_SPELLING: Final = """
    UPDATE spellings SET conversations = conversations - 1 WHERE keyword = ? AND name = ?
"""


class Noted(Struct, frozen=True):
    """What is noted of one conversation; ``agents`` are pairs of a keyword and a name as sent."""

    conversation: str
    known_as: KnownAs
    begin_ms: int
    agents: tuple[tuple[str, str], ...] = ()


def noted(conversation: Conversation, agents: Sequence[tuple[str, str]]) -> Noted:
    """What to note of a conversation."""
    return Noted(
        conversation=conversation.id,
        known_as=known_as(conversation),
        begin_ms=conversation.identity.begin_ms,
        agents=tuple(agents),
    )


def note(connection: sqlite3.Connection, entry: Noted) -> set[str]:
    """Write one note; returns the other conversations whose visit it may have changed."""
    before = _read(connection, entry.conversation)
    return set() if before == entry else _exchange(connection, before, entry)


def forget(connection: sqlite3.Connection, conversation: str) -> set[str]:
    """Take a note away; returns the conversations whose visit may have changed."""
    before = _read(connection, conversation)
    return set() if before is None else _exchange(connection, before, None)


def visit_of(connection: sqlite3.Connection, entry: Noted) -> Visit:
    """Whether a conversation is the visitor's first here, whether it is noted itself or not."""
    group = "email" if entry.known_as.email else "visitor"
    earliest = _earliest(connection, group, entry)
    return Visit.RETURNING if earliest < entry.begin_ms else Visit.FIRST


def _exchange(
    connection: sqlite3.Connection, before: Noted | None, after: Noted | None
) -> set[str]:
    groups = [
        (group, entry) for entry in (before, after) if entry is not None for group in _EARLIEST
    ]
    began = [_earliest(connection, group, entry) for group, entry in groups]
    _write(connection, before, after)
    changed: set[str] = set()
    for (group, entry), first in zip(groups, began, strict=True):
        changed |= set(_between(connection, group, entry, first))
    return changed - {entry.conversation for _, entry in groups}


def _between(connection: sqlite3.Connection, group: str, entry: Noted, first: int) -> Iterator[str]:
    """Members of a group that began between its earliest begin until now and the one it has."""
    now = _earliest(connection, group, entry)
    low, high = min(first, now), max(first, now)
    values = {**_key(group, entry), "low": low, "high": high}
    return (str(row[0]) for row in connection.execute(_BETWEEN[group], values).fetchall())


def _earliest(connection: sqlite3.Connection, group: str, entry: Noted) -> int:
    (earliest,) = connection.execute(_EARLIEST[group], _key(group, entry)).fetchone()
    return _LATEST if earliest is None else int(earliest)


def _key(group: str, entry: Noted) -> dict[str, object]:
    known = entry.known_as
    value = known.email if group == "email" else known.visitor
    return {"account": known.account, "value": value}


def _read(connection: sqlite3.Connection, conversation: str) -> Noted | None:
    row = connection.execute(_READ, (conversation,)).fetchone()
    if row is None:
        return None
    agents = tuple((str(keyword), str(name)) for keyword, name in json.loads(row[5]))
    conversation, account, email, visitor, begin_ms, _ = row
    return Noted(conversation, KnownAs(account, email, visitor), begin_ms, agents)


def _write(connection: sqlite3.Connection, before: Noted | None, after: Noted | None) -> None:
    old = before.agents if before else ()
    new = after.agents if after else ()
    connection.executemany(_DROP_SPELLING, [pair for pair in old if pair not in new])
    connection.executemany(_ADD_SPELLING, [pair for pair in new if pair not in old])
    if old != new:
        connection.execute("DELETE FROM spellings WHERE conversations <= 0")
    if after is not None:
        connection.execute(_WRITE, (*_columns(after), json.dumps(after.agents)))
    elif before is not None:
        connection.execute("DELETE FROM visits WHERE conversation = ?", (before.conversation,))


def _columns(entry: Noted) -> tuple[object, ...]:
    known = entry.known_as
    return (
        entry.conversation,
        known.account,
        known.email,
        known.visitor,
        known.key,
        entry.begin_ms,
    )
