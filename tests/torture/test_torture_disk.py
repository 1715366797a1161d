"""The failing disk fails what it should, in its folder alone; its trace tells of every write."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from torture.faults import SwitchedDisk, build_shim, no_compiler
from torture.power import in_memory, records

ALL: Final = "PORTAL_TEST_ALL"
"""Environment variable: with 1, a missing compiler is a failure."""
STORE: Final = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("PRAGMA synchronous = FULL")
connection.execute("CREATE TABLE IF NOT EXISTS hooks (body)")
for number in range(int(sys.argv[2])):
    connection.execute("INSERT INTO hooks VALUES (zeroblob(3000))")
import os
os._exit(0)
"""


@pytest.fixture(name="shim", scope="module")
def _shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim; without a compiler the tests skip, or fail where all must run."""
    missing = no_compiler()
    if missing and os.environ.get(ALL) == "1":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return build_shim(tmp_path_factory.mktemp("shim"))


def run(disk: SwitchedDisk, *command: str) -> "subprocess.CompletedProcess[str]":
    """A process that lives with the disk."""
    environment = {**os.environ, **disk.environment}
    return subprocess.run(
        [sys.executable, "-c", *command],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


def store(disk: SwitchedDisk, count: int, name: str = "hooks.db") -> str:
    """Store rows in an archive of the disk; what went wrong."""
    return run(disk, STORE, str(disk.folder / name), str(count)).stderr


def test_while_nothing_fails_everything_is_stored(shim: Path, tmp_path: Path) -> None:
    disk = SwitchedDisk(tmp_path / "disk", shim, "w")
    assert store(disk, 20) == ""
    connection = sqlite3.connect(disk.folder / "hooks.db")
    assert connection.execute("SELECT count(*) FROM hooks").fetchone() == (20,)
    connection.close()


def test_the_trace_tells_of_every_write(shim: Path, tmp_path: Path) -> None:
    disk = SwitchedDisk(tmp_path / "disk", shim, "w")
    store(disk, 500)
    for name, content in in_memory(list(records(disk.trace.read_bytes()))).items():
        assert (disk.folder / name).read_bytes() == content


def test_every_commit_is_synced_before_the_next_begins(shim: Path, tmp_path: Path) -> None:
    disk = SwitchedDisk(tmp_path / "disk", shim, "w")
    store(disk, 20)
    synced = [one for one in records(disk.trace.read_bytes()) if one.operation == "S"]
    assert len(synced) >= 20


@pytest.mark.parametrize("letter", ["w", "s", "r"])
def test_a_failure_that_is_switched_on_stops_the_archive(
    shim: Path, tmp_path: Path, letter: str
) -> None:
    disk = SwitchedDisk(tmp_path / "disk", shim, letter)
    store(disk, 1)
    disk.begin()
    assert "sqlite3.OperationalError" in store(disk, 1)


@pytest.mark.parametrize("letter", ["w", "s", "r"])
def test_after_a_failure_is_switched_off_the_archive_goes_on(
    shim: Path, tmp_path: Path, letter: str
) -> None:
    disk = SwitchedDisk(tmp_path / "disk", shim, letter)
    disk.begin()
    store(disk, 1)
    disk.end()
    assert store(disk, 1) == ""


def test_files_elsewhere_do_not_fail(shim: Path, tmp_path: Path) -> None:
    disk = SwitchedDisk(tmp_path / "disk", shim, "w")
    disk.begin()
    written = run(disk, f"open({str(tmp_path / 'elsewhere')!r}, 'w').write('well')")
    assert (written.stderr, (tmp_path / "elsewhere").read_text()) == ("", "well")


def test_lack_of_room_for_the_index_leaves_the_archive_alone(shim: Path, tmp_path: Path) -> None:
    disk = SwitchedDisk(tmp_path / "disk", shim, "i")
    disk.begin()
    assert store(disk, 3) == ""
    assert "sqlite3.OperationalError" in store(disk, 3, "state.db")
