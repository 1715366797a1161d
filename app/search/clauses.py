"""A query made of what the index holds: tokens, sequences, prefixes, keywords and instants.

Engines translate clauses to their own queries, the highlighter looks for them in texts. What an
operator means is decided here, once, for all of them. Pure.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.search.inflected import Inflecting, without_particle, words_of
from app.search.operators import DATES, FILTERS, ROLES
from app.search.parameters import SearchQuery
from app.search.query import And, Filter, Node, Not, Or, Phrase, Prefix, Said, Word
from app.search.text import analyze, is_unspaced, terms
from app.search.values import filter_keyword

FACTS: Final = "facts"
"""The place of what nobody said: names, notes, pages, variables, rating comments."""
EVERYWHERE: Final = (*ROLES, FACTS)
VISITOR_KEY: Final = "visitor_key"
"""The keyword of whose conversation it is."""
_DAY_MS: Final = 24 * 3600 * 1000


class Term(Struct, frozen=True, tag=True):
    """One token in one of ``places``, in either reading."""

    token: str
    places: tuple[str, ...] = EVERYWHERE


class Neighbours(Struct, frozen=True, tag=True):
    """At least two tokens side by side in one text of one of ``places``, in either reading."""

    tokens: tuple[str, ...]
    places: tuple[str, ...] = EVERYWHERE


class Beginning(Struct, frozen=True, tag=True):
    """A token that begins so, in one of ``places``, in either reading."""

    prefix: str
    places: tuple[str, ...] = EVERYWHERE


class Inflection(Struct, frozen=True, tag=True):
    """A word in ``places`` that has any of some forms."""

    forms: tuple[str, ...]
    places: tuple[str, ...] = ROLES


class Keyword(Struct, frozen=True, tag=True):
    """A keyword field has this very value."""

    field: str
    value: str


class Began(Struct, frozen=True, tag=True):
    """Begun from ``since`` (inclusive) to ``until`` (exclusive), in ms since 1970; None is open."""

    since: int | None
    until: int | None


class All(Struct, frozen=True, tag=True):
    """Every one of them; of none, everything."""

    clauses: "tuple[Clause, ...]"


class AnyOf(Struct, frozen=True, tag=True):
    """At least one of them; of none, nothing."""

    clauses: "tuple[Clause, ...]"


class Readings(AnyOf, frozen=True, tag=True):
    """At least one of the readings and forms of one word or phrase."""


class Without(Struct, frozen=True, tag=True):
    """Everything that the clause does not find."""

    clause: "Clause"


Leaf = Term | Inflection | Neighbours | Beginning | Keyword | Began
Clause = Leaf | All | AnyOf | Readings | Without


def clause_of(query: SearchQuery, *, leaving_out: str = "") -> Clause:
    """All that a search asks for, its text, filters and days; one filter may be left out."""
    parts = [] if query.node is None else [text_clause(query)]
    parts += [
        filter_clause(name, values) for name, values in query.filters.items() if name != leaving_out
    ]
    if query.visitor:
        parts.append(Keyword(VISITOR_KEY, query.visitor))
    if query.since or query.until:
        parts.append(days_clause(query.since, query.until, query.zone))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def text_clause(query: SearchQuery) -> Clause:
    """What the text of a query asks for; of none, everything."""
    if query.node is None:
        return All(())
    return _Text(query.zone, query.inflecting).clause(query.node, EVERYWHERE)


class _Text:
    """Translates nodes; ``places`` is where their words may stand."""

    def __init__(self, zone: ZoneInfo, inflecting: Inflecting | None) -> None:
        self._zone, self._inflecting = zone, inflecting

    def clause(self, node: Node, places: tuple[str, ...]) -> Clause:
        match node:
            case Word(text):
                return self._word(text, places)
            case Phrase(text):
                return _readings(text, places)
            case Prefix(text):
                return _beginning(text, places)
            case Filter(operator, value):
                return _filter(operator, value, self._zone)
            case Said(role, inner):
                return self.clause(inner, (role,))
            case Not(inner):
                return Without(self.clause(inner, places))
            case And(nodes):
                return All(tuple(self.clause(part, places) for part in nodes))
            case Or(nodes):
                return AnyOf(tuple(self.clause(part, places) for part in nodes))

    def _word(self, text: str, places: tuple[str, ...]) -> Clause:
        """A word as it stands, or in another of its forms where people said it."""
        exact = _readings(text, places)
        bare = without_particle(text)
        if bare:
            return Readings((exact, _readings(bare, places)))
        words = words_of(text, terms(text))
        if self._inflecting is None or len(words) != 1 or not isinstance(exact, Term):
            return exact
        forms = self._inflecting.forms_everywhere(words[0])
        spoken = tuple(place for place in places if place in ROLES)
        return Readings((exact, Inflection(forms, spoken))) if forms and spoken else exact


def filter_clause(name: str, values: Sequence[str]) -> Clause:
    """Any of the chosen values of a filter."""
    keywords = tuple(Keyword(name, filter_keyword(name, value)) for value in values)
    return keywords[0] if len(keywords) == 1 else AnyOf(keywords)


def days_clause(since: date | None, until: date | None, zone: ZoneInfo) -> Began:
    """Begun on one of these days, both included, in ``zone``."""
    return Began(
        None if since is None else midnight(since, zone),
        None if until is None else midnight(until, zone, days_later=1),
    )


def midnight(day: date, zone: ZoneInfo, *, days_later: int = 0) -> int:
    """The instant, in ms since 1970, at which a day (or one after it) begins in ``zone``.

    Where Python's calendar ends, the day is taken as one of UTC.
    """
    try:
        start = datetime.combine(day + timedelta(days=days_later), time(), zone)
        return int(start.astimezone(UTC).timestamp() * 1000)
    except OverflowError:
        return (day.toordinal() - date(1970, 1, 1).toordinal() + days_later) * _DAY_MS


def _filter(operator: str, value: str, zone: ZoneInfo) -> Clause:
    if operator in DATES:
        day = date.fromisoformat(value)
        return days_clause(day, None, zone) if operator == "after" else days_clause(None, day, zone)
    return filter_clause(FILTERS[operator], (value,))


def _readings(text: str, places: tuple[str, ...]) -> Clause:
    """A word or phrase in the reading by parts or in the one by wholes."""
    found = terms(text)
    readings = [found.folded, *([found.whole] if found.whole else [])]
    clauses = tuple(_run(reading, places) for reading in readings)
    return clauses[0] if len(clauses) == 1 else Readings(clauses)


def _run(tokens: tuple[str, ...], places: tuple[str, ...]) -> Clause:
    return Term(tokens[0], places) if len(tokens) == 1 else Neighbours(tokens, places)


def _beginning(text: str, places: tuple[str, ...]) -> Clause:
    """A prefix: of a word, or of a compound's whole; an unspaced run contains its beginnings."""
    joined = tuple(token.text for token in analyze(text).joined)
    if is_unspaced(joined[-1]) and len(joined[-1]) > 1:
        return _run(joined, places)
    if len(joined) > 1:
        return All((_run(joined[:-1], places), Beginning(joined[-1], places)))
    return Beginning(joined[0], places)
