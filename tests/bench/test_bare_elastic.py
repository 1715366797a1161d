"""The controls on Elasticsearch: bodies cut as the engine cuts them, searches as it asks them."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import cluster_for_tests
import pytest
from elastic_world import REFRESH

from app.archive.writer import HookWriter
from app.indexer import Indexer
from app.search.elastic_index import Layout, bulk_lines
from app.search.embedded import EmbeddedEngine
from app.search.engine import Bar, Document, Gone, Histogram, Refused, Results
from app.search.parameters import SearchQuery
from bench.bare_bulk import fill_bare, keep_bodies, pieces
from bench.bare_search import FOUND_IN, found_after, search_request
from bench.conversations import bodies
from bench.measure_elastic import asks_again
from cluster.nodes import ask

CONVERSATIONS = 12
LAYOUT = Layout(refresh=REFRESH, replicas=0)


class Listening(EmbeddedEngine):
    """An engine that remembers what it was to be rebuilt from."""

    given: tuple[Document | Gone, ...] = ()

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> tuple[Refused, ...]:
        """Rebuild as ever."""
        self.given = tuple(contents)
        return super().rebuild(self.given, stamp, expected)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Listening]:
    """An archive of some conversations that is indexed, and what its index was made of."""
    folder = tmp_path_factory.mktemp("archive")
    writer = HookWriter(folder)
    for body in bodies(1, CONVERSATIONS, 100):
        writer.append(body).result(20)
    writer.close()
    engine = Listening(folder / "index")
    indexer = Indexer(folder, engine)
    while indexer.name_hooks():
        pass
    indexer.rebuild()
    indexer.rebuild()  # the first one has noted who came again
    indexer.stop()
    indexer.run()
    return folder, engine


def test_kept_bodies_are_those_of_a_rebuild(
    archive: tuple[Path, Listening], tmp_path: Path
) -> None:
    folder, engine = archive
    kept = keep_bodies(folder, tmp_path / "bodies")
    sent = b"".join(path.read_bytes() for path in sorted((tmp_path / "bodies").iterdir()))
    assert sent == b"".join(line.body for line in bulk_lines(engine.given))
    assert (kept.documents, kept.bytes) == (CONVERSATIONS, len(sent))


def test_a_bare_bulk_fills_an_index(archive: tuple[Path, Listening], tmp_path: Path) -> None:
    url, index = cluster_for_tests.url(), f"bare-{tmp_path.name.lower()}"
    keep_bodies(archive[0], tmp_path / "bodies")
    try:
        assert fill_bare(url, index, tmp_path / "bodies", LAYOUT) > 0
        assert ask(f"{url}/{index}/_count")["count"] == CONVERSATIONS
    finally:
        ask(f"{url}/{index}", "DELETE")


def test_a_body_that_is_refused_is_no_figure(tmp_path: Path) -> None:
    url, index = cluster_for_tests.url(), f"bare-{tmp_path.name.lower()}"
    folder = tmp_path / "bodies"
    folder.mkdir()
    (folder / "000000").write_bytes(b'{"index":{"_id":"1"}}\n{"unknown":1}\n')
    try:
        with pytest.raises(RuntimeError, match='"errors":true'):
            fill_bare(url, index, folder, LAYOUT)
    finally:
        ask(f"{url}/{index}", "DELETE")


def test_a_bare_document_is_found_after_a_refresh() -> None:
    url = cluster_for_tests.url()
    assert all(0 < late < 20_000 for late in found_after(url, LAYOUT, 2))
    assert FOUND_IN not in ask(f"{url}/_settings")


@pytest.mark.parametrize(
    ("lines", "bodies"),
    [
        ((), []),
        ((b"aa", b"bb", b"cc"), [b"aabb", b"cc"]),
        ((b"aaaaaaa", b"b"), [b"aaaaaaa", b"b"]),
        ((b"aaa", b"bb", b"c"), [b"aaa", b"bbc"]),
    ],
)
def test_bodies_hold_as_many_lines_as_they_may(lines: Sequence[bytes], bodies: list[bytes]) -> None:
    assert list(pieces(lines, 4)) == bodies


def _span(*days: int) -> tuple[int, int]:
    first, last = (int(datetime(2026, 1, day, tzinfo=UTC).timestamp() * 1000) for day in days)
    return first, last


def test_a_bare_search_is_the_engines_first_request() -> None:
    request = search_request("shop", SearchQuery(), _span(1, 20))
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /shop/_search?allow_partial_search_results=false HTTP/1.1\r\n")
    assert b"Connection: close" not in head
    asked = json.loads(body)
    assert asked["track_total_hits"] is True
    assert asked["aggs"]["bars"]["date_range"]["ranges"]


def _found(*bars: Bar) -> Results:
    return Results(sum(bar.count for bar in bars), (), {}, Histogram("day", bars))


DAY = 24 * 3600 * 1000
FIRST = _span(1, 1)[0]


def test_bars_that_were_guessed_are_not_asked_for_again() -> None:
    bars = [Bar(FIRST + n * DAY, FIRST + (n + 1) * DAY, 1) for n in range(3, 9)]
    assert not asks_again(SearchQuery(), _span(1, 20), _found(*bars))


def test_bars_of_another_width_are_asked_for_again() -> None:
    bar = Bar(FIRST, FIRST + DAY // 24, 1)
    assert asks_again(SearchQuery(), _span(1, 20), _found(bar))


def test_nothing_found_is_not_asked_for_again() -> None:
    assert not asks_again(SearchQuery(), _span(1, 20), _found())
