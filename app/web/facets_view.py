"""The facets beside the results: values with counts, each a link that adds or removes it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from app.language import gettext as _
from app.language import marked, ngettext
from app.search.engine import FacetValue
from app.search.folding import fold
from app.search.operators import NONE
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
    "language": marked("Language"),
    "agent": marked("Agent"),
    "group": marked("Group"),
    "visit": marked("Visitor"),
}
FACET_HINTS: Final = {"outcome": marked("One conversation can have several.")}


class RankedValue(Struct, frozen=True):
    """A value of a facet in its place by count; names are written as most conversations do."""

    value: str
    label: str
    count: int
    chosen: bool
    excluded: bool

    @property
    def code(self) -> str:
        """The code of a country, which stands before its name; a dash where there is none."""
        return self.value if len(self.value) == len("CZ") else "–"


class FacetEntry(Struct, frozen=True):
    """A value of a facet; its link adds it, or removes it where it is chosen or excluded.

    ``exclude_url`` is empty for a value that cannot be written in a query.
    """

    label: str
    code: str
    count: int
    count_text: str
    chosen: bool
    excluded: bool
    url: str
    exclude_url: str


class FacetView(Struct, frozen=True):
    """One facet: all values as ``ranked``, those that stand beside the results as ``values``.

    ``is_shown`` is false where it would only say that no language is known.
    """

    name: str
    title: str
    hint: str
    clear_url: str
    ranked: tuple[RankedValue, ...]
    values: tuple[FacetEntry, ...]
    all_label: str
    all_url: str
    is_shown: bool


def facet_view(
    query: SearchQuery, name: str, values: Sequence[FacetValue], spellings: Mapping[str, str]
) -> FacetView:
    """One facet of a search; ``spellings`` says how names are written that are kept folded."""
    ranked = tuple(_ranked(query, name, values, spellings))
    outside = ranked[SHOWN_VALUES:]
    beside = [*ranked[:SHOWN_VALUES], *(one for one in outside if one.chosen or one.excluded)]
    chosen = query.chosen(name) or query.excluded(name)
    return FacetView(
        name=name,
        title=_(FACET_TITLES[name]),
        hint=_(FACET_HINTS[name]) if name in FACET_HINTS else "",
        clear_url=search_url(query.cleared(name)) if chosen else "",
        ranked=ranked,
        values=tuple(facet_entry(query, name, value) for value in beside),
        all_label=all_label(name, len(ranked)) if outside else "",
        all_url=facet_url(name, query),
        is_shown=bool(chosen) or name != "language" or any(one.value != NONE for one in ranked),
    )


def all_label(name: str, number: int) -> str:
    """Show all 31 countries."""
    forms = {
        "agent": ngettext("Show all {number} agents", "Show all {number} agents", number),
        "country": ngettext("Show all {number} countries", "Show all {number} countries", number),
        "language": ngettext("Show all {number} languages", "Show all {number} languages", number),
        "group": ngettext("Show all {number} groups", "Show all {number} groups", number),
    }
    fallback = ngettext("Show all {number} values", "Show all {number} values", number)
    return forms.get(name, fallback).format(number=whole(number))


def narrowed(values: Sequence[RankedValue], text: str) -> tuple[RankedValue, ...]:
    """The values whose label or code holds a text, compared folded; all of them without one."""
    wanted = fold(text.strip())
    return tuple(one for one in values if wanted in fold(f"{one.label} {one.code}"))


def value_label(name: str, value: str, spellings: Mapping[str, str]) -> str:
    """A value in words, a name as most conversations have it."""
    return facet_label(name, spellings.get(value, value) if name == "agent" else value)


def facet_entry(query: SearchQuery, name: str, value: RankedValue) -> FacetEntry:
    """A value with its links."""
    sent = value.value
    back = query.including(name, sent) if value.excluded else query.toggled(name, sent)
    writable = '"' not in sent and not value.excluded
    return FacetEntry(
        label=value.label,
        code=value.code if name == "country" else "",
        count=value.count,
        count_text=whole(value.count),
        chosen=value.chosen,
        excluded=value.excluded,
        url=search_url(back),
        exclude_url=search_url(query.excluding(name, sent)) if writable else "",
    )


def _ranked(
    query: SearchQuery, name: str, values: Sequence[FacetValue], spellings: Mapping[str, str]
) -> Iterator[RankedValue]:
    chosen = set(query.keywords(name))
    excluded = {filter_keyword(name, value) for value in query.excluded(name)}
    gone = excluded - {value.value for value in values}
    for each in (*values, *(FacetValue(value, 0) for value in sorted(gone))):
        sent = spellings.get(each.value, each.value) if name == "agent" else each.value
        yield RankedValue(
            value=sent,
            label=facet_label(name, sent),
            count=each.count,
            chosen=each.value in chosen,
            excluded=each.value in excluded,
        )
