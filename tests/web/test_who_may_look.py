"""Who may look: pages and API only for requests that are plainly local, hooks and health for all.

``access_requests.tsv`` lists requests by Host and one further header; ``-`` stands for none. A
broken Host may be answered with 400 by anything.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from web_world import OURS, WebWorld, full_portal, hook, portal, said

_LINES: Final = Path(__file__).with_name("access_requests.tsv").read_text(encoding="utf-8")
REQUESTS: Final = tuple(line.split("\t") for line in _LINES.splitlines()[1:])
SHUT: Final = (
    "/",
    "/search?q=hello",
    "/conversations/208-1-1794819600000",
    "/conversations/208-1-1794819600000/raw",
    "/conversations/208-1-1794819600000/messages/1",
    "/help/search",
    "/api/search",
    "/api/conversations/208-1-1794819600000",
    "/openapi.json",
    "/favicon.ico",
    "/static/app.css",
    "/no/such/page",
    "/livez/",
    "/hooks",
    "/hooks/other/x",
    "/hooks/smartsuppx/y",
)
"""Addresses that answer a plainly local request only."""
OPEN: Final = ("/livez", "/readyz")
SENTENCE: Final = (
    "These pages answer only on the machine that the portal runs on, until it has a password.\n"
)


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with full_portal(tmp_path_factory.mktemp("gate"), hook(1, said("hello"))) as world:
        yield world


def headers_of(host: str, header: str) -> list[tuple[bytes, bytes]]:
    """The headers of one row."""
    headers = [] if host == "-" else [(b"host", host.encode())]
    if header != "-":
        name, value = header.split(": ", 1)
        headers.append((name.encode(), value.encode()))
    return headers


@pytest.mark.parametrize(("host", "header", "local", "reason"), REQUESTS)
def test_pages_and_api_answer_a_plainly_local_request_only(
    web: WebWorld, host: str, header: str, local: str, reason: str
) -> None:
    for address in SHUT:
        answer = web.get(address, headers=headers_of(host, header))
        if local == "yes":
            assert answer.status_code not in {400, 403}, (address, reason)
        elif local == "no":
            assert answer.status_code == 403, (address, reason)
            assert SENTENCE.strip() in answer.text, (address, reason)
        else:
            assert answer.status_code in {400, 403}, (address, reason)


@pytest.mark.parametrize(("host", "header", "local", "reason"), REQUESTS)
def test_hooks_and_health_checks_answer_everybody(
    web: WebWorld, host: str, header: str, local: str, reason: str
) -> None:
    headers = headers_of(host, header)
    answers = [web.get(address, headers=headers) for address in OPEN]
    answers.append(web.ask("POST", web.hook_path(), content=b"{}", headers=headers))
    expected = {200, 400} if local == "broken" else {200}
    assert {answer.status_code for answer in answers} <= expected, reason


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_no_method_opens_a_shut_door(web: WebWorld, method: str) -> None:
    answers = [
        web.ask(method, address, headers={"host": "evil.example", **OURS}) for address in SHUT
    ]
    assert {answer.status_code for answer in answers} == {403}


def test_nobody_elsewhere_is_shown_the_secret_of_the_hook(tmp_path: Path) -> None:
    with portal(tmp_path) as web:
        token = web.tokens.ensure()
        assert token in web.get("/").text, "the first-run page shows it on the machine itself"
        for address in (*SHUT, *OPEN):
            answer = web.get(address, headers={"host": "chats.example.com"})
            assert token not in answer.text + str(answer.headers)


def test_a_second_host_does_not_vouch_for_the_first(web: WebWorld) -> None:
    answer = web.get("/", headers=[(b"host", b"localhost"), (b"host", b"evil.example")])
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("public_url", "status"),
    [
        ("", 200),
        ("http://localhost:8000", 200),
        ("http://127.0.0.1:9000/portal", 200),
        ("http://[::1]", 200),
        ("https://chats.example.com", 403),
        ("http://192.168.1.5:8000/", 403),
        ("https://localhost.example.com", 403),
    ],
)
def test_with_a_public_address_elsewhere_pages_are_shut_to_local_requests_too(
    tmp_path: Path, public_url: str, status: int
) -> None:
    with portal(tmp_path, public_url=public_url) as web:
        assert web.get("/").status_code == status
        assert web.get("/help/search").status_code == status
        assert web.get("/livez").status_code == 200
        assert web.send(b"{}").status_code == 200


@pytest.mark.parametrize("address", OPEN)
def test_an_error_of_a_health_check_shows_no_page_to_everybody(web: WebWorld, address: str) -> None:
    answer = web.ask("DELETE", address, headers={"host": "evil.example"})
    assert answer.status_code == 405
    assert "Last hook received" not in answer.text


def test_the_api_refuses_with_a_problem(web: WebWorld) -> None:
    answer = web.get("/api/search", headers={"host": "evil.example"})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
