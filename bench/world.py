"""What a measurement needs: the set, a folder that may be filled, other processes, the disk.

Elasticsearch is there for those that ask for it.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from msgspec import Struct

from bench.disk import Disk, disk_in
from bench.elastic import Elastic
from bench.kept_set import KeptSet
from bench.load import Load
from cluster.nodes import running

HELPERS: Final = 2
"""Processes that send load or search beside the portal; two loads at once at most."""
_P = ParamSpec("_P")
_R = TypeVar("_R")


class Size(Struct, frozen=True, kw_only=True):
    """How long and how often is measured. ``slices`` alternate with those of the control.

    ``fills`` are rebuilds into Elasticsearch, and as many bulks.
    """

    full: bool
    messages: int
    conversations: int
    slices: int
    door_seconds: float
    calm_seconds: float
    seen_seconds: float
    engine_rounds: int
    pages: int
    page_rate: float
    crowd_seconds: float
    open_seconds: float
    timelines: int
    starts: int
    growth_hooks: int
    fills: int


FULL: Final = Size(
    full=True, messages=1_000_000, conversations=70_000, slices=3, door_seconds=6, calm_seconds=12,
    seen_seconds=30, engine_rounds=3, pages=200, page_rate=10, crowd_seconds=6, open_seconds=30,
    timelines=60, starts=7, growth_hooks=1_000_000, fills=2,
)  # fmt: skip
SHORT: Final = Size(
    full=False, messages=20_000, conversations=1_400, slices=2, door_seconds=1, calm_seconds=1.5,
    seen_seconds=3, engine_rounds=1, pages=50, page_rate=10, crowd_seconds=1, open_seconds=2,
    timelines=12, starts=2, growth_hooks=0, fills=2,
)  # fmt: skip


@dataclass
class World:
    """One run's surroundings. ``archive`` holds the set and what measurements have added."""

    size: Size
    seed: int
    kept: KeptSet
    folder: Path
    archive: Path
    disk: Disk
    pool: ProcessPoolExecutor
    at_end: ExitStack
    remarks: list[str] = field(default_factory=list)
    rivals: list[tuple[str, str, str]] = field(default_factory=list)
    _elastic: Elastic | None = None

    def beside(
        self, work: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> "Future[_R]":
        """Begin a piece of work in another process."""
        return self.pool.submit(work, *args, **kwargs)

    def apart(self, work: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Do a piece of work in another process and wait for it."""
        return self.beside(work, *args, **kwargs).result()

    def fresh(self, name: str) -> Path:
        """A folder that is not there yet."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        return path

    def elastic(self) -> Elastic:
        """Elasticsearch, started when it is first asked for, until the end of the run.

        Raises ``MissingError`` where this machine cannot run it.
        """
        if self._elastic is None:
            cluster = self.at_end.enter_context(running(1))
            self._elastic = Elastic(cluster, self.kept.copy_archive(self.fresh("elastic")))
        return self._elastic

    def remark(self, text: str) -> None:
        """Something about how it was measured that belongs below the table."""
        self.remarks.append(text)


@contextmanager
def surroundings(cache: Path, size: Size, seed: int) -> Iterator[World]:
    """The set, made where it is missing, and a working folder on the same disk."""
    kept = KeptSet(cache, seed, size.conversations, size.messages)
    kept.make()
    with (
        tempfile.TemporaryDirectory(prefix="run-", dir=cache) as name,
        disk_in(Path(name)) as disk,
        ProcessPoolExecutor(HELPERS, mp_context=get_context("spawn")) as pool,
        ExitStack() as at_end,
    ):
        folder = Path(name)
        archive = kept.copy_archive(folder / "set")
        yield World(size, seed, kept, folder, archive, disk, pool, at_end)


def all_good(what: str, *loads: Load) -> None:
    """Tell of answers other than 200: figures beside them are worth little."""
    failed = sum(load.failed for load in loads)
    if failed:
        sys.stderr.write(f"bench: {what}: {failed} requests were not answered with 200\n")
