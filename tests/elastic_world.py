"""A real Elasticsearch for tests: an engine, or an address, whose index goes with its module.

A plugin of pytest: the cluster that was started ends with the session.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cluster_for_tests
import pytest

from app.search import elastic_generations
from app.search.elastic import ElasticEngine
from app.search.elastic_index import Layout
from app.search.elastic_server import TIME_OUT, Server, ServerAddress
from cluster.nodes import ask

REFRESH: Final = 0.02
"""Seconds between refreshes: tests wait for each of them."""
LAYOUT: Final = Layout(refresh=REFRESH, replicas=0)
_aliases: set[str] = set()


def open_elastic(
    folder: Path,
    layout: Layout = LAYOUT,
    *,
    url: str = "",
    time_out: float = TIME_OUT,
    archive: str = "",
    name: str = "",
) -> ElasticEngine:
    """The engine whose index stands for a folder; on another address where one is given.

    A ``name`` of one's own begins with that alias, so that its indices go too.
    """
    alias = name or alias_of(folder)
    server = Server(ServerAddress((url or cluster_for_tests.url(),)), time_out)
    return ElasticEngine(server, alias, archive or alias, layout)


def alias_of(folder: Path) -> str:
    """The alias that stands for a folder; its indices are deleted after the module."""
    alias = "t" + hashlib.sha256(str(folder).encode()).hexdigest()[:24]
    _aliases.add(alias)
    return alias


def indices(alias: str) -> list[str]:
    """The indices on the server whose names begin with an alias, as nobody else sees them."""
    return sorted(ask(f"{cluster_for_tests.url()}/{alias}*?expand_wildcards=all"))


@pytest.fixture
def no_life_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replaced generation goes with the next tidying."""
    monkeypatch.setattr(elastic_generations, "OLD_GENERATION_LIFE", 0.0)


@pytest.fixture(autouse=True, scope="module")
def _no_index_of_a_module_stays() -> Iterator[None]:
    yield
    while _aliases:
        for name in indices(_aliases.pop()):
            ask(f"{cluster_for_tests.url()}/{name}", "DELETE")


def pytest_sessionfinish() -> None:
    """End what this process started."""
    cluster_for_tests.leave()
