"""``python -m bench [--short] [--seed N] [--write] [--guard] [--cache FOLDER] [NAME …]``.

Prints one table; a goal that is missed is told there. Exits 1 when something is wrong (answers
that differ, or other than 200) or, with ``--guard``, when a figure is worse than in the last table
that was written, and is so again when it is measured a second time. Where no Elasticsearch can be
started, its figures are told to be not measured; with ``PORTAL_TEST_ALL=1`` in the environment
that is an error.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from bench.figures import Figure, failures
from bench.guard import SHORT_TOLERANCE, TOLERANCE, Worse, worse_both_times, worse_than
from bench.kept_set import CACHE
from bench.machine import this_machine
from bench.measure_bulk import measure_bulk
from bench.measure_crowd import measure_crowd
from bench.measure_door import measure_calm, measure_door
from bench.measure_elastic import measure_elastic
from bench.measure_elastic_seen import measure_elastic_seen
from bench.measure_engine import measure_engine
from bench.measure_pages import measure_pages, measure_timelines
from bench.measure_rebuild import measure_rebuild
from bench.measure_rival import measure_rival
from bench.measure_seen import measure_seen
from bench.measure_sizes import measure_disk, measure_growth
from bench.measure_start import measure_start
from bench.table import Run, as_text
from bench.tables import read_last, write_last, write_page
from bench.world import FULL, SHORT, Size, World, surroundings
from cluster.distribution import MissingError

Measurement = Callable[[World], list[Figure]]
MEASUREMENTS: Final[Mapping[str, Measurement]] = {
    "P16": measure_start,
    "P14": measure_disk,
    "P6": measure_engine,
    "P12": measure_rebuild,
    "P2": measure_calm,
    "P7": measure_pages,
    "P4": measure_seen,
    "P8": measure_crowd,
    "fts5": measure_rival,
    "P11": measure_timelines,
    "P1": measure_door,
    "P15": measure_growth,
    "P13": measure_bulk,
    "elastic": measure_elastic,
    "P5": measure_elastic_seen,
}
"""In the order in which they run: what adds much to the archive comes late, Elasticsearch last.

P9 comes with P7, the memory of P15 with P8; ``elastic`` are P6 and P7 on Elasticsearch.
"""
ALL: Final = "PORTAL_TEST_ALL"
"""Environment variable: with 1, what cannot be measured on this machine is an error."""
ONLY_FULL: Final = ("fts5", "P15")
SHORT_SLACK: Final = 1.5
"""Goals of a short run are so much wider: it has few samples, and other work beside it."""


def main() -> int:
    """Measure what was named, or all."""
    options = _options()
    size = SHORT if options.short else FULL
    if options.messages:
        size = _scaled(size, options.messages)
    usual = [name for name in MEASUREMENTS if size.full or name not in ONLY_FULL]
    names = [name for name in MEASUREMENTS if name in (options.names or usual)]
    options.cache.mkdir(parents=True, exist_ok=True)
    run, origins = _measured(options, size, names)
    worse = _worse(run)
    if options.guard and worse:
        doubtful = {origins[one.key] for one in worse}
        again, _ = _measured(options, size, [name for name in names if name in doubtful])
        worse = worse_both_times(worse, _worse(again))
    for one in worse:
        print(f"worse than the last table: {one.key}: {one.before:.3g} → {one.now:.3g}")
    if options.write:
        write_last(run)
        write_page(run)
    wrong = [f for f in failures(run.figures, full=run.full, slack=run.slack) if f.goal == 0]
    return 1 if wrong or (options.guard and worse) else 0


def _measured(
    options: argparse.Namespace, size: Size, names: Sequence[str]
) -> tuple[Run, Mapping[str, str]]:
    """One printed run of these measurements, and which measurement each figure comes from."""
    with surroundings(options.cache, size, options.seed) as world:
        found = {name: _figures(name, world) for name in names}
        run = _run(world, [figure for figures in found.values() for figure in figures])
    print(as_text(run))
    return run, {figure.key: name for name, figures in found.items() for figure in figures}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a small set, about two minutes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--write", action="store_true", help="write the table into docs and last.json"
    )
    parser.add_argument("--guard", action="store_true", help="exit 1 when a figure got worse")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the set is kept")
    parser.add_argument("--messages", type=int, help="another size of the set")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASUREMENTS)}")
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - set(MEASUREMENTS)):
        parser.error(f"no such measurement: {', '.join(unknown)}")
    return options


def _scaled(size: Size, messages: int) -> Size:
    """Another size of the set: what holds only at the full size has no verdict."""
    conversations = max(3, messages * FULL.conversations // FULL.messages)
    return msgspec.structs.replace(size, full=False, messages=messages, conversations=conversations)


def _figures(name: str, world: World) -> list[Figure]:
    began = time.monotonic()
    sys.stderr.write(f"bench: {name} … ")
    sys.stderr.flush()
    must = os.environ.get(ALL) == "1"
    figures, missing = figures_or_reason(lambda: MEASUREMENTS[name](world), must=must)
    if missing:
        world.remark(f"{name}: not measured. {missing}")
    sys.stderr.write(f"{time.monotonic() - began:.0f} s\n")
    return figures


def figures_or_reason(
    measure: Callable[[], list[Figure]], *, must: bool
) -> tuple[list[Figure], str]:
    """What is measured, or why this machine cannot; raises ``MissingError`` where it must."""
    try:
        return measure(), ""
    except MissingError as error:
        if must:
            raise
        return [], str(error)


def _run(world: World, figures: Sequence[Figure]) -> Run:
    size = world.size
    return Run(
        date=datetime.now(UTC).date().isoformat(),
        seed=world.seed,
        full=size.full,
        slack=1.0 if size.full else SHORT_SLACK,
        messages=size.messages,
        conversations=size.conversations,
        machine=this_machine(),
        figures=tuple(sorted(figures, key=_place)),
        remarks=tuple(world.remarks),
        rivals=tuple(world.rivals),
    )


def _place(figure: Figure) -> tuple[int, bool]:
    """Where a figure stands in the table: by its number, those that the guard leaves out last."""
    return int(figure.number[1:]), not figure.guarded


def _worse(run: Run) -> tuple[Worse, ...]:
    """What is worse than in the last table of the same size."""
    last = read_last().full if run.full else read_last().short
    if last is None or last.messages != run.messages:
        return ()
    tolerance = TOLERANCE if run.full else SHORT_TOLERANCE
    return worse_than(last.figures, run.figures, tolerance)


if __name__ == "__main__":
    sys.exit(main())
