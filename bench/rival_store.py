"""The rival: the same words in SQLite FTS5, as somebody would write it instead of a portal.

A row per conversation with a column per role, tables for what is counted, one temporary table of
hits per page. It leaves out what the portal does beyond that: compounds, message borders, several
processes, a rebuild while it answers.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from bench.queries import Wanted

SCHEMA: Final = """
    CREATE TABLE conversations (
        number INTEGER PRIMARY KEY, id TEXT, begin INTEGER, visitor TEXT,
        rating TEXT, country TEXT, "group" TEXT, visit TEXT
    );
    CREATE TABLE outcomes (number INTEGER, value TEXT, PRIMARY KEY (number, value)) WITHOUT ROWID;
    CREATE TABLE agents (number INTEGER, value TEXT, PRIMARY KEY (number, value)) WITHOUT ROWID;
    CREATE VIRTUAL TABLE words USING fts5(
        visitor, agent, automatic, facts, tokenize = 'unicode61 remove_diacritics 2'
    );
"""
RATINGS: Final = {5: "good", 3: "normal", 1: "bad", None: "none"}
OUTCOMES: Final = ("chat", "missed", "triggered", "offline", "completed", "dropped")
_SETTINGS: Final = """
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 2147483648;
    PRAGMA cache_size = -65536;
    CREATE TEMP TABLE hits (number INTEGER PRIMARY KEY);
"""
_MATCHING: Final = "INSERT INTO hits SELECT rowid AS number FROM words WHERE words MATCH ?"
_EVERYTHING: Final = "INSERT INTO hits SELECT number FROM conversations WHERE ?"
_FILTERS: Final = {
    "rating": "AND number IN (SELECT number FROM conversations WHERE rating = ?)",
    "country": "AND number IN (SELECT number FROM conversations WHERE country = ?)",
    "group": """AND number IN (SELECT number FROM conversations WHERE "group" = ?)""",
    "visit": "AND number IN (SELECT number FROM conversations WHERE visit = ?)",
    "outcome": "AND number IN (SELECT number FROM outcomes WHERE value = ?)",
    "agent": "AND number IN (SELECT number FROM agents WHERE value = ?)",
    "from": """
        AND number IN (SELECT number FROM conversations WHERE begin >= strftime('%s', ?) * 1000)
    """,
}
_SHOWN: Final = """
    SELECT c.id, c.begin, c.visitor, snippet(words, -1, '<mark>', '</mark>', '…', 40)
    FROM words JOIN conversations c ON c.number = words.rowid
    WHERE words MATCH ? AND words.rowid IN (SELECT number FROM hits ORDER BY number DESC LIMIT 20)
    ORDER BY c.number DESC
"""
_SHOWN_ALL: Final = """
    SELECT c.id, c.begin, c.visitor, substr(w.visitor, 1, 300)
    FROM words w JOIN conversations c ON c.number = w.rowid
    WHERE c.number IN (SELECT number FROM hits ORDER BY number DESC LIMIT 20) AND ?
    ORDER BY c.number DESC
"""
_COUNTS: Final = {
    "rating": """
        SELECT rating, count(*) FROM conversations JOIN hits USING (number)
        GROUP BY 1 ORDER BY 2 DESC
    """,
    "country": """
        SELECT country, count(*) FROM conversations JOIN hits USING (number)
        GROUP BY 1 ORDER BY 2 DESC
    """,
    "group": """
        SELECT "group", count(*) FROM conversations JOIN hits USING (number)
        GROUP BY 1 ORDER BY 2 DESC
    """,
    "visit": """
        SELECT visit, count(*) FROM conversations JOIN hits USING (number)
        GROUP BY 1 ORDER BY 2 DESC
    """,
    "outcome": """
        SELECT value, count(*) FROM outcomes JOIN hits USING (number) GROUP BY 1 ORDER BY 2 DESC
    """,
    "agent": """
        SELECT value, count(*) FROM agents JOIN hits USING (number) GROUP BY 1 ORDER BY 2 DESC
    """,
}


class RivalPage(Struct, frozen=True):
    """What the rival's page shows."""

    total: int
    shown: tuple[tuple[Any, ...], ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]


