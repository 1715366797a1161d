"""The supervisor: owns the listening socket, starts and restarts web processes and the indexer.

It holds the socket while a web process is replaced, so no connection is refused. Children stay in
its process group and session, and end by themselves when it dies: each holds the reading end of a
pipe (the leash) that only the supervisor could write to. It imports neither the web framework nor
the engine, so that it is small and cannot fail with them.
"""

import contextlib
import errno
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from app.errors import SettingError

BACKLOG: Final = 2048
"""Connections that wait in the kernel while no web process accepts."""
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0
"""Seconds before a child that died is started again; doubled with each death in a row."""
LIVED_LONG: Final = 10.0
"""Seconds after which a child's death is the first in a row again."""
READY_WITHIN: Final = 20.0
"""Seconds that a new web process may take before the old one is ended anyway."""
DRAIN: Final = 15.0
"""Seconds that a child may take to end before it is killed."""
BIND_PATIENCE: Final = 3.0
"""Seconds to wait for the port: children of a killed supervisor free it within moments."""

_log = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """The listening socket. Raises ``SettingError`` when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = time.monotonic() + BIND_PATIENCE
    while True:
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                listener.close()
                reason = error.strerror or str(error)
                raise SettingError(
                    f"PORTAL_HOST={host!r} PORTAL_PORT={port}: cannot listen there: {reason}."
                ) from error
            time.sleep(0.05)
        else:
            return listener


@dataclass
class _Child:
    """A process that is kept running, and what became of it."""

    name: str
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    ready: int | None = None
    is_ready: bool = False
    due: float = 0.0

    def hear(self) -> None:
        """Read what the child says of itself: a byte when it is ready, the end when it is not."""
        if self.ready is not None:
            self.is_ready = os.read(self.ready, 1) != b""
            os.close(self.ready)
            self.ready = None


@dataclass
class Supervisor:
    """Keeps one indexer and some web processes running until SIGTERM or SIGINT.

    ``command`` starts a child of a kind: it gets the kind and the numbers of its descriptors.
    """

    listener: socket.socket
    workers: int
    command: Callable[[str, int, int, int], Sequence[str]]
    _wishes: set[int] = field(default_factory=set)
    _children: list[_Child] = field(default_factory=list)

    def run(self, when_ready: Callable[[], None]) -> None:
        """Start everything, call ``when_ready`` once pages answer, then watch until told to end."""
        leash, self._grip = os.pipe()
        os.set_inheritable(leash, True)  # noqa: FBT003
        self._leash = leash
        self._wake, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        for wish in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(wish, self._wish)
        self._children = [_Child("indexer")]
        self._children += [_Child("web") for _ in range(self.workers)]
        for child in self._children:
            self._start(child)
        while not self._is_ending() and not self._await_ready(self._children[1:]):
            pass
        if not self._is_ending():
            when_ready()
        self._watch()
        self._end(self._children)

    def _wish(self, number: int, _frame: FrameType | None) -> None:
        self._wishes.add(number)

    def _start(self, child: _Child) -> None:
        reading, writing = os.pipe()
        inherited = (self._leash, self.listener.fileno(), writing)
        command = self.command(child.name, *inherited)
        child.process = subprocess.Popen(command, pass_fds=inherited)  # noqa: S603
        os.close(writing)
        if child.ready is not None:
            os.close(child.ready)
        child.ready, child.is_ready = reading, False
        child.started = time.monotonic()

    def _await_ready(self, children: Sequence[_Child]) -> bool:
        """Wait until each child has said that it is ready; false when told to end or too late."""
        deadline = time.monotonic() + READY_WITHIN
        while not all(child.is_ready for child in children):
            if self._is_ending() or time.monotonic() > deadline:
                return False
            waiting = {child.ready: child for child in children if child.ready is not None}
            readable, _, _ = select.select([*waiting, self._wake], [], [], 0.1)
            self._drain_wake(readable)
            for descriptor in readable:
                if descriptor in waiting:
                    waiting[descriptor].hear()
            self._revive()
        return True

    def _watch(self) -> None:
        while not self._is_ending():
            if signal.SIGHUP in self._wishes:
                self._wishes.discard(signal.SIGHUP)
                self._replace_all()
            self._revive()
            pause = min((c.due - time.monotonic() for c in self._children if c.due), default=60.0)
            readable, _, _ = select.select([self._wake], [], [], max(0.01, pause))
            self._drain_wake(readable)

    def _drain_wake(self, readable: Sequence[int]) -> None:
        if self._wake in readable:
            os.read(self._wake, 4096)

    def _is_ending(self) -> bool:
        return bool(self._wishes & {signal.SIGTERM, signal.SIGINT})

    def _revive(self) -> None:
        """Start again, after a pause, what died."""
        now = time.monotonic()
        for child in self._children:
            if child.process is None or child.process.poll() is None:
                continue
            if not child.due:
                child.deaths = 0 if now - child.started > LIVED_LONG else child.deaths + 1
                pause = min(FIRST_PAUSE * 2**child.deaths, LONGEST_PAUSE)
                child.due = now + pause
                status = child.process.returncode
                _log.error("%s ended with %s, starts again in %.1f s", child.name, status, pause)
            elif now >= child.due:
                child.due = 0.0
                self._start(child)

    def _replace_all(self) -> None:
        """A new web process answers before its forerunner ends; the index has one writer only."""
        for place, old in enumerate(self._children):
            new = _Child(old.name)
            if old.name == "indexer":
                self._end([old])
                self._start(new)
            else:
                self._start(new)
                self._await_ready([new])
                self._end([old])
            self._children[place] = new

    def _end(self, children: Sequence[_Child]) -> None:
        """Ask children to end, wait, then kill what is left."""
        running = [child.process for child in children if child.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + DRAIN
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def portal_command(kind: str, leash: int, listener: int, ready: int) -> Sequence[str]:
    """How a child of the portal is started."""
    options = ("--leash", str(leash), "--listener", str(listener), "--ready", str(ready))
    return (sys.executable, "-m", "app", "process", kind, *options)
