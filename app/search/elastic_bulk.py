"""Writing many documents: in pieces by bytes, several at a time, each entry told apart.

An entry that the server has no time for comes again after growing pauses; one that it will never
take is told to the caller; one that is older than what the index holds is left as it is.
"""

import random
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from app.errors import EngineError
from app.search.elastic_index import Line, bulk_lines
from app.search.elastic_server import Server
from app.search.elastic_words import STATUS_WORDS, BusyError, UnavailableError, read_only_words
from app.search.engine import Document, Gone, Refused

PIECE: Final = 2 * 1024 * 1024
"""Bytes of one request; a larger document is a request of its own."""
IN_FLIGHT: Final = 3
"""Requests at a time while an index is filled."""
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 5.0
PATIENCE: Final = 30.0
"""Seconds of pauses after which a server that has no time counts as one that is away."""
_TAKEN: Final = frozenset({200, 201})
_NEWER_IS_THERE: Final = 409
_NOT_ALLOWED: Final = 403
_MISSING: Final = 404
_TOO_LARGE: Final = 413


class Bulk:
    """Writes to one index, or through an alias that must be there."""

    def __init__(self, server: Server, index: str, *, is_alias: bool = False) -> None:
        self._server = server
        self._path = f"/{index}/_bulk"
        self._params = {"require_alias": "true"} if is_alias else {}

    def write(
        self, entries: Iterable[Document | Gone], *, refresh: bool = False
    ) -> tuple[Refused, ...]:
        """Write entries one piece after the other; returns the refused.

        With ``refresh`` they can be found when this returns.
        """
        refused: list[Refused] = []
        pieces = list(_pieces(bulk_lines(entries)))
        for number, piece in enumerate(pieces, start=1):
            is_last = number == len(pieces)
            refused += self._write_piece(piece, BusyError, refresh=refresh and is_last)
        return tuple(refused)

    def fill(self, entries: Iterable[Document | Gone]) -> tuple[Refused, ...]:
        """Write very many entries, some pieces at a time; of each id the last entry counts.

        Versions take care of that, whichever piece arrives first. A refused document takes what
        was there of it along. Returns the refused.
        """
        outcome = _Outcome()
        waiting: deque[tuple[Sequence[Line], Future[list[Refused]]]] = deque()
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            try:
                for piece in _pieces(bulk_lines(entries)):
                    if len(waiting) > IN_FLIGHT:
                        outcome.take(*waiting.popleft())
                    waiting.append((piece, pool.submit(self._write_piece, piece, UnavailableError)))
                while waiting:
                    outcome.take(*waiting.popleft())
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        self.write(outcome.gone())
        return tuple(outcome.refused.values())

    def _write_piece(
        self,
        lines: Sequence[Line],
        passing: type[UnavailableError],
        *,
        refresh: bool = False,
    ) -> list[Refused]:
        """Write lines; errors of the kind ``passing`` are waited out.

        A time-out is one only while an index is filled: else nobody waits for what hangs.
        """
        refused: list[Refused] = []
        pauses = _pauses()
        while lines:
            try:
                lines, found = self._send(lines, refresh=refresh)
            except passing as error:
                found, reason = [], error
            else:
                reason = BusyError("Elasticsearch has too much to do at the moment.")
            refused += found
            if lines and not next(pauses):
                raise reason
        return refused

    def _send(self, lines: Sequence[Line], *, refresh: bool) -> tuple[list[Line], list[Refused]]:
        """Send lines once; returns those that must come again, and the refused."""
        params = self._params | ({"refresh": "true"} if refresh else {})
        body = b"".join(line.body for line in lines)
        reply = self._server.call("POST", self._path, body, params=params, may_fail=(_TOO_LARGE,))
        if reply.status == _TOO_LARGE:
            return self._send_parts(lines, refresh=refresh)
        if not reply.body["errors"]:
            return [], []
        return _sort_out(lines, [next(iter(item.values())) for item in reply.body["items"]])

    def _send_parts(
        self, lines: Sequence[Line], *, refresh: bool
    ) -> tuple[list[Line], list[Refused]]:
        """Send the halves of what was too large; one line alone is refused."""
        if len(lines) == 1:
            size = len(lines[0].body)
            reason = f"Elasticsearch does not take a document of {size:,} bytes."
            return [], [Refused(lines[0].id, reason)]
        again: list[Line] = []
        refused: list[Refused] = []
        middle = len(lines) // 2
        for part in (lines[:middle], lines[middle:]):
            later, found = self._send(part, refresh=refresh)
            again += later
            refused += found
        return again, refused


class _Outcome:
    """What became of the entries of a filling, taken piece by piece in their order."""

    def __init__(self) -> None:
        self.refused: dict[str, Refused] = {}
        self._changes: dict[str, int] = {}

    def take(self, lines: Sequence[Line], done: "Future[list[Refused]]") -> None:
        """Wait for a piece; what it holds of an id counts more than what earlier ones held."""
        refused = {one.id: one for one in done.result()}
        for line in lines:
            self.refused.pop(line.id, None)
            if line.id in refused:
                self._changes[line.id] = line.change
        self.refused.update(refused)

    def gone(self) -> list[Gone]:
        """The refused documents, to be taken out."""
        return [Gone(name, self._changes[name]) for name in self.refused]


def _pieces(lines: Iterable[Line]) -> Iterator[list[Line]]:
    piece: list[Line] = []
    size = 0
    for line in lines:
        if piece and size + len(line.body) > PIECE:
            yield piece
            piece, size = [], 0
        piece.append(line)
        size += len(line.body)
    if piece:
        yield piece


def _pauses() -> Iterator[bool]:
    """Sleep longer each time, more or less by chance; false once patience is at its end."""
    pause, waited = FIRST_PAUSE, 0.0
    while waited < PATIENCE:
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 — nothing secret
        waited += pause
        yield True
        pause = min(pause * 2, LONGEST_PAUSE)
    while True:
        yield False


def _sort_out(
    lines: Sequence[Line], items: Sequence[dict[str, Any]]
) -> tuple[list[Line], list[Refused]]:
    """What became of each line: those to send again, and the refused.

    Raises ``EngineError`` where the fault is not the document's.
    """
    again: list[Line] = []
    refused: dict[str, Refused] = {}
    for line, item in zip(lines, items, strict=True):
        status, error = item["status"], item.get("error") or {}
        if status in _TAKEN or status == _NEWER_IS_THERE or (status == _MISSING and not error):
            refused.pop(line.id, None)
            continue
        if status >= 500:
            again.append(line)
        elif error.get("type") == "cluster_block_exception":
            raise EngineError(read_only_words(str(error.get("reason"))))
        elif status == 429:
            again.append(line)
        elif status == 400:
            reason = f"Elasticsearch refused {line.id}: {_why(error)}."
            refused[line.id] = Refused(line.id, reason)
        else:
            raise EngineError(_lost(status, error))
    return again, list(refused.values())


def _why(error: dict[str, Any]) -> str:
    """The kind of error and its field, never the words that were sent."""
    cause = error.get("caused_by") or {}
    kinds = dict.fromkeys(filter(None, (error.get("type"), cause.get("type"))))
    return " because of ".join(kinds)


def _lost(status: int, error: dict[str, Any]) -> str:
    if status in {_MISSING, _NOT_ALLOWED}:
        return STATUS_WORDS[status]
    return f"Elasticsearch takes no documents ({status}: {error.get('type')})."
