"""A conversation to take along: as text, as Markdown, as a quote of some messages, byte for byte.

All of it comes from the archive alone.
"""

from typing import Final

from anyio import to_thread
from litestar import MediaType, Response, Router, get
from litestar.params import FromPath

from app.archive.reading import Archived
from app.language import gettext as _
from app.web.finding import find_conversation
from app.web.links import FIRST, LAST, conversation_url, message_url, numbers_of
from app.web.portal import AnyRequest, Portal, portal_of, query_number, whole_number
from app.web.problems import MissingError
from app.web.quote_view import quote_page
from app.web.shell import Frame, shell
from app.web.transcript import as_markdown, as_quote, as_text

KINDS: Final = {"txt": ("text/plain", as_text), "md": ("text/markdown", as_markdown)}
"""Endings of files, each with its media type and what writes it."""
LONGEST_QUOTE: Final = 500
"""Messages of one quote."""


@get("/raw", include_in_schema=False)
async def show_raw(request: AnyRequest, conversation_id: FromPath[str]) -> Response[bytes]:
    """The hook that the fold chose, byte for byte."""
    archived = await _found(request, conversation_id)
    return Response(archived.chosen.body, media_type=MediaType.JSON)


@get("/raw/{number:str}", include_in_schema=False)
async def show_version(
    request: AnyRequest, conversation_id: FromPath[str], number: FromPath[str]
) -> Response[bytes]:
    """One of the hooks that told of a conversation, byte for byte."""
    archived = await _found(request, conversation_id)
    wanted = whole_number(number)
    for hook in archived.hooks:
        if hook.number == wanted:
            return Response(hook.body, media_type=MediaType.JSON)
    raise MissingError(_("No such hook told of this conversation."))


@get(["/transcript.txt", "/transcript.md"], include_in_schema=False)
async def show_transcript(request: AnyRequest, conversation_id: FromPath[str]) -> Response[bytes]:
    """The conversation as a file of text or Markdown."""
    kind = request.url.path.rpartition(".")[2]
    portal = portal_of(request)
    archived = await _found(request, conversation_id)
    body = await to_thread.run_sync(_transcript, portal, archived, kind, limiter=portal.limiter)
    name = f"conversation-{archived.conversation.id}.{kind}"
    return Response(
        body,
        media_type=KINDS[kind][0],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@get("/quote", media_type=MediaType.HTML, include_in_schema=False)
async def show_quote(request: AnyRequest, conversation_id: FromPath[str]) -> str:
    """Some messages as a text to copy, on a page of its own."""
    portal = portal_of(request)
    archived = await _found(request, conversation_id)
    first, last = _messages(request, archived)
    frame = portal.frame(request)
    return await to_thread.run_sync(
        _quote_html, portal, archived, first, last, frame, limiter=portal.limiter
    )


@get("/quote.txt", include_in_schema=False)
async def show_quote_alone(request: AnyRequest, conversation_id: FromPath[str]) -> Response[bytes]:
    """The same text alone, for the script that copies it."""
    portal = portal_of(request)
    archived = await _found(request, conversation_id)
    first, last = _messages(request, archived)
    text = await to_thread.run_sync(_quote, portal, archived, first, last, limiter=portal.limiter)
    return Response(text.encode(), media_type="text/plain")


async def _found(request: AnyRequest, conversation_id: str) -> Archived:
    portal = portal_of(request)
    return await to_thread.run_sync(
        find_conversation, portal, conversation_id, limiter=portal.limiter
    )


def _messages(request: AnyRequest, archived: Archived) -> tuple[int, int]:
    """The first and the last message that are asked for, both in the conversation."""
    length = len(archived.conversation.messages)
    first = query_number(request, FIRST) or 1
    last = query_number(request, LAST) or first
    first, last = min(first, last), max(first, last)
    if first > length:
        missing = _("The conversation has no message {number}.")
        raise MissingError(missing.format(number=first))
    return first, min(last, length, first + LONGEST_QUOTE - 1)


def _transcript(portal: Portal, archived: Archived, kind: str) -> bytes:
    conversation, (_, write) = archived.conversation, KINDS[kind]
    address = portal.settings.base_url + conversation_url(conversation.id)
    return write(conversation, portal.settings.time_zone, address).encode()


def _quote(portal: Portal, archived: Archived, first: int, last: int) -> str:
    conversation = archived.conversation
    address = portal.settings.base_url + message_url(conversation.id, numbers_of(first, last))
    return as_quote(conversation, portal.settings.time_zone, first, last, address)


def _quote_html(portal: Portal, archived: Archived, first: int, last: int, frame: Frame) -> str:
    text = _quote(portal, archived, first, last)
    page_shell = shell(portal.with_archive(frame), _("Messages to quote"), section="search")
    page = quote_page(page_shell, archived.conversation, first, last, text)
    return portal.templates.render("quote.html", page)


take_along = Router(
    path="/conversations/{conversation_id:str}",
    route_handlers=[show_raw, show_version, show_transcript, show_quote, show_quote_alone],
)
"""What people take along of a conversation."""
