"""The history of one visitor as one frozen value: conversations in order of time. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from app.archive.histories import Related
from app.archive.reading import Archived
from app.conversations.measures import waits
from app.conversations.model import Conversation
from app.language import gettext as _
from app.language import ngettext
from app.search.engine import FACETS, Results
from app.search.parameters import SearchQuery
from app.web.facets_view import FacetView, facet_view
from app.web.links import conversation_url, search_url, visitor_url
from app.web.pager_view import page_count
from app.web.reading_view import ReadPart, read_as
from app.web.result_view import (
    Finder,
    OutcomeWord,
    RatingView,
    outcome_words,
    rating_view,
    visitor_name,
)
from app.web.search_view import Chip, Form, chips, search_form, without_filters
from app.web.shell import Shell
from app.web.timeline_lines import Entry, Lines
from app.web.timeline_place import Place, Wish
from app.web.visible import shown
from app.web.visitor_panel import Identity, identities
from app.web.wording import Stamp, conversations, duration, moment, span, whole

PER_PAGE: Final = 10
"""Conversations of one page of a history."""
MOST_MESSAGES: Final = 100
"""Messages of one conversation that a history shows; its timeline shows all."""


class Chapter(Struct, frozen=True):
    """One conversation of a history; ``pause`` is the time since the one before it.

    Its first day stands in ``began`` alone.
    """

    id: str
    pause: str
    began: Stamp
    url: str
    name: str
    agents: tuple[str, ...]
    duration: str
    outcomes: tuple[OutcomeWord, ...]
    rating: RatingView
    entries: tuple[Entry, ...]
    more_text: str
    more_url: str


class VisitorPage(Struct, frozen=True):
    """Everything that the history of a visitor shows; without search, neither form nor facets."""

    shell: Shell
    name: str
    facts: tuple[str, ...]
    heading: str
    summary: str
    form: Form | None
    reading: tuple[ReadPart, ...]
    chips: tuple[Chip, ...]
    clear_url: str
    facets: tuple[FacetView, ...]
    chosen_count: int
    chapters: tuple[Chapter, ...]
    earlier_url: str
    later_url: str
    identities: tuple[Identity, ...]
    all_url: str


class History(Struct, frozen=True):
    """What a page of a history is made of.

    ``total`` conversations fit the search, ``shown`` are those of the page, the latest first; there
    are ``number`` in all, the first and last begun at ``first`` and ``last``. ``results`` is None
    while search does not answer.
    """

    number: int
    first: datetime
    last: datetime
    total: int
    shown: Sequence[Archived]
    results: Results | None
    related: Sequence[Related]


def visitor_page(key: str, query: SearchQuery, story: History, shell: Shell) -> VisitorPage:
    """The page of a visitor; ``query`` narrows the history where search answers."""
    newest = [archived.conversation for archived in story.shown]
    pages = page_count(query, story.total)
    is_searched = story.results is not None
    return VisitorPage(
        shell=shell,
        name=history_name(newest),
        facts=tuple(_facts(newest)),
        heading=_heading(query, story),
        summary=_summary(query, story, pages),
        form=_form(query) if is_searched else None,
        reading=tuple(read_as(query.node)) if is_searched else (),
        chips=tuple(chips(query, {})) if is_searched else (),
        clear_url=search_url(without_filters(query)),
        facets=tuple(_facets(query, story.results)),
        chosen_count=sum(len(values) for values in query.filters.values()),
        chapters=tuple(_chapters(query, story.shown)),
        earlier_url=search_url(query.replace(page=query.page + 1)) if query.page < pages else "",
        later_url=search_url(query.replace(page=query.page - 1)) if query.page > 1 else "",
        identities=tuple(identities(story.related)),
        all_url=visitor_url(key),
    )


def history_name(conversations: Sequence[Conversation]) -> str:
    """The name that was sent last, or "Visitor"."""
    named = [one for one in conversations if one.visitor.name.strip()]
    return visitor_name(named[0]) if named else _("Visitor")


def _facts(conversations: Sequence[Conversation]) -> Iterator[str]:
    """E-mail addresses and ids that were sent, as they were sent, each once."""
    emails = dict.fromkeys(one.visitor.email.strip() for one in conversations)
    yield from (shown(email) for email in emails if email)
    ids = dict.fromkeys(one.visitor.id.strip() for one in conversations)
    yield from (_("visitor id {id}").format(id=shown(one)) for one in ids if one)


def _heading(query: SearchQuery, story: History) -> str:
    if not is_narrowed(query) or story.results is None:
        return conversations(story.number)
    return _("{found} of {all}").format(found=whole(story.total), all=conversations(story.number))


def is_narrowed(query: SearchQuery) -> bool:
    """Whether a history is searched or filtered; whole it comes from the archive alone."""
    return query.node is not None or query.is_filtered


def _summary(query: SearchQuery, story: History, pages: int) -> str:
    days = span(story.first.astimezone(query.zone).date(), story.last.astimezone(query.zone).date())
    page = _("page {page} of {pages}").format(page=whole(query.page), pages=whole(pages))
    return f"{days}, {page}" if pages > 1 else days


def _form(query: SearchQuery) -> Form:
    label, action = _("Search this history"), visitor_url(query.visitor)
    return replace(search_form(query), action=action, label=label, sorts=())


def _facets(query: SearchQuery, results: Results | None) -> Iterator[FacetView]:
    """The facets that tell conversations of this visitor apart."""
    if results is None:
        return
    for name in FACETS:
        facet = facet_view(query, name, results.facets.get(name, ()), {})
        if len(facet.ranked) > 1 or query.chosen(name) or query.excluded(name):
            yield facet


def _chapters(query: SearchQuery, newest_first: Sequence[Archived]) -> Iterator[Chapter]:
    """The conversations of a page in the order in which they happened."""
    finder = Finder(query)
    before: Conversation | None = None
    for archived in reversed(newest_first):
        yield _chapter(query, archived, finder, before)
        before = archived.conversation


def _chapter(
    query: SearchQuery, archived: Archived, finder: Finder, before: Conversation | None
) -> Chapter:
    conversation = archived.conversation
    found = finder.find(archived)
    carried = query.to_params()
    place = Place(conversation, query, Wish(), found.hits, size=MOST_MESSAGES, is_alone=False)
    entries = tuple(Lines(archived, query, Wish(), found, place, waits(conversation)).entries())
    left_out = len(conversation.messages) - len(place.messages())
    form = ngettext("{number} more message", "{number} more messages", left_out)
    return Chapter(
        id=conversation.id,
        pause="" if before is None else _pause(before, conversation),
        began=moment(conversation.begin, query.zone),
        url=conversation_url(conversation.id, carried),
        name=visitor_name(conversation),
        agents=tuple(shown(name) for name in conversation.agents),
        duration="" if conversation.duration is None else duration(conversation.duration),
        outcomes=tuple(outcome_words(conversation)),
        rating=rating_view(conversation.rating),
        entries=entries[1:] if entries and entries[0].kind == "day" else entries,
        more_text=form.format(number=whole(left_out)) if left_out else "",
        more_url=conversation_url(conversation.id, carried) if left_out else "",
    )


def _pause(before: Conversation, after: Conversation) -> str:
    """12 d later: from the end of a conversation, else its begin, to the begin of the next."""
    end = before.end if before.end is not None and before.end >= before.begin else before.begin
    seconds = int((after.begin - end).total_seconds())
    return _("{duration} later").format(duration=duration(seconds)) if seconds > 0 else ""
