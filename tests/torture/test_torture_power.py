"""Power cuts: what was synced stands, what was not may be gone; a failed sync loses pages."""

import random
from collections.abc import Iterable
from pathlib import Path

from torture.power import PAGE, Record, TracedFile, append, cuts, in_memory, records

WRITE = Record("W", "l", offset=0, data=b"a hook")
BEGIN, DONE, FAILED = (Record(letter, "l", (1, 1)) for letter in "BSX")
TOLD = Record("A", "-", data=b"digest")


def chance() -> random.Random:
    """The same chance every time."""
    return random.Random(1)  # noqa: S311


def on_disk(operations: Iterable[Record]) -> bytes:
    """What certainly stands on the disk after these operations."""
    file = TracedFile()
    for record in operations:
        file.apply(record)
    return file.image(None)


def test_what_was_written_and_synced_stands() -> None:
    assert on_disk([WRITE, BEGIN, DONE]) == b"a hook"


def test_what_was_not_synced_is_gone() -> None:
    assert on_disk([WRITE]) == b""


def test_a_write_during_a_sync_is_not_covered_by_it() -> None:
    assert on_disk([BEGIN, WRITE, DONE]) == b""


def test_pages_of_a_failed_sync_are_not_written_by_the_next_one() -> None:
    again = [Record(letter, "l", (1, 2)) for letter in "BS"]
    assert on_disk([WRITE, BEGIN, FAILED, *again]) == b""


def test_a_page_that_is_written_again_after_a_failed_sync_stands() -> None:
    again = [Record(letter, "l", (1, 2)) for letter in "BS"]
    assert on_disk([WRITE, BEGIN, FAILED, WRITE, *again]) == b"a hook"


def test_a_write_beyond_a_page_is_whole() -> None:
    data = bytes(range(256)) * 40
    written = Record("W", "l", offset=PAGE - 10, data=data)
    assert on_disk([written, BEGIN, DONE])[PAGE - 10 :] == data


def test_a_file_that_was_cut_is_as_short_on_the_disk_once_synced() -> None:
    assert on_disk([WRITE, Record("T", "l", offset=2), BEGIN, DONE]) == b"a "


def test_a_file_that_was_deleted_is_empty() -> None:
    assert on_disk([WRITE, BEGIN, DONE, Record("D", "l")]) == b""


def test_some_written_pages_may_stand_unsynced() -> None:
    file = TracedFile()
    for page in range(40):
        file.apply(Record("W", "l", offset=page * PAGE, data=b"x" * PAGE))
    assert 0 < file.image(chance()).count(b"x") < 40 * PAGE


def test_a_hook_acknowledged_before_its_sync_is_missing_after_a_cut() -> None:
    (cut,) = cuts([WRITE, TOLD, BEGIN, DONE][:2], chance(), 1)
    assert cut.acknowledged == (b"digest",)
    assert b"a hook" not in cut.files["hooks.db-wal"]


def test_a_hook_acknowledged_after_its_sync_stands_after_every_cut() -> None:
    trace = [WRITE, BEGIN, DONE, TOLD, Record("W", "l", offset=9000, data=b"next")]
    found = list(cuts(trace, chance(), 10))
    assert len(found) == 10
    assert all(cut.files["hooks.db-wal"].startswith(b"a hook") for cut in found)


def test_readers_see_what_was_written_whatever_the_disk_holds() -> None:
    assert in_memory([WRITE, BEGIN, FAILED])["hooks.db-wal"] == b"a hook"


def test_an_acknowledgement_is_read_as_it_was_appended(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.touch()
    append(trace, b"digest")
    assert list(records(trace.read_bytes())) == [TOLD]


def test_a_record_whose_end_was_never_written_is_left_out(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.touch()
    append(trace, b"digest")
    append(trace, b"digest")
    assert list(records(trace.read_bytes()[:-20])) == [TOLD]
