"""The history of a visitor out of the state: every question is answered by an index."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.archive.histories import Neighbours, Related, Visited, history, neighbours, related, span
from app.archive.schema import open_state
from app.archive.visits import Noted, note
from app.conversations.visitors import KnownAs

EVA = KnownAs("1", "eva@x.example", "7")
NAMELESS = KnownAs("1", "", "7")
ELSEWHERE = KnownAs("2", "", "7")
NOBODY = KnownAs("1", "", "")


@pytest.fixture(name="state")
def _state(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_state(tmp_path, "archive")
    for number, known in enumerate((EVA, EVA, NAMELESS, EVA, ELSEWHERE, NOBODY, EVA)):
        note(connection, Noted(f"c{number}", known, begin_ms=100 * number))
    yield connection
    connection.close()


def visited(*numbers: int) -> tuple[Visited, ...]:
    return tuple(Visited(f"c{number}", 100 * number) for number in numbers)


def test_what_came_before_and_after_is_counted_and_the_nearest_named(
    state: sqlite3.Connection,
) -> None:
    (own,) = visited(3)
    assert neighbours(state, EVA.key, own, 1) == Neighbours(2, 1, visited(1), visited(6))
    assert neighbours(state, EVA.key, own, 9) == Neighbours(2, 1, visited(0, 1), visited(6))


def test_of_equal_begins_the_names_decide(state: sqlite3.Connection) -> None:
    note(state, Noted("b", EVA, begin_ms=300))
    (own,) = visited(3)
    assert neighbours(state, EVA.key, own, 1).earlier == (Visited("b", 300),)


def test_the_history_begins_with_the_latest(state: sqlite3.Connection) -> None:
    assert history(state, EVA.key, 3, 0) == (4, visited(6, 3, 1))
    assert history(state, EVA.key, 3, 3) == (4, visited(0))
    assert span(state, EVA.key) == (0, 600)


def test_who_came_with_the_same_id_is_related_within_an_account(state: sqlite3.Connection) -> None:
    assert related(state, EVA.key, 9) == (Related(NAMELESS.key, "", "7", 1),)
    assert related(state, NAMELESS.key, 9) == (Related(EVA.key, "eva@x.example", "7", 4),)
    assert related(state, ELSEWHERE.key, 9) == ()


def test_who_is_known_by_nothing_has_no_history(state: sqlite3.Connection) -> None:
    assert NOBODY.key == ""
    assert history(state, "", 9, 0) == (0, ())
    assert span(state, "") is None
    assert related(state, "", 9) == ()
    (own,) = visited(5)
    assert neighbours(state, "", own, 9) == Neighbours(0, 0, (), ())


def test_no_question_reads_the_whole_table(state: sqlite3.Connection) -> None:
    asked: list[str] = []
    state.set_trace_callback(asked.append)
    (own,) = visited(3)
    neighbours(state, EVA.key, own, 3)
    history(state, EVA.key, 3, 0)
    span(state, EVA.key)
    related(state, EVA.key, 3)
    state.set_trace_callback(None)
    assert len(asked) == 8
    for question in asked:
        plan = " ".join(row[3] for row in state.execute(f"EXPLAIN QUERY PLAN {question}"))
        assert "SCAN visits" not in plan, plan
        assert "SCAN other" not in plan, plan
        assert "visits_by_key" in plan, plan
