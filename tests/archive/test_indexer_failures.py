"""An engine that fails delays and loses nothing; a crash at any place repeats harmless work."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from archive_world import BEGIN, PATIENCE, World, hook, name_of
from broken_engines import Down, Hanging, KilledAfterPut, KilledError

from app.archive.requests import ask
from app.errors import EngineError
from app.search.embedded import EmbeddedEngine


def test_hooks_are_named_while_the_engine_is_down(tmp_path: Path) -> None:
    engine = Down(EmbeddedEngine(tmp_path / "index"))
    engine.is_down = True
    with World(tmp_path, engine) as world:
        world.receive(hook(1, "early"), b"poison")
        world.name()
        with pytest.raises(EngineError):
            world.index()
        assert world.conversation(name_of(1)).messages[0].text == "early"
        assert world.reader.state.quarantined() == 1


def test_an_engine_that_was_down_is_given_all_it_missed(tmp_path: Path) -> None:
    engine = Down(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        world.receive(hook(1, "before"))
        world.settle()
        engine.is_down = True
        for number in range(2, 30):
            world.receive(hook(number, "meanwhile"), hook(1, "changed", end=BEGIN + number * 1000))
            world.name()
            with pytest.raises(EngineError):
                world.indexer.index_changes()
        assert world.reader.behind().conversations == 29
        engine.is_down = False
        world.index()
        assert (world.find("meanwhile").total, world.find("changed").total) == (28, 1)
        assert (world.find("before").total, world.reader.behind().conversations) == (0, 0)


def test_an_engine_that_is_down_at_first_is_built_later(tmp_path: Path) -> None:
    engine = Down(EmbeddedEngine(tmp_path / "index"))
    engine.is_down = True
    with World(tmp_path, engine) as world:
        world.receive(hook(1))
        world.name()
        with pytest.raises(EngineError):
            world.indexer.rebuild_if_needed()
        assert not world.indexer.index_changes()
        engine.is_down = False
        world.settle()
        assert world.find().total == 1


def test_a_crash_between_put_and_its_record_repeats_the_work(tmp_path: Path) -> None:
    engine = KilledAfterPut(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        world.settle()
        world.receive(hook(1, "word"), hook(2, "word"))
        world.name()
        engine.kills = 1
        with pytest.raises(KilledError):
            world.indexer.index_changes()
        assert world.find("word").total == 2
        assert world.reader.behind().conversations == 2
    del engine, world
    with World(tmp_path) as world:
        world.settle()
        assert (world.find("word").total, world.find().total) == (2, 2)
        assert world.reader.behind().conversations == 0


def test_a_change_after_such_a_crash_is_not_overlooked(tmp_path: Path) -> None:
    engine = KilledAfterPut(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        world.settle()
        world.receive(hook(1, "before"))
        world.name()
        engine.kills = 3
        for _ in range(3):
            with pytest.raises(KilledError):
                world.indexer.index_changes()
        world.receive(hook(1, "after", end=BEGIN + 2000))
        world.settle()
        assert (world.find("before").total, world.find("after").total) == (0, 1)


def test_an_indexer_that_starts_again_goes_on_where_it_was(tmp_path: Path) -> None:
    for start in range(4):
        with World(tmp_path) as world:
            world.receive(hook(start, "word"))
            if start % 2:
                world.settle()
            else:
                world.name()
    with World(tmp_path) as world:
        assert world.find("word").total == 4
        assert not world.indexer.name_hooks()
        assert not world.indexer.index_changes()


def test_a_running_indexer_makes_hooks_searchable(tmp_path: Path) -> None:
    world = World(tmp_path)
    with _running(world):
        world.receive(hook(1, "alive"), b"poison")
        _wait_until(lambda: world.engine.serving() is not None)
        _wait_until(lambda: world.find("alive").total == 1)
        _wait_until(lambda: world.reader.state.quarantined() == 1)
        ask(tmp_path, "rebuild")
        _wait_until(lambda: (tmp_path / "index" / "CURRENT").read_text() == "g2")
        _wait_until(lambda: world.find("alive").total == 1)


def test_hooks_have_their_timeline_while_a_put_hangs(tmp_path: Path) -> None:
    engine = Hanging(EmbeddedEngine(tmp_path / "index"))
    world = World(tmp_path, engine)
    world.settle()
    with _running(world):
        world.receive(hook(1, "first"))
        assert engine.hangs.wait(PATIENCE)
        world.receive(hook(2, "second"))
        _wait_until(lambda: world.reader.read(name_of(2)) is not None)
        assert world.find().total == 0
        engine.let_go.set()
        _wait_until(lambda: world.find().total == 2)


def test_a_running_indexer_survives_an_engine_that_fails(tmp_path: Path) -> None:
    engine = Down(EmbeddedEngine(tmp_path / "index"))
    engine.is_down = True
    world = World(tmp_path, engine)
    with _running(world):
        world.receive(hook(1))
        _wait_until(lambda: world.reader.read(name_of(1)) is not None)
        engine.is_down = False
        _wait_until(lambda: engine.serving() is not None and world.find().total == 1)


@contextmanager
def _running(world: World) -> Iterator[None]:
    """The loops of an indexer in a thread, ended and closed at the end."""
    thread = threading.Thread(target=world.indexer.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        world.indexer.stop()
        thread.join(PATIENCE)
        world.writer.close()
    assert not thread.is_alive()


def _wait_until(holds: Callable[[], bool]) -> None:
    """Look again and again until it holds; fail when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.01)
