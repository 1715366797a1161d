"""Load: requests at planned times (open loop) or one after another (closed loop), with answers.

It runs in a process of its own and waits in ``select``, whose time-outs are microseconds, so that
it takes little of the machine and is late for no plan. It must never repeat a request.
"""

import gc
import random
import select
import time
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from bench.exchange import Answer, BrokenError, Exchange

PATIENCE: Final = 60.0
"""Seconds behind the end of a plan after which what is missing counts as failed."""


KEPT: Final = 2.0
"""Seconds for which an idle connection is used again; the server ends it after five."""


class Load(Struct, frozen=True):
    """What became of a load: its answers as they came, how long it took, what the client cost."""

    answers: list[Answer]
    seconds: float
    client_cpu: float

    @property
    def failed(self) -> int:
        """Answers other than 200."""
        return sum(answer.status != 200 for answer in self.answers)

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return (len(self.answers) - self.failed) / self.seconds

    def latencies_ms(self) -> list[float]:
        """Milliseconds from the planned time of every answer, failed ones too."""
        return [answer.latency_ms for answer in self.answers]


def evenly(count: int, rate: float, seed: int) -> list[float]:
    """Planned times in seconds, one at a random place of each slot: nothing beats in step."""
    chance = random.Random(f"{seed} plan {count}")
    return [(place + chance.random()) / rate for place in range(count)]


def open_loop(
    port: int,
    requests: Sequence[bytes],
    times: Sequence[float],
    *,
    users: int,
    closing: bool = False,
    keep: bool = False,
) -> Load:
    """Send each request at its time; while all ``users`` wait it is late, and counts so.

    ``closing``: each has a connection of its own, which the server ends.
    """
    return _Client(port, closing=closing, keep=keep).run(_planned(requests, times), users)


def closed_loop(
    port: int, requests: Sequence[bytes], seconds: float, *, users: int, closing: bool = False
) -> Load:
    """``users`` send one request after another for so long, or until there is none left."""
    return _Client(port, closing=closing, keep=False).run(_until(requests, seconds), users)


_Plan = Iterator[tuple[float | None, bytes]]
"""A planned time (none: at once) and a request."""


def _planned(requests: Sequence[bytes], times: Sequence[float]) -> _Plan:
    start = time.monotonic() + 0.01
    return ((start + at, request) for at, request in zip(times, requests, strict=True))


def _until(requests: Sequence[bytes], seconds: float) -> _Plan:
    end = time.monotonic() + seconds
    for request in requests:
        if time.monotonic() > end:
            return
        yield None, request


class _Client:
    """Sends a plan over at most so many connections at a time."""

    def __init__(self, port: int, *, closing: bool, keep: bool) -> None:
        self._port, self._closing, self._keep = port, closing, keep
        self._idle: list[Exchange] = []
        self._busy: dict[int, Exchange] = {}
        self._answers: list[Answer] = []

    def run(self, plan: _Plan, users: int) -> Load:
        gc.disable()
        began, cpu = time.monotonic(), time.process_time()
        due = next(plan, None)
        while due is not None or self._busy:
            pause = PATIENCE
            if due is not None and len(self._busy) < users:
                pause = 0.0 if due[0] is None else due[0] - time.monotonic()
                if pause <= 0:
                    self._send(due[1], due[0])
                    due = next(plan, None)
                    pause = 0.0
            if not self._wait(pause):
                break
        seconds = time.monotonic() - began
        for exchange in (*self._idle, *self._busy.values()):
            exchange.close()
        gc.enable()
        return Load(self._answers, seconds, (time.process_time() - cpu) / seconds)

    def _send(self, request: bytes, planned: float | None) -> None:
        now = time.monotonic()
        exchange = self._connection(now)
        self._busy[exchange.fileno()] = exchange
        try:
            exchange.send(request, now if planned is None else planned, now)
        except OSError:
            self._end(exchange, exchange.broken(now))

    def _connection(self, now: float) -> Exchange:
        while self._idle:
            exchange = self._idle.pop()
            if now - exchange.sent < KEPT:
                return exchange
            exchange.close()
        return Exchange(self._port)

    def _wait(self, pause: float) -> bool:
        """Take what has come; false when nothing came for longer than anybody waits."""
        if not self._busy:
            time.sleep(max(0.0, pause))
            return True
        readable, _, _ = select.select(self._busy, (), (), pause)
        for descriptor in readable:
            exchange = self._busy[descriptor]
            try:
                if exchange.receive():
                    self._end(exchange, exchange.answer(time.monotonic(), keep=self._keep))
            except BrokenError:
                self._end(exchange, exchange.broken(time.monotonic()), broken=True)
        if not readable and pause >= PATIENCE:
            now = time.monotonic()
            self._answers += [exchange.broken(now) for exchange in self._busy.values()]
            return False
        return True

    def _end(self, exchange: Exchange, answer: Answer, *, broken: bool = False) -> None:
        self._answers.append(answer)
        del self._busy[exchange.fileno()]
        if broken or self._closing or not answer.status:
            exchange.close()
        else:
            self._idle.append(exchange)
