"""``portal serve``: makes what is missing, prints the addresses, watches over the processes."""

import importlib
import logging
import os
import signal
import socket
from datetime import UTC, datetime

import click

from app.archive.hooks import HookReader
from app.archive.schema import prepare
from app.archive.writer import HookWriter
from app.data_folder import ServingLock, make
from app.demo import fill
from app.demo.sample import sample_line
from app.hook_address import HookTokens, hook_url
from app.listening import inherited, listen
from app.page_password import PagePassword
from app.settings import Settings, is_every_address, is_loopback, unknown_names
from app.supervisor import Supervisor, portal_command

_log = logging.getLogger(__name__)


@click.command()
@click.option("--demo", is_flag=True, help="Fill an empty archive with invented conversations.")
@click.pass_obj
def serve(settings: Settings, *, demo: bool) -> None:
    """Serve the portal until SIGTERM or Ctrl-C."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to replace
    for name in unknown_names(os.environ):
        _log.warning("%s is no setting of the portal; it is left alone.", name)
    if settings.group_languages or not isinstance(settings.languages, bool):
        importlib.import_module("app.main").group_languages(settings)
    listener = inherited(os.environ)
    if listener is not None:
        settings = _listening_on(listener)
    make(settings.data_dir)
    lock = ServingLock(settings.data_dir)
    lock.acquire()
    prepare(settings.data_dir)
    if demo:
        _fill_if_empty(settings)
    made = _password_made(settings)
    address = hook_url(settings.base_url, HookTokens(settings.data_dir).ensure())
    listener = listener or listen(settings.host, settings.port)
    page = _address_here(settings)

    def announce() -> None:
        click.echo(f"Page: {page}/")
        click.echo(f"Hook: {address}")
        if made:
            click.echo(f"Password: {made} (any user name; `portal password` shows it again)")
        click.echo("Try:")
        click.echo(sample_line(address, datetime.now(UTC)))

    Supervisor(listener, settings.workers, portal_command).run(announce)


def _address_here(settings: Settings) -> str:
    """The pages' address for people on this machine: nobody can open one that means every host."""
    host = "localhost" if is_every_address(settings.host) else settings.host
    return Settings(host=host, port=settings.port).base_url


def _listening_on(listener: socket.socket) -> Settings:
    """The settings with the address of a socket that was handed over, for the children too.

    It decides who may look, so it must pass as ``PORTAL_HOST`` does.
    """
    host, port = listener.getsockname()[:2]
    os.environ |= {"PORTAL_HOST": host, "PORTAL_PORT": str(port)}
    return Settings.from_environment(os.environ)


def _password_made(settings: Settings) -> str:
    """The password that had to be made, since people elsewhere can reach the pages; else empty."""
    if is_loopback(settings.host):
        return ""
    password, new = PagePassword(settings.data_dir, settings.password).ensure()
    return password if new else ""


def _fill_if_empty(settings: Settings) -> None:
    """Append the demo conversations when nothing has ever come."""
    if HookReader(settings.data_dir).has_ever_come():
        return
    writer = HookWriter(settings.data_dir)
    try:
        fill(writer)
    finally:
        writer.close()
