"""The index can be deleted at any moment and grows back; a rebuild loses nothing meanwhile."""

import shutil
import threading
from pathlib import Path

import pytest
from archive_world import BEGIN, PATIENCE, Found, World, colliding_channels, hook, search
from broken_engines import KilledWhileFilling, Watched

from app.archive.hooks import HookReader
from app.archive.requests import ask
from app.errors import EngineError
from app.search.embedded import EmbeddedEngine
from app.search.engine import stamp_of

TEXTS = ("parcel late", "refund please", "parcel refund", "hello")
LOST = {
    "the index": ("index",),
    "the state": ("state.db", "state.db-wal", "state.db-shm"),
    "index and state": ("index", "state.db", "state.db-wal", "state.db-shm"),
    "the name of the generation": ("index/CURRENT",),
    "the generation": ("index/g1",),
    "the stamp": ("index/g1/stamp",),
}


@pytest.mark.parametrize("lost", LOST)
def test_what_is_deleted_grows_back_with_identical_results(tmp_path: Path, lost: str) -> None:
    with World(tmp_path) as world:
        world.receive(*_mixed_hooks())
        world.settle()
        before = _everything(tmp_path)
        assert before[0].total == 42
    _delete(tmp_path, lost)
    with World(tmp_path) as world:
        world.settle()
        assert _everything(tmp_path) == before
        assert world.reader.behind().conversations == 0


@pytest.mark.parametrize("lost", ["the index", "the name of the generation"])
def test_an_index_that_is_deleted_under_a_running_indexer_grows_back(
    tmp_path: Path, lost: str
) -> None:
    with World(tmp_path) as world:
        world.receive(*_mixed_hooks())
        world.settle()
        before = _everything(tmp_path)
        _delete(tmp_path, lost)
        world.settle()
        assert _everything(tmp_path) == before
        world.receive(hook("later", "afterwards"))
        world.settle()
        assert world.find("afterwards").total == 1


