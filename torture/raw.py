"""Requests written to a socket by hand: what no polite client would send."""

import contextlib
import select
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

GIVES_UP: Final = 3.0
"""Seconds after which no answer counts as none."""
MOST_ANSWER: Final = 64 * 1024
GONE: Final = 0
SILENT: Final = -1


@dataclass(frozen=True)
class Heard:
    """The status of an answer; ``GONE`` for a connection closed without one, or ``SILENT``."""

    status: int
    seconds: float
    """From the last bytes that were sent to the first of the answer."""
    sent: int


def exchange(port: int, pieces: Iterable[bytes], *, ends: bool = False) -> Heard:
    """Send pieces until they end or an answer comes; ``ends`` says that nothing will follow."""
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), GIVES_UP)) as connection:
        sent, moment = 0, time.monotonic()
        for piece in pieces:
            whole = _push(connection, piece)
            moment = time.monotonic()
            if not whole:
                break
            sent += len(piece)
            if _has_answer(connection, 0):
                break
        if ends:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
        if not _has_answer(connection, GIVES_UP):
            return Heard(SILENT, time.monotonic() - moment, sent)
        return Heard(_status(connection), time.monotonic() - moment, sent)


def _push(connection: socket.socket, piece: bytes) -> bool:
    """Send a piece whole; false when the portal has closed or says something instead of reading."""
    view = memoryview(piece)
    while view:
        readable, writable, _ = select.select([connection], [connection], [], GIVES_UP)
        if readable or not writable:
            return False
        try:
            view = view[connection.send(view[:65536]) :]
        except OSError:
            return False
    return True


def _has_answer(connection: socket.socket, within: float) -> bool:
    return bool(select.select([connection], [], [], within)[0])


def _status(connection: socket.socket) -> int:
    try:
        answer = connection.recv(MOST_ANSWER)
    except OSError:
        return GONE
    words = answer.split(None, 2)
    is_http = len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit()
    return int(words[1]) if is_http else GONE
