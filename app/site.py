"""The site: pages, API and health checks, assembled for one web process."""

from datetime import UTC, datetime
from typing import Final

from anyio import CapacityLimiter
from litestar import Litestar, Router, get
from litestar.datastructures import CacheControlHeader, State
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import File
from litestar.static_files import create_static_files_router
from litestar.types import Receive, Scope, Send

from app.archive.reading import ConversationReader
from app.archive.writer import HookWriter
from app.hook_address import HookTokens
from app.main import create_inflecting, create_search_engine
from app.search.succession import Succession
from app.settings import Settings
from app.web.api import api
from app.web.health import livez, readyz
from app.web.pages import pages
from app.web.portal import Portal
from app.web.problems import answer_problem
from app.web.quarantine import quarantine
from app.web.take_along import take_along
from app.web.templating import STATIC, Templates
from app.web.visitors import visitors

VERSION: Final = "0.1.0"
MOST_AT_ONCE: Final = 4
"""Searches and archive reads of one web process at a time; more would only take turns."""
MOST_ON_SERVER: Final = 8
"""Searches of one web process on a server at a time."""
KEEP_STATIC: Final = 365 * 24 * 3600
"""Seconds that browsers keep a static file; its address changes with its content."""


def create_site(settings: Settings, tokens: HookTokens, writer: HookWriter) -> "Site":
    """Everything of a web process that is no hook."""
    limiter = CapacityLimiter(MOST_AT_ONCE)
    engine = create_search_engine(settings)
    return Site(
        Portal(
            settings=settings,
            writer=writer,
            reader=ConversationReader(settings.data_dir),
            engine=engine,
            successor=engine.successor if isinstance(engine, Succession) else engine,
            inflecting=create_inflecting(settings),
            tokens=tokens,
            templates=Templates(),
            limiter=limiter,
            search_limiter=_search_limiter(settings, limiter),
            started=datetime.now(UTC),
        )
    )


def _search_limiter(settings: Settings, limiter: CapacityLimiter) -> CapacityLimiter:
    """The embedded engine works with the same cores as the archive; a server is waited for."""
    return limiter if settings.search_url is None else CapacityLimiter(MOST_ON_SERVER)


class Site:
    """Pages, API and health checks of one portal."""

    def __init__(self, portal: Portal) -> None:
        self._reader = portal.reader
        self._app = _litestar(portal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._app(scope, receive, send)

    def close(self) -> None:
        """Close the connections to the archive."""
        self._reader.close()


def _litestar(portal: Portal) -> Litestar:
    return Litestar(
        route_handlers=[
            pages,
            take_along,
            visitors,
            quarantine,
            api,
            livez,
            readyz,
            favicon,
            _static(),
        ],
        state=State({"portal": portal}),
        exception_handlers={Exception: answer_problem},
        openapi_config=OpenAPIConfig(
            title="Transcript Portal",
            version=VERSION,
            description="Search conversations and read them.",
            path="/openapi.json",
            render_plugins=[JsonRenderPlugin(path="/")],
            use_handler_docstrings=True,
        ),
        logging_config=None,
    )


@get("/favicon.ico", include_in_schema=False, sync_to_thread=False)
def favicon() -> File:
    """The portal's mark."""
    return File(
        STATIC / "favicon.ico", media_type="image/x-icon", content_disposition_type="inline"
    )


def _static() -> Router:
    return create_static_files_router(
        path="/static",
        directories=[STATIC],
        cache_control=CacheControlHeader(max_age=KEEP_STATIC, immutable=True),
    )
