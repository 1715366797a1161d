"""Clauses to Elasticsearch's queries: whole JSON values, no string of its own query language. Pure.

Conjunctions and alternatives inside each other are one level, and what is excluded joins the
conjunction it stands in: the server refuses 30 levels.
"""

from collections.abc import Iterator
from typing import Any

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
from app.search.fields import FOLDED, STEMMED, WHOLE, field, forms_of
from app.search.histogram import LATEST_MS

Body = dict[str, Any]
EVERYTHING: Body = {"match_all": {}}
NOTHING: Body = {"match_none": {}}


def query_of(clause: Clause) -> Body:
    """The query that finds what a clause means."""
    match clause:
        case Without(inner):
            return {"bool": {"must_not": [query_of(inner)]}}
        case All(clauses):
            return _all(tuple(_inside_all(clauses)))
        case AnyOf(clauses):
            return any_of([query_of(part) for part in _inside_any(clauses)])
        case _:
            return _leaf(clause)


def _leaf(clause: Leaf) -> Body:
    match clause:
        case Term(token, places):
            return any_of([{"term": {name: token}} for name in _fields(places, forms_of(token))])
        case Neighbours(tokens, places):
            run = " ".join(tokens)  # the analyzer of these fields only splits at spaces
            return any_of(
                [{"match_phrase": {name: run}} for name in _fields(places, (FOLDED, WHOLE))]
            )
        case Beginning(prefix, places):
            names = _fields(places, forms_of(prefix))
            return any_of([{"prefix": {name: prefix}} for name in names])
        case Inflection(forms, places):
            wanted = list(forms)
            return any_of([{"terms": {field(place, STEMMED): wanted}} for place in places])
        case Keyword(name, value):
            return {"term": {name: value}}
        case Began(since, until):
            return _began(since, until)


def any_of(queries: list[Body]) -> Body:
    """What at least one of some queries finds; of none, nothing."""
    if not queries:
        return NOTHING
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries}}


def _all(clauses: tuple[Clause, ...]) -> Body:
    wanted = [query_of(part) for part in clauses if not isinstance(part, Without)]
    unwanted = [query_of(part.clause) for part in clauses if isinstance(part, Without)]
    if not unwanted and len(wanted) < 2:
        return wanted[0] if wanted else EVERYTHING
    parts = {"must": wanted, "must_not": unwanted}
    return {"bool": {name: queries for name, queries in parts.items() if queries}}


def _inside_all(clauses: tuple[Clause, ...]) -> Iterator[Clause]:
    for clause in clauses:
        if isinstance(clause, All):
            yield from _inside_all(clause.clauses)
        else:
            yield clause


def _inside_any(clauses: tuple[Clause, ...]) -> Iterator[Clause]:
    for clause in clauses:
        if isinstance(clause, AnyOf):
            yield from _inside_any(clause.clauses)
        else:
            yield clause


def _fields(places: tuple[str, ...], forms: tuple[str, ...]) -> Iterator[str]:
    return (field(place, form) for place in places for form in forms)


def _began(since: int | None, until: int | None) -> Body:
    """A range of days, cut to where conversations can begin: the server takes no other dates."""
    bounds: Body = {}
    if since is not None:
        bounds["gte"] = min(max(since, 0), LATEST_MS + 1)
    if until is not None:
        bounds["lt"] = min(max(until, 0), LATEST_MS + 1)
    return {"range": {"begin": bounds | {"format": "epoch_millis"}}} if bounds else EVERYTHING
