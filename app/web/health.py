"""Whether the process lives, and whether it can do its work. They answer everybody."""

import sqlite3
from typing import Any

from anyio import to_thread
from litestar import MediaType, Request, Response, get
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from app.errors import EngineError
from app.web.portal import Portal, portal_of


class Ready(Struct, frozen=True):
    """What works: ``ready`` only when everything does. It names no conversation."""

    ready: bool
    archive: str
    search: str
    behind: int | None


@get("/livez", media_type=MediaType.TEXT, include_in_schema=False, sync_to_thread=False)
def livez() -> str:
    """The process answers."""
    return "alive\n"


@get(
    "/readyz",
    summary="Is the portal ready?",
    tags=["health"],
    responses={503: ResponseSpec(Ready, description="Archive or search does not work.")},
)
async def readyz(request: Request[Any, Any, Any]) -> Response[Ready]:
    """Whether archive and search work; 503 when one does not."""
    portal = portal_of(request)
    ready = await to_thread.run_sync(_look, portal, limiter=portal.search_limiter)
    return Response(ready, status_code=200 if ready.ready else 503)


def _look(portal: Portal) -> Ready:
    archive, search, behind = "ok", "ok", None
    try:
        behind = portal.reader.behind().conversations
    except sqlite3.Error as error:
        archive = f"The archive cannot be read: {error}."
    try:
        portal.successor.check()
    except EngineError as error:
        search = str(error)
    return Ready(archive == search == "ok", archive, search, behind)
