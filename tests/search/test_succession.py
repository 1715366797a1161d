"""Who answers while one engine takes over from another: the former, until the new one serves."""

from collections.abc import Callable, Sequence
from typing import Final

import pytest
from contract import ask

from app.errors import EngineError
from app.search.engine import Around, Bar, Histogram, Results, SearchEngine, Serving
from app.search.parameters import SearchQuery
from app.search.succession import Succession


class Holding:
    """An engine whose one generation holds some conversations, each of them found by all."""

    def __init__(self, generation: str, conversations: int) -> None:
        self._generation, self._conversations = generation, conversations

    def search(self, query: SearchQuery) -> Results:
        return Results(self.total(query), (), {}, Histogram("day", ()))

    def total(self, query: SearchQuery) -> int:
        assert query == ask("late")
        return self._conversations

    def bars(self, query: SearchQuery, edges: Sequence[int]) -> tuple[Bar, ...]:
        return (Bar(edges[0], edges[-1], self.total(query)),)

    def around(self, query: SearchQuery, sort_key: int) -> Around | None:
        return Around(sort_key, self.total(query), None, None)

    def serving(self) -> Serving | None:
        return Serving("a stamp", self._generation)

    def check(self) -> None:
        return None


class Unbuilt(Holding):
    """An engine without an index."""

    def __init__(self) -> None:
        super().__init__("", 0)

    def serving(self) -> Serving | None:
        return None

    def check(self) -> None:
        raise EngineError("There is no index.")


class Lost(Holding):
    """An engine that cannot even say what it serves."""

    def serving(self) -> Serving | None:
        raise EngineError("The index cannot be read.")


class Failing(Holding):
    """An engine whose index is known but answers nothing."""

    def total(self, query: SearchQuery) -> int:
        self.check()
        return super().total(query)

    def check(self) -> None:
        raise EngineError("The index cannot be read.")


QUERY: Final = ask("late")
FORMER, SUCCESSOR = 3, 5
"""Conversations that an engine holds, by which it is known."""


def former() -> Holding:
    return Holding("old", FORMER)


def successor() -> Holding:
    return Holding("new", SUCCESSOR)


def after(generation: str, one: SearchEngine, other: SearchEngine) -> Succession:
    """``other`` takes over from ``one`` where the archive speaks of a generation."""
    return Succession(other, one, lambda: generation)


WHO: Sequence[tuple[str, Callable[[], SearchEngine], int, str]] = [
    ("old", former, FORMER, "before the change-over the former"),
    ("new", former, SUCCESSOR, "after the change-over the successor"),
    ("", former, SUCCESSOR, "the successor where the archive speaks of no generation"),
    ("older", former, SUCCESSOR, "the successor where the former's index is another"),
    ("old", Unbuilt, SUCCESSOR, "the successor where the former has no index"),
    ("", Unbuilt, SUCCESSOR, "the successor where nobody had one before"),
    ("old", lambda: Lost("old", FORMER), SUCCESSOR, "the successor where the former is lost"),
]
every_case = pytest.mark.parametrize(
    ("generation", "one", "answering", "reason"), WHO, ids=[row[3] for row in WHO]
)


@every_case
def test_a_search_is_answered_by(
    generation: str, one: Callable[[], SearchEngine], answering: int, reason: str
) -> None:
    assert after(generation, one(), successor()).search(QUERY).total == answering, reason


@every_case
def test_a_total_is_told_by(
    generation: str, one: Callable[[], SearchEngine], answering: int, reason: str
) -> None:
    assert after(generation, one(), successor()).total(QUERY) == answering, reason


@every_case
def test_bars_are_told_by(
    generation: str, one: Callable[[], SearchEngine], answering: int, reason: str
) -> None:
    bars = after(generation, one(), successor()).bars(QUERY, (0, 10))
    assert bars == (Bar(0, 10, answering),), reason


@every_case
def test_who_stands_beside_a_conversation_is_told_by(
    generation: str, one: Callable[[], SearchEngine], answering: int, reason: str
) -> None:
    around = after(generation, one(), successor()).around(QUERY, 7)
    assert around == Around(7, answering, None, None), reason


@every_case
def test_the_generation_told_is_that_of(
    generation: str, one: Callable[[], SearchEngine], answering: int, reason: str
) -> None:
    told = after(generation, one(), successor()).serving()
    name = "old" if answering == FORMER else "new"
    assert told == Serving("a stamp", name), reason


def test_a_change_over_is_seen_by_the_next_search() -> None:
    archive = ["old"]
    engine = Succession(successor(), former(), lambda: archive[-1])
    before = engine.total(QUERY)
    archive.append("new")
    assert (before, engine.total(QUERY)) == (FORMER, SUCCESSOR)


def test_the_former_answers_again_where_the_archive_goes_back_to_it() -> None:
    archive = ["new"]
    engine = Succession(successor(), former(), lambda: archive[-1])
    before = engine.total(QUERY)
    archive.append("old")
    assert (before, engine.total(QUERY)) == (SUCCESSOR, FORMER)


CHECKS: Sequence[tuple[str, SearchEngine, SearchEngine, str]] = [
    ("old", former(), Failing("new", SUCCESSOR), "the former answers and the successor fails"),
    ("old", former(), Unbuilt(), "the former answers and the successor is not built"),
    ("new", Failing("old", FORMER), successor(), "the successor answers and the former fails"),
    ("new", Unbuilt(), successor(), "the successor answers and the former is gone"),
    ("old", Lost("old", FORMER), successor(), "the successor answers for the one that is lost"),
]


@pytest.mark.parametrize(
    ("generation", "one", "other", "reason"), CHECKS, ids=[row[3] for row in CHECKS]
)
def test_a_check_is_passed_where(
    generation: str, one: SearchEngine, other: SearchEngine, reason: str
) -> None:
    after(generation, one, other).check()
    assert reason


FAILED: Sequence[tuple[str, SearchEngine, SearchEngine, str]] = [
    ("old", Failing("old", FORMER), successor(), "the former answers and fails"),
    ("new", former(), Failing("new", SUCCESSOR), "the successor answers and fails"),
    ("new", former(), Unbuilt(), "the successor has no index"),
    ("", Unbuilt(), Unbuilt(), "neither has an index"),
]


@pytest.mark.parametrize(
    ("generation", "one", "other", "reason"), FAILED, ids=[row[3] for row in FAILED]
)
def test_a_check_fails_where(
    generation: str, one: SearchEngine, other: SearchEngine, reason: str
) -> None:
    with pytest.raises(EngineError):
        after(generation, one, other).check()
    assert reason


def test_a_search_that_fails_is_not_asked_again_of_the_other() -> None:
    with pytest.raises(EngineError):
        after("old", Failing("old", FORMER), successor()).search(QUERY)


def test_nothing_serves_where_neither_has_an_index() -> None:
    assert after("", Unbuilt(), Unbuilt()).serving() is None


def test_the_successor_is_named_whoever_answers() -> None:
    new = successor()
    assert after("old", former(), new).successor is new
