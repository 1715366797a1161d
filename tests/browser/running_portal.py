"""A real portal for a browser: ``portal serve`` as a process of its own on a temporary folder.

Nothing here knows a browser. The process is ended by its id with SIGTERM, as an operator would.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from msgspec import Struct

from app.demo import scenes

PROJECT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0
"""Seconds in which a portal must have started or indexed; a right one needs three."""
LOOK_EVERY: Final = 0.02
DEMO_SIZE: Final = sum(1 for _ in scenes())
"""Conversations of the demo."""

Params = Sequence[tuple[str, str]]
Answer = dict[str, Any]


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Look until something holds; fail, saying what was waited for, when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(LOOK_EVERY)


class RunningPortal(Struct, frozen=True):
    """A portal that answers: its page, its hook, its folder and its process."""

    page: str
    hook: str
    folder: Path
    process: "subprocess.Popen[bytes]"

    @classmethod
    def start(cls, folder: Path, *options: str) -> Self:
        """Serve a data folder on a free port, and wait for the addresses that it prints."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        environment |= {
            "PORTAL_DATA_DIR": str(folder),
            "PORTAL_LANGUAGES": "off",  # tables would be compiled for each of them
            "PORTAL_PORT": str(_free_port()),
        }
        said, log = folder.with_suffix(".said"), folder.with_suffix(".log")
        with said.open("wb") as out, log.open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve", *options],
                cwd=PROJECT,
                env=environment,
                stdout=out,
                stderr=err,
            )

        def is_announced() -> bool:
            assert process.poll() is None, log.read_text(encoding="utf-8")
            return "Try:" in said.read_text(encoding="utf-8")

        try:
            eventually(is_announced, "the addresses of the portal")
        except BaseException:
            process.kill()
            raise
        lines = dict(
            line.split(": ", 1)
            for line in said.read_text(encoding="utf-8").splitlines()
            if line.startswith(("Page: ", "Hook: "))
        )
        return cls(lines["Page"].rstrip("/"), lines["Hook"], folder, process)

    def stop(self) -> None:
        """End the portal in order; by force when it does not end."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()

    def ask(self, path: str, params: Params = ()) -> Answer:
        """What the API answers; an error's answer too."""
        try:
            with urlopen(f"{self.page}{path}?{urlencode(params)}") as answer:  # noqa: S310
                return dict(json.load(answer))
        except HTTPError as error:
            with error:
                return dict(json.load(error))

    def search(self, q: str = "", **params: str) -> Answer:
        """A page of results from the API."""
        return self.ask("/api/search", [("q", q), *params.items()])

    def conversation(self, name: str, q: str = "") -> Answer:
        """A conversation from the API, with the hits of a query."""
        return self.ask(f"/api/conversations/{name}", [("q", q)])

    def everything(self) -> list[Answer]:
        """Every conversation as a result, newest first."""
        first = self.search(per_page="100")
        pages = range(2, first["pages"] + 1)
        more = [self.search(per_page="100", page=str(page))["results"] for page in pages]
        return [*first["results"], *(result for results in more for result in results)]

    def send(self, payload: object) -> None:
        """Send one hook, as the vendor does; bytes go as they are."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        request = Request(self.hook, body, method="POST")  # noqa: S310
        with urlopen(request) as answer:  # noqa: S310
            assert answer.status == 200

    @contextmanager
    def lagging(self) -> Iterator[None]:
        """Keep the indexer from doing anything for a while."""
        indexer = self._child("indexer")
        os.kill(indexer, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(indexer, signal.SIGCONT)

    def _child(self, kind: str) -> int:
        """The process of a kind that the portal has started."""
        started = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return next(
            int(child)
            for child in started.split()
            if kind in Path(f"/proc/{child}/cmdline").read_text().split("\0")
        )

    def await_total(self, total: int) -> None:
        """Wait until search knows this many conversations."""

        def holds_all() -> bool:
            try:
                return bool(self.search().get("total") == total)
            except URLError:
                return False

        eventually(holds_all, f"{total} conversations in the index")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
