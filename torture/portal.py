"""A portal under test: started as a person would, killed as power cuts do."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote, urlencode

from torture import processes
from torture.calling import PATIENCE, Answer, call
from torture.code_copy import CodeCopy
from torture.ledger import Ledger

STARTS_WITHIN: Final = 60.0
"""Seconds after which a portal that prints no address is killed."""
ENDS_WITHIN: Final = 60.0
"""Seconds after which a portal that does not end is a finding."""


class PortalUnderTest:
    """One ``portal serve`` on a folder and a free port of the loopback.

    A context: at its end every process that is left is killed. ``before`` is put before the
    command line; ``descriptors`` are handed on to it.
    """

    def __init__(
        self,
        folder: Path,
        code: CodeCopy,
        settings: Mapping[str, str] | None = None,
        *,
        before: Sequence[str] = (),
        descriptors: Sequence[int] = (),
        port: int = 0,
    ) -> None:
        self.folder = folder
        self.code = code
        self.port = port or free_port()
        self.log = folder.with_name(f"{folder.name}.log")
        self._settings = dict(settings or {})
        self._before, self._descriptors = before, descriptors
        self._process: subprocess.Popen[str] | None = None
        self.token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill_all()

    def start(self, *options: str) -> float:
        """Start, or start again; returns the seconds until the hook's address was printed."""
        began = time.monotonic()
        process = self.launch(*options)
        assert process.stdout is not None
        impatience = threading.Timer(STARTS_WITHIN, self._lose_patience, [process])
        impatience.start()
        try:
            for line in process.stdout:
                if line.startswith("Hook: "):
                    self.token = line.strip().rsplit("/", 1)[1]
                    return time.monotonic() - began
        finally:
            impatience.cancel()
        raise RuntimeError(f"the portal ended with {self._wait()} before it was ready: {self.log}")

    def launch(self, *options: str) -> "subprocess.Popen[str]":
        """Start without waiting for anything, in a process group of its own."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._before, *self.code.command("serve", *options)],
                cwd=self.code.folder,
                env=self.environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                pass_fds=self._descriptors,
            )
        return self._process

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        """Run another command of the portal on the same folder."""
        command = self.code.command(*arguments)
        return subprocess.run(
            command, cwd=self.code.folder, env=self.environment(), check=False, capture_output=True
        )

    def environment(self) -> dict[str, str]:
        """What the portal's processes are told."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        own = {
            "PORTAL_DATA_DIR": str(self.folder),
            "PORTAL_PORT": str(self.port),
            "PORTAL_LANGUAGES": "off",  # its own counts know no forms
        }
        return clean | self.code.environment() | own | self._settings

    @property
    def pid(self) -> int:
        """The process id of ``portal serve``."""
        assert self._process is not None
        return self._process.pid

    def pids(self, kind: str) -> list[int]:
        """The process ids of its children of a kind, ``web`` or ``indexer``."""
        return [pid for pid, what in processes.children(self.pid).items() if what == kind]

    def kill(self, kind: str) -> int:
        """kill -9 of one child of a kind; returns its id, 0 when none was there."""
        for pid in self.pids(kind):
            os.kill(pid, signal.SIGKILL)
            return pid
        return 0

    def kill_all(self) -> None:
        """kill -9 of every process at once."""
        if self._process is None or self._process.returncode is not None:
            return
        all_of_it = [self.pid, *processes.children(self.pid)]
        self._lose_patience(self._process)
        self._wait()
        deadline = time.monotonic() + ENDS_WITHIN
        while any(map(processes.is_alive, all_of_it)) and time.monotonic() < deadline:
            time.sleep(0.002)

    def hang_up(self) -> None:
        """SIGHUP: every process is replaced."""
        os.kill(self.pid, signal.SIGHUP)

    def stop(self) -> int:
        """End in order; returns the exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._wait()

    def _lose_patience(self, process: "subprocess.Popen[str]") -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _wait(self) -> int:
        assert self._process is not None
        status = self._process.wait(ENDS_WITHIN)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status

    def post(
        self, body: bytes, ledger: Ledger | None = None, *, patience: float = PATIENCE
    ) -> Answer:
        """Post a hook once, and write down what became of it."""
        if ledger is not None:
            ledger.sent(body)
        answer = call(self.port, "POST", f"/hooks/smartsupp/{self.token}", body, patience=patience)
        if ledger is not None and answer.is_ok:
            ledger.acknowledged(body)
        return answer

    def get(self, path: str, params: Sequence[tuple[str, str]] = ()) -> Answer:
        """Fetch a page."""
        query = f"?{urlencode(params, quote_via=quote, errors='surrogatepass')}" if params else ""
        return call(self.port, "GET", path + query, patience=30)

    def search(self, **params: str) -> dict[str, Any]:
        """What the API answers to a search; RuntimeError when it does not."""
        answer = self.get("/api/search", list(params.items()))
        if not answer.is_ok:
            raise RuntimeError(f"/api/search: {answer.ending} {answer.status}")
        found: dict[str, Any] = json.loads(answer.body)
        return found

    def total(self, query: str) -> int | None:
        """How many conversations search finds; None while it does not answer."""
        with contextlib.suppress(RuntimeError):
            return int(self.search(q=query, per_page="1")["total"])
        return None

    def wait_until_searchable(self, within: float = 60, behind: int = 0) -> float | None:
        """Seconds until search is at most so far behind; None when it still is at the end."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            with contextlib.suppress(RuntimeError):
                if self.search(per_page="1")["index"]["behind"] <= behind:
                    return time.monotonic() - began
            time.sleep(0.05)
        return None


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
