"""What every engine is held to: the list of engines, and conversations written by hand.

An engine joins the whole contract with one line in ``ENGINES``. Nothing here knows a vendor.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import pytest
from elastic_world import open_elastic

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Conversation, Visit
from app.flatten import flatten, sort_key
from app.search.embedded import EmbeddedEngine
from app.search.engine import Document, Engine, Results
from app.search.inflected import NOTHING_SPOKEN, Spoken
from app.search.parameters import SearchQuery

OpenEngine = Callable[[Path], Engine]
"""Opens the engine of a folder; a second one on the same folder is another reader of its index."""

ENGINES: Final[Mapping[str, OpenEngine]] = {
    "embedded": EmbeddedEngine,
    "elasticsearch": open_elastic,
}
every_engine: Final = pytest.mark.parametrize(
    "open_engine", [pytest.param(opening, id=name) for name, opening in ENGINES.items()]
)

STAMP: Final = "stamp of the contract"
BEGIN: Final = 1_700_000_000_000
"""When conversations begin that say nothing of it; no test depends on the day."""
DEADLINE: Final = 10.0
"""Seconds until a reader must have seen what was written; it takes a twentieth of one."""
_AGENT: Final = "Jonas Muster"
_SENDERS: Final[Mapping[str, dict[str, str]]] = {
    "visitor": {"type": "visitor", "from": "visitor:m"},
    "agent": {"type": "agent", "from": "agent:3", "name": _AGENT},
    "automatic": {"type": "agent", "from": "system", "name": "", "triggeredBy": "Greeting"},
    "system": {"type": "system", "from": "system"},
    "other": {"type": "hologram", "from": "somewhere"},
}

_Seen = TypeVar("_Seen")


def conversation(
    name: str,
    said: Sequence[str] = (),
    *,
    begin: int = BEGIN,
    channel: Mapping[str, object] | None = None,
    agents: Sequence[str] = (),
    visitor: Mapping[str, object] | None = None,
) -> Conversation:
    """A conversation of one short name, from lines such as ``visitor: hello`` and ``fact: VIP``.

    Facts become shop variables; each of ``agents`` says one word, ``yes``.
    """
    lines = [line.split(": ", 1) for line in said]
    messages = [_SENDERS[who] | {"content": text} for who, text in lines if who != "fact"]
    messages += [_SENDERS["agent"] | {"content": "yes", "name": agent} for agent in agents]
    flags = dict(channel or {})
    payload = {
        "accountId": 1,
        "beginAt": begin,
        "channel": {"id": name} | flags,
        "visitor": {
            "countryCode": flags.get("country"),
            "group": flags.get("group"),
            "variables": {
                str(number): {"label": "-", "value": text}
                for number, (who, text) in enumerate(lines)
                if who == "fact"
            },
            **(visitor or {}),
        },
        "messages": messages,
    }
    return read_conversation(json.dumps(payload).encode())


def document(
    talk: Conversation, visit: Visit = Visit.FIRST, spoken: Spoken = NOTHING_SPOKEN
) -> Document:
    """The document of a conversation at its own place in time."""
    return flatten(talk, sort_key(talk.id, talk.identity.begin_ms), visit, spoken=spoken)


def said(name: str, *lines: str, begin: int = BEGIN) -> Document:
    """The document of a conversation with these lines."""
    return document(conversation(name, lines, begin=begin))


def serving(open_engine: OpenEngine, folder: Path, documents: Sequence[Document] = ()) -> Engine:
    """An engine whose first generation holds these documents."""
    engine = open_engine(folder)
    engine.rebuild(documents, STAMP, lambda: len(documents))
    return engine


def stamp(engine: Engine) -> str | None:
    """The stamp of the generation that serves."""
    present = engine.serving()
    return None if present is None else present.stamp


def ask(
    text: str = "", params: Mapping[str, str | Sequence[str]] | None = None, *, zone: str = "UTC"
) -> SearchQuery:
    """The query of a text and other parameters, as a browser would send them."""
    lists = {"q": [text]}
    for name, values in (params or {}).items():
        lists[name] = [values] if isinstance(values, str) else list(values)
    return SearchQuery.from_params(lists, ZoneInfo(zone))


def names(results: Results) -> list[str]:
    """The short names of the conversations on a page, in order."""
    return [hit.id.split("-")[1] for hit in results.hits]


def found(engine: Engine, text: str = "") -> list[str]:
    """The short names of what a text finds, sorted."""
    return sorted(names(engine.search(ask(text, {"per_page": "100"}))))


def eventually(look: Callable[[], _Seen], wanted: _Seen) -> _Seen:
    """What ``look`` sees once that is what is wanted, or last before the deadline."""
    deadline = time.monotonic() + DEADLINE
    pause = threading.Event()
    while (seen := look()) != wanted and time.monotonic() < deadline:
        pause.wait(0.005)
    return seen
