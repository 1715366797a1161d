"""Restarts under load: a sender that never repeats sees no refusal, no reset, and loses nothing.

The short form of what ``make torture`` does at length.
"""

import signal
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from portal_process import Served, free_port, served, until
from restart_world import SteadySender, begun, copy_of_the_code, listening

PER_SECOND: Final = 50
GENEROUS: Final = 30.0
"""Seconds; the goal on an idle machine is 3."""


def steady(portal: Served) -> SteadySender:
    """A sender of 50 hooks a second."""
    return SteadySender(portal, PER_SECOND)


def is_replaced(portal: Served, before: set[int]) -> bool:
    """Whether every process is another, and each is there once."""
    now = portal.children()
    return not before & set(now) and len(now) == len(before)


def hang_up(portal: Served) -> None:
    """Have every process replaced and wait for it."""
    before = set(portal.children())
    portal.process.send_signal(signal.SIGHUP)
    until(lambda: is_replaced(portal, before), "every process is another")


def assert_nothing_was_lost(folder: Path, sender: SteadySender) -> None:
    """Every hook was answered with 200 and is in the archive."""
    longest = max(attempt.waited for attempt in sender.attempts)
    print(f"{len(sender.attempts)} hooks, longest wait {longest:.2f} s")
    assert Counter(attempt.outcome for attempt in sender.attempts) == {"200": len(sender.attempts)}
    connection = sqlite3.connect(folder / "hooks.db")
    kept = {body for (body,) in connection.execute("SELECT body FROM hooks")}
    connection.close()
    assert {attempt.body for attempt in sender.attempts} <= kept
    assert longest < GENEROUS


@pytest.mark.parametrize("workers", [1, 2])
def test_two_hangups_under_load_refuse_reset_and_lose_nothing(tmp_path: Path, workers: int) -> None:
    folder = tmp_path / "data"
    with served(folder, WORKERS=str(workers)) as portal, steady(portal) as sender:
        sender.await_more(50)
        hang_up(portal)
        hang_up(portal)
        sender.await_more(50)
    assert_nothing_was_lost(folder, sender)


def test_an_end_and_a_start_on_a_socket_of_the_system_refuse_reset_and_lose_nothing(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    with listening() as unit, begun(folder, listener=unit) as first, steady(first) as sender:
        sender.await_more(50)
        assert first.end() == 0
        with begun(folder, listener=unit):
            sender.await_more(150)
            sender.stop()
    assert_nothing_was_lost(folder, sender)


def test_an_upgrade_of_the_installed_code_refuses_resets_and_loses_nothing(tmp_path: Path) -> None:
    folder, code = tmp_path / "data", copy_of_the_code(tmp_path / "code")
    newer = copy_of_the_code(tmp_path / "newer")
    health = newer / "app" / "web" / "health.py"
    health.write_text(health.read_text("utf-8").replace("alive\\n", "newer\\n"), "utf-8")
    with begun(folder, code, PORT=str(free_port())) as portal, steady(portal) as sender:
        assert portal.get("/livez").text == "alive\n"
        sender.await_more(50)
        (code / "app").rename(tmp_path / "older")
        (newer / "app").rename(code / "app")
        hang_up(portal)
        assert portal.get("/livez").text == "newer\n"
        sender.await_more(50)
    assert_nothing_was_lost(folder, sender)
