"""Links between the pages of results: numbers to result 10,000, places beyond. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from app.search.engine import Results
from app.search.parameters import LAST_NUMBERED_RESULT, SearchQuery, Sort
from app.web.links import search_url
from app.web.wording import whole

PAGER_REACH: Final = 2
"""Pages around the current one that the pager names."""


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


def page_count(query: SearchQuery, total: int) -> int:
    """How many pages the results fill; at least one."""
    return max(1, -(-total // query.per_page))


def last_numbered_page(query: SearchQuery) -> int:
    """The last page that has a number."""
    return LAST_NUMBERED_RESULT // query.per_page


def pager(query: SearchQuery, results: Results, pages: int) -> Pager:
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
