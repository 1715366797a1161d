"""From hooks to a searchable index, driven step by step over the embedded engine."""

from datetime import datetime
from pathlib import Path

from archive_world import BEGIN, UTC, World, append, colliding_channels, hook, name_of

from app.archive.hooks import HookReader
from app.archive.writer import HookWriter
from app.demo import bodies
from app.flatten import sort_key
from app.indexer.indexing import MOST_DOCUMENTS
from app.indexer.naming import MOST_HOOKS
from app.search.engine import stamp_of

EIGHT_MEBIBYTES = "x" * (8 * 2**20)


def test_a_hook_becomes_searchable(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(hook(1, "where is my parcel"), hook(2, "hello"))
        world.settle()
        assert world.find("parcel").ids == [name_of(1)]
        assert world.find().total == 2


def test_a_later_version_replaces_the_one_before(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(hook(1, "before", end=BEGIN + 1))
        world.settle()
        world.receive(hook(1, "after", end=BEGIN + 2))
        world.settle()
        assert world.find("before").total == 0
        assert world.find("after").ids == [name_of(1)]
        assert world.find().total == 1


def test_an_earlier_version_that_comes_late_replaces_nothing(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(hook(1, "after", end=BEGIN + 2))
        world.settle()
        world.receive(hook(1, "before", end=BEGIN + 1))
        world.settle()
        assert (world.find("after").total, world.find("before").total) == (1, 0)


def test_a_repeat_is_no_work(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(hook(1))
        world.settle()
        world.receive(hook(1))
        assert not world.indexer.name_hooks()
        assert not world.indexer.index_changes()
        assert world.find().total == 1


def test_a_burst_of_versions_is_one_change(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.index()
        world.receive(*(hook(1, f"version {n}", end=BEGIN + n) for n in range(50)))
        world.name()
        assert world.reader.state.behind() == 1
        world.index()
        assert world.find("version 49").total == 1
        assert world.find("version 48").total == 0


def test_nothing_is_to_be_done_for_an_empty_archive(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        assert not world.indexer.name_hooks()
        assert world.indexer.rebuild_if_needed()
        assert not world.indexer.rebuild_if_needed()
        assert not world.indexer.index_changes()
        assert world.find().total == 0


def test_hooks_are_named_before_there_is_an_index(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(hook(1, "early"))
        world.name()
        assert not world.indexer.index_changes()
        assert world.conversation(name_of(1)).messages[0].text == "early"
        assert world.reader.state.behind() == 1


def test_an_index_is_stamped_with_its_archive(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.settle()
        serving = world.engine.serving()
        assert serving is not None
        assert serving.stamp == stamp_of(HookReader(tmp_path).archive_id())


def test_more_hooks_than_one_transaction_takes_are_all_named(tmp_path: Path) -> None:
    count = max(MOST_HOOKS, MOST_DOCUMENTS) * 2 + 1
    with World(tmp_path) as world:
        world.index()
        world.receive(*(hook(number, f"word{number}") for number in range(count)))
        world.settle()
        assert (world.find().total, world.find(f"word{count - 1}").total) == (count, 1)
        assert world.reader.behind().conversations == 0


def test_hooks_of_many_bytes_are_all_named_and_indexed(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.index()
        world.receive(*(hook(number, padding=EIGHT_MEBIBYTES) for number in range(5)))
        world.settle()
        assert world.find().total == 5
        assert world.reader.behind().conversations == 0


def test_results_stand_in_the_order_of_time(tmp_path: Path) -> None:
    begins = [BEGIN + offset for offset in (5, 1, 4, 2, 3)]
    with World(tmp_path) as world:
        world.receive(*(hook(1, begin=begin) for begin in begins))
        world.settle()
        newest, oldest = world.find().ids, world.find(sort="oldest").ids
    assert newest == [name_of(1, begin=begin) for begin in sorted(begins, reverse=True)]
    assert oldest == newest[::-1]


def test_a_place_in_time_is_begin_and_a_hash_of_the_id(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(hook(1))
        world.settle()
        ((name, place),) = world.find().hits
    assert place == sort_key(name, BEGIN)
    assert place >> 21 == BEGIN


def test_conversations_that_collide_in_time_are_both_found(tmp_path: Path) -> None:
    one, other = colliding_channels()
    with World(tmp_path) as world:
        world.receive(hook(one), hook(other))
        world.settle()
        places = dict(world.find().hits)
    wish = sort_key(name_of(one), BEGIN)
    assert places == {name_of(one): wish, name_of(other): wish + 1}


def test_hooks_of_another_process_are_seen(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.settle()
        other = HookWriter(tmp_path)
        append(other, [hook(1, "elsewhere")])
        other.close()
        world.settle()
        assert world.find("elsewhere").total == 1


def test_the_demo_is_searchable_as_a_whole(tmp_path: Path) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    sent = list(bodies(now))
    with World(tmp_path) as world:
        world.receive(*sent)
        world.settle()
        found = world.find()
        assert found.total == len(sent)
        assert world.reader.state.quarantined() == 0
        assert sum(value.count for value in found.facets["rating"]) == len(sent)
