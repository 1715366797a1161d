"""One request, and exactly how it ended: answered, refused, reset or never.

A client that never repeats: what goes wrong is told, not tried again.
"""

import contextlib
import http.client
import time
from dataclasses import dataclass, field
from typing import Final, Literal

Ending = Literal["answered", "refused", "reset", "timed out"]
PATIENCE: Final = 15.0
"""Seconds that a client waits for an answer."""


@dataclass(frozen=True)
class Answer:
    """How a request ended; ``status`` is 0 when no answer came."""

    ending: Ending
    seconds: float
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        """Whether the answer was 200."""
        return self.status == http.client.OK


def call(
    port: int, method: str, path: str, body: bytes | None = None, *, patience: float = PATIENCE
) -> Answer:
    """Send one request to the loopback and wait for its answer."""
    began = time.monotonic()
    try:
        return _call(port, method, path, body, patience)
    except ConnectionRefusedError:
        return Answer("refused", time.monotonic() - began)
    except TimeoutError:
        return Answer("timed out", time.monotonic() - began)
    except (OSError, http.client.HTTPException):
        return Answer("reset", time.monotonic() - began)


def _call(port: int, method: str, path: str, body: bytes | None, patience: float) -> Answer:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    with contextlib.closing(connection):
        connection.request(method, path, body)
        response = connection.getresponse()
        text = response.read()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer("answered", time.monotonic() - began, response.status, text, headers)
