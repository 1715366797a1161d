"""An archive that cannot be read: every answer is still a whole one, and health checks tell."""

from collections.abc import Iterator
from typing import Final

import httpx
import pytest
from web_world import WebWorld, portal

PAGES: Final = ("/", "/search?q=x", "/conversations/x", "/help/search", "/nothing")


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    """A portal in whose folder a directory stands where the archive should be."""
    folder = tmp_path_factory.mktemp("broken")
    with portal(folder) as world:
        for path in folder.glob("hooks.db*"):
            path.unlink()
        (folder / "hooks.db").mkdir()
        yield world
        (folder / "hooks.db").rmdir()


def is_whole(answer: httpx.Response) -> bool:
    """Whether an answer came from the portal itself, with its headers."""
    return "content-security-policy" in answer.headers and bool(answer.content)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_that_there_is_trouble(web: WebWorld, address: str) -> None:
    answer = web.get(address)
    assert answer.status_code in {200, 404, 500, 503}
    assert is_whole(answer)


def test_the_api_answers_with_a_problem(web: WebWorld) -> None:
    answer = web.get("/api/search")
    assert answer.status_code in {500, 503}
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code


def test_nobody_is_told_that_everything_is_stored(web: WebWorld) -> None:
    assert "what arrived is stored" not in web.get("/api/search").text


def test_readiness_tells_of_it(web: WebWorld) -> None:
    answer = web.get("/readyz")
    assert answer.status_code == 503
    assert (answer.json()["ready"], answer.json()["archive"] == "ok") == (False, False)


def test_what_needs_no_archive_goes_on(web: WebWorld) -> None:
    for address in ("/livez", "/static/app.css", "/favicon.ico", "/openapi.json"):
        assert web.get(address).status_code == 200


def test_a_hook_is_answered_with_503(web: WebWorld) -> None:
    answer = web.send(b"{}")
    assert answer.status_code == 503
    assert answer.headers["connection"] == "close"
