"""How soon a hook is found: every web process is asked, again and again, how many it finds.

Hooks are indexed in the order of their numbers, so a total of n says that the first n are found.
"""

import re
import time
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from bench.exchange import Exchange, get
from bench.processes import holder_of

EVERY: Final = 0.025
"""Seconds between two questions to a process: a hook is seen so much late at most."""
PATIENCE: Final = 15.0
"""Seconds for which a hook that is not found is waited for."""
MOST_CONNECTIONS: Final = 200
_TOTAL: Final = re.compile(rb'"total":(\d+)')


class Seen(Struct, frozen=True):
    """What one web process said: when its answer was there, and how many it finds."""

    process: int
    at: float
    total: int


def watch(
    port: int,
    target: str,
    processes: Sequence[int],
    expected: int,
    seconds: float,
    every: float = EVERY,
) -> list[Seen]:
    """Ask until each process finds ``expected``, or for so many seconds and some patience."""
    seen: list[Seen] = []
    with _Connections(port, processes) as connections:
        end = time.monotonic() + seconds + PATIENCE
        turn = time.monotonic()
        while time.monotonic() < end and len(connections.open):
            for process, exchange in list(connections.open.items()):
                answer = _asked(exchange, get(target))
                seen.append(Seen(process, answer[0], answer[1]))
                if answer[1] >= expected:
                    connections.leave(process)
            turn = max(turn + every, time.monotonic())
            time.sleep(max(0.0, turn - time.monotonic()))
    return seen


def delays(seen: Sequence[Seen], sent: Sequence[float]) -> list[float]:
    """Seconds from each hook (in the order of their numbers) until the last process finds it.

    Raises ``ValueError`` when one was never found by every process.
    """
    processes = {one.process for one in seen}
    return [
        max(_first(seen, process, place) for process in processes) - at
        for place, at in enumerate(sent, start=1)
    ]


def _first(seen: Sequence[Seen], process: int, total: int) -> float:
    for one in seen:
        if one.process == process and one.total >= total:
            return one.at
    raise ValueError(f"process {process} never found hook {total}")


def _asked(exchange: Exchange, request: bytes) -> tuple[float, int]:
    now = time.monotonic()
    exchange.send(request, now, now)
    while not exchange.receive():
        pass
    answer = exchange.answer(time.monotonic(), keep=True)
    found = _TOTAL.search(answer.body)
    return answer.done, int(found[1]) if found else 0


class _Connections:
    """One open connection to each web process, found out by who holds its other end."""

    def __init__(self, port: int, processes: Sequence[int]) -> None:
        self.open: dict[int, Exchange] = {}
        spare: list[Exchange] = []
        for exchange in self._opened(port):
            holder = holder_of(port, exchange.socket.getsockname()[1], processes)
            if holder is None or holder in self.open:
                spare.append(exchange)
            else:
                self.open[holder] = exchange
            if len(self.open) == len(processes):
                break
        for exchange in spare:
            exchange.close()
        if len(self.open) < len(processes):
            raise RuntimeError(f"only {len(self.open)} of {len(processes)} web processes answer")

    def _opened(self, port: int) -> Iterator[Exchange]:
        for _ in range(MOST_CONNECTIONS):
            exchange = Exchange(port)
            _asked(exchange, get("/livez"))
            yield exchange

    def leave(self, process: int) -> None:
        """Ask a process no more."""
        self.open.pop(process).close()

    def __enter__(self) -> "_Connections":
        return self

    def __exit__(self, *_: object) -> None:
        for exchange in self.open.values():
            exchange.close()
