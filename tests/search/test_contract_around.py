"""Where a conversation stands among the results: its place, how many, and who stands beside it."""

from pathlib import Path
from typing import Final

import pytest
from contract import OpenEngine, ask, conversation, document, every_engine, said, serving
from oracle import Oracle

from app.search.engine import Around, Document, Engine, Hit

SAID: Final = ("refund please", "no", "a refund", "refund", "no", "my refund")
DOCUMENTS: Final = [said(f"c{n}", f"visitor: {text}", begin=1000 * n) for n, text in
                    enumerate(SAID, start=1)]  # fmt: skip
FOUND: Final = [one for one, text in zip(DOCUMENTS, SAID, strict=True) if "refund" in text]
ORDERS: Final = ("newest", "oldest")


@pytest.fixture(name="engine")
def _engine(open_engine: OpenEngine, tmp_path: Path) -> Engine:
    return serving(open_engine, tmp_path, DOCUMENTS)


def hit(one: Document) -> Hit:
    return Hit(one.id, one.sort_key)


@every_engine
def test_in_the_middle_both_neighbours_are_told(engine: Engine) -> None:
    around = engine.around(ask("refund"), FOUND[1].sort_key)
    assert around == Around(3, 4, hit(FOUND[2]), hit(FOUND[0]))


@every_engine
def test_oldest_first_turns_them(engine: Engine) -> None:
    around = engine.around(ask("refund", {"sort": "oldest"}), FOUND[1].sort_key)
    assert around == Around(2, 4, hit(FOUND[0]), hit(FOUND[2]))


@every_engine
def test_at_the_ends_there_is_nobody_beyond(engine: Engine) -> None:
    first, last = (engine.around(ask("refund"), one.sort_key) for one in (FOUND[-1], FOUND[0]))
    assert first == Around(1, 4, None, hit(FOUND[-2]))
    assert last == Around(4, 4, hit(FOUND[1]), None)


@every_engine
def test_a_single_result_stands_alone(engine: Engine) -> None:
    assert engine.around(ask("please"), FOUND[0].sort_key) == Around(1, 1, None, None)


@every_engine
def test_who_is_not_among_the_results_has_no_place(engine: Engine) -> None:
    assert engine.around(ask("refund"), DOCUMENTS[1].sort_key) is None
    assert engine.around(ask("nothing"), DOCUMENTS[0].sort_key) is None
    assert engine.around(ask("refund"), 1) is None


@every_engine
def test_the_page_that_one_comes_from_means_nothing(engine: Engine) -> None:
    wanted = engine.around(ask("refund"), FOUND[1].sort_key)
    for params in ({"page": "2"}, {"per_page": "1"}, {"after": str(FOUND[0].sort_key)}):
        assert engine.around(ask("refund", params), FOUND[1].sort_key) == wanted


@every_engine
def test_every_result_has_the_place_that_the_list_gives_it(engine: Engine) -> None:
    oracle = Oracle(DOCUMENTS)
    for order in ORDERS:
        query = ask("refund OR no", {"sort": order})
        for one in DOCUMENTS:
            assert engine.around(query, one.sort_key) == oracle.around(query, one.sort_key)


@every_engine
def test_the_conversations_of_one_visitor_are_found_by_its_key(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    talks = [
        conversation(f"v{n}", ["visitor: refund"], begin=1000 * n, visitor={"email": email})
        for n, email in enumerate(("A@x.example", "b@x.example", " a@X.example", ""), start=1)
    ]
    documents = [document(talk) for talk in talks]
    engine = serving(open_engine, tmp_path, documents)
    key = documents[0].keywords["visitor_key"][0]
    found = engine.search(ask("refund", {"visitor": key}))
    assert [one.id for one in found.hits] == [documents[2].id, documents[0].id]
    assert found.total == 2
    assert engine.total(ask("", {"visitor": "0" * 32})) == 0
