"""What answers first: hooks at once, behind the gate everything else once it is loaded.

Loading the web framework and the engine takes most of a start. A hook is never repeated, so it
does not wait for that; and where the site cannot be loaded, hooks are taken all the same. This
module must never import either.
"""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol, cast

from app.archive.writer import HookWriter
from app.hook_address import HookTokens
from app.page_password import PagePassword
from app.settings import Settings
from app.web.access import Gate, is_hook
from app.web.intake import HookDoor
from app.web.plain_answer import send_answer

if TYPE_CHECKING:
    from litestar.types import Message, Receive, Scope, Send

LOAD_AGAIN_AFTER: Final = 10.0
"""Seconds after which pages that could not be loaded are tried again."""
_NOT_LOADED: Final = (
    b"The pages could not be loaded; the log says why. Hooks are taken all the same.\n"
)
_log = logging.getLogger(__name__)


class Site(Protocol):
    """Pages, API and health checks."""

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""

    def close(self) -> None:
        """Let go of the archive."""


class FrontDoor:
    """The application of one web process; ``load`` makes the site and may take its time."""

    def __init__(
        self,
        settings: Settings,
        tokens: HookTokens,
        writer: HookWriter,
        password: PagePassword,
        load: Callable[[], Site],
    ) -> None:
        self._door = HookDoor(settings, tokens, writer)
        self._gate = Gate(self._show, settings, password)
        self._writer, self._load = writer, load
        self._site: Site | None = None
        self._tried = asyncio.Event()
        self._when_loaded: Callable[[], None] = lambda: None

    def when_loaded(self, call: Callable[[], None]) -> None:
        """Have something called once the pages answer; never when they cannot be loaded."""
        self._when_loaded = call

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one connection, or the server's own start and end."""
        if str(scope["type"]) == "lifespan":
            await self._live(receive, send)
        elif is_hook(scope["path"]):
            await self._door(scope, receive, send)
        else:
            await self._gate(scope, receive, send)

    async def _show(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        await self._tried.wait()
        if self._site is None:
            await send_answer(
                send, HTTPStatus.SERVICE_UNAVAILABLE, b"text/plain; charset=utf-8", _NOT_LOADED
            )
        else:
            await self._site(scope, receive, send)

    async def _live(self, receive: "Receive", send: "Send") -> None:
        """From the server's start to its end: load, then let go of everything."""
        await receive()
        loading = asyncio.create_task(self._load_until_it_works())
        await send(cast("Message", {"type": "lifespan.startup.complete"}))
        await receive()
        await self._tried.wait()
        loading.cancel()
        await asyncio.to_thread(self._writer.close)
        if self._site is not None:
            self._site.close()
        await send(cast("Message", {"type": "lifespan.shutdown.complete"}))

    async def _load_until_it_works(self) -> None:
        while True:
            loading = asyncio.create_task(asyncio.to_thread(self._load))
            await asyncio.wait([loading])
            if loading.exception() is None:
                break
            _log.error("The pages cannot be loaded.", exc_info=loading.exception())
            self._tried.set()
            await asyncio.sleep(LOAD_AGAIN_AFTER)
        self._site = loading.result()
        self._tried.set()
        self._when_loaded()
