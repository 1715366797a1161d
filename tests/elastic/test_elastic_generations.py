"""Generations on a server: what is left over, whose index it is, and what somebody does by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cluster_for_tests
import pytest
from elastic_world import LAYOUT, alias_of, indices, open_elastic
from msgspec.structs import replace
from test_elastic_bulk import document, found

from app.errors import EngineError, NotBuiltError
from app.search import elastic_generations
from app.search.elastic import ElasticEngine
from app.search.elastic_index import Layout
from app.search.engine import Document
from cluster.nodes import ask

pytestmark = pytest.mark.usefixtures("no_life_after")
OLD: Final = [document(1, "lantern")]
NEW: Final = [document(2, "candle"), document(3, "candle")]


@pytest.fixture(name="engine")
def _engine(tmp_path: Path) -> ElasticEngine:
    engine = open_elastic(tmp_path)
    engine.rebuild(OLD, "stamp", lambda: 1)
    return engine


def server(path: str, method: str = "GET", body: object = None) -> object:
    """Somebody asks the server by hand."""
    return ask(f"{cluster_for_tests.url()}/{path}", method, body)


def _indices(folder: Path) -> list[str]:
    """The generations of a folder's alias, by their endings."""
    alias = alias_of(folder)
    return [name.removeprefix(alias) for name in indices(alias)]


def test_the_alias_names_the_generation_that_serves(engine: ElasticEngine, tmp_path: Path) -> None:
    engine.rebuild(NEW, "stamp", lambda: 2)
    engine.tidy()
    assert _indices(tmp_path) == ["-g2"]
    assert server(f"{alias_of(tmp_path)}/_count") == {
        "count": 2,
        "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
    }


def test_a_generation_that_was_just_replaced_stays_for_its_readers(
    engine: ElasticEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_generations, "OLD_GENERATION_LIFE", 60.0)
    engine.rebuild(NEW, "stamp", lambda: 2)
    engine.tidy()
    assert _indices(tmp_path) == ["-g1", "-g2"]


def test_a_failed_filling_leaves_nothing_behind(engine: ElasticEngine, tmp_path: Path) -> None:
    def broken() -> Iterator[Document]:
        yield NEW[0]
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011
        engine.rebuild(broken(), "stamp", lambda: 1)
    assert (_indices(tmp_path), found(engine)) == (["-g1"], ["1"])


def test_a_wrong_count_leaves_nothing_behind(engine: ElasticEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="holds 2 documents instead of 3"):
        engine.rebuild(NEW, "stamp", lambda: 3)
    assert (_indices(tmp_path), found(engine)) == (["-g1"], ["1"])


def test_what_a_killed_process_left_goes_with_the_first_tidying_of_the_next(
    engine: ElasticEngine, tmp_path: Path
) -> None:
    engine._generations.begin("stamp")  # as far as a process that was killed in its filling
    assert _indices(tmp_path) == ["-g1", "-g2"]
    open_elastic(tmp_path).tidy()
    assert (_indices(tmp_path), found(engine)) == (["-g1"], ["1"])


def test_a_generation_that_is_being_filled_is_not_tidied_away(engine: ElasticEngine) -> None:
    def documents() -> Iterator[Document]:
        yield NEW[0]
        engine.tidy()
        yield NEW[1]

    engine.rebuild(documents(), "stamp", lambda: 2)
    assert found(engine) == ["2", "3"]


def test_another_portal_of_the_same_name_is_told_and_left_alone(
    engine: ElasticEngine, tmp_path: Path
) -> None:
    other = open_elastic(tmp_path, archive="another archive")
    told = "belongs to another portal"
    with pytest.raises(EngineError, match=told):
        found(other)
    with pytest.raises(EngineError, match=told):
        other.put(NEW)
    with pytest.raises(EngineError, match=told):
        other.rebuild(NEW, "stamp", lambda: 2)
    with pytest.raises(EngineError, match=told):
        other.tidy()
    assert (_indices(tmp_path), found(engine)) == (["-g1"], ["1"])


def test_portals_with_names_that_begin_alike_do_not_touch_each_other(tmp_path: Path) -> None:
    alias = alias_of(tmp_path)
    first = open_elastic(tmp_path)
    second = open_elastic(tmp_path, name=f"{alias}-germany")
    third = open_elastic(tmp_path, name=f"{alias}-g")
    for number, engine in enumerate((first, second, third)):
        engine.rebuild([document(number, "lantern")], "stamp", lambda: 1)
    for engine in (first, second, third):
        engine.tidy()
    assert [found(engine) for engine in (first, second, third)] == [["0"], ["1"], ["2"]]
    first.rebuild(NEW, "stamp", lambda: 2)
    first.tidy()
    assert [found(engine) for engine in (first, second, third)] == [["2", "3"], ["1"], ["2"]]


