"""From a conversation to those beside it: in the results, in the history of its visitor.

The engine is asked, and the archive.
"""

from typing import Final
from zoneinfo import ZoneInfo

from app.archive.histories import Visited
from app.archive.reading import ConversationReader
from app.conversations.model import Conversation
from app.conversations.visitors import known_as
from app.search.engine import Around, Hit, SearchEngine
from app.search.parameters import SearchQuery
from app.search.patience import within
from app.web.visitor_panel import MOST_BESIDE, MOST_RELATED, VisitorPanel, visitor_panel

GLANCE: Final = 0.3
"""Seconds that a timeline waits to know what stands around it, or whether search answers at all."""

GLANCE_BYTES: Final = 32_000
"""Bytes of another conversation that are read to tell how it began; of larger ones nothing is."""


def around(
    engine: SearchEngine, reader: ConversationReader, query: SearchQuery, conversation_id: str
) -> Around | None:
    """Where a conversation stands among the results of a search; None when it does not.

    Raises ``EngineError`` when the engine does not answer within a glance. In order of relevance a
    place is known on the page that the query names alone.
    """
    with within(GLANCE):
        if not query.is_by_time:
            return _on_page(engine, query, conversation_id)
        sort_key = reader.state.sort_key(conversation_id)
        return None if sort_key is None else engine.around(query, sort_key)


def _on_page(engine: SearchEngine, query: SearchQuery, conversation_id: str) -> Around | None:
    results = engine.search(query)
    ids = [hit.id for hit in results.hits]
    if conversation_id not in ids:
        return None
    at, skipped = ids.index(conversation_id), (query.page - 1) * query.per_page
    before = results.hits[at - 1] if at else _ranked(engine, query, skipped - 1)
    after = results.hits[at + 1] if at + 1 < len(ids) else _ranked(engine, query, skipped + at + 1)
    return Around(skipped + at + 1, results.total, before, after)


def _ranked(engine: SearchEngine, query: SearchQuery, place: int) -> Hit | None:
    """The hit at a place, from 0, in order of relevance; None beyond the ends."""
    if place < 0:
        return None
    page, at = divmod(place, query.per_page)
    hits = engine.search(query.replace(page=page + 1)).hits
    return hits[at] if at < len(hits) else None


def beside(reader: ConversationReader, conversation: Conversation, zone: ZoneInfo) -> VisitorPanel:
    """What else is known of the visitor of a conversation, from the archive alone."""
    key = known_as(conversation).key
    if not key:
        return VisitorPanel()
    own = Visited(conversation.id, conversation.identity.begin_ms)
    found = reader.state.neighbours(key, own, MOST_BESIDE)
    named = tuple(one.conversation for one in (*found.earlier, *found.later))
    opened = {told.conversation.id: told.conversation for told in reader.told(named, GLANCE_BYTES)}
    related = reader.state.related(key, MOST_RELATED)
    return visitor_panel(key, found, related, opened, zone)
