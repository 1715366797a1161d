"""The hook writer: every body durable and whole before anybody is told, and each only once."""

import asyncio
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from archive_world import (
    PATIENCE,
    append,
    ask_file,
    bodies_in,
    busy_archive,
    commits_in,
    hook,
)

from app.archive.hooks import HookReader
from app.archive.schema import open_hooks
from app.archive.writer import HookWriter, Receipt
from app.errors import NotDurableError

BODIES = (
    b"",
    b"\x00",
    b"\x00\xff\r\n' OR 1=1 --",
    b'{"accountId":1}',
    b'{"accountId":1} ',
    b'{"accountId":1}\n',
    bytes(range(256)),
    "Žofie 👍".encode(),
    b"x" * 3_000_000,
)


def test_a_body_is_kept_byte_for_byte(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    append(writer, BODIES)
    writer.close()
    assert bodies_in(tmp_path) == list(BODIES)


def test_a_hook_is_in_the_file_before_anybody_is_told(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    seen = []
    for number in range(20):
        writer.append(b"%d" % number).result(timeout=PATIENCE)
        seen.append(len(bodies_in(tmp_path)))
    writer.close()
    assert seen == list(range(1, 21))


def test_a_receipt_says_the_number_of_the_hook(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    receipts = append(writer, [b"one", b"two"])
    writer.close()
    kept = [(stored.number, stored.body) for stored in HookReader(tmp_path).since(0, 10)]
    assert kept == [(receipts[0].number, b"one"), (receipts[1].number, b"two")]


def test_the_same_body_again_is_a_repeat_and_no_second_row(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    first, other, again, once_more = append(writer, [b"a", b"b", b"a", b"a"])
    writer.close()
    assert [first.repeated, other.repeated] == [False, False]
    assert again == once_more == Receipt(first.number, repeated=True)
    assert ask_file(tmp_path, "SELECT body, repeats FROM hooks") == [(b"a", 2), (b"b", 0)]


def test_a_repeat_is_known_after_a_restart(tmp_path: Path) -> None:
    first = _written_once(tmp_path, b"a")
    assert _written_once(tmp_path, b"a") == Receipt(first.number, repeated=True)


def test_bodies_that_differ_in_one_byte_are_two(tmp_path: Path) -> None:
    assert not _written_once(tmp_path, b"{}").repeated
    assert not _written_once(tmp_path, b"{} ").repeated


def test_the_digest_is_sha256_of_the_body(tmp_path: Path) -> None:
    _written_once(tmp_path, b"body")
    assert ask_file(tmp_path, "SELECT digest FROM hooks") == [(hashlib.sha256(b"body").digest(),)]


def test_feed_and_origin_are_kept(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    writer.append(b"a").result(timeout=PATIENCE)
    writer.append(b"b", feed="other", origin="import").result(timeout=PATIENCE)
    writer.close()
    rows = ask_file(tmp_path, "SELECT feed, origin FROM hooks ORDER BY number")
    assert rows == [("smartsupp", "hook"), ("other", "import")]


def test_threads_append_at_once_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    start = threading.Barrier(8)

    def send(thread: int) -> list[Receipt]:
        start.wait(PATIENCE)
        own = [hook(thread * 100 + number) for number in range(50)]
        return append(writer, own + [hook(10_000 + number) for number in range(20)])

    with ThreadPoolExecutor(8) as threads:
        receipts = [receipt for got in threads.map(send, range(8)) for receipt in got]
    writer.close()
    kept = bodies_in(tmp_path)
    assert len(kept) == len(set(kept)) == 8 * 50 + 20
    assert sum(not receipt.repeated for receipt in receipts) == len(kept)
    assert len({receipt.number for receipt in receipts}) == len(kept)


def test_two_writers_of_one_archive_know_each_others_hooks(tmp_path: Path) -> None:
    one, other = HookWriter(tmp_path), HookWriter(tmp_path)
    futures = [writer.append(hook(number)) for number in range(100) for writer in (one, other)]
    receipts = [done.result(timeout=PATIENCE) for done in futures]
    one.close()
    other.close()
    assert sum(receipt.repeated for receipt in receipts) == 100
    assert len(bodies_in(tmp_path)) == 100


def test_many_processes_may_make_one_archive_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        writers = list(threads.map(lambda _: HookWriter(tmp_path), range(8)))
    for number, writer in enumerate(writers):
        append(writer, [b"%d" % number])
        writer.close()
    assert len(bodies_in(tmp_path)) == 8
    assert len(ask_file(tmp_path, "SELECT id FROM archive")) == 1


def test_hooks_that_wait_together_share_a_commit(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    append(writer, [b"first"])
    before = commits_in(tmp_path / "hooks.db-wal")
    with busy_archive(tmp_path):
        futures = [writer.append(b"%d" % number) for number in range(300)]
    for done in futures:
        done.result(timeout=PATIENCE)
    shared = commits_in(tmp_path / "hooks.db-wal") - before
    writer.close()
    assert 1 <= shared <= 3


def test_closing_writes_what_waits(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    futures = [writer.append(hook(number)) for number in range(1200)]
    writer.close()
    assert all(done.done() for done in futures)
    assert len(bodies_in(tmp_path)) == 1200


def test_a_sender_that_hangs_up_takes_nothing_back(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    with busy_archive(tmp_path):
        futures = [writer.append(b"%d" % number) for number in range(10)]
        taken_back = [done.cancel() for done in futures]
    assert not any(taken_back)
    assert len({done.result(timeout=PATIENCE).number for done in futures}) == 10
    assert append(writer, [b"later"])[0].number > 0
    writer.close()
    assert len(bodies_in(tmp_path)) == 11


def test_a_number_is_never_given_again(tmp_path: Path) -> None:
    newest = [_written_once(tmp_path, body).number for body in (b"a", b"b", b"c")][-1]
    ask_file(tmp_path, "DELETE FROM hooks WHERE number >= 2")
    assert _written_once(tmp_path, b"d").number > newest
    ask_file(tmp_path, "DELETE FROM hooks")
    assert _written_once(tmp_path, b"e").number > newest + 1


def test_reopening_keeps_rows_and_the_name_of_the_archive(tmp_path: Path) -> None:
    _written_once(tmp_path, b"a")
    name = HookReader(tmp_path).archive_id()
    _written_once(tmp_path, b"b")
    assert bodies_in(tmp_path) == [b"a", b"b"]
    assert HookReader(tmp_path).archive_id() == name


def test_two_archives_have_two_names(tmp_path: Path) -> None:
    names = set()
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        _written_once(folder, b"a")
        names.add(HookReader(folder).archive_id())
    assert len(names) == 2


def test_every_commit_is_flushed_and_erased_rows_are_overwritten(tmp_path: Path) -> None:
    from_file = _pragmas(tmp_path)
    assert from_file == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_appending_many_counts_what_came_and_what_was_there(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    assert writer.append_all((b"%d" % number for number in range(1500)), origin="import") == (
        1500,
        0,
    )
    assert writer.append_all([b"7", b"new", b"new"], origin="import") == (3, 2)
    assert writer.append_all([], origin="import") == (0, 0)
    writer.close()
    assert ask_file(tmp_path, "SELECT DISTINCT origin FROM hooks") == [("import",)]


@pytest.mark.parametrize("folder", ["var ü", "a'b", "50%", "#1?mode=ro"])
def test_a_data_folder_may_have_any_name(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    _written_once(tmp_path / folder, b"a")
    assert bodies_in(tmp_path / folder) == [b"a"]


def _pragmas(data_dir: Path) -> dict[str, object]:
    """How a connection for writing is set up."""
    connection = open_hooks(data_dir)
    names = ("journal_mode", "synchronous", "secure_delete")
    answers = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
    connection.close()
    return answers


def _written_once(data_dir: Path, body: bytes) -> Receipt:
    writer = HookWriter(data_dir)
    (receipt,) = append(writer, [body])
    writer.close()
    return receipt


def test_hooks_of_a_loop_are_durable_when_its_futures_end(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)

    async def send() -> list[Receipt]:
        return await asyncio.gather(*(writer.append_from_loop(b"%d" % n) for n in range(300)))

    receipts = asyncio.run(send())
    assert sorted(receipt.number for receipt in receipts) == list(range(1, 301))
    assert len(bodies_in(tmp_path)) == 300
    writer.close()


def test_a_sender_of_a_loop_that_hangs_up_takes_nothing_from_the_others(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)

    async def send() -> Receipt:
        gone = [writer.append_from_loop(b"gone %d" % n) for n in range(20)]
        for done in gone:
            done.cancel()
        return await writer.append_from_loop(b"stays")

    assert asyncio.run(send()).number == 21
    assert len(bodies_in(tmp_path)) == 21
    writer.close()


def test_a_loop_that_ended_hinders_no_other_sender(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)

    async def leave() -> None:
        writer.append_from_loop(b"left behind")

    with busy_archive(tmp_path):
        asyncio.run(leave())
    assert writer.append(b"goes on").result(timeout=PATIENCE).number == 2
    writer.close()


def test_a_closed_writer_refuses_a_loop_too(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    writer.close()

    async def send() -> None:
        with pytest.raises(NotDurableError, match="ending"):
            await writer.append_from_loop(b"late")

    asyncio.run(send())
