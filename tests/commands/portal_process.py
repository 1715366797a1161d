"""A real ``portal serve`` for the tests of this folder: a plain child, ended by its id.

What it says goes to two files beside its data folder. Requests are written to a socket by hand
where a client would be too polite for the test.
"""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

PROJECT: Final = Path(__file__).parents[2]
PATIENCE: Final = 120.0
"""Seconds to wait for something that a portal does within two, on a machine that is busy."""


class Reply(Struct, frozen=True):
    """An answer as it came over the socket, until the portal closed the connection."""

    status: int
    headers: dict[str, str]
    body: bytes
    rest: bytes
    """What came behind the body that the headers announced."""


class Served(Struct, frozen=True):
    """A portal that has printed its addresses."""

    process: "subprocess.Popen[bytes]"
    folder: Path
    page: str
    hook: str
    said: Path
    log: Path

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return urlsplit(self.page).port or 0

    @property
    def hook_path(self) -> str:
        """The path that takes hooks."""
        return urlsplit(self.hook).path

    def send(self, body: bytes) -> httpx.Response:
        """The answer to one hook."""
        return httpx.post(self.hook, content=body, timeout=PATIENCE)

    def get(self, path: str) -> httpx.Response:
        """The answer to a GET."""
        return httpx.get(f"{self.page}{path}", timeout=PATIENCE)

    def total(self, query: str = "") -> int | None:
        """How many conversations search finds; None while it does not answer."""
        try:
            answer = self.get(f"/api/search?q={query}")
        except httpx.TransportError:
            return None
        return int(answer.json()["total"]) if answer.status_code == 200 else None

    def children(self, kind: str = "") -> list[int]:
        """The process ids of its children of a kind, web or indexer; of all without one."""
        return [pid for pid, what in _children(self.process.pid) if kind in {"", what}]

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it in order; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def exchange(self, *pieces: bytes, shut: bool = False) -> Reply:
        """Write pieces to a socket of one's own and read until the portal closes it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            for piece in pieces:
                line.sendall(piece)
            if shut:
                line.shutdown(socket.SHUT_WR)
            return read_reply(line)


def read_reply(line: socket.socket) -> Reply:
    """The answer on a socket, read until its end."""
    came = b""
    while chunk := line.recv(65536):
        came += chunk
    head, _, rest = came.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (header.split(": ", 1) for header in lines)
    headers = {name.lower(): value for name, value in pairs}
    length = int(headers.get("content-length", len(rest)))
    return Reply(int(first.split()[1]), headers, rest[:length], rest[length:])


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so; fails when it never is."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"never so: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a portal: ours without its settings, and these.

    Languages are off unless they are asked for: tables would be compiled for each portal.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    chosen = {f"PORTAL_{name}": value for name, value in settings.items()}
    return {**kept, "PORTAL_DATA_DIR": str(folder), "PORTAL_LANGUAGES": "off", **chosen}


@contextmanager
def served(folder: Path, *options: str, port: int = 0, **settings: str) -> Iterator[Served]:
    """Serve a data folder; on leaving, the portal and what it left behind are gone."""
    portal = start(folder, *options, port=port, **settings)
    try:
        yield portal
    finally:
        pids = portal.children()
        if portal.process.poll() is None:
            portal.process.terminate()
        try:
            portal.process.wait(PATIENCE)
        finally:
            portal.process.kill()
            portal.process.wait()
            until(lambda: not any(is_alive(pid) for pid in pids), "its processes are gone")


def start(folder: Path, *options: str, port: int = 0, **settings: str) -> Served:
    """Serve a data folder and wait for the addresses that are printed."""
    said, log = folder.with_suffix(".said"), folder.with_suffix(".log")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with said.open("wb") as out, log.open("ab") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", *options],
            cwd=PROJECT,
            env=environment(folder, PORT=str(port or free_port()), **settings),
            stdout=out,
            stderr=err,
        )

    def has_said_all() -> bool:
        assert process.poll() is None, log.read_text("utf-8")
        return "curl" in said.read_text("utf-8")

    try:
        until(has_said_all, "the addresses are printed")
    except BaseException:
        process.kill()
        process.wait()
        raise
    lines = said.read_text("utf-8").splitlines()
    page = next(line for line in lines if line.startswith("Page: ")).removeprefix("Page: ")
    hook = next(line for line in lines if line.startswith("Hook: ")).removeprefix("Hook: ")
    return Served(process, folder, page.rstrip("/"), hook, said, log)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be counted does not."""
    return _state(pid) not in {"", "Z", "X"}


@contextmanager
def full_disk(pids: list[int]) -> Iterator[None]:
    """No file of these processes may grow: the system refuses the writing."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def _state(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return ""
    return stat.rsplit(")", 1)[1].split()[0]


def _children(parent: int) -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8").rsplit(")", 1)[1].split()
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] not in {"Z", "X"} and b"process" in words:
            yield int(folder.name), words[words.index(b"process") + 1].decode()
