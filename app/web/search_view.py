"""The search page as one frozen value, from a query and its results. Pure.

Page and API render this same value. Every link is an address that ``SearchQuery.replace`` gives.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from app.search.engine import FACETS, Histogram, Results
from app.search.parameters import Param, SearchQuery, Sort
from app.search.query import And, unparse
from app.web.facets_view import FILTER_TITLES, FacetView, facet_view
from app.web.links import search_url
from app.web.pager_view import Pager, page_count, pager
from app.web.reading_view import ReadPart, read_as
from app.web.result_view import ResultView
from app.web.shell import Choice, Notice, Shell
from app.web.wording import counted, facet_label, short_day, whole

SORT_LABELS: Final = {
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.RELEVANCE: "Best match first",
}


class Form(Struct, frozen=True):
    """The search form: what stands in its fields, and the filters that it carries along."""

    text: str
    since: str
    until: str
    sorts: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...]
    dates_open: bool


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
    """Everything that the search page shows."""

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
    behind: int
    rescues: tuple[Rescue, ...]
    archive_size: str


def search_page(
    query: SearchQuery,
    results: Results,
    shown: Sequence[ResultView],
    shell: Shell,
    *,
    behind: int,
    conversations: int,
    rescues: Sequence[Rescue] = (),
) -> SearchPage:
    """The page of one search."""
    pages = page_count(query, results.total)
    facets = tuple(facet_view(query, name, results.facets.get(name, ())) for name in FACETS)
    return SearchPage(
        shell=shell,
        query=query,
        form=search_form(query),
        reading=tuple(read_as(query.node)),
        heading=counted(results.total, "conversation")
        if results.total
        else "No conversations match",
        summary=_summary(query, pages),
        chips=tuple(_chips(query)),
        clear_url=search_url(query.replace(filters={}, since=None, until=None)),
        facets=facets,
        chosen_count=sum(len(values) for values in query.filters.values()),
        total=results.total,
        page=query.page,
        pages=pages,
        results=tuple(shown),
        pager=pager(query, results, pages) if results.total > query.per_page else None,
        histogram=results.histogram,
        behind=behind,
        rescues=tuple(rescues),
        archive_size=counted(conversations, "conversation"),
    )


def behind_notice(behind: int) -> Notice | None:
    """The sentence that says how far search is behind; None when it is not."""
    if not behind:
        return None
    waits = "It appears" if behind == 1 else "They appear"
    return Notice(
        f"Search is {counted(behind, 'conversation')} behind. {waits} here shortly; "
        "nothing is lost."
    )


def query_notices(query: SearchQuery) -> tuple[Notice, ...]:
    """What of the query or its parameters could not be used."""
    return tuple(Notice(note, icon="warn") for note in query.notes)


def page_title(query: SearchQuery, total: int) -> str:
    """The title of the page: what was asked, and which page of how many it is."""
    asked = query.canonical or "All conversations"
    return f"{asked}, page {whole(query.page)} of {whole(page_count(query, total))}"


def search_form(query: SearchQuery) -> Form:
    """The form of a search."""
    filters = [(name, value) for name, values in query.filters.items() for value in values]
    if query.per_page != SearchQuery().per_page:
        filters.append((Param.PER_PAGE, str(query.per_page)))
    return Form(
        text=query.canonical or ("" if query.is_filtered else query.text),
        since=query.since.isoformat() if query.since else "",
        until=query.until.isoformat() if query.until else "",
        sorts=tuple(Choice(s.value, label, s is query.sort) for s, label in SORT_LABELS.items()),
        hidden=tuple(filters),
        dates_open=bool(query.since or query.until or query.sort is not Sort.NEWEST),
    )


def _chips(query: SearchQuery) -> Iterator[Chip]:
    for name, values in query.filters.items():
        for number, value in enumerate(values):
            title = FILTER_TITLES[name] if number == 0 else ""
            yield Chip(title, facet_label(name, value), search_url(query.toggled(name, value)))
    if query.since:
        yield Chip("From", short_day(query.since), search_url(query.replace(since=None)))
    if query.until:
        yield Chip("To", short_day(query.until), search_url(query.replace(until=None)))


def _summary(query: SearchQuery, pages: int) -> str:
    """1 Jun to 24 Nov 2026, newest first, page 1 of 61."""
    parts = [SORT_LABELS[query.sort].lower()]
    if query.since and query.until:
        parts.insert(0, f"{short_day(query.since)} to {short_day(query.until)}")
    elif query.since:
        parts.insert(0, f"from {short_day(query.since)}")
    elif query.until:
        parts.insert(0, f"to {short_day(query.until)}")
    if query.after is None:
        parts.append(f"page {whole(query.page)} of {whole(pages)}")
    else:
        parts.append("beyond the numbered pages")
    return ", ".join(parts)


def rescue(label: str, query: SearchQuery, total: int) -> Rescue:
    """A rescue whose search has been tried."""
    if not total:
        return Rescue(label, "", "still none")
    return Rescue(label, search_url(query), counted(total, "conversation"))


def rescue_queries(query: SearchQuery) -> Iterator[tuple[str, SearchQuery]]:
    """What to change when nothing was found: one thing left out at a time."""
    nodes = query.node.nodes if isinstance(query.node, And) else ()
    for number, node in enumerate(nodes):
        rest = tuple(part for place, part in enumerate(nodes) if place != number)
        smaller = rest[0] if len(rest) == 1 else And(rest)
        yield f"Without {unparse(node)}", query.replace(node=smaller)
    for name in query.filters:
        label = FILTER_TITLES[name].lower()
        yield f"With any {label}", query.with_filter(name, ())
    if query.since or query.until:
        yield "On any date", query.replace(since=None, until=None)


def bar_times(start_ms: int, end_ms: int) -> tuple[datetime, datetime]:
    """The instants of a bar, aware UTC."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + timedelta(milliseconds=start_ms), epoch + timedelta(milliseconds=end_ms)
