"""Errors: a page with a sentence for people, a problem for the API, one status for both."""

from collections.abc import Iterator
from typing import Final

import pytest
from web_world import OURS, WebWorld, full_portal, hook, name_of, said

MISSING: Final = (
    "/no/such/page",
    "/search/more",
    "/conversations",
    "/conversations/",
    "/conversations/208-2-1794819600000",
    "/conversations/208-1-1794819600000/",
    "/conversations/208-1-1794819600000/nothing",
    "/conversations/208-1-1794819600000/messages",
    "/conversations/208-2-1794819600000/raw",
    "/conversations/208-2-1794819600000/messages/1",
    "/conversations/%00",
    "/conversations/%ff",
    "/conversations/' OR 1=1 --",
    "/conversations/" + "x" * 5000,
    "/conversations/..%2f..%2fetc%2fpasswd",
    "/help",
    "/quarantine/x",
    "/static/nothing.css",
    "/static/../app/main.py",
    "/static/%2e%2e/app/main.py",
    "/static/..%2f..%2fapp/main.py",
    "/static/",
    "/schema",
    "/docs",
)
NOT_TAKEN: Final = (
    ("POST", "/"),
    ("POST", "/search"),
    ("PUT", "/help/search"),
    ("DELETE", "/conversations/208-1-1794819600000"),
    ("PATCH", "/theme"),
    ("POST", "/api/search"),
    ("DELETE", "/api/conversations/208-1-1794819600000"),
    ("POST", "/livez"),
    ("POST", "/readyz"),
    ("POST", "/static/app.css"),
    ("POST", "/openapi.json"),
)


NONSENSE: Final = (
    "q=%00",
    "q=%ff%fe",
    "q=%ED%A0%80",
    "q=" + "(" * 2000,
    "q=%",
    "&&&===",
    "q[]=1",
    "q=a&q=b",
    "rating=%00&country=%F0%9F%98%80",
    "page=99999999999999999999",
    "page=-1&per_page=0",
    "after=99999999999999999999",
    "after=-1&page=2",
    "from=0001-01-01&to=9999-12-31",
    "from=9999-12-31",
    "to=0001-01-01",
    "from=2026-02-30",
    "from=%D9%A2026-01-01",
    "sort=; DROP TABLE hooks",
    "hit=x&part=-2&events=maybe",
    "q=" + "a%2A+" * 64,
    "q=" + "word+" * 200,
    "q=" + "%22" * 50,
    "q=-",
    "q=--a",
    "q=OR",
    "x=" + "y" * 3000,
)


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with full_portal(tmp_path_factory.mktemp("problems"), hook(1, said("hello"))) as world:
        yield world


@pytest.mark.parametrize("address", [one for one in MISSING if not one.endswith("000/")])
def test_an_address_that_leads_nowhere_is_answered_with_a_page_that_says_so(
    web: WebWorld, address: str
) -> None:
    page = web.page(address, 404)
    assert page.one("h1").text == "There is no such page"
    assert page.has("form", "ask")
    assert "404 not-found" in page.one("main").text


def test_a_slash_at_the_end_does_not_matter(web: WebWorld) -> None:
    assert web.get("/conversations/208-1-1794819600000/").status_code == 200


@pytest.mark.parametrize("address", ["/api/nothing", "/api/conversations/208-2-1", "/api/search/x"])
def test_the_api_answers_with_a_problem_where_there_is_nothing(web: WebWorld, address: str) -> None:
    answer = web.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize(("method", "address"), NOT_TAKEN)
def test_a_method_that_an_address_does_not_take_is_answered_with_what_it_takes(
    web: WebWorld, method: str, address: str
) -> None:
    answer = web.ask(method, address, headers=OURS)
    assert answer.status_code == 405
    assert answer.headers["allow"]
    assert method not in answer.headers["allow"]
    assert "does not take that" in answer.text


def test_a_form_that_is_too_large_is_refused(web: WebWorld) -> None:
    body = b"theme=dark&back=" + b"x" * (11 * 1024 * 1024)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert web.ask("POST", "/theme", content=body, headers=OURS | kind).status_code == 413


@pytest.mark.parametrize(
    "address", ["/", "/search?q=a", f"/conversations/{name_of(1)}", "/nothing"]
)
def test_head_is_answered_as_get_without_the_body(web: WebWorld, address: str) -> None:
    shown, head = web.get(address), web.ask("HEAD", address)
    assert head.status_code == shown.status_code
    assert head.content == b""
    assert head.headers["content-type"] == shown.headers["content-type"]
    assert head.headers["content-length"] == str(len(shown.content))


@pytest.mark.parametrize("query", NONSENSE)
@pytest.mark.parametrize("path", ["/search", "/api/search", "/conversations/208-1-1794819600000"])
def test_nonsense_in_parameters_is_never_an_error(web: WebWorld, path: str, query: str) -> None:
    assert web.get(f"{path}?{query}").status_code == 200
