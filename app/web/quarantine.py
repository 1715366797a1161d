"""The pages and forms of the quarantine."""

from anyio import to_thread
from litestar import MediaType, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.archive.hooks import Hook
from app.archive.requests import REPLAY, ask, is_done
from app.archive.state import Unread
from app.language import gettext as _
from app.web.links import FROM_BYTE, QUARANTINE
from app.web.portal import AnyRequest, Portal, portal_of, query_number, whole_number
from app.web.problems import MissingError
from app.web.quarantine_view import PER_PAGE, bytes_page, quarantine_page, quarantined_hook
from app.web.shell import Frame, shell
from app.web.wording import whole

PATIENCE = 5.0
"""Seconds to wait until the indexer has read again; it goes on afterwards anyway."""


@get(QUARANTINE, media_type=MediaType.HTML, include_in_schema=False)
async def show_quarantine(request: AnyRequest) -> str:
    """The hooks that could not be read, with the reason of each."""
    portal = portal_of(request)
    page = query_number(request, "page") or 1
    left = query_number(request, "left")
    return await to_thread.run_sync(
        _page_html, portal, portal.frame(request), page, left, limiter=portal.limiter
    )


@get(f"{QUARANTINE}/{{number:str}}", media_type=MediaType.HTML, include_in_schema=False)
async def show_bytes(request: AnyRequest, number: FromPath[str]) -> str:
    """The bytes of one hook in quarantine, safe to look at."""
    portal = portal_of(request)
    offset = query_number(request, FROM_BYTE) or 0
    return await to_thread.run_sync(
        _bytes_html, portal, portal.frame(request), number, offset, limiter=portal.limiter
    )


@get(f"{QUARANTINE}/{{number:str}}/bytes", include_in_schema=False)
async def download_bytes(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """The bytes of one hook in quarantine as a file that no browser opens by itself."""
    portal = portal_of(request)
    _entry, hook = await to_thread.run_sync(_find, portal, number, limiter=portal.limiter)
    return Response(
        hook.body,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="hook-{hook.number}.bin"'},
    )


@post(f"{QUARANTINE}/replay", include_in_schema=False, status_code=303)
async def replay(request: AnyRequest) -> Redirect:
    """Read one hook again, or all; what can be read now leaves the quarantine."""
    portal = portal_of(request)
    form = await request.form()
    subject = str(form.get("hook", ""))
    if subject and whole_number(subject) is None:
        raise MissingError(_("There is no such hook in quarantine."))
    left = await to_thread.run_sync(_replay, portal, subject, limiter=portal.limiter)
    return Redirect(f"{QUARANTINE}?left={left}", status_code=303)


def _replay(portal: Portal, subject: str) -> int:
    """Ask for a replay and wait for it; returns how many hooks are in quarantine then."""
    number = ask(portal.settings.data_dir, REPLAY, subject)
    is_done(portal.reader.state, number, PATIENCE)
    return portal.reader.state.quarantined()


def _page_html(portal: Portal, frame: Frame, page: int, left: int | None) -> str:
    state = portal.reader.state
    entries = [
        (unread, hook, state.conversation_of(unread.hook))
        for unread in state.quarantine_page(PER_PAGE, (page - 1) * PER_PAGE)
        for hook in portal.reader.hooks.hooks([unread.hook])
    ]
    done = ""
    if left is not None:
        done = _("Read again. {number} could still not be read.").format(number=whole(left))
    page_shell = shell(portal.with_archive(frame), _("Quarantine"), section="quarantine")
    value = quarantine_page(page_shell, entries, state.quarantined(), page, frame.zone, done=done)
    return portal.templates.render("quarantine.html", value)


def _bytes_html(portal: Portal, frame: Frame, number: str, offset: int) -> str:
    entry, hook = _find(portal, number)
    title = _("Hook {number} in quarantine").format(number=whole(hook.number))
    conversation = portal.reader.state.conversation_of(hook.number)
    page = bytes_page(
        shell(portal.with_archive(frame), title, section="quarantine"),
        quarantined_hook(entry, hook, conversation, frame.zone),
        hook.body,
        offset,
    )
    return portal.templates.render("quarantined.html", page)


def _find(portal: Portal, text: str) -> tuple[Unread, Hook]:
    """A hook in quarantine. Raises ``MissingError`` when there is none of this number."""
    number = whole_number(text)
    entry = None if number is None else portal.reader.state.in_quarantine(number)
    found = () if entry is None else portal.reader.hooks.hooks([entry.hook])
    if entry is None or not found:
        raise MissingError(_("There is no such hook in quarantine."))
    return entry, found[0]


quarantine = Router(path="/", route_handlers=[show_quarantine, show_bytes, download_bytes, replay])
"""Everything under /quarantine."""
