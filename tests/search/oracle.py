"""What a search must find, in plain Python over lists: the judge of every engine.

It shares with the portal only the tokens of a text and the parsed query. What words, phrases,
prefixes, roles, filters and days mean, how facets are counted and how results are ordered is
written here a second time, slowly and simply, and must never call the code that it judges.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from oracle_calendar import histogram_of, local_day

from app.search.engine import Around, Document, FacetValue, Hit, Results, Words
from app.search.folding import fold
from app.search.inflected import Inflecting, words_of
from app.search.parameters import SearchQuery, Sort
from app.search.query import And, Filter, Node, Not, Or, Phrase, Prefix, Said, Word
from app.search.text import Terms, is_unspaced, terms

PLACES: Final = ("visitor", "agent", "automatic", "facts")
FACETS: Final = ("rating", "outcome", "country", "language", "agent", "group", "visit")
PARTICLES: Final = (
    *"은는이가을를의에와과도로만",
    *[
        "에서",
        "에게",
        "으로",
        "까지",
        "부터",
        "처럼",
        "보다",
        "한테",
        "하고",
        "이나",
        "라도",
        "마저",
        "조차",
    ],
)
FIELD_OF: Final = {"by": "agent"}
"""Operators that are named otherwise than the keyword they ask for."""


class Oracle:
    """The right answers for one set of documents."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = tuple(documents)

    def search(self, query: SearchQuery) -> Results:
        """What an engine must answer, to the last count; relevance is no order it can judge."""
        assert query.sort is not Sort.RELEVANCE
        worded = [document for document in self._documents if _worded(query, document)]
        found = [document for document in worded if _chosen(query.filters, document)]
        return Results(
            total=len(found),
            hits=_page(query, found),
            facets={name: _facet(name, query, worded) for name in FACETS},
            histogram=histogram_of(
                [document.begin_ms for document in found], query.since, query.until, query.zone
            ),
        )

    def around(self, query: SearchQuery, sort_key: int) -> Around | None:
        """Where the document of a sort key stands in the whole list of results."""
        hits = self.hits(query)
        place = next((n for n, hit in enumerate(hits) if hit.sort_key == sort_key), None)
        if place is None:
            return None
        before = hits[place - 1] if place else None
        after = hits[place + 1] if place + 1 < len(hits) else None
        return Around(place + 1, len(hits), before, after)

    def hits(self, query: SearchQuery) -> list[Hit]:
        """All results of a search in its order of time, whatever its page."""
        found = self.ids(query)
        hits = [Hit(one.id, one.sort_key) for one in self._documents if one.id in found]
        newest_first = query.sort is not Sort.OLDEST
        return sorted(hits, key=lambda hit: hit.sort_key or 0, reverse=newest_first)

    def ids(self, query: SearchQuery) -> frozenset[str]:
        """All conversations that a search finds, on whatever page."""
        return frozenset(
            document.id
            for document in self._documents
            if _worded(query, document) and _chosen(query.filters, document)
        )


def holds(
    node: Node,
    document: Document,
    zone: ZoneInfo,
    places: Sequence[str] = PLACES,
    inflecting: Inflecting | None = None,
) -> bool:
    """Whether a document fits a query, its words looked for in ``places`` only."""
    match node:
        case Word(text):
            return _says_a_form(text, document, places, inflecting)
        case Phrase(text):
            return _says(text, _texts(document, places))
        case Prefix(text):
            return _begins(text, _texts(document, places))
        case Filter(operator, value):
            return _filtered(operator, value, document, zone)
        case Said(role, inner):
            return holds(inner, document, zone, (role,), inflecting)
        case Not(inner):
            return not holds(inner, document, zone, places, inflecting)
        case And(nodes):
            return all(holds(part, document, zone, places, inflecting) for part in nodes)
        case Or(nodes):
            return any(holds(part, document, zone, places, inflecting) for part in nodes)


def _worded(query: SearchQuery, document: Document) -> bool:
    """Whether words and days fit; facets ask without their own filter, never without these."""
    day = local_day(document.begin_ms, query.zone)
    if query.since is not None and day < query.since:
        return False
    if query.until is not None and day > query.until:
        return False
    if query.visitor and query.visitor not in document.keywords["visitor_key"]:
        return False
    node, inflecting = query.node, query.inflecting
    return node is None or holds(node, document, query.zone, inflecting=inflecting)


def _chosen(filters: Mapping[str, Sequence[str]], document: Document) -> bool:
    """Any value of each filter."""
    return all(
        any(_has(document, name, value) for value in values) for name, values in filters.items()
    )


