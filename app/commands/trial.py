"""A web process on trial: it takes the place of another, and must not make anything worse.

At a cold start hooks are taken while the pages are still being loaded. A process that replaces one
that works has time: it accepts nobody before its own pages answer, and ends when they do not.
"""

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:  # hooks are taken before the web framework is there
    from litestar.types import ASGIApp, HTTPRequestEvent, HTTPScope, Message, Receive, Scope, Send

ASKED: Final = "/livez"
"""The page that must answer; it needs no password."""

_log = logging.getLogger(__name__)


class Trial:
    """An application that starts only when it answers; a server then ends with a status of its own.

    It asks itself, without any connection, once the server has told it to start.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one connection, or the server's own start and end."""

        async def send_checked(message: "Message") -> None:
            is_started = str(message["type"]) == "lifespan.startup.complete"
            if is_started and not await self._answers():
                _log.error("The new code does not answer; this process ends.")
                message = cast("Message", {"type": "lifespan.startup.failed", "message": ""})
            await send(message)

        is_start = str(scope["type"]) == "lifespan"
        await self._app(scope, receive, send_checked if is_start else send)

    async def _answers(self) -> bool:
        statuses: list[int] = []

        async def receive() -> "HTTPRequestEvent":
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: "Message") -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await self._app(_question(), receive, send)
        return statuses == [HTTPStatus.OK]


def _question() -> "HTTPScope":
    question = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": ASKED,
        "raw_path": ASKED.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": None,
        "server": None,
        "state": {},
    }
    return cast("HTTPScope", question)
