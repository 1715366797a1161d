"""The server of a web process leaves without cutting anybody off."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Final, cast

import pytest
from litestar.types import HTTPRequestEvent, Message, Receive, Scope, Send
from msgspec import Struct
from portal_process import PATIENCE, Reply, read_reply, until

from app.commands import draining
from app.commands.draining import DrainingServer
from app.web.plain_answer import send_answer

LONG: Final = 60
ASK: Final = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"
WHOLE: Final = ASK + b"body"
ALONE: Final = WHOLE.replace(b"Host:", b"Connection: close\r\nHost:")
"""A request of a sender that will send no other."""


async def live(receive: Receive, send: Send) -> None:
    """Take part in the server's start and end."""
    await receive()
    await send(cast("Message", {"type": "lifespan.startup.complete"}))
    await receive()
    await send(cast("Message", {"type": "lifespan.shutdown.complete"}))


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with its body."""
    if str(scope["type"]) == "lifespan":
        await live(receive, send)
        return
    body = b""
    while True:
        message = cast("HTTPRequestEvent", await receive())
        body += message["body"]
        if not message["more_body"]:
            break
    await send_answer(send, 200, b"text/plain", body)


class Leaver(Struct, frozen=True):
    """A server in a thread of this process, with the socket that it listens on."""

    server: DrainingServer
    address: tuple[str, int]

    def line(self) -> socket.socket:
        """A new connection."""
        return socket.create_connection(self.address, PATIENCE)

    def accepted(self) -> socket.socket:
        """A connection that the server has accepted, and on which nothing was said."""
        before = len(self.server.server_state.connections)
        line = self.line()
        until(lambda: len(self.server.server_state.connections) > before, "it is accepted")
        return line

    def leave(self) -> None:
        """Tell it to end; returns when it listens no more."""
        self.server.should_exit = True
        until(self._is_deaf, "it listens no more")

    def _is_deaf(self) -> bool:
        try:
            self.line().close()
        except ConnectionRefusedError:
            return True
        return False


@contextlib.contextmanager
def leaver(monkeypatch: pytest.MonkeyPatch, linger: float) -> Iterator[Leaver]:
    """A server that waits so long for those who have said nothing."""
    monkeypatch.setattr(draining, "LINGER", linger)
    server = DrainingServer(echo, longest_request=PATIENCE)
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        until(lambda: server.started, "it serves")
        yield Leaver(server, address)
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(name="patient")
def _patient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Leaver]:
    with leaver(monkeypatch, PATIENCE) as server:
        yield server


def is_last(reply: Reply) -> bool:
    """Whether an answer is whole and says that none follows."""
    return (reply.status, reply.headers.get("connection"), reply.body) == (200, "close", b"body")


def test_a_connection_that_had_said_nothing_yet_is_answered(patient: Leaver) -> None:
    with patient.accepted() as line:
        patient.leave()
        line.sendall(WHOLE)
        assert is_last(read_reply(line))


def test_a_request_that_had_begun_to_arrive_is_answered(patient: Leaver) -> None:
    with patient.accepted() as line:
        line.sendall(ASK)
        patient.leave()
        line.sendall(b"body")
        assert is_last(read_reply(line))


def test_a_request_whose_head_had_begun_to_arrive_is_answered(patient: Leaver) -> None:
    with patient.accepted() as line:
        line.sendall(ASK[:20])
        patient.leave()
        line.sendall(WHOLE[20:])
        assert is_last(read_reply(line))


def test_a_connection_that_was_kept_open_gets_one_more_answer(patient: Leaver) -> None:
    with patient.accepted() as line:
        line.sendall(WHOLE)
        first = line.recv(4096)
        assert first.endswith(b"\r\n\r\nbody")
        assert b"close" not in first
        patient.leave()
        line.sendall(WHOLE)
        assert is_last(read_reply(line))


def test_a_connection_that_stays_silent_is_closed_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    with leaver(monkeypatch, 0.1) as server, server.accepted() as line:
        server.leave()
        assert line.recv(1) == b""


def test_who_waits_in_the_kernel_is_accepted_and_answered(patient: Leaver) -> None:
    """They come while the loop is busy, and it is told to end before it gets to them."""
    loop_is_held, go_on = threading.Event(), threading.Event()

    async def hold(scope: Scope, receive: Receive, send: Send) -> None:
        patient.server.config.loaded_app = echo
        loop_is_held.set()
        go_on.wait(PATIENCE)
        await echo(scope, receive, send)

    patient.server.config.loaded_app = hold
    with contextlib.ExitStack() as lines:
        first = lines.enter_context(patient.line())
        first.sendall(ALONE)
        assert loop_is_held.wait(PATIENCE)
        waiting = [lines.enter_context(patient.line()) for _ in range(50)]
        for line in waiting:
            line.sendall(ALONE)
        patient.server.should_exit = True
        go_on.set()
        assert all(is_last(read_reply(line)) for line in [first, *waiting])
