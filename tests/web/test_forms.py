"""The two forms, theme and demo data: only our own pages may send them, and what they do."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest
from disk import full_disk
from html_tree import read_page
from web_world import OURS, WebWorld, full_portal, hook, indexer_at_work, portal, said, until

FORMS: Final = ("/theme", "/demo", "/demo/remove", "/quarantine/replay")
HOST: Final = "http://127.0.0.1:8000"
FROM_ELSEWHERE: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    ("nothing says where it is from", {}),
    ("a foreign page", {"sec-fetch-site": "cross-site"}),
    ("a neighbour of the same site", {"sec-fetch-site": "same-site"}),
    ("typed or opened by another program", {"sec-fetch-site": "none"}),
    ("nonsense", {"sec-fetch-site": "same-origin, cross-site"}),
    ("what the browser says counts more", {"sec-fetch-site": "cross-site", "origin": HOST}),
    ("a foreign origin", {"origin": "https://evil.example"}),
    ("another port", {"origin": "http://127.0.0.1:8001"}),
    ("another name of this machine", {"origin": "http://localhost:8000"}),
    ("begins like us", {"origin": "http://127.0.0.1:8000.evil.example"}),
    ("ends like us", {"origin": "https://evil.example/http://127.0.0.1:8000"}),
    ("a sandboxed page", {"origin": "null"}),
    ("an empty origin", {"origin": ""}),
    ("only a referer", {"referer": f"{HOST}/"}),
)
ELSEWHERE: Final = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    "/\x00/evil.example",
    "/%2F/evil.example",
    "/.//evil.example",
    "/x/..//evil.example",
    "@evil.example",
    "?next=1",
    "",
)


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with portal(tmp_path_factory.mktemp("forms")) as world:
        yield world


def choose(web: WebWorld, theme: str, back: str = "/", **more: str) -> httpx.Response:
    """The answer to choosing a theme on one of our pages."""
    return web.ask("POST", "/theme", data={"theme": theme, "back": back}, headers=OURS | more)


def browser_goes_to(location: str) -> str:
    """Where a browser ends up: it drops tabs and line ends and reads a backslash as a slash."""
    cleaned = location.strip(" \t\r\n\x00")
    for drop in "\t\r\n":
        cleaned = cleaned.replace(drop, "")
    return str(httpx.URL(HOST).join(cleaned.replace("\\", "/")))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("why", "headers"), FROM_ELSEWHERE)
def test_a_form_from_elsewhere_is_refused(
    web: WebWorld, form: str, why: str, headers: Mapping[str, str]
) -> None:
    answer = web.ask("POST", form, data={"theme": "dark", "back": "/"}, headers=headers)
    assert answer.status_code == 403, why
    assert answer.text == "This was not sent from a page of the portal.\n"
    assert "set-cookie" not in answer.headers
    assert web.indexer.name_hooks() is False, "something was stored"


@pytest.mark.parametrize("headers", [OURS, {"origin": HOST}, OURS | {"origin": "null"}])
def test_a_form_of_our_own_page_is_taken(web: WebWorld, headers: Mapping[str, str]) -> None:
    answer = web.ask("POST", "/theme", data={"theme": "dark", "back": "/"}, headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize("origin", ["http://[", "https://[::1", "http://[x]/"])
def test_an_origin_that_is_no_address_is_refused(web: WebWorld, origin: str) -> None:
    assert web.ask("POST", "/demo", headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_never_sent_by_a_link(web: WebWorld, form: str) -> None:
    answer = web.get(form, headers=OURS)
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_shows_on_every_page_from_then_on(web: WebWorld, theme: str) -> None:
    cookie = choose(web, theme).headers["set-cookie"].split(";")[0]
    for address in ("/", "/help/search", "/no/such/page"):
        page = read_page(web.get(address, headers={"cookie": cookie}).text)
        assert page.one("html").get("data-theme") == theme
        chosen = page.one("form", action="/theme").all("button", **{"aria-current": "true"})
        assert [(one["value"], "(chosen)" in one.text) for one in chosen] == [(theme, True)]


@pytest.mark.parametrize("cookie", ["", "theme=system", "theme=x", 'theme="><b>', "theme"])
def test_without_a_theme_of_ours_the_system_decides(web: WebWorld, cookie: str) -> None:
    page = read_page(web.get("/", headers={"cookie": cookie}).text)
    assert page.one("html").get("data-theme") is None
    chosen = page.one("form", action="/theme").all("button", **{"aria-current": "true"})
    assert [one["value"] for one in chosen] == ["system"]


def test_the_theme_cookie_is_for_our_pages_alone(web: WebWorld) -> None:
    attributes = choose(web, "dark").headers["set-cookie"].lower().split("; ")
    assert attributes[0] == "theme=dark"
    assert {"httponly", "path=/", "samesite=lax"} <= set(attributes)


def test_a_theme_that_there_is_not_becomes_that_of_the_system(web: WebWorld) -> None:
    assert (
        choose(web, "purple; Domain=evil.example").headers["set-cookie"].startswith("theme=system;")
    )


@pytest.mark.parametrize("back", ["/", "/search?q=a%20b&rating=bad", "/search?q=%C3%A9%25#x"])
def test_after_choosing_one_is_back_on_the_page_one_came_from(web: WebWorld, back: str) -> None:
    assert choose(web, "dark", back).headers["location"] == back


@pytest.mark.parametrize("back", ELSEWHERE)
def test_choosing_a_theme_never_leads_elsewhere(web: WebWorld, back: str) -> None:
    answer = choose(web, "dark", back)
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert urlsplit(browser_goes_to(location)).netloc == "127.0.0.1:8000", location


def test_the_page_that_one_is_on_is_what_the_form_leads_back_to(web: WebWorld) -> None:
    address = '/search?q=%22a%22+b&rating=bad&x="%3E'
    page = read_page(web.get(address).text)
    back = page.one("form", action="/theme").one("input", name="back")["value"]
    assert httpx.URL(back).params == httpx.URL(address).params


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"xx"),
        ("multipart/form-data; boundary=x", b"--x\r\nnothing"),
        ("application/x-www-form-urlencoded", b"\xff=\xfe&theme&back=%ff"),
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("text/plain", b"theme=dark"),
        ("", b"\x00"),
    ],
)
def test_a_broken_form_is_no_mistake_of_the_portal(web: WebWorld, kind: str, body: bytes) -> None:
    answer = web.ask("POST", "/theme", content=body, headers=OURS | {"content-type": kind})
    assert answer.status_code in {303, 400}


def test_demo_data_fills_the_portal_and_is_marked_as_such(web: WebWorld) -> None:
    answer = web.ask("POST", "/demo", headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    web.settle()
    found = web.api("/search?per_page=100")
    assert found["total"] > 100
    assert all(result["demo"] for result in found["results"])


def test_demo_data_that_is_there_is_not_loaded_again(web: WebWorld) -> None:
    before = web.api("/search")["total"]
    assert web.ask("POST", "/demo", headers=OURS).status_code == 303
    web.settle()
    assert web.api("/search")["total"] == before


def test_one_click_takes_the_demo_away_and_leaves_the_rest(tmp_path: Path) -> None:
    with full_portal(tmp_path, hook(1, said("own words"))) as web, indexer_at_work(web):
        web.ask("POST", "/demo", headers=OURS)
        until(lambda: web.api("/search")["total"] > 400, "the demo is found")
        form = web.page("/").one("form", "demo-out")
        assert form.one("button").text == "Remove the demo conversations"
        answer = web.ask(form["method"].upper(), form["action"], headers=OURS)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        until(lambda: web.api("/search")["total"] == 1, "only the own one is left")
        assert not web.page("/").has("form", "demo-out")


def test_when_demo_data_cannot_be_stored_the_page_says_so(tmp_path: Path) -> None:
    with full_portal(tmp_path, hook(1, said("own words"))) as web, full_disk():
        answer = web.ask("POST", "/demo", headers=OURS)
    assert answer.status_code == 503
    assert "search engine" not in answer.text
