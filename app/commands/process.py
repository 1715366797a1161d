"""The processes that the supervisor starts: ``process web`` and ``process indexer``.

Each ends when its leash does: the pipe closes when the supervisor is gone, however it went. A
hangup is for the supervisor alone. The supervisor of an older release may start these: kinds and
options stay. While it fills an index, the indexer starts ``process helper``.
"""

import importlib
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import click

from app.commands.draining import DrainingServer
from app.commands.trial import Trial
from app.front import create_front_door
from app.settings import Settings

if TYPE_CHECKING:  # a web process must not wait for the engine
    from app.indexer import Indexer

LAST_MOMENT: Final = 5.0
"""Seconds to end in order after the supervisor is gone."""
BEHIND_OTHERS: Final = 5
"""How much nicer a helper is than the processes that take hooks and answer searches."""


@click.group(hidden=True)
def process() -> None:
    """What the supervisor starts."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _descriptors(command: Callable[..., Any]) -> Callable[..., Any]:
    for name in ("--leash", "--listener", "--ready"):
        command = click.option(name, type=int, required=True)(command)
    return click.pass_obj(command)


@process.command()
@_descriptors
@click.option("--trial", is_flag=True, help="Accept nobody before the pages answer.")
def web(settings: Settings, leash: int, listener: int, ready: int, *, trial: bool) -> None:
    """Serve pages, API and hooks on the supervisor's socket."""
    _end_with(leash, lambda: os.kill(os.getpid(), signal.SIGTERM))
    front_door = create_front_door(settings)
    front_door.when_loaded(lambda: _say_ready(ready))  # hooks are taken before
    app = Trial(front_door) if trial else front_door
    server = DrainingServer(app, longest_request=settings.hook_deadline)
    server.run(sockets=[socket.socket(fileno=listener)])


@process.command()
@_descriptors
def indexer(settings: Settings, leash: int, listener: int, ready: int) -> None:
    """Keep the index up to date."""
    os.close(listener)
    keeper: Indexer = importlib.import_module("app.main").create_indexer(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: keeper.stop())
    _end_with(leash, keeper.stop)
    _say_ready(ready)
    keeper.run()


@process.command()
@click.option("--pipe", type=int, required=True)
@click.pass_obj
def helper(settings: Settings, pipe: int) -> None:
    """Flatten conversations for the indexer that started this; where it may, behind all others."""
    with suppress(OSError):  # a service can be forbidden to
        os.nice(BEHIND_OTHERS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    importlib.import_module("app.main").run_helper(settings, pipe)


def _say_ready(descriptor: int) -> None:
    os.write(descriptor, b"1")
    os.close(descriptor)


def _end_with(leash: int, end: Callable[[], None]) -> None:
    """End this process when the leash is let go; by force when it does not end in order."""

    def hold() -> None:
        os.read(leash, 1)
        end()
        threading.Event().wait(LAST_MOMENT)
        os._exit(1)

    threading.Thread(target=hold, name="leash", daemon=True).start()
