"""The pages: a request to a page value, a page value to HTML."""

from collections.abc import Mapping
from typing import Any, Final

from anyio import to_thread
from litestar import MediaType, Router, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect

from app.archive.requests import REMOVE_DEMO, ask, is_done
from app.conversations.model import moment
from app.demo import fill
from app.errors import EngineError
from app.language import gettext as _
from app.language import marked
from app.search.engine import FACETS, Around
from app.search.parameters import SearchQuery
from app.search.patience import within
from app.web.api_view import api_page
from app.web.facet_page_view import LIKE, facet_page
from app.web.facets_view import facet_view
from app.web.finding import find_conversation, query_of
from app.web.first_run_view import first_run_page
from app.web.help_view import help_page
from app.web.links import (
    EVENTS,
    HIT,
    PART,
    RANGE,
    TIMES,
    WHOLE,
    conversation_url,
    numbers_of,
    search_url,
)
from app.web.portal import (
    THEME_COOKIE,
    AnyRequest,
    Portal,
    portal_of,
    query_lists,
    query_number,
    whole_number,
)
from app.web.problems import MissingError
from app.web.result_view import visitor_name
from app.web.searching import PATIENCE, run_search
from app.web.shell import THEMES, Frame, Notice, shell
from app.web.timeline_place import Wish, part_of
from app.web.timeline_view import Beside, timeline_page
from app.web.walking import GLANCE, around, beside
from app.web.wording import short_day

SEARCH_AWAY: Final = marked(
    "Search does not answer at the moment, so there is no way back to the results; "
    "this conversation comes from the archive."
)
THEME_SECONDS: Final = 365 * 24 * 3600
"""How long a browser keeps the chosen theme."""
REMOVAL_PATIENCE: Final = 10.0
"""Seconds to wait until the demo is gone; the indexer goes on afterwards anyway."""


@get(["/", "/search"], media_type=MediaType.HTML, include_in_schema=False)
async def show_search(request: AnyRequest) -> str | Redirect:
    """The search page; while no hook has ever come, the first-run page.

    What is searched among the conversations of one visitor stands on the visitor's page.
    """
    portal = portal_of(request)
    frame = portal.frame(request)
    query = query_of(request, portal)
    if query.visitor:
        return Redirect(search_url(query.replace(page=query.page)), status_code=303)
    return await to_thread.run_sync(
        _search_html, portal, query, frame, limiter=portal.search_limiter
    )


@get("/search/{name:str}", media_type=MediaType.HTML, include_in_schema=False)
async def show_facet(request: AnyRequest, name: FromPath[str]) -> str:
    """All values of one facet of a search, with a box to narrow them."""
    if name not in FACETS:
        raise MissingError(_("There is no such filter."))
    portal = portal_of(request)
    frame = portal.frame(request)
    query = query_of(request, portal)
    text = request.query_params.get(LIKE, "")
    return await to_thread.run_sync(
        _facet_html, portal, name, query, text, frame, limiter=portal.search_limiter
    )


@get("/conversations/{conversation_id:str}", media_type=MediaType.HTML, include_in_schema=False)
async def show_timeline(request: AnyRequest, conversation_id: FromPath[str]) -> str:
    """The timeline of a conversation, with marks of the search that one came from."""
    portal = portal_of(request)
    frame = portal.frame(request)
    query = query_of(request, portal)
    wish = _wish(request)
    return await to_thread.run_sync(
        _timeline_html, portal, conversation_id, query, wish, frame, limiter=portal.limiter
    )


@get(
    "/conversations/{conversation_id:str}/messages/{number:str}",
    include_in_schema=False,
    status_code=303,
)
async def show_message(
    request: AnyRequest, conversation_id: FromPath[str], number: FromPath[str]
) -> Redirect:
    """The permalink of a message: to its place on the right page, parameters carried along."""
    portal = portal_of(request)
    archived = await to_thread.run_sync(
        find_conversation, portal, conversation_id, limiter=portal.limiter
    )
    wanted = _range(number)
    if wanted is None or wanted[1] > len(archived.conversation.messages):
        raise MissingError(
            _("The conversation has no message {number}.").format(number=number[:40])
        )
    own = {PART, RANGE}
    lists = query_lists(request)
    pairs = [(name, value) for name, values in lists.items() for value in values if name not in own]
    first, last = wanted
    if part_of(first) > 1:
        pairs.append((PART, str(part_of(first))))
    if last > first:
        pairs.append((RANGE, numbers_of(first, last)))
    return Redirect(conversation_url(archived.conversation.id, pairs, first), status_code=303)


@get("/help/search", media_type=MediaType.HTML, include_in_schema=False)
async def show_help(request: AnyRequest) -> str:
    """What can be typed into the search box."""
    portal = portal_of(request)
    frame = portal.frame(request)
    return await to_thread.run_sync(_help_html, portal, frame, limiter=portal.limiter)


@get("/help/api", media_type=MediaType.HTML, include_in_schema=False)
async def show_api(request: AnyRequest) -> str:
    """What programs can ask, from the description that programs read."""
    portal = portal_of(request)
    frame = portal.frame(request)
    described = request.app.openapi_schema.to_schema()
    return await to_thread.run_sync(_api_html, portal, frame, described, limiter=portal.limiter)