def _filtered(operator: str, value: str, document: Document, zone: ZoneInfo) -> bool:
    day = local_day(document.begin_ms, zone).isoformat()
    if operator == "after":
        return day >= value
    if operator == "before":
        return day <= value
    return _has(document, FIELD_OF.get(operator, operator), value)


def _has(document: Document, name: str, value: str) -> bool:
    """Whether a keyword is there; names of people are compared folded and whole."""
    return _compared(name, value) in document.keywords[name]


def _compared(name: str, value: str) -> str:
    return " ".join(fold(value).split()) if name == "agent" else value


def _texts(document: Document, places: Sequence[str]) -> list[Terms]:
    return [_terms(text) for place in places for text in document.texts.get(place, ())]


@cache
def _terms(text: Words) -> Terms:
    return Terms(*(tuple(tokens.split()) for tokens in (text.folded, text.whole, text.singles)))


def _says_a_form(
    text: str, document: Document, places: Sequence[str], inflecting: Inflecting | None
) -> bool:
    """A word stands as it is, without its Korean particle, or in a form that somebody said."""
    texts = _texts(document, places)
    if _says(text, texts):
        return True
    whole = fold(text)
    bares = {whole.removesuffix(particle) for particle in PARTICLES} - {whole}
    if any(_is_korean(bare) and _says(bare, texts) for bare in bares):
        return True
    words = words_of(text, terms(text))
    if inflecting is None or len(words) != 1 or len(terms(text).folded) != 1 or terms(text).whole:
        return False
    wanted = set(inflecting.forms_everywhere(words[0]))
    return any(wanted & set(document.forms.get(place, "").split()) for place in places)


def _is_korean(word: str) -> bool:
    return len(word) >= 2 and all("가" <= each <= "힣" for each in word)


def _says(text: str, texts: Sequence[Terms]) -> bool:
    """A word or phrase stands in one text: by the parts of its compounds, or by their wholes."""
    asked = terms(text)
    return _stands(asked.folded, texts) or (bool(asked.whole) and _stands(asked.whole, texts))


def _stands(run: tuple[str, ...], texts: Sequence[Terms]) -> bool:
    """The tokens are neighbours in one reading of one text; one token alone is only there."""
    if len(run) == 1:
        character = run[0] if _is_character(run[0]) else None
        return any(
            run[0] in text.folded or run[0] in text.whole or character in text.singles
            for text in texts
        )
    return any(_neighbours(run, reading) for text in texts for reading in (text.folded, text.whole))


def _neighbours(run: tuple[str, ...], reading: tuple[str, ...]) -> bool:
    if run[0] not in reading:
        return False
    return any(reading[at : at + len(run)] == run for at in range(len(reading) - len(run) + 1))


def _is_character(token: str) -> bool:
    """One character of a script without spaces, found in the middle of any run of it."""
    return len(token) == 1 and is_unspaced(token)


def _begins(text: str, texts: Sequence[Terms]) -> bool:
    """A prefix: of a word, or of the whole of a compound.

    A run without spaces holds its own beginnings. What is no single word, as ``a+b*``, wants its
    front to stand as it is and some word to begin as its end.
    """
    asked = terms(text)
    *front, last = asked.whole or asked.folded
    if is_unspaced(last) and len(last) > 1:
        return _stands((*front, last), texts)
    if front and not _stands(tuple(front), texts):
        return False
    return any(
        token.startswith(last)
        for text in texts
        for token in (*text.folded, *text.whole, *(text.singles if _is_character(last) else ()))
    )


def _facet(name: str, query: SearchQuery, worded: Sequence[Document]) -> tuple[FacetValue, ...]:
    """Values by count, then by value; its own filter is ignored, its chosen values always shown."""
    others = {other: values for other, values in query.filters.items() if other != name}
    chosen = (_compared(name, value) for value in query.filters.get(name, ()))
    counts = Counter(dict.fromkeys(chosen, 0))
    for document in worded:
        if _chosen(others, document):
            counts.update(document.keywords[name])
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(FacetValue(value, count) for value, count in ordered)


def _page(query: SearchQuery, found: Sequence[Document]) -> tuple[Hit, ...]:
    """One page in order of time, of what lies behind ``after`` where that is given."""
    newest_first = query.sort is Sort.NEWEST
    places = sorted((document.sort_key, document.id) for document in found)
    if newest_first:
        places.reverse()
    if query.after is not None:
        behind = query.after
        places = [(k, name) for k, name in places if (k < behind if newest_first else k > behind)]
    first = (query.page - 1) * query.per_page
    return tuple(Hit(name, key) for key, name in places[first : first + query.per_page])
