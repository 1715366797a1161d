"""What a generation's stamp says of its languages: all that its words depend on."""

from pathlib import Path

import pytest

from app.indexer import tongues
from app.indexer.tongues import LazyDetector, Tongues
from app.search import tables
from app.search.tables import Tables


@pytest.mark.parametrize(
    ("module", "name"),
    [(tables, "TABLE_VERSION"), (tongues, "VERSION"), (tongues, "JUDGE")],
)
def test_a_stamp_changes_with_what_words_depend_on(
    module: object, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Tongues(Tables(tmp_path), LazyDetector())
    before = known.stamp
    assert Tongues(Tables(tmp_path / "elsewhere"), LazyDetector()).stamp == before
    monkeypatch.setattr(module, name, "another")
    assert known.stamp != before
