"""Marks: which words of which text made a conversation a hit.

Only branches of the query that hold are marked, so an excluded word never is, nor the half of an
alternative that failed. The same tokens are compared as in the index; marks are code points of
the text as it was sent. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from msgspec import Struct

from app.search.clauses import (
    All,
    AnyOf,
    Began,
    Beginning,
    Clause,
    Inflection,
    Keyword,
    Leaf,
    Neighbours,
    Readings,
    Term,
    Without,
)
from app.search.cluster import Cluster, Mark, nearest
from app.search.inflected import Inflecting
from app.search.looking import Gathered, Looked, Shared, Sharing
from app.search.text import Token


class Passage(Struct, frozen=True, gc=False):
    """A text that can be found: its place, and the number of its message (None for a fact).

    ``languages`` are those in which its words have forms. ``fact`` is the kind of a fact, and
    ``label`` what it was sent under, if anything.
    """

    place: str
    text: str
    number: int | None
    languages: tuple[str, ...] = ()
    fact: str = ""
    label: str = ""


class Subject(Struct, frozen=True):
    """A conversation as a query sees it: its texts, its keywords, its begin."""

    passages: tuple[Passage, ...]
    keywords: Mapping[str, tuple[str, ...]]
    begin_ms: int


class Part(Struct, frozen=True, gc=False):
    """A stretch of text, marked or not; parts joined give the text again."""

    text: str
    hit: bool


Marks = Mapping[int, tuple[tuple[int, int], ...]]
"""Index of a passage to its marked stretches (start, end), in order and not touching."""


@dataclass(frozen=True)
class Highlight:
    """Where a query stands in the passages of one conversation."""

    passages: tuple[Passage, ...]
    marks: Marks
    words: Mapping[int, Sequence[Mark]] = field(default_factory=dict)
    """The same stretches by the word of the query that each is; they may overlap."""

    @property
    def hits(self) -> tuple[int, ...]:
        """Numbers of the messages with at least one mark."""
        return tuple(sorted(self._places))

    def parts_of(self, number: int) -> tuple[Part, ...] | None:
        """One message cut into parts; None when the query stands nowhere in it."""
        index = self._places.get(number)
        return None if index is None else cut(self.passages[index].text, self.marks[index])

    def marks_in(self, number: int) -> int:
        """How many stretches of one message are marked."""
        index = self._places.get(number)
        return 0 if index is None else len(self.marks[index])

    @cached_property
    def clusters(self) -> Mapping[int, Cluster]:
        """Number of a marked message to the nearest cluster of different words in it."""
        return {number: nearest(self.words[index]) for number, index in self._places.items()}

    @property
    def telling_facts(self) -> tuple[int, ...]:
        """Indexes of the passages of facts that hold a word of the query which no message has."""
        said = {mark.word for index in self._places.values() for mark in self.words[index]}
        return tuple(
            index
            for index in self.marks
            if self.passages[index].number is None
            and any(mark.word not in said for mark in self.words[index])
        )

    @cached_property
    def _places(self) -> Mapping[int, int]:
        """Number of a marked message to the index of its passage."""
        numbers = ((self.passages[index].number, index) for index in self.marks)
        return {number: index for number, index in numbers if number is not None}


class Highlighter:
    """Looks for the words of a clause in one conversation after another.

    ``inflecting`` is what gave the clause its forms.
    """

    def __init__(self, clause: Clause, inflecting: Inflecting | None = None) -> None:
        self._clause, self._shared = clause, Shared(inflecting)

    def look(self, subject: Subject) -> Highlight:
        """Where the words stand; a conversation that the clause does not find has no marks."""
        found = _Finder(subject, self._shared).find(self._clause) or {}
        marks = {index: _merged(found[index]) for index in sorted(found)}
        return Highlight(subject.passages, marks, found)


def cut(text: str, stretches: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    """A text cut at its marked stretches, which are in order and do not overlap."""
    parts: list[Part] = []
    at = 0
    for start, end in stretches:
        if start > at:
            parts.append(Part(text[at:start], hit=False))
        parts.append(Part(text[start:end], hit=True))
        at = end
    if at < len(text):
        parts.append(Part(text[at:], hit=False))
    return tuple(parts)


def _merged(marks: Sequence[Mark]) -> tuple[tuple[int, int], ...]:
    """Their stretches in order, overlapping or touching ones as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((mark.start, mark.end) for mark in marks):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


_Found = dict[int, list[Mark]]
"""Marks of a clause that holds, by passage."""


