"""1,000 seeded searches over the generated conversations: engines answer as the oracle does.

Totals, facets, histogram, order and page are compared whole. The index has seen replacements,
removals and several commits, so that deleted documents and many segments lie in it.
"""

from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest
from contract import ENGINES, OpenEngine, ask, eventually, serving
from contract_queries import NUMBER, query
from corpus import SAME_BEGINS, corpus
from oracle import FACETS, Oracle

from app.search.engine import Engine, Gone, Results
from app.search.query import And, Filter, Node, Not, Or, Phrase, Prefix, Said, Word

COMMITS = 4


@pytest.fixture(scope="module", params=list(ENGINES.values()), ids=list(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine that holds the generated conversations after a life of changes."""
    open_engine: OpenEngine = request.param
    return _lived(open_engine, tmp_path_factory.mktemp("engine"))


def _lived(open_engine: OpenEngine, folder: Path) -> Engine:
    documents = [entry.document for entry in corpus()]
    engine = serving(open_engine, folder, documents[: len(documents) // 2])
    engine.remove([Gone(document.id) for document in documents[:20]])
    for start in range(COMMITS):
        engine.put(documents[start::COMMITS])
    assert eventually(engine.count, len(documents)) == len(documents)
    return engine


@lru_cache(maxsize=1)
def _oracle() -> Oracle:
    return Oracle(entry.document for entry in corpus())


@lru_cache(maxsize=NUMBER)
def _answer(number: int) -> Results:
    return _oracle().search(query(number))


@pytest.mark.parametrize("number", range(NUMBER))
def test_an_engine_answers_as_the_oracle_does(engine: Engine, number: int) -> None:
    assert engine.search(query(number)) == _answer(number)


def test_a_total_alone_is_that_of_the_whole_search(engine: Engine) -> None:
    totals = [engine.total(query(number)) for number in range(NUMBER)]
    assert totals == [_answer(number).total for number in range(NUMBER)]


@pytest.mark.parametrize("name", FACETS)
def test_every_value_of_a_facet_is_what_its_parameter_takes(engine: Engine, name: str) -> None:
    values = [entry.value for entry in engine.search(ask()).facets[name]]
    assert ask("", {name: values}).chosen(name) == tuple(values)


@pytest.mark.parametrize("name", FACETS)
def test_choosing_a_value_finds_as_many_as_its_facet_counts(engine: Engine, name: str) -> None:
    facet = engine.search(ask("a* OR b*")).facets[name]
    assert len(facet) >= 2
    for each in facet:
        assert engine.search(ask("a* OR b*", {name: each.value})).total == each.count, each.value


def _kinds(node: Node | None) -> set[type]:
    """The kinds of node in a query."""
    match node:
        case And(nodes) | Or(nodes):
            return {type(node)}.union(*(_kinds(part) for part in nodes))
        case Not(inner) | Said(_, inner):
            return {type(node)} | _kinds(inner)
    return set() if node is None else {type(node)}


def test_the_searches_use_every_operator() -> None:
    used = Counter(kind for number in range(NUMBER) for kind in _kinds(query(number).node))
    assert set(used) == {Word, Phrase, Prefix, Filter, Said, Not, And, Or}
    assert min(used.values()) >= 10


def test_the_searches_find_something_more_often_than_not() -> None:
    totals = [_answer(number).total for number in range(NUMBER)]
    assert sum(total > 0 for total in totals) > NUMBER * 0.6
    assert sum(0 < total < 10 for total in totals) > NUMBER * 0.15


def test_the_searches_see_histograms_of_every_unit() -> None:
    units = Counter(_answer(number).histogram.unit for number in range(NUMBER))
    assert set(units) == {"hour", "day", "week", "month", "quarter", "year"}


def test_some_generated_conversations_share_their_begin_and_none_its_place() -> None:
    begins = {entry.document.begin_ms for entry in corpus()}
    places = {entry.document.sort_key for entry in corpus()}
    assert len(begins) <= len(corpus()) - SAME_BEGINS
    assert len(places) == len(corpus())
