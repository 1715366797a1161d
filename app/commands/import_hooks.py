"""``portal import``: payloads from files into the archive, as if each had been posted."""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
    number = 0
    try:
        with _opened(name) as file:
            while line := file.readline(most + 2):
                number += 1
                payload = line.rstrip(b"\r\n")
                if len(payload) > most:
                    _skip_rest(line, file)
                    told = f"{name}, line {number}: longer than {most:,} bytes, left out."
                    click.echo(told, err=True)
                elif payload:
                    yield payload
    except (OSError, EOFError, zlib.error) as error:
        raise click.ClickException(f"{name}: {error} (behind line {number})") from error


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """A file of payloads, unpacked when it is gzipped; - is standard input."""
    with ExitStack() as opened:
        raw = sys.stdin.buffer if name == "-" else opened.enter_context(Path(name).open("rb"))
        buffered = io.BufferedReader(cast("io.RawIOBase", raw))
        if buffered.peek(len(_GZIP))[: len(_GZIP)] == _GZIP:
            yield cast("BinaryIO", opened.enter_context(gzip.open(buffered)))
        else:
            yield cast("BinaryIO", buffered)


def _skip_rest(line: bytes, file: BinaryIO) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(1024 * 1024)
