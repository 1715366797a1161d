"""A disk that fails: nothing is acknowledged that is not durable, and writing goes on afterwards.

The failures are real ones: the system refuses to let files grow, the folder or its file is gone,
somebody else holds the file. No new writer is made after any of them.
"""

from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path

import pytest
from archive_world import PATIENCE, append, ask_file, bodies_in, busy_archive, full_disk

from app.archive.hooks import HookReader
from app.archive.schema import HOOKS_FILE
from app.archive.writer import MOST_BYTES_WAITING, HookWriter, Receipt
from app.errors import NotDurableError

LIMITS = (0, 4096, 60_000)
"""Bytes at which the disk is full: before anything, within the first page, within a body."""
LARGE = b"x" * 200_000


@pytest.mark.parametrize("limit", LIMITS)
def test_a_full_disk_is_said_to_the_sender(tmp_path: Path, limit: int) -> None:
    writer = HookWriter(tmp_path)
    append(writer, [b"first"])
    with full_disk(at=limit):
        error = writer.append(LARGE).exception(timeout=PATIENCE)
    writer.close()
    assert isinstance(error, NotDurableError)
    assert str(error).startswith("Writing failed: ")


@pytest.mark.parametrize("limit", LIMITS)
def test_writing_goes_on_once_there_is_room_again(tmp_path: Path, limit: int) -> None:
    writer = HookWriter(tmp_path)
    (first,) = append(writer, [b"first"])
    with full_disk(at=limit):
        for number in range(3):
            _refused(writer.append(LARGE + b"%d" % number))
    (later,) = append(writer, [b"later"])
    writer.close()
    assert bodies_in(tmp_path) == [b"first", b"later"]
    assert later.number > first.number


def test_a_refused_hook_is_no_repeat_when_it_comes_again(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    append(writer, [b"first"])
    with full_disk():
        _refused(writer.append(b"second"))
    (again,) = append(writer, [b"second"])
    writer.close()
    assert not again.repeated


def test_hooks_that_wait_together_are_refused_together_and_no_later_one(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    append(writer, [b"first"])
    with full_disk():
        with busy_archive(tmp_path):
            futures = [writer.append(b"%d" % number) for number in range(50)]
        for done in futures:
            _refused(done)
    append(writer, [b"later"])
    writer.close()
    assert bodies_in(tmp_path) == [b"first", b"later"]


def test_reading_goes_on_while_the_disk_is_full(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    append(writer, [b"first"])
    reader = HookReader(tmp_path)
    assert reader.newest()[0] == 1
    with full_disk():
        _refused(writer.append(b"second"))
        assert [stored.body for stored in reader.since(0, 10)] == [b"first"]
    writer.close()


def test_a_folder_that_is_gone_is_said_until_it_is_back(tmp_path: Path) -> None:
    folder, away = tmp_path / "var", tmp_path / "away"
    folder.mkdir()
    writer = HookWriter(folder)
    append(writer, [b"first"])
    with full_disk():
        _refused(writer.append(b"second"))
    folder.rename(away)
    _refused(writer.append(b"third"))
    _refused(writer.append(b"fourth"))
    away.rename(folder)
    append(writer, [b"fifth"])
    writer.close()
    assert bodies_in(folder) == [b"first", b"fifth"]


def test_a_file_that_cannot_be_opened_is_said_until_it_can(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    append(writer, [b"first"])
    with full_disk():
        _refused(writer.append(b"second"))
    file, away = tmp_path / HOOKS_FILE, tmp_path / "away"
    file.rename(away)
    file.mkdir()
    _refused(writer.append(b"third"))
    file.rmdir()
    away.rename(file)
    append(writer, [b"fourth"])
    writer.close()
    assert bodies_in(tmp_path) == [b"first", b"fourth"]


def test_a_file_that_is_no_database_is_said_until_it_is_one_again(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    append(writer, [b"first"])
    with full_disk():
        _refused(writer.append(b"second"))
    ask_file(tmp_path, "PRAGMA wal_checkpoint(TRUNCATE)")  # the file alone holds everything
    file, away = tmp_path / HOOKS_FILE, tmp_path / "away"
    file.rename(away)
    file.write_bytes(b"no database at all " * 500)
    _refused(writer.append(b"third"))
    away.replace(file)
    append(writer, [b"fourth"])
    writer.close()
    assert bodies_in(tmp_path) == [b"first", b"fourth"]


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_a_hook_is_not_acknowledged_into_a_file_that_was_taken_away(
    tmp_path: Path, kind: str
) -> None:
    writer = HookWriter(tmp_path)
    append(writer, [b"first"])
    file = tmp_path / HOOKS_FILE
    file.unlink()
    if kind == "folder":
        file.mkdir()
    outcome = _outcome(writer.append(b"second"))
    writer.close()
    kept = file.is_file() and b"second" in bodies_in(tmp_path)
    assert kept or isinstance(outcome, NotDurableError)


@pytest.mark.slow
def test_a_file_that_stays_busy_is_said_after_five_seconds(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    append(writer, [b"first"])
    with busy_archive(tmp_path):
        _refused(writer.append(b"second"))
    append(writer, [b"third"])
    writer.close()
    assert bodies_in(tmp_path) == [b"first", b"third"]


def test_too_many_bytes_that_wait_are_refused_at_once(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    with busy_archive(tmp_path):
        waiting = writer.append(b"waits")
        refused = writer.append(bytes(MOST_BYTES_WAITING))
        assert refused.done()
    _refused(refused)
    waiting.result(timeout=PATIENCE)
    append(writer, [b"later"])
    writer.close()
    assert bodies_in(tmp_path) == [b"waits", b"later"]


def test_bytes_wait_no_more_once_their_sender_was_told(tmp_path: Path) -> None:
    half = bytes(MOST_BYTES_WAITING // 2 + 1)
    writer = HookWriter(tmp_path)
    again: list[Future[Receipt]] = []
    with busy_archive(tmp_path):
        told = writer.append(half)
        told.add_done_callback(lambda _: again.append(writer.append(half)))
    told.result(timeout=PATIENCE)
    writer.close()
    assert isinstance(_outcome(again[0]), Receipt)


def test_a_hook_that_comes_after_the_end_is_refused(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    writer.close()
    late = writer.append(b"late")
    try:
        error = late.exception(timeout=0.2)
    except FutureTimeoutError:
        error = None
    assert isinstance(error, NotDurableError)


def _refused(done: "Future[Receipt]") -> None:
    assert isinstance(done.exception(timeout=PATIENCE), NotDurableError)


def _outcome(done: "Future[Receipt]") -> Receipt | BaseException:
    error = done.exception(timeout=PATIENCE)
    return done.result() if error is None else error
