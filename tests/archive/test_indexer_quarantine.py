"""Hooks that cannot be read: kept with a reason, replayable, and in nobody's way."""

import hashlib
import json
from pathlib import Path

import pytest
from archive_world import BEGIN, World, ask_file, bodies_in, hook, name_of
from broken_engines import Refusing

from app.archive.requests import ask
from app.archive.state_reader import StateReader
from app.errors import EngineError
from app.search.embedded import EmbeddedEngine

POISON = (
    # a body with a place for a number, a part of its reason
    (b'{"accountId":208,"cut":%d', "not JSON"),
    (b"form=%d", "not JSON"),
    (b"\xff\x00\xfe%d", "not JSON"),
    (b"[%d]", "no object"),
    (b'"%d"', "no object"),
    (b'{"n":%d}', "accountId is not sent"),
    (b'{"accountId":208,"channel":%d,"beginAt":1}', "channel.id is not sent"),
    (b'{"accountId":true,"channel":{"id":%d},"beginAt":1}', "accountId is true or false"),
    (b'{"accountId":208,"channel":{"id":%d},"beginAt":NaN}', "beginAt is not sent"),
    (b"[" * 50_000 + b"%d" + b"]" * 50_000, "nested deeper"),
)
POISONED = [(body % number, reason) for number in range(10) for body, reason in POISON]


def test_poison_is_quarantined_and_the_good_is_found(tmp_path: Path) -> None:
    good = [hook(number, f"good{number}") for number in range(300)]
    with World(tmp_path) as world:
        for number, body in enumerate(good):
            world.receive(body, *([POISONED[number // 3][0]] if number % 3 == 0 else []))
        world.settle()
        assert len(bodies_in(tmp_path)) == 400
        assert world.find().total == 300
        assert world.find("good299").ids == [name_of(299)]
        assert world.reader.behind().conversations == 0
        reasons = {entry.hook: entry.reason for entry in world.reader.state.quarantine()}
    assert len(reasons) == 100
    assert reasons == _reasons_wanted(tmp_path, reasons)


def test_every_reason_is_of_the_kind_unreadable(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(*(body for body, _ in POISONED[:10]), b"")
        world.settle()
        assert {entry.kind for entry in world.reader.state.quarantine()} == {"unreadable"}
        assert world.reader.state.quarantined() == 11


def test_an_empty_body_is_a_hook_too(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(b"", b"")
        world.settle()
        (entry,) = world.reader.state.quarantine()
    assert entry.reason == "The body is empty."
    assert ask_file(tmp_path, "SELECT body, repeats FROM hooks") == [(b"", 1)]


def test_only_the_readable_hooks_of_a_conversation_count(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(hook(1, "readable"), hook(1, "cut", end=BEGIN + 9)[:-1])
        world.settle()
        archived = world.reader.read(name_of(1))
        assert world.find("readable").total == 1
    assert archived is not None
    assert len(archived.hooks) == 1


def test_a_hook_that_was_mended_is_read_by_a_replay(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        (broken, _) = world.receive(hook(1, "mended")[:-1], b"hopeless")
        world.settle()
        assert world.find("mended").total == 0
        _mend(tmp_path, broken.number, hook(1, "mended"))
        ask(tmp_path, "replay")
        world.settle()
        assert world.find("mended").ids == [name_of(1)]
        assert [entry.hook for entry in world.reader.state.quarantine()] == [2]


def test_a_replayed_hook_is_one_more_version_of_its_conversation(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        later = hook(1, "later", end=BEGIN + 9)
        (broken, _) = world.receive(later[:-1], hook(1, "earlier", end=BEGIN + 1))
        world.settle()
        _mend(tmp_path, broken.number, later)
        ask(tmp_path, "replay")
        world.settle()
        assert (world.find("later").total, world.find("earlier").total) == (1, 0)
        assert world.find().total == 1


def test_a_replay_is_carried_out_once(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(b"poison")
        world.settle()
        ask(tmp_path, "replay")
        assert world.indexer.name_hooks()
        assert not world.indexer.name_hooks()


def test_a_replay_without_a_mend_changes_nothing(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(*(body for body, _ in POISONED[:10]), hook(1))
        world.settle()
        before = world.reader.state.quarantine()
        ask(tmp_path, "replay")
        world.settle()
        assert world.reader.state.quarantine() == before
        assert world.find().total == 1


def test_a_request_that_nobody_knows_is_passed_over(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        ask(tmp_path, "dance")
        world.receive(hook(1))
        world.settle()
        assert world.find().total == 1
        assert not world.indexer.name_hooks()


def test_a_quarantine_grows_back_with_the_state(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(*(body for body, _ in POISONED), hook(1))
        world.settle()
        before = world.reader.state.quarantine()
    for file in tmp_path.glob("state.db*"):
        file.unlink()
    with World(tmp_path) as world:
        world.settle()
    assert StateReader(tmp_path).quarantine() == before


@pytest.mark.parametrize("first", ["rebuild", "changes"])
def test_a_body_nested_at_the_limit_holds_up_no_other(tmp_path: Path, first: str) -> None:
    with World(tmp_path) as world:
        if first == "changes":
            world.index()
        world.receive(
            *(_nested(depth) for depth in (*range(95, 105), *range(800, 1000))), hook(1, "good")
        )
        world.settle()
        assert world.find("good").total == 1
        assert world.reader.behind().conversations == 0


def test_a_document_that_an_engine_refuses_holds_up_no_other(tmp_path: Path) -> None:
    engine = Refusing(EmbeddedEngine(tmp_path / "index"))
    with World(tmp_path, engine) as world:
        world.index()
        engine.ids = frozenset({name_of(2)})
        world.receive(hook(1), hook(2), hook(3))
        world.name()
        for _ in range(5):
            try:
                world.indexer.index_changes()
            except EngineError:
                continue
        assert set(world.find().ids) == {name_of(1), name_of(3)}
        assert [entry.kind for entry in world.reader.state.quarantine()] == ["refused"]
        assert world.reader.read(name_of(2)) is not None


def _reasons_wanted(data_dir: Path, seen: dict[int, str]) -> dict[int, str]:
    """The reasons that were seen, each only where it has the words that its body deserves."""
    words = {hashlib.sha256(body).digest(): part for body, part in POISONED}
    rows = ask_file(data_dir, "SELECT number, digest FROM hooks")
    parts = {number: words[digest] for number, digest in rows if digest in words}
    return {number: reason for number, reason in seen.items() if parts.get(number, "\0") in reason}


def _mend(data_dir: Path, number: int, body: bytes) -> None:
    """What somebody does by hand with a hook of the quarantine."""
    ask_file(
        data_dir,
        "UPDATE hooks SET body = ?, digest = ? WHERE number = ?",
        (body, hashlib.sha256(body).digest(), number),
    )


def _nested(depth: int) -> bytes:
    sent = json.loads(hook(depth, "nested"))
    whole = json.dumps({**sent, "x": "here"}).encode()
    return whole.replace(b'"here"', b"[" * depth + b"]" * depth)
