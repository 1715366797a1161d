"""A new generation: filled beside the old one, counted, then served; and who sees it when."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from contract import STAMP, OpenEngine, ask, eventually, every_engine, found, said, serving, stamp
from corpus import corpus

from app.errors import EngineError
from app.search.engine import Document, Engine, Gone

OLD: Final = [said("old", "visitor: lantern")]
NEW: Final = [said("new", "visitor: candle"), said("newer", "visitor: candle")]
NEXT_STAMP: Final = "the next stamp"


class _SourceError(Exception):
    """The archive, not the engine, fails while documents are read."""


@every_engine
def test_a_rebuild_of_the_same_documents_changes_no_answer(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    documents = [entry.document for entry in corpus()]
    engine = serving(open_engine, tmp_path, documents)
    queries = [ask(text, {"per_page": "100"}) for text in ("", "AB-10025", "d*", '"gift card"')]
    before = [engine.search(query) for query in queries]
    engine.rebuild(reversed(documents), NEXT_STAMP, lambda: len(documents))
    assert [engine.search(query) for query in queries] == before


@every_engine
def test_a_rebuild_changes_over_to_its_documents_and_stamp(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    engine.rebuild(NEW, NEXT_STAMP, lambda: 2)
    assert (found(engine), stamp(engine), engine.count()) == (["new", "newer"], NEXT_STAMP, 2)


@every_engine
def test_a_rebuild_takes_the_later_of_two_documents_of_one_id(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = open_engine(tmp_path)
    twice = [said("a", "visitor: lantern"), said("b"), said("a", "visitor: candle")]
    engine.rebuild(twice, STAMP, lambda: 2)
    assert (found(engine), found(engine, "candle"), found(engine, "lantern")) == (
        ["a", "b"],
        ["a"],
        [],
    )


@every_engine
def test_the_expected_number_is_asked_when_the_documents_have_ended(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    given: list[str] = []

    def documents() -> Iterator[Document]:
        for each in NEW:
            given.append(each.id)
            yield each

    engine = open_engine(tmp_path)
    engine.rebuild(documents(), STAMP, lambda: len(given))
    assert engine.count() == 2


@every_engine
@pytest.mark.parametrize("expected", [0, 1, 3], ids=["none", "fewer", "more"])
def test_a_wrong_count_keeps_the_old_generation(
    open_engine: OpenEngine, expected: int, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    with pytest.raises(EngineError):
        engine.rebuild(NEW, NEXT_STAMP, lambda: expected)
    assert (found(engine), stamp(engine)) == (["old"], STAMP)


@every_engine
def test_a_first_rebuild_with_a_wrong_count_leaves_no_stamp(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = open_engine(tmp_path)
    with pytest.raises(EngineError):
        engine.rebuild(NEW, STAMP, lambda: 7)
    assert engine.serving() is None


@every_engine
def test_documents_that_end_in_an_error_keep_the_old_generation(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    def documents() -> Iterator[Document]:
        yield NEW[0]
        raise _SourceError

    engine = serving(open_engine, tmp_path, OLD)
    with pytest.raises((EngineError, _SourceError)):
        engine.rebuild(documents(), NEXT_STAMP, lambda: 1)
    assert (found(engine), stamp(engine)) == (["old"], STAMP)


@every_engine
def test_a_refused_rebuild_can_be_repeated(open_engine: OpenEngine, tmp_path: Path) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    with pytest.raises(EngineError):
        engine.rebuild(NEW, NEXT_STAMP, lambda: 7)
    engine.rebuild(NEW, NEXT_STAMP, lambda: 2)
    assert (found(engine), stamp(engine)) == (["new", "newer"], NEXT_STAMP)


@every_engine
def test_the_old_generation_answers_while_a_new_one_is_filled(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    reader = open_engine(tmp_path)
    meanwhile: list[list[str]] = []

    def documents() -> Iterator[Document]:
        for each in NEW:
            yield each
            meanwhile.extend([found(engine), found(reader)])

    engine.rebuild(documents(), NEXT_STAMP, lambda: 2)
    assert meanwhile == [["old"]] * 4


@every_engine
def test_what_is_put_while_a_new_generation_is_filled_reaches_the_old_one(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    seen: list[list[str]] = []

    def documents() -> Iterator[Document]:
        engine.put([said("meanwhile")])
        seen.append(eventually(lambda: found(engine), ["meanwhile", "old"]))
        yield from NEW

    engine.rebuild(documents(), NEXT_STAMP, lambda: 2)
    assert (seen, found(engine)) == ([["meanwhile", "old"]], ["new", "newer"])


@every_engine
def test_what_is_put_after_a_rebuild_reaches_the_new_generation(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    engine.put([said("before")])
    engine.rebuild(NEW, NEXT_STAMP, lambda: 2)
    engine.put([said("after")])
    assert eventually(lambda: found(engine), ["after", "new", "newer"]) == ["after", "new", "newer"]


def _reader(open_engine: OpenEngine, folder: Path) -> tuple[Engine, Engine]:
    """A writer, and a reader that has already answered from what it holds."""
    writer, reader = serving(open_engine, folder, OLD), open_engine(folder)
    assert found(reader) == ["old"]
    return writer, reader


@every_engine
def test_a_reader_sees_what_the_writer_put(open_engine: OpenEngine, tmp_path: Path) -> None:
    writer, reader = _reader(open_engine, tmp_path)
    writer.put(NEW)
    assert eventually(lambda: found(reader), ["new", "newer", "old"]) == ["new", "newer", "old"]


@every_engine
def test_a_reader_sees_what_the_writer_removed(open_engine: OpenEngine, tmp_path: Path) -> None:
    writer, reader = _reader(open_engine, tmp_path)
    writer.remove([Gone(OLD[0].id)])
    nothing: list[str] = []
    assert eventually(lambda: found(reader), nothing) == nothing


@every_engine
def test_a_reader_changes_over_with_the_writer(open_engine: OpenEngine, tmp_path: Path) -> None:
    writer, reader = _reader(open_engine, tmp_path)
    writer.rebuild(NEW, NEXT_STAMP, lambda: 2)
    assert eventually(lambda: found(reader), ["new", "newer"]) == ["new", "newer"]
    assert stamp(reader) == NEXT_STAMP


@every_engine
def test_a_reader_that_came_before_the_first_generation_sees_it(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    reader = open_engine(tmp_path)
    with pytest.raises(EngineError):
        reader.search(ask())
    serving(open_engine, tmp_path, OLD)
    assert found(reader) == ["old"]


@every_engine
def test_tidying_takes_nothing_away_that_serves(open_engine: OpenEngine, tmp_path: Path) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    engine.rebuild(NEW, NEXT_STAMP, lambda: 2)
    engine.tidy()
    assert (found(open_engine(tmp_path)), engine.count()) == (["new", "newer"], 2)


@every_engine
def test_tidying_before_the_first_generation_is_no_error(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = open_engine(tmp_path)
    engine.tidy()
    assert engine.serving() is None


@every_engine
def test_several_threads_read_while_one_writes_and_changes_over(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    writer, reader = _reader(open_engine, tmp_path)

    def read(_number: int) -> set[int]:
        return {reader.search(ask("lantern OR candle")).total for _ in range(60)}

    with ThreadPoolExecutor(4) as threads:
        totals = threads.map(read, range(4))
        for number in range(5):
            writer.put([said(f"more{number}", "visitor: candle")])
        writer.rebuild(NEW, NEXT_STAMP, lambda: 2)
        assert set.union(*totals) <= set(range(1, 7))
    assert eventually(lambda: found(reader), ["new", "newer"]) == ["new", "newer"]
