"""A second process that flattens while a generation is filled, so that two cores make documents.

It knows neither archive nor engine: conversations come to it over a pipe, documents go back. It
ends when the pipe does, so that nothing is left of it when the indexer is killed; what it does not
do, whyever, the indexer does itself.
"""

import logging
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection, Pipe
from typing import Final, Self

import msgspec
from msgspec import Struct

from app.conversations.model import Conversation, Visit
from app.flatten import flatten
from app.search.engine import Document
from app.search.inflected import Inflecting, Spoken

AT_ONCE: Final = 2
"""Batches that a helper has at a time: while it works on one, the next is on its way."""
MOST_WAITING: Final = 4
"""Batches that wait for one before them, as documents are given in their order."""
WORTH_SENDING: Final = 50
"""Conversations of the smallest batch that is sent."""
PATIENCE: Final = 60.0
"""Seconds after which a helper that does not answer counts as gone."""
_ALONE: Final = "The index is filled without a second process: %s."
_log = logging.getLogger(__name__)


class Task(Struct, frozen=True):
    """A conversation to flatten, and what its document tells besides."""

    conversation: Conversation
    sort_key: int
    visit: Visit
    change: int
    spoken: Spoken

    def document(self, inflecting: Inflecting | None) -> Document:
        """The document, with the forms that ``inflecting`` gives."""
        return flatten(
            self.conversation, self.sort_key, self.visit, self.change, self.spoken, inflecting
        )


Tasks = Sequence[Task]
_encode = msgspec.msgpack.Encoder().encode
_tasks_in: Final = msgspec.msgpack.Decoder(list[Task]).decode
_documents_in: Final = msgspec.msgpack.Decoder(list[Document]).decode


def help_with(descriptor: int, stamp: str, inflecting: Inflecting | None) -> None:
    """Be the helper on the other end of a pipe until that is closed; says ``stamp`` first."""
    with Connection(descriptor) as pipe:
        try:
            pipe.send_bytes(stamp.encode())
            while True:
                tasks = _tasks_in(pipe.recv_bytes())
                pipe.send_bytes(_encode([task.document(inflecting) for task in tasks]))
        except (EOFError, OSError):
            return


class Helper:
    """The indexer's end of the pipe to a helper that it started."""

    def __init__(self, command: Callable[[int], Sequence[str]], stamp: str) -> None:
        """``command`` starts one on a descriptor; of another ``stamp`` nothing is taken.

        Raises ``OSError`` when it cannot be started.
        """
        self._stamp = stamp.encode()
        self._pipe, theirs = Pipe()
        self._process = subprocess.Popen(  # noqa: S603
            command(theirs.fileno()), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="helper")
        self._greeted = self._asking.submit(self._greet)
        self._begun = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let it end; what it still works on is of no use to anybody."""
        self._process.kill()
        self._process.wait()
        self._asking.shutdown(cancel_futures=True)
        self._pipe.close()

    def begin(self, tasks: Tasks) -> "Future[Sequence[Document]] | None":
        """Have documents made; None when enough is under way, or not worth it."""
        if self._begun >= AT_ONCE or len(tasks) < WORTH_SENDING or not self._greeted.done():
            return None
        self._begun += 1
        return self._asking.submit(self._ask, tasks)

    def finish(self, begun: "Future[Sequence[Document]]") -> Sequence[Document]:
        """The documents of what was begun. Raises whatever went wrong."""
        documents = begun.result(PATIENCE)
        self._begun -= 1
        return documents

    def _greet(self) -> None:
        if self._pipe.recv_bytes() != self._stamp:
            raise RuntimeError("it is of another release, or knows other languages")

    def _ask(self, tasks: Tasks) -> Sequence[Document]:
        self._greeted.result()
        self._pipe.send_bytes(_encode(tasks))
        return _documents_in(self._pipe.recv_bytes())


class Flattening:
    """Makes documents of tasks: in their order, here and by a helper at once."""

    def __init__(self, inflecting: Inflecting | None, helper: Helper | None = None) -> None:
        self._inflecting, self._helper = inflecting, helper
        self._waiting: deque[_Batch] = deque()

    def documents(self, batches: Iterable[Tasks]) -> Iterator[Document]:
        """The documents of batches, one batch after the other."""
        for tasks in batches:
            self._waiting.append(self._begin(tasks))
            while self._waiting and (len(self._waiting) > MOST_WAITING or self._waiting[0].is_done):
                yield from self._finished(self._waiting.popleft())
        while self._waiting:
            yield from self._finished(self._waiting.popleft())

    def _begin(self, tasks: Tasks) -> "_Batch":
        begun = None if self._helper is None else self._helper.begin(tasks)
        return _Batch(tasks, begun, () if begun else self._made(tasks))

    def _made(self, tasks: Tasks) -> Sequence[Document]:
        return [task.document(self._inflecting) for task in tasks]

    def _finished(self, batch: "_Batch") -> Sequence[Document]:
        if batch.begun is None:
            return batch.made
        if self._helper is None:
            return self._made(batch.tasks)
        try:
            return self._helper.finish(batch.begun)
        except Exception as error:  # noqa: BLE001 — whatever it is, the work can be done here
            _log.warning(_ALONE, _why(error))
            self._helper = None
            return self._made(batch.tasks)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return "it ended" if isinstance(error, EOFError | OSError) else str(error)


@contextmanager
def helped(
    start: Callable[[], Helper] | None, inflecting: Inflecting | None
) -> Iterator[Flattening]:
    """Flattening while a helper runs; without one where none is wanted, or none can be started."""
    with ExitStack() as stack:
        helper = None
        if start is not None:
            try:
                helper = stack.enter_context(start())
            except OSError as error:
                _log.warning(_ALONE, error)
        yield Flattening(inflecting, helper)


class _Batch(Struct, frozen=True):
    """A batch that waits: made here, or begun by the helper."""

    tasks: Tasks
    begun: "Future[Sequence[Document]] | None"
    made: Sequence[Document]

    @property
    def is_done(self) -> bool:
        """Whether its documents are there."""
        return self.begun is None or self.begun.done()
