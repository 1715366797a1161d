"""Clauses to tantivy's queries, built from objects only: its own string parser is never used."""

import re
from collections.abc import Callable
from typing import Any, Final

import tantivy
from tantivy import Occur, Query

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
    Term,
    Without,
)
from app.search.fields import FOLDED, SINGLES, STEMMED, WHOLE, field, forms_of
from app.search.parameters import Sort

LAST_SORT_KEY: Final = 2**62 - 1
"""No document sorts behind it: 41 bits of begin, 21 bits of hash."""


class Translator:
    """Clauses to tantivy's queries, built from objects only."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def __call__(self, clause: Clause) -> Query:
        match clause:
            case Without(inner):
                return _but_not(self(inner))
            case All(clauses):
                return self._all(clauses)
            case AnyOf(clauses):
                return Query.boolean_query([(Occur.Should, self(part)) for part in clauses])
            case _:
                return self._leaf(clause)

    def _leaf(self, clause: Leaf) -> Query:
        match clause:
            case Term(token, places):
                return self._anywhere(places, forms_of(token), self._one_term, token)
            case Neighbours(tokens, places):
                return self._anywhere(places, (FOLDED, WHOLE), self._phrase, list(tokens))
            case Beginning(prefix, places):
                pattern = f"{re.escape(prefix)}.*"
                return self._anywhere(places, forms_of(prefix), self._regex, pattern)
            case Inflection(forms, places):
                return self._any_form(places, forms)
            case Keyword(name, value):
                return Query.term_query(self._schema, name, value, "basic")
            case Began(since, until):
                return self._range("begin", since, until)

    def beyond(self, sort_key: int, sort: Sort) -> Query:
        """Documents behind a place in the order."""
        if sort is Sort.OLDEST:
            return self._range("sort_key", min(sort_key, LAST_SORT_KEY) + 1, None)
        return self._range("sort_key", None, sort_key)

    def _all(self, clauses: tuple[Clause, ...]) -> Query:
        parts = [
            (Occur.MustNot, self(part.clause))
            if isinstance(part, Without)
            else (Occur.Must, self(part))
            for part in clauses
        ]
        if all(occur == Occur.MustNot for occur, _ in parts):
            parts.append((Occur.Must, Query.all_query()))
        return Query.boolean_query(parts)

    def _anywhere(
        self,
        places: tuple[str, ...],
        forms: tuple[str, ...],
        build: Callable[[str, Any], Query],
        wanted: object,
    ) -> Query:
        fields = [field(place, form) for place in places for form in forms]
        return Query.boolean_query([(Occur.Should, build(name, wanted)) for name in fields])

    def _one_term(self, name: str, token: str) -> Query:
        option = "basic" if name.endswith(SINGLES) else "freq"
        return Query.term_query(self._schema, name, token, option)

    def _any_form(self, places: tuple[str, ...], forms: tuple[str, ...]) -> Query:
        """Single terms: tantivy takes thirty times as long for the same as a set of terms."""
        fields = [field(place, STEMMED) for place in places]
        found = [
            Query.term_query(self._schema, name, form, "basic") for name in fields for form in forms
        ]
        return Query.boolean_query([(Occur.Should, query) for query in found])

    def _phrase(self, name: str, tokens: list[str]) -> Query:
        return Query.phrase_query(self._schema, name, [*tokens])

    def _regex(self, name: str, pattern: str) -> Query:
        return Query.regex_query(self._schema, name, pattern)

    def _range(self, name: str, low: int | None, high: int | None) -> Query:
        """Values from ``low`` (inclusive) to ``high`` (exclusive); None is open."""
        if low is None and high is None:
            return Query.all_query()
        return Query.range_query(
            self._schema,
            name,
            tantivy.FieldType.Integer,
            lower_bound=low,
            upper_bound=high,
            include_upper=high is None,
        )


def _but_not(inner: Query) -> Query:
    return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, inner)])


def both(left: Query, right: Query) -> Query:
    return Query.boolean_query([(Occur.Must, left), (Occur.Must, right)])
