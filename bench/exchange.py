"""HTTP/1.1 over plain sockets: what a load client needs of it and nothing more.

A request is bytes, an answer is a status and a body, of announced length or in chunks that hold no
line ends, as the JSON of Elasticsearch. There is no retry and no redirect; any other answer is an
error.
"""

import re
import socket
from typing import Final

from msgspec import Struct

RECEIVE: Final = 256 * 1024
_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)
_LAST_CHUNK: Final = b"\r\n0\r\n\r\n"
_HOST: Final = b"Host: 127.0.0.1\r\n"


class Answer(Struct, frozen=True):
    """One answer: when it was planned, sent and complete (seconds, monotonic clock), and what came.

    The status is 0 when the connection broke; the body is empty unless it was to be kept.
    """

    planned: float
    sent: float
    done: float
    status: int
    size: int
    body: bytes = b""

    @property
    def latency_ms(self) -> float:
        """Milliseconds from the planned time to the complete answer."""
        return (self.done - self.planned) * 1000


class BrokenError(Exception):
    """The connection ended, or what came is no answer."""


def get(target: str) -> bytes:
    """A GET request; the target is percent-encoded already."""
    return f"GET {target} HTTP/1.1\r\n".encode("ascii") + _HOST + b"\r\n"


def post(target: str, body: bytes, *, closing: bool = True) -> bytes:
    """A POST request of JSON; its connection ends with the answer, as a hook's does, or stays."""
    head = f"POST {target} HTTP/1.1\r\nContent-Type: application/json\r\n".encode("ascii")
    head += b"Connection: close\r\n" if closing else b""
    return head + _HOST + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Exchange:
    """One connection on which one request at a time is answered."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.planned = self.sent = 0.0
        self._came = bytearray()
        self._whole = 0
        self._is_chunked = False

    def fileno(self) -> int:
        """The descriptor to wait for."""
        return self.socket.fileno()

    def send(self, request: bytes, planned: float, now: float) -> None:
        """Send a request. Raises ``OSError``."""
        self.planned, self.sent = planned, now
        self._came.clear()
        self._whole = 0
        self._is_chunked = False
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has come; true once the answer is complete. Raises ``BrokenError``."""
        try:
            chunk = self.socket.recv(RECEIVE)
        except OSError as error:
            raise BrokenError(str(error)) from error
        if not chunk:
            raise BrokenError("the connection ended before the answer")
        self._came += chunk
        if not self._whole:
            self._whole = self._length_of_answer()
        if self._is_chunked:
            return self._came.endswith(_LAST_CHUNK)
        return 0 < self._whole <= len(self._came)

    def answer(self, now: float, *, keep: bool) -> Answer:
        """The complete answer."""
        found = _STATUS.match(self._came)
        body = bytes(self._came[self._came.find(b"\r\n\r\n") + 4 :])
        body = b"".join(body.split(b"\r\n")[1::2]) if self._is_chunked else body
        status = int(found[1]) if found else 0
        return Answer(self.planned, self.sent, now, status, len(body), body if keep else b"")

    def broken(self, now: float) -> Answer:
        """What stands for an answer that never came."""
        return Answer(self.planned, self.sent, now, 0, 0)

    def close(self) -> None:
        """End the connection."""
        self.socket.close()

    def _length_of_answer(self) -> int:
        """Bytes of head and body together, of chunks the head's; 0 while it is not complete."""
        end = self._came.find(b"\r\n\r\n")
        if end < 0:
            return 0
        self._is_chunked = bool(_CHUNKED.search(self._came, 0, end + 2))
        if self._is_chunked:
            return end + 4
        announced = _LENGTH.search(self._came, 0, end + 2)
        if announced is None:
            raise BrokenError("the answer announces no length")
        return end + 4 + int(announced[1])
