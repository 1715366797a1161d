"""How long somebody still waits: a deadline for all that one page asks of an engine.

Each call of an engine behind a network takes at most what is left, so that several slow answers do
not add up. Outside of ``within`` there is no deadline.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything in this block shall be done within so many seconds."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left(most: float) -> float:
    """The seconds until the deadline, at most ``most``; never negative."""
    deadline = _deadline.get()
    return most if deadline is None else max(0.0, min(most, deadline - time.monotonic()))
