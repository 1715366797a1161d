"""The protocol of engines, and the values that cross it. Nothing vendor-shaped does.

An engine holds one document per conversation. ``put`` and ``remove`` are idempotent; ``search``
gives exact totals. Every failure of an engine is an ``EngineError``. A document that an engine will
never take is no failure: it is told as ``Refused``, and all others are taken.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol

from msgspec import Struct

from app.errors import EngineError
from app.search.parameters import SearchQuery
from app.search.text import VERSION as ANALYZER_VERSION

DOCUMENT_VERSION: Final = "5"
"""Raise it when a document or the schema of an index changes."""
FACETS: Final = ("rating", "outcome", "country", "language", "agent", "group", "visit")
"""Facets in the order of the page; each is named as its parameter."""
MOST_FACET_VALUES: Final = 5000
"""Values of one facet that are listed."""


class Readable(Struct, frozen=True):
    """What people read who open an index with tools of its vendor; no search of ours looks at it.

    ``transcript`` has a line a message, who said it before a colon; ``end_ms`` is the begin where
    no end was sent; names are as they were sent.
    """

    end_ms: int
    visitor: str
    email: str
    agents: tuple[str, ...]
    messages: int
    transcript: str


class Words(Struct, frozen=True, gc=False):
    """The terms of one text, of each kind with spaces between."""

    folded: str
    whole: str = ""
    singles: str = ""


class Document(Struct, frozen=True):
    """One conversation flattened for search.

    ``texts`` holds per place the words of each text in order; a text without tokens is left out.
    ``forms`` are those of the words that were said in a place, where a language is known, with
    spaces between.
    ``sort_key`` orders documents totally; the keyword field of every facet has at least one value,
    which is ``none`` where the conversation has none, outcomes excepted; ``visitor_key`` has none
    or one. ``change`` is the number of the conversation's last change: a document of a smaller one
    never replaces one of a greater.
    """

    id: str
    sort_key: int
    begin_ms: int
    keywords: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, tuple[Words, ...]]
    readable: Readable
    change: int = 0
    forms: Mapping[str, str] = {}


class Gone(Struct, frozen=True):
    """A conversation that a generation must not hold, though its document was put before.

    ``change`` is the number of the last change when it went.
    """

    id: str
    change: int = 0


class Refused(Struct, frozen=True):
    """A document that an engine will not take, today or tomorrow; ``reason`` is a sentence."""

    id: str
    reason: str


class Serving(Struct, frozen=True):
    """The generation that serves: what it was built with, and a name that no other ever has."""

    stamp: str
    generation: str


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


class Around(Struct, frozen=True):
    """Where a conversation stands among the results of a search: its place, from 1, of how many.

    ``before`` and ``after`` are the hits beside it; None at an end.
    """

    place: int
    total: int
    before: Hit | None
    after: Hit | None


class SearchEngine(Protocol):
    """The half of an engine that reads. It never waits longer than ``patience`` allows."""

    def search(self, query: SearchQuery) -> Results:
        """Find conversations."""

    def total(self, query: SearchQuery) -> int:
        """How many conversations a search would find; cheaper than the whole search."""

    def bars(self, query: SearchQuery, edges: Sequence[int]) -> tuple[Bar, ...]:
        """The conversations of a search by begin, one bar between each two edges.

        Edges rise and are ms since 1970; fewer than two give no bar.
        """

    def around(self, query: SearchQuery, sort_key: int) -> Around | None:
        """Where the conversation of a sort key stands in the order of time; None when it does not.

        Pages of the query mean nothing here.
        """

    def serving(self) -> Serving | None:
        """The generation that serves; None when there is none."""

    def check(self) -> None:
        """Raises ``EngineError`` when a search would not be answered."""


class Engine(SearchEngine, Protocol):
    """One index of conversations."""

    @property
    def put_every(self) -> float:
        """Seconds that shall lie between two puts while no backlog waits.

        Making searchable what was written costs.
        """

    def put(self, documents: Sequence[Document], *, more: bool = False) -> tuple[Refused, ...]:
        """Add documents or replace those of the same id; returns those that are refused.

        They are searchable when this returns, or, where ``more`` follow at once, soon after.
        """

    def remove(self, gone: Sequence[Gone]) -> None:
        """Take documents out; unknown ids are no error."""

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> tuple[Refused, ...]:
        """Fill a new generation beside the present one and change over to it.

        ``expected`` is asked when ``contents`` has ended: the number of documents that the new
        generation must hold, those included that are refused and returned. On any failure the
        present generation stays and the new one goes.
        """

    def count(self) -> int:
        """Documents in the generation that serves."""

    def tidy(self) -> None:
        """Remove what ended: generations that were replaced a while ago."""


def stamp_of(archive_id: str, languages: str = "") -> str:
    """What an index must have been built with to fit this archive and this release."""
    made_of = f"document {DOCUMENT_VERSION}, analyzer {ANALYZER_VERSION}, archive {archive_id}"
    return f"{made_of}, {languages}" if languages else made_of


def compare_count(held: int, refused: int, expected: int) -> None:
    """Raises ``EngineError`` when a new generation does not hold what it must."""
    if held + refused != expected:
        wanted = expected - refused
        raise EngineError(f"The new index holds {held} documents instead of {wanted}.")


def facet_order(counts: Mapping[str, int], chosen: Sequence[str]) -> tuple[FacetValue, ...]:
    """Values by count, then by value; chosen ones also where nothing is left of them."""
    known = {**dict.fromkeys(chosen, 0), **counts}
    listed = sorted(known.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(FacetValue(value, count) for value, count in listed)
