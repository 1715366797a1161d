"""All conversations of one visitor, out of ``state.db``: pure SQL over a connection that is given.

A visitor is known by a key, which ``visits`` notes with each conversation. Others may be the same
person: who came with the same visitor id, but another e-mail or none. They are told beside, never
merged.
"""

import sqlite3
from typing import Final

from msgspec import Struct

_OWN: Final = "FROM visits WHERE key = :key AND key <> ''"
"""Said twice, since SQLite uses an index of those with a key only where that is said."""
_BEFORE: Final = f"{_OWN} AND (begin_ms, conversation) < (:begin, :name)"
_AFTER: Final = f"{_OWN} AND (begin_ms, conversation) > (:begin, :name)"
_RELATED: Final = """
    SELECT other.key, max(other.email), max(other.visitor), count(*)
    FROM (
        SELECT DISTINCT account, visitor FROM visits
        WHERE key = :key AND key <> '' AND visitor <> ''
    ) AS own
    JOIN visits AS other ON other.account = own.account AND other.visitor = own.visitor
    WHERE other.key <> :key AND other.visitor <> ''
    GROUP BY other.key ORDER BY count(*) DESC, other.key LIMIT :most
"""


class Visited(Struct, frozen=True):
    """A conversation of a visitor, and when it began, in ms since 1970."""

    conversation: str
    begin_ms: int


class Neighbours(Struct, frozen=True):
    """Earlier and later conversations of a visitor: how many, and the nearest in order of time."""

    earlier_count: int
    later_count: int
    earlier: tuple[Visited, ...]
    later: tuple[Visited, ...]


class Related(Struct, frozen=True):
    """Somebody with the same visitor id, known otherwise; ``email`` may be empty."""

    key: str
    email: str
    visitor: str
    conversations: int


def neighbours(connection: sqlite3.Connection, key: str, own: Visited, most: int) -> Neighbours:
    """What else a visitor wrote before and after a conversation, at most ``most`` each."""
    values = {"key": key, "begin": own.begin_ms, "name": own.conversation, "most": most, "skip": 0}
    before = _listed(connection, _BEFORE, "DESC", values)
    return Neighbours(
        earlier_count=_count(connection, _BEFORE, values),
        later_count=_count(connection, _AFTER, values),
        earlier=before[::-1],
        later=_listed(connection, _AFTER, "ASC", values),
    )


def history(
    connection: sqlite3.Connection, key: str, most: int, skip: int
) -> tuple[int, tuple[Visited, ...]]:
    """How many conversations a visitor has, and some of them, the latest first."""
    values = {"key": key, "most": most, "skip": skip}
    return _count(connection, _OWN, values), _listed(connection, _OWN, "DESC", values)


def span(connection: sqlite3.Connection, key: str) -> tuple[int, int] | None:
    """When a visitor's first and last conversation began; None for nobody."""
    first, last = connection.execute(
        f"SELECT min(begin_ms), max(begin_ms) {_OWN}",
        {"key": key},
    ).fetchone()
    return None if first is None else (int(first), int(last))


def related(connection: sqlite3.Connection, key: str, most: int) -> tuple[Related, ...]:
    """Who else came with one of a visitor's ids, those with most conversations first."""
    rows = connection.execute(_RELATED, {"key": key, "most": most}).fetchall()
    return tuple(Related(*row) for row in rows)


def _count(connection: sqlite3.Connection, source: str, values: dict[str, object]) -> int:
    (number,) = connection.execute(f"SELECT count(*) {source}", values).fetchone()
    return int(number)


def _listed(
    connection: sqlite3.Connection, source: str, order: str, values: dict[str, object]
) -> tuple[Visited, ...]:
    rows = connection.execute(
        f"SELECT conversation, begin_ms {source} "
        f"ORDER BY begin_ms {order}, conversation {order} LIMIT :most OFFSET :skip",
        values,
    ).fetchall()
    return tuple(Visited(str(name), int(begin)) for name, begin in rows)
