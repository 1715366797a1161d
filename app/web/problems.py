"""Errors to answers: a page for people, an RFC 9457 problem for the API, one status for both."""

import logging
import sqlite3
import traceback
from http import HTTPStatus
from typing import Any, Final

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException
from msgspec import Struct

from app.errors import EngineError, NotBuiltError, NotDurableError
from app.language import gettext as _
from app.language import marked
from app.search.parameters import SearchQuery
from app.web.access import answers_everybody
from app.web.behind_view import filling_sentence
from app.web.links import conversation_url, search_url
from app.web.portal import Portal, portal_of, query_lists
from app.web.problem import PROBLEM_TYPE, Problem
from app.web.result_view import visitor_name
from app.web.search_view import Form, search_form
from app.web.shell import Frame, Shell, shell
from app.web.wording import Stamp, moment

LATEST: Final = 5
"""Conversations that the page names while search is away."""
_log = logging.getLogger(__name__)


class Latest(Struct, frozen=True):
    """A conversation straight from the archive."""

    name: str
    url: str
    began: Stamp


class ProblemPage(Struct, frozen=True):
    """The page of an error; ``form`` only where the search box helps."""

    shell: Shell
    heading: str
    detail: str
    code: str
    form: Form | None = None
    again_url: str = ""
    latest: tuple[Latest, ...] = ()


class MissingError(Exception):
    """There is no such page or conversation; the text says which."""


_AWAY: Final = marked(
    "The search engine does not answer. Nothing is lost: conversations keep arriving and are "
    "stored, and every link to a conversation still opens."
)
_NOT_BUILT: Final = (
    marked("Search is not ready yet"),
    marked(
        "Its index is being built, by itself. Nothing is lost: conversations keep arriving and "
        "are stored, and every link to a conversation opens."
    ),
)
_NOT_STORED: Final = (
    marked("This could not be stored"),
    marked("The archive cannot be written, so nothing of it was kept. The log says why."),
)
_WORDS: Final = {
    HTTPStatus.BAD_REQUEST: (
        marked("This request cannot be read"),
        marked("Its address or form is broken."),
    ),
    HTTPStatus.NOT_FOUND: (
        marked("There is no such page"),
        marked("The address leads nowhere in the portal."),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        marked("This address does not take that"),
        marked("The page exists, but not for this kind of request."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (marked("Search is away at the moment"), _AWAY),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        marked("The portal made a mistake"),
        marked("This page could not be made. The log says where it failed."),
    ),
}


def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The answer to any error that a handler or the router raised."""
    status, heading, detail = _explain(error)
    if isinstance(error, NotBuiltError):
        detail = f"{detail} {_progress(portal_of(request))}".strip()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s %s: %s", status.value, type(error).__name__, _safe(error))
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = "5"
    path = request.scope["path"]
    if answers_everybody(path):
        text = f"{heading}.\n"
        return Response(text, media_type=MediaType.TEXT, status_code=status, headers=headers)
    if path.startswith("/api/"):
        problem = Problem(heading, status.value, detail)
        return Response(problem, media_type=PROBLEM_TYPE, status_code=status, headers=headers)
    html = _page(request, status, heading, detail, away=isinstance(error, EngineError))
    return Response(html, media_type=MediaType.HTML, status_code=status, headers=headers)


def _explain(error: Exception) -> tuple[HTTPStatus, str, str]:
    if isinstance(error, MissingError):
        return HTTPStatus.NOT_FOUND, _(_WORDS[HTTPStatus.NOT_FOUND][0]), str(error)
    if isinstance(error, NotBuiltError):
        return _told(HTTPStatus.SERVICE_UNAVAILABLE, _NOT_BUILT)
    if isinstance(error, EngineError):
        return _told(HTTPStatus.SERVICE_UNAVAILABLE, _WORDS[HTTPStatus.SERVICE_UNAVAILABLE])
    if isinstance(error, NotDurableError):
        return _told(HTTPStatus.SERVICE_UNAVAILABLE, _NOT_STORED)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _WORDS:
        return status, status.phrase, status.description or status.phrase
    return _told(status, _WORDS.get(status, _WORDS[HTTPStatus.INTERNAL_SERVER_ERROR]))


def _progress(portal: Portal) -> str:
    """How far the index is that is being built; empty while nobody can say."""
    try:
        return filling_sentence(portal.reader.state.filling())
    except sqlite3.Error:
        return ""


def _told(status: HTTPStatus, words: tuple[str, str]) -> tuple[HTTPStatus, str, str]:
    heading, detail = words
    return status, _(heading), _(detail)


def _safe(error: Exception) -> str:
    """What the log may say: our own errors hold no words, of others only where they arose."""
    if isinstance(error, EngineError | NotDurableError):
        return str(error)
    return "".join(traceback.format_tb(error.__traceback__))


def _page(
    request: Request[Any, Any, Any], status: HTTPStatus, heading: str, detail: str, *, away: bool
) -> str:
    portal = portal_of(request)
    query = SearchQuery.from_params(query_lists(request), portal.settings.time_zone)
    page = ProblemPage(
        shell=shell(_frame(portal, request), heading, section="search"),
        heading=heading,
        detail=detail,
        code=f"{status.value} {status.phrase.lower().replace(' ', '-')}",
        form=search_form(query),
        again_url=search_url(query) if away else "",
        latest=_latest(portal) if away else (),
    )
    return portal.templates.render("problem.html", page)


def _frame(portal: Portal, request: Request[Any, Any, Any]) -> Frame:
    """The frame of a page, also while the archive cannot be read."""
    try:
        return portal.with_archive(portal.frame(request))
    except sqlite3.Error:
        return portal.frame(request)


def _latest(portal: Portal) -> tuple[Latest, ...]:
    try:
        found = list(portal.reader.read_all(portal.reader.state.latest(LATEST)))
    except sqlite3.Error:
        return ()
    return tuple(
        Latest(
            visitor_name(archived.conversation),
            conversation_url(archived.conversation.id),
            moment(archived.conversation.begin, portal.settings.time_zone),
        )
        for archived in found
    )
