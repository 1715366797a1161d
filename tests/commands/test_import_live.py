"""``portal import`` as a process: Ctrl-C, a terminal, a portal that serves, a full disk."""

import gzip
import os
import pty
import resource
import signal
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from hook_bodies import hook
from portal_process import PATIENCE, PROJECT, environment, served, until
from typed import kept, typed

from app.archive.schema import HOOKS_FILE, prepare
from app.commands.import_hooks import INTERRUPTED, MOST_AMID_HOOKS
from app.data_folder import ServingLock

PAYLOADS: Final = [hook(number) for number in range(300)]


@contextmanager
def importing(
    folder: Path, *names: str, stderr: int = subprocess.PIPE
) -> Iterator["subprocess.Popen[bytes]"]:
    """The command as a child that is fed and read through pipes."""
    with subprocess.Popen(
        [sys.executable, "-m", "app", "import", *names],
        cwd=PROJECT,
        env={**environment(folder), "COLUMNS": "100", "TERM": "xterm"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def test_ctrl_c_keeps_what_is_stored_and_says_how_far_it_came(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with importing(folder, "-") as child:
        assert child.stdin is not None
        child.stdin.write(b"[" + b"".join(payload + b",\n" for payload in PAYLOADS))
        child.stdin.flush()
        until(lambda: _stored(folder) == len(PAYLOADS), "all is stored")
        child.send_signal(signal.SIGINT)
        said, trouble = child.communicate(timeout=PATIENCE)
    assert (child.returncode, trouble) == (INTERRUPTED, b"")
    assert said == b"-: stopped; 300 payloads, 300 of them new.\n"
    ended = typed(folder, "import", "-", given=b"[" + b",".join(PAYLOADS) + b", 1]")
    assert ended.stdout == "-: 301 payloads, 1 of them new.\n"


def test_on_a_terminal_progress_is_shown_and_the_result_stays_on_standard_output(
    tmp_path: Path,
) -> None:
    file = tmp_path / "list [bold].json.gz"
    file.write_bytes(gzip.compress(b"[" + b",".join(PAYLOADS) + b",]"))
    terminal, stderr = pty.openpty()
    with importing(tmp_path / "data", str(file), stderr=stderr) as child:
        os.close(stderr)
        shown = _read_terminal(terminal)
        said, _ = child.communicate(timeout=PATIENCE)
    assert said.decode() == f"{file}: 300 payloads, 300 of them new.\n"
    assert "payloads/s" in shown
    assert "list [bold].json.gz" in shown
    assert "payloads, " not in shown


def test_on_a_terminal_troubles_stand_above_the_progress_unbroken(tmp_path: Path) -> None:
    file = tmp_path / f"{'long' * 50}.json"
    file.write_bytes(b"[1")
    terminal, stderr = pty.openpty()
    with importing(tmp_path / "data", str(file), stderr=stderr) as child:
        os.close(stderr)
        shown = _read_terminal(terminal)
        child.communicate(timeout=PATIENCE)
    assert child.returncode == 1
    assert f"Error: {file}, byte 1: the file ends" in shown


def test_while_a_portal_serves_the_commits_are_small(tmp_path: Path) -> None:
    prepare(tmp_path)
    lock = ServingLock(tmp_path)
    lock.acquire()
    try:
        with closing(sqlite3.connect(tmp_path / HOOKS_FILE)) as watching:
            watching.execute("SELECT * FROM archive").fetchall()  # keeps the log from vanishing
            typed(tmp_path, "import", "-", given=b"\n".join(PAYLOADS))
            commits = _commits_in(tmp_path / f"{HOOKS_FILE}-wal")
    finally:
        lock.release()
    assert commits >= len(PAYLOADS) / MOST_AMID_HOOKS


def test_hooks_are_taken_while_an_import_runs(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_bytes(b"[" + b",".join(hook(number) for number in range(1000, 4000)) + b"]")
    with served(tmp_path / "data") as portal, importing(portal.folder, str(file)) as child:
        answers: list[int] = []
        while child.poll() is None:
            answers.append(portal.send(hook(len(answers))).status_code)
        assert child.returncode == 0
        assert answers
        assert set(answers) == {200}
        until(lambda: portal.total() == 3000 + len(answers), "all is found")


def test_a_full_disk_ends_the_import_with_what_is_stored(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with importing(folder, "-") as child:
        assert child.stdin is not None
        child.stdin.write(b"\n".join(PAYLOADS) + b"\n")
        child.stdin.flush()
        until(lambda: _stored(folder) == len(PAYLOADS), "all is stored")
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (0, 0))
        said, trouble = child.communicate(b"\n".join(map(hook, range(900, 990))), PATIENCE)
    assert child.returncode == 1
    assert said == b"-: stopped; 300 payloads, 300 of them new.\n"
    assert trouble.startswith(b"Error: Writing failed: ")
    assert len(kept(folder)) == len(PAYLOADS)


def _stored(folder: Path) -> int:
    try:
        return len(kept(folder))
    except sqlite3.OperationalError:
        return 0


def _read_terminal(terminal: int) -> str:
    """All that a terminal was shown, until its last writer is gone."""
    shown = b""
    try:
        while piece := os.read(terminal, 65536):
            shown += piece
    except OSError:  # how Linux says that nobody writes any more
        pass
    finally:
        os.close(terminal)
    return shown.decode()


def _commits_in(wal: Path) -> int:
    """Transactions in a write-ahead log: frames with the size of the file after a commit."""
    log = wal.read_bytes()
    (page_size,) = struct.unpack(">I", log[8:12])
    frames = range(32, len(log) - 23, 24 + page_size)
    current = [at for at in frames if log[at + 8 : at + 16] == log[16:24]]
    return sum(struct.unpack(">I", log[at + 4 : at + 8]) != (0,) for at in current)
