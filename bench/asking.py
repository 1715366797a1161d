"""The page requests of a measurement: queries of the file in a seeded mix. Pure."""

import random
from collections.abc import Sequence

from bench.bare import target
from bench.exchange import get
from bench.load import Load
from bench.queries import Wanted, read_queries


def mixed(seed: int, count: int, queries: Sequence[Wanted] = ()) -> list[Wanted]:
    """So many queries: the whole file in a seeded order, again and again."""
    chance = random.Random(f"{seed} mix")
    pool: list[Wanted] = []
    while len(pool) < count:
        further = list(queries or read_queries())
        chance.shuffle(further)
        pool += further
    return pool[:count]


def pages(queries: Sequence[Wanted]) -> list[bytes]:
    """Requests for the results pages of queries."""
    return [get(query.target()) for query in queries]


def as_large(load: Load) -> list[bytes]:
    """Requests to the bare route for answers of the sizes that a load brought."""
    return [get(target(answer.size)) for answer in load.answers]
