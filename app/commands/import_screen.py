"""What a person sees of an import: lines, and on a terminal the progress below them.

The progress goes to standard error and vanishes at the end; where that is no terminal, only the
lines are written. This module must never write a word of a payload.
"""

import sys
from typing import Final

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

NAME_WIDTH: Final = 24
"""Columns of the terminal for the name of a file."""


class _PayloadSpeed(ProgressColumn):
    """Payloads a second since the start."""

    def render(self, task: Task) -> Text:
        """The column's text."""
        speed = task.fields["payloads"] / (task.elapsed or 1)
        return Text(f"{speed:,.0f} payloads/s", "progress.data.speed")


class Screen:
    """Used as a context: the progress stands while it is open."""

    def __init__(self, size: int | None) -> None:
        """``size``: bytes that there are to read; None when nobody knows."""
        self._is_live = sys.stderr.isatty()
        self._progress = Progress(
            TextColumn(
                "{task.description}",
                markup=False,
                table_column=Column(no_wrap=True, overflow="ellipsis", max_width=NAME_WIDTH),
            ),
            BarColumn(),
            DownloadColumn(table_column=Column(no_wrap=True)),
            _PayloadSpeed(table_column=Column(no_wrap=True)),
            TimeRemainingColumn(table_column=Column(no_wrap=True)),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not self._is_live,
        )
        self._task = self._progress.add_task("", total=size, payloads=0)
        self.payloads = 0
        """How many were taken until now."""

    def __enter__(self) -> "Screen":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, name: str, size: int) -> None:
        """So many further bytes of a file were read."""
        if self._is_live:
            shown = click.format_filename(name, shorten=True)
            self._progress.update(
                self._task, description=shown, advance=size, payloads=self.payloads
            )

    def say(self, line: str) -> None:
        """A line of the result."""
        if self._is_live and sys.stdout.isatty():
            self._print(line)
        else:
            click.echo(line)

    def tell(self, line: str) -> None:
        """A line about something that went wrong."""
        if self._is_live:
            self._print(line)
        else:
            click.echo(line, err=True)

    def _print(self, line: str) -> None:
        """Above the progress, which shares the terminal."""
        self._progress.console.print(
            line, markup=False, highlight=False, emoji=False, soft_wrap=True
        )
