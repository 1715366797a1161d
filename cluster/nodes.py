"""Nodes of one cluster: started, killed, stopped in the middle and brought back."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from cluster.distribution import java, unpack
from cluster.security import NO_SETTINGS as OPEN
from cluster.security import SETTINGS as SECURED
from cluster.security import Security, User

HEAP: Final = "512m"
READY_WITHIN: Final = 120.0
"""Seconds; one node takes some 11, three some 25."""
ORDINARY_USER: Final = "nobody"
"""Who runs the server where we are root: it refuses to."""
_SETTINGS: Final = (
    "cluster.routing.allocation.disk.threshold_enabled=false",
    "network.host=127.0.0.1",
)


class Node:
    """One server process; its data stays between its lives."""

    def __init__(
        self,
        name: str,
        home: Path,
        folder: Path,
        settings: Sequence[str],
        security: Security | None = None,
    ) -> None:
        self._name, self._home, self._folder = name, home, folder
        self._settings = (*settings, *(OPEN if security is None else SECURED))
        self._security = security
        self.port, self.transport = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, seeds: Sequence[str] = ()) -> None:
        """Start it; ``ask`` tells when it answers."""
        settings = (
            *_SETTINGS,
            *self._settings,
            f"node.name={self._name}",
            f"http.port={self.port}",
            f"transport.port={self.transport}",
            f"path.data={self._folder / 'data'}",
            f"path.logs={self._folder / 'logs'}",
            *((f"discovery.seed_hosts={','.join(seeds)}",) if seeds else ()),
        )
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "ES_JAVA_HOME": str(java()),
            "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}",
            "ES_TMPDIR": str(self._folder / "tmp"),
            "ES_PATH_CONF": str(self._folder / "config"),  # each makes a keystore there
        }
        (self._folder / "tmp").mkdir(parents=True, exist_ok=True)
        shutil.copytree(self._home / "config", self._folder / "config", dirs_exist_ok=True)
        if self._security is not None:
            self._security.write(self._folder / "config")
        _give_away(self._folder)
        with (self._folder / "output").open("ab") as said:
            self._process = subprocess.Popen(
                [self._home / "bin" / "elasticsearch", *(f"-E{each}" for each in settings)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                start_new_session=True,
                user=ORDINARY_USER if os.geteuid() == 0 else None,
            )

    @property
    def is_running(self) -> bool:
        """Whether it was started and not killed."""
        return self._process is not None

    def check(self) -> None:
        """Raises ``RuntimeError`` with its last words when it has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            words = (self._folder / "output").read_text(errors="replace")[-1500:]
            raise RuntimeError(f"{self._name} ended by itself: {words}")

    def kill(self) -> None:
        """End it without any warning."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def hang(self) -> None:
        """Let it go on holding its connections without answering, until ``wake``."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """Signal the launcher and the server, which are one process group."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)


class Cluster:
    """Some nodes that know each other; with ``security`` they check who asks."""

    def __init__(self, folder: Path, size: int, security: Security | None = None) -> None:
        self._administrator = None if security is None else security.administrator
        home = unpack(folder)
        names = [f"node{number}" for number in range(1, size + 1)]
        several = (f"cluster.initial_master_nodes={','.join(names)}",)
        settings = several if size > 1 else ("discovery.type=single-node",)
        self.nodes = [Node(name, home, folder / name, settings, security) for name in names]
        _give_away(home)

    def start(self) -> None:
        """Start all nodes and wait until the cluster is whole."""
        for node in self.nodes:
            self.start_node(node)
        for node in self.nodes:  # a node belongs to the cluster before it answers
            self.wait_for(len(self.nodes), asked=(node,))

    def start_node(self, node: Node) -> None:
        """Start one of the nodes, which finds the others."""
        seeds = [f"127.0.0.1:{other.transport}" for other in self.nodes]
        node.start(seeds if len(self.nodes) > 1 else ())

    def wait_for(self, nodes: int, health: str = "", asked: Sequence[Node] = ()) -> float:
        """Wait until so many nodes are there, of some health; returns the seconds that took.

        Any node that answers is believed, or one of ``asked``.
        """
        wished = f"&wait_for_status={health}" if health else ""
        path = f"/_cluster/health?wait_for_nodes={nodes}{wished}&timeout=5s"
        start = time.monotonic()
        while (waited := time.monotonic() - start) < READY_WITHIN:
            for node in asked or self.nodes:
                node.check()
                with suppress(OSError, ValueError):
                    if not ask(node.url + path, user=self._administrator)["timed_out"]:
                        return waited
            time.sleep(0.2)
        raise TimeoutError(f"The cluster did not become whole within {READY_WITHIN} s.")

    def alive(self) -> Node:
        """One of the nodes that run."""
        return next(node for node in self.nodes if node.is_running)

    def stop(self) -> None:
        """End all nodes."""
        for node in self.nodes:
            node.kill()

    def address(self, name: str) -> str:
        """What ``PORTAL_SEARCH_URL`` takes for an index of this name."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"http://{hosts}/{name}"


@contextmanager
def running(size: int = 1, security: Security | None = None) -> Iterator[Cluster]:
    """A cluster until the end of the block. Raises ``MissingError`` where none can be started."""
    folder = Path(tempfile.mkdtemp(prefix="portal-cluster-"))
    try:
        folder.chmod(0o755)
        cluster = Cluster(folder, size, security)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ask(url: str, method: str = "GET", body: object = None, user: User | None = None) -> Any:  # noqa: ANN401 — JSON
    """What the server answers, as it is. Raises ``OSError`` when it does not."""
    sent = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if user is not None:
        headers["Authorization"] = user.authorization
    request = urllib.request.Request(url, sent, headers, method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.loads(answer.read() or b"null")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _give_away(folder: Path) -> None:
    """Let the server's user write in a folder, where that is another."""
    if os.geteuid() != 0:
        return
    owner = pwd.getpwnam(ORDINARY_USER)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)
