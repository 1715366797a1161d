"""The API: the same values as the pages, as JSON. Its description is ``/openapi.json``."""

from datetime import datetime
from typing import Final

from anyio import to_thread
from litestar import Router, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, ParameterKwarg, QueryParameter
from msgspec import Struct, field

from app.archive.reading import Archived
from app.conversations.visitors import known_as
from app.flatten import country_code, language_of
from app.search.highlight import Part
from app.search.parameters import SearchQuery
from app.search.values import rating_word
from app.web.facets_view import FacetView
from app.web.finding import find_conversation, query_of
from app.web.links import conversation_url
from app.web.portal import AnyRequest, Portal, portal_of
from app.web.problem import PROBLEM_TYPE, Problem
from app.web.result_view import Finder, ResultView, parts_in
from app.web.search_view import SearchPage, bar_times
from app.web.searching import run_search

_REPEATED: Final = "may be given several times, meaning or"
_REFUSED: Final = "The request is not plainly local, and the portal has no password yet."
_PARAMETERS: Final = {
    "q": "the query, in the words of /help/search",
    "rating": f"good, normal, bad, none, or a number; {_REPEATED}",
    "country": f"code of two letters, or none; {_REPEATED}",
    "language": f"code of two letters, or none; {_REPEATED}",
    "outcome": f"chat, missed, offline, triggered, completed or dropped; {_REPEATED}",
    "agent": f"whole name of an agent, or none; {_REPEATED}",
    "group": f"the visitor's group as it was sent, or none; {_REPEATED}",
    "visit": f"first or returning; {_REPEATED}",
    "visitor": "key of the only visitor whose conversations count, as a conversation tells it",
    "from": "first day, as year-month-day in the portal's time zone",
    "to": "last day, included",
    "sort": "newest, oldest or relevance",
    "page": "page of the results, from 1 to result 10,000",
    "per_page": "results of a page, 20 unless told, at most 100",
    "after": "sort key behind which the results begin, for pages beyond the numbered ones",
}
"""Parameters of a search. They are lists of strings; nonsense becomes a note, never an error."""


class QueryAnswer(Struct, frozen=True):
    """How the query was read."""

    text: str
    canonical: str
    notes: tuple[str, ...]


class SnippetAnswer(Struct, frozen=True):
    """A message of a result."""

    message: int
    role: str
    name: str
    at: datetime | None
    parts: tuple[Part, ...]


class FactAnswer(Struct, frozen=True):
    """A fact that holds what no message says; ``label`` is what it was sent under, if anything."""

    fact: str
    label: str
    parts: tuple[Part, ...]


class ConversationFacts(Struct, frozen=True):
    """What every answer says of a conversation."""

    id: str
    url: str
    begin: datetime
    end: datetime | None
    visitor: str
    country: str | None
    language: str | None
    rating: str
    outcomes: tuple[str, ...]
    agents: tuple[str, ...]
    demo: bool


class ResultAnswer(ConversationFacts, frozen=True):
    """A conversation that was found, with the messages and facts that show best why."""

    facts: tuple[FactAnswer, ...]
    snippets: tuple[SnippetAnswer, ...]
    more_hits: int


class FacetAnswer(Struct, frozen=True):
    """A value of a facet; ``value`` is what the parameter takes."""

    value: str
    label: str
    count: int
    chosen: bool


class BarAnswer(Struct, frozen=True):
    """Conversations that began from ``from`` (inclusive) to ``to`` (exclusive)."""

    start: datetime = field(name="from")
    end: datetime = field(name="to")
    count: int


class HistogramAnswer(Struct, frozen=True):
    """Results over time; the counts of the bars add up to the total."""

    unit: str
    bars: tuple[BarAnswer, ...]


class IndexAnswer(Struct, frozen=True):
    """How many conversations search does not know yet."""

    behind: int


class SearchAnswer(Struct, frozen=True):
    """A page of results."""

    query: QueryAnswer
    total: int
    page: int
    pages: int
    results: tuple[ResultAnswer, ...]
    facets: dict[str, tuple[FacetAnswer, ...]]
    histogram: HistogramAnswer
    index: IndexAnswer


class MessageAnswer(Struct, frozen=True):
    """A message, cut where the query marks it."""

    number: int
    role: str
    name: str
    at: datetime | None
    parts: tuple[Part, ...]