@post("/theme", include_in_schema=False, status_code=303)
async def choose_theme(request: AnyRequest) -> Redirect:
    """Remember the theme in a cookie and go back to the page one came from."""
    form = await request.form()
    theme, back = str(form.get("theme", "")), str(form.get("back", "/"))
    chosen = theme if theme in dict(THEMES) else THEMES[0][0]
    local = back.startswith("/") and not back.startswith(("//", "/\\"))
    cookie = Cookie(
        key=THEME_COOKIE,
        value=chosen,
        max_age=THEME_SECONDS,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return Redirect(back if local else "/", cookies=[cookie], status_code=303)


@post("/demo", include_in_schema=False, status_code=303)
async def load_demo(request: AnyRequest) -> Redirect:
    """Fill the archive with the demo conversations, as ``serve --demo`` does; once only."""
    portal = portal_of(request)
    await to_thread.run_sync(_load_demo, portal, limiter=portal.limiter)
    return Redirect("/", status_code=303)


@post("/demo/remove", include_in_schema=False, status_code=303)
async def remove_demo(request: AnyRequest) -> Redirect:
    """Take the demo conversations away, as ``portal demo remove`` does."""
    portal = portal_of(request)
    await to_thread.run_sync(_remove_demo, portal, limiter=portal.limiter)
    return Redirect("/", status_code=303)


def _load_demo(portal: Portal) -> None:
    if portal.reader.hooks.demo_since() is None:
        fill(portal.writer)


def _remove_demo(portal: Portal) -> None:
    number = ask(portal.settings.data_dir, REMOVE_DEMO)
    is_done(portal.reader.state, number, REMOVAL_PATIENCE)


def _search_html(portal: Portal, query: SearchQuery, frame: Frame) -> str:
    frame = portal.with_archive(frame)
    if frame.last_hook is None:
        title = _("Waiting for the first conversation")
        page = first_run_page(
            portal.hook_url(), portal.started, shell(frame, title, section="search"), frame
        )
        return portal.templates.render("first_run.html", page)
    return portal.templates.render(
        "search.html", run_search(portal.engine, portal.reader, query, frame)
    )


def _facet_html(portal: Portal, name: str, query: SearchQuery, text: str, frame: Frame) -> str:
    with within(PATIENCE):
        values = portal.engine.search(query).facets[name]
    facet = facet_view(query, name, values, portal.reader.state.spellings())
    page = facet_page(facet, query, text, portal.with_archive(frame))
    return portal.templates.render("facet.html", page)


def _api_html(portal: Portal, frame: Frame, described: Mapping[str, Any]) -> str:
    page_shell = shell(portal.with_archive(frame), _("The API"), section="help")
    page = api_page(page_shell, portal.settings.base_url, described)
    return portal.templates.render("api.html", page)


def _help_html(portal: Portal, frame: Frame) -> str:
    frame = portal.with_archive(frame)
    loaded = moment(portal.reader.hooks.demo_since() or 0)
    has_demo = portal.reader.hooks.demo_since() is not None
    day = loaded.astimezone(frame.zone).date() if has_demo and loaded else None
    today = frame.now.astimezone(frame.zone).date()
    page_shell = shell(frame, _("Search words"), section="help")
    page = help_page(page_shell, frame.zone, day, today, languages=portal.settings.languages)
    return portal.templates.render("help.html", page)


def _timeline_html(
    portal: Portal, conversation_id: str, query: SearchQuery, wish: Wish, frame: Frame
) -> str:
    frame = portal.with_archive(frame)
    archived = find_conversation(portal, conversation_id)
    conversation = archived.conversation
    day = short_day(conversation.begin.astimezone(frame.zone).date())
    place, searchable = _place(portal, query, conversation.id)
    notices = () if searchable else (Notice(_(SEARCH_AWAY), icon="warn"),)
    title = f"{visitor_name(conversation)}, {day}"
    page_shell = shell(frame, title, section="search", notices=notices, searched=query.canonical)
    panel = beside(portal.reader, conversation, query.zone)
    is_result = searchable and bool(query.to_params())
    page = timeline_page(archived, query, wish, page_shell, Beside(panel, place, is_result))
    return portal.templates.render("timeline.html", page)


def _place(portal: Portal, query: SearchQuery, conversation_id: str) -> tuple[Around | None, bool]:
    """Where a conversation stands among the results one came from, and whether search answers."""
    try:
        if query.to_params():
            return around(portal.engine, portal.reader, query, conversation_id), True
        with within(GLANCE):
            portal.engine.check()
    except EngineError:
        return None, False
    return None, True


def _wish(request: AnyRequest) -> Wish:
    """What the address of a timeline asks for; nonsense is the default."""
    return Wish(
        hit=query_number(request, HIT) or 1,
        part=query_number(request, PART),
        events=request.query_params.get(EVENTS) != "no",
        from_start=request.query_params.get(TIMES) == "start",
        unfolded=query_number(request, WHOLE) or 0,
        chosen=_range(request.query_params.get(RANGE, "")),
    )


def _range(text: str) -> tuple[int, int] | None:
    """The first and last of a range such as ``12-18``, or of one number; None for nonsense."""
    first, dash, last = text.partition("-")
    numbers = whole_number(first), whole_number(last if dash else first)
    if numbers[0] and numbers[1] and numbers[0] <= numbers[1]:
        return numbers[0], numbers[1]
    return None


pages = Router(
    path="/",
    route_handlers=[
        show_search,
        show_facet,
        show_timeline,
        show_message,
        show_help,
        show_api,
        choose_theme,
        load_demo,
        remove_demo,
    ],
)
"""Every page and form of the portal."""
