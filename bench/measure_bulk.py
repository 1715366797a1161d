"""P13: a rebuild into Elasticsearch beside a bare bulk of the same documents; bytes on its disk."""

import shutil
import time
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from app.indexer import Indexer
from bench.bare_bulk import Bodies, fill_bare, keep_bodies
from bench.elastic import DESCRIBED, LAYOUT, Elastic, engine_on
from bench.figures import Control, Figure, ratio_of
from bench.world import World

LEAST_RATIO: Final = 0.8
BARE: Final = "bare-bulk"
"""The index of the control."""
UNREADABLE: Final = msgspec.structs.replace(LAYOUT, readable=False)
"""An index without what people read in tools of its vendor."""


class _Filled(Struct, frozen=True):
    """A bare bulk: how long it took, and the bytes of its index afterwards."""

    seconds: float
    bytes: int


def measure_bulk(world: World) -> list[Figure]:
    """P13: bare bulk and rebuild in turn; a bulk without readable text first warms the server."""
    elastic, folder = world.elastic(), world.fresh("bodies")
    bodies = world.apart(keep_bodies, elastic.archive, folder)
    small = _filled(world, elastic, folder, readable=False)
    bare: list[_Filled] = []
    ours: list[float] = []
    for turn in range(2 * world.size.fills):
        if turn % 4 in (0, 3):  # the server gets faster all the time: neither is always second
            bare.append(_filled(world, elastic, folder, readable=True))
        else:
            elastic.settle()
            ours.append(world.apart(rebuild, elastic.url, elastic.archive, bodies.documents))
    shutil.rmtree(folder)
    whole = bare[-1]
    _remark(world, bodies, small)
    return [
        _rebuild(bodies, ours, [one.seconds for one in bare]),
        _share("index on Elasticsearch per byte of text", world, whole.bytes),
        _share(
            "index on Elasticsearch per byte of text, PORTAL_SEARCH_READABLE=off",
            world,
            small.bytes,
        ),
    ]


def rebuild(url: str, archive: Path, documents: int) -> float:
    """Seconds of the engine's rebuild. Raises ``RuntimeError`` when it holds another number."""
    engine = engine_on(url, archive)
    indexer = Indexer(archive, engine)
    try:
        began = time.monotonic()
        indexer.rebuild()
        seconds = time.monotonic() - began
    finally:
        indexer.stop()
        indexer.run()  # ends at once, and lets go of the archive
    if (held := engine.count()) != documents:
        raise RuntimeError(f"{held} documents instead of {documents} after the rebuild")
    return seconds


def _filled(world: World, elastic: Elastic, folder: Path, *, readable: bool) -> _Filled:
    """The control: a bare bulk into a fresh index, which goes again."""
    elastic.settle()
    layout = LAYOUT if readable else UNREADABLE
    seconds = world.apart(fill_bare, elastic.url, BARE, folder, layout)
    filled = _Filled(seconds, elastic.bytes_of(BARE))
    elastic.drop(BARE)
    return filled


def _remark(world: World, bodies: Bodies, small: _Filled) -> None:
    world.remark(
        f"P13: {DESCRIBED}; {bodies.documents:,} documents in {bodies.bytes / 1e6:,.0f} MB of "
        f"bodies, {world.size.fills} times in turn. A bare bulk whose transcript is not indexed "
        f"for reading comes first and warms the server: {bodies.documents / small.seconds:,.0f} "
        "documents/s."
    )


def _rebuild(bodies: Bodies, ours: list[float], bare: list[float]) -> Figure:
    rate = bodies.documents * len(ours) / sum(ours)
    control = Control("bare bulk", bodies.documents * len(bare) / sum(bare), "/s")
    return Figure(
        number="P13",
        quantity="documents of a rebuild into Elasticsearch",
        value=rate,
        unit="/s",
        goal=LEAST_RATIO,
        goal_text=f"≥ {LEAST_RATIO} × the bare bulk",
        control=control,
        ratio=ratio_of(rate, control),
        by_ratio=True,
        more_is_better=True,
    )


def _share(quantity: str, world: World, size: int) -> Figure:
    share = size / world.kept.figures.text_bytes
    return Figure(number="P14", quantity=quantity, value=share, unit="")
