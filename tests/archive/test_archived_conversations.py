"""A conversation out of the archive: found by its id, read and folded, without any engine."""

from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from archive_world import BEGIN, PATIENCE, World, append, hook, name_of

SHORT = hook(1, "short", end=BEGIN + 1)
LONG = hook(1, "long", end=BEGIN + 2)
RATED = hook(1, "long", end=BEGIN + 2, channel={"id": 1, "rating": 5})


@pytest.mark.parametrize("order", list(permutations((SHORT, LONG, RATED))))
def test_any_order_of_arrival_gives_the_same_conversation(
    tmp_path: Path, order: tuple[bytes, ...]
) -> None:
    with World(tmp_path) as world:
        world.receive(*order)
        world.name()
        archived = world.reader.read(name_of(1))
    assert archived is not None
    assert archived.chosen.body == RATED
    assert archived.conversation.rating == 5


def test_versions_that_come_one_by_one_never_go_back(tmp_path: Path) -> None:
    ratings = []
    with World(tmp_path) as world:
        for version in (SHORT, RATED, LONG, SHORT, RATED):
            world.receive(version)
            world.name()
            ratings.append(world.conversation(name_of(1)).rating)
    assert ratings == [None, 5, 5, 5, 5]


def test_all_hooks_of_a_conversation_stand_beside_it_as_they_came(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(LONG, hook(2), SHORT, LONG)
        world.name()
        archived = world.reader.read(name_of(1))
    assert archived is not None
    assert [stored.body for stored in archived.hooks] == [LONG, SHORT]
    assert archived.hooks[0].repeats == 1
    assert archived.chosen == archived.hooks[0]


def test_a_number_and_its_string_are_one_conversation(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(hook(1, end=BEGIN + 1), hook("1", end=BEGIN + 2))
        world.name()
        assert world.reader.state.conversations() == 1
        assert len(world.reader.state.hooks_of(name_of(1))) == 2


@pytest.mark.parametrize("name", ["208-9-1", "", "x", "208-1", "%", "'", name_of(1) + " "])
def test_an_unknown_id_is_no_conversation(tmp_path: Path, name: str) -> None:
    with World(tmp_path) as world:
        world.receive(SHORT)
        world.name()
        assert world.reader.read(name) is None


def test_several_are_read_in_the_order_of_their_ids(tmp_path: Path) -> None:
    wanted = [name_of(3), name_of(9), name_of(1), name_of(2)]
    with World(tmp_path) as world:
        world.receive(hook(1), hook(2), hook(3))
        world.name()
        found = [archived.conversation.id for archived in world.reader.read_all(wanted)]
    assert found == [name_of(3), name_of(1), name_of(2)]


def test_what_the_indexer_has_not_seen_counts_as_behind(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        counts = [world.reader.behind().conversations]
        world.receive(hook(1), hook(2), b"poison")
        counts.append(world.reader.behind().conversations)
        world.name()
        counts.append(world.reader.behind().conversations)
        world.index()
        counts.append(world.reader.behind().conversations)
        world.receive(hook(3))
        counts.append(world.reader.behind().conversations)
    assert counts == [0, 3, 2, 0, 1]


def test_an_archive_is_empty_until_its_first_hook(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        assert world.reader.hooks.newest() == (0, None)
        world.receive(b"poison")
        assert world.reader.hooks.newest()[0] == 1


@pytest.mark.parametrize(
    ("origin", "is_demo"), [("demo", True), ("hook", False), ("import", False)]
)
def test_only_what_came_from_the_demo_is_invented(
    tmp_path: Path, origin: str, *, is_demo: bool
) -> None:
    with World(tmp_path) as world:
        world.writer.append(SHORT, origin=origin).result(timeout=PATIENCE)
        world.name()
        archived = world.reader.read(name_of(1))
    assert archived is not None
    assert archived.is_demo is is_demo


def test_a_conversation_is_read_without_any_index(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        append(world.writer, [SHORT])
        world.name()
        written = msgspec.json.encode(world.conversation(name_of(1)))
        assert not (tmp_path / "index").exists()
    assert b"short" in written
