"""A request written by hand: how it ended is told exactly."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from torture.raw import GONE, SILENT, exchange


@contextlib.contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server of one connection that does something with it; its port."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with contextlib.closing(connection):
                answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_the_status_of_an_answer_is_told() -> None:
    with server(lambda connection: connection.sendall(b"HTTP/1.1 413 No\r\n\r\n")) as port:
        assert exchange(port, [b"hello"]).status == 413


def test_a_connection_that_is_closed_without_an_answer_is_told() -> None:
    with server(lambda _: None) as port:
        assert exchange(port, [b"hello"]).status == GONE


def test_an_answer_that_is_no_http_counts_as_none() -> None:
    with server(lambda connection: connection.sendall(b"what?")) as port:
        assert exchange(port, [b"hello"]).status == GONE


def test_silence_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torture.raw.GIVES_UP", 0.1)
    ended = threading.Event()
    with server(lambda _: (ended.wait(10), None)[1]) as port:
        assert exchange(port, [b"hello"]).status == SILENT
        ended.set()


def test_nothing_more_is_sent_once_there_is_an_answer() -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(10)
        connection.sendall(b"HTTP/1.1 400 No\r\n\r\n")
        while connection.recv(65536):
            pass

    with server(refuse) as port:
        heard = exchange(port, (b"x" * 65536 for _ in range(100_000)))
    assert heard.status == 400
    assert heard.sent < 65536 * 100_000