def build(bodies: Iterable[bytes], path: Path) -> None:
    """Write all conversations; they come in the order of their begins, which makes newest cheap."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SCHEMA)
        came: set[tuple[int, str]] = set()
        for number, body in enumerate(bodies, start=1):
            _insert(connection, number, msgspec.json.decode(body), came)
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("ANALYZE")
    connection.close()


def open_for_pages(connection: sqlite3.Connection) -> None:
    """Make a connection ready for ``search``."""
    connection.executescript(_SETTINGS)


def search(connection: sqlite3.Connection, query: Wanted) -> RivalPage:
    """One page: hits into a temporary table, then what is shown and counted from it."""
    match = expression(query)
    wheres = [_FILTERS[name] for name in query.parameters]
    values = [match or 1, *(chosen[0] for chosen in query.parameters.values())]
    connection.execute("DELETE FROM hits")
    connection.execute("\n".join((_MATCHING if match else _EVERYTHING, *wheres)), values)
    (total,) = connection.execute("SELECT count(*) FROM hits").fetchone()
    shown = connection.execute(_SHOWN if match else _SHOWN_ALL, (match or 1,)).fetchall()
    facets = {name: tuple(connection.execute(sql).fetchall()) for name, sql in _COUNTS.items()}
    return RivalPage(total, tuple(shown), facets)


def expression(query: Wanted) -> str:
    """The query in FTS5's language; empty for none."""
    quoted = [f'"{word}"' for word in query.words]
    if query.kind == "phrase":
        return f'"{" ".join(query.words)}"'
    if query.kind == "prefix":
        return f"{quoted[0]} *"
    if query.kind == "role":
        return f"{query.role} : {quoted[0]}"
    return (" OR " if query.kind == "or" else " ").join(quoted)


def _insert(
    connection: sqlite3.Connection, number: int, sent: dict[str, Any], came: set[tuple[int, str]]
) -> None:
    visitor, channel = sent["visitor"], sent["channel"]
    person = (visitor["id"], visitor["email"] or "")
    visit = "returning" if person in came else "first"
    came.add(person)
    name = f"{sent['accountId']}-{channel['id']}-{sent['beginAt']}"
    connection.execute(
        "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, name, sent["beginAt"], visitor["name"], RATINGS.get(channel["rating"], "none"),
         visitor["countryCode"] or "none", visitor["group"] or "none", visit),
    )  # fmt: skip
    flags = [flag for flag in OUTCOMES if channel[f"is{flag.capitalize()}"]]
    connection.executemany("INSERT INTO outcomes VALUES (?, ?)", [(number, f) for f in flags])
    agents = {m["name"] for m in sent["messages"] if m["type"] == "agent" and m["name"]} or {"none"}
    connection.executemany("INSERT INTO agents VALUES (?, ?)", [(number, a) for a in agents])
    texts = [_said(sent["messages"], role) for role in ("visitor", "agent", "automatic")]
    row = (number, *texts, "\n".join(_facts(sent)))
    connection.execute(
        "INSERT INTO words (rowid, visitor, agent, automatic, facts) VALUES (?, ?, ?, ?, ?)", row
    )


def _said(messages: Sequence[dict[str, Any]], role: str) -> str:
    kinds = [("automatic" if m["from"] == "system" else m["type"], m) for m in messages]
    return "\n".join(message["content"] for kind, message in kinds if kind == role)


def _facts(sent: dict[str, Any]) -> Iterator[str]:
    visitor = sent["visitor"]
    yield from (visitor["name"], visitor["email"] or "", visitor["country"])
    yield sent["channel"]["ratingDesc"] or ""
    yield from (f"{page['title']} {page['url']}" for page in sent["paths"])
    for value in visitor["variables"].values() if visitor["variables"] else ():
        yield f"{value['label']} {value['value']}"
    yield from {message["name"] for message in sent["messages"] if message["type"] == "agent"}
