"""Taking the demo away: nothing of it stays in any file, and it stays away."""

from pathlib import Path
from typing import Final

import pytest
from archive_world import BEGIN, World, append, ask_file, hook, name_of
from broken_engines import Down, Watched

from app.archive.removal import remove
from app.archive.requests import ask
from app.errors import EngineError
from app.search.embedded import EmbeddedEngine

MARKER: Final = "zyxmarkerword"
EMAIL: Final = "marker.person@mail.example"


def _demo(world: World, *bodies: bytes) -> None:
    for body in bodies:
        world.writer.append(body, origin="demo").result(timeout=20)


def _loaded(world: World) -> None:
    """One own conversation and three of the demo, of the same visitor, all searchable."""
    visitor = {"email": EMAIL}
    world.receive(hook(1, "own words", visitor=visitor))
    _demo(world, *(hook(n, MARKER, begin=BEGIN - n, visitor=visitor) for n in (2, 3, 4)))
    world.settle()


def _remove(world: World) -> None:
    ask(world.data_dir, "remove-demo")
    world.settle()


def test_the_demo_goes_and_own_conversations_stay(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        _loaded(world)
        assert world.find(MARKER).total == 3
        _remove(world)
        assert world.find().ids == [name_of(1)]
        assert world.reader.read(name_of(2, begin=BEGIN - 2)) is None
        assert world.reader.state.conversations() == 1
        assert (world.reader.behind().conversations, world.reader.hooks.demo_since()) == (0, None)


def test_no_byte_of_it_is_left_in_the_archive_and_the_state(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        _demo(world, *(hook(n, MARKER * 200, visitor={"email": EMAIL}) for n in range(30)))
        world.settle()
        assert MARKER.encode() in (tmp_path / "hooks.db").read_bytes() + _log(tmp_path)
        _remove(world)
        assert _log(tmp_path) == b""
        assert MARKER.encode() not in (tmp_path / "hooks.db").read_bytes()
    assert EMAIL.encode() not in (tmp_path / "state.db").read_bytes()


def _log(folder: Path) -> bytes:
    log = folder / "hooks.db-wal"
    return log.read_bytes() if log.exists() else b""


def test_a_repeat_of_a_removed_body_stays_away(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        _loaded(world)
        _remove(world)
        (receipt,) = world.receive(hook(2, MARKER, begin=BEGIN - 2, visitor={"email": EMAIL}))
        world.settle()
        assert (receipt.number, receipt.repeated) == (0, True)
        assert world.find(MARKER).total == 0


def test_the_archive_keeps_no_plain_hash_of_what_was_removed(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        _loaded(world)
        (digest,) = ask_file(tmp_path, "SELECT digest FROM hooks WHERE number = 2")[0]
        _remove(world)
        marks = {mark for (mark,) in ask_file(tmp_path, "SELECT mark FROM tombstones")}
        assert len(marks) == 3
        assert digest not in marks


def test_who_loads_the_demo_again_has_it_again(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        _loaded(world)
        _remove(world)
        _demo(world, hook(2, MARKER, begin=BEGIN - 2))
        _demo(world, hook(3, MARKER, begin=BEGIN - 3, visitor={"email": EMAIL}))
        world.settle()
        assert world.find(MARKER).total == 2
        _remove(world)
        assert world.find(MARKER).total == 0


def test_a_visitor_who_was_returning_because_of_the_demo_is_a_first_one_again(
    tmp_path: Path,
) -> None:
    with World(tmp_path) as world:
        _loaded(world)
        assert name_of(1) in world.find(visit="returning").ids
        _remove(world)
        assert world.find(visit="first").ids == [name_of(1)]


def test_a_conversation_that_loses_one_of_its_hooks_is_folded_from_the_others(
    tmp_path: Path,
) -> None:
    with World(tmp_path) as world:
        world.receive(hook(1, "own words"))
        _demo(world, hook(1, MARKER, end=BEGIN + 9000))
        world.settle()
        assert world.find(MARKER).ids == [name_of(1)]
        _remove(world)
        assert (world.find(MARKER).total, world.find("own").ids) == (0, [name_of(1)])


def test_a_removal_asked_for_while_the_engine_is_down_is_carried_out_later(
    tmp_path: Path,
) -> None:
    engine = Down(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        _loaded(world)
        engine.is_down = True
        ask(tmp_path, "remove-demo")
        world.name()
        with pytest.raises(EngineError):
            world.indexer.index_changes()
        assert world.find(MARKER).total == 3
        assert world.reader.state.conversations() == 1
        engine.is_down = False
        world.index()
        assert world.find(MARKER).total == 0


def test_a_removal_that_was_cut_off_behind_the_archive_is_finished(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        _loaded(world)
        names = {n: world.reader.state.conversation_of(n) for n in world.reader.hooks.demo()}
        remove(tmp_path, names)
        world.settle()
        assert world.find().ids == [name_of(1)]
        assert world.reader.state.conversations() == 1


def test_a_state_that_grew_back_knows_of_removed_documents(tmp_path: Path) -> None:
    engine = Down(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        _loaded(world)
        engine.is_down = True
        ask(tmp_path, "remove-demo")
        world.name()
    for file in tmp_path.glob("state.db*"):
        file.unlink()
    with World(tmp_path) as world:
        world.settle()
        assert world.find().ids == [name_of(1)]


def test_a_removal_during_a_rebuild_leaves_nothing_in_the_new_generation(tmp_path: Path) -> None:
    watched = Watched(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, watched) as world:
        _loaded(world)

        def removed_at_the_second(number: int) -> None:
            if number == 2:
                ask(tmp_path, "remove-demo")
                world.name()

        watched.before_document = removed_at_the_second
        world.indexer.rebuild()
        assert world.find().ids == [name_of(1)]


def test_hooks_that_come_during_a_removal_are_taken(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        _demo(world, *(hook(n, MARKER, begin=BEGIN - n) for n in range(700)))
        world.settle()
        ask(tmp_path, "remove-demo")
        own = [hook(n, "own", begin=BEGIN - 5000 - n) for n in range(50)]
        done = [world.writer.append(body) for body in own]
        world.settle()
        assert all(receipt.result(timeout=20).number for receipt in done)
        world.settle()
        assert world.find().total == 50


def test_a_demo_that_is_not_there_is_removed_without_a_trace(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        append(world.writer, [hook(1)])
        _remove(world)
        assert ask_file(tmp_path, "SELECT count(*) FROM tombstones") == [(0,)]
        assert world.find().total == 1
