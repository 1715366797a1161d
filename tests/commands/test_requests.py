"""Requests to the indexer: ``portal replay`` and ``portal rebuild``, with and without a portal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hook_bodies import hook
from portal_process import Served, served, until
from typed import settle, typed

from app.archive.state_reader import StateReader
from app.archive.writer import HookWriter

LATER: Final = "The portal is not running; it is done at its next start.\n"
UNREADABLE: Final = (b"not json", b"{}")


@pytest.fixture(name="portal", scope="module")
def _portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("requests") / "data") as portal:
        for number in range(5):
            portal.send(hook(number))
        until(lambda: portal.total() == 5, "all are found")
        yield portal


def fill(folder: Path, *bodies: bytes) -> None:
    """Bring hooks into an archive that no portal serves."""
    writer = HookWriter(folder)
    writer.append_all(bodies, origin="import")
    writer.close()


def test_a_running_portal_replays_and_the_command_tells_what_is_left(portal: Served) -> None:
    state = StateReader(portal.folder)
    portal.send(b"not json")
    until(lambda: state.quarantined() == 1, "it is in quarantine")
    assert typed(portal.folder, "replay").output == "Done; 1 hook is in quarantine.\n"
    portal.send(b"{}")
    until(lambda: state.quarantined() == 2, "the other one is too")
    assert typed(portal.folder, "replay").output == "Done; 2 hooks are in quarantine.\n"


def test_a_running_portal_builds_its_index_anew_and_answers_meanwhile(portal: Served) -> None:
    before = (portal.folder / "index" / "CURRENT").read_text("ascii")
    assert portal.total() == 5
    ended = typed(portal.folder, "rebuild")
    assert (ended.exit_code, ended.output) == (0, "Done; the index holds 5 conversations.\n")
    assert (portal.folder / "index" / "CURRENT").read_text("ascii") != before
    assert portal.total() == 5


def test_a_request_can_be_repeated(portal: Served) -> None:
    outputs = {typed(portal.folder, "rebuild").output for _ in range(2)}
    assert outputs == {"Done; the index holds 5 conversations.\n"}


@pytest.mark.parametrize("command", ["replay", "rebuild"])
def test_without_a_portal_the_request_waits_for_the_next_start(
    tmp_path: Path, command: str
) -> None:
    fill(tmp_path, hook(1), *UNREADABLE)
    settle(tmp_path)
    before = (tmp_path / "index" / "CURRENT").read_text("ascii")
    assert typed(tmp_path, command).output == LATER
    state = StateReader(tmp_path)
    asked = state.fact("requested")
    settle(tmp_path)
    assert state.fact("requested") != asked
    rebuilt = (tmp_path / "index" / "CURRENT").read_text("ascii") != before
    assert rebuilt == (command == "rebuild")
    assert state.quarantined() == 2


@pytest.mark.parametrize("command", ["replay", "rebuild"])
def test_an_empty_folder_takes_the_request_too(tmp_path: Path, command: str) -> None:
    ended = typed(tmp_path / "new", command)
    assert (ended.exit_code, ended.output) == (0, LATER)
    settle(tmp_path / "new")


def test_a_running_portal_takes_the_demo_away(portal: Served) -> None:
    before = portal.total() or 0
    writer = HookWriter(portal.folder)
    writer.append_all([hook(f"demo{n}") for n in range(3)], origin="demo")
    writer.close()
    until(lambda: portal.total() == before + 3, "the demo is found")
    left = f"Done; {before} conversations are left.\n"
    assert typed(portal.folder, "demo", "remove").output == left
    until(lambda: portal.total() == before, "the demo is gone")


def test_without_a_portal_the_demo_goes_at_the_next_start(tmp_path: Path) -> None:
    fill(tmp_path, hook(1))
    writer = HookWriter(tmp_path)
    writer.append_all([hook(2)], origin="demo")
    writer.close()
    settle(tmp_path)
    assert typed(tmp_path, "demo", "remove").output == LATER
    settle(tmp_path)
    assert StateReader(tmp_path).conversations() == 1
