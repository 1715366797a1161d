"""The list of language pairs: what it says is what every engine finds, and what the oracle finds.

Every second row is the control half, which no change is made for.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from contract import STAMP, OpenEngine, every_engine
from oracle import Oracle
from real_tables import real_inflections

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.flatten import flatten, subject, words_by_place
from app.search.clauses import text_clause
from app.search.detection import Detector
from app.search.engine import Document, Engine
from app.search.highlight import Highlighter
from app.search.parameters import MOST_PER_PAGE, SearchQuery
from bench.language_pairs import Pair, read_pairs

LEAST: Final = 0.97

pytestmark = pytest.mark.slow


ROWS: Final = read_pairs()


class World:
    """Every document of the list as a conversation of one visitor, in the order of the rows."""

    def __init__(self) -> None:
        self.inflections = real_inflections()
        detector = Detector()
        self.documents: list[Document] = []
        self.subjects = []
        for number, row in enumerate(ROWS):
            sender = {"type": "visitor", "from": "visitor:m"}
            payload = {
                "accountId": 1,
                "beginAt": 1_700_000_000_000 + number,
                "channel": {"id": number},
                "messages": [sender | {"content": text} for text in row.messages],
            }
            talk = read_conversation(json.dumps(payload).encode())
            spoken = detector.spoken(words_by_place(talk))
            self.subjects.append(subject(talk, spoken=spoken))
            self.documents.append(flatten(talk, number, spoken=spoken, inflecting=self.inflections))
        self.oracle = Oracle(self.documents)

    def query(self, row: Pair) -> SearchQuery:
        params = {"q": [row.query], "per_page": [str(MOST_PER_PAGE)]}
        return SearchQuery.from_params(params, SearchQuery().zone, self.inflections)

    def is_found(self, number: int) -> bool:
        return self.documents[number].id in self.oracle.ids(self.query(ROWS[number]))


@pytest.fixture(name="world", scope="module")
def _world() -> World:
    return World()


def _ids(engine: Engine, query: SearchQuery) -> Iterator[str]:
    page = 1
    while hits := engine.search(query.replace(page=page)).hits:
        yield from (hit.id for hit in hits)
        page += 1


@every_engine
def test_every_engine_finds_what_the_oracle_finds(
    open_engine: OpenEngine, tmp_path: Path, world: World
) -> None:
    engine = open_engine(tmp_path)
    engine.rebuild(world.documents, STAMP, lambda: len(world.documents))
    for row in ROWS:
        query = world.query(row)
        assert set(_ids(engine, query)) == world.oracle.ids(query), row


@pytest.mark.parametrize("control", [False, True], ids=["open half", "control half"])
def test_the_list_holds(world: World, *, control: bool) -> None:
    numbers = range(int(control), len(ROWS), 2)
    right = sum(world.is_found(number) == (ROWS[number].expect == "match") for number in numbers)
    assert right / len(numbers) >= LEAST


def test_a_document_is_found_exactly_if_it_is_marked(world: World) -> None:
    for number, row in enumerate(ROWS):
        clause = text_clause(world.query(row))
        marks = Highlighter(clause, world.inflections).look(world.subjects[number]).marks
        assert bool(marks) == world.is_found(number), row
