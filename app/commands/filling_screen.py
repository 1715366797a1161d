"""What a person sees while an index is built: a bar on a terminal, nothing where there is none."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.archive.state_reader import StateReader


class FillingScreen:
    """Used as a context: the bar stands while it is open, once the building has begun."""

    def __init__(self, state: StateReader) -> None:
        self._state = state
        self._progress = Progress(
            TextColumn("Conversations"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task("", visible=False)

    def show(self) -> None:
        """Look how far it is."""
        filling = self._state.filling()
        if filling is not None:
            self._progress.update(
                self._task, completed=filling.done, total=filling.of, visible=True
            )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._progress.stop()
