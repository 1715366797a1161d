"""``portal import``: payloads from files into the archive, as if each had been posted."""

import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

import click

from app.archive.schema import prepare
from app.archive.writer import HookWriter
from app.data_folder import make
from app.settings import Settings

_GZIP: Final = b"\x1f\x8b"


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…|-")
@click.pass_obj
def import_hooks(settings: Settings, files: tuple[str, ...]) -> None:
    """Take in NDJSON: one payload a line, also gzipped; - is standard input.

    What was there already is left as it is, so that an import can be repeated.
    """
    make(settings.data_dir)
    prepare(settings.data_dir)
    writer = HookWriter(settings.data_dir)
    try:
        for name in files:
            came, repeated = writer.append_all(_lines(name, settings), origin="import")
            click.echo(f"{name}: {came:,} payloads, {came - repeated:,} of them new.")
    finally:
        writer.close()


def _lines(name: str, settings: Settings) -> Iterator[bytes]:
    """The payloads of one file; a line that is too long is told and left out."""
    most = settings.hook_max_bytes
    try:
        with _open(name) as file:
            number = 0
            while line := file.readline(most + 2):
                number += 1
                whole = line.endswith(b"\n") or len(line) <= most
                if not whole:
                    _skip_line(file)
                    click.echo(
                        f"{name}, line {number}: longer than {most:,} bytes, left out.", err=True
                    )
                elif payload := line.rstrip(b"\r\n"):
                    yield payload
    except (OSError, EOFError) as error:
        raise click.ClickException(f"{name}: {error}") from error


def _open(name: str) -> BinaryIO:
    raw = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115
    buffered = io.BufferedReader(cast("io.RawIOBase", raw))
    if buffered.peek(2)[:2] == _GZIP:
        return cast("BinaryIO", gzip.open(buffered))
    return cast("BinaryIO", buffered)


def _skip_line(file: BinaryIO) -> None:
    while chunk := file.readline(1024 * 1024):
        if chunk.endswith(b"\n"):
            return
