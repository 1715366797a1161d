"""The facets beside the results: values with counts, each a link that adds or removes it. Pure."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from app.search.engine import FacetValue
from app.search.parameters import SearchQuery
from app.web.links import search_url
from app.web.wording import facet_label, whole

SHOWN_VALUES: Final = 7
"""Values of a facet that stand open; the others follow in a fold."""
FACET_TITLES: Final = {"rating": "Rating", "outcome": "Outcome", "country": "Country"}
FACET_HINTS: Final = {"outcome": "One conversation can have several."}
FACET_PLURALS: Final = {"rating": "ratings", "outcome": "outcomes", "country": "countries"}
FILTER_TITLES: Final = FACET_TITLES | {"agent": "Agent"}


class FacetEntry(Struct, frozen=True):
    """A value of a facet: chosen or not, its link adds or removes it."""

    value: str
    label: str
    code: str
    count: int
    count_text: str
    chosen: bool
    url: str


class FacetView(Struct, frozen=True):
    """One facet: all values as ``ranked``, cut into those shown and those behind a fold."""

    name: str
    title: str
    hint: str
    clear_url: str
    ranked: tuple[FacetEntry, ...]
    values: tuple[FacetEntry, ...]
    more: tuple[FacetEntry, ...]
    more_label: str


def facet_view(query: SearchQuery, name: str, values: Sequence[FacetValue]) -> FacetView:
    chosen = query.chosen(name)
    entries = [_entry(query, name, value, chosen=value.value in chosen) for value in values]
    first = entries[:SHOWN_VALUES]
    first += [entry for entry in entries[SHOWN_VALUES:] if entry.chosen]
    more = [entry for entry in entries[SHOWN_VALUES:] if not entry.chosen]
    return FacetView(
        name=name,
        title=FACET_TITLES[name],
        hint=FACET_HINTS.get(name, ""),
        clear_url=search_url(query.with_filter(name, ())) if chosen else "",
        ranked=tuple(entries),
        values=tuple(first),
        more=tuple(more),
        more_label=f"Show all {whole(len(entries))} {FACET_PLURALS[name]}",
    )


def _entry(query: SearchQuery, name: str, value: FacetValue, *, chosen: bool) -> FacetEntry:
    code = ""
    if name == "country":
        code = value.value if len(value.value) == len("CZ") else "–"
    return FacetEntry(
        value=value.value,
        label=facet_label(name, value.value),
        code=code,
        count=value.count,
        count_text=whole(value.count),
        chosen=chosen,
        url=search_url(query.toggled(name, value.value)),
    )
