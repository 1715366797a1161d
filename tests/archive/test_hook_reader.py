"""Reading the archive: hooks by number, the last of them, requests; and its file over versions."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from archive_world import PATIENCE, append, ask_file

from app.archive.hooks import HookReader, Request
from app.archive.requests import ask
from app.archive.schema import HOOKS_HISTORY, open_hooks
from app.archive.writer import HookWriter


@pytest.fixture
def reader(tmp_path: Path) -> HookReader:
    """An archive of five hooks, ``0`` to ``4``, numbered from 1."""
    writer = HookWriter(tmp_path)
    append(writer, [b"%d" % number for number in range(5)])
    writer.close()
    return HookReader(tmp_path)


@pytest.mark.parametrize(
    ("number", "most", "bodies"),
    [
        (0, 10, [b"0", b"1", b"2", b"3", b"4"]),
        (0, 2, [b"0", b"1"]),
        (3, 10, [b"3", b"4"]),
        (5, 10, []),
        (99, 10, []),
        (0, 0, []),
    ],
)
def test_hooks_are_read_in_order_behind_a_number(
    reader: HookReader, number: int, most: int, bodies: list[bytes]
) -> None:
    assert [stored.body for stored in reader.since(number, most)] == bodies


@pytest.mark.parametrize(
    ("numbers", "bodies"),
    [
        ([2, 4], [b"1", b"3"]),
        ([4, 2, 4], [b"1", b"3"]),  # the archive's order, each once
        ([99, 1], [b"0"]),
        ([], []),
    ],
)
def test_hooks_are_read_by_their_numbers(
    reader: HookReader, numbers: list[int], bodies: list[bytes]
) -> None:
    assert [stored.body for stored in reader.hooks(numbers)] == bodies


def test_the_newest_hook_is_known_with_its_time(reader: HookReader) -> None:
    (last,) = reader.hooks([5])
    assert reader.newest() == (5, last.received_ms)


def test_an_empty_archive_has_no_newest_hook(tmp_path: Path) -> None:
    HookWriter(tmp_path).close()
    assert HookReader(tmp_path).newest() == (0, None)


def test_a_reader_sees_what_comes_after_it_was_made(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    reader = HookReader(tmp_path)
    seen = [reader.newest()[0]]
    for number in range(3):
        append(writer, [b"%d" % number])
        seen.append(reader.newest()[0])
    writer.close()
    assert seen == [0, 1, 2, 3]


def test_a_reader_serves_several_threads(reader: HookReader) -> None:
    with ThreadPoolExecutor(4) as threads:
        counts = threads.map(lambda _: len(list(reader.since(0, 10))), range(40), timeout=PATIENCE)
    assert set(counts) == {5}


def test_requests_are_read_in_order_behind_a_number(tmp_path: Path) -> None:
    HookWriter(tmp_path).close()
    first, second, third = (
        ask(tmp_path, "replay"),
        ask(tmp_path, "rebuild"),
        ask(tmp_path, "replay", "17"),
    )
    reader = HookReader(tmp_path)
    assert first < second < third
    assert [(asked.number, asked.kind) for asked in reader.requests_since(0)] == [
        (first, "replay"),
        (second, "rebuild"),
        (third, "replay"),
    ]
    assert reader.requests_since(second) == (Request(third, "replay", "17"),)
    assert reader.requests_since(third) == ()


def test_a_request_can_be_made_while_hooks_are_written(tmp_path: Path) -> None:
    writer = HookWriter(tmp_path)
    futures = [writer.append(b"%d" % number) for number in range(200)]
    number = ask(tmp_path, "rebuild")
    for done in futures:
        done.result(timeout=PATIENCE)
    writer.close()
    assert HookReader(tmp_path).requests_since(0) == (Request(number, "rebuild", ""),)


def test_opening_again_changes_no_table(tmp_path: Path) -> None:
    open_hooks(tmp_path).close()
    tables = ask_file(tmp_path, "SELECT name, sql FROM sqlite_schema ORDER BY name")
    open_hooks(tmp_path).close()
    assert ask_file(tmp_path, "SELECT name, sql FROM sqlite_schema ORDER BY name") == tables
    assert ask_file(tmp_path, "PRAGMA user_version") == [(len(HOOKS_HISTORY),)]


def test_foreign_files_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "hooks.db.bak").write_bytes(b"mine too")
    HookWriter(tmp_path).close()
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "hooks.db.bak").read_bytes() == b"mine too"


def test_what_one_thread_has_seen_says_nothing_of_another(tmp_path: Path) -> None:
    HookWriter(tmp_path).close()
    reader = HookReader(tmp_path)
    with ThreadPoolExecutor(1) as other:
        assert other.submit(reader.version).result() != reader.version()
    assert reader.version() == reader.version()
    reader.close()
