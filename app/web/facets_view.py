"""The facets beside the results: values with counts, each a link that adds or removes it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from app.language import gettext as _
from app.language import marked, ngettext
from app.search.engine import FacetValue
from app.search.folding import fold
from app.search.parameters import SearchQuery
from app.search.values import filter_keyword
from app.web.links import facet_url, search_url
from app.web.wording import facet_label, whole

SHOWN_VALUES: Final = 7
"""Values of a facet that stand beside the results; a page of its own lists the others."""
MOST_LISTED: Final = 250
"""Values on the page of a facet; its box narrows them."""
FACET_TITLES: Final = {
    "rating": marked("Rating"),
    "outcome": marked("Outcome"),
    "country": marked("Country"),
    "agent": marked("Agent"),
    "group": marked("Group"),
    "visit": marked("Visitor"),
}
FACET_HINTS: Final = {"outcome": marked("One conversation can have several.")}


class FacetEntry(Struct, frozen=True):
    """A value of a facet; its link adds it, or removes it where it is chosen or excluded.

    ``exclude_url`` is empty for a value that cannot be written in a query.
    """

    value: str
    label: str
    code: str
    count: int
    count_text: str
    chosen: bool
    excluded: bool
    url: str
    exclude_url: str


class FacetView(Struct, frozen=True):
    """One facet: all values as ``ranked``, those that stand beside the results as ``values``."""

    name: str
    title: str
    hint: str
    clear_url: str
    ranked: tuple[FacetEntry, ...]
    values: tuple[FacetEntry, ...]
    all_label: str
    all_url: str


def facet_view(
    query: SearchQuery, name: str, values: Sequence[FacetValue], spellings: Mapping[str, str]
) -> FacetView:
    """One facet of a search; ``spellings`` says how names are written that are kept folded."""
    entries = tuple(_entries(query, name, values, spellings))
    outside = entries[SHOWN_VALUES:]
    chosen = query.chosen(name) or query.excluded(name)
    return FacetView(
        name=name,
        title=_(FACET_TITLES[name]),
        hint=_(FACET_HINTS[name]) if name in FACET_HINTS else "",
        clear_url=search_url(query.cleared(name)) if chosen else "",
        ranked=entries,
        values=entries[:SHOWN_VALUES]
        + tuple(entry for entry in outside if entry.chosen or entry.excluded),
        all_label=all_label(name, len(entries)) if outside else "",
        all_url=facet_url(name, query),
    )


def all_label(name: str, number: int) -> str:
    """Show all 31 countries."""
    forms = {
        "agent": ngettext("Show all {number} agents", "Show all {number} agents", number),
        "country": ngettext("Show all {number} countries", "Show all {number} countries", number),
        "group": ngettext("Show all {number} groups", "Show all {number} groups", number),
    }
    fallback = ngettext("Show all {number} values", "Show all {number} values", number)
    return forms.get(name, fallback).format(number=whole(number))


def narrowed(entries: Sequence[FacetEntry], text: str) -> tuple[FacetEntry, ...]:
    """The values whose label or code holds a text, compared folded; all of them without one."""
    wanted = fold(text.strip())
    return tuple(entry for entry in entries if wanted in fold(f"{entry.label} {entry.code}"))


def value_label(name: str, value: str, spellings: Mapping[str, str]) -> str:
    """A value in words, a name as most conversations have it."""
    return facet_label(name, spellings.get(value, value) if name == "agent" else value)


def _entries(
    query: SearchQuery, name: str, values: Sequence[FacetValue], spellings: Mapping[str, str]
) -> Iterator[FacetEntry]:
    chosen = set(query.keywords(name))
    excluded = {filter_keyword(name, value) for value in query.excluded(name)}
    gone = excluded - {value.value for value in values}
    for each in (*values, *(FacetValue(value, 0) for value in sorted(gone))):
        sent = spellings.get(each.value, each.value) if name == "agent" else each.value
        yield _entry(
            query,
            name,
            FacetValue(sent, each.count),
            chosen=each.value in chosen,
            excluded=each.value in excluded,
        )


def _entry(
    query: SearchQuery, name: str, value: FacetValue, *, chosen: bool, excluded: bool
) -> FacetEntry:
    code = ""
    if name == "country":
        code = value.value if len(value.value) == len("CZ") else "–"
    back = query.including(name, value.value) if excluded else query.toggled(name, value.value)
    writable = '"' not in value.value and not excluded
    return FacetEntry(
        value=value.value,
        label=facet_label(name, value.value),
        code=code,
        count=value.count,
        count_text=whole(value.count),
        chosen=chosen,
        excluded=excluded,
        url=search_url(back),
        exclude_url=search_url(query.excluding(name, value.value)) if writable else "",
    )
