"""Search away: the page says so and keeps the search box, the archive's pages go on."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from web_world import WebWorld, full_portal, hook, name_of, portal, said, until

SEARCH: Final = "/search?q=hello+world&rating=bad&country=CZ&sort=oldest"


def _folder_deleted(index: Path) -> None:
    shutil.rmtree(index)


def _generation_deleted(index: Path) -> None:
    shutil.rmtree(index / (index / "CURRENT").read_text(encoding="ascii").strip())


def _meta_broken(index: Path) -> None:
    for path in index.glob("g*/meta.json"):
        path.write_bytes(b"\x00 no json")


def _current_is_nonsense(index: Path) -> None:
    (index / "CURRENT").write_text("../../etc", encoding="ascii")


DAMAGES: Final = (_folder_deleted, _generation_deleted, _meta_broken, _current_is_nonsense)


@pytest.fixture(
    name="web",
    scope="module",
    params=DAMAGES,
    ids=lambda damage: damage.__name__.strip("_"),
)
def _web(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebWorld]:
    """A portal whose index broke before its web process looked at it."""
    damage: Callable[[Path], None] = request.param
    bodies = [hook(n, said("hello"), begin=1000 * n, visitor={"name": f"V {n}"}) for n in range(8)]
    with full_portal(tmp_path_factory.mktemp("away"), *bodies) as world:
        damage(world.data_dir / "index")
        yield world


def test_the_page_says_that_search_is_away_and_keeps_the_search(web: WebWorld) -> None:
    page = web.page(SEARCH, 503)
    assert page.one("h1").text in ("Search is away at the moment", "Search is not ready yet")
    form = page.one("form", "ask")
    assert form.one("input", name="q")["value"] == "hello world"
    assert [one["value"] for one in form.all("input", type="hidden")] == ["bad", "CZ"]
    assert web.query(page.one("main").one("a", "btn")["href"]) == web.query(SEARCH)


def test_the_page_says_that_nothing_is_lost_and_names_the_latest_conversations(
    web: WebWorld,
) -> None:
    page = web.page(SEARCH, 503)
    assert "Nothing is lost" in page.one("main").text
    latest = page.one("ul", "rescue").all("a")
    assert [one.text for one in latest] == ["V 7", "V 6", "V 5", "V 4", "V 3"]
    assert all(web.get(one["href"]).status_code == 200 for one in latest)


def test_the_answer_says_when_to_come_again(web: WebWorld) -> None:
    for address in ("/", SEARCH, "/api/search"):
        assert int(web.get(address).headers["retry-after"]) > 0


def test_the_api_answers_with_a_problem(web: WebWorld) -> None:
    answer = web.get("/api/search?q=hello")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 503
    assert set(problem) == {"type", "title", "status", "detail"}
    assert all(isinstance(problem[name], str) for name in ("type", "title", "detail"))


def test_everything_that_needs_no_engine_goes_on(web: WebWorld) -> None:
    name = name_of(3, 3000)
    timeline = web.page(f"/conversations/{name}?q=hello")
    assert [one.text for one in timeline.all("mark")] == ["hello"]
    assert web.get(f"/conversations/{name}/raw").status_code == 200
    assert web.api(f"/conversations/{name}?q=hello")["hits"] == [1]
    assert web.page("/help/search").one("h1").text == "Search words"
    assert web.send(b"a hook meanwhile").status_code == 200
    assert web.get("/livez").status_code == 200


def test_readiness_tells_of_it(web: WebWorld) -> None:
    answer = web.get("/readyz")
    assert answer.status_code == 503
    told = answer.json()
    assert (told["ready"], told["archive"]) == (False, "ok")
    assert told["search"] != "ok"


def test_readiness_tells_everybody_no_path_of_the_machine(web: WebWorld) -> None:
    assert str(web.data_dir) not in web.get("/readyz").text


def test_the_log_names_the_failure_without_the_query(
    web: WebWorld, caplog: pytest.LogCaptureFixture
) -> None:
    web.get("/search?q=secretword")
    assert "503 NotBuiltError" in caplog.text or "503 EngineError" in caplog.text
    assert "secretword" not in caplog.text


def test_search_goes_away_with_its_folder_and_comes_back_by_a_rebuild(tmp_path: Path) -> None:
    with full_portal(tmp_path, hook(1, said("hello"))) as web:
        assert web.api("/search?q=hello")["total"] == 1
        shutil.rmtree(tmp_path / "index")
        until(lambda: web.get("/search?q=hello").status_code == 503, "search is away")
        web.settle()
        until(lambda: web.get("/search?q=hello").status_code == 200, "search is back")
        assert web.api("/search?q=hello")["total"] == 1


def test_before_the_first_index_is_built_search_is_away_and_timelines_are_not(
    tmp_path: Path,
) -> None:
    with portal(tmp_path) as web:
        web.receive(hook(1, said("hello")))
        web.indexer.name_hooks()
        assert web.get("/").status_code == 503
        assert web.get(f"/conversations/{name_of(1)}").status_code == 200


def test_a_timeline_without_an_engine_has_no_link_back_to_the_results(web: WebWorld) -> None:
    page = web.page(f"/conversations/{name_of(3, 3000)}?q=hello")
    assert not page.has("nav", "trail")
