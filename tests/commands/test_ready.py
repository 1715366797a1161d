"""``portal ready``: what it says of a portal that works, of one without search, and of none."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final

import pytest
from portal_process import PATIENCE, free_port, served, until
from typed import typed

from app.commands import ready

HEAVY: Final = ("litestar", "tantivy", "elasticsearch", "sqlite3", "uvicorn", "jinja2")


@contextmanager
def answering(status: int, body: bytes, host: str = "127.0.0.1") -> Iterator[int]:
    """Something that answers everything alike, on the port that is given."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep quiet."""

    class Server(HTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with Server((host, 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_a_portal_that_works_is_ready_and_lives(tmp_path: Path) -> None:
    with served(tmp_path / "data") as portal:
        port = str(portal.port)
        until(lambda: typed(tmp_path, "ready", PORT=port).exit_code == 0, "it is ready")
        ended = typed(tmp_path, "ready", PORT=port)
        live = typed(tmp_path, "ready", "--live", PORT=port)
    assert ended.output.splitlines() == ["ready", "archive: ok", "search: ok", "behind: 0"]
    assert (live.exit_code, live.output) == (0, "alive\n")


def test_a_portal_whose_search_is_away_lives_but_is_not_ready(tmp_path: Path) -> None:
    search = f"http://127.0.0.1:{free_port()}/portal"
    with served(tmp_path / "data", SEARCH_URL=search) as portal:
        port = str(portal.port)
        live = typed(tmp_path, "ready", "--live", PORT=port)
        ended = typed(tmp_path, "ready", PORT=port)
        assert portal.send(b"{}").status_code == 200
    assert (live.exit_code, live.output) == (0, "alive\n")
    assert ended.exit_code == 1
    first, *parts = ended.stdout.splitlines()
    assert (first, parts[0]) == ("not ready", "archive: ok")
    assert parts[1].startswith("search: ")
    assert parts[1] != "search: ok"


@pytest.mark.parametrize("options", [(), ("--live",)])
def test_where_nothing_listens_one_sentence_says_so(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    port = str(free_port())
    ended = typed(tmp_path / "data", "ready", *options, PORT=port)
    path = "/livez" if options else "/readyz"
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"Error: No portal answers at http://127.0.0.1:{port}{path}: Connection refused.\n"
    )
    assert not (tmp_path / "data").exists()


def test_what_listens_but_does_not_answer_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ended = typed(tmp_path, "ready", PORT=str(silent.getsockname()[1]))
    assert ended.exit_code == 1
    assert ended.stderr.endswith(": timed out.\n")


def test_what_does_not_speak_http_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65536)
                line.sendall(b"220 mail.example.com\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        ended = typed(tmp_path, "ready", PORT=str(listener.getsockname()[1]))
        thread.join(PATIENCE)
    assert ended.exit_code == 1
    assert ended.stderr.startswith("Error: No portal answers at http://127.0.0.1:")
    assert ended.stderr.endswith(": what listens there does not speak HTTP.\n")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "body", [b"[" * 60_000, b"The pages could not be loaded.\n", b"[1]", b"\xff", b""]
)
def test_an_answer_of_another_kind_is_shown_as_it_is(tmp_path: Path, body: bytes) -> None:
    with answering(503, body) as port:
        ended = typed(tmp_path, "ready", PORT=str(port))
    assert ended.exit_code == 1
    assert ended.stdout == body.decode("utf-8", "replace").strip() + "\n"


@pytest.mark.parametrize(
    ("host", "listening"),
    [("0.0.0.0", "127.0.0.1"), ("localhost", "127.0.0.1"), ("127.0.0.2", "127.0.0.2")],  # noqa: S104
)
def test_it_asks_where_the_portal_listens(tmp_path: Path, host: str, listening: str) -> None:
    with answering(200, b"alive\n", listening) as port:
        ended = typed(tmp_path, "ready", "--live", HOST=host, PORT=str(port))
    assert (ended.exit_code, ended.output) == (0, "alive\n")


@pytest.mark.parametrize("host", ["::", "::1"])
def test_it_asks_over_ipv6_where_the_portal_listens_there(tmp_path: Path, host: str) -> None:
    port = str(free_port())
    ended = typed(tmp_path, "ready", "--live", HOST=host, PORT=port)
    assert ended.exit_code == 1
    assert f"http://[::1]:{port}/livez" in ended.stderr


def test_it_loads_nothing_heavy() -> None:
    program = f"""
import sys
from app.commands.root import main
main.get_command(None, "ready")
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert ended.stdout == "[]\n", ended.stderr
