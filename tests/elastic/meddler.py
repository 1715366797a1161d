"""A proxy before a real Elasticsearch that plays what goes wrong between it and a portal.

It can speak TLS, want a header, hang, cut, answer in another's name, or lose its listener. What it
does not play it passes on unchanged.
"""

import http.client
import json
import ssl
import threading
from collections import deque
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

PRODUCT: Final = {"X-Elastic-Product": "Elasticsearch"}
PATIENCE: Final = 60.0
"""Seconds after which a hanging request ends at the latest."""

Behaviour = Callable[["Handler", bytes], None]


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    meddler: "Meddler"

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.meddler.seen.append((self.command, self.path))
        self.meddler.next_behaviour(self.path)(self, body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_any  # noqa: N815 — names of the base

    def say(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        pass


class _Listener(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that went, or no TLS where it is expected, is nothing to speak of."""


class Meddler:
    """The proxy; it listens from the start and plays nothing until told."""

    def __init__(self, upstream: str, tls: ssl.SSLContext | None = None) -> None:
        self._upstream = urlsplit(upstream)
        self._tls = tls
        self.seen: list[tuple[str, str]] = []
        self._script: deque[Behaviour] = deque()
        self.always: Behaviour | None = None
        self._let_go = threading.Event()
        self._played_on = "/"
        self._port = 0
        self.listen()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://localhost:{self._port}"

    def listen(self) -> None:
        """Listen, on the same port as before."""
        handler = type("OneHandler", (Handler,), {"meddler": self})
        self._server = _Listener(("127.0.0.1", self._port), handler)
        self._server.daemon_threads = True
        self._port = self._server.server_port
        if self._tls:
            self._server.socket = self._tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Listen no more; what hangs is let go."""
        self._let_go.set()
        self._server.shutdown()
        self._server.server_close()

    def play(self, *behaviours: Behaviour, on: str = "/") -> None:
        """Do these with the next requests to paths that hold ``on``, one each."""
        self._script.extend(behaviours)
        self._played_on = on

    def next_behaviour(self, path: str) -> Behaviour:
        if self._script and self._played_on in path:
            return self._script.popleft()
        return self.always or self.pass_on

    def pass_on(self, handler: Handler, body: bytes) -> None:
        """Do nothing of one's own."""
        status, headers, answer = self.ask(handler, body)
        handler.say(status, answer, headers)

    def ask(self, handler: Handler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """What the real server answers."""
        port = self._upstream.port
        connection = http.client.HTTPConnection(self._upstream.hostname or "", port, timeout=60)
        headers = {
            name: value
            for name, value in handler.headers.items()
            if name.lower() not in {"host", "content-length", "connection", "accept-encoding"}
        }
        try:
            connection.request(handler.command, handler.path, body or None, headers)
            answer = connection.getresponse()
            kept = {"Content-Type": answer.headers.get("Content-Type") or "", **PRODUCT}
            return answer.status, kept, answer.read()
        finally:
            connection.close()

    def hang(self, _handler: Handler, _body: bytes) -> None:
        """Take the request and never answer."""
        self._let_go.wait(PATIENCE)

    def let_go(self) -> None:
        """End what hangs."""
        self._let_go.set()
        self._let_go = threading.Event()

    def cut(self, handler: Handler, body: bytes) -> None:
        """Do what was asked, and lose the connection before the answer is whole."""
        status, headers, answer = self.ask(handler, body)
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer[: len(answer) // 2])
        handler.close_connection = True

    def wants(self, authorization: str) -> Behaviour:
        """Let nobody through without this header."""

        def behave(handler: Handler, body: bytes) -> None:
            if handler.headers.get("Authorization") == authorization:
                self.pass_on(handler, body)
            else:
                answer(401, error("security_exception"))(handler, body)

        return behave


def answer(
    status: int, body: object, *, is_elasticsearch: bool = True, kind: str = "application/json"
) -> Behaviour:
    """Answer oneself, in the name of Elasticsearch or of something else."""

    def behave(handler: Handler, _body: bytes) -> None:
        told = body if isinstance(body, bytes) else json.dumps(body).encode()
        product = PRODUCT if is_elasticsearch else {}
        handler.say(status, told, {"Content-Type": kind, **product})

    return behave


def items(*statuses: tuple[int, str]) -> Behaviour:
    """Answer a bulk with these statuses and kinds of error, one for each of its entries."""
    told = [
        {"index": {"status": status, **({"error": {"type": kind}} if kind else {})}}
        for status, kind in statuses
    ]
    return answer(200, {"errors": True, "items": told})


def error(kind: str, reason: str = "", cause: str = "") -> dict[str, Any]:
    """An error as Elasticsearch writes it."""
    whole: dict[str, Any] = {"type": kind, "reason": reason}
    if cause:
        whole["caused_by"] = {"type": "status_exception", "reason": cause}
    return {"error": {**whole, "root_cause": [whole]}}
