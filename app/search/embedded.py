"""The embedded engine: tantivy in this process, nothing to install.

One process writes (the indexer), any number read: a reader looks at the index at most every
50 ms. User text never reaches tantivy's own query parser. A panic of tantivy is a
``BaseException``; here it becomes an ``EngineError`` like every other failure.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import tantivy
from tantivy import Query

from app.errors import EngineError, NotBuiltError
from app.search.clauses import clause_of, days_clause
from app.search.embedded_index import (
    Generation,
    Generations,
    build_schema,
    tantivy_document,
)
from app.search.embedded_query import Translator, both
from app.search.engine import (
    FACETS,
    MOST_FACET_VALUES,
    Around,
    Bar,
    Document,
    Gone,
    Histogram,
    Hit,
    Refused,
    Results,
    Serving,
    compare_count,
    facet_order,
)
from app.search.histogram import edges_within
from app.search.parameters import SearchQuery, Sort

RELOAD_EVERY: Final = 0.05
"""Seconds between two looks at what the writer has committed."""
WRITER_HEAP: Final = 64 * 1024 * 1024
"""Bytes that the writer may gather before a segment is written."""
FILLING_HEAP: Final = 128 * 1024 * 1024
"""The same while a generation is filled: of larger pieces fewer are merged."""
_PASSED_ON: Final = (KeyboardInterrupt, SystemExit, GeneratorExit)


class EmbeddedEngine:
    """The engine over one folder. Reading is safe from several threads; one thread writes."""

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)
        self._lock = threading.Lock()
        self._looked = 0.0
        self._reading: tuple[Generation, tantivy.Index] | None = None
        self._writing: tuple[Generation, tantivy.IndexWriter] | None = None

    @property
    def put_every(self) -> float:
        """None: the indexer sees for itself when commits come so fast that merges disturb."""
        return 0.0

    def put(self, documents: Sequence[Document], *, more: bool = False) -> tuple[Refused, ...]:  # noqa: ARG002
        """Add or replace documents; searchable for every reader within 50 ms."""
        with self._writing_to() as writer:
            return _refusals(_added(writer, document) for document in documents)

    def remove(self, gone: Sequence[Gone]) -> None:
        """Take documents out of the index; unknown ids are no error."""
        with self._writing_to() as writer:
            for one in gone:
                writer.delete_documents_by_term("id", one.id)

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> tuple[Refused, ...]:
        """Fill a new generation and let it serve once its count is right; else it goes."""
        with _engine_errors():
            self._generations.sweep(unfinished=True)
            path = self._generations.begin(stamp)
            try:
                held, refused = _filled(path, contents)
                compare_count(held, len(refused), expected())
                self._generations.serve(path)
            except BaseException:
                self._generations.discard(path)
                raise
        self._writing = None
        self._looked = 0.0
        return refused

    def serving(self) -> Serving | None:
        """The generation that serves; None when there is none."""
        return self._generations.serving()

    def count(self) -> int:
        """Documents in the generation that serves."""
        with _engine_errors():
            return self._index().searcher().num_docs

    def check(self) -> None:
        """Raises ``EngineError`` when the index cannot be read."""
        self.count()

    def search(self, query: SearchQuery) -> Results:
        """One page of results with exact total, facets and histogram."""
        with _engine_errors():
            index = self._index()
            return _Search(index.searcher(), index.schema, query).results()

    def total(self, query: SearchQuery) -> int:
        """How many conversations a search would find."""
        with _engine_errors():
            index = self._index()
            return _Search(index.searcher(), index.schema, query).total()

    def bars(self, query: SearchQuery, edges: Sequence[int]) -> tuple[Bar, ...]:
        """The conversations of a search by begin, one bar between each two edges."""
        with _engine_errors():
            index = self._index()
            return _Search(index.searcher(), index.schema, query).bars(edges)

    def around(self, query: SearchQuery, sort_key: int) -> Around | None:
        """Where the conversation of a sort key stands in the order of time."""
        with _engine_errors():
            index = self._index()
            return _Search(index.searcher(), index.schema, query).around(sort_key)

    def clear(self) -> None:
        """Delete the whole index."""
        self._generations.clear()

    def tidy(self) -> None:
        """Delete generations that ended more than a minute ago."""
        self._generations.sweep()

    @contextmanager
    def _writing_to(self) -> Iterator[tantivy.IndexWriter]:
        """The writer, committed at the end; after a failure it is dead and a new one follows."""
        with _engine_errors():
            try:
                writer = self._writer()
                yield writer
                writer.commit()
            except BaseException:
                self._writing = None
                raise
        self._looked = 0.0

    def _writer(self) -> tantivy.IndexWriter:
        serving = self._serving()
        if self._writing is None or self._writing[0] != serving:
            index = tantivy.Index.open(str(serving.path))
            self._writing = (serving, index.writer(heap_size=WRITER_HEAP, num_threads=1))
        return self._writing[1]

    def _serving(self) -> Generation:
        serving = self._generations.current()
        if serving is None:
            raise NotBuiltError("The search index is not built yet.")
        return serving

    def _index(self) -> tantivy.Index:
        """The index as it was committed at most 50 ms ago."""
        with self._lock:
            now = time.monotonic()
            if self._reading is None or now - self._looked >= RELOAD_EVERY:
                serving = self._serving()
                if self._reading is None or self._reading[0] != serving:
                    self._reading = (serving, tantivy.Index.open(str(serving.path)))
                _reload(self._reading[1])
                self._looked = now
            return self._reading[1]


def _reload(index: tantivy.Index) -> None:
    """See what was committed since. Where the lock of that cannot be written, as on a disk that
    became read-only, what was seen before goes on serving."""
    try:
        index.reload()
    except ValueError as error:
        if "Failed to acquire Lockfile" not in str(error):
            raise


@contextmanager
def _engine_errors() -> Iterator[None]:
    """Whatever tantivy raises, its panics too, as an ``EngineError``."""
    try:
        yield
    except (EngineError, *_PASSED_ON):
        raise
    except BaseException as error:
        raise EngineError(f"The search engine failed: {type(error).__name__}: {error}") from error


def _added(
    writer: tantivy.IndexWriter, document: Document, *, replacing: bool = True
) -> Refused | None:
    """Add or replace one document; a document whose values tantivy cannot take is refused."""
    try:
        shaped = tantivy_document(document)
    except (ValueError, TypeError, OverflowError) as error:
        return Refused(document.id, f"The search engine refused {document.id}: {error}.")
    if replacing:
        writer.delete_documents_by_term("id", document.id)
    writer.add_document(shaped)
    return None


def _refusals(outcomes: Iterable[Refused | None]) -> tuple[Refused, ...]:
    return tuple(outcome for outcome in outcomes if outcome is not None)


def _filled(path: Path, contents: Iterable[Document | Gone]) -> tuple[int, tuple[Refused, ...]]:
    """Fill a generation's folder; how many documents it then holds, and which were refused.

    A document that is refused after an earlier version of it was taken takes that along: a
    generation never holds what is no longer so.
    """
    index = tantivy.Index(build_schema(), path=str(path))
    writer = index.writer(heap_size=FILLING_HEAP, num_threads=1)
    refused: dict[str, Refused] = {}
    given: set[int] = set()  # by their hashes: two of one hash cost only a needless look
    for entry in contents:
        refused.pop(entry.id, None)
        replacing = hash(entry.id) in given
        given.add(hash(entry.id))
        outcome = None if isinstance(entry, Gone) else _added(writer, entry, replacing=replacing)
        if outcome is not None:
            refused[entry.id] = outcome
        if isinstance(entry, Gone) or outcome is not None:
            writer.delete_documents_by_term("id", entry.id)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index.searcher().num_docs, tuple(refused.values())


class _Search:
    """One search: the query translated once, then asked for hits, facets and histogram."""

    def __init__(
        self, searcher: tantivy.Searcher, schema: tantivy.Schema, query: SearchQuery
    ) -> None:
        self._searcher = searcher
        self._translate = Translator(schema)
        self._asked = query
        self._query = self._translate(clause_of(query))

    def results(self) -> Results:
        open_facets = [name for name in FACETS if not self._asked.chosen(name)]
        wanted = {name: _values_of(name) for name in open_facets}
        counts = self._aggregate(self._query, wanted | _SPAN)
        facets = {name: _counts(counts[name]) for name in open_facets}
        for name in FACETS:
            if name not in facets:
                facets[name] = self._counts_without_own_filter(name)
        total, hits = self._found()
        return Results(
            total=total,
            hits=hits,
            facets={name: facet_order(facets[name], self._asked.keywords(name)) for name in FACETS},
            histogram=self._histogram(counts, total),
        )

    def total(self) -> int:
        """The exact number of documents that match."""
        found = self._searcher.search(self._query, limit=1, count=True)
        return int(found.count)  # type: ignore[attr-defined]

    def around(self, sort_key: int) -> Around | None:
        """Who stands before and behind a place, and how many; None when nobody stands there."""
        oldest_first = self._asked.sort is Sort.OLDEST
        ahead, before = self._side(sort_key, Sort.NEWEST if oldest_first else Sort.OLDEST)
        behind, after = self._side(sort_key, Sort.OLDEST if oldest_first else Sort.NEWEST)
        total = self.total()
        return Around(ahead + 1, total, before, after) if ahead + 1 + behind == total else None

    def _side(self, sort_key: int, sort: Sort) -> tuple[int, Hit | None]:
        """How many stand behind a place in an order, and the nearest of them."""
        found = self._searcher.search(
            both(self._query, self._translate.beyond(sort_key, sort)),
            limit=1,
            count=True,
            order_by_field="sort_key",
            order=tantivy.Order.Asc if sort is Sort.OLDEST else tantivy.Order.Desc,
        )
        hits = self._hits(found, by_time=True)
        return int(found.count), hits[0] if hits else None  # type: ignore[attr-defined]

    def _hits(self, found: tantivy.SearchResult, *, by_time: bool) -> tuple[Hit, ...]:
        return tuple(
            Hit(str(self._searcher.doc(address).get_first("id")), place if by_time else None)
            for place, address in found.hits
        )

    def _found(self) -> tuple[int, tuple[Hit, ...]]:
        asked = self._asked
        query = self._query
        if asked.after is not None:
            query = both(query, self._translate.beyond(asked.after, asked.sort))
        by_time = asked.is_by_time
        found = self._searcher.search(
            query,
            limit=asked.per_page,
            offset=(asked.page - 1) * asked.per_page,
            count=asked.after is None,
            order_by_field="sort_key" if by_time else None,
            order=tantivy.Order.Asc if asked.sort is Sort.OLDEST else tantivy.Order.Desc,
        )
        hits = self._hits(found, by_time=by_time)
        total = self.total() if asked.after is not None else int(found.count)  # type: ignore[attr-defined]
        return total, hits

    def _counts_without_own_filter(self, name: str) -> dict[str, int]:
        query = self._translate(clause_of(self._asked, leaving_out=name))
        return _counts(self._aggregate(query, {name: _values_of(name)})[name])

    def _histogram(self, counts: Mapping[str, Any], total: int) -> Histogram:
        if not total:
            return Histogram("day", ())
        first, last = int(counts["first"]["value"]), int(counts["last"]["value"])
        asked = self._asked
        days = days_clause(asked.since, asked.until, asked.zone)
        unit, edges = edges_within(first, last, days.since, days.until, asked.zone)
        return Histogram(unit, self.bars(edges))

    def bars(self, edges: Sequence[int]) -> tuple[Bar, ...]:
        """Counts between each two edges; none of fewer than two."""
        ranges = [{"from": low, "to": high} for low, high in pairwise(edges)]
        if not ranges:
            return ()
        found = self._aggregate(
            self._query, {"bars": {"range": {"field": "begin", "ranges": ranges}}}
        )
        held = {
            int(bar["from"]): bar["doc_count"] for bar in found["bars"]["buckets"] if "from" in bar
        }
        return tuple(Bar(low, high, held.get(low, 0)) for low, high in pairwise(edges))

    def _aggregate(self, query: Query, wanted: Mapping[str, object]) -> dict[str, Any]:
        return self._searcher.aggregate(query, dict(wanted))


_SPAN: Final[dict[str, dict[str, object]]] = {
    "first": {"min": {"field": "begin"}},
    "last": {"max": {"field": "begin"}},
}


def _values_of(name: str) -> dict[str, object]:
    return {"terms": {"field": name, "size": MOST_FACET_VALUES}}


def _counts(found: Mapping[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}
