"""The protocol of engines, and the values that cross it. Nothing vendor-shaped does.

An engine holds one document per conversation. ``put`` and ``remove`` are idempotent; ``search``
gives exact totals. Every failure of an engine is an ``EngineError``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol

from msgspec import Struct

from app.search.parameters import SearchQuery
from app.search.text import VERSION as ANALYZER_VERSION
from app.search.text import Terms

DOCUMENT_VERSION: Final = "2"
"""Raise it when a document or the schema of an index changes."""
FACETS: Final = ("rating", "outcome", "country", "agent", "group", "visit")
"""Facets in the order of the page; each is named as its parameter."""
MOST_FACET_VALUES: Final = 5000
"""Values of one facet that are listed."""


class Document(Struct, frozen=True):
    """One conversation flattened for search.

    ``texts`` holds per place the terms of each text in order; a text without tokens is left out.
    ``sort_key`` orders documents totally; every keyword field has at least one value, which is
    ``none`` where the conversation has none, outcomes excepted.
    """

    id: str
    sort_key: int
    begin_ms: int
    keywords: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, tuple[Terms, ...]]


class Gone(Struct, frozen=True):
    """A conversation that a generation must not hold, though its document was put before."""

    id: str


class Hit(Struct, frozen=True):
    """A conversation that was found, and its place where results are in order of time."""

    id: str
    sort_key: int | None


class FacetValue(Struct, frozen=True):
    """A value of a facet and how many conversations have it, its own facet's choice ignored."""

    value: str
    count: int


class Bar(Struct, frozen=True):
    """One bar of the histogram: its conversations began from ``start_ms`` to before ``end_ms``."""

    start_ms: int
    end_ms: int
    count: int


class Histogram(Struct, frozen=True):
    """Conversations over time, in bars of one unit that add up to the total."""

    unit: str
    bars: tuple[Bar, ...]


class Results(Struct, frozen=True):
    """What a search found: exact total, the hits of one page, facets, histogram."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    histogram: Histogram


class Engine(Protocol):
    """One index of conversations."""

    def put(self, documents: Sequence[Document]) -> None:
        """Add documents or replace those of the same id; searchable when this returns.

        Raises ``RefusedError`` when one of them will never be taken; the others may be tried alone.
        """

    def remove(self, ids: Sequence[str]) -> None:
        """Take documents out; unknown ids are no error."""

    def search(self, query: SearchQuery) -> Results:
        """Find conversations."""

    def total(self, query: SearchQuery) -> int:
        """How many conversations a search would find; cheaper than the whole search."""

    def bars(self, query: SearchQuery, edges: Sequence[int]) -> tuple[Bar, ...]:
        """The conversations of a search by begin, one bar between each two edges.

        Edges rise and are ms since 1970; fewer than two give no bar.
        """

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> None:
        """Fill a new generation beside the present one and change over to it.

        ``expected`` is asked when ``contents`` has ended: the number of documents that the new
        generation must hold. On any failure the present generation stays and the new one goes.
        """

    def stamp(self) -> str | None:
        """The stamp of the generation that serves; None when there is none."""

    def count(self) -> int:
        """Documents in the generation that serves."""

    def tidy(self) -> None:
        """Remove what ended: generations that were replaced more than a minute ago."""


def stamp_of(archive_id: str) -> str:
    """What an index must have been built with to fit this archive and this release."""
    return f"document {DOCUMENT_VERSION}, analyzer {ANALYZER_VERSION}, archive {archive_id}"


def facet_order(counts: Mapping[str, int], chosen: Sequence[str]) -> tuple[FacetValue, ...]:
    """Values by count, then by value; chosen ones also where nothing is left of them."""
    known = {**dict.fromkeys(chosen, 0), **counts}
    listed = sorted(known.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(FacetValue(value, count) for value, count in listed)
