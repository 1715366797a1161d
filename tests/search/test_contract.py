"""What every engine does with documents: put, replace, remove, page, order; and before a first put.

Writers are seen by readers within a moment, so what was written is looked for until it is there.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from contract import (
    BEGIN,
    STAMP,
    OpenEngine,
    ask,
    conversation,
    eventually,
    every_engine,
    found,
    names,
    said,
    serving,
    stamp,
)
from corpus import free_place, twins

from app.errors import EngineError
from app.flatten import flatten
from app.search.engine import Document, Engine, FacetValue, Gone

MANY: Final = 53
"""Conversations that are paged through; no page size of the tests divides it."""


def _many() -> list[Document]:
    """Conversations that say one common word each; every third begins with the one before it."""
    return [
        said(str(number), "visitor: lantern", begin=BEGIN + number // 3 * 1000)
        for number in range(MANY)
    ]


def _in_order(documents: list[Document]) -> list[str]:
    """Ids, newest first."""
    return [each.id for each in sorted(documents, key=lambda each: -each.sort_key)]


@every_engine
def test_an_engine_that_was_never_built_has_no_stamp(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    assert open_engine(tmp_path).serving() is None


@every_engine
@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda engine: engine.search(ask()), id="search"),
        pytest.param(lambda engine: engine.total(ask()), id="total"),
        pytest.param(lambda engine: engine.put([said("a")]), id="put"),
        pytest.param(lambda engine: engine.remove([Gone("1-a-1")]), id="remove"),
        pytest.param(lambda engine: engine.count(), id="count"),
    ],
)
def test_an_engine_that_was_never_built_says_so(
    open_engine: OpenEngine, act: Callable[[Engine], object], tmp_path: Path
) -> None:
    with pytest.raises(EngineError):
        act(open_engine(tmp_path))


@every_engine
@pytest.mark.parametrize("text", ["", "word", '"two words"', "-word", "w*", "(a OR b) -c"])
def test_an_empty_index_finds_nothing(open_engine: OpenEngine, text: str, tmp_path: Path) -> None:
    results = serving(open_engine, tmp_path).search(ask(text))
    assert (results.total, results.hits, results.histogram.bars) == (0, (), ())


@every_engine
def test_an_empty_index_still_shows_chosen_values(open_engine: OpenEngine, tmp_path: Path) -> None:
    results = serving(open_engine, tmp_path).search(ask("", {"rating": ["bad", "4"]}))
    assert results.facets == {
        "rating": (FacetValue("4", 0), FacetValue("bad", 0)),
        "outcome": (),
        "country": (),
        "language": (),
        "agent": (),
        "group": (),
        "visit": (),
    }


@every_engine
def test_what_was_put_is_found(open_engine: OpenEngine, tmp_path: Path) -> None:
    engine = serving(open_engine, tmp_path, [said("a", "visitor: lantern")])
    engine.put([said("b", "visitor: lantern"), said("c", "visitor: candle")])
    assert eventually(lambda: found(engine, "lantern"), ["a", "b"]) == ["a", "b"]


@every_engine
def test_what_was_put_is_found_as_soon_as_put_returns(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path)
    totals: list[int] = []
    for number in range(20):
        engine.put([said(str(number))])
        totals.append(engine.search(ask()).total)
    assert totals == list(range(1, 21))


@every_engine
def test_put_replaces_the_document_of_the_same_id(open_engine: OpenEngine, tmp_path: Path) -> None:
    engine = serving(open_engine, tmp_path, [said("a", "visitor: lantern")])
    engine.put([said("a", "visitor: candle")])
    assert eventually(lambda: found(engine, "candle"), ["a"]) == ["a"]
    assert (found(engine, "lantern"), engine.count()) == ([], 1)


@every_engine
def test_the_last_of_two_documents_of_one_batch_counts(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path)
    engine.put([said("a", "visitor: lantern"), said("a", "visitor: candle")])
    assert eventually(lambda: found(engine, "candle"), ["a"]) == ["a"]
    assert (found(engine, "lantern"), engine.count()) == ([], 1)


@every_engine
def test_putting_the_same_again_changes_nothing(open_engine: OpenEngine, tmp_path: Path) -> None:
    engine = serving(open_engine, tmp_path, _many())
    before = engine.search(ask())
    engine.put(_many())
    engine.put([said("new", "visitor: candle")])
    eventually(lambda: found(engine, "candle"), ["new"])
    engine.remove([Gone(said("new").id)])
    assert eventually(lambda: engine.search(ask()), before) == before


@every_engine
def test_what_was_removed_is_gone(open_engine: OpenEngine, tmp_path: Path) -> None:
    engine = serving(open_engine, tmp_path, [said("a"), said("b"), said("c")])
    engine.remove([Gone(said("a").id), Gone(said("c").id)])
    assert eventually(lambda: found(engine), ["b"]) == ["b"]
    assert engine.count() == 1


@every_engine
def test_removing_an_unknown_id_is_no_error(open_engine: OpenEngine, tmp_path: Path) -> None:
    engine = serving(open_engine, tmp_path, [said("a")])
    engine.remove([Gone("1-nobody-1"), Gone("a")])
    engine.put([said("b")])
    assert eventually(lambda: found(engine), ["a", "b"]) == ["a", "b"]


@every_engine
def test_what_was_removed_can_come_back(open_engine: OpenEngine, tmp_path: Path) -> None:
    engine = serving(open_engine, tmp_path, [said("a", "visitor: lantern")])
    engine.remove([Gone(said("a").id)])
    engine.put([said("a", "visitor: candle")])
    assert eventually(lambda: found(engine, "candle"), ["a"]) == ["a"]


@every_engine
@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
def test_paging_through_everything_gives_each_document_once(
    open_engine: OpenEngine, sort: str, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, _many())
    engine.put([said("last", "visitor: lantern")])
    eventually(engine.count, MANY + 1)
    pages = [
        names(engine.search(ask("lantern", {"sort": sort, "per_page": "10", "page": str(page)})))
        for page in range(1, 8)
    ]
    assert [len(page) for page in pages] == [10, 10, 10, 10, 10, 4, 0]
    assert len({name for page in pages for name in page}) == MANY + 1


@every_engine
@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_going_on_behind_the_last_hit_gives_each_document_once_in_order(
    open_engine: OpenEngine, sort: str, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, _many())
    seen: list[str] = []
    after: dict[str, str] = {}
    for _ in range(MANY // 7 + 1):
        hits = engine.search(ask("", {"sort": sort, "per_page": "7", **after})).hits
        seen += [hit.id for hit in hits]
        after = {"after": str(hits[-1].sort_key)}
    newest = _in_order(_many())
    assert seen == (newest if sort == "newest" else newest[::-1])


@every_engine
def test_total_facets_and_histogram_do_not_depend_on_the_page(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, _many())
    first = engine.search(ask())
    later = engine.search(ask("", {"page": "3", "after": str(_many()[20].sort_key)}))
    assert (later.total, later.facets, later.histogram) == (
        first.total,
        first.facets,
        first.histogram,
    )


@every_engine
def test_a_page_far_beyond_the_end_is_empty(open_engine: OpenEngine, tmp_path: Path) -> None:
    results = serving(open_engine, tmp_path, _many()).search(ask("", {"page": "500"}))
    assert (results.total, results.hits) == (MANY, ())


@every_engine
@pytest.mark.parametrize(
    ("sort", "after", "hits"),
    [
        ("newest", 0, 0),
        ("oldest", 0, MANY),
        ("newest", 2**63 - 1, MANY),
        ("oldest", 2**63 - 1, 0),
    ],
)
def test_going_on_behind_the_ends_of_all_places_is_no_error(
    open_engine: OpenEngine, sort: str, after: int, hits: int, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, _many())
    query = ask("", {"sort": sort, "after": str(after), "per_page": "100"})
    assert len(engine.search(query).hits) == hits


@every_engine
def test_conversations_of_one_begin_and_one_hash_keep_an_order(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    taken: set[int] = set()
    documents: list[Document] = []
    for channel in twins(BEGIN):
        talk = conversation(str(channel))
        documents.append(flatten(talk, free_place(talk.id, BEGIN, taken)))
        taken.add(documents[-1].sort_key)
    engine = serving(open_engine, tmp_path, documents)
    hits = engine.search(ask()).hits
    assert [(hit.id, hit.sort_key) for hit in hits] == [
        (each.id, each.sort_key) for each in reversed(documents)
    ]


@every_engine
def test_best_match_finds_the_same_without_places(open_engine: OpenEngine, tmp_path: Path) -> None:
    engine = serving(open_engine, tmp_path, _many())
    best = engine.search(ask("lantern", {"sort": "relevance", "per_page": "100"}))
    newest = engine.search(ask("lantern", {"per_page": "100"}))
    assert sorted(names(best)) == sorted(names(newest))
    assert {hit.sort_key for hit in best.hits} == {None}


@every_engine
def test_best_match_puts_much_of_a_word_before_little(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    little = said("little", "visitor: " + "something else " * 40 + "lantern", begin=BEGIN + 1000)
    much = said("much", "visitor: lantern lantern lantern")
    engine = serving(open_engine, tmp_path, [much, little, *_others()])
    assert names(engine.search(ask("lantern", {"sort": "relevance"}))) == ["much", "little"]


@every_engine
def test_a_prefix_of_one_letter_finds_more_words_than_engines_like_to_expand(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    number = 1500  # engines' own limits are 50 and 1,024
    documents = [said(str(word), f"visitor: w{word}w") for word in range(number)]
    results = serving(open_engine, tmp_path, documents).search(ask("w*"))
    assert results.total == number


def _others() -> list[Document]:
    return [said(f"other{number}", "visitor: nothing of it") for number in range(5)]


@every_engine
def test_the_stamp_is_that_of_the_generation(open_engine: OpenEngine, tmp_path: Path) -> None:
    assert stamp(serving(open_engine, tmp_path)) == STAMP


@every_engine
def test_without_words_the_best_match_is_the_newest(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    documents = [said(name, "visitor: lantern", begin=BEGIN + at) for at, name in enumerate("cab")]
    engine = serving(open_engine, tmp_path, documents)
    results = engine.search(ask("", {"sort": "relevance"}))
    assert names(results) == ["b", "a", "c"]
    assert all(hit.sort_key is not None for hit in results.hits)
