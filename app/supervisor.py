"""The supervisor: owns the listening socket, starts and restarts web processes and the indexer.

It holds the socket while a web process is replaced, so no connection is refused; the old one goes
only when the new one answers. Children stay in its process group and session, and end by
themselves when it dies: each holds the reading end of a pipe (the leash) that only the supervisor
could write to. It imports neither the web framework nor the engine, so that it is small and cannot
fail with them. It must never end because of a child, nor replace what works by what does not.
"""

import logging
import math
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final, Protocol

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 2.0
"""Seconds before a child that died is started again; doubled with each death in a row."""
LIVED_LONG: Final = 10.0
"""Seconds after which a child's death is the first in a row again."""
READY_WITHIN: Final = 60.0
"""Seconds in which a new process must be ready; a web process that is not leaves the old one."""
DRAIN: Final = 15.0
"""Seconds in which everything must have ended at the end, and the old indexer when replaced."""
RETIRE: Final = 660.0
"""Seconds for a replaced web process, which nobody waits for: the longest deadline of a hook is
600, and until then it may be receiving one."""
GIVE_BACK: Final = {"MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_TRIM_THRESHOLD_": "4194304"}
"""What makes glibc give the memory of large bodies back, 30 MiB of them a process otherwise.

Pages are smaller than that: their memory is kept, else each would be handed out page by page."""
CODE: Final = Path(__file__).parents[1]
"""Where this package stands; children are started from there, whatever lies in their folder."""

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Child:
    """A process that is kept running, or that was told to end."""

    kind: str
    process: "subprocess.Popen[bytes] | None" = None
    is_trial: bool = False
    """Not started again when it dies: it takes no place yet."""
    ready: int | None = None
    is_ready: bool = False
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0
    """When it is started again; 0 while it runs."""
    kill_at: float = math.inf

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def hear(self) -> None:
        """Read what the child says of itself: a byte when it is ready, the end when it never is."""
        if self.ready is not None:
            self.is_ready = os.read(self.ready, 1) != b""
            self.hush()

    def hush(self) -> None:
        """Listen to it no more."""
        if self.ready is not None:
            os.close(self.ready)
            self.ready = None

    def ask_to_end(self) -> None:
        if self.process is not None:
            self.process.terminate()  # nothing happens when it has ended


