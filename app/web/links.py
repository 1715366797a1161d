"""Addresses of the portal, made in one place; templates never glue one."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from app.search.parameters import SearchQuery

HOME: Final = "/"
SEARCH: Final = "/search"
HIT: Final = "hit"
"""Parameter of a timeline: which hit is the current one, from 1."""
PART: Final = "part"
"""Parameter of a long timeline: which stretch of its messages, from 1."""
EVENTS: Final = "events"
"""Parameter of a timeline: ``no`` hides the events."""
QUARANTINE: Final = "/quarantine"
FROM_BYTE: Final = "from"
"""Parameter of a hook in quarantine: the first byte that is shown."""

Pairs = Sequence[tuple[str, str]]


def with_params(path: str, pairs: Pairs, fragment: str = "") -> str:
    """A path with parameters in the order given, and a fragment."""
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    return f"{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return quote(text, safe="")


def search_url(query: SearchQuery) -> str:
    """The page of a search; the plain list of everything is the home page."""
    pairs = query.to_params()
    return with_params(SEARCH if pairs else HOME, pairs)


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


def message_url(conversation_id: str, message: int, pairs: Pairs = ()) -> str:
    """The permalink of a message."""
    return with_params(f"/conversations/{conversation_id}/messages/{message}", pairs)


def quarantined_url(hook: int, offset: int = 0) -> str:
    """The bytes of a hook in quarantine, from an offset on."""
    return with_params(f"{QUARANTINE}/{hook}", [(FROM_BYTE, str(offset))] if offset else [])


def raw_url(conversation_id: str) -> str:
    """The hook behind a conversation, byte for byte."""
    return f"/conversations/{conversation_id}/raw"
