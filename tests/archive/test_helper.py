"""A second process helps to fill an index; whatever becomes of it, nothing is missing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from archive_world import BEGIN, PATIENCE, World, hook

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Visit
from app.flatten import sort_key
from app.indexer import helper as helping
from app.indexer import indexing
from app.indexer.helper import Flattening, Helper, Task, helped
from app.main import helper_command
from app.search.engine import Document, stamp_of

STAMP: Final = stamp_of("")
STARTED_BY_ANOTHER: Final = """
import sys, time
from app.indexer.helper import Helper
from app.main import helper_command
helper = Helper(helper_command, "any")
print(helper._process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The helper reads the settings of whoever started it."""
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORTAL_LANGUAGES", "off")


def test_documents_come_in_order_and_are_the_same() -> None:
    batches = _batches(12)
    with _greeted() as helper:
        found = list(Flattening(None, helper).documents(batches))
    assert found == _made_alone(batches)


def test_the_helper_makes_a_part_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _spy(monkeypatch)
    with _greeted() as helper:
        list(Flattening(None, helper).documents(_batches(12)))
    assert 1 <= len(asked) < 12
    assert all(len(tasks) >= helping.WORTH_SENDING for tasks in asked)


def test_few_conversations_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _spy(monkeypatch)
    with _greeted() as helper:
        found = list(Flattening(None, helper).documents(_batches(3, size=2)))
    assert (len(found), asked) == (6, [])


def test_texts_and_figures_of_every_kind_go_there_and_back() -> None:
    bodies = [_ugly(number) for number in range(helping.WORTH_SENDING)]
    tasks = [_task(body, number) for number, body in enumerate(bodies)]
    with _greeted() as helper:
        begun = helper.begin(tasks)
        assert begun is not None
        assert helper.finish(begun) == [task.document(None) for task in tasks]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_helper_that_is_killed_leaves_nothing_out(
    number: signal.Signals, caplog: pytest.LogCaptureFixture
) -> None:
    batches = _batches(12)
    with _greeted() as helper:
        made = Flattening(None, helper).documents(batches)
        found = [next(made)]
        os.kill(helper._process.pid, number)
        found += made
    assert found == _made_alone(batches)
    assert "The index is filled without a second process: it ended." in caplog.text


def test_a_helper_that_hangs_is_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(helping, "PATIENCE", 0.2)
    batches = _batches(6)
    with _greeted() as helper:
        os.kill(helper._process.pid, signal.SIGSTOP)
        found = list(Flattening(None, helper).documents(batches))
    assert found == _made_alone(batches)
    assert "it does not answer." in caplog.text


def test_nothing_is_taken_from_another_release(caplog: pytest.LogCaptureFixture) -> None:
    batches = _batches(6)
    with Helper(helper_command, "document 4, analyzer 1, archive ") as helper:
        _await_greeting(helper)
        found = list(Flattening(None, helper).documents(batches))
    assert found == _made_alone(batches)
    assert "it is of another release, or knows other languages" in caplog.text


def test_a_helper_that_cannot_be_started_is_done_without(
    caplog: pytest.LogCaptureFixture,
) -> None:
    batches = _batches(2)
    start = partial(Helper, lambda _: ("/nowhere/portal",), STAMP)
    with helped(start, None) as flattening:
        assert list(flattening.documents(batches)) == _made_alone(batches)
    assert "The index is filled without a second process: " in caplog.text


def test_nothing_is_left_of_a_helper_when_the_filling_ends() -> None:
    with _greeted() as helper:
        process = helper._process
        assert process.poll() is None
    assert process.poll() is not None


def test_nothing_is_left_of_a_helper_whose_indexer_was_killed() -> None:
    command = (sys.executable, "-c", STARTED_BY_ANOTHER)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as indexer:
        assert indexer.stdout is not None
        pid = int(indexer.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        indexer.kill()
    _until(lambda: not Path(f"/proc/{pid}").exists())


def test_an_index_that_was_filled_with_a_helper_holds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _spy(monkeypatch)
    monkeypatch.setattr(indexing, "HELPED_FROM", 10)
    monkeypatch.setattr(indexing, "MOST_DOCUMENTS", 60)
    with World(tmp_path, start_helper=_greeted_start) as world:
        world.index()
        world.receive(*(hook(number, f"parcel {number % 7}") for number in range(600)))
        world.settle()
        before = world.find("parcel"), world.find("3")
        assert (before[0].total, asked) == (600, [])
        world.indexer.rebuild()
        assert (world.find("parcel"), world.find("3")) == before
        assert asked
        world.receive(hook(3, "parcel again", end=BEGIN + 5000))
        world.settle()
        assert world.find("again").total == 1


@pytest.mark.parametrize(("conversations", "cores", "starts"), [(9, 2, 0), (10, 1, 0), (10, 2, 1)])
def test_a_helper_is_started_where_it_saves_time(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    conversations: int,
    cores: int,
    starts: int,
) -> None:
    started: list[str] = []
    monkeypatch.setattr(indexing, "HELPED_FROM", 10)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)

    def start(stamp: str) -> Helper:
        started.append(stamp)
        raise OSError("no")

    with World(tmp_path, start_helper=start) as world:
        world.index()
        world.receive(*(hook(number) for number in range(conversations)))
        world.settle()
        world.indexer.rebuild()
        assert world.find().total == conversations
    assert started == [STAMP] * starts


def _batches(count: int, size: int = 60) -> list[Sequence[Task]]:
    return [
        [_task(hook(number, f"word {number}"), number) for number in range(at, at + size)]
        for at in range(0, count * size, size)
    ]


def _task(body: bytes, number: int) -> Task:
    talk = read_conversation(body)
    visit = Visit.RETURNING if number % 2 else Visit.FIRST
    return Task(talk, sort_key(talk.id, BEGIN), visit, number, {"visitor": ("cs", "sk")})


def _ugly(number: int) -> bytes:
    """A conversation with every kind of value that a document tells of."""
    texts = ("Žluťoučký kůň", "日本語", "a\x00b\x1f", "\ud83d", "👍🏽", "x" * 5000, "don't 1,5", "")
    sent = [
        {"type": kind, "content": text, "sentAt": BEGIN + at, "name": "Eva", "from": "agent:1"}
        for at, (kind, text) in enumerate(
            zip(("visitor", "agent", "system", "odd") * 2, texts, strict=True)
        )
    ]
    return json.dumps(
        {
            "accountId": 208,
            "beginAt": BEGIN + number,
            "endAt": None if number % 2 else 10**18,
            "channel": {"id": f"\ud83d{number}", "rating": number % 5, "isMissed": True},
            "visitor": {"email": "A@b.c", "variables": {"k": {"label": "L", "value": 1.5}}},
            "paths": [{"url": "https://shop.example/ž", "title": "Ž"}],
            "messages": sent,
        }
    ).encode()


def _made_alone(batches: Sequence[Sequence[Task]]) -> list[Document]:
    return [task.document(None) for tasks in batches for task in tasks]


def _spy(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Task]]:
    """What a helper is asked for from here on."""
    asked: list[Sequence[Task]] = []
    ask = Helper._ask

    def asking(self: Helper, tasks: Sequence[Task]) -> Sequence[Document]:
        asked.append(tasks)
        return ask(self, tasks)

    monkeypatch.setattr(Helper, "_ask", asking)
    return asked


def _greeted_start(stamp: str) -> Helper:
    helper = Helper(helper_command, stamp)
    _await_greeting(helper)
    return helper


@contextmanager
def _greeted() -> Iterator[Helper]:
    """A helper that is ready, so that what it is given does not depend on how fast it starts."""
    with _greeted_start(STAMP) as helper:
        yield helper


def _await_greeting(helper: Helper) -> None:
    _until(helper._greeted.done)


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
