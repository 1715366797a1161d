"""The engine on Elasticsearch: one alias, behind it the generation that serves.

One process writes (the indexer), any number read. A process looks at most once a second which
generation the alias names and asks that very index, so that it never counts the conversations of
another portal. Time-outs, passwords and what goes wrong belong to ``elastic_server``.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

from msgspec import Struct

from app.errors import EngineError, NotBuiltError
from app.search.elastic_body import (
    Answer,
    bars_between,
    bars_body,
    guessed_edges,
    histogram_edges,
    read_answer,
    read_bars,
    read_total,
    results_of,
    search_body,
    total_body,
)
from app.search.elastic_bulk import Bulk
from app.search.elastic_index import (
    Layout,
    Owner,
    generation_name,
    generation_number,
    index_body,
    owner_in,
    properties,
    serving_settings,
)
from app.search.elastic_query import Body
from app.search.elastic_server import Server, UnavailableError
from app.search.engine import (
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

LOOK_EVERY: Final = 1.0
"""Seconds between two looks which generation serves."""
OLD_GENERATION_LIFE: Final = 10.0
"""Seconds that a replaced generation stays, for processes that have not looked again."""
TRIES: Final = 3
"""Times that a search is asked again because documents came in between its two requests."""
LONG: Final = 60.0
"""Seconds more for what nobody waits for: making an index, refreshing and counting it whole."""
_WHOLE: Final = {"allow_partial_search_results": "false"}
"""An answer of some shards would be a wrong total."""

_Found = TypeVar("_Found")


class _Index(Struct, frozen=True):
    """An index of ours: what it says of itself, its unique name, whether its fields are right."""

    name: str
    uuid: str
    owner: Owner
    is_right: bool


class ElasticEngine:
    """The engine over one alias of a cluster, for one archive. Safe from several threads."""

    def __init__(
        self, server: Server, alias: str, archive: str, layout: Layout | None = None
    ) -> None:
        self._server, self._alias, self._archive = server, alias, archive
        self._layout = layout or Layout()
        self._lock = threading.Lock()
        self._looked = -LOOK_EVERY
        self._known: _Index | None = None
        self._span: tuple[int, int] | None = None
        self._filled = ""
        self._replaced: dict[str, float] = {}

    @property
    def put_every(self) -> float:
        """Each put refreshes the index, which its layout allows once in so many seconds."""
        return self._layout.refresh

    def put(self, documents: Sequence[Document], *, more: bool = False) -> tuple[Refused, ...]:
        """Add or replace documents; they can be found at once, unless more follow."""
        self._present()
        refused = self._writing(documents, more=more)
        if refused and not self._look().is_right:
            raise EngineError("The index on Elasticsearch is not as the portal made it.")
        return refused

    def remove(self, gone: Sequence[Gone]) -> None:
        """Take documents out; unknown ids are no error."""
        self._present()
        self._writing(gone, more=False)

    def _writing(self, entries: Sequence[Document | Gone], *, more: bool) -> tuple[Refused, ...]:
        bulk = Bulk(self._server, self._alias, is_alias=True)
        try:
            return bulk.write(entries, refresh=not more)
        except EngineError:
            self._forget()
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

    def count(self) -> int:
        """Documents in the generation that serves."""
        return self._asking(self._count)

    def check(self) -> None:
        """Raises ``EngineError`` when the server does not answer, or has no index of ours."""
        self.count()

    def serving(self) -> Serving | None:
        """The generation that serves; None when there is none.

        One that is laid out otherwise than it shall be has no stamp that fits.
        """
        try:
            index = self._present()
        except NotBuiltError:
            return None
        fits = index.is_right and index.owner.fits(self._layout)
        return Serving(index.owner.stamp if fits else "of another layout", index.uuid)

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> tuple[Refused, ...]:
        """Fill a new generation and let it serve once its count is right; else it goes."""
        self._sweep(unfinished=True)
        name = self._begin(stamp)
        try:
            refused = Bulk(self._server, name).fill(contents)
            self._finish(name)
            compare_count(self._count(name), len(refused), expected())
            self._serve(name)
        except BaseException:
            self._discard(name)
            raise
        finally:
            self._filled = ""
            self._forget()
        return refused

    def tidy(self) -> None:
        """Delete generations that do not serve, and bring the settings of the one that does up to
        date."""
        self._sweep()
        try:
            index = self._present()
        except NotBuiltError:
            return
        self._set(index.name, serving_settings(self._layout))

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
        answer = self._server.call("POST", f"/{index}/_search", body, params=_WHOLE).body
        return _mapping(answer)

    def _asking(self, ask: Callable[[str], _Found]) -> _Found:
        """Ask the index that serves; when it went meanwhile, the one that took its place."""
        index = self._present()
        try:
            return ask(index.name)
        except UnavailableError:
            raise
        except EngineError:
            self._forget()
            if self._present().uuid == index.uuid:
                raise
        return ask(self._present().name)

    def _count(self, index: str) -> int:
        answer = self._server.call("POST", f"/{index}/_count", patience=LONG).body
        return int(_mapping(answer)["count"])

    def _present(self) -> _Index:
        """The index that serves, as it was at most a second ago."""
        with self._lock:
            fresh = time.monotonic() - self._looked < LOOK_EVERY
            known = self._known
        return known if fresh and known is not None else self._look()

    def _look(self) -> _Index:
        """Which index the alias names. Raises ``NotBuiltError`` for none."""
        found = self._indices(self._alias)
        if self._alias in found:
            raise EngineError(
                f"On Elasticsearch {self._alias} is an index that the portal did not make: "
                "choose another name at the end of PORTAL_SEARCH_URL."
            )
        if not found:
            raise NotBuiltError("The search index is not built yet.")
        if len(found) > 1:
            raise EngineError(f"On Elasticsearch {self._alias} names several indices.")
        ((name, told),) = found.items()
        index = _index(name, told, readable=self._layout.readable)
        if index is None or index.owner.archive != self._archive:
            raise EngineError(
                f"On Elasticsearch the name {self._alias} belongs to another portal: choose "
                f"another at the end of PORTAL_SEARCH_URL, or delete the index {name} there."
            )
        with self._lock:
            self._known, self._looked = index, time.monotonic()
        return index

    def _forget(self) -> None:
        """Look again before the next call."""
        with self._lock:
            self._known = None

    def _indices(self, expression: str) -> Mapping[str, Any]:
        """The indices of a name or pattern, with what they say of themselves; none for none."""
        reply = self._server.call("GET", f"/{expression}", params=_HIDDEN_TOO, may_fail=(404,))
        return {} if reply.status == 404 else _mapping(reply.body)

    def _begin(self, stamp: str) -> str:
        """Make a new, empty generation; it does not serve yet."""
        with suppress(NotBuiltError):  # the first one
            self._look()
        numbers = [generation_number(self._alias, name) for name in self._generations()]
        name = generation_name(self._alias, max(numbers, default=0) + 1)
        layout = self._layout
        owner = Owner(self._archive, stamp, shards=layout.shards, readable=layout.readable)
        self._filled = name
        self._server.call("PUT", f"/{name}", index_body(owner, layout), patience=LONG)
        return name

    def _finish(self, name: str) -> None:
        """Make everything in a filled index searchable, and set it to serve."""
        self._set(name, serving_settings(self._layout))
        self._server.call("POST", f"/{name}/_refresh", patience=LONG)

    def _serve(self, name: str) -> None:
        """Let the alias name one generation, in one step."""
        others = self._indices(self._alias)
        actions: list[Body] = [{"add": {"index": name, "alias": self._alias}}]
        actions += [{"remove": {"index": other, "alias": self._alias}} for other in others]
        self._server.call("POST", "/_aliases", {"actions": actions}, patience=LONG)
        self._replaced |= dict.fromkeys(others, time.monotonic())

    def _generations(self) -> Mapping[str, Any]:
        """All indices with a name of ours, whoever made them."""
        found = self._indices(f"{self._alias}-g*")
        return {name: told for name, told in found.items() if generation_number(self._alias, name)}

    def _sweep(self, *, unfinished: bool = False) -> None:
        """Delete what this portal made and no alias names; what was just replaced stays a while.

        ``unfinished`` takes along what was just replaced too.
        """
        long_ago = time.monotonic() - OLD_GENERATION_LIFE
        for name, told in self._generations().items():
            index = _index(name, told, readable=self._layout.readable)
            if index is None or index.owner.archive != self._archive or told.get("aliases"):
                continue
            is_fresh = self._replaced.get(name, long_ago) > long_ago
            if name != self._filled and (unfinished or not is_fresh):
                self._discard(name)

    def _discard(self, name: str) -> None:
        """Delete an index; one that cannot be deleted now goes at the next sweep."""
        try:
            self._server.call("DELETE", f"/{name}", may_fail=(404,), patience=LONG)
        except EngineError:
            return
        self._replaced.pop(name, None)

    def _set(self, name: str, settings: Mapping[str, str]) -> None:
        self._server.call("PUT", f"/{name}/_settings", dict(settings), patience=LONG)


_HIDDEN_TOO: Final = {"expand_wildcards": "all"}


def _index(name: str, told: Mapping[str, Any], *, readable: bool) -> _Index | None:
    """An index from what the server says of it; None when it is none of ours."""
    mapping = told.get("mappings", {})
    owner = owner_in(mapping)
    if owner is None:
        return None
    is_right = mapping.get("properties") == properties(readable=readable)
    return _Index(name, str(told["settings"]["index"]["uuid"]), owner, is_right)


def _mapping(body: object) -> Mapping[str, Any]:
    """An answer that must be a JSON object."""
    if not isinstance(body, dict):
        raise EngineError("Elasticsearch answered with something else than JSON.")
    return body
