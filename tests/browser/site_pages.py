"""Every page that a person can meet, by name, for the tests that look at all of them."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

import pytest
from msgspec import Struct
from planted_hooks import LEFT_ID, LONG, LONG_NUMBER, PLANTED, TALK_ID, needle
from running_portal import Answer, RunningPortal

WORD: Final = "the"
"""A word of more demo conversations than a page lists, of some of them many times."""
USUAL: Final = 40
"""Messages of a conversation that is not a long one."""
NOWHERE: Final = "zzqxzz"
"""A word of none."""

Find = Callable[[RunningPortal], str]


class SitePage(Struct, frozen=True):
    """A page: the fixture of its portal, how its address is found, the status it answers."""

    portal: str
    find: Find
    status: int = 200


def search_path(**params: str) -> str:
    """The address of a search."""
    return f"/search?{urlencode(params)}"


def most_hit(portal: RunningPortal, q: str = WORD) -> Answer:
    """Of the conversations of usual length, the one in which a query has most hits."""
    found = portal.search(q, per_page="100")["results"]
    told = (portal.conversation(one["id"], q) for one in found)
    return max((one for one in told if len(one["messages"]) <= USUAL), key=_hits)


def _hits(conversation: Answer) -> int:
    return len(conversation["hits"])


def _at(path: str) -> Find:
    return lambda _portal: path


def _timeline(portal: RunningPortal) -> str:
    return f"/conversations/{portal.search()['results'][0]['id']}"


def _timeline_with_hits(portal: RunningPortal) -> str:
    return f"/conversations/{most_hit(portal)['id']}?q={WORD}&hit=2"


def _long_timeline(portal: RunningPortal) -> str:
    found = portal.search(needle(LONG_NUMBER))["results"][0]
    return f"/conversations/{found['id']}?q={needle(LONG_NUMBER)}"


def _visitor(portal: RunningPortal) -> str:
    """The history of the demo's visitor who wrote oftenest."""
    found = portal.search(visit="returning", per_page="100")["results"]
    names = Counter(one["visitor"] for one in found)
    often = next(one for one in found if one["visitor"] == names.most_common(1)[0][0])
    return history_path(portal, often["id"])


def _visitor_of_long_words(portal: RunningPortal) -> str:
    return history_path(portal, portal.search(needle(LONG_NUMBER))["results"][0]["id"])


def history_path(portal: RunningPortal, conversation: str) -> str:
    """The history of the visitor of a conversation."""
    return f"/visitors/{portal.conversation(conversation)['visitor_key']}"


def _unreadable(_portal: RunningPortal) -> str:
    return f"/quarantine/{PLANTED + 1}"


DEMO_PORTAL: Final = "demo_portal"
PLANTED_PORTAL: Final = "planted_portal"

PAGES: Final[Mapping[str, SitePage]] = {
    "search": SitePage(DEMO_PORTAL, _at("/")),
    "filtered-search": SitePage(
        DEMO_PORTAL,
        _at("/search?rating=good&rating=none&rating=bad&country=CZ&from=2020-01-01&per_page=3"),
    ),
    "excluding-search": SitePage(
        DEMO_PORTAL, _at(search_path(q="-country:DE -rating:bad order", agent="none", per_page="3"))
    ),
    "search-with-marks": SitePage(
        DEMO_PORTAL, _at(search_path(q=f'refund OR "gift card" -{NOWHERE}', per_page="5"))
    ),
    "search-with-notes": SitePage(
        DEMO_PORTAL, _at(search_path(q="colour:red OR size", rating="9x", page="x", per_page="3"))
    ),
    "search-behind": SitePage("behind_portal", _at("/")),
    "zero-results": SitePage(
        DEMO_PORTAL, _at(search_path(q=f"{NOWHERE} {WORD}", rating="bad", to="2099-12-31"))
    ),
    "zero-results-of-a-long-word": SitePage(DEMO_PORTAL, _at(search_path(q=LONG))),
    "facet": SitePage(DEMO_PORTAL, _at("/search/country?q=order&country=CZ")),
    "facet-without-values": SitePage(DEMO_PORTAL, _at(f"/search/country?like={NOWHERE}")),
    "timeline": SitePage(DEMO_PORTAL, _timeline),
    "timeline-with-hits": SitePage(DEMO_PORTAL, _timeline_with_hits),
    "timeline-of-many-parts": SitePage(PLANTED_PORTAL, _at(f"/conversations/{TALK_ID}?q=stone")),
    "timeline-folded": SitePage(
        PLANTED_PORTAL,
        _at(f"/conversations/{TALK_ID}?q=stone&part=2&times=start&range=590-610&hit=16"),
    ),
    "quote": SitePage(PLANTED_PORTAL, _at(f"/conversations/{TALK_ID}/quote?from=598&to=602")),
    "visitor": SitePage(DEMO_PORTAL, _visitor),
    "visitor-searched": SitePage(DEMO_PORTAL, lambda portal: f"{_visitor(portal)}?q=batoh"),
    "visitor-filtered-to-nothing": SitePage(
        DEMO_PORTAL, lambda portal: f"{_visitor(portal)}?q={NOWHERE}&from=2020-01-01"
    ),
    "visitor-of-long-words": SitePage(PLANTED_PORTAL, _visitor_of_long_words),
    "help": SitePage(DEMO_PORTAL, _at("/help/search")),
    "api": SitePage(DEMO_PORTAL, _at("/help/api")),
    "quarantine": SitePage(PLANTED_PORTAL, _at("/quarantine?left=1")),
    "empty-quarantine": SitePage(DEMO_PORTAL, _at("/quarantine")),
    "bytes": SitePage(PLANTED_PORTAL, _unreadable),
    "missing-page": SitePage(DEMO_PORTAL, _at(f"/{NOWHERE}"), 404),
    "missing-conversation": SitePage(DEMO_PORTAL, _at(f"/conversations/1-{NOWHERE}-1"), 404),
    "first-run": SitePage("empty_portal", _at("/")),
    "search-away": SitePage("away_portal", _at(search_path(q=WORD, rating="bad")), 503),
    "search-of-long-words": SitePage(PLANTED_PORTAL, _at(search_path(q=needle(LONG_NUMBER)))),
    "facet-of-long-words": SitePage(PLANTED_PORTAL, _at("/search/agent?like=donau")),
    "timeline-of-long-words": SitePage(PLANTED_PORTAL, _long_timeline),
    "timeline-to-the-left": SitePage(PLANTED_PORTAL, _at(f"/conversations/{LEFT_ID}")),
}
"""All pages by name."""


class Site:
    """Addresses of pages, over portals that start when a page of theirs is first asked for."""

    def __init__(self, portal_named: Callable[[str], RunningPortal]) -> None:
        self._portal_named = portal_named
        self._found: dict[str, str] = {}

    def address(self, name: str) -> str:
        """The whole address of a page."""
        if name not in self._found:
            page = PAGES[name]
            portal = self._portal_named(page.portal)
            self._found[name] = portal.page + page.find(portal)
        return self._found[name]


def every_page(*but: str) -> pytest.MarkDecorator:
    """Run a test on every page, but those that are named."""
    return pytest.mark.parametrize("name", [name for name in PAGES if name not in but])
