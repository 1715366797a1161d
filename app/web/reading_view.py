"""How a query was read, in words, for the line above the results. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from app.language import gettext as _
from app.language import marked
from app.search.query import And, Filter, Node, Not, Or, Phrase, Prefix, Said, Word, unparse

SAID_BY: Final = {
    "visitor": marked("by the visitor"),
    "agent": marked("by the agent"),
    "automatic": marked("automatically"),
}


class ReadPart(Struct, frozen=True):
    """A piece of how the query was read: kind is word, without or glue."""

    kind: str
    text: str


def read_as(node: Node | None) -> Iterator[ReadPart]:
    """How the text was read, in words; nothing when there is nothing to explain."""
    if node is not None:
        yield from _read(node, "word")


def _read(node: Node, kind: str) -> Iterator[ReadPart]:
    match node:
        case Word() | Phrase() | Prefix():
            yield ReadPart(kind, unparse(node))
        case Filter(operator, value):
            yield ReadPart(kind, f"{operator} {value}")
        case Said(role, inner):
            yield from _read(inner, kind)
            yield ReadPart("glue", _(SAID_BY[role]))
        case Not(inner):
            yield ReadPart("glue", _("without"))
            yield from _read(inner, "without")
        case And(nodes) | Or(nodes):
            yield from _read_several(nodes, kind, all_of_them=isinstance(node, And))


def _read_several(nodes: Sequence[Node], kind: str, *, all_of_them: bool) -> Iterator[ReadPart]:
    for number, part in enumerate(nodes):
        if number and not all_of_them:
            yield ReadPart("glue", _("or"))
        elif number and not isinstance(part, Not):
            yield ReadPart("glue", _("and"))
        nested = isinstance(part, And | Or)
        if nested:
            yield ReadPart("glue", "(")
        yield from _read(part, kind)
        if nested:
            yield ReadPart("glue", ")")
