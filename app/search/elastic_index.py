"""The index on Elasticsearch: its names, its mapping, and documents in its shape. Pure.

The alias ``shop`` names the generation that serves, which is an index such as ``shop-g17``. What
our searches need is tokens, made by our analyzer and only split at spaces by the server; beside
them stands what people read and chart with tools of its vendor.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from app.search.elastic_body import DEEPEST
from app.search.engine import Document, Gone
from app.search.fields import (
    FIELDS_OF,
    FOLDED,
    KEYWORD_FIELDS,
    MESSAGE_GAP,
    SETS,
    TEXT_FIELDS,
    together,
)

MAPPING_VERSION: Final = 3
"""Raise it when the mapping changes; an index of another is built anew."""
MAKER: Final = "transcript-portal"
Properties = Mapping[str, Any]


class Layout(Struct, frozen=True):
    """How an index is laid out: what is fixed when it is made, and what can change later.

    ``replicas`` None lets the cluster keep one copy as soon as it has a second node. ``refresh`` is
    the seconds after which what was written can be found.
    """

    shards: int = 1
    replicas: int | None = None
    refresh: float = 1.0
    readable: bool = True


class Owner(Struct, frozen=True):
    """What an index says of itself: who made it, for which archive, with what.

    It is kept in the mapping; any index without it is not ours.
    """

    archive: str
    stamp: str
    mapping: int = MAPPING_VERSION
    shards: int = 1
    readable: bool = True
    maker: str = MAKER

    def fits(self, layout: Layout) -> bool:
        """Whether an index that says so is laid out as it shall be."""
        said = (self.mapping, self.shards, self.readable)
        return said == (MAPPING_VERSION, layout.shards, layout.readable)


def owner_in(mapping: Mapping[str, Any]) -> Owner | None:
    """What a mapping says of its owner; None when it is not ours."""
    try:
        owner = msgspec.convert(mapping.get("_meta"), Owner)
    except msgspec.ValidationError:
        return None
    return owner if owner.maker == MAKER else None


def generation_name(alias: str, number: int) -> str:
    """The index of a generation."""
    return f"{alias}-g{number}"


def generation_number(alias: str, index: str) -> int:
    """Which generation an index is; 0 when its name is none of ours."""
    found = re.fullmatch(rf"{re.escape(alias)}-g([1-9][0-9]{{0,17}})", index)
    return int(found[1]) if found else 0


def index_body(owner: Owner, layout: Layout) -> dict[str, Any]:
    """A new index while it is filled: nobody searches it, so it has no copies and no refreshes."""
    return {
        "settings": {
            "index": {
                "number_of_shards": layout.shards,
                "number_of_replicas": 0,
                "auto_expand_replicas": "false",
                "refresh_interval": "-1",
                "max_result_window": DEEPEST,
            }
        },
        "mappings": {
            "_meta": msgspec.to_builtins(owner),
            "dynamic": "strict",
            "_source": {"excludes": list(TEXT_FIELDS)},
            "properties": properties(readable=layout.readable),
        },
    }


def serving_settings(layout: Layout) -> dict[str, str]:
    """What an index is set to once it serves; all of it can be changed while it does."""
    copies = layout.replicas
    return {
        "index.refresh_interval": f"{round(layout.refresh * 1000)}ms",
        "index.auto_expand_replicas": "0-1" if copies is None else "false",
        **({} if copies is None else {"index.number_of_replicas": str(copies)}),
    }


def properties(*, readable: bool) -> Properties:
    """The fields, each with its type; written as the server gives them back."""
    keyword = {"type": "keyword"}
    date = {"type": "date"}
    words = {name: _words(name) for name in TEXT_FIELDS}
    transcript = {"type": "text"} if readable else {"type": "text", "index": False}
    return {
        "sort_key": {"type": "long"},
        "begin": date,
        "end": date,
        **dict.fromkeys(KEYWORD_FIELDS, keyword),
        **dict.fromkeys(("agent_name", "visitor_name", "visitor_email"), keyword),
        "messages": {"type": "integer"},
        "transcript": transcript,
        **words,
    }


def _words(name: str) -> Properties:
    """A field of tokens. Only the running text tells how much of a text a word is."""
    kind: dict[str, Any] = {"type": "text", "analyzer": "whitespace"}
    if name.endswith(SETS):
        return kind | {"norms": False, "index_options": "docs"}
    kind |= {"position_increment_gap": MESSAGE_GAP + 1}
    return kind if name.endswith(FOLDED) else kind | {"norms": False}


def source_of(document: Document) -> dict[str, Any]:
    """A document as the server takes it."""
    told = document.readable
    return {
        "sort_key": document.sort_key,
        "begin": document.begin_ms,
        "end": told.end_ms,
        **document.keywords,
        "agent_name": told.agents,
        "visitor_name": told.visitor,
        "visitor_email": told.email,
        "messages": told.messages,
        "transcript": told.transcript,
        **_tokens(document),
    }


def _tokens(document: Document) -> dict[str, Any]:
    """Per field its texts, tokens joined by spaces; a text without tokens adds no value."""
    values: dict[str, Any] = {}
    for place, found in document.texts.items():
        folded, whole, stemmed, singles = FIELDS_OF[place]
        values[folded] = [text.folded for text in found]
        values[whole] = [text.whole for text in found if text.whole]
        values[stemmed] = document.forms.get(place, "")
        values[singles] = together([text.singles for text in found])
    return {name: value for name, value in values.items() if value}


class Line(Struct, frozen=True):
    """What one entry adds to a bulk: its bytes, and the conversation and change they are of."""

    id: str
    change: int
    body: bytes


def bulk_lines(entries: Iterable[Document | Gone]) -> Iterable[Line]:
    """Entries as lines of a bulk. A version of a greater change is never replaced."""
    for entry in entries:
        target = {"_id": entry.id, "version": entry.change, "version_type": "external_gte"}
        if isinstance(entry, Gone):
            yield Line(entry.id, entry.change, _encode({"delete": target}) + b"\n")
        else:
            source = _encode(source_of(entry))
            yield Line(entry.id, entry.change, b"%b\n%b\n" % (_encode({"index": target}), source))


_encode: Final = msgspec.json.Encoder().encode
