"""Engines that fail, for the tests of the indexer: each hands on to a real one, until it does not.

They stand in for an engine that is down, slow, or refuses; what they pass on is real.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

from archive_world import PATIENCE

from app.errors import EngineError
from app.search.engine import Around, Bar, Document, Engine, Gone, Refused, Results, Serving
from app.search.parameters import SearchQuery


class Passing:
    """An engine that hands everything on."""

    def __init__(self, real: Engine) -> None:
        self.real = real

    @property
    def put_every(self) -> float:
        return self.real.put_every

    def put(self, documents: Sequence[Document], *, more: bool = False) -> tuple[Refused, ...]:
        return self.real.put(documents, more=more)

    def remove(self, gone: Sequence[Gone]) -> None:
        self.real.remove(gone)

    def search(self, query: SearchQuery) -> Results:
        return self.real.search(query)

    def total(self, query: SearchQuery) -> int:
        return self.real.total(query)

    def bars(self, query: SearchQuery, edges: Sequence[int]) -> tuple[Bar, ...]:
        return self.real.bars(query, edges)

    def around(self, query: SearchQuery, sort_key: int) -> Around | None:
        return self.real.around(query, sort_key)

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> tuple[Refused, ...]:
        return self.real.rebuild(contents, stamp, expected)

    def serving(self) -> Serving | None:
        return self.real.serving()

    def check(self) -> None:
        self.real.check()

    def count(self) -> int:
        return self.real.count()

    def tidy(self) -> None:
        self.real.tidy()


class Down(Passing):
    """An engine that fails at every writing while ``is_down``."""

    is_down = False

    def put(self, documents: Sequence[Document], *, more: bool = False) -> tuple[Refused, ...]:
        self._fail()
        return super().put(documents, more=more)

    def remove(self, gone: Sequence[Gone]) -> None:
        self._fail()
        super().remove(gone)

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> tuple[Refused, ...]:
        self._fail()
        return super().rebuild(contents, stamp, expected)

    def _fail(self) -> None:
        if self.is_down:
            raise EngineError("The engine is down.")


class KilledError(Exception):
    """The process ended here."""


class KilledAfterPut(Passing):
    """An engine whose process is killed as soon as it has put, as often as ``kills`` says."""

    kills = 0

    def put(self, documents: Sequence[Document], *, more: bool = False) -> tuple[Refused, ...]:
        refused = super().put(documents, more=more)
        if self.kills:
            self.kills -= 1
            raise KilledError
        return refused


class KilledWhileFilling(Passing):
    """An engine that fails at the document ``at`` of a rebuild, as long as that is a number."""

    at: int | None = None

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> tuple[Refused, ...]:
        return super().rebuild(self._until(contents), stamp, expected)

    def _until(self, contents: Iterable[Document | Gone]) -> Iterator[Document | Gone]:
        for number, document in enumerate(contents):
            if number == self.at:
                raise KilledError
            yield document


class Refusing(Passing):
    """An engine that refuses the documents of ``ids``."""

    ids: frozenset[str] = frozenset()

    def put(self, documents: Sequence[Document], *, more: bool = False) -> tuple[Refused, ...]:
        super().put([each for each in documents if each.id not in self.ids], more=more)
        return tuple(self._refused(each.id) for each in documents if each.id in self.ids)

    def rebuild(
        self, contents: Iterable[Document | Gone], stamp: str, expected: Callable[[], int]
    ) -> tuple[Refused, ...]:
        seen: dict[str, Refused] = {}

        def taken() -> Iterator[Document | Gone]:
            for entry in contents:
                if entry.id in self.ids:
                    seen[entry.id] = self._refused(entry.id)
                else:
                    yield entry

        super().rebuild(taken(), stamp, lambda: expected() - len(seen))
        return tuple(seen.values())

    def _refused(self, name: str) -> Refused:
        return Refused(name, f"The engine refused {name}.")


class Hanging(Passing):
    """An engine whose ``put`` does not come back before it is let go."""

    def __init__(self, real: Engine) -> None:
        super().__init__(real)
        self.hangs = threading.Event()
        self.let_go = threading.Event()

    def put(self, documents: Sequence[Document], *, more: bool = False) -> tuple[Refused, ...]:
        self.hangs.set()
        self.let_go.wait(PATIENCE)
        return super().put(documents, more=more)


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
    ) -> tuple[Refused, ...]:
        def count() -> int:
            self.before_counting()
            return expected()

        return super().rebuild(self._watch(contents), stamp, count)

    def _watch(self, contents: Iterable[Document | Gone]) -> Iterator[Document | Gone]:
        for number, document in enumerate(contents):
            self.before_document(number)
            yield document
