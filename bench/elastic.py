"""One Elasticsearch node for a run, and an archive of its own whose index it is to hold.

A run starts it when the first measurement asks for it, so that it takes nothing from those before.
The archive is a copy of the set's: which engine an archive is indexed with stands in the archive.
"""

import time
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from app.archive.hooks import HookReader
from app.search.elastic import ElasticEngine
from app.search.elastic_index import Layout
from app.search.elastic_server import Server, ServerAddress
from cluster.distribution import VERSION
from cluster.nodes import HEAP, Cluster, ask

ALIAS: Final = "bench"
LAYOUT: Final = Layout()
"""As the portal lays its index out when nothing is set."""
REFRESH_MS: Final = LAYOUT.refresh * 1000
QUIET_WITHIN: Final = 300.0
"""Seconds that merges in the background may take before the run is given up."""
LOOK_EVERY: Final = 0.2
DESCRIBED: Final = f"Elasticsearch {VERSION}, one node with {HEAP} of heap on the same machine"


class Elastic:
    """A running node and its archive. ``address`` is what ``PORTAL_SEARCH_URL`` takes."""

    def __init__(self, cluster: Cluster, archive: Path) -> None:
        (node,) = cluster.nodes
        self.url, self.port = node.url, node.port
        self.address = cluster.address(ALIAS)
        self.archive = archive

    def ask(self, path: str, method: str = "GET", body: object = None) -> Any:  # noqa: ANN401 — JSON
        """What the node answers to a request without the portal."""
        return ask(self.url + path, method, body)

    def settle(self) -> None:
        """Wait until nothing is merged in the background. Raises ``RuntimeError``."""
        settle(self.url)

    def bytes_of(self, index: str) -> int:
        """The bytes of an index on disk, its last merges done."""
        return bytes_of(self.url, index).one_copy

    def drop(self, index: str) -> None:
        """Delete an index."""
        self.ask(f"/{index}", "DELETE")

    def keep_no_answers(self) -> None:
        """Let it answer a query that comes again as one that never came."""
        self.ask(f"/{ALIAS}/_settings", "PUT", {"index.requests.cache.enable": False})


def settle(url: str) -> None:
    """Wait until a node merges nothing in the background. Raises ``RuntimeError``."""
    began = time.monotonic()
    while ask(f"{url}/_stats/merge")["_all"]["total"].get("merges", {}).get("current"):
        if time.monotonic() - began > QUIET_WITHIN:
            raise RuntimeError(f"Elasticsearch still merges after {QUIET_WITHIN:.0f} s")
        time.sleep(LOOK_EVERY)


class Stored(Struct, frozen=True):
    """Bytes of an index on disk, without and with its copies."""

    one_copy: int
    all_copies: int


def bytes_of(url: str, index: str) -> Stored:
    """The bytes of an index, its last merges done and what they replaced let go of."""
    settle(url)
    ask(f"{url}/{index}/_refresh", "POST")
    ask(f"{url}/{index}/_flush?force=true&wait_if_ongoing=true", "POST")
    told = ask(f"{url}/{index}/_stats/store")["_all"]
    sizes = (told[part]["store"]["size_in_bytes"] for part in ("primaries", "total"))
    return Stored(*sizes)


def engine_on(url: str, archive: Path) -> ElasticEngine:
    """The portal's engine on a node, for an archive; it may be made in any process."""
    hooks = HookReader(archive)
    try:
        archive_id = hooks.archive_id()
    finally:
        hooks.close()
    return ElasticEngine(Server(ServerAddress((url,))), ALIAS, archive_id, LAYOUT)
