"""What a served portal never says: the token, or a word of a hook, a query or a form.

Two hundred requests, good, bad and broken, with a marker in all of them; then everything that
the portal wrote after its first lines is searched for it.
"""

import contextlib
import re
import socket
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import httpx
import pytest
from hook_bodies import BEGIN, hook
from portal_process import PATIENCE, Served, full_disk, served, until
from typed import typed

MARKER: Final = "zaubermarke"
ROUNDS: Final = 6
POISON: Final = (
    b"",
    b"not json but " + MARKER.encode(),
    f'{{"accountId": "{MARKER}", "channel": {{"id": 1}}, "beginAt": "{MARKER}"}}'.encode(),
    f'{{"accountId": 208, "channel": "{MARKER}", "beginAt": 5}}'.encode(),
    f'["{MARKER}"'.encode(),
    b"[" * 100_000 + MARKER.encode(),
    b"\xff\xfe" + MARKER.encode("utf-16"),
    f'{{"{MARKER}": {"9" * 5000}}}'.encode(),
    hook("huge", MARKER, duration=10**40),
    hook("long", f"{MARKER} " * 3000),
)


@pytest.fixture(name="portal", scope="module")
def _portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("silence") / "data"
    with served(folder, HOOK_MAX_BYTES="200000", HOOK_DEADLINE="0.3") as portal:
        yield portal


@pytest.fixture(name="written", scope="module")
def _written(portal: Served) -> str:
    """Everything that was written while and after the portal was asked many things."""
    count = sum(_round(portal, number) for number in range(ROUNDS))
    assert count >= 200
    typed(portal.folder, "replay")
    typed(portal.folder, "rebuild")
    until(lambda: '"behind":0' in portal.get("/readyz").text, "the indexer has done its work")
    with full_disk(portal.children()):
        portal.send(b"no room for " + MARKER.encode())
    said = portal.said.read_text("utf-8").split("Try:\n")[1].split("\n", 1)[1]
    return said + portal.log.read_text("utf-8")


def _round(portal: Served, number: int) -> int:
    """One round of requests of every kind; how many they were."""
    with httpx.Client(timeout=PATIENCE, base_url=portal.page) as client:
        requests = [*_hooks(portal, number), *_pages(number)]
        for method, address, headers, body in requests:
            client.request(method, address, headers=headers, content=body)
    broken = list(_broken(portal))
    for request in broken:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE) as line,
        ):
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65536):
                pass
    return len(requests) + len(broken)


Request = tuple[str, str, dict[str, str], bytes]


def _hooks(portal: Served, number: int) -> Iterator[Request]:
    path = portal.hook_path
    for body in (*POISON, hook(number, MARKER)):
        yield "POST", path, {}, body
    yield "POST", path, {"content-type": f"text/{MARKER}"}, MARKER.encode() * 30_000
    yield "POST", f"{path}/{MARKER}", {}, b"{}"
    yield "POST", f"/hooks/smartsupp/{MARKER}", {"x-forwarded-for": MARKER}, MARKER.encode()
    yield "GET", path, {"cookie": f"theme={MARKER}"}, b""
    yield "HEAD", path, {"user-agent": MARKER}, b""


def _pages(number: int) -> Iterator[Request]:
    ours = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    name = f"208-{number}-{BEGIN}"
    for address in (
        f"/search?q={MARKER}",
        f"/search?q={quote('(' * 50 + MARKER)}&rating={MARKER}",
        f"/api/search?q={MARKER}&from={MARKER}",
        f"/conversations/{name}?q={MARKER}",
        f"/conversations/208-huge-{BEGIN}?q={MARKER}",
        f"/conversations/{MARKER}",
        f"/api/conversations/{MARKER}",
        f"/conversations/{name}/messages/{MARKER}",
        f"/{MARKER}/nothing",
    ):
        yield "GET", address, {"referer": f"http://evil.example/{MARKER}"}, b""
    yield "GET", "/", {"host": f"{MARKER}.example"}, b""
    yield "POST", "/theme", ours, f"theme={MARKER}&back=/{MARKER}".encode()
    yield "POST", "/theme", {**ours, "content-type": "multipart/form-data"}, MARKER.encode()
    yield "POST", "/demo", {"origin": f"http://{MARKER}.example"}, b""
    yield "DELETE", f"/search?q={MARKER}", ours, b""


def _broken(portal: Served) -> Iterator[bytes]:
    head = f"POST {portal.hook_path} HTTP/1.1\r\nHost: x\r\n"
    yield f"{head}Content-Length: 100\r\n\r\n{MARKER}".encode()
    yield f"{head}Content-Length: {MARKER}\r\n\r\n{MARKER}".encode()
    yield f"{head}Transfer-Encoding: chunked\r\n\r\n{MARKER}".encode()
    yield f"{head}{MARKER}\r\n\r\n".encode()
    yield f"{MARKER} {portal.hook_path}\r\n\r\n".encode()
    yield f"GET /{'x' * 70_000}{MARKER} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def test_no_word_of_a_request_is_ever_written(written: str) -> None:
    assert MARKER not in written.lower()


def test_the_token_is_written_at_the_start_alone(portal: Served, written: str) -> None:
    tokens = (portal.folder / "hook-tokens").read_text("ascii").split()
    assert not [token for token in tokens if token in written]
    assert "/hooks/smartsupp/" not in written


def test_no_request_is_written_at_all(written: str) -> None:
    assert not re.search(r'"(GET|POST|HEAD|DELETE) /', written)


def test_every_line_of_the_log_is_json(portal: Served, written: str) -> None:
    assert portal.said.read_text("utf-8").count("\n") == 4
    assert all(line.startswith("{") and line.endswith("}") for line in written.splitlines())


def test_the_portal_still_serves_after_all_of_it(portal: Served, written: str) -> None:
    assert written
    assert portal.send(hook("afterwards", "stillhere")).status_code == 200
    until(lambda: portal.total("stillhere") == 1, "it is found")


@pytest.mark.parametrize("path", ["/help/search", "/livez", "/nothing", "/static/app.css"])
def test_head_leaves_the_connection_open_and_the_log_empty(portal: Served, path: str) -> None:
    before = portal.log.read_text("utf-8").count("Traceback")
    with socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE) as line:
        line.sendall(f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = line.recv(65536)
        assert head.endswith(b"\r\n\r\n")
        second = b""
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            line.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            second = line.recv(65536)
    assert second.startswith(b"HTTP/1.1 200 OK")
    assert portal.log.read_text("utf-8").count("Traceback") == before
