"""Writing through a bad connection: what comes again, what is refused, and what is never lost."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cluster_for_tests
import pytest
from elastic_world import alias_of, open_elastic
from meddler import Behaviour, Handler, Meddler, answer, error, items
from msgspec.structs import replace

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.errors import EngineError
from app.flatten import flatten
from app.search import elastic_bulk
from app.search.elastic import ElasticEngine
from app.search.engine import Document, Gone
from app.search.parameters import SearchQuery
from cluster.nodes import ask

SHORT: Final = 1.0
"""Seconds of time-out in these tests."""


@pytest.fixture(name="meddler")
def _meddler() -> Iterator[Meddler]:
    meddler = Meddler(cluster_for_tests.url())
    yield meddler
    meddler.close()


@pytest.fixture(name="engine")
def _engine(meddler: Meddler, tmp_path: Path) -> ElasticEngine:
    """An engine behind the proxy with an empty generation."""
    engine = open_elastic(tmp_path, url=meddler.url, time_out=SHORT)
    engine.rebuild([], "stamp", lambda: 0)
    return engine


def document(channel: int, text: str, change: int = 0) -> Document:
    """The document of a conversation in which one thing was said."""
    told = {
        "accountId": 1,
        "beginAt": 1_700_000_000_000 + channel,
        "channel": {"id": channel},
        "messages": [{"type": "visitor", "from": "visitor:m", "content": text}],
    }
    return flatten(read_conversation(json.dumps(told).encode()), channel, change=change)


def found(engine: ElasticEngine, text: str = "") -> list[str]:
    query = SearchQuery.from_params({"q": [text], "per_page": ["100"]}, SearchQuery().zone)
    return sorted(hit.id.split("-")[1] for hit in engine.search(query).hits)


SOME: Final = [document(1, "lantern"), document(2, "lantern"), document(3, "lantern")]


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(answer(429, error("es_rejected_execution_exception")), id="429 for all"),
        pytest.param(answer(503, error("unavailable_shards_exception")), id="503 for all"),
        pytest.param(
            items((429, "es_rejected_execution_exception"), (503, "x"), (429, "x")), id="each"
        ),
        pytest.param(
            items(*[(503, "cluster_block_exception")] * 3), id="a cluster without a master"
        ),
    ],
)
def test_what_the_server_has_no_time_for_comes_again(
    meddler: Meddler, engine: ElasticEngine, trouble: Behaviour
) -> None:
    meddler.play(trouble, trouble, on="_bulk")
    assert engine.put(SOME) == ()
    assert found(engine, "lantern") == ["1", "2", "3"]


def test_only_what_the_server_had_no_time_for_comes_again(
    meddler: Meddler, engine: ElasticEngine
) -> None:
    sent: list[int] = []

    def count(handler: Handler, body: bytes) -> None:
        sent.append(gzip.decompress(body).count(b"\n") // 2)
        meddler.pass_on(handler, body)

    def half(handler: Handler, body: bytes) -> None:
        sent.append(gzip.decompress(body).count(b"\n") // 2)
        items((201, ""), (429, "x"), (201, ""))(handler, body)

    meddler.play(half, count, on="_bulk")
    engine.put(SOME)
    assert sent == [3, 1]


def test_a_connection_that_breaks_in_the_middle_loses_and_doubles_nothing(
    meddler: Meddler, engine: ElasticEngine
) -> None:
    meddler.play(meddler.cut, on="_bulk")
    assert engine.put(SOME) == ()
    assert (found(engine, "lantern"), engine.count()) == (["1", "2", "3"], 3)


def test_a_server_that_never_has_time_is_an_error_of_the_engine(
    meddler: Meddler, engine: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_bulk, "PATIENCE", 0.5)
    meddler.always = answer(429, error("es_rejected_execution_exception"))
    with pytest.raises(EngineError, match="too much to do"):
        engine.put(SOME)


def test_a_disk_that_is_full_is_told_and_nothing_is_refused(
    meddler: Meddler, engine: ElasticEngine
) -> None:
    block = {"type": "cluster_block_exception", "reason": "disk usage exceeded flood-stage"}
    told = {"errors": True, "items": [{"index": {"status": 429, "error": block}}] * 3}
    meddler.play(answer(200, told), on="_bulk")
    with pytest.raises(EngineError, match="nearly full"):
        engine.put(SOME)


def test_an_index_that_is_read_only_is_told_and_goes_on_when_it_is_not(
    engine: ElasticEngine, tmp_path: Path
) -> None:
    settings = f"{cluster_for_tests.url()}/{alias_of(tmp_path)}/_settings"
    ask(settings, "PUT", {"index.blocks.read_only_allow_delete": True})
    with pytest.raises(EngineError, match="read-only"):
        engine.put(SOME)
    assert found(engine) == []
    ask(settings, "PUT", {"index.blocks.read_only_allow_delete": None})
    engine.put(SOME)
    assert found(engine, "lantern") == ["1", "2", "3"]


def test_a_refused_document_is_told_without_its_words_and_the_others_are_taken(
    engine: ElasticEngine,
) -> None:
    bad = replace(document(9, "secretword"), sort_key=2**70)
    (refused,) = engine.put([*SOME, bad])
    assert refused.id == bad.id
    assert "secretword" not in refused.reason
    assert "document_parsing_exception" in refused.reason
    assert found(engine) == ["1", "2", "3"]


def test_a_request_that_is_too_large_comes_in_halves(
    meddler: Meddler, engine: ElasticEngine
) -> None:
    meddler.play(answer(413, b"", is_elasticsearch=False, kind="text/plain"), on="_bulk")
    assert engine.put(SOME) == ()
    assert found(engine, "lantern") == ["1", "2", "3"]


def test_one_document_that_is_too_large_is_refused(meddler: Meddler, engine: ElasticEngine) -> None:
    meddler.play(answer(413, b"", is_elasticsearch=False, kind="text/plain"), on="_bulk")
    (refused,) = engine.put(SOME[:1])
    assert "does not take a document of" in refused.reason


def test_an_older_fold_never_overwrites_a_newer_one(engine: ElasticEngine) -> None:
    engine.put([document(1, "newer", change=7)])
    assert engine.put([document(1, "older", change=6)]) == ()
    assert (found(engine, "newer"), found(engine, "older")) == (["1"], [])


def test_what_was_removed_is_not_brought_back_by_an_older_fold(engine: ElasticEngine) -> None:
    old = document(1, "lantern", change=3)
    engine.put([old])
    engine.remove([Gone(old.id, 5)])
    engine.put([old])
    assert found(engine) == []
    engine.put([document(1, "lantern", change=6)])
    assert found(engine) == ["1"]


def test_a_bulk_that_hung_and_is_done_later_does_not_undo_what_came_after(
    meddler: Meddler, engine: ElasticEngine
) -> None:
    late: list[tuple[Handler, bytes]] = []

    def keep(handler: Handler, body: bytes) -> None:
        late.append((handler, body))
        meddler.hang(handler, body)

    meddler.play(keep, on="_bulk")
    with pytest.raises(EngineError, match="in time"):
        engine.put([document(1, "older", change=1)])
    engine.put([document(1, "newer", change=2)])
    meddler.ask(*late[0])
    assert (found(engine, "newer"), found(engine, "older")) == (["1"], [])


def test_a_filling_survives_what_passes(meddler: Meddler, engine: ElasticEngine) -> None:
    many = [document(number, "lantern " * 9000, change=number) for number in range(1, 120)]
    busy = answer(429, error("es_rejected_execution_exception"))
    calls = iter(range(1000))

    def now_and_then(handler: Handler, body: bytes) -> None:
        number = next(calls)
        meddles = "_bulk" in handler.path and number % 3 != 2
        trouble = meddler.cut if number % 2 else busy
        (trouble if meddles else meddler.pass_on)(handler, body)

    meddler.always = now_and_then
    assert engine.rebuild(many, "stamp", lambda: len(many)) == ()
    meddler.always = None
    assert engine.count() == len(many)


def test_documents_go_in_pieces_of_bytes(meddler: Meddler, engine: ElasticEngine) -> None:
    sizes: list[int] = []

    def weigh(handler: Handler, body: bytes) -> None:
        if "_bulk" in handler.path:
            sizes.append(len(gzip.decompress(body)))
        meddler.pass_on(handler, body)

    meddler.always = weigh
    plain = [document(number, f"lantern{number} " * 12_000) for number in range(40)]
    engine.rebuild(plain, "stamp", lambda: 40)
    assert len(sizes) > 3
    assert max(sizes) < elastic_bulk.PIECE * 1.1
