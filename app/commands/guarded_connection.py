"""A connection whose request heads come whole, in time, and not too large.

uvicorn limits neither: a head that never ends holds a connection for ever, and one of a hundred
megabytes is kept whole in memory. This must never touch what comes behind a head: the hook door
has limits of its own for bodies.
"""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WITHIN: Final = 5.0
"""Seconds in which the head of a request must be whole, from the connection or its first byte."""
MOST_HEAD: Final = 32 * 1024
"""Bytes of a head; the address of a search with every filter is far smaller."""
SWALLOW: Final = 2.0
"""Seconds in which the rest of a refused head is swallowed, so that its sender reads the answer."""
_REFUSAL: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class _HeadTooLargeError(Exception):
    """The head of a request is larger than ``MOST_HEAD``."""


class GuardedConnection(HttpToolsProtocol):
    """Closes connections that keep it waiting for a head, and answers large ones with 431."""

    _due: asyncio.TimerHandle | None = None
    """Runs while a head is awaited."""
    _is_refused = False
    _came = 0
    """Bytes since the head is awaited."""
    _fields = 0
    """Bytes of the address and the fields of the head; a whole head may come in one piece."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The time for the first head runs."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Refuse a head that is too large although its end has not come."""
        if self._is_refused:
            return
        self._came += len(data)
        super().data_received(data)
        if self._due is not None and self._came > MOST_HEAD:
            self._refuse()

    def on_message_begin(self) -> None:
        """The first byte of a request came, perhaps on a connection that was kept."""
        super().on_message_begin()
        self._fields = 0
        if self._due is None:
            self._await_head()

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field."""
        self._count(name, value, b": \r\n")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._stop_waiting()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser, or one of the above, would not take."""
        if self._fields > MOST_HEAD:
            self._refuse()
        else:
            super().send_400_response(msg)

    def _await_head(self) -> None:
        self._came = 0
        self._due = self.loop.call_later(HEAD_WITHIN, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _count(self, *parts: bytes) -> None:
        self._fields += sum(map(len, parts))
        if self._fields > MOST_HEAD:
            raise _HeadTooLargeError

    def _refuse(self) -> None:
        """Answer, and swallow what still comes for a moment: closing at once would be a reset."""
        self._stop_waiting()
        self._is_refused = True
        self.transport.write(_REFUSAL)
        self.transport.write_eof()
        self._due = self.loop.call_later(SWALLOW, self.transport.close)
