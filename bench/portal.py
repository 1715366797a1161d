"""A portal under the bench: started as a person would, looked at from outside, ended in order."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench import tongues
from bench.processes import children_of, free_port

ROOT: Final = Path(__file__).parents[1]
SETTLES_WITHIN: Final = 900.0
"""Seconds that search may be behind before the run is given up."""


class Portal:
    """One ``portal serve`` on a folder and a free port of the loopback.

    ``search_url`` names the Elasticsearch that it searches with; the embedded engine without.
    """

    def __init__(self, folder: Path, workers: int, search_url: str = "") -> None:
        self.folder, self.workers, self._search_url = folder, workers, search_url
        self.port = free_port()
        self._process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        """Start without waiting for anything; its words go to ``bench.log`` beside the folder."""
        with (self.folder.parent / "bench.log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve"],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
                text=True,
            )

    def command(self, *arguments: str) -> None:
        """Run one of the portal's commands on its folder."""
        subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=ROOT,
            env=self._environment(),
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _environment(self) -> dict[str, str]:
        """The environment without settings that somebody else has made."""
        others = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        return (
            others
            | tongues.SETTINGS
            | {
                "PORTAL_DATA_DIR": str(self.folder),
                "PORTAL_PORT": str(self.port),
                "PORTAL_WORKERS": str(self.workers),
                "PORTAL_SEARCH_URL": self._search_url,
            }
        )

    def start(self) -> None:
        """Start and wait until search holds all that the archive holds."""
        self.begin()
        self.settle()

    @property
    def hook_target(self) -> str:
        """The path of the hook's address; it holds the secret."""
        token = (self.folder / "hook-tokens").read_text(encoding="ascii").split()[0]
        return f"/hooks/smartsupp/{token}"

    def settle(self) -> float:
        """Wait until search is not behind; returns the seconds. Raises ``RuntimeError``."""
        began = time.monotonic()
        while time.monotonic() - began < SETTLES_WITHIN:
            if self._process is not None and self._process.poll() is not None:
                raise RuntimeError(f"the portal ended; see {self.folder.parent / 'bench.log'}")
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                ready = self.ask("/readyz")
                if ready.get("ready") and ready.get("behind") == 0:
                    return time.monotonic() - began
            time.sleep(0.1)
        raise RuntimeError(f"search is still behind after {SETTLES_WITHIN:.0f} s")

    def ask(self, target: str) -> dict[str, Any]:
        """A JSON answer of the portal."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", target)
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
            return answer

    def web_processes(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid in self.processes() if _runs(pid, b"web")]

    def processes(self) -> list[int]:
        """All processes of the portal, the supervisor first."""
        assert self._process is not None
        return [self._process.pid, *children_of(self._process.pid)]

    def stop(self) -> None:
        """End in order; what does not end within its time is killed."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            for pid in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)
            self._process.wait()
        self._process = None


@contextmanager
def running(folder: Path, workers: int = 1, search_url: str = "") -> Iterator[Portal]:
    """A portal that serves, with nothing left to index."""
    portal = Portal(folder, workers, search_url)
    try:
        portal.start()
        yield portal
    finally:
        portal.stop()


def _runs(pid: int, kind: bytes) -> bool:
    with contextlib.suppress(OSError):
        return kind in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return False
