"""The page with all values of one facet, and a box that narrows them. Pure."""

from typing import Final

from msgspec import Struct

from app.language import gettext as _
from app.language import marked
from app.search.parameters import SearchQuery
from app.web.facets_view import MOST_LISTED, FacetEntry, FacetView, facet_entry, narrowed
from app.web.links import facet_url, search_url
from app.web.shell import Frame, Shell, shell
from app.web.wording import whole

LIKE: Final = "like"
"""Parameter of the page: what the label of a value must hold."""
_HEADINGS: Final = {
    "rating": marked("All ratings"),
    "outcome": marked("All outcomes"),
    "country": marked("All countries"),
    "language": marked("All languages"),
    "agent": marked("All agents"),
    "group": marked("All groups"),
    "visit": marked("All visitors"),
}


class FacetPage(Struct, frozen=True):
    """Everything that the page of a facet shows; ``rest`` says how many values it leaves out."""

    shell: Shell
    heading: str
    facet: FacetView
    like: str
    asked: str
    action: str
    hidden: tuple[tuple[str, str], ...]
    values: tuple[FacetEntry, ...]
    rest: str
    back: str
    reset: str


def facet_page(facet: FacetView, query: SearchQuery, like: str, frame: Frame) -> FacetPage:
    """All values of a facet that fit ``like``, the most frequent first."""
    found = narrowed(facet.ranked, like)
    heading = _(_HEADINGS[facet.name])
    rest = ""
    if len(found) > MOST_LISTED:
        rest = _("The first {shown} of {all} are listed; narrow them to see the others.").format(
            shown=whole(MOST_LISTED), all=whole(len(found))
        )
    return FacetPage(
        shell=shell(frame, heading, section="search"),
        heading=heading,
        facet=facet,
        like=like.strip(),
        asked=query.canonical,
        action=facet_url(facet.name, SearchQuery()),
        hidden=tuple(query.to_params()),
        values=tuple(facet_entry(query, facet.name, value) for value in found[:MOST_LISTED]),
        rest=rest,
        back=search_url(query),
        reset=facet_url(facet.name, query),
    )
