"""One search, from a query to a page value: engine, archive, marks, view. Page and API share it."""

from typing import Final

from app.archive.reading import ConversationReader
from app.search.clauses import midnight
from app.search.engine import Results, SearchEngine
from app.search.histogram import MOST_BARS, edges_after, edges_before
from app.search.parameters import SearchQuery
from app.search.patience import within
from app.web.behind_view import behind_notice, filling_notice
from app.web.histogram_view import Beside
from app.web.pager_view import last_numbered_page, page_count
from app.web.result_view import Finder, result_view
from app.web.search_view import (
    Rescue,
    SearchPage,
    Surroundings,
    page_title,
    query_notices,
    rescue,
    rescue_queries,
    search_page,
)
from app.web.shell import Frame, shell

PATIENCE: Final = 5.0
"""Seconds that one page waits for an engine, whatever it asks of it."""
MOST_RESCUES: Final = 6
"""Changes that are tried when nothing was found."""


def run_search(
    engine: SearchEngine, reader: ConversationReader, query: SearchQuery, frame: Frame
) -> SearchPage:
    """Search and make the page value. Raises ``EngineError`` when the engine does not answer.

    A page behind the last one becomes the last one: the address may be older than the results.
    """
    with within(PATIENCE):
        return _run_search(engine, reader, query, frame)


def _run_search(
    engine: SearchEngine, reader: ConversationReader, query: SearchQuery, frame: Frame
) -> SearchPage:
    results = engine.search(query)
    last = min(page_count(query, results.total), last_numbered_page(query))
    if query.page > last and query.after is None:
        query = query.replace(page=last)
        results = engine.search(query)
    found = reader.read_all(tuple(hit.id for hit in results.hits))
    finder = Finder(query)
    behind = reader.behind()
    notices = (
        *filling_notice(reader.state.filling()),
        *behind_notice(behind, frame),
        *query_notices(query),
    )
    title = page_title(query, results.total)
    return search_page(
        query,
        results,
        [result_view(query, archived, finder.find(archived)) for archived in found],
        shell(frame, title, section="search", notices=notices, searched=query.canonical),
        Surroundings(
            spellings=reader.state.spellings(),
            beside=_beside(engine, query, results),
            behind=behind.conversations,
            conversations=0 if results.total else reader.state.conversations(),
            demo=reader.hooks.demo_since() is not None,
            rescues=() if results.total else tuple(_rescues(engine, query)),
        ),
    )


def _rescues(engine: SearchEngine, query: SearchQuery) -> list[Rescue]:
    """What leaving one thing out would find, each tried."""
    changes = list(rescue_queries(query))[:MOST_RESCUES]
    return [rescue(label, changed, engine.total(changed)) for label, changed in changes]


def _beside(engine: SearchEngine, query: SearchQuery, results: Results) -> Beside:
    """What lies before and after the chosen days; nothing where no day is chosen."""
    bars = results.histogram.bars
    if not bars or not (query.since or query.until):
        return Beside()
    unit, zone = results.histogram.unit, query.zone
    room = MOST_BARS - len(bars)
    before = edges_before(unit, bars[0].start_ms, zone, room) if query.since else ()
    end = bars[-1].end_ms
    if query.until is not None:
        end = min(end, midnight(query.until, zone, days_later=1))
    after = edges_after(unit, end, zone, room) if query.until else ()
    anytime = query.replace(since=None, until=None)
    return Beside(engine.bars(anytime, before), engine.bars(anytime, after))
