"""A web server that leaves without cutting anybody off.

uvicorn closes, when told to end, every connection on which no request has begun, also one whose
request is on its way, and leaves in the kernel who waited to be accepted: their senders see a
reset. This one first accepts who waits, then gives every connection a moment to begin, answers
each request with ``Connection: close``, and closes only what stays silent. It must never keep a
process that is told to end longer than one request may take.
"""

import asyncio
import math
import select
import socket
from typing import TYPE_CHECKING, Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.server import ServerState

from app.commands.guarded_connection import GuardedConnection
from app.listening import BACKLOG

if TYPE_CHECKING:  # hooks are taken before the web framework is there
    from litestar.types import ASGIApp

KEEP_ALIVE: Final = 5
"""Seconds that an idle connection of a browser stays open."""
LINGER: Final = 0.5
"""Seconds in which a silent connection may still begin a request while the server leaves."""
LOOK_EVERY: Final = 0.02
"""Seconds between two looks whether the last connection has gone."""
ACCEPT_WITHIN: Final = 2.0
"""Seconds for accepting who waits: a flood must not keep the server from leaving."""
TO_STORE: Final = 10.0
"""Seconds that a request may take to be answered once it is here whole."""


class _State(ServerState):
    """What the connections of one server share."""

    is_leaving = False


class _Connection(GuardedConnection):
    """A connection that ends with the request it is at when the server leaves."""

    def on_headers_complete(self) -> None:
        """A request has begun."""
        super().on_headers_complete()
        if isinstance(self.server_state, _State) and self.server_state.is_leaving:
            self.end_with_answer()

    def end_with_answer(self) -> None:
        """The answer that has not begun yet is the last one here, and says so."""
        request = self._request()
        if request is not None and not request.response_started:
            request.keep_alive = False

    def is_silent(self) -> bool:
        """Whether no request is being received or answered."""
        return self._request() is None

    def _request(self) -> RequestResponseCycle | None:
        last = cast("RequestResponseCycle | None", self.cycle)  # None before the first one
        return None if last is None or last.response_complete else last


class DrainingServer(uvicorn.Server):
    """Serves an application on sockets until SIGTERM or SIGINT, then leaves as said above.

    ``longest_request`` is how many seconds a request may take to arrive.
    """

    def __init__(self, app: "ASGIApp", *, longest_request: float) -> None:
        super().__init__(_config(app, longest_request))
        self._leaving = self.server_state = _State()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Leave: accept who waits, close the sockets, answer, close."""
        self._leaving.is_leaving = True
        for connection in self._connections():
            connection.end_with_answer()
        await _accept_waiting(sockets or [])
        for server in self.servers:
            server.close()
        await self._linger()
        await super().shutdown(sockets)

    async def _linger(self) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + LINGER
        while any(map(_Connection.is_silent, self._connections())) and loop.time() < end:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY)

    def _connections(self) -> list[_Connection]:
        return [one for one in self.server_state.connections if isinstance(one, _Connection)]


async def _accept_waiting(sockets: list[socket.socket]) -> None:
    """Let the loop accept until nobody waits in the kernel.

    Returns without giving the loop another turn, so that the caller can close the sockets before
    somebody else has come.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + ACCEPT_WITHIN
    waiting = select.poll()
    for listener in sockets:
        waiting.register(listener, select.POLLIN)
    while waiting.poll(0) and loop.time() < end:  # noqa: ASYNC110 — the kernel tells nobody
        await asyncio.sleep(0)


def _config(app: "ASGIApp", longest_request: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Connection,
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        ws="none",
        lifespan="on",  # else an application that fails to start would be served
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=math.ceil(longest_request + TO_STORE),
    )
