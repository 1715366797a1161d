"""The search page as one frozen value, from a query and its results. Pure.

Page and API render this same value. Every link is an address that ``SearchQuery.replace`` gives.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from app.language import gettext as _
from app.language import marked
from app.search.engine import FACETS, Histogram, Results
from app.search.parameters import FILTER_NAMES, Param, SearchQuery, Sort
from app.search.query import And, unparse
from app.web.facets_view import FACET_TITLES, FacetView, facet_view, value_label
from app.web.histogram_view import Beside, HistogramView, histogram_view
from app.web.links import SEARCH, search_url
from app.web.pager_view import Pager, page_count, pager
from app.web.reading_view import ReadPart, read_as
from app.web.result_view import ResultView
from app.web.shell import Choice, Notice, Shell
from app.web.wording import conversations, short_day, span, whole

SORT_LABELS: Final = {
    Sort.NEWEST: marked("Newest first"),
    Sort.OLDEST: marked("Oldest first"),
    Sort.RELEVANCE: marked("Best match first"),
}
_ANY: Final = {
    "rating": marked("With any rating"),
    "outcome": marked("With any outcome"),
    "country": marked("With any country"),
    "language": marked("In any language"),
    "agent": marked("With any agent"),
    "group": marked("With any group"),
    "visit": marked("With any visitor"),
}


class Form(Struct, frozen=True):
    """The search form: what stands in its fields, and the filters that it carries along.

    It leads to ``action``; ``label`` is what stands above it where that is not a search of all.
    """

    text: str
    since: str
    until: str
    sorts: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...]
    dates_open: bool
    action: str = SEARCH
    label: str = ""


class Chip(Struct, frozen=True):
    """A filter in use; ``title`` is empty for a further value of the same facet."""

    title: str
    label: str
    url: str


class Rescue(Struct, frozen=True):
    """A change that may find something: what it is, where it leads (nowhere when to nothing)."""

    label: str
    url: str
    count_text: str


class SearchPage(Struct, frozen=True):
    """Everything that the search page shows; ``demo`` when demo conversations are among all."""

    shell: Shell
    query: SearchQuery
    form: Form
    reading: tuple[ReadPart, ...]
    heading: str
    summary: str
    chips: tuple[Chip, ...]
    clear_url: str
    facets: tuple[FacetView, ...]
    chosen_count: int
    total: int
    page: int
    pages: int
    results: tuple[ResultView, ...]
    pager: Pager | None
    histogram: Histogram
    bars: HistogramView | None
    behind: int
    rescues: tuple[Rescue, ...]
    archive_size: str
    demo: bool


class Surroundings(Struct, frozen=True):
    """What a page says that is not in the results of its own query.

    ``conversations`` are all that were searched; only a page without results tells them.
    """

    spellings: Mapping[str, str]
    beside: Beside
    behind: int
    conversations: int
    demo: bool
    rescues: tuple[Rescue, ...] = ()


def search_page(
    query: SearchQuery,
    results: Results,
    shown: Sequence[ResultView],
    shell: Shell,
    around: Surroundings,
) -> SearchPage:
    """The page of one search."""
    pages = page_count(query, results.total)
    return SearchPage(
        shell=shell,
        query=query,
        form=search_form(query),
        reading=tuple(read_as(query.node)),
        heading=_heading(query, results.total),
        summary=_summary(query, pages),
        chips=tuple(chips(query, around.spellings)),
        clear_url=search_url(without_filters(query)),
        facets=tuple(
            facet_view(query, name, results.facets.get(name, ()), around.spellings)
            for name in FACETS
        ),
        chosen_count=sum(len(query.chosen(name) + query.excluded(name)) for name in FILTER_NAMES),
        total=results.total,
        page=query.page,
        pages=pages,
        results=tuple(shown),
        pager=pager(query, results, pages) if results.total > query.per_page else None,
        histogram=results.histogram,
        bars=histogram_view(query, results.histogram, around.beside),
        behind=around.behind,
        rescues=around.rescues,
        archive_size=conversations(around.conversations),
        demo=around.demo,
    )


def _heading(query: SearchQuery, total: int) -> str:
    if total:
        return conversations(total)
    return _("No conversations match") if query.to_params() else _("No conversations yet")


def query_notices(query: SearchQuery) -> tuple[Notice, ...]:
    """What of the query or its parameters could not be used."""
    return tuple(Notice(note, icon="warn") for note in query.notes)


def page_title(query: SearchQuery, total: int) -> str:
    """The title of the page: what was asked, and which page of how many it is."""
    asked = query.canonical or _("All conversations")
    return _("{asked}, page {page} of {pages}").format(
        asked=asked, page=whole(query.page), pages=whole(page_count(query, total))
    )


def search_form(query: SearchQuery) -> Form:
    """The form of a search."""
    filters = [(name, value) for name, values in query.filters.items() for value in values]
    if query.per_page != SearchQuery().per_page:
        filters.append((Param.PER_PAGE, str(query.per_page)))
    return Form(
        text=query.canonical or ("" if query.is_filtered else query.text),
        since=query.since.isoformat() if query.since else "",
        until=query.until.isoformat() if query.until else "",
        sorts=tuple(Choice(s.value, _(label), s is query.sort) for s, label in SORT_LABELS.items()),
        hidden=tuple(filters),
        dates_open=bool(query.since or query.until or query.sort is not Sort.NEWEST),
    )


def chips(query: SearchQuery, spellings: Mapping[str, str]) -> Iterator[Chip]:
    """The filters in use, each a link that takes it away."""
    for name in FILTER_NAMES:
        title = _(FACET_TITLES[name])
        for place, value in enumerate(query.chosen(name)):
            label = value_label(name, value, spellings)
            url = search_url(query.toggled(name, value))
            yield Chip(title if place == 0 else "", label, url)
        for value in query.excluded(name):
            label = _("not {value}").format(value=value_label(name, value, spellings))
            yield Chip(title, label, search_url(query.including(name, value)))
    if query.since:
        yield Chip(_("From"), short_day(query.since), search_url(query.replace(since=None)))
    if query.until:
        yield Chip(_("To"), short_day(query.until), search_url(query.replace(until=None)))


def without_filters(query: SearchQuery) -> SearchQuery:
    """The text of a search alone, without filters and days."""
    for name in FILTER_NAMES:
        query = query.cleared(name)
    return query.replace(since=None, until=None)


def _summary(query: SearchQuery, pages: int) -> str:
    """1 Jun to 24 Nov 2026, newest first, page 1 of 61."""
    parts = [_days(query), _(SORT_LABELS[query.sort]).lower()]
    if query.after is None:
        parts.append(_("page {page} of {pages}").format(page=whole(query.page), pages=whole(pages)))
    else:
        parts.append(_("beyond the numbered pages"))
    return ", ".join(part for part in parts if part)


def _days(query: SearchQuery) -> str:
    if query.since and query.until:
        return span(query.since, query.until)
    if query.since:
        return _("from {day}").format(day=short_day(query.since))
    return _("to {day}").format(day=short_day(query.until)) if query.until else ""


def rescue(label: str, query: SearchQuery, total: int) -> Rescue:
    """A rescue whose search has been tried."""
    if not total:
        return Rescue(label, "", _("still none"))
    return Rescue(label, search_url(query), conversations(total))


def rescue_queries(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    """What to change when nothing was found: one thing left out at a time."""
    nodes = query.node.nodes if isinstance(query.node, And) else ()
    for number, node in enumerate(nodes):
        rest = tuple(part for place, part in enumerate(nodes) if place != number)
        smaller = rest[0] if len(rest) == 1 else And(rest)
        yield _("Without {words}").format(words=unparse(node)), query.replace(node=smaller)
    for name in query.filters:
        yield _(_ANY[name]), query.with_filter(name, ())
    if query.since or query.until:
        yield _("On any date"), query.replace(since=None, until=None)


def bar_times(start_ms: int, end_ms: int) -> tuple[datetime, datetime]:
    """The instants of a bar, aware UTC."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + timedelta(milliseconds=start_ms), epoch + timedelta(milliseconds=end_ms)
