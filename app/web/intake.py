"""The hook door: bytes in, durable, 200. Nothing is parsed and no engine is asked.

Light ASGI, before and without the web framework: cap on bytes, a deadline for receiving, the token
compared in constant time. Every answer closes the connection, so that a restart never cuts a
sender's kept-alive one. This module must never log or repeat the token or a word of a body.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

import msgspec

from app.archive.writer import HookWriter, Receipt
from app.errors import NotDurableError, SettingError
from app.hook_address import HOOK_PATH, HookTokens
from app.settings import Settings
from app.web.plain_answer import PRIVATE_HEADERS, Header, send_answer

if TYPE_CHECKING:  # the door opens before the web framework is there
    from litestar.types import HTTPScope, Receive, Scope, Send

RETRY_AFTER: Final = 5
"""Seconds after which a sender that can repeat should."""
_HEADERS: Final = (*PRIVATE_HEADERS, (b"connection", b"close"))
_RETRY: Final = ((b"retry-after", str(RETRY_AFTER).encode()),)
DRAIN: Final = 2.0
"""Seconds for which the rest of a body that nobody wants is swallowed."""
_SENTENCES: Final = {
    HTTPStatus.NOT_FOUND: "There is nothing here.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address takes hooks by POST only.",
    HTTPStatus.REQUEST_TIMEOUT: "The hook did not arrive in time.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The hook is larger than the portal takes.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The hook could not be stored; nothing of it was kept.",
}


class _TooLargeError(Exception):
    """The body is larger than the cap."""


class _GoneError(Exception):
    """The sender hung up before the body was whole."""


class HookDoor:
    """Takes hooks for one portal."""

    def __init__(self, settings: Settings, tokens: HookTokens, writer: HookWriter) -> None:
        self._settings, self._tokens, self._writer = settings, tokens, writer

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        scope = cast("HTTPScope", scope)  # nothing else is handed to the door
        try:
            accepted = self._tokens.accepts(_token(scope))
        except (OSError, SettingError):
            await _answer(send, HTTPStatus.SERVICE_UNAVAILABLE, _RETRY, unread=receive)
            return
        if not accepted:
            await _answer(send, HTTPStatus.NOT_FOUND, unread=receive)
        elif scope["method"] != "POST":
            allow = ((b"allow", b"POST"),)
            await _answer(send, HTTPStatus.METHOD_NOT_ALLOWED, allow, unread=receive)
        else:
            await self._take(scope, receive, send)

    async def _take(self, scope: "HTTPScope", receive: "Receive", send: "Send") -> None:
        try:
            async with asyncio.timeout(self._settings.hook_deadline):
                body = await self._body(scope, receive)
            receipt = await self._writer.append_from_loop(body)
        except TimeoutError:
            await _answer(send, HTTPStatus.REQUEST_TIMEOUT)
        except _TooLargeError:
            await _answer(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, unread=receive)
        except NotDurableError:
            await _answer(send, HTTPStatus.SERVICE_UNAVAILABLE, _RETRY)
        except _GoneError:
            return
        else:
            await _acknowledge(send, receipt)

    async def _body(self, scope: "HTTPScope", receive: "Receive") -> bytes:
        """The whole body. Raises ``_TooLargeError`` before more than the cap is in memory."""
        most = self._settings.hook_max_bytes
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced[:20]) > most:
            raise _TooLargeError
        chunks = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise _GoneError
            chunks += message["body"]
            if len(chunks) > most:
                raise _TooLargeError
            if not message.get("more_body"):
                return bytes(chunks)


def _token(scope: "HTTPScope") -> str:
    """What stands behind the mount's path; empty when that is more than one part."""
    path = scope["path"].removeprefix(HOOK_PATH).strip("/")
    return "" if "/" in path else path


async def _acknowledge(send: "Send", receipt: Receipt) -> None:
    known = {"stored": True, "hook": receipt.number, "repeated": receipt.repeated}
    body = msgspec.json.encode(known)
    await send_answer(send, HTTPStatus.OK, b"application/json", body, headers=_HEADERS)


async def _drained(receive: "Receive") -> None:
    """Swallow the rest of a body for a moment, so that its sender gets to read the answer."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN):
            while (await receive()).get("more_body"):
                pass


async def _answer(
    send: "Send",
    status: HTTPStatus,
    headers: Sequence[Header] = (),
    *,
    unread: "Receive | None" = None,
) -> None:
    """Answer with a sentence; an ``unread`` body is swallowed, or closing would cut it off."""
    body = f"{_SENTENCES[status]}\n".encode()
    await send_answer(
        send,
        status,
        b"text/plain; charset=utf-8",
        body,
        headers=(*_HEADERS, *headers),
        before_end=None if unread is None else _drained(unread),
    )