class _Finder:
    """Evaluates clauses over one conversation: None when one fails, else its marks."""

    def __init__(self, subject: Subject, shared: Shared) -> None:
        self._subject, self._shared = subject, shared
        self._numbers: dict[Clause, int] = {}
        self._gathered = _gather(subject.passages)

    def find(self, clause: Clause) -> _Found | None:
        match clause:
            case Without(inner):
                return {} if self.find(inner) is None else None
            case All(clauses):
                return _joined_if_all([self.find(part) for part in clauses])
            case Readings():
                return self._word(clause, self._number(clause))
            case AnyOf(clauses):
                return _joined([self.find(part) for part in clauses])
            case _:
                return self._leaf(clause, self._number(clause))

    def _word(self, clause: Clause, word: int) -> _Found | None:
        """Where one word or phrase stands in any of its readings and forms."""
        if isinstance(clause, AnyOf):
            return _joined([self._word(part, word) for part in clause.clauses])
        return self._leaf(clause, word) if isinstance(clause, Leaf) else self.find(clause)

    def _number(self, clause: Clause) -> int:
        """The number of a word of the query; the same word asked twice has one."""
        return self._numbers.setdefault(clause, len(self._numbers))

    def _leaf(self, clause: Leaf, word: int) -> _Found | None:
        match clause:
            case Term(token, places):
                return self._tokens(places, token, word, whole=True)
            case Inflection(forms, places):
                return self._inflections(places, forms, word)
            case Beginning(prefix, places):
                return self._tokens(places, prefix, word, whole=False)
            case Neighbours(tokens, places):
                return self._neighbours(places, tokens, word)
            case Keyword(field, value):
                return {} if value in self._subject.keywords.get(field, ()) else None
            case Began(since, until):
                return {} if self._began(since, until) else None

    def _began(self, since: int | None, until: int | None) -> bool:
        begin = self._subject.begin_ms
        return (since is None or begin >= since) and (until is None or begin < until)

    def _tokens(
        self, places: tuple[str, ...], piece: str, word: int, *, whole: bool
    ) -> _Found | None:
        """Where a token stands, or tokens that it begins."""
        found: _Found = {}
        for index, looked in self._within(places, (piece,)):
            marks = [
                Mark(token.start, token.end, word)
                for token in looked.tokens_beginning(piece)
                if not whole or token.text == piece
            ]
            if marks:
                found[index] = marks
        return found or None

    def _inflections(
        self, places: tuple[str, ...], wanted: tuple[str, ...], word: int
    ) -> _Found | None:
        """Where words stand that have one of some forms."""
        found: _Found = {}
        for gathered in self._gathered:
            if gathered.place not in places:
                continue
            for language in gathered.languages:
                sharing = self._shared.of(language, wanted)
                if sharing is not None:
                    _add_marks(found, gathered, sharing, word)
        return found or None

    def _neighbours(
        self, places: tuple[str, ...], tokens: tuple[str, ...], word: int
    ) -> _Found | None:
        found: _Found = {}
        for index, looked in self._within(places, tokens):
            marks = [
                Mark(reading[at].start, reading[at + len(tokens) - 1].end, word)
                for reading in looked.readings()
                for at in _places_of(tokens, reading)
            ]
            if marks:
                found[index] = marks
        return found or None

    def _within(
        self, places: tuple[str, ...], tokens: tuple[str, ...]
    ) -> Iterator[tuple[int, Looked]]:
        """The passages of some places that may hold tokens, or what begins with them."""
        for gathered in self._gathered:
            if gathered.place in places:
                yield from gathered.holding(tokens)


def _gather(passages: Sequence[Passage]) -> Sequence[Gathered]:
    """Passages by place and languages."""
    gathered: dict[tuple[str, tuple[str, ...]], Gathered] = {}
    for index, passage in enumerate(passages):
        key = passage.place, passage.languages
        if key not in gathered:
            gathered[key] = Gathered(*key)
        gathered[key].add(index, passage.text)
    return [*gathered.values()]


def _add_marks(found: _Found, gathered: Gathered, sharing: Sharing, word: int) -> None:
    """Add where words stand that share some forms."""
    for index, looked in gathered.holding_any(sharing.beginnings):
        marks = [Mark(token.start, token.end, word) for token in looked.tokens_of(sharing)]
        if marks:
            found.setdefault(index, []).extend(marks)


def _places_of(tokens: tuple[str, ...], reading: tuple[Token, ...]) -> Iterator[int]:
    for at in range(len(reading) - len(tokens) + 1):
        if all(reading[at + step].text == token for step, token in enumerate(tokens)):
            yield at


def _joined(parts: Sequence[_Found | None]) -> _Found | None:
    """The marks of those that were found; None when none was."""
    held = [part for part in parts if part is not None]
    return _joined_if_all(held) if held else None


def _joined_if_all(parts: Sequence[_Found | None]) -> _Found | None:
    joined: _Found = {}
    for part in parts:
        if part is None:
            return None
        for index, marks in part.items():
            joined.setdefault(index, []).extend(marks)
    return joined