class ConversationAnswer(ConversationFacts, frozen=True):
    """A conversation with the numbers of the messages that hold at least one mark.

    ``visitor_key`` is null for a visitor with neither e-mail nor id.
    """

    visitor_key: str | None
    messages: tuple[MessageAnswer, ...]
    hits: tuple[int, ...]


def _problem(meaning: str) -> ResponseSpec:
    return ResponseSpec(Problem, description=meaning, media_type=PROBLEM_TYPE)


@get(
    "/search",
    summary="Search conversations",
    responses={403: _problem(_REFUSED), 503: _problem("The search engine does not answer.")},
)
async def search(request: AnyRequest) -> SearchAnswer:
    """A page of results with total, facets and histogram, as the search page shows it."""
    portal = portal_of(request)
    frame = portal.frame(request)
    query = query_of(request, portal)
    page = await to_thread.run_sync(
        run_search, portal.engine, portal.reader, query, frame, limiter=portal.search_limiter
    )
    return search_answer(page)


@get(
    "/conversations/{conversation_id:str}",
    summary="Read a conversation",
    responses={403: _problem(_REFUSED), 404: _problem("There is no such conversation.")},
)
async def conversation(request: AnyRequest, conversation_id: FromPath[str]) -> ConversationAnswer:
    """A conversation whole, from the archive alone, with the marks of a query."""
    portal = portal_of(request)
    query = query_of(request, portal)
    return await to_thread.run_sync(
        _read_conversation, portal, conversation_id, query, limiter=portal.limiter
    )


def _read_conversation(
    portal: Portal, conversation_id: str, query: SearchQuery
) -> ConversationAnswer:
    return conversation_answer(query, find_conversation(portal, conversation_id))


def search_answer(page: SearchPage) -> SearchAnswer:
    """The search page as JSON data."""
    return SearchAnswer(
        query=QueryAnswer(page.query.text, page.query.canonical, page.query.notes),
        total=page.total,
        page=page.page,
        pages=page.pages,
        results=tuple(_result(result) for result in page.results),
        facets={facet.name: _facet(facet) for facet in page.facets},
        histogram=HistogramAnswer(
            page.histogram.unit,
            tuple(
                BarAnswer(*bar_times(bar.start_ms, bar.end_ms), bar.count)
                for bar in page.histogram.bars
            ),
        ),
        index=IndexAnswer(page.behind),
    )


def conversation_answer(query: SearchQuery, archived: Archived) -> ConversationAnswer:
    """A conversation as JSON data; its texts are as they were sent."""
    conversation = archived.conversation
    found = Finder(query).find(archived)
    return ConversationAnswer(
        id=conversation.id,
        url=conversation_url(conversation.id),
        begin=conversation.begin,
        end=conversation.end,
        visitor=conversation.visitor.name,
        country=country_code(conversation),
        language=language_of(archived.spoken),
        rating=rating_word(conversation.rating),
        outcomes=tuple(outcome.value for outcome in conversation.outcomes),
        agents=conversation.agents,
        demo=archived.is_demo,
        visitor_key=known_as(conversation).key or None,
        messages=tuple(
            MessageAnswer(
                message.number,
                message.role.value,
                message.name,
                message.at,
                parts_in(found, message),
            )
            for message in conversation.messages
        ),
        hits=found.hits,
    )


def _result(result: ResultView) -> ResultAnswer:
    return ResultAnswer(
        id=result.id,
        url=result.url,
        begin=result.begin,
        end=result.end,
        visitor=result.name,
        country=result.country_code or None,
        language=result.language,
        rating=result.rating_value,
        outcomes=result.outcomes,
        agents=result.agents,
        demo=result.demo,
        facts=tuple(FactAnswer(fact.fact, fact.label, fact.parts) for fact in result.facts),
        snippets=tuple(
            SnippetAnswer(
                snippet.number, snippet.role.value, snippet.name, snippet.at, snippet.parts
            )
            for snippet in result.snippets
        ),
        more_hits=result.more_hits,
    )


def _facet(facet: FacetView) -> tuple[FacetAnswer, ...]:
    return tuple(
        FacetAnswer(entry.value, entry.label, entry.count, entry.chosen) for entry in facet.ranked
    )


def _parameters() -> dict[str, ParameterKwarg]:
    return {
        f"search_{name}": QueryParameter(
            name=name, annotation=list[str], required=False, description=meaning
        )
        for name, meaning in _PARAMETERS.items()
    }


api = Router(
    path="/api", route_handlers=[search, conversation], parameters=_parameters(), tags=["search"]
)
"""Everything under /api."""
