"""R3: kill -9 during a removal of the demo and during a migration of an old archive."""

import hashlib
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from torture.checker import report_archive
from torture.expected import report_index
from torture.ground import Ground, frozen, opened, request, rows, until
from torture.hooks import BEGIN, distinct, version
from torture.ledger import Ledger
from torture.portal import PortalUnderTest
from torture.report import Report
from torture.senders import Senders

DEMO_ACCOUNT: Final = 78
MARKER: Final = "zanzibarmarker"
"""A word that only bodies to be removed hold."""
OWN: Final = 500
"""Hooks of one's own that no removal may touch."""
LATER: Final = 0.12
"""Seconds within which a removal of some thousand hooks has begun and not ended."""
CAUGHT_UP: Final = 5.0
DONE_WITHIN: Final = 60.0

VERSION_ONE: Final = """
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
    INSERT INTO requests (kind, asked_ms) VALUES ('replay', 0);
    PRAGMA user_version = 1;
"""
"""The archive as the first release made it, word for word."""


def run(ground: Ground, *, rounds: int, size: int) -> Iterator[Report]:
    """Both kinds of rare work."""
    yield _kill_removal(ground, rounds, size)
    yield _kill_migration(ground, rounds, size)


def _kill_removal(ground: Ground, rounds: int, size: int) -> Report:
    """Plant demo hooks, ask for their removal, kill everything, start again."""
    report = Report(f"R3, kill -9 during a removal of {size:,} demo hooks: {rounds}x", ground.seed)
    ledger = ground.ledger("ledger-removal")
    chance = random.Random(ground.seed)
    with ground.portal("removal") as portal:
        portal.start()
        Senders(portal, distinct(ground.seed, OWN), ledger).run()
        midst = 0
        for number in range(rounds):
            bodies = _plant(portal.folder, chance, number * size, size)
            midst += _kill_amid_removal(portal, chance.uniform(0, LATER))
            done = until(lambda: _is_removed(portal), DONE_WITHIN)
            report.check(f"removal {number + 1} is finished after the kill", done is not None)
            stays = _stays_away(portal, bodies[0])
            report.check("a removed body that comes again stays away", stays)
        report.figure("kills before it was finished", midst)
        report.goal("search caught up after", portal.wait_until_searchable(), CAUGHT_UP)
        report_index(report, portal)
        report.check("the portal ended in order", portal.stop() == 0)
        _report_bytes(report, portal.folder)
        report_archive(report, ledger.path, portal.folder / "hooks.db")
    return report


def _kill_amid_removal(portal: PortalUnderTest, later: float) -> bool:
    """Ask, kill a moment later, start again; whether something was left to do at the kill."""
    portal.wait_until_searchable()
    request(portal.folder, "remove-demo")
    time.sleep(later)
    portal.kill_all()
    left = _left(frozen(portal.folder))
    portal.start()
    return left > 0


def _plant(folder: Path, chance: random.Random, first: int, count: int) -> list[bytes]:
    """Demo hooks by plain SQL, in one transaction; each holds the marker."""
    bodies = [version(chance, first + number, DEMO_ACCOUNT, MARKER).body for number in range(count)]
    _insert(folder, bodies, "demo")
    return bodies


def _insert(folder: Path, bodies: list[bytes], origin: str) -> None:
    with opened(folder / "hooks.db") as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO hooks (feed, origin, received_ms, digest, body) "
            "VALUES ('smartsupp', ?, ?, ?, ?)",
            [(origin, BEGIN, hashlib.sha256(body).digest(), body) for body in bodies],
        )
        connection.execute("COMMIT")


def _left(folder: Path) -> int:
    """What archive and state still hold of the demo."""
    hooks = rows(folder / "hooks.db", "SELECT count(*) FROM hooks WHERE origin = 'demo'")
    talks = "SELECT count(*) FROM conversations WHERE id LIKE ?"
    known = rows(folder / "state.db", talks, (f"{DEMO_ACCOUNT}-%",))
    return int(hooks[0][0]) + int(known[0][0] if known else 0)


def _is_removed(portal: PortalUnderTest) -> bool:
    """Whether archive, state and search hold nothing of the demo any more."""
    return _left(portal.folder) == 0 and portal.total(MARKER) == 0


def _stays_away(portal: PortalUnderTest, body: bytes) -> bool:
    """Whether a removed body is answered with 200 and yet not stored."""
    answer = portal.post(body)
    digest = hashlib.sha256(body).digest()
    found = rows(portal.folder / "hooks.db", "SELECT 1 FROM hooks WHERE digest = ?", (digest,))
    return answer.is_ok and not found


def _report_bytes(report: Report, folder: Path) -> None:
    """Look for the marker in every file; the archive must hold it nowhere."""
    holding = [path for path in folder.rglob("*") if path.is_file() and _holds_marker(path)]
    archive = [path.name for path in holding if path.name.startswith("hooks.db")]
    report.figure("files beside the archive that still hold a byte", len(holding) - len(archive))
    report.check("the archive's files hold no byte of what was removed", not archive)


def _holds_marker(path: Path) -> bool:
    return MARKER.encode() in path.read_bytes()


def _kill_migration(ground: Ground, rounds: int, size: int) -> Report:
    """Start on an archive of the first version, kill when it is touched, start again."""
    report = Report(
        f"R3, kill -9 during a migration from version 1, {size:,} hooks: {rounds}x", ground.seed
    )
    ledger = ground.ledger("ledger-migration")
    old = ground.folder / "version-1"
    _make_version_one(old, distinct(ground.seed, size), ledger)
    with ground.portal("newest") as fresh:
        fresh.start()
        schema = _schema(fresh.folder)
    chance = random.Random(ground.seed)
    for number in range(rounds):
        shutil.copytree(old, ground.folder / f"migration-{number}")
        with ground.portal(f"migration-{number}") as portal:
            _kill_when_touched(portal, chance.uniform(0, 0.03))
            portal.start()
            name = f"in round {number + 1}"
            report.check(f"the tables are the newest {name}", _schema(portal.folder) == schema)
            report.check(f"search has them {name}", portal.wait_until_searchable() is not None)
            report_archive(report, ledger.path, portal.folder / "hooks.db", name)
            report_index(report, portal, name)
    return report


def _make_version_one(folder: Path, bodies: list[bytes], ledger: Ledger) -> None:
    """An archive of the first release, and a ledger in which all of it was acknowledged."""
    folder.mkdir()
    with opened(folder / "hooks.db") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(VERSION_ONE)
    _insert(folder, bodies, "hook")
    for body in bodies:
        ledger.sent(body)
        ledger.acknowledged(body)


def _kill_when_touched(portal: PortalUnderTest, later: float) -> None:
    """Kill a moment after the archive's log has been begun."""
    log = portal.folder / "hooks.db-wal"
    portal.launch()
    until(log.exists, DONE_WITHIN, every=0.0005)
    time.sleep(later)
    portal.kill_all()


def _schema(folder: Path) -> list[tuple[str, ...]]:
    """Version and tables of an archive."""
    tables = rows(
        folder / "hooks.db",
        "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    return [*rows(folder / "hooks.db", "PRAGMA user_version"), *tables]
