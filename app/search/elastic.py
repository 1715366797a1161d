"""The engine on Elasticsearch: one alias, behind it the generation that serves.

One process writes (the indexer), any number read. A process looks at most once a second which
generation the alias names and asks that very index, so that it never counts the conversations of
another portal. Time-outs, passwords and what goes wrong belong to ``elastic_server``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from app.errors import EngineError, NotBuiltError
from app.search.elastic_body import (
    Answer,
    around_body,
    bars_between,
    bars_body,
    guessed_edges,
    histogram_edges,
    read_answer,
    read_around,
    read_bars,
    read_total,
    results_of,
    search_body,
    total_body,
)
from app.search.elastic_bulk import Bulk
from app.search.elastic_generations import Generations
from app.search.elastic_index import Layout
from app.search.elastic_query import Body
from app.search.elastic_server import Server, mapping_in
from app.search.elastic_words import UnavailableError
from app.search.engine import (
    Around,
    Bar,
    Document,
    Gone,
    Histogram,
    Refused,
    Results,
    Serving,
    compare_count,
)
from app.search.parameters import SearchQuery

TRIES: Final = 3
"""Times that a search is asked again because documents came in between its two requests."""
_WHOLE: Final = {"allow_partial_search_results": "false"}
"""An answer of some shards would be a wrong total."""

_Found = TypeVar("_Found")


class ElasticEngine:
    """The engine over one alias of a cluster, for one archive. Safe from several threads."""

    def __init__(
        self, server: Server, alias: str, archive: str, layout: Layout | None = None
    ) -> None:
        self._server, self._alias = server, alias
        self._layout = layout or Layout()
        self._generations = Generations(server, alias, archive, self._layout)
        self._span: tuple[int, int] | None = None

    @property
    def put_every(self) -> float:
        """Each put refreshes the index, which its layout allows once in so many seconds."""
        return self._layout.refresh

    def put(self, documents: Sequence[Document], *, more: bool = False) -> tuple[Refused, ...]:
        """Add or replace documents; they can be found at once, unless more follow."""
        self._generations.present()
        refused = self._writing(documents, more=more)
        if refused and not self._generations.look().is_right:
            raise EngineError("The index on Elasticsearch is not as the portal made it.")
        return refused

    def remove(self, gone: Sequence[Gone]) -> None:
        """Take documents out; unknown ids are no error."""
        self._generations.present()
        self._writing(gone, more=False)

    def _writing(self, entries: Sequence[Document | Gone], *, more: bool) -> tuple[Refused, ...]:
        bulk = Bulk(self._server, self._alias, is_alias=True)
        try:
            return bulk.write(entries, refresh=not more)
        except EngineError:
            self._generations.forget()
            raise

    def search(self, query: SearchQuery) -> Results:
        """One page of results with exact total, facets and histogram."""
        return self._asking(lambda index: self._search(index, query))

    def total(self, query: SearchQuery) -> int:
        """How many conversations a search would find."""
        return self._asking(lambda index: read_total(self._ask(index, total_body(query))))

    def bars(self, query: SearchQuery, edges: Sequence[int]) -> tuple[Bar, ...]:
        """The conversations of a search by begin, one bar between each two edges."""
        if len(edges) < 2:
            return ()
        return self._asking(lambda index: read_bars(self._ask(index, bars_body(query, edges))))

    def around(self, query: SearchQuery, sort_key: int) -> Around | None:
        """Where the conversation of a sort key stands in the order of time."""
        body = around_body(query, sort_key)
        return self._asking(lambda index: read_around(self._ask(index, body)))

    def count(self) -> int:
        """Documents in the generation that serves."""
        return self._asking(self._generations.count)

    def check(self) -> None:
        """Raises ``EngineError`` when the server does not answer, or has no index of ours."""
        self.count()

    def serving(self) -> Serving | None:
        """The generation that serves; None when there is none.

        One that is laid out otherwise than it shall be has no stamp that fits.
        """
        try:
            index = self._generations.present()
        except NotBuiltError:
            return None
        stamp = index.owner.stamp if index.fits(self._layout) else "of another layout"
        return Serving(stamp, index.uuid)

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> tuple[Refused, ...]:
        """Fill a new generation and let it serve once its count is right; else it goes."""
        self._generations.sweep(unfinished=True)
        name = self._generations.begin(stamp)
        try:
            refused = Bulk(self._server, name).fill(contents)
            held = self._generations.finish(name)
            compare_count(held, len(refused), expected())
            self._generations.serve(name)
        except BaseException:
            self._generations.discard(name)
            raise
        finally:
            self._generations.end_filling()
        return refused

    def tidy(self) -> None:
        """Delete generations that ended, and set the one that serves as it shall be now."""
        self._generations.sweep()
        self._generations.adjust()

    def _search(self, index: str, query: SearchQuery) -> Results:
        span = self._span
        for _ in range(TRIES):
            asked = guessed_edges(query, span)
            answer = read_answer(query, self._ask(index, search_body(query, asked)))
            if query.node is None and not query.is_filtered:
                self._span = answer.span
            unit, edges = histogram_edges(query, answer.span)
            bars = self._bars(index, query, answer, edges)
            if sum(bar.count for bar in bars) == answer.total:
                break
            span = answer.span
        return results_of(query, answer, Histogram(unit, bars))

    def _bars(
        self, index: str, query: SearchQuery, answer: Answer, edges: Sequence[int]
    ) -> tuple[Bar, ...]:
        """The bars of an answer; asked for alone where its guess at their edges was wrong."""
        bars = bars_between(answer.bars, edges)
        if bars is None:
            return read_bars(self._ask(index, bars_body(query, edges)))
        return bars

    def _ask(self, index: str, body: Body) -> Mapping[str, Any]:
        answer = self._server.call("POST", f"/{index}/_search", body, params=_WHOLE)
        return mapping_in(answer.body)

    def _asking(self, ask: Callable[[str], _Found]) -> _Found:
        """Ask the index that serves; when it went meanwhile, the one that took its place."""
        index = self._generations.present()
        try:
            return ask(index.name)
        except UnavailableError:
            raise
        except EngineError:
            self._generations.forget()
            successor = self._generations.present()
            if successor.uuid == index.uuid:
                raise
        return ask(successor.name)
