"""The tree of a query and its text: ``unparse`` is the mirror of ``parser.parse``.

The text of a tree is canonical: parsing it gives the same tree again. Links, chips and saved
searches are made of it. No engine ever sees it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

_SAFE_VALUE: Final = re.compile(r"-?\w+(?:-\w+)*")


class Word(Struct, frozen=True, tag=True):
    """A word as typed; a compound is one word."""

    text: str


class Phrase(Struct, frozen=True, tag=True):
    """Words side by side in one message."""

    text: str


class Prefix(Struct, frozen=True, tag=True):
    """Words that begin so; without the star."""

    text: str


class Filter(Struct, frozen=True, tag=True):
    """A value of a facet, or a date in ISO form: ``operator`` is rating, by, before …"""

    operator: str
    value: str


class Said(Struct, frozen=True, tag=True):
    """What stands inside counts only where ``role`` wrote it."""

    role: str
    node: "Node"


class Not(Struct, frozen=True, tag=True):
    """Conversations that do not match what stands inside."""

    node: "Node"


class And(Struct, frozen=True, tag=True):
    """All of them. As a part of another it stands in brackets and holds a filter: filters inside
    brackets mean *and*, while several of one field outside of them mean *or*."""

    nodes: "tuple[Node, ...]"


class Or(Struct, frozen=True, tag=True):
    """Any of at least two."""

    nodes: "tuple[Node, ...]"


Node = Word | Phrase | Prefix | Filter | Said | Not | And | Or


@lru_cache(maxsize=256)
def unparse(node: Node | None) -> str:
    """The canonical text of a node; empty for None."""
    if node is None:
        return ""
    if isinstance(node, And):
        return " ".join(
            _operand(part) if isinstance(part, And) else unparse(part) for part in node.nodes
        )
    if isinstance(node, Or):
        return " OR ".join(_operand(part) for part in node.nodes)
    return _operand(node)


def _operand(node: Node) -> str:
    match node:
        case Word(text):
            return text
        case Phrase(text):
            return f'"{text}"'
        case Prefix(text):
            return f"{text}*"
        case Filter(operator, value):
            quote = "" if _SAFE_VALUE.fullmatch(value) else '"'
            return f"{operator}:{quote}{value}{quote}"
        case Said(role, inner):
            text = _operand(inner)
            simple = isinstance(inner, Word | Phrase | Prefix) and not text.startswith("//")
            return f"{role}:{text}" if simple or text.startswith("(") else f"{role}:({text})"
        case Not(inner):
            return f"-{_operand(inner)}"
        case And() | Or():
            return f"({unparse(node)})"


def leaves(node: Node | None) -> Iterator[Word | Phrase | Prefix | Filter]:
    """The words, phrases, prefixes and filters of a query, from left to right."""
    match node:
        case Word() | Phrase() | Prefix() | Filter():
            yield node
        case Said(_, inner) | Not(inner):
            yield from leaves(inner)
        case And(nodes) | Or(nodes):
            for part in nodes:
                yield from leaves(part)


def top_level(node: Node | None) -> tuple[Node, ...]:
    """The parts of which all must match."""
    if node is None:
        return ()
    return node.nodes if isinstance(node, And) else (node,)


def all_of(nodes: Sequence[Node]) -> Node | None:
    """One node that wants all of these; None for none. Brackets that change nothing go."""
    flat = tuple(part for node in nodes for part in _without_brackets(node))
    if len(flat) == 1 and not isinstance(flat[0], And):
        return flat[0]
    return And(flat) if flat else None


def _without_brackets(node: Node) -> tuple[Node, ...]:
    if isinstance(node, And) and not any(isinstance(part, Filter) for part in node.nodes):
        return node.nodes
    return (node,)
