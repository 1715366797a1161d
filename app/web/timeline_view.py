"""The timeline of one conversation as one frozen value, from the archive alone. Pure."""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from app.archive.reading import Archived
from app.conversations.measures import measured
from app.conversations.model import Conversation
from app.language import gettext as _
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
from app.web.links import (
    FIRST,
    LAST,
    Link,
    api_url,
    conversation_url,
    quote_action,
    quote_url,
    raw_url,
    transcript_url,
)
from app.web.measures_view import counted
from app.web.mentioned_view import mentioned
from app.web.result_view import (
    Finder,
    OutcomeWord,
    RatingView,
    outcome_words,
    rating_view,
)
from app.web.shell import Shell
from app.web.timeline_lines import Entry, Lines
from app.web.timeline_place import Cell, HitBar, Place, Stretch, Wish
from app.web.trail_view import Trail, trail
from app.web.versions_view import VersionView, versions
from app.web.visible import shown
from app.web.visitor_panel import VisitorPanel
from app.web.wording import Stamp, messages_from, started

FIRST_QUOTED: Final = 2
"""Messages that the form of a quote names until somebody names others."""


class Beside(Struct, frozen=True):
    """What stands beside a conversation: others of its visitor, and of the results.

    ``around`` is its place among them; ``is_result`` where there are results to go back to.
    """

    panel: VisitorPanel = VisitorPanel()
    around: Around | None = None
    is_result: bool = False


class Quoting(Struct, frozen=True):
    """The form that asks for messages to quote, from the first to the last."""

    action: str
    names: tuple[str, str]
    first: int
    last: int
    most: int


class Chosen(Struct, frozen=True):
    """A range of messages that the address names, and what can be done with it."""

    label: str
    quote_url: str
    permalink: str
    clear_url: str


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
    strip_of_hits: tuple[Cell, ...]
    trail: Trail | None
    toggles: tuple[Link, ...]
    counted: tuple[Fact, ...]
    visitor: tuple[Fact, ...]
    variables: tuple[Fact, ...]
    pages: tuple[VisitedPage, ...]
    permalink: str
    raw: str
    files: tuple[Link, ...]
    quoting: Quoting | None
    chosen: Chosen | None
    versions: tuple[VersionView, ...]
    mentioned: tuple[Fact, ...]
    panel: VisitorPanel
    stretches: tuple[Stretch, ...]


def timeline_page(
    archived: Archived, query: SearchQuery, wish: Wish, shell: Shell, beside: Beside
) -> TimelinePage:
    """The page of a conversation, with the hits of the search one came from.

    While search is away there is no way back to results that cannot be shown.
    """
    conversation = archived.conversation
    found = Finder(query).find(archived)
    place = Place(conversation, query, wish, found.hits)
    measures = measured(conversation)
    entries = tuple(Lines(archived, query, wish, found, place, measures.waits).entries())
    comment = shown(conversation.rating_comment.strip())
    bar = place.hit_bar()
    return TimelinePage(
        shell=shell if bar is None else replace(shell, title=f"{bar.words}, {shell.title}"),
        demo=archived.is_demo,
        name=shown(conversation.visitor.name.strip()),
        channel=shown(conversation.identity.channel),
        started=started(conversation.begin, query.zone),
        country=country_name(conversation),
        strip=tuple(strip(conversation)),
        outcomes=tuple(outcome_words(conversation)),
        rating=rating_view(conversation.rating),
        rating_comment=comment,
        entries=entries,
        hit_bar=bar,
        strip_of_hits=tuple(place.strip()),
        trail=trail(query, beside.around, conversation.id) if beside.is_result else None,
        toggles=tuple(place.toggles()),
        counted=tuple(counted(conversation, measures, query.to_params())),
        visitor=tuple(visitor_facts(conversation)),
        variables=tuple(variables(conversation)),
        pages=tuple(visited_pages(conversation)),
        permalink=conversation_url(conversation.id),
        raw=raw_url(conversation.id),
        files=(
            Link(_("Text"), transcript_url(conversation.id, "txt")),
            Link(_("Markdown"), transcript_url(conversation.id, "md")),
            Link(_("JSON"), api_url(conversation.id)),
        ),
        quoting=_quoting(conversation, wish),
        chosen=_chosen(conversation, wish, place),
        versions=tuple(versions(archived, query.zone)),
        mentioned=mentioned(entries),
        panel=beside.panel,
        stretches=tuple(place.stretches()),
    )


def _quoting(conversation: Conversation, wish: Wish) -> Quoting | None:
    most = len(conversation.messages)
    if not most:
        return None
    first, last = wish.chosen or (1, min(most, FIRST_QUOTED))
    return Quoting(
        quote_action(conversation.id), (FIRST, LAST), min(first, most), min(last, most), most
    )


def _chosen(conversation: Conversation, wish: Wish, place: Place) -> Chosen | None:
    most = len(conversation.messages)
    if wish.chosen is None or wish.chosen[0] > most:
        return None
    first, last = wish.chosen[0], min(wish.chosen[1], most)
    return Chosen(
        label=messages_from(first, last),
        quote_url=quote_url(conversation.id, first, last),
        permalink=place.chosen_url(first, last),
        clear_url=place.unchosen(),
    )
