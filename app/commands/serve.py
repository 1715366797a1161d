"""``portal serve``: makes what is missing, prints the addresses, watches over the processes."""

import logging
import os
from datetime import UTC, datetime

import click

from app.archive.hooks import HookReader
from app.archive.schema import prepare
from app.archive.writer import HookWriter
from app.data_folder import ServingLock, make
from app.demo import fill
from app.demo.sample import sample_line
from app.hook_address import HookTokens, hook_url
from app.settings import Settings, unknown_names
from app.supervisor import Supervisor, listen, portal_command

_log = logging.getLogger(__name__)


@click.command()
@click.option("--demo", is_flag=True, help="Fill an empty archive with invented conversations.")
@click.pass_obj
def serve(settings: Settings, *, demo: bool) -> None:
    """Serve the portal until SIGTERM or Ctrl-C."""
    for name in unknown_names(os.environ):
        _log.warning("%s is no setting of the portal; it is left alone.", name)
    make(settings.data_dir)
    lock = ServingLock(settings.data_dir)
    lock.acquire()
    prepare(settings.data_dir)
    if demo:
        _fill_if_empty(settings)
    address = hook_url(settings.base_url, HookTokens(settings.data_dir).ensure())
    listener = listen(settings.host, settings.port)
    page = Settings(host=settings.host, port=settings.port).base_url

    def announce() -> None:
        click.echo(f"Page: {page}/")
        click.echo(f"Hook: {address}")
        click.echo("Try:")
        click.echo(sample_line(address, datetime.now(UTC)))

    Supervisor(listener, settings.workers, portal_command).run(announce)


def _fill_if_empty(settings: Settings) -> None:
    """Append the demo conversations when nothing has ever come."""
    if HookReader(settings.data_dir).newest()[0]:
        return
    writer = HookWriter(settings.data_dir)
    try:
        fill(writer)
    finally:
        writer.close()