@dataclass
class Supervisor:
    """Keeps one indexer and some web processes running until SIGTERM or SIGINT.

    SIGHUP replaces them, which also takes up code that was installed meanwhile.
    """

    listener: socket.socket
    workers: int
    command: "StartCommand"
    _wishes: set[int] = field(default_factory=set)
    _children: list[_Child] = field(default_factory=list)
    _retired: list[_Child] = field(default_factory=list)

    def run(self, when_ready: Callable[[], None]) -> None:
        """Start everything, call ``when_ready`` once pages answer, then watch until told to end."""
        leash, self._grip = os.pipe()
        os.set_inheritable(leash, True)  # noqa: FBT003
        self._leash = leash
        self._hear_signals()
        self._children = [_Child("indexer"), *(_Child("web") for _ in range(self.workers))]
        for child in self._children:
            self._start(child)
        if self._wait(lambda: all(child.is_ready for child in self._web())):
            when_ready()
        while self._wait(lambda: signal.SIGHUP in self._wishes):
            self._wishes.discard(signal.SIGHUP)
            self._replace_all()
        self._end_all()

    def _hear_signals(self) -> None:
        self._wake, waker = os.pipe()
        os.set_blocking(waker, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        for wish in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(wish, self._wish)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # it shall only wake

    def _wish(self, number: int, _frame: FrameType | None) -> None:
        self._wishes.add(number)

    def _is_ending(self) -> bool:
        return bool(self._wishes & {signal.SIGTERM, signal.SIGINT})

    def _web(self) -> list[_Child]:
        return [child for child in self._children if child.kind == "web"]

    def _start(self, child: _Child) -> None:
        """Start a child; one that cannot be started counts as one that died."""
        child.hush()
        child.started, child.due, child.is_ready, child.process = time.monotonic(), 0.0, False, None
        child.ready, writing = os.pipe()
        inherited = (self._leash, self.listener.fileno(), writing)
        command = self.command(child.kind, *inherited, trial=child.is_trial)
        paths = filter(None, (str(CODE), os.environ.get("PYTHONPATH")))
        environment = os.environ | GIVE_BACK | {"PYTHONPATH": os.pathsep.join(paths)}
        try:
            child.process = subprocess.Popen(command, env=environment, pass_fds=inherited)  # noqa: S603
        except OSError as error:
            _log.error("%s cannot be started: %s", child.kind, error.strerror)
        finally:
            os.close(writing)

    def _wait(self, is_so: Callable[[], bool], seconds: float = math.inf) -> bool:
        """Watch over everything until something is so; false when told to end or too late."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if self._is_ending() or time.monotonic() >= deadline:
                return False
            self._revive()
            self._bury()
            times = [child.due for child in self._children if child.due]
            times += [child.kill_at for child in self._retired]
            self._rest(min(deadline, *times, math.inf) - time.monotonic())
        return not self._is_ending()

    def _rest(self, seconds: float) -> None:
        """Sleep until a signal comes, a child says something of itself, or time is up."""
        saying = {child.ready: child for child in self._children if child.ready is not None}
        readable, _, _ = select.select([self._wake, *saying], [], [], max(0.0, min(seconds, 60.0)))
        for descriptor in readable:
            if descriptor in saying:
                saying[descriptor].hear()
            else:
                os.read(self._wake, 4096)

    def _revive(self) -> None:
        """Start again, after a pause, what died."""
        now = time.monotonic()
        for child in self._children:
            if child.is_running() or child.is_trial:
                continue
            if not child.due:
                child.deaths = 0 if now - child.started > LIVED_LONG else child.deaths + 1
                pause = min(FIRST_PAUSE * 2**child.deaths, LONGEST_PAUSE)
                child.due = now + pause
                status = child.process.returncode if child.process else "no start"
                _log.error("%s ended with %s, starts again in %.1f s", child.kind, status, pause)
            elif now >= child.due:
                self._start(child)

    def _replace_all(self) -> None:
        """Web processes one after the other, then the indexer, since an index has one writer."""
        _log.info("replacing every process")
        for old in self._web():
            if not self._replace_web(old):
                return
        for old in [child for child in self._children if child.kind == "indexer"]:
            if not self._replace_indexer(old):
                return
        _log.info("every process is replaced")

    def _replace_web(self, old: _Child) -> bool:
        """A new web process answers before its forerunner ends; without one, that stays."""
        new = _Child("web", is_trial=True)
        self._children.append(new)
        self._start(new)
        self._wait(lambda: new.ready is None or not new.is_running(), READY_WITHIN)
        if self._is_ending():
            return False
        if not new.is_ready:
            self._retire(new, DRAIN)
            _log.error("the new web process did not become ready; nothing more is replaced")
            return False
        new.is_trial = False
        self._retire(old, RETIRE)
        return True

    def _replace_indexer(self, old: _Child) -> bool:
        self._retire(old, DRAIN)
        if not self._wait(lambda: not old.is_running()):
            return False
        new = _Child("indexer")
        self._children.append(new)
        self._start(new)
        is_ready = self._wait(lambda: new.is_ready, READY_WITHIN)
        if not is_ready and not self._is_ending():
            _log.error("the new indexer is not ready; search stays behind until it is")
        return is_ready

    def _retire(self, child: _Child, patience: float) -> None:
        """Ask a child to end and start it no more."""
        self._children.remove(child)
        self._retired.append(child)
        child.hush()
        child.kill_at = time.monotonic() + patience
        child.ask_to_end()

    def _bury(self) -> None:
        """Forget what ended as it was told, kill what is late."""
        for child in [child for child in self._retired if time.monotonic() >= child.kill_at]:
            child.kill_at = math.inf
            if child.process is not None and child.is_running():
                child.process.kill()
        self._retired = [child for child in self._retired if child.is_running()]

    def _end_all(self) -> None:
        """Ask everything to end, wait, then kill what is left.

        The listening socket first: the children's copies are then the last, and each answers what
        waits in the kernel before it closes its own.
        """
        self.listener.close()
        everything = [*self._children, *self._retired]
        for child in everything:
            child.ask_to_end()
        deadline = time.monotonic() + DRAIN
        while any(map(_Child.is_running, everything)) and time.monotonic() < deadline:
            self._rest(deadline - time.monotonic())
        for child in everything:
            if child.process is not None:
                child.process.kill()
                child.process.wait()


class StartCommand(Protocol):
    """Says how a child of a kind is started, with the numbers of its descriptors."""

    def __call__(
        self, kind: str, leash: int, listener: int, ready: int, *, trial: bool
    ) -> Sequence[str]:
        """The command; on ``trial`` the child shall accept nobody before it is ready."""


def portal_command(
    kind: str, leash: int, listener: int, ready: int, *, trial: bool
) -> Sequence[str]:
    """How a child of the portal is started.

    The supervisor of an older release starts the children of a newer one: kinds and options stay.
    """
    numbers = ("--leash", str(leash), "--listener", str(listener), "--ready", str(ready))
    options = (*numbers, "--trial") if trial else numbers
    return (sys.executable, "-P", "-m", "app", "process", kind, *options)
