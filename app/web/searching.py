"""One search, from a query to a page value: engine, archive, marks, view. Page and API share it."""

from typing import Final

from app.archive.reading import ConversationReader
from app.search.engine import Engine
from app.search.parameters import SearchQuery
from app.web.pager_view import last_numbered_page, page_count
from app.web.result_view import result_view
from app.web.search_view import (
    Rescue,
    SearchPage,
    behind_notice,
    page_title,
    query_notices,
    rescue,
    rescue_queries,
    search_page,
)
from app.web.shell import Frame, shell

MOST_RESCUES: Final = 6
"""Changes that are tried when nothing was found."""


def run_search(
    engine: Engine, reader: ConversationReader, query: SearchQuery, frame: Frame
) -> SearchPage:
    """Search and make the page value. Raises ``EngineError`` when the engine does not answer.

    A page behind the last one becomes the last one: the address may be older than the results.
    """
    results = engine.search(query)
    last = min(page_count(query, results.total), last_numbered_page(query))
    if query.page > last and query.after is None:
        query = query.replace(page=last)
        results = engine.search(query)
    found = reader.read_all([hit.id for hit in results.hits])
    behind = reader.behind()
    notice = behind_notice(behind)
    notices = (*([notice] if notice else []), *query_notices(query))
    title = page_title(query, results.total)
    return search_page(
        query,
        results,
        [result_view(query, archived) for archived in found],
        shell(frame, title, section="search", notices=notices),
        behind=behind,
        conversations=reader.state.conversations(),
        rescues=() if results.total else _rescues(engine, query),
    )


def _rescues(engine: Engine, query: SearchQuery) -> list[Rescue]:
    """What leaving one thing out would find, each tried."""
    changes = list(rescue_queries(query))[:MOST_RESCUES]
    return [rescue(label, changed, engine.total(changed)) for label, changed in changes]
