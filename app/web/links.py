"""Addresses of the portal, made in one place; templates never glue one."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from app.search.parameters import Param, SearchQuery

HOME: Final = "/"
SEARCH: Final = "/search"
HIT: Final = "hit"
"""Parameter of a timeline: which hit is the current one, from 1."""
PART: Final = "part"
"""Parameter of a long timeline: which stretch of its messages, from 1."""
EVENTS: Final = "events"
"""Parameter of a timeline: ``no`` hides the events."""
TIMES: Final = "times"
"""Parameter of a timeline: ``start`` tells times since the begin."""
WHOLE: Final = "whole"
"""Parameter of a timeline: the number of the very long message that is shown whole."""
RANGE: Final = "range"
"""Parameter of a timeline: the first and last of some messages, as in ``12-18``."""
FIRST: Final = "from"
LAST: Final = "to"
"""Parameters of a quote: the numbers of its first and last message."""
QUARANTINE: Final = "/quarantine"
FROM_BYTE: Final = "from"
"""Parameter of a hook in quarantine: the first byte that is shown."""

Pairs = Sequence[tuple[str, str]]


class Link(Struct, frozen=True):
    """Where something leads, and in words what it is."""

    label: str
    url: str


def with_params(path: str, pairs: Pairs, fragment: str = "") -> str:
    """A path with parameters in the order given, and a fragment."""
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    return f"{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return quote(text, safe="")


def search_url(query: SearchQuery) -> str:
    """The page of a search; the plain list of everything is the home page.

    What is searched among one visitor's conversations stands on the page of the visitor.
    """
    pairs = query.to_params()
    if query.visitor:
        return visitor_url(query.visitor, [pair for pair in pairs if pair[0] != Param.VISITOR])
    return with_params(SEARCH if pairs else HOME, pairs)


def visitor_url(key: str, pairs: Pairs = ()) -> str:
    """The history of a visitor."""
    return with_params(f"/visitors/{key}", pairs)


def result_url(query: SearchQuery, conversation_id: str) -> str:
    """The place of a conversation on a page of results."""
    return f"{search_url(query)}#{conversation_id}"


def facet_url(name: str, query: SearchQuery) -> str:
    """The page with all values of a facet, for a search."""
    return with_params(f"{SEARCH}/{name}", query.to_params())


def conversation_url(conversation_id: str, pairs: Pairs = (), message: int | None = None) -> str:
    """The timeline of a conversation, at a message where one is given."""
    fragment = "" if message is None else f"m{message}"
    return with_params(f"/conversations/{conversation_id}", pairs, fragment)


def message_url(conversation_id: str, message: int | str, pairs: Pairs = ()) -> str:
    """The permalink of a message, or of several, as in ``12-18``."""
    return with_params(f"/conversations/{conversation_id}/messages/{message}", pairs)


def quarantined_url(hook: int, offset: int = 0) -> str:
    """The bytes of a hook in quarantine, from an offset on."""
    return with_params(f"{QUARANTINE}/{hook}", [(FROM_BYTE, str(offset))] if offset else [])


def raw_url(conversation_id: str, hook: int | None = None) -> str:
    """The hook behind a conversation, byte for byte; or another of its hooks, by number."""
    return f"/conversations/{conversation_id}/raw{'' if hook is None else f'/{hook}'}"


def transcript_url(conversation_id: str, kind: str) -> str:
    """The conversation as a file: ``txt`` or ``md``."""
    return f"/conversations/{conversation_id}/transcript.{kind}"


def numbers_of(first: int, last: int) -> str:
    """Some messages as a permalink names them: ``12``, or ``12-18``."""
    return str(first) if first == last else f"{first}-{last}"


def quote_action(conversation_id: str) -> str:
    """Where a form asks for messages as a text to copy."""
    return f"/conversations/{conversation_id}/quote"


def quote_url(conversation_id: str, first: int, last: int) -> str:
    """Some messages as a text to copy."""
    return with_params(quote_action(conversation_id), [(FIRST, str(first)), (LAST, str(last))])


def api_url(conversation_id: str) -> str:
    """The conversation as programs read it."""
    return f"/api/conversations/{conversation_id}"
