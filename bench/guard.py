"""The guard: which figures are worse than in the last committed table, controls taken out. Pure.

A figure with a control is compared by its ratio to it, so that a slower machine is no worse
portal; one without (bytes, for example) by its value. One that mostly waits is worse only if both
are: a machine that runs its control faster does not shorten the wait. What is worse is measured a
second time: other work on the machine disturbs one run, a worse portal disturbs both.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from bench.figures import Figure

TOLERANCE: Final = 0.15
"""How much worse a figure may be in a full run; what is more is told."""
SHORT_TOLERANCE: Final = 1.0
"""The same for a short run, whose few samples vary much: twice as bad is told."""


class Worse(Struct, frozen=True):
    """A figure that got worse: by which factor."""

    key: str
    before: float
    now: float
    factor: float


def worse_than(
    last: Sequence[Figure], now: Sequence[Figure], tolerance: float
) -> tuple[Worse, ...]:
    """The guarded figures of both tables that are worse by more than the tolerance."""
    before = {figure.key: figure for figure in last}
    found = (_compared(before[figure.key], figure) for figure in now if figure.key in before)
    return tuple(one for one in found if one is not None and one.factor > 1 + tolerance)


def worse_both_times(first: Sequence[Worse], second: Sequence[Worse]) -> tuple[Worse, ...]:
    """Of the figures that are worse in the second run, those that were worse in the first."""
    keys = {one.key for one in first}
    return tuple(one for one in second if one.key in keys)


def _compared(last: Figure, now: Figure) -> Worse | None:
    """By which factor a figure is worse; None when it cannot be said."""
    if not now.guarded or (last.ratio is None) != (now.ratio is None):
        return None
    old, new = last.compared, now.compared
    if old <= 0 or new <= 0:
        return None
    factor = old / new if now.more_is_better else new / old
    if now.waits:
        factor = min(factor, now.value / last.value)
    return Worse(now.key, old, new, factor)