def test_without_an_index_nothing_is_put_until_it_is_built(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.settle()
        _delete(tmp_path, "the index")
        world.receive(hook(1))
        world.name()
        assert not world.indexer.index_changes()
        assert world.reader.state.behind() == 1
        assert world.indexer.rebuild_if_needed()
        assert (world.reader.state.behind(), world.find().total) == (0, 1)


def test_a_rebuild_that_is_asked_for_is_done_once(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(*_mixed_hooks())
        world.settle()
        before = _everything(tmp_path)
        ask(tmp_path, "rebuild")
        assert not world.indexer.rebuild_if_needed()
        world.name()
        assert world.indexer.rebuild_if_needed()
        assert not world.indexer.rebuild_if_needed()
        assert _everything(tmp_path) == before


def test_two_requests_are_one_rebuild(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.settle()
        ask(tmp_path, "rebuild")
        ask(tmp_path, "rebuild")
        world.name()
        assert world.indexer.rebuild_if_needed()
        assert not world.indexer.rebuild_if_needed()


def test_an_index_of_another_stamp_is_replaced(tmp_path: Path) -> None:
    EmbeddedEngine(tmp_path / "index").rebuild((), "of another archive", lambda: 0)
    with World(tmp_path) as world:
        world.receive(hook(1, "mine"))
        world.settle()
        serving = world.engine.serving()
        assert serving is not None
        assert serving.stamp == stamp_of(HookReader(tmp_path).archive_id())
        assert world.find("mine").total == 1


def test_hooks_that_come_while_an_index_is_filled_are_in_it(tmp_path: Path) -> None:
    engine = Watched(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        world.receive(*(hook(number, "first") for number in range(20)))
        world.name()

        def come(document: int) -> None:
            if document < 20:
                world.receive(
                    hook(100 + document, "meanwhile"), hook(document, "changed", end=BEGIN + 2000)
                )
                world.name()

        engine.before_document = come
        world.indexer.rebuild()
        assert (world.find("meanwhile").total, world.find("changed").total) == (20, 20)
        assert (world.find("first").total, world.find().total) == (0, 40)
        assert world.reader.behind().conversations == 0


def test_a_hook_that_comes_at_the_last_moment_stays_due(tmp_path: Path) -> None:
    engine = Watched(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        world.receive(hook(1))
        world.name()

        def come() -> None:
            world.receive(hook(2, "last"), hook(1, "changed", end=BEGIN + 2000))
            world.name()

        engine.before_counting = come
        world.indexer.rebuild()
        assert world.reader.state.behind() == 2
        world.index()
        assert (world.find("last").total, world.find("changed").total) == (1, 1)
        assert world.find().total == 2


def test_changes_go_to_the_old_index_while_the_new_one_is_filled(tmp_path: Path) -> None:
    engine = Watched(EmbeddedEngine(tmp_path / "index"))
    seen: list[int] = []
    with World(tmp_path, engine) as world:
        world.receive(hook(1), hook(2))
        world.settle()

        def come(document: int) -> None:
            if document == 0:
                world.receive(hook(3, "meanwhile"))
                world.name()
                world.indexer.index_changes()
                seen.append(world.find("meanwhile").total)

        engine.before_document = come
        world.indexer.rebuild()
        seen.append(world.find("meanwhile").total)
    assert seen == [1, 1]


def test_rebuilds_beside_naming_and_indexing_lose_nothing(tmp_path: Path) -> None:
    ended = threading.Event()
    with World(tmp_path) as world:
        world.receive(*(hook(number, "first") for number in range(20)))
        world.settle()

        def rebuild_again_and_again() -> None:
            while not ended.is_set():
                world.indexer.rebuild()

        rebuilds = threading.Thread(target=rebuild_again_and_again, daemon=True)
        rebuilds.start()
        for number in range(20):
            world.receive(hook(number, "second", end=BEGIN + 2000), hook(100 + number, "third"))
            world.indexer.name_hooks()
            world.indexer.index_changes()
        ended.set()
        rebuilds.join(PATIENCE)
        assert not rebuilds.is_alive()
        world.settle()
        assert (world.find("first").total, world.find("second").total) == (0, 20)
        assert (world.find("third").total, world.find().total) == (20, 40)


@pytest.mark.parametrize("at", [0, 1, 41])
def test_a_rebuild_that_fails_leaves_the_old_index(tmp_path: Path, at: int) -> None:
    engine = KilledWhileFilling(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        world.receive(*_mixed_hooks())
        world.settle()
        before = _everything(tmp_path)
        engine.at = at
        with pytest.raises(EngineError):
            world.indexer.rebuild()
        assert _everything(tmp_path) == before
        engine.at = None
        world.receive(hook("later", "afterwards"))
        world.settle()
        assert world.find("afterwards").total == 1
        world.indexer.rebuild()
        assert world.find().total == before[0].total + 1


def test_a_rebuild_that_was_asked_for_is_tried_until_it_is_done(tmp_path: Path) -> None:
    engine = KilledWhileFilling(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        world.receive(hook(1))
        world.settle()
        engine.at = 0
        ask(tmp_path, "rebuild")
        world.name()
        with pytest.raises(EngineError):
            world.indexer.rebuild_if_needed()
        engine.at = None
        assert world.indexer.rebuild_if_needed()
        assert not world.indexer.rebuild_if_needed()


def _mixed_hooks() -> list[bytes]:
    """Forty conversations, some of several versions, and two that collide in their sort key."""
    one, other = colliding_channels()
    several = [hook(f"c{n}", TEXTS[n % 4], begin=BEGIN + n % 7) for n in range(40)]
    versions = [
        hook(f"c{n}", "refund again", begin=BEGIN + n % 7, end=BEGIN + 9999) for n in (3, 8)
    ]
    return [*several, hook(other, "collides"), *versions, hook(one, "collides"), b"poison"]


def _everything(data_dir: Path) -> list[Found]:
    """What an index answers to several searches: totals, order with sort keys, facets."""
    asked = ("", "parcel", "refund -parcel", "collides", "re*")
    return [search(data_dir, text, sort=sort) for text in asked for sort in ("newest", "oldest")]


def _delete(data_dir: Path, lost: str) -> None:
    for name in LOST[lost]:
        path = data_dir / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
