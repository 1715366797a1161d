"""A command as somebody would type it, run in this process."""

import sqlite3
from pathlib import Path
from typing import Final

from click.testing import CliRunner, Result

from app.archive.schema import HOOKS_FILE
from app.commands import main
from app.indexer import Indexer
from app.search.embedded import EmbeddedEngine

CLEARED: Final = ("PORTAL_TEST_ALL",)


def typed(folder: Path, *words: str, given: bytes | str = b"", **settings: str) -> Result:
    """Run ``portal`` with words on a data folder; ``given`` is standard input."""
    chosen = {f"PORTAL_{name}": value for name, value in settings.items()}
    variables = {**dict.fromkeys(CLEARED), "PORTAL_DATA_DIR": str(folder), **chosen}
    return CliRunner(env=variables).invoke(main, words, input=given)


def kept(folder: Path) -> list[tuple[str, bytes]]:
    """Origin and body of every hook in the archive, read from the file itself."""
    connection = sqlite3.connect(folder / HOOKS_FILE)
    try:
        rows = connection.execute("SELECT origin, body FROM hooks ORDER BY number").fetchall()
    finally:
        connection.close()
    return [(str(origin), bytes(body)) for origin, body in rows]


def settle(folder: Path) -> None:
    """All that the indexer does, until nothing is left to do."""
    indexer = Indexer(folder, EmbeddedEngine(folder / "index"))
    while indexer.name_hooks():
        pass
    indexer.rebuild_if_needed()
    while indexer.index_changes():
        pass
    indexer.stop()
    indexer.run()
