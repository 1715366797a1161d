"""The tables of both files with their history, and how a file is opened.

A released script is never changed; a change of a table is a further script. ``state.db`` follows
from ``hooks.db``: when its version is another, it is emptied and filled again.
"""

import sqlite3
from pathlib import Path
from typing import Final

from app.errors import DataFolderError

HOOKS_FILE: Final = "hooks.db"
STATE_FILE: Final = "state.db"
BUSY_MS: Final = 5000
"""Milliseconds to wait for another writer before a hook is refused with 503."""

HOOKS_HISTORY: Final = (
    """
    CREATE TABLE archive (id TEXT NOT NULL);
    INSERT INTO archive (id) VALUES (lower(hex(randomblob(16))));
    CREATE TABLE hooks (
        number      INTEGER PRIMARY KEY AUTOINCREMENT,
        feed        TEXT    NOT NULL,
        origin      TEXT    NOT NULL,           -- hook, import or demo
        received_ms INTEGER NOT NULL,
        digest      BLOB    NOT NULL UNIQUE,    -- SHA-256 of the body
        repeats     INTEGER NOT NULL DEFAULT 0, -- times that the same body came again
        body        BLOB    NOT NULL
    );
    CREATE TABLE requests (                     -- what commands and pages ask of the indexer
        number   INTEGER PRIMARY KEY AUTOINCREMENT,
        kind     TEXT    NOT NULL,              -- replay, rebuild …
        asked_ms INTEGER NOT NULL
    );
    """,
    """
    ALTER TABLE requests ADD COLUMN subject TEXT NOT NULL DEFAULT '';
    ALTER TABLE archive ADD COLUMN key BLOB NOT NULL DEFAULT x'';
    UPDATE archive SET key = randomblob(32);
    CREATE INDEX demo_hooks ON hooks (number) WHERE origin = 'demo';
    CREATE TABLE tombstones (                   -- bodies that were removed and stay away
        number       INTEGER PRIMARY KEY AUTOINCREMENT,
        mark         BLOB    NOT NULL UNIQUE,   -- keyed hash of the body's digest
        hook         INTEGER NOT NULL,
        conversation TEXT    NOT NULL
    );
    """,
)
STATE_VERSION: Final = 5
STATE_TABLES: Final = """
    CREATE TABLE facts (                        -- archive, named, requested …
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE conversations (
        id       TEXT    PRIMARY KEY,
        sort_key INTEGER NOT NULL UNIQUE,
        changed  INTEGER NOT NULL,
        indexed  INTEGER NOT NULL DEFAULT 0,
        due_ms   INTEGER NOT NULL           -- since when the index does not hold it as it is
    ) WITHOUT ROWID;
    CREATE INDEX behind ON conversations (changed) WHERE changed > indexed;
    CREATE INDEX changes ON conversations (changed);
    CREATE TABLE names (                        -- which conversation each readable hook belongs to
        hook         INTEGER PRIMARY KEY,
        conversation TEXT    NOT NULL
    );
    CREATE INDEX hooks_of ON names (conversation);
    CREATE TABLE visits (                       -- what is noted of each conversation's visitor
        conversation TEXT    PRIMARY KEY,
        account      TEXT    NOT NULL,
        email        TEXT    NOT NULL,
        visitor      TEXT    NOT NULL,
        key          TEXT    NOT NULL,          -- of the visitor, empty without e-mail and id
        begin_ms     INTEGER NOT NULL,
        agents       TEXT    NOT NULL           -- pairs of keyword and name as sent, as JSON
    ) WITHOUT ROWID;
    CREATE INDEX visits_by_email ON visits (account, email, begin_ms) WHERE email <> '';
    CREATE INDEX visits_by_visitor ON visits (account, visitor, begin_ms) WHERE visitor <> '';
    CREATE INDEX visits_by_key ON visits (key, begin_ms) WHERE key <> '';
    CREATE TABLE spellings (                    -- how agents' names are written, and how often
        keyword       TEXT    NOT NULL,
        name          TEXT    NOT NULL,
        conversations INTEGER NOT NULL,
        PRIMARY KEY (keyword, name)
    ) WITHOUT ROWID;
    CREATE TABLE spoken (                       -- which languages each conversation speaks
        conversation TEXT    PRIMARY KEY,
        hook         INTEGER NOT NULL,          -- the chosen one, whose texts were judged
        judge        TEXT    NOT NULL,          -- version of what judged
        languages    TEXT    NOT NULL           -- codes by place, as JSON
    ) WITHOUT ROWID;
    CREATE TABLE quarantine (
        hook   INTEGER PRIMARY KEY,
        kind   TEXT    NOT NULL,                -- unreadable, or refused by the engine
        reason TEXT    NOT NULL
    );
"""


def connect(path: Path, *, synchronous: str, read_only: bool = False) -> sqlite3.Connection:
    """Open one of the files; transactions are begun and ended by hand.

    Raises ``sqlite3.Error`` when it cannot be opened.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA secure_delete = ON")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


def prepare(data_dir: Path) -> None:
    """Make or bring up to date ``hooks.db`` before anything else needs it.

    Raises ``DataFolderError`` when the file cannot be opened or is no archive; it stays as it is.
    """
    try:
        open_hooks(data_dir).close()
    except sqlite3.Error as error:
        path = data_dir / HOOKS_FILE
        raise DataFolderError(f"The archive {path} cannot be opened: {error}.") from error


def open_hooks(data_dir: Path) -> sqlite3.Connection:
    """``hooks.db`` for writing, made or brought to the newest schema. Every commit is durable."""
    connection = connect(data_dir / HOOKS_FILE, synchronous="FULL")
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(HOOKS_HISTORY[version:], start=version + 1):
        for statement in _statements(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("COMMIT")
    return connection


def open_state(data_dir: Path, archive_id: str) -> sqlite3.Connection:
    """``state.db`` for the indexer; emptied when it is of another version or another archive."""
    connection = connect(data_dir / STATE_FILE, synchronous="NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    if not _is_state_of(connection, archive_id):
        _empty(connection)
        for statement in _statements(STATE_TABLES):
            connection.execute(statement)
        connection.execute("INSERT INTO facts VALUES ('archive', ?)", (archive_id,))
        connection.execute(f"PRAGMA user_version = {STATE_VERSION}")
    connection.execute("COMMIT")
    return connection


def _is_state_of(connection: sqlite3.Connection, archive_id: str) -> bool:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != STATE_VERSION:
        return False
    row = connection.execute("SELECT value FROM facts WHERE name = 'archive'").fetchone()
    return bool(row == (archive_id,))


def _empty(connection: sqlite3.Connection) -> None:
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    for (name,) in tables:
        connection.execute(f'DROP TABLE "{name}"')


def _statements(script: str) -> list[str]:
    """The statements of a script, which holds no semicolon inside one."""
    return [statement for statement in script.split(";") if statement.strip()]
