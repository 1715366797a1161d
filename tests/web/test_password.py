"""Password mode: who has the password may look, from an address that is the portal's."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from web_world import OURS, WebWorld, full_portal, hook, portal, said

from app.page_password import FILE_NAME, PagePassword

SECRET: Final = "žluťoučký kůň"  # noqa: S105
PUBLIC: Final = "https://chats.example.com"
SHUT: Final = (
    "/",
    "/search?q=hello",
    "/search/country",
    "/quarantine",
    "/help/search",
    "/help/api",
    "/conversations/208-1-1794819600000",
    "/conversations/208-1-1794819600000/raw",
    "/api/search",
    "/openapi.json",
    "/static/app.css",
    "/nothing",
)


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    folder = tmp_path_factory.mktemp("password")
    body = hook(1, said("hello"))
    with full_portal(folder, body, password=SECRET, public_url=PUBLIC) as world:
        yield world


def basic(password: str, user: str = "anyone") -> dict[str, str]:
    """The header of HTTP Basic."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


@pytest.mark.parametrize("address", SHUT)
def test_without_the_password_nobody_sees_a_page_and_all_are_asked(
    web: WebWorld, address: str
) -> None:
    answer = web.get(address)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Basic realm="Transcript Portal"')
    assert "hello" not in answer.text
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("address", SHUT[:-1])
@pytest.mark.parametrize("user", ["", "anyone", "portal"])
def test_with_the_password_every_page_answers(web: WebWorld, address: str, user: str) -> None:
    assert web.get(address, headers=basic(SECRET, user)).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic /////",
        f"Bearer {SECRET.encode().hex()}",
        "basic YW55b25lOndyb25n",
        "Basic YW55b25l",
        "Basic Og==",
        "Digest username=x",
    ],
)
def test_nonsense_and_wrong_passwords_are_refused(web: WebWorld, header: str) -> None:
    assert web.get("/", headers={"authorization": header}).status_code == 401


@pytest.mark.parametrize("wrong", ["", SECRET[:-1], SECRET + "x", SECRET.upper(), "x" * 10_000])
def test_almost_the_password_is_not_the_password(web: WebWorld, wrong: str) -> None:
    assert web.get("/", headers=basic(wrong)).status_code == 401


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_health_answers_everybody(web: WebWorld, address: str) -> None:
    assert web.get(address).status_code == 200
    assert web.get(address, headers={"host": "whatever.example"}).status_code == 200


def test_hooks_need_no_password(web: WebWorld) -> None:
    assert web.send(hook(2, said("hello"))).status_code == 200
    assert web.send(hook(2, said("x")), headers={"host": "chats.example.com"}).status_code == 200


HOSTS: Final = (
    ("127.0.0.1:8000", 200),
    ("localhost", 200),
    ("[::1]:8000", 200),
    ("chats.example.com", 200),
    ("CHATS.example.com:443", 200),
    ("evil.example", 421),
    ("chats.example.com.evil.example", 421),
    ("10.0.0.5", 421),
    ("", 421),
    ("[", 421),
)


@pytest.mark.parametrize(("host", "status"), HOSTS)
def test_only_an_address_of_the_portal_is_answered(web: WebWorld, host: str, status: int) -> None:
    answer = web.get("/help/search", headers={"host": host, **basic(SECRET)})
    assert answer.status_code == status


@pytest.mark.parametrize("name", ["forwarded", "x-forwarded-for", "x-forwarded-host"])
def test_a_proxy_may_stand_before_it(web: WebWorld, name: str) -> None:
    headers = {"host": "chats.example.com", name: "198.51.100.7", **basic(SECRET)}
    assert web.get("/", headers=headers).status_code == 200


def test_a_form_still_has_to_come_from_our_own_page(web: WebWorld) -> None:
    form: dict[str, Any] = {"data": {"theme": "dark", "back": "/"}}
    assert web.ask("POST", "/theme", headers=basic(SECRET), **form).status_code == 403
    assert web.ask("POST", "/theme", headers=OURS, **form).status_code == 401
    assert web.ask("POST", "/theme", headers=OURS | basic(SECRET), **form).status_code == 303


def test_a_refusal_of_the_api_is_a_problem(web: WebWorld) -> None:
    answer = web.get("/api/search")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 401


@pytest.mark.parametrize("bound", ["0.0.0.0", "10.0.0.5"])  # noqa: S104
def test_beyond_this_machine_nothing_answers_without_a_password(tmp_path: Path, bound: str) -> None:
    with portal(tmp_path, host=bound) as web:
        assert web.get("/").status_code == 403
        PagePassword(tmp_path).renew()
        assert web.get("/").status_code == 401


def test_the_bound_address_is_an_address_of_the_portal(tmp_path: Path) -> None:
    with portal(tmp_path, host="10.0.0.5", password=SECRET) as web:
        for host, status in (("10.0.0.5:8000", 200), ("10.0.0.6", 421)):
            answer = web.get("/help/search", headers={"host": host, **basic(SECRET)})
            assert answer.status_code == status


def test_a_password_file_is_taken_up_and_changed_without_a_restart(tmp_path: Path) -> None:
    with portal(tmp_path) as web:
        assert web.get("/").status_code == 200
        first = PagePassword(tmp_path).renew()
        assert web.get("/", headers=basic(first)).status_code == 200
        second = PagePassword(tmp_path).renew()
        assert web.get("/", headers=basic(first)).status_code == 401
        assert web.get("/", headers=basic(second)).status_code == 200


def test_a_lost_password_file_does_not_open_the_pages(tmp_path: Path) -> None:
    with portal(tmp_path) as web:
        password = PagePassword(tmp_path).renew()
        assert web.get("/").status_code == 401
        (tmp_path / FILE_NAME).unlink()
        assert web.get("/").status_code == 401
        assert web.get("/", headers=basic(password)).status_code == 200
        (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe")
        assert web.get("/").status_code == 401


def test_the_password_is_in_no_page_and_no_log(
    web: WebWorld, caplog: pytest.LogCaptureFixture
) -> None:
    answers: list[httpx.Response] = [
        web.get(address, headers=basic(SECRET)) for address in SHUT
    ] + [web.get("/", headers=basic("wrong"))]
    assert all(SECRET not in answer.text for answer in answers)
    assert SECRET not in caplog.text


def test_a_new_password_is_long_and_for_its_owner_alone(tmp_path: Path) -> None:
    pages = PagePassword(tmp_path)
    password, is_new = pages.ensure()
    assert (len(password) >= 20, is_new) == (True, True)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert pages.ensure() == (password, False)


def test_no_password_accepts_nothing_at_all(tmp_path: Path) -> None:
    assert not PagePassword(tmp_path).accepts("")
