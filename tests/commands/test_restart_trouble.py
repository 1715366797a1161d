"""Restarts that meet trouble: broken code, more signals, dead processes. What worked goes on."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hook_bodies import hook
from msgspec import Struct
from portal_process import PROJECT, Served, free_port, is_alive, until
from restart_world import begun, copy_of_the_code, copy_of_the_environment

WAIT_AT_THE_GATE: Final = """
import pathlib, time
while pathlib.Path({gate!r}).exists():
    time.sleep(0.01)
"""
START: Final = "front.py"
"""A module without which no web process starts."""
PAGES: Final = "site.py"
"""A module without which a web process has no pages; hooks it could take."""
GIVEN_UP: Final = "the new web process did not become ready; nothing more is replaced"
REPLACED: Final = "every process is replaced"


class Upgradable(Struct, frozen=True):
    """A portal whose code a test may change."""

    portal: Served
    code: Path
    gate: Path
    """While this file exists, a new process waits before it does anything."""

    def break_code(self, module: str) -> None:
        """Make a module fail when it is imported."""
        path = self.code / "app" / module
        path.write_text("raise RuntimeError('broken')\n" + path.read_text("utf-8"), "utf-8")

    def mend_code(self, module: str) -> None:
        """Undo the breaking."""
        path = self.code / "app" / module
        path.write_text(path.read_text("utf-8").partition("\n")[2], "utf-8")

    def hang_up(self) -> None:
        """Ask for a replacement of every process."""
        self.portal.process.send_signal(signal.SIGHUP)

    def await_log(self, sentence: str, times: int = 1) -> None:
        """Wait until the log has said something so often."""
        log = self.portal.log
        until(lambda: log.read_text("utf-8").count(sentence) >= times, sentence)

    def answers(self, what: str) -> bool:
        """Whether a hook and a page are answered."""
        page = self.portal.get("/help/search").status_code
        return (self.portal.send(hook(what)).status_code, page) == (200, 200)


@pytest.fixture(name="upgradable")
def _upgradable(tmp_path: Path) -> Iterator[Upgradable]:
    code, gate = copy_of_the_code(tmp_path / "code"), tmp_path / "gate"
    process = code / "app" / "commands" / "process.py"
    program = process.read_text("utf-8")
    process.write_text(program + WAIT_AT_THE_GATE.format(gate=str(gate)), "utf-8")
    with begun(tmp_path / "data", code, PORT=str(free_port())) as portal:
        yield Upgradable(portal, code, gate)
        gate.unlink(missing_ok=True)


@pytest.mark.parametrize("module", [START, PAGES])
def test_code_that_does_not_work_leaves_the_old_processes_serving(
    upgradable: Upgradable, module: str
) -> None:
    before = upgradable.portal.children()
    upgradable.break_code(module)
    upgradable.hang_up()

    def is_given_up() -> bool:
        assert upgradable.answers("during a broken upgrade")
        return GIVEN_UP in upgradable.portal.log.read_text("utf-8")

    until(is_given_up, GIVEN_UP)
    assert upgradable.answers("after a broken upgrade")
    until(lambda: set(upgradable.portal.children()) == set(before), "the old ones are left")


def test_after_broken_code_is_mended_a_hangup_takes_it_up(upgradable: Upgradable) -> None:
    before = upgradable.portal.children()
    upgradable.break_code(PAGES)
    upgradable.hang_up()
    upgradable.await_log(GIVEN_UP)
    upgradable.mend_code(PAGES)
    upgradable.hang_up()
    upgradable.await_log(REPLACED)
    until(lambda: not any(map(is_alive, before)), "the old ones have ended")
    assert upgradable.answers("after the repair")


def test_a_second_hangup_during_the_first_replaces_everything_once_more(
    upgradable: Upgradable,
) -> None:
    portal = upgradable.portal
    before = set(portal.children("web"))
    upgradable.gate.touch()
    upgradable.hang_up()
    until(lambda: len(portal.children("web")) == 2, "the new web process waits")
    (first,) = set(portal.children("web")) - before
    upgradable.hang_up()
    upgradable.gate.unlink()
    upgradable.await_log(REPLACED, times=2)
    until(lambda: not is_alive(first), "the first replacement was replaced")
    assert upgradable.answers("after both")
    assert portal.log.read_text("utf-8").count(REPLACED) == 2


def test_a_hangup_while_the_web_process_is_down_brings_it_back(upgradable: Upgradable) -> None:
    portal = upgradable.portal
    upgradable.break_code(START)
    (victim,) = portal.children("web")
    os.kill(victim, signal.SIGKILL)
    upgradable.await_log("web ended with 1, starts again", times=3)
    upgradable.mend_code(START)
    upgradable.hang_up()
    upgradable.await_log(REPLACED)
    assert upgradable.answers("after it was down")
    until(lambda: len(portal.children()) == 2, "each process is there once")


def test_a_web_process_that_is_killed_while_another_is_awaited_comes_back(
    upgradable: Upgradable,
) -> None:
    portal = upgradable.portal
    (old,) = portal.children("web")
    upgradable.gate.touch()
    upgradable.hang_up()
    until(lambda: len(portal.children("web")) == 2, "the new web process waits")
    os.kill(old, signal.SIGKILL)
    upgradable.await_log("web ended with -9, starts again")
    upgradable.gate.unlink()
    upgradable.await_log(REPLACED)
    assert upgradable.answers("after it was killed")
    until(lambda: len(portal.children()) == 2, "each process is there once")


def test_an_end_during_a_hangup_ends_everything(upgradable: Upgradable) -> None:
    portal = upgradable.portal
    upgradable.gate.touch()
    upgradable.hang_up()
    until(lambda: len(portal.children("web")) == 2, "the new web process waits")
    children = portal.children()
    assert portal.end() == 0
    assert not any(map(is_alive, children))
    assert REPLACED not in portal.log.read_text("utf-8")


def test_a_hangup_of_the_whole_process_group_replaces_the_processes_in_order(
    upgradable: Upgradable,
) -> None:
    portal = upgradable.portal
    before = portal.children()
    for pid in before:
        os.kill(pid, signal.SIGHUP)
    upgradable.hang_up()
    upgradable.await_log(REPLACED)
    assert "starts again" not in portal.log.read_text("utf-8")
    until(lambda: not any(map(is_alive, before)), "the old ones have ended")


def test_a_program_that_is_away_for_a_while_does_not_end_the_supervisor(tmp_path: Path) -> None:
    """An upgrade may take the virtual environment away and make another."""
    program = copy_of_the_environment(tmp_path / "environment")
    with begun(tmp_path / "data", program=[str(program)], PORT=str(free_port())) as portal:
        program.rename(tmp_path / "away")
        (victim,) = portal.children("web")
        os.kill(victim, signal.SIGKILL)
        until(lambda: "web cannot be started" in portal.log.read_text("utf-8"), "it is missed")
        (tmp_path / "away").rename(program)
        until(lambda: len(portal.children("web")) == 1, "it is back")
        assert portal.send(hook("after the program was away")).status_code == 200


def test_processes_run_the_code_of_the_supervisor_whatever_lies_in_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise RuntimeError", "utf-8")
    program = (sys.executable, "-P")
    with begun(tmp_path / "data", tmp_path, program=program, PORT=str(free_port())) as portal:
        assert portal.get("/livez").status_code == 200
