"""The checker sees what is lost, doubled, torn or counted wrongly, and else nothing."""

import hashlib
from pathlib import Path

from made_up_archive import archive, body, entries, row, verdict

from torture.checker import ask, report_archive
from torture.report import Report

WELL = (row(1), row(2))


def test_an_archive_that_holds_what_was_acknowledged_is_well(tmp_path: Path) -> None:
    found = verdict(tmp_path, WELL)
    assert (found.lost, found.doubled, found.torn, found.miscounted) == (0, 0, 0, 0)


def test_a_hook_that_was_stored_and_never_acknowledged_is_no_fault(tmp_path: Path) -> None:
    found = verdict(tmp_path, (*WELL, row(3)))
    assert (found.rows, found.lost, found.torn, found.miscounted) == (3, 0, 0, 0)


def test_an_acknowledged_hook_that_is_not_there_is_lost(tmp_path: Path) -> None:
    assert verdict(tmp_path, (row(1),)).lost == 1


def test_the_same_body_in_two_rows_is_doubled(tmp_path: Path) -> None:
    assert verdict(tmp_path, (*WELL, row(2))).doubled == 1


def test_the_same_body_under_another_digest_is_doubled_and_torn(tmp_path: Path) -> None:
    found = verdict(tmp_path, (*WELL, (hashlib.sha256(b"other").digest(), 0, body(2))))
    assert (found.doubled, found.torn) == (1, 1)


def test_a_body_that_is_not_what_its_digest_says_is_torn_and_lost(tmp_path: Path) -> None:
    digest, repeats, whole = row(2)
    found = verdict(tmp_path, (row(1), (digest, repeats, whole[:-1])))
    assert (found.lost, found.torn) == (1, 1)


def test_half_a_body_with_a_digest_of_its_own_is_torn(tmp_path: Path) -> None:
    half = body(3)[:5]
    found = verdict(tmp_path, (*WELL, (hashlib.sha256(half).digest(), 0, half)))
    assert found.torn == 1


def test_a_hook_that_came_more_often_than_it_was_sent_is_counted_wrongly(tmp_path: Path) -> None:
    assert verdict(tmp_path, (row(1), row(2, repeats=1))).miscounted == 1


def test_a_repeat_that_was_acknowledged_and_not_counted_is_counted_wrongly(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    entries(tmp_path, sent=(1, 1), acknowledged=(1, 1))
    archive(tmp_path / "hooks.db", [row(1)])
    assert ask(ledger, tmp_path / "hooks.db").miscounted == 1


def test_the_checker_of_another_process_says_the_same(tmp_path: Path) -> None:
    entries(tmp_path, sent=(1, 2, 3), acknowledged=(1, 2, 3))
    archive(tmp_path / "hooks.db", WELL)
    found = ask(tmp_path / "ledger", tmp_path / "hooks.db")
    assert (found.rows, found.acknowledged, found.lost, found.integrity) == (2, 3, 1, "ok")


def test_demo_hooks_are_nobodys_delivery(tmp_path: Path) -> None:
    entries(tmp_path, sent=(), acknowledged=())
    archive(tmp_path / "hooks.db", WELL, origin="demo")
    found = ask(tmp_path / "ledger", tmp_path / "hooks.db")
    assert (found.rows, found.torn) == (0, 0)


def test_a_file_that_is_no_archive_is_broken_and_has_lost_everything(tmp_path: Path) -> None:
    entries(tmp_path, sent=(1,), acknowledged=(1,))
    (tmp_path / "hooks.db").write_bytes(b"x" * 8192)
    found = ask(tmp_path / "ledger", tmp_path / "hooks.db")
    assert found.lost == 1
    assert found.integrity != "ok"


def test_a_page_of_the_file_that_was_overwritten_is_seen(tmp_path: Path) -> None:
    entries(tmp_path, sent=range(500), acknowledged=range(500))
    path = tmp_path / "hooks.db"
    archive(path, [row(number) for number in range(500)])
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    path.write_bytes(content)
    report = Report("made up")
    report_archive(report, tmp_path / "ledger", path)
    assert report.verdict == "FAIL"


def test_a_lost_hook_fails_the_report(tmp_path: Path) -> None:
    entries(tmp_path, sent=(1, 2), acknowledged=(1, 2))
    archive(tmp_path / "hooks.db", [row(1)])
    report = Report("made up")
    report_archive(report, tmp_path / "ledger", tmp_path / "hooks.db")
    assert report.row()["failures"] == ["1 acknowledged lost"]
