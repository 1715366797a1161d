"""The timeline of one conversation as one frozen value, from the archive alone. Pure."""

from msgspec import Struct

from app.archive.reading import Archived
from app.search.engine import Around
from app.search.parameters import SearchQuery
from app.web.facts_view import (
    Fact,
    VisitedPage,
    country_name,
    strip,
    variables,
    visited_pages,
    visitor_facts,
)
from app.web.links import conversation_url, raw_url
from app.web.measures_view import counted
from app.web.result_view import (
    Finder,
    OutcomeWord,
    RatingView,
    outcome_words,
    rating_view,
)
from app.web.shell import Shell
from app.web.timeline_lines import Entry, HitBar, Lines, Stretch, Wish
from app.web.trail_view import Trail, trail
from app.web.wording import Stamp, shown, started


class TimelinePage(Struct, frozen=True):
    """Everything that the page of a conversation shows."""

    shell: Shell
    demo: bool
    name: str
    channel: str
    started: Stamp
    country: str
    strip: tuple[Fact, ...]
    outcomes: tuple[OutcomeWord, ...]
    rating: RatingView
    rating_comment: str
    entries: tuple[Entry, ...]
    hit_bar: HitBar | None
    trail: Trail | None
    events_text: str
    events_url: str
    counted: tuple[Fact, ...]
    visitor: tuple[Fact, ...]
    variables: tuple[Fact, ...]
    pages: tuple[VisitedPage, ...]
    permalink: str
    raw: str
    stretches: tuple[Stretch, ...]


def timeline_page(
    archived: Archived,
    query: SearchQuery,
    wish: Wish,
    shell: Shell,
    around: Around | None = None,
    *,
    searchable: bool = True,
) -> TimelinePage:
    """The page of a conversation, with the hits of the search one came from.

    ``around`` is its place among the results. While search is away (not ``searchable``) there is
    no way back to results that cannot be shown.
    """
    conversation = archived.conversation
    found = Finder(query).find(archived)
    lines = Lines(archived, query, wish, found)
    comment = shown(conversation.rating_comment.strip())
    return TimelinePage(
        shell=shell,
        demo=archived.is_demo,
        name=shown(conversation.visitor.name.strip()),
        channel=shown(conversation.identity.channel),
        started=started(conversation.begin, query.zone),
        country=country_name(conversation),
        strip=tuple(strip(conversation)),
        outcomes=tuple(outcome_words(conversation)),
        rating=rating_view(conversation.rating),
        rating_comment=comment,
        entries=tuple(lines.entries()),
        hit_bar=lines.hit_bar(),
        trail=trail(query, around, conversation.id) if query.to_params() and searchable else None,
        events_text=lines.events_text(),
        events_url=lines.events_url(),
        counted=tuple(counted(conversation, query.to_params())),
        visitor=tuple(visitor_facts(conversation)),
        variables=tuple(variables(conversation)),
        pages=tuple(visited_pages(conversation)),
        permalink=conversation_url(conversation.id),
        raw=raw_url(conversation.id),
        stretches=tuple(lines.stretches()),
    )
