"""A bare ASGI route: the same requests answered without storage, on the portal's own server.

It is the control of what uvicorn, the kernel and the client cost by themselves. It reads a body,
or answers with as many bytes as the address says, and does nothing else.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import uvicorn

from bench.processes import free_port

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
ROOT: Final = Path(__file__).parents[1]
RECEIPT: Final = b'{"stored":true,"hook":123456,"repeated":false}'
MOST_BYTES: Final = 4 * 1024 * 1024
_FILLER: Final = b"x" * MOST_BYTES


def target(size: int) -> str:
    """The address that answers with so many bytes."""
    return f"/{size}"


async def bare(scope: Message, receive: Receive, send: Send) -> None:
    """Swallow a body and answer with a receipt, or answer a GET with filler."""
    if scope["method"] == "POST":
        while (await receive()).get("more_body"):
            pass
        await answer(send, b"application/json", RECEIPT, (b"connection", b"close"))
    else:
        size = min(int(scope["path"].strip("/") or 0), MOST_BYTES)
        await answer(send, b"text/html; charset=utf-8", _FILLER[:size])


async def answer(send: Send, kind: bytes, body: bytes, *more: tuple[bytes, bytes]) -> None:
    """Send a whole answer."""
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def serve(application: Application, listener: int) -> None:
    """Serve on an open socket, with the settings of the portal's web process."""
    config = uvicorn.Config(
        application,
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        ws="none",
        lifespan="off",
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=listener)])


@contextmanager
def listening(module: str, *arguments: str, workers: int = 1) -> Iterator[int]:
    """``python -m module arguments FD`` in so many processes on one socket; gives its port."""
    port = free_port()
    with closing(socket.create_server(("127.0.0.1", port), backlog=2048)) as listener:
        listener.set_inheritable(True)
        command = [sys.executable, "-m", module, *arguments, str(listener.fileno())]
        servers = [
            subprocess.Popen(command, cwd=ROOT, pass_fds=[listener.fileno()])
            for _ in range(workers)
        ]
        try:
            _await_answer(port)
            yield port
        finally:
            for server in servers:
                server.terminate()
            for server in servers:
                server.wait(30)


def _await_answer(port: int) -> None:
    """The kernel takes the connection at once; the answer comes when a server is up."""
    time.sleep(0.05)
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as probe:
        probe.sendall(b"GET /1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        while probe.recv(65536):
            pass


if __name__ == "__main__":
    serve(bare, int(sys.argv[1]))
