"""Answers in chunks, as Elasticsearch sends them, and requests whose connection stays."""

import socket
import time
from collections.abc import Sequence
from contextlib import closing

import pytest

from bench.exchange import Answer, BrokenError, Exchange, post

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def received(*parts: bytes) -> Answer:
    """What becomes of an answer that comes in these parts."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        exchange = Exchange(listener.getsockname()[1])
        with closing(exchange), closing(listener.accept()[0]) as other:
            _play(exchange, other, parts)
            return exchange.answer(time.monotonic(), keep=True)


def _play(exchange: Exchange, other: socket.socket, parts: Sequence[bytes]) -> None:
    exchange.send(b"GET / HTTP/1.1\r\n\r\n", 0.0, 0.0)
    for place, part in enumerate(parts, start=1):
        other.sendall(part)
        assert exchange.receive() == (place == len(parts))


def test_chunks_are_joined() -> None:
    answer = received(HEAD + b'4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n')
    assert (answer.status, answer.body) == (200, b'{"a":1}')


def test_chunks_are_waited_for() -> None:
    answer = received(HEAD[:20], HEAD[20:], b'10\r\n{"a":1234567890}', b"\r\n0\r\n", b"\r\n")
    assert answer.body == b'{"a":1234567890}'


def test_an_empty_answer_in_chunks_is_complete() -> None:
    assert received(HEAD + b"0\r\n\r\n").body == b""


def test_an_announced_length_is_waited_for_as_ever() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
    assert received(head + b"\r\n0\r\n", b"\r\nab").body == b"\r\n0\r\n\r\nab"


def test_an_answer_of_no_announced_length_is_broken() -> None:
    with pytest.raises(BrokenError, match="no length"):
        received(b"HTTP/1.1 200 OK\r\n\r\nab")


@pytest.mark.parametrize("closing_", [True, False])
def test_a_post_says_whether_its_connection_ends(closing_: bool) -> None:  # noqa: FBT001
    request = post("/x", b"{}", closing=closing_)
    assert (b"Connection: close\r\n" in request) == closing_
    assert request.endswith(b"Content-Length: 2\r\n\r\n{}")
