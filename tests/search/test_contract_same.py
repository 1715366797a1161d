"""1,000 seeded searches over three sets: embedded, Elasticsearch on 1 and on 3 shards, oracle.

Totals, facets, histogram and the page are compared whole. Over the large set the slow oracle judges
every twentieth search, and what lies beyond the numbered results.
"""

from collections.abc import Mapping
from typing import Final

import nasty
import pytest
from contract import STAMP, ask
from contract_queries import query_about
from elastic_world import LAYOUT, open_elastic
from msgspec.structs import replace
from nasty import Conversations
from oracle import Oracle

from app.search.embedded import EmbeddedEngine
from app.search.engine import Engine
from app.search.parameters import LAST_NUMBERED_RESULT, SearchQuery

SEARCHES: Final = 1000
STEP: Final = 50
"""Searches of one test."""
JUDGED: Final = {"demo": 1, "nasty": 1, "large": 20}
"""Of how many searches the oracle judges one."""

pytestmark = pytest.mark.slow


class World:
    """One set in every engine, and its oracle."""

    def __init__(self, conversations: Conversations, engines: Mapping[str, Engine]) -> None:
        self.name, self.entries = conversations.name, conversations.entries
        self.engines = engines
        self.oracle = Oracle(entry.document for entry in self.entries)
        documents = [entry.document for entry in self.entries]
        for engine in engines.values():
            engine.rebuild(documents, STAMP, lambda: len(documents))

    def query(self, number: int) -> SearchQuery:
        return query_about(self.entries, f"{self.name} {number}")

    def is_judged(self, number: int) -> bool:
        return number % JUDGED[self.name] == 0


@pytest.fixture(name="world", scope="module", params=[nasty.demo, nasty.nasty, nasty.large])
def _world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    folders = [tmp_path_factory.mktemp(name) for name in ("embedded", "one", "three")]
    engines: dict[str, Engine] = {
        "embedded": EmbeddedEngine(folders[0]),
        "one shard": open_elastic(folders[1]),
        "three shards": open_elastic(folders[2], replace(LAYOUT, shards=3)),
    }
    return World(request.param(), engines)


@pytest.mark.parametrize("start", range(0, SEARCHES, STEP))
def test_every_engine_answers_the_same(world: World, start: int) -> None:
    for number in range(start, start + STEP):
        query = world.query(number)
        wanted = world.engines["embedded"].search(query)
        place = world.entries[number % len(world.entries)].document.sort_key
        if wanted.hits and number % 3:
            place = wanted.hits[number % len(wanted.hits)].sort_key or place
        around = world.engines["embedded"].around(query, place)
        if world.is_judged(number):
            assert wanted == world.oracle.search(query), number
            assert around == world.oracle.around(query, place), number
        for name, engine in world.engines.items():
            assert engine.search(query) == wanted, (number, name)
            assert engine.total(query) == wanted.total, (number, name)
            assert engine.around(query, place) == around, (number, name)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_pages_beyond_the_numbered_ones_are_the_same(world: World, sort: str) -> None:
    places = sorted((entry.document.sort_key for entry in world.entries), reverse=sort == "newest")
    for last in (0, 10, len(places) // 2, LAST_NUMBERED_RESULT + 50, len(places) - 30):
        if last >= len(places):
            continue
        query = ask("", {"sort": sort, "after": str(places[last])})
        wanted = world.oracle.search(query)
        assert [hit.sort_key for hit in wanted.hits] == places[last + 1 : last + 21]
        for name, engine in world.engines.items():
            assert engine.search(query) == wanted, (last, name)


def test_the_searches_find_something_more_often_than_not(world: World) -> None:
    totals = [world.engines["embedded"].total(world.query(number)) for number in range(SEARCHES)]
    assert sum(total > 0 for total in totals) > SEARCHES * 0.5
