"""Engines that fail, for the tests of the indexer: each hands on to a real one, until it does not.

They stand in for an engine that is down, slow, or refuses; what they pass on is real.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

from archive_world import PATIENCE

from app.errors import EngineError, RefusedError
from app.search.engine import Bar, Document, Engine, Gone, Results
from app.search.parameters import SearchQuery


class Passing:
    """An engine that hands everything on."""

    def __init__(self, real: Engine) -> None:
        self.real = real

    def put(self, documents: Sequence[Document]) -> None:
        self.real.put(documents)

    def remove(self, ids: Sequence[str]) -> None:
        self.real.remove(ids)

    def search(self, query: SearchQuery) -> Results:
        return self.real.search(query)

    def total(self, query: SearchQuery) -> int:
        return self.real.total(query)

    def bars(self, query: SearchQuery, edges: Sequence[int]) -> tuple[Bar, ...]:
        return self.real.bars(query, edges)

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> None:
        self.real.rebuild(contents, stamp, expected)

    def stamp(self) -> str | None:
        return self.real.stamp()

    def count(self) -> int:
        return self.real.count()

    def tidy(self) -> None:
        self.real.tidy()


class Down(Passing):
    """An engine that fails at every writing while ``is_down``."""

    is_down = False

    def put(self, documents: Sequence[Document]) -> None:
        self._fail()
        super().put(documents)

    def remove(self, ids: Sequence[str]) -> None:
        self._fail()
        super().remove(ids)

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> None:
        self._fail()
        super().rebuild(contents, stamp, expected)

    def _fail(self) -> None:
        if self.is_down:
            raise EngineError("The engine is down.")


class KilledError(Exception):
    """The process ended here."""


class KilledAfterPut(Passing):
    """An engine whose process is killed as soon as it has put, as often as ``kills`` says."""

    kills = 0

    def put(self, documents: Sequence[Document]) -> None:
        super().put(documents)
        if self.kills:
            self.kills -= 1
            raise KilledError


class KilledWhileFilling(Passing):
    """An engine that fails at the document ``at`` of a rebuild, as long as that is a number."""

    at: int | None = None

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> None:
        super().rebuild(self._until(contents), stamp, expected)

    def _until(self, contents: Iterable[Document | Gone]) -> Iterator[Document | Gone]:
        for number, document in enumerate(contents):
            if number == self.at:
                raise KilledError
            yield document


class Refusing(Passing):
    """An engine that takes no batch with one of ``ids`` in it."""

    ids: frozenset[str] = frozenset()

    def put(self, documents: Sequence[Document]) -> None:
        if self.ids & {document.id for document in documents}:
            raise RefusedError("The engine refused a document.")
        super().put(documents)


class Hanging(Passing):
    """An engine whose ``put`` does not come back before it is let go."""

    def __init__(self, real: Engine) -> None:
        super().__init__(real)
        self.hangs = threading.Event()
        self.let_go = threading.Event()

    def put(self, documents: Sequence[Document]) -> None:
        self.hangs.set()
        self.let_go.wait(PATIENCE)
        super().put(documents)


def _nothing(_number: int) -> None:
    return None


class Watched(Passing):
    """An engine that says how far a rebuild is: before each document, and before the counting."""

    def __init__(self, real: Engine) -> None:
        super().__init__(real)
        self.before_document: Callable[[int], None] = _nothing
        self.before_counting: Callable[[], None] = lambda: None

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> None:
        def count() -> int:
            self.before_counting()
            return expected()

        super().rebuild(self._watch(contents), stamp, count)

    def _watch(self, contents: Iterable[Document | Gone]) -> Iterator[Document | Gone]:
        for number, document in enumerate(contents):
            self.before_document(number)
            yield document
