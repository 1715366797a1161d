"""The hook door over a real socket: slow, chunked, broken-off and endless senders, a full disk."""

import socket
import sqlite3
from collections.abc import Iterator
from typing import Final

import httpx
import pytest
from hook_bodies import hook
from portal_process import PATIENCE, Reply, Served, full_disk, read_reply, served, until

CAP: Final = 20_000
DEADLINE: Final = 0.5
"""Seconds in which a hook must have arrived in these tests."""
SAFETY: Final = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
)


@pytest.fixture(name="portal", scope="module")
def _portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("door") / "data"
    with served(folder, HOOK_MAX_BYTES=str(CAP), HOOK_DEADLINE=str(DEADLINE)) as portal:
        yield portal


def kept(portal: Served) -> list[bytes]:
    """The bodies in the archive in their order, read from the file itself."""
    connection = sqlite3.connect(portal.folder / "hooks.db")
    try:
        return [body for (body,) in connection.execute("SELECT body FROM hooks ORDER BY number")]
    finally:
        connection.close()


def head(portal: Served, *headers: str, method: str = "POST", path: str = "") -> bytes:
    """The beginning of a request, up to its body."""
    first = f"{method} {path or portal.hook_path} HTTP/1.1"
    return "\r\n".join((first, "Host: chats.example.com", *headers, "", "")).encode()


def length(body: bytes) -> str:
    """The header that announces a body."""
    return f"Content-Length: {len(body)}"


def is_dressed(reply: Reply) -> bool:
    """Whether an answer of the hook door has every header that it must have."""
    safe = all(name in reply.headers for name in SAFETY)
    return safe and reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [hook(1), b"", b"\xff\x00\r\n\r\nPOST / HTTP/1.1", bytes(range(256)) * 70],
    ids=["a conversation", "nothing", "looks like a request", "every byte"],
)
def test_a_hook_is_stored_byte_for_byte_and_the_connection_closed(
    portal: Served, body: bytes
) -> None:
    reply = portal.exchange(head(portal, length(body), "Connection: keep-alive"), body)
    assert (reply.status, reply.headers["connection"]) == (200, "close")
    assert is_dressed(reply)
    assert kept(portal)[-1] == body


def test_a_hook_in_chunks_is_stored_whole(portal: Served) -> None:
    chunks = b'7\r\n{"in": \r\n1;ext=1\r\n"\r\n8\r\nchunks"}\r\n0\r\nTrailer: x\r\n\r\n'
    reply = portal.exchange(head(portal, "Transfer-Encoding: chunked"), chunks)
    assert reply.status == 200
    assert kept(portal)[-1] == b'{"in": "chunks"}'


def test_a_hook_that_comes_letter_by_letter_is_stored_whole(portal: Served) -> None:
    body = b'{"letter": "by letter"}'
    letters = [body[place : place + 1] for place in range(len(body))]
    assert portal.exchange(head(portal, length(body)), *letters).status == 200
    assert kept(portal)[-1] == body


def test_a_sender_that_waits_for_leave_to_send_is_given_it(portal: Served) -> None:
    body = b'{"after": "leave"}'
    with socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE) as line:
        line.sendall(head(portal, length(body), "Expect: 100-continue"))
        assert line.recv(100).startswith(b"HTTP/1.1 100 ")
        line.sendall(body)
        assert read_reply(line).status == 200
    assert kept(portal)[-1] == body


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Content-Length: 100",), b"half of the bo"),
        (("Content-Length: 100",), b""),
        (("Transfer-Encoding: chunked",), b"5\r\nhello\r\n"),
        (("Transfer-Encoding: chunked",), b"5\r\nhe"),
    ],
)
def test_a_hook_that_does_not_arrive_in_time_is_answered_with_408(
    portal: Served, headers: tuple[str, ...], body: bytes
) -> None:
    before = kept(portal)
    reply = portal.exchange(head(portal, *headers), body)
    assert (reply.status, reply.headers["connection"]) == (408, "close")
    assert reply.body == b"The hook did not arrive in time.\n"
    assert is_dressed(reply)
    assert kept(portal) == before


def test_a_hook_that_drips_without_end_is_answered_with_408(portal: Served) -> None:
    with socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE) as line:
        line.sendall(head(portal, "Content-Length: 10000"))
        line.settimeout(DEADLINE / 10)
        drips, came = 0, b""
        while not came and drips < 1000:
            drips += 1
            line.sendall(b"x")
            try:
                came = line.recv(4096)
            except TimeoutError:
                continue
    assert came.startswith(b"HTTP/1.1 408 ")
    assert drips > 1


