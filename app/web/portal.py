"""What a web process holds: settings, archive, engine, templates. Made by ``main``."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from anyio import CapacityLimiter
from litestar import Request
from litestar.connection import ASGIConnection
from msgspec import Struct

from app.archive.reading import ConversationReader
from app.archive.writer import HookWriter
from app.conversations.model import moment
from app.hook_address import HookTokens, hook_url
from app.search.engine import SearchEngine
from app.search.inflected import Inflecting
from app.settings import Settings
from app.web.shell import THEMES, Frame
from app.web.templating import Templates

THEME_COOKIE: Final = "theme"
AnyRequest = Request[Any, Any, Any]


class Portal(Struct, frozen=True):
    """Everything that routes need; one value a process.

    ``engine`` answers searches; ``successor`` is the one that the settings name, nearly always the
    same; ``inflecting`` knows the forms of a query's words. What only asks the archive goes through
    ``limiter``, what asks the engine through ``search_limiter``: an engine that hangs must not hold
    up timelines.
    """

    settings: Settings
    reader: ConversationReader
    writer: HookWriter
    engine: SearchEngine
    successor: SearchEngine
    inflecting: Inflecting | None
    tokens: HookTokens
    templates: Templates
    limiter: CapacityLimiter
    search_limiter: CapacityLimiter
    started: datetime

    def hook_url(self) -> str:
        """The newest address of the hook; it is a secret."""
        return hook_url(self.settings.base_url, self.tokens.ensure())

    def with_archive(self, frame: Frame) -> Frame:
        """A frame with what only the archive knows: when the last hook came, what is unread."""
        _, last_ms = self.reader.hooks.newest()
        return msgspec.structs.replace(
            frame,
            last_hook=None if last_ms is None else moment(last_ms),
            quarantined=self.reader.state.quarantined(),
        )

    def frame(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Frame:
        """What a request brings along for the shell; the archive is not asked."""
        theme = connection.cookies.get(THEME_COOKIE, "")
        query = connection.scope.get("query_string", b"").decode("latin-1")
        return Frame(
            site=self.settings.base_url,
            address=connection.scope["path"] + (f"?{query}" if query else ""),
            theme=theme if theme in dict(THEMES) else THEMES[0][0],
            zone=self.settings.time_zone,
            last_hook=None,
            now=datetime.now(UTC),
        )


def portal_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Portal:
    """The portal that a request belongs to."""
    portal = connection.app.state.portal
    assert isinstance(portal, Portal)  # noqa: S101 — main puts it there
    return portal


def query_number(connection: ASGIConnection[Any, Any, Any, Any], name: str) -> int | None:
    """The last value of a parameter as a whole number; None for anything else."""
    values = connection.query_params.getall(name, [""])
    return whole_number(str(values[-1]))


def whole_number(text: str) -> int | None:
    """A text as a number of at most nine digits; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def query_lists(connection: ASGIConnection[Any, Any, Any, Any]) -> dict[str, list[str]]:
    """The parameters of a request, each as the list of its values."""
    return {name: connection.query_params.getall(name) for name in connection.query_params}
