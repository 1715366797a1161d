"""The processes that the supervisor starts: ``process web`` and ``process indexer``.

Each ends when its leash does: the pipe closes when the supervisor is gone, however it went.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any, Final

import click
import uvicorn

from app.main import create_app, create_indexer
from app.settings import Settings

LAST_MOMENT: Final = 5.0
"""Seconds to end in order after the supervisor is gone."""
GRACE: Final = 10
"""Seconds that running requests may take to end."""
KEEP_ALIVE: Final = 5
"""Seconds that an idle connection of a browser stays open."""


@click.group(hidden=True)
def process() -> None:
    """What the supervisor starts."""


def _descriptors(command: Callable[..., Any]) -> Callable[..., Any]:
    for name in ("--leash", "--listener", "--ready"):
        command = click.option(name, type=int, required=True)(command)
    return click.pass_obj(command)


@process.command()
@_descriptors
def web(settings: Settings, leash: int, listener: int, ready: int) -> None:
    """Serve pages, API and hooks on the supervisor's socket."""
    _end_with(leash, lambda: os.kill(os.getpid(), signal.SIGTERM))
    config = uvicorn.Config(
        create_app(settings),
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )
    _Server(config, ready).run(sockets=[socket.socket(fileno=listener)])


class _Server(uvicorn.Server):
    """uvicorn that tells the supervisor when it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready: int) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _say_ready(self._ready)


@process.command()
@_descriptors
def indexer(settings: Settings, leash: int, listener: int, ready: int) -> None:
    """Keep the index up to date."""
    os.close(listener)
    keeper = create_indexer(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: keeper.stop())
    _end_with(leash, keeper.stop)
    _say_ready(ready)
    keeper.run()


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
