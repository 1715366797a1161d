"""A portal under test: started as a person would, killed as power cuts do."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

START_WITHIN: Final = 30.0


class PortalUnderTest:
    """One ``portal serve`` on a folder and a free port of the loopback."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = _free_port()
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[str] | None = None
        self.token = ""

    def start(self) -> float:
        """Start, or start again; returns the seconds until a hook address was answered."""
        environment = os.environ | {
            "PORTAL_DATA_DIR": str(self.folder),
            "PORTAL_PORT": str(self.port),
            **self._settings,
        }
        began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("Hook: "):
                self.token = line.strip().rsplit("/", 1)[1]
                return time.monotonic() - began
        raise RuntimeError(f"the portal ended with {self._process.wait()} before it was ready")

    def processes(self) -> list[int]:
        """The portal's processes: the supervisor and its children."""
        assert self._process is not None
        return [self._process.pid, *_children_of(self._process.pid)]

    def kill_all(self) -> None:
        """kill -9 of every process at once."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._wait()

    def stop(self) -> int:
        """End in order; returns the exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._wait()

    def _wait(self) -> int:
        assert self._process is not None
        status = self._process.wait(30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status

    def post(self, body: bytes, timeout: float = 15.0) -> int | None:
        """Post a hook; its status, or None when no answer came."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
            with contextlib.closing(connection):
                connection.request("POST", f"/hooks/smartsupp/{self.token}", body)
                response = connection.getresponse()
                response.read()
                return response.status
        except (OSError, http.client.HTTPException):
            return None

    def get(self, path: str, params: list[tuple[str, str]] | None = None) -> tuple[int, bytes]:
        """Fetch a page; status and body."""
        query = f"?{urlencode(params, quote_via=quote, errors='surrogatepass')}" if params else ""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", path + query)
            response = connection.getresponse()
            return response.status, response.read()

    def search(self, **params: str) -> dict[str, Any]:
        """What the API answers to a search."""
        status, body = self.get("/api/search", list(params.items()))
        if status != http.client.OK:
            raise RuntimeError(f"/api/search answered {status}")
        answer: dict[str, Any] = json.loads(body)
        return answer

    def wait_until_searchable(self, within: float) -> float | None:
        """Seconds until search is not behind; None when it still is at the end."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            with contextlib.suppress(RuntimeError, OSError):
                if self.search(per_page="1")["index"]["behind"] == 0:
                    return time.monotonic() - began
            time.sleep(0.05)
        return None


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children_of(parent: int) -> list[int]:
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found
