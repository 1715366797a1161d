"""The search page as one frozen value, from a query and its results. Pure.

Page and API render this same value. Every link is an address that ``SearchQuery.replace`` gives.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from app.search.engine import FACETS, FacetValue, Histogram, Results
from app.search.parameters import LAST_NUMBERED_RESULT, Param, SearchQuery, Sort
from app.search.query import And, Filter, Node, Not, Or, Phrase, Prefix, Said, Word, unparse
from app.web.links import search_url
from app.web.result_view import ResultView
from app.web.shell import Choice, Notice, Shell
from app.web.wording import counted, facet_label, short_day, whole

SHOWN_VALUES: Final = 7
"""Values of a facet that stand open; the others follow in a fold."""
PAGER_REACH: Final = 2
"""Pages around the current one that the pager names."""
FACET_TITLES: Final = {"rating": "Rating", "outcome": "Outcome", "country": "Country"}
FACET_HINTS: Final = {"outcome": "One conversation can have several."}
FACET_PLURALS: Final = {"rating": "ratings", "outcome": "outcomes", "country": "countries"}
FILTER_TITLES: Final = FACET_TITLES | {"agent": "Agent"}
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


class PageLink(Struct, frozen=True):
    """A page number; without ``url`` it is the current page, without ``label`` a gap."""

    label: str
    url: str


class Pager(Struct, frozen=True):
    """Links to other pages of results; an empty address means that there is none."""

    previous: str
    links: tuple[PageLink, ...]
    following: str
    last: str


class ReadPart(Struct, frozen=True):
    """A piece of how the query was read: kind is word, without or glue."""

    kind: str
    text: str


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
    facets = tuple(_facet(query, name, results.facets.get(name, ())) for name in FACETS)
    return SearchPage(
        shell=shell,
        query=query,
        form=search_form(query),
        reading=tuple(_read_as(query.node)),
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
        pager=_pager(query, results, pages) if results.total > query.per_page else None,
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


def page_count(query: SearchQuery, total: int) -> int:
    """How many pages the results fill; at least one."""
    return max(1, -(-total // query.per_page))


def last_numbered_page(query: SearchQuery) -> int:
    """The last page that has a number."""
    return LAST_NUMBERED_RESULT // query.per_page


def search_form(query: SearchQuery) -> Form:
    """The form of a search."""
    filters = [(name, value) for name, values in query.filters.items() for value in values]
    if query.per_page != SearchQuery().per_page:
        filters.append((Param.PER_PAGE, str(query.per_page)))
    return Form(
        text=query.canonical or ("" if query.node is None and query.filters else query.text),
        since=query.since.isoformat() if query.since else "",
        until=query.until.isoformat() if query.until else "",
        sorts=tuple(Choice(s.value, label, s is query.sort) for s, label in SORT_LABELS.items()),
        hidden=tuple(filters),
        dates_open=bool(query.since or query.until or query.sort is not Sort.NEWEST),
    )


def _facet(query: SearchQuery, name: str, values: Sequence[FacetValue]) -> FacetView:
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


def _pager(query: SearchQuery, results: Results, pages: int) -> Pager:
    """Numbered links to result 10,000; beyond it the next page begins behind the last hit."""
    numbered = min(pages, last_numbered_page(query))
    if query.after is not None:
        return Pager("", (), _beyond(query, results), _reversed(query))
    at = query.page
    wanted = {1, numbered, *range(at - PAGER_REACH + 1, at + PAGER_REACH)}
    if at == 1:
        wanted |= {3, 4}
    following = search_url(query.replace(page=at + 1)) if at < numbered else ""
    if at == numbered and pages > numbered:
        following = _beyond(query, results)
    return Pager(
        previous=search_url(query.replace(page=at - 1)) if at > 1 else "",
        links=tuple(_page_links(query, sorted(n for n in wanted if 1 <= n <= numbered))),
        following=following,
        last=_reversed(query) if pages > numbered else "",
    )


def _page_links(query: SearchQuery, numbers: Sequence[int]) -> Iterator[PageLink]:
    before = 0
    for number in numbers:
        if number > before + 1:
            yield PageLink("", "")
        url = "" if number == query.page else search_url(query.replace(page=number))
        yield PageLink(whole(number), url)
        before = number


def _beyond(query: SearchQuery, results: Results) -> str:
    """The page behind the last hit of this one; none in order of relevance, or at the end."""
    last = results.hits[-1].sort_key if len(results.hits) == query.per_page else None
    return "" if last is None else search_url(query.replace(after=last))


def _reversed(query: SearchQuery) -> str:
    """The other end of the results: the reversed order."""
    turned = {Sort.NEWEST: Sort.OLDEST, Sort.OLDEST: Sort.NEWEST}
    return search_url(query.replace(sort=turned[query.sort])) if query.sort in turned else ""


def _read_as(node: Node | None) -> Iterator[ReadPart]:
    """How the text was read, in words; nothing when there is nothing to explain."""
    if node is not None:
        yield from _read(node, "word")


def _read(node: Node, kind: str) -> Iterator[ReadPart]:
    match node:
        case Word() | Phrase() | Prefix():
            yield ReadPart(kind, unparse(node))
        case Filter(operator, value):
            yield ReadPart(kind, f"{operator} {value}")
        case Said(role, inner):
            yield from _read(inner, kind)
            yield ReadPart("glue", "automatically" if role == "automatic" else f"by the {role}")
        case Not(inner):
            yield ReadPart("glue", "without")
            yield from _read(inner, "without")
        case And(nodes) | Or(nodes):
            yield from _read_several(nodes, "and" if isinstance(node, And) else "or", kind)


def _read_several(nodes: Sequence[Node], glue: str, kind: str) -> Iterator[ReadPart]:
    for number, part in enumerate(nodes):
        if number and not isinstance(part, Not):
            yield ReadPart("glue", glue)
        elif number and glue == "or":
            yield ReadPart("glue", "or")
        nested = isinstance(part, And | Or)
        if nested:
            yield ReadPart("glue", "(")
        yield from _read(part, kind)
        if nested:
            yield ReadPart("glue", ")")


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
