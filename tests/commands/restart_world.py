"""What the tests of restarts need: portals run from a copy of the code, portals that are handed
their socket as systemd does, and a sender that never repeats."""

import asyncio
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hook_bodies import hook
from msgspec import Struct
from portal_process import PATIENCE, PROJECT, Served, environment, is_alive, until

HAND_OVER: Final = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.closerange(4, 64)
for told in sys.argv[2].split():
    name, _, value = told.partition("=")
    os.environ[name] = value.replace("SELF", str(os.getpid()))
os.execv(sys.executable, [sys.executable, *sys.argv[3:]])
"""
"""Does what systemd does before it starts a service that has a socket unit."""
TOLD: Final = "LISTEN_PID=SELF LISTEN_FDS=1 LISTEN_FDNAMES=portal.socket"
"""What systemd tells such a service."""


def copy_of_the_code(place: Path) -> Path:
    """Everything that a portal runs from, to be changed by a test."""
    for part in ("app", "templates", "static"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / part, place / part, ignore=ignore)
    return place


def copy_of_the_environment(place: Path) -> Path:
    """The program of a virtual environment that holds what ours holds."""
    program = place / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.symlink_to(Path(sys.executable).resolve())
    (place / "lib").symlink_to(Path(sys.prefix) / "lib")
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", place)
    return program


def listening() -> socket.socket:
    """A socket that listens, as systemd makes it."""
    return socket.create_server(("127.0.0.1", 0), backlog=4096)


def handed_over(listener: socket.socket, told: str = TOLD) -> Sequence[str]:
    """The options of Python for a portal that is handed a socket; it needs that descriptor."""
    return ("-c", HAND_OVER, str(listener.fileno()), told, "-m", "app", "serve")


def begin(
    folder: Path,
    code: Path = PROJECT,
    listener: socket.socket | None = None,
    program: Sequence[str] = (sys.executable,),
    **settings: str,
) -> Served:
    """Start a portal from some code, with a socket of the caller's when one is given."""
    said, log = folder.with_suffix(".said"), folder.with_suffix(".log")
    options = ("-m", "app", "serve") if listener is None else handed_over(listener)
    with said.open("wb") as out, log.open("ab") as err:
        process = subprocess.Popen(
            [*program, *options],
            cwd=code,
            env=environment(folder, **settings),
            stdout=out,
            stderr=err,
            pass_fds=() if listener is None else (listener.fileno(),),
        )
    try:
        until(lambda: _has_said_all(process, said, log), "the addresses are printed")
    except BaseException:
        process.kill()
        process.wait()
        raise
    words = dict(line.split(": ", 1) for line in said.read_text("utf-8").splitlines()[:2])
    return Served(process, folder, words["Page"].rstrip("/"), words["Hook"], said, log)


@contextmanager
def begun(
    folder: Path,
    code: Path = PROJECT,
    listener: socket.socket | None = None,
    program: Sequence[str] = (sys.executable,),
    **settings: str,
) -> Iterator[Served]:
    """As ``begin``; on leaving, the portal and its processes are gone."""
    portal = begin(folder, code, listener, program, **settings)
    try:
        yield portal
    finally:
        finish(portal)


def finish(portal: Served) -> None:
    """End a portal; nothing of it is left."""
    pids = portal.children()
    portal.process.terminate()
    try:
        portal.process.wait(PATIENCE)
    finally:
        portal.process.kill()
        portal.process.wait()
        until(lambda: not any(map(is_alive, pids)), "its processes are gone")


def _has_said_all(process: "subprocess.Popen[bytes]", said: Path, log: Path) -> bool:
    assert process.poll() is None, log.read_text("utf-8")
    return "curl" in said.read_text("utf-8")


class Attempt(Struct, frozen=True):
    """What became of one hook that was sent once."""

    body: bytes
    outcome: str
    """``200``, another status, or the name of the error that the sender saw."""
    waited: float


class SteadySender:
    """Sends hooks at an even pace, whatever becomes of the ones before, and repeats none."""

    def __init__(self, portal: Served, per_second: float) -> None:
        self._address = ("127.0.0.1", portal.port)
        self._path = portal.hook_path
        self._pace = 1 / per_second
        self._ending = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self.attempts: list[Attempt] = []

    def __enter__(self) -> "SteadySender":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Send no more and wait for the answers that are due."""
        self._ending.set()
        self._thread.join()

    def await_more(self, count: int) -> None:
        """Wait until so many more hooks have had their answer."""
        enough = len(self.attempts) + count
        until(lambda: len(self.attempts) >= enough, f"{count} more answers")

    async def _run(self) -> None:
        began, number = time.monotonic(), 0
        async with asyncio.TaskGroup() as sending:
            while not self._ending.is_set():
                sending.create_task(self._send(hook(f"steady {number}")))
                number += 1
                await asyncio.sleep(max(0.0, began + number * self._pace - time.monotonic()))

    async def _send(self, body: bytes) -> None:
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                outcome = await self._exchange(body)
        except (OSError, TimeoutError) as error:
            outcome = type(error).__name__
        self.attempts.append(Attempt(body, outcome, time.monotonic() - began))

    async def _exchange(self, body: bytes) -> str:
        reading, writing = await asyncio.open_connection(*self._address)
        head = f"POST {self._path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        writing.write(head.encode() + b"\r\n" + body)
        answer = await reading.read()
        writing.close()
        return answer.split()[1].decode() if answer else "closed without an answer"
