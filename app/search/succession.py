"""Searching while one engine takes over from another: until it does, the former answers.

It only reads. Which of them the archive's numbers speak of is asked before every search, so that
what is said of how far search is behind is true of what answers.
"""

from collections.abc import Callable, Sequence

from app.errors import EngineError
from app.search.engine import Around, Bar, Results, SearchEngine, Serving
from app.search.parameters import SearchQuery


class Succession:
    """``former`` answers as long as its generation is the one of ``current()``, then ``engine``."""

    def __init__(
        self, engine: SearchEngine, former: SearchEngine, current: Callable[[], str]
    ) -> None:
        self.successor = engine
        self._former, self._current = former, current

    def search(self, query: SearchQuery) -> Results:
        """Find conversations."""
        return self._answering().search(query)

    def total(self, query: SearchQuery) -> int:
        """How many conversations a search would find."""
        return self._answering().total(query)

    def bars(self, query: SearchQuery, edges: Sequence[int]) -> tuple[Bar, ...]:
        """The conversations of a search by begin, one bar between each two edges."""
        return self._answering().bars(query, edges)

    def around(self, query: SearchQuery, sort_key: int) -> Around | None:
        """Where the conversation of a sort key stands in the order of time."""
        return self._answering().around(query, sort_key)

    def serving(self) -> Serving | None:
        """The generation that answers; None when there is none."""
        return self._answering().serving()

    def check(self) -> None:
        """Raises ``EngineError`` when a search would not be answered."""
        self._answering().check()

    def _answering(self) -> SearchEngine:
        try:
            serving = self._former.serving()
        except EngineError:
            return self.successor
        is_current = serving is not None and serving.generation == self._current()
        return self._former if is_current else self.successor
