"""The history of a visitor: from a request to the page. Without an engine it comes whole."""

from typing import Final

from anyio import to_thread
from litestar import MediaType, Router, get
from litestar.params import FromPath

from app.conversations.model import moment
from app.errors import EngineError
from app.language import gettext as _
from app.language import marked
from app.search.engine import Results
from app.search.parameters import SearchQuery, Sort
from app.search.patience import within
from app.web.finding import query_of
from app.web.pager_view import page_count
from app.web.portal import AnyRequest, Portal, portal_of
from app.web.problems import MissingError
from app.web.search_view import query_notices
from app.web.searching import PATIENCE
from app.web.shell import Frame, Notice, shell
from app.web.visitor_panel import MOST_RELATED
from app.web.visitor_view import PER_PAGE, History, history_name, is_narrowed, visitor_page
from app.web.walking import GLANCE

SEARCH_AWAY: Final = marked(
    "Search does not answer at the moment, so this history cannot be searched or filtered; "
    "it stands here whole, from the archive."
)


@get("/visitors/{key:str}", media_type=MediaType.HTML, include_in_schema=False)
async def show_visitor(request: AnyRequest, key: FromPath[str]) -> str:
    """One continuous history over all conversations of a visitor."""
    portal = portal_of(request)
    frame = portal.frame(request)
    asked = query_of(request, portal)
    query = asked.replace(visitor=key, per_page=PER_PAGE, sort=Sort.NEWEST, page=asked.page)
    limiter = portal.search_limiter if is_narrowed(query) else portal.limiter
    return await to_thread.run_sync(_visitor_html, portal, key, query, frame, limiter=limiter)


def _visitor_html(portal: Portal, key: str, query: SearchQuery, frame: Frame) -> str:
    """A page behind the last one becomes the last one: the address may be older."""
    story = _story(portal, key, query)
    last_page = page_count(query, story.total)
    if query.page > last_page:
        query = query.replace(page=last_page)
        story = _story(portal, key, query)
    is_away = story.results is None
    notices = (Notice(_(SEARCH_AWAY), icon="warn"),) if is_away else query_notices(query)
    name = history_name([archived.conversation for archived in story.shown])
    page_shell = shell(
        portal.with_archive(frame),
        _("History of {name}").format(name=name),
        section="search",
        notices=notices,
        searched=query.canonical,
    )
    return portal.templates.render("visitor.html", visitor_page(key, query, story, page_shell))


def _story(portal: Portal, key: str, query: SearchQuery) -> History:
    """What the page of a history is made of. Raises ``MissingError`` for an unknown visitor."""
    state = portal.reader.state
    span = state.span(key)
    first, last = (moment(span[0]), moment(span[1])) if span else (None, None)
    if first is None or last is None:
        raise MissingError(_("The archive holds no conversation of such a visitor."))
    results = _results(portal, query)
    number, visited = state.history(key, PER_PAGE, (query.page - 1) * PER_PAGE)
    total, names = number, tuple(one.conversation for one in visited)
    if results is not None and is_narrowed(query):
        total, names = results.total, tuple(hit.id for hit in results.hits)
    shown = tuple(portal.reader.read_all(names))
    related = state.related(key, MOST_RELATED)
    return History(number, first, last, total, shown, results, related)


def _results(portal: Portal, query: SearchQuery) -> Results | None:
    """What is found among a visitor's conversations; None while search does not answer.

    A history that stands in the archive waits no longer for its filters than a timeline does.
    """
    try:
        with within(PATIENCE if is_narrowed(query) else GLANCE):
            return portal.engine.search(query)
    except EngineError:
        return None


visitors = Router(path="/", route_handlers=[show_visitor])
"""The pages of visitors."""
