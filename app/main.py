"""The composition root: the only place that knows which engine, which file, which secret.

Nothing runs at import. ``create_app`` makes the application of one web process,
``create_indexer`` the indexer, both from the same settings.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

from anyio import CapacityLimiter
from litestar import Litestar, Router, get
from litestar.datastructures import CacheControlHeader, State
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import File
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp

from app.archive.reading import ConversationReader
from app.archive.writer import HookWriter
from app.hook_address import HookTokens
from app.indexer import Indexer
from app.page_password import PagePassword
from app.search.embedded import EmbeddedEngine
from app.search.engine import Engine
from app.settings import Settings
from app.web.access import Gate
from app.web.api import api
from app.web.health import livez, readyz
from app.web.intake import hook_route
from app.web.pages import pages
from app.web.portal import Portal
from app.web.problems import answer_problem
from app.web.quarantine import quarantine
from app.web.templating import STATIC, Templates

VERSION: Final = "0.1.0"
MOST_AT_ONCE: Final = 8
"""Searches and archive reads of one web process at a time; others wait in line."""
KEEP_STATIC: Final = 365 * 24 * 3600
"""Seconds that browsers keep a static file; its address changes with its content."""


def create_engine(settings: Settings) -> Engine:
    """The search engine that the settings name."""
    return EmbeddedEngine(settings.data_dir / "index")


def create_indexer(settings: Settings) -> Indexer:
    """The indexer of the settings' data folder."""
    return Indexer(settings.data_dir, create_engine(settings))


def create_portal(settings: Settings) -> Portal:
    """What a web process holds; the hook writer's thread runs from here on."""
    return Portal(
        settings=settings,
        writer=HookWriter(settings.data_dir),
        reader=ConversationReader(settings.data_dir),
        engine=create_engine(settings),
        tokens=HookTokens(settings.data_dir),
        templates=Templates(),
        limiter=CapacityLimiter(MOST_AT_ONCE),
        started=datetime.now(UTC),
    )


def create_app(settings: Settings) -> ASGIApp:
    """The application of one web process. The data folder must exist."""
    portal = create_portal(settings)

    @asynccontextmanager
    async def closing(_app: Litestar) -> AsyncIterator[None]:
        yield
        portal.writer.close()
        portal.reader.close()

    app = Litestar(
        route_handlers=[
            *(pages, quarantine, api),
            *(livez, readyz, favicon, _static(), hook_route(portal)),
        ],
        state=State({"portal": portal}),
        lifespan=[closing],
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
    return Gate(app, settings, PagePassword(settings.data_dir, settings.password))


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
