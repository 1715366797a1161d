"""The samples for nginx and Caddy, run by the real programs before a real portal."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from proxied_portal import HOST, PATIENCE, Proxied, proxied, until

PROXIES: Final = ("caddy", "nginx")
MIB: Final = 1024 * 1024
DEADLINE: Final = "1"
"""Seconds in which a hook must have arrived."""
PAGES: Final = (
    "/",
    "/search?q=x",
    "/api/search",
    "/conversations/1-1-1",
    "/openapi.json",
    "/quarantine",
)
PASSWORD: Final = "correct horse battery staple"  # noqa: S105 — of these tests alone
KEY: Final = ("anybody", PASSWORD)


@pytest.fixture(name="proxy", scope="module", params=PROXIES)
def _proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxied]:
    place = tmp_path_factory.mktemp(request.param)
    with proxied(request.param, place, HOOK_DEADLINE=DEADLINE, PASSWORD=PASSWORD) as portal:
        yield portal


def large(mebibytes: int) -> bytes:
    """A hook of about so many bytes."""
    return json.dumps({"text": "x" * (mebibytes * MIB)}).encode()


def test_a_hook_passes(proxy: Proxied) -> None:
    answer = proxy.ask("POST", proxy.hook_path, content=b'{"first": 1}')
    assert (answer.status_code, answer.json()["stored"]) == (200, True)


def test_a_hook_of_9_mib_passes(proxy: Proxied) -> None:
    answer = proxy.ask("POST", proxy.hook_path, content=large(9))
    assert (answer.status_code, answer.json()["stored"]) == (200, True)


def test_a_hook_of_11_mib_is_answered_with_413(proxy: Proxied) -> None:
    assert proxy.ask("POST", proxy.hook_path, content=large(11)).status_code == 413


def test_a_hook_of_11_mib_whose_size_was_not_announced_is_answered_with_413(
    proxy: Proxied,
) -> None:
    body = large(11)
    pieces = (body[start : start + 65536] for start in range(0, len(body), 65536))
    assert proxy.ask("POST", proxy.hook_path, content=pieces).status_code == 413


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_the_address_of_the_hook_takes_no_other_method(proxy: Proxied, method: str) -> None:
    assert proxy.ask(method, proxy.hook_path).status_code == 405


@pytest.mark.parametrize("size", [0, 9])
def test_another_secret_is_answered_with_404(proxy: Proxied, size: int) -> None:
    answer = proxy.ask("POST", "/hooks/smartsupp/another", content=large(size))
    assert answer.status_code == 404


def test_a_body_that_does_not_arrive_is_cut(proxy: Proxied) -> None:
    head = (
        f"POST {proxy.hook_path} HTTP/1.1\r\nHost: chats.example.com\r\nContent-Length: 99\r\n\r\n"
    )
    with proxy.line() as line:
        line.sendall(head.encode() + b"{")
        assert line.recv(4096).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_for_the_password(proxy: Proxied, path: str) -> None:
    for answer in (proxy.ask("GET", path), proxy.ask("GET", path, auth=("anybody", "guess"))):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("path", ["/", "/search?q=x", "/api/search", "/openapi.json"])
def test_pages_answer_whoever_has_the_password(proxy: Proxied, path: str) -> None:
    assert proxy.ask("GET", path, auth=KEY).status_code == 200


def test_forms_of_the_pages_work_through_the_proxy(proxy: Proxied) -> None:
    sent = {"theme": "dark", "back": "/"}
    own, foreign = {"Origin": f"https://{HOST}"}, {"Origin": "https://elsewhere.example.com"}
    assert proxy.ask("POST", "/theme", data=sent, auth=KEY, headers=own).status_code == 303
    assert proxy.ask("POST", "/theme", data=sent, auth=KEY, headers=foreign).status_code == 403


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "elsewhere.example.com"])
def test_pages_are_not_public_under_another_name(proxy: Proxied, name: str) -> None:
    answer = proxy.ask("GET", "/", headers={"Host": name})
    assert answer.status_code in {401, 421} or not answer.content  # Caddy: an empty page


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_not_public(proxy: Proxied, path: str) -> None:
    assert proxy.ask("GET", path).status_code == 404


def test_without_tls_there_is_only_the_way_to_it(proxy: Proxied) -> None:
    address = f"http://127.0.0.1:{proxy.plain_port}/search"
    answer = httpx.get(address, headers={"Host": HOST}, timeout=PATIENCE)
    assert answer.status_code in {301, 308}
    assert answer.headers["location"].startswith(f"https://{HOST}")


@pytest.mark.parametrize("kind", PROXIES)
def test_secret_and_search_are_in_nothing_that_the_proxy_writes(kind: str, tmp_path: Path) -> None:
    with proxied(kind, tmp_path, HOOK_DEADLINE=DEADLINE) as proxy:
        assert proxy.ask("GET", "/").status_code == 403, "no password is set"
        for body in (b"{}", large(11)):
            proxy.ask("POST", proxy.hook_path, content=body)
        proxy.ask("GET", f"{proxy.hook_path}?q=x")
        proxy.process.terminate()
        proxy.process.wait(PATIENCE)
        assert proxy.ask("POST", proxy.hook_path, content=b"{}").status_code in {502, 504}
        assert proxy.ask("GET", "/search?q=somebody").status_code in {502, 504}
    assert proxy.token not in proxy.written()
    assert "somebody" not in proxy.written()


@pytest.mark.parametrize("kind", PROXIES)
def test_a_hangup_of_the_portal_is_not_seen_through_the_proxy(kind: str, tmp_path: Path) -> None:
    with proxied(kind, tmp_path) as proxy:
        proxy.process.send_signal(signal.SIGHUP)
        statuses: Counter[int] = Counter()

        def is_replaced() -> bool:
            statuses[proxy.ask("POST", proxy.hook_path, content=b"{}").status_code] += 1
            statuses[proxy.ask("GET", "/hooks/smartsupp/another").status_code] += 1
            return "every process is replaced" in (tmp_path / "portal.log").read_text("utf-8")

        until(is_replaced, "every process is another")
    assert set(statuses) == {200, 404}