def test_a_hook_whose_sender_hangs_up_is_not_stored(portal: Served) -> None:
    before = kept(portal)
    with socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE) as line:
        line.sendall(head(portal, "Content-Length: 100") + b"half")
    assert portal.send(b"the one after it").status_code == 200
    assert kept(portal) == [*before, b"the one after it"]


def test_a_sender_that_does_not_wait_for_the_answer_is_served(portal: Served) -> None:
    body = b"sent and gone"
    with socket.create_connection(("127.0.0.1", portal.port), timeout=PATIENCE) as line:
        line.sendall(head(portal, length(body)) + body)
    until(lambda: body in kept(portal), "it is stored")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Content-Length: 20001",), b""),
        (("Content-Length: 9999999999999999",), b""),
        ((f"Content-Length: {CAP + 5}",), b"x" * (CAP + 5)),
        (("Transfer-Encoding: chunked",), b"5000\r\n" + b"x" * 0x5000 + b"\r\n"),
    ],
    ids=["announced", "announced beyond measure", "sent whole", "in chunks"],
)
def test_a_hook_that_is_too_large_is_answered_with_413(
    portal: Served, headers: tuple[str, ...], body: bytes
) -> None:
    before = kept(portal)
    reply = portal.exchange(head(portal, *headers), body, shut=True)
    assert (reply.status, reply.headers["connection"]) == (413, "close")
    assert is_dressed(reply)
    assert kept(portal) == before


def test_a_sender_of_far_too_much_gets_to_read_why(portal: Served) -> None:
    answer = httpx.post(portal.hook, content=b"x" * 3_000_000, timeout=PATIENCE)
    assert answer.status_code == 413
    assert answer.text == "The hook is larger than the portal takes.\n"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "", 405), ("HEAD", "", 405), ("PUT", "", 405), ("POST", "/hooks/smartsupp/x", 404)],
)
def test_other_answers_close_the_connection_too(
    portal: Served, method: str, path: str, status: int
) -> None:
    request = head(portal, "Content-Length: 0", method=method, path=path)
    reply = portal.exchange(request + request)  # read at once: what comes later would be reset
    assert (reply.status, reply.headers["connection"]) == (status, "close")
    assert is_dressed(reply)
    assert reply.rest == b"", "a second request on the connection was answered"


def test_a_disk_without_room_is_answered_with_503_until_there_is_room(portal: Served) -> None:
    before = kept(portal)
    with full_disk(portal.children("web")):
        refused = portal.exchange(head(portal, length(b"no room")), b"no room")
        assert portal.get("/help/search").status_code == 200
        assert portal.get("/livez").status_code == 200
    assert (refused.status, refused.headers["connection"]) == (503, "close")
    assert int(refused.headers["retry-after"]) > 0
    assert is_dressed(refused)
    assert portal.send(b"room again").status_code == 200
    assert kept(portal) == [*before, b"room again"]


@pytest.mark.parametrize("header", ["X-Large: " + "x" * 70_000, "X-Many: x\r\n" * 7000 + "X: y"])
def test_headers_of_70_kb_are_refused_or_taken_but_break_nothing(
    portal: Served, header: str
) -> None:
    reply = portal.exchange(head(portal, length(b"{}"), header), b"{}")
    assert reply.status in {200, 400, 431}
    assert portal.send(b"after large headers").status_code == 200


def test_a_request_without_a_host_sees_no_page(portal: Served) -> None:
    assert portal.exchange(b"GET / HTTP/1.0\r\n\r\n").status == 403
    assert portal.exchange(b"GET /livez HTTP/1.0\r\n\r\n").status == 200


def test_hooks_come_at_once_from_many_senders_and_all_are_stored(portal: Served) -> None:
    bodies = [f"one of many {number}".encode() for number in range(40)]
    lines = [socket.create_connection(("127.0.0.1", portal.port), PATIENCE) for _ in bodies]
    for line, body in zip(lines, bodies, strict=True):
        line.sendall(head(portal, length(body)) + body)
    replies = [read_reply(line) for line in lines]
    for line in lines:
        line.close()
    assert {reply.status for reply in replies} == {200}
    assert set(bodies) <= set(kept(portal))
