"""What only the embedded engine owes: its folders, and what happens when the disk fails.

Generations are folders ``g1``, ``g2`` … beside ``CURRENT``, which names the one that serves.
"""

import os
import resource
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from contract import STAMP, ask, found, said, serving, stamp

from app.errors import EngineError
from app.search.embedded import EmbeddedEngine
from app.search.engine import Document

LONG_AGO: Final = 3600.0
"""Seconds by which files are made older: far more than an old generation stays."""
FULL: Final = 100
"""Bytes that a file may have on a disk that is made full."""


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    """An engine with one conversation in its first generation."""
    engine = serving(EmbeddedEngine, tmp_path, [said("old", "visitor: lantern")])
    assert isinstance(engine, EmbeddedEngine)
    return engine


def _generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def _rebuild(engine: EmbeddedEngine) -> None:
    engine.rebuild([said("new", "visitor: candle")], STAMP, lambda: 1)


def _age(folder: Path) -> None:
    """Make everything in a folder look as if it had last changed long ago."""
    then = time.time() - LONG_AGO
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (then, then))


@contextmanager
def _full_disk(left: int = FULL) -> Iterator[None]:
    """No file can grow beyond ``left`` bytes; nothing may be printed meanwhile."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_current_names_the_generation_that_serves(engine: EmbeddedEngine, tmp_path: Path) -> None:
    _rebuild(engine)
    assert (tmp_path / "CURRENT").read_text().strip() == _generations(tmp_path)[-1] == "g2"


def test_an_index_that_was_deleted_has_no_stamp_and_grows_back(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path)
    assert engine.serving() is None
    _rebuild(engine)
    assert found(engine) == ["new"]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(b"", id="empty after a crash"),
        pytest.param(b"g99", id="a generation that is not there"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"CURRENT", id="no folder"),
    ],
)
def test_a_current_that_names_nothing_is_an_index_to_build(
    engine: EmbeddedEngine, written: bytes, tmp_path: Path
) -> None:
    (tmp_path / "CURRENT").write_bytes(written)
    assert engine.serving() is None
    _rebuild(engine)
    assert found(EmbeddedEngine(tmp_path)) == ["new"]


@pytest.mark.parametrize("ending", [".json", ".term", ".store", ".idx", ".fast"])
def test_a_damaged_file_is_an_error_of_the_engine(
    engine: EmbeddedEngine, ending: str, tmp_path: Path
) -> None:
    assert engine.count() == 1
    for path in (tmp_path / "g1").glob(f"*{ending}"):
        path.unlink()  # an open reader keeps the old one
        path.write_bytes(b"damaged")
    with pytest.raises(EngineError):
        EmbeddedEngine(tmp_path).search(ask("lantern"))


def test_a_generation_that_ended_long_ago_goes(engine: EmbeddedEngine, tmp_path: Path) -> None:
    _rebuild(engine)
    _age(tmp_path)
    engine.tidy()
    assert _generations(tmp_path) == ["g2"]


def test_a_generation_that_just_ended_stays_for_its_readers(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    _rebuild(engine)
    engine.tidy()
    assert _generations(tmp_path) == ["g1", "g2"]


def test_a_generation_that_served_unchanged_for_long_stays_when_it_just_ended(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    _age(tmp_path)
    _rebuild(engine)
    engine.tidy()
    assert _generations(tmp_path) == ["g1", "g2"]


def test_a_generation_that_just_ended_stays_while_the_next_is_filled(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    _rebuild(engine)
    present: list[str] = []

    def documents() -> Iterator[Document]:
        present.extend(_generations(tmp_path))
        yield said("newest")

    engine.rebuild(documents(), STAMP, lambda: 1)
    assert "g1" in present


def test_a_refused_generation_goes_at_once(engine: EmbeddedEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        engine.rebuild([said("new")], STAMP, lambda: 7)
    assert _generations(tmp_path) == ["g1"]


def test_a_refused_generation_is_gone_after_the_next_rebuild(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    with pytest.raises(EngineError):
        engine.rebuild([said("new")], STAMP, lambda: 7)
    _rebuild(engine)
    _age(tmp_path)
    engine.tidy()
    assert len(_generations(tmp_path)) == 1


def test_foreign_files_in_the_folder_stay(engine: EmbeddedEngine, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for name in ("gx", "g-1", "backup"):
        (tmp_path / name).mkdir()
    _age(tmp_path)
    _rebuild(engine)
    engine.tidy()
    assert {"notes.txt", "gx", "g-1", "backup"} <= {path.name for path in tmp_path.iterdir()}


def test_a_put_on_a_full_disk_is_an_error_of_the_engine(
    engine: EmbeddedEngine,
) -> None:
    with pytest.raises(EngineError), _full_disk():
        engine.put([said("a", "visitor: candle")])


def test_what_was_found_before_a_full_disk_is_still_found(engine: EmbeddedEngine) -> None:
    with pytest.raises(EngineError), _full_disk():
        engine.put([said("a", "visitor: candle")])
    assert found(engine, "lantern") == ["old"]


def test_what_is_put_after_a_full_disk_is_found(engine: EmbeddedEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineError), _full_disk():
        engine.put([said("a", "visitor: candle")])
    engine.put([said("a", "visitor: candle")])
    assert found(EmbeddedEngine(tmp_path), "candle") == ["a"]


def test_what_is_replaced_after_a_full_disk_does_not_vanish(
    engine: EmbeddedEngine, tmp_path: Path
) -> None:
    with pytest.raises(EngineError), _full_disk():
        engine.put([said("old", "visitor: candle")])
    engine.put([said("old", "visitor: candle")])
    assert found(EmbeddedEngine(tmp_path)) == ["old"]


def test_a_rebuild_on_a_full_disk_keeps_the_old_generation(engine: EmbeddedEngine) -> None:
    with pytest.raises(EngineError), _full_disk():
        _rebuild(engine)
    assert (found(engine), stamp(engine)) == (["old"], STAMP)
    _rebuild(engine)
    assert found(engine) == ["new"]


def test_a_rebuild_that_cannot_write_at_all_is_an_error_of_the_engine(
    engine: EmbeddedEngine,
) -> None:
    with pytest.raises(EngineError), _full_disk(0):
        _rebuild(engine)
