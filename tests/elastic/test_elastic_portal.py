"""A real portal on a real Elasticsearch: one setting there and back, and how trouble looks."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import cluster_for_tests
import pytest
from elastic_world import alias_of, indices
from meddler import Meddler, answer, error
from portal_process import Served, served, until

from cluster.nodes import ask

ANSWERED_WITHIN: Final = 6.0
"""Seconds in which the page must say that search is away."""
SEARCHES: Final = ("", "q=recall", "q=%22Fjord%202%22", "rating=bad&country=CZ", "q=w*&sort=oldest")

pytestmark = pytest.mark.slow


@pytest.fixture(name="meddler")
def _meddler() -> Iterator[Meddler]:
    meddler = Meddler(cluster_for_tests.url())
    yield meddler
    meddler.close()


def _address(url: str, folder: Path) -> str:
    return f"{url}/{alias_of(folder)}"


def _hook(channel: int, text: str) -> bytes:
    return (
        b'{"accountId": 7, "beginAt": 1790000000000, "channel": {"id": %d}, "messages": '
        b'[{"type": "visitor", "from": "visitor:x", "content": "%b"}]}'
    ) % (channel, text.encode())


def _answers(portal: Served) -> list[Any]:
    """What search answers, without what differs from start to start."""
    return [portal.get(f"/api/search?{query}").json() for query in SEARCHES]


def _is_whole(portal: Served) -> bool:
    told = portal.get("/api/search")
    return told.status_code == 200 and told.json()["index"]["behind"] == 0


def _ready(portal: Served) -> dict[str, Any]:
    told: dict[str, Any] = portal.get("/readyz").json()
    return told


def test_one_setting_changes_the_engine_and_back_and_no_answer(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    alias = alias_of(folder)
    with served(folder, "--demo") as portal:
        until(lambda: _is_whole(portal), "the demo is indexed")
        before = _answers(portal)
    with served(folder, SEARCH_URL=_address(cluster_for_tests.url(), folder)) as portal:
        until(lambda: not (folder / "index" / "CURRENT").exists(), "the former index is gone")
        assert _answers(portal) == before
        assert indices(alias) == [f"{alias}-g1"]
        assert portal.send(_hook(1, "lantern")).status_code == 200
        until(lambda: portal.total("lantern") == 1, "it is found on Elasticsearch")
    with served(folder) as portal:
        until(lambda: portal.total("lantern") == 1, "it is found by the embedded engine")
        assert _answers(portal)[1:] == before[1:]


def test_the_engine_before_answers_until_the_new_one_serves(
    meddler: Meddler, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with served(folder, "--demo") as portal:
        until(lambda: _is_whole(portal), "the demo is indexed")
    meddler.always = answer(401, error("security_exception"))
    with served(folder, SEARCH_URL=_address(meddler.url, folder)) as portal:
        assert portal.send(_hook(1, "lantern")).status_code == 200
        until(lambda: _ready(portal)["behind"] == 1, "the hook is named")
        told = _ready(portal)
        assert (told["ready"], "user or key" in told["search"]) == (False, True)
        assert portal.total("recall") == 5
        page = portal.get("/search?q=recall").text
        assert "Search is 1 conversation behind." in page
        meddler.always = None
        until(lambda: portal.total("lantern") == 1, "Elasticsearch serves by itself")
        assert _ready(portal)["ready"] is True
    log = portal.log.read_text("utf-8")
    assert "user or key: check the user and password" in log
    assert "lantern" not in log


def test_a_cluster_that_hangs_holds_up_neither_hooks_nor_timelines(
    meddler: Meddler, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with served(folder, "--demo", SEARCH_URL=_address(meddler.url, folder)) as portal:
        until(lambda: _is_whole(portal), "the demo is indexed")
        name = portal.get("/api/search?q=recall").json()["results"][0]["id"]
        meddler.always = meddler.hang
        waited = max(_seconds(portal, "/search?q=recall", 503) for _ in range(3))
        assert waited < ANSWERED_WITHIN
        page = portal.get("/search?q=recall")
        assert 'value="recall"' in page.text
        assert "Nothing is lost" in page.text
        assert portal.get("/api/search").headers["content-type"] == "application/problem+json"
        assert _seconds(portal, f"/conversations/{name}?q=recall", 200) < waited / 2
        began = time.monotonic()
        assert portal.send(_hook(1, "lantern")).status_code == 200
        assert time.monotonic() - began < waited / 2
        assert _ready(portal)["search"] == "Elasticsearch does not answer in time."
        meddler.always = None
        meddler.let_go()
        until(lambda: portal.total("lantern") == 1, "search caught up by itself")


def test_an_index_that_somebody_deleted_grows_back(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    alias = alias_of(folder)
    with served(folder, "--demo", SEARCH_URL=_address(cluster_for_tests.url(), folder)) as portal:
        until(lambda: _is_whole(portal), "the demo is indexed")
        ask(f"{cluster_for_tests.url()}/{alias}-g1", "DELETE")
        until(lambda: portal.total("recall") == 5, "it is found again")
        until(lambda: indices(alias) == [f"{alias}-g1"], "one index is there")


def test_a_portal_that_starts_without_its_cluster_says_why_and_takes_hooks(
    meddler: Meddler, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    meddler.close()
    with served(folder, SEARCH_URL=_address(meddler.url, folder)) as portal:
        assert portal.send(_hook(1, "lantern")).status_code == 200
        assert _seconds(portal, "/search?q=lantern", 503) < ANSWERED_WITHIN
        assert "nothing listens at its address" in _ready(portal)["search"]
        meddler.listen()
        until(lambda: portal.total("lantern") == 1, "it serves once the cluster is there")


def _seconds(portal: Served, path: str, status: int) -> float:
    """How long a page takes whose status is checked."""
    began = time.monotonic()
    assert portal.get(path).status_code == status
    return time.monotonic() - began


def _cut(meddler: Meddler, _folder: Path) -> None:
    meddler.always = meddler.cut


def _index_gone(_meddler: Meddler, folder: Path) -> None:
    """A file stands where the index was, so that none grows back."""
    while not (folder / "index").is_file():
        shutil.rmtree(folder / "index", ignore_errors=True)
        (folder / "index").touch()


@pytest.mark.parametrize(
    ("is_elastic", "stop"),
    [pytest.param(True, _cut, id="elasticsearch"), pytest.param(False, _index_gone, id="embedded")],
)
def test_reading_goes_on_while_search_is_down(
    meddler: Meddler,
    tmp_path: Path,
    stop: Callable[[Meddler, Path], None],
    is_elastic: bool,  # noqa: FBT001
) -> None:
    folder = tmp_path / "data"
    url = _address(meddler.url, folder) if is_elastic else ""
    with served(folder, SEARCH_URL=url) as portal:
        told = _hook(1, "lantern").replace(b'"messages"', b'"visitor": {"id": 5}, "messages"')
        for body in (told, told.replace(b'{"id": 1}', b'{"id": 2}')):
            assert portal.send(body).status_code == 200
        until(lambda: portal.total("lantern") == 2, "both conversations are found")
        name = "7-1-1790000000000"
        whole = portal.get(f"/conversations/{name}?q=lantern").text
        assert "1 of 2" in whole or "2 of 2" in whole
        (history,) = set(re.findall(r"/visitors/[0-9a-f]{32}", whole))
        assert "Search this history" in portal.get(history).text
        stop(meddler, folder)
        until(lambda: portal.get("/search?q=lantern").status_code == 503, "search is down")
        timeline = portal.get(f"/conversations/{name}?q=lantern")
        assert timeline.status_code == 200
        assert "Search does not answer at the moment" in timeline.text
        assert "<mark" in timeline.text
        assert 'class="trail"' not in timeline.text
        visitor = portal.get(f"{history}?q=nothing")
        assert visitor.status_code == 200
        assert visitor.text.count('class="chapter"') == 2
        assert "cannot be searched or filtered" in visitor.text
        assert "Search this history" not in visitor.text
        assert portal.get(f"/conversations/{name}/raw").content == told
        for ending in ("transcript.txt", "transcript.md", "quote?from=1", "quote.txt", "raw/1"):
            assert portal.get(f"/conversations/{name}/{ending}").status_code == 200
        assert portal.get(f"/conversations/{name}/messages/1").status_code in {200, 303}
