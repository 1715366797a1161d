"""A document that an engine will not take: it is told apart from an engine that fails.

Documents that ``flatten`` makes are always taken; these here have numbers that nobody sends.
"""

from pathlib import Path
from typing import Final

import pytest
from contract import STAMP, OpenEngine, ask, eventually, every_engine, found, said, serving
from msgspec.structs import replace

from app.errors import EngineError, RefusedError
from app.search.engine import Document

BAD: Final = replace(said("bad", "visitor: candle"), sort_key=2**70)
GOOD: Final = said("good", "visitor: candle")
OLD: Final = [said("bad", "visitor: lantern"), said("good", "visitor: lantern")]


@every_engine
def test_a_document_that_cannot_be_taken_is_refused(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path)
    with pytest.raises(RefusedError, match=BAD.id):
        engine.put([BAD])


@every_engine
def test_a_refused_document_leaves_its_earlier_version(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    with pytest.raises(RefusedError):
        engine.put([BAD])
    engine.put([said("other")])
    assert eventually(lambda: found(engine, "lantern"), ["bad", "good"]) == ["bad", "good"]


@every_engine
@pytest.mark.parametrize("batch", [[BAD, GOOD], [GOOD, BAD]], ids=["refused first", "refused last"])
def test_the_others_of_its_batch_can_be_put_alone(
    open_engine: OpenEngine, batch: list[Document], tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    with pytest.raises(RefusedError):
        engine.put(batch)
    engine.put([GOOD])
    assert eventually(lambda: found(engine, "candle"), ["good"]) == ["good"]
    assert found(engine) == ["bad", "good"]


@every_engine
def test_a_rebuild_with_a_refused_document_keeps_the_old_generation(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, OLD)
    with pytest.raises(EngineError):
        engine.rebuild([said("new"), BAD], "another stamp", lambda: 2)
    assert (found(engine), engine.stamp()) == (["bad", "good"], STAMP)
    assert engine.search(ask("lantern")).total == 2
