"""Percentiles of measured values. Pure."""

import math
from collections.abc import Sequence

from msgspec import Struct


class Spread(Struct, frozen=True):
    """How values are spread; all in the unit of the values."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the least value that ``share`` of all values do not exceed.

    Raises ``ValueError`` for no values and for a share outside of 0 to 1.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError(f"no percentile {share} of {len(values)} values")
    rank = math.ceil(share * len(values) - 1e-9)
    return sorted(values)[max(0, rank - 1)]


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one value."""
    ordered = sorted(values)
    p50, p95, p99 = (percentile(ordered, share) for share in (0.5, 0.95, 0.99))
    return Spread(len(ordered), p50, p95, p99, ordered[-1])
