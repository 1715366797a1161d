"""The line above a conversation: back to the results, and to the conversations beside it. Pure."""

from msgspec import Struct

from app.language import gettext as _
from app.search.engine import Around, Hit
from app.search.parameters import SearchQuery
from app.web.links import conversation_url, result_url
from app.web.pager_view import last_numbered_page
from app.web.wording import results, whole


class Trail(Struct, frozen=True):
    """Links of the trail; empty where there is nothing on that side.

    ``place`` is "14 of 1,204", empty for a conversation that is not among the results any more.
    """

    all_url: str
    all_text: str
    searched: str
    place: str = ""
    previous: str = ""
    following: str = ""


def trail(query: SearchQuery, around: Around | None, conversation_id: str) -> Trail:
    """The trail of a conversation that stands among the results of a search."""
    searched = query.canonical
    if around is None:
        return Trail(result_url(query, conversation_id), _("All results"), searched)
    return Trail(
        all_url=result_url(_page_of(query, around.place, around.before), conversation_id),
        all_text=results(around.total),
        searched=searched,
        place=_("{place} of {total}").format(place=whole(around.place), total=whole(around.total)),
        previous=_neighbour(query, around.place - 1, around.before),
        following=_neighbour(query, around.place + 1, around.after),
    )


def _neighbour(query: SearchQuery, place: int, hit: Hit | None) -> str:
    if hit is None:
        return ""
    return conversation_url(hit.id, _page_of(query, place, None).to_params())


def _page_of(query: SearchQuery, place: int, before: Hit | None) -> SearchQuery:
    """The page of results that a place stands on; beyond the numbered ones it begins there."""
    page = (place - 1) // query.per_page + 1
    if page <= last_numbered_page(query):
        return query.replace(page=page)
    return query.replace(after=None if before is None else before.sort_key)
