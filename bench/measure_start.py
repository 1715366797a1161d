"""P16: from ``portal serve`` to the first acknowledgement and to the first search."""

import http.client
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from bench.bare import listening
from bench.conversations import END_MS, small_hook
from bench.figures import Control, Figure, beside
from bench.percentiles import spread
from bench.portal import Portal
from bench.world import World

TRY_EVERY: Final = 0.005
WITHIN: Final = 60.0


def measure_start(world: World) -> list[Figure]:
    """P16: starts in turn with those of the bare route; the data's pages leave the cache first."""
    first_hook: list[float] = []
    first_search: list[float] = []
    bare: list[float] = []
    for turn in range(world.size.starts):
        bare.append(_bare_start())
        for times, attempt in ((first_hook, _post_hook(world, turn)), (first_search, _search)):
            forget(world.archive)
            times.append(_start(world, attempt))
    control = Control("bare route", spread(bare).p50, "s")
    world.remark(
        f"P16: {world.size.starts} starts each, median; slowest {max(first_hook):.2f} s and "
        f"{max(first_search):.2f} s. Pages of the data are dropped from the cache before each."
    )
    hook, search = spread(first_hook).p50, spread(first_search).p50
    return [
        beside("P16", "cold start to first acknowledgement", hook, "s", 1, "≤ 1 s", control),
        beside("P16", "cold start to first search", search, "s", 2, "≤ 2 s", control),
    ]


Attempt = Callable[[Portal], bool]


def forget(folder: Path) -> None:
    """Drop what the page cache holds of a folder's files, as far as the kernel lets us."""
    for path in _files(folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _start(world: World, attempt: Attempt) -> float:
    """Seconds from the start of the process until an attempt succeeds."""
    portal = Portal(world.archive, 1)
    began = time.monotonic()
    try:
        portal.begin()
        while not attempt(portal):
            if time.monotonic() - began > WITHIN:
                raise RuntimeError(f"no answer within {WITHIN:.0f} s")
            time.sleep(TRY_EVERY)
        return time.monotonic() - began
    finally:
        portal.stop()


def _bare_start() -> float:
    began = time.monotonic()
    with listening("bench.bare"):
        return time.monotonic() - began


def _post_hook(world: World, turn: int) -> Attempt:
    number = 6_000_000 + turn
    body = small_hook(world.seed, number, END_MS + number)
    return lambda portal: _status(portal, "POST", portal.hook_target, body) == 200


def _search(portal: Portal) -> bool:
    return _status(portal, "GET", "/search?q=ok", b"") == 200


def _status(portal: Portal, method: str, target: str, body: bytes) -> int:
    """The status of one request; 0 while nobody answers."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=WITHIN)
        with closing(connection):
            connection.request(method, target, body or None)
            return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