def test_foreign_indices_with_names_of_ours_stay(engine: ElasticEngine, tmp_path: Path) -> None:
    foreign = f"{alias_of(tmp_path)}-g7"
    server(foreign, "PUT")
    engine.rebuild(NEW, "stamp", lambda: 2)
    engine.tidy()
    assert _indices(tmp_path) == ["-g7", "-g8"]


def test_an_index_that_was_deleted_by_hand_is_not_built(
    engine: ElasticEngine, tmp_path: Path
) -> None:
    assert found(engine) == ["1"]
    server(f"{alias_of(tmp_path)}-g1", "DELETE")
    with pytest.raises(NotBuiltError):
        found(engine)
    with pytest.raises(EngineError):
        engine.put(NEW)
    assert engine.serving() is None
    assert _indices(tmp_path) == []
    engine.rebuild(NEW, "stamp", lambda: 2)
    assert found(engine) == ["2", "3"]


def test_an_index_that_is_deleted_under_a_writer_is_not_made_by_its_put(
    engine: ElasticEngine, tmp_path: Path
) -> None:
    engine.put(OLD)
    server(f"{alias_of(tmp_path)}-g1", "DELETE")
    with pytest.raises(EngineError):
        engine.put(NEW)
    assert _indices(tmp_path) == []


def test_an_index_whose_mapping_was_changed_by_hand_does_not_fit(
    engine: ElasticEngine, tmp_path: Path
) -> None:
    before = engine.serving()
    server(f"{alias_of(tmp_path)}/_mapping", "PUT", {"properties": {"mine": {"type": "keyword"}}})
    engine._generations.forget()
    after = engine.serving()
    assert before is not None
    assert after is not None
    assert (before.stamp, after.stamp == "stamp") == ("stamp", False)


def test_documents_that_a_wrong_mapping_refuses_are_no_documents_for_quarantine(
    tmp_path: Path,
) -> None:
    engine = open_elastic(tmp_path)
    engine.rebuild([], "stamp", lambda: 0)
    alias = alias_of(tmp_path)
    meta = server(f"{alias}-g1")[f"{alias}-g1"]["mappings"]["_meta"]  # type: ignore[index]
    server(f"{alias}-g1", "DELETE")
    wrong = {"_meta": meta, "dynamic": "strict", "properties": {"begin": {"type": "date"}}}
    server(f"{alias}-g1", "PUT", {"mappings": wrong, "aliases": {alias: {}}})
    with pytest.raises(EngineError, match="not as the portal made it"):
        engine.put(OLD)


@pytest.mark.parametrize(
    "layout",
    [replace(LAYOUT, shards=2), replace(LAYOUT, readable=False)],
    ids=["shards", "readable"],
)
def test_another_layout_does_not_fit_and_answers_until_it_is_built(
    engine: ElasticEngine, layout: Layout, tmp_path: Path
) -> None:
    other = open_elastic(tmp_path, layout)
    serving = other.serving()
    assert serving is not None
    assert serving.stamp != "stamp"
    assert found(other) == ["1"]
    other.rebuild(NEW, "stamp", lambda: 2)
    serving = other.serving()
    assert serving is not None
    assert serving.stamp == "stamp"
    engine._generations.forget()
    assert found(engine) == ["2", "3"]


def test_copies_and_refreshes_change_without_a_new_generation(
    engine: ElasticEngine, tmp_path: Path
) -> None:
    open_elastic(tmp_path, replace(LAYOUT, refresh=2.5, replicas=None)).tidy()
    (told,) = server(f"{alias_of(tmp_path)}/_settings").values()  # type: ignore[attr-defined]
    settings = told["settings"]["index"]
    assert settings["refresh_interval"] == "2500ms"
    assert settings["auto_expand_replicas"] == "0-1"
    assert engine.serving() is not None


def test_each_generation_has_a_name_that_no_other_has(engine: ElasticEngine) -> None:
    names = set()
    for _ in range(3):
        serving = engine.serving()
        assert serving is not None
        names.add(serving.generation)
        engine.rebuild(NEW, "stamp", lambda: 2)
    assert len(names) == 3


def test_other_tools_read_the_transcript_and_see_no_tokens(
    engine: ElasticEngine, tmp_path: Path
) -> None:
    query = {"query": {"match": {"transcript": "LANTERN"}}}
    answer = server(f"{alias_of(tmp_path)}/_search", "POST", query)
    (hit,) = answer["hits"]["hits"]  # type: ignore[index]
    assert hit["_source"]["transcript"] == "visitor: lantern"
    assert not [name for name in hit["_source"] if name.endswith(("_folded", "_whole", "_singles"))]
    assert engine.count() == 1
