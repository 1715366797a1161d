"""A document that an engine will not take: it is told apart from an engine that fails.

Documents that ``flatten`` makes are always taken; these here have numbers that nobody sends.
"""

from pathlib import Path
from typing import Final

import pytest
from contract import STAMP, OpenEngine, eventually, every_engine, found, said, serving, stamp
from msgspec.structs import replace

from app.errors import EngineError
from app.search.engine import Document

BAD: Final = replace(said("bad", "visitor: candle"), sort_key=2**70)
GOOD: Final = said("good", "visitor: candle")
OLD: Final = [said("bad", "visitor: lantern"), said("good", "visitor: lantern")]


@every_engine
def test_a_document_that_cannot_be_taken_is_refused(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path)
    (refused,) = engine.put([BAD])
    assert refused.id == BAD.id
    assert BAD.id in refused.reason


@every_engine
def test_a_document_that_is_taken_is_not_refused(open_engine: OpenEngine, tmp_path: Path) -> None:
    assert serving(open_engine, tmp_path).put([GOOD]) == ()


@every_engine
def test_a_refused_document_leaves_its_earlier_version(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    engine.put([BAD])
    engine.put([said("other")])
    assert eventually(lambda: found(engine, "lantern"), ["bad", "good"]) == ["bad", "good"]


@every_engine
@pytest.mark.parametrize("batch", [[BAD, GOOD], [GOOD, BAD]], ids=["refused first", "refused last"])
def test_the_others_of_its_batch_are_taken(
    open_engine: OpenEngine, batch: list[Document], tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    assert [one.id for one in engine.put(batch)] == [BAD.id]
    assert eventually(lambda: found(engine, "candle"), ["good"]) == ["good"]
    assert found(engine) == ["bad", "good"]


@every_engine
def test_a_rebuild_tells_what_it_refused_and_serves_the_others(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    refused = engine.rebuild([GOOD, BAD], "another stamp", lambda: 2)
    assert [one.id for one in refused] == [BAD.id]
    assert (found(engine), stamp(engine)) == (["good"], "another stamp")


@every_engine
def test_a_rebuild_takes_the_earlier_version_of_a_refused_document_along(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = open_engine(tmp_path)
    refused = engine.rebuild([*OLD, BAD], STAMP, lambda: 2)
    assert ([one.id for one in refused], found(engine)) == ([BAD.id], ["good"])


@every_engine
def test_a_rebuild_takes_the_later_version_of_a_refused_document(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = open_engine(tmp_path)
    assert engine.rebuild([BAD, *OLD], STAMP, lambda: 2) == ()
    assert found(engine) == ["bad", "good"]


@every_engine
def test_a_rebuild_that_refuses_counts_all_the_same(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    with pytest.raises(EngineError):
        engine.rebuild([said("new"), BAD], "another stamp", lambda: 3)
    assert (found(engine), stamp(engine)) == (["bad", "good"], STAMP)
