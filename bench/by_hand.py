"""A bare tantivy search and a bare tantivy fill, written by hand: the controls of the engine.

The search asks the portal's own index for the same page: 20 hits, exact total, seven facets that
ignore their own choice, and the histogram. It knows the fields and nothing of the portal's query
language; borders of the bars and forms of the words are given to it, since neither a calendar nor
a dictionary is part of an engine.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import tantivy
from msgspec import Struct
from tantivy import Occur, Query

from app.search.folding import fold
from bench.queries import Wanted
from bench.tongues import forms

ROLES: Final = ("visitor", "agent", "automatic")
PLACES: Final = (*ROLES, "facts")
FORMS: Final = ("folded", "whole")
FACETS: Final = ("rating", "outcome", "country", "language", "agent", "group", "visit")
MOST_VALUES: Final = 5000
PER_PAGE: Final = 20
HEAP: Final = 64 * 1024 * 1024


class Page(Struct, frozen=True):
    """What a results page needs of an engine."""

    total: int
    ids: tuple[str, ...]
    facets: Mapping[str, Mapping[str, int]]
    bars: tuple[int, ...]


class Prepared(Struct, frozen=True):
    """A query with its words folded, as they stand in the index, and the forms of each."""

    kind: str
    tokens: tuple[str, ...]
    forms: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]
    filters: Mapping[str, tuple[str, ...]]
    since: int | None


def prepared(query: Wanted) -> Prepared:
    """A query ready to be built."""
    days = query.parameters.get("from", ())
    since = [
        int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000) for day in days
    ]
    filters = {
        name: tuple(fold(value) if name == "agent" else value for value in values)
        for name, values in query.filters.items()
    }
    places = (query.role,) if query.role else PLACES
    tokens = tuple(fold(word) for word in query.words)
    inflected = tuple(forms().forms_everywhere(token) for token in tokens)
    return Prepared(query.kind, tokens, inflected, places, filters, since[0] if since else None)


class ByHand:
    """Searches one generation of the portal's index."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema

    def search(self, wanted: Prepared, edges: Sequence[int]) -> Page:
        """One page; ``edges`` are the borders of its bars."""
        searcher = self._index.searcher()
        query = self._query(wanted)
        found = searcher.search(query, limit=PER_PAGE, count=True, order_by_field="sort_key")
        ids = tuple(str(searcher.doc(address).get_first("id")) for _, address in found.hits)
        facets = self._facets(searcher, query, wanted)
        total = int(found.count)  # type: ignore[attr-defined]
        return Page(total, ids, facets, _bars(searcher, query, edges) if total else ())

    def _facets(
        self, searcher: tantivy.Searcher, query: Query, wanted: Prepared
    ) -> dict[str, dict[str, int]]:
        span = {"first": {"min": {"field": "begin"}}, "last": {"max": {"field": "begin"}}}
        free = [name for name in FACETS if name not in wanted.filters]
        facets = _counts(searcher, query, free, span)
        for name in wanted.filters:
            facets |= _counts(searcher, self._query(wanted, without=name), [name], {})
        return facets

    def _query(self, wanted: Prepared, without: str = "") -> Query:
        parts = self._text(wanted)
        for name, values in wanted.filters.items():
            if name != without:
                parts.append(_any([self._term(name, value) for value in values]))
        if wanted.since is not None:
            parts.append(
                Query.range_query(
                    self._schema, "begin", tantivy.FieldType.Integer, lower_bound=wanted.since
                )
            )
        return _all(parts) if parts else Query.all_query()

    def _text(self, wanted: Prepared) -> list[Query]:
        fields = [f"{place}_{form}" for place in wanted.places for form in FORMS]
        if wanted.kind == "phrase":
            tokens = wanted.tokens
            return [_any([Query.phrase_query(self._schema, name, [*tokens]) for name in fields])]
        if wanted.kind == "prefix":
            pattern = f"{re.escape(wanted.tokens[0])}.*"
            return [_any([Query.regex_query(self._schema, name, pattern) for name in fields])]
        stemmed = [f"{place}_stemmed" for place in wanted.places if place in ROLES]
        words = [
            _any(
                [
                    *[self._word(name, word) for name in fields],
                    *[self._term(name, form) for name in stemmed for form in inflected],
                ]
            )
            for word, inflected in zip(wanted.tokens, wanted.forms, strict=True)
        ]
        return [_any(words)] if wanted.kind == "or" else words

    def _word(self, name: str, word: str) -> Query:
        return Query.term_query(self._schema, name, word, "freq")

    def _term(self, name: str, value: str) -> Query:
        return Query.term_query(self._schema, name, value, "basic")


def _any(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _all(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _counts(
    searcher: tantivy.Searcher, query: Query, names: Sequence[str], more: Mapping[str, object]
) -> dict[str, dict[str, int]]:
    terms = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
    found: dict[str, Any] = searcher.aggregate(query, {**terms, **more})
    return {
        name: {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]}
        for name in names
    }


def _bars(searcher: tantivy.Searcher, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
    ranges = [{"from": low, "to": high} for low, high in pairwise(edges)]
    found: dict[str, Any] = searcher.aggregate(
        query, {"bars": {"range": {"field": "begin", "ranges": ranges}}}
    )
    buckets = [bucket for bucket in found["bars"]["buckets"] if "from" in bucket and "to" in bucket]
    return tuple(bucket["doc_count"] for bucket in buckets)


def fill_by_hand(bodies: Iterable[bytes], folder: Path) -> float:
    """Give the words of every body to tantivy with its own analyzer; returns the seconds.

    One text field for all that was said, one stored identifier: the least that finds anything.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("said", index_option="position")
    folder.mkdir(parents=True)
    began = time.monotonic()
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=HEAP, num_threads=1)
    for body in bodies:
        payload = msgspec.json.decode(body)
        document = tantivy.Document()
        document.add_text("id", str(payload["channel"]["id"]))
        for message in payload["messages"]:
            document.add_text("said", message["content"])
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return time.monotonic() - began


def commit_by_hand(folder: Path, count: int) -> list[float]:
    """Milliseconds from one document to its being found, so many times, one after another."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("said", index_option="position")
    folder.mkdir(parents=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=HEAP, num_threads=1)
    times: list[float] = []
    for number in range(count):
        began = time.perf_counter()
        writer.add_document(tantivy.Document(said=f"word{number}"))
        writer.commit()
        index.reload()
        query = Query.term_query(index.schema, "said", f"word{number}")
        found = index.searcher().search(query, limit=1)
        times.append((time.perf_counter() - began) * 1000)
        if not found.hits:
            raise RuntimeError("tantivy does not find what it has committed")
    return times
