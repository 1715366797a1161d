"""Planted markup in addresses stays text: in every parameter of every page, also in place.

Shapes of elements are those of harmless pages. The portal's policy watches and stops nothing.
"""

from collections.abc import Sequence
from typing import Final

import pytest
from markup_payloads import PAYLOADS
from page_shapes import Census, beyond, census, shapes_of
from planted_hooks import (
    CLEAN,
    LEFT_ID,
    PARAMETERS,
    needle,
    quoted,
    some_of,
)
from running_portal import RunningPortal
from tripwire import Tripwire

pytestmark = pytest.mark.browser

HARMLESS: Final = (
    "q=harmless&per_page=3&agent=harmless&group=harmless",
    "q=harmless+-word+%22two+words%22+x*+OR+%28a+b%29+answer&rating=bad&country=x&visit=nobody",
    "q=colour:red+answer&rating=9x&from=x&to=y&sort=z&page=w&per_page=v&after=u&outcome=t",
    "q=answer&from=2020-01-01&to=2099-12-31&rating=bad&agent=-",
    "q=harmless",
    "q=answer&per_page=1",
    "q=-agent:harmless+-country:harmless+visitor:x+agent:y",
)
"""Searches that show every part of the search page."""
CARRYING: Final = (
    "/quarantine",
    "/quarantine/1",
    "/help/search",
    "/help/api",
    f"/conversations/{LEFT_ID}/messages/1",
)
"""Pages that only carry their address along; each gets its share of the texts."""
NOWHERE: Final = ("/", "/conversations/", "/search/", "/quarantine/", "/static/")
"""Beginnings of addresses that lead nowhere; each gets its share of the texts."""
ALL: Final = [text for texts in PAYLOADS.values() for text in texts]
AT_ONCE: Final = 10
"""Texts in every parameter of one address, so that all fit into it."""
every_trick = pytest.mark.parametrize("trick", PAYLOADS)


@pytest.fixture(scope="module")
def known(wire: Tripwire, planted_portal: RunningPortal) -> frozenset[str]:
    """The shapes of harmless search pages, loaded and in place."""
    searches = [f"{planted_portal.page}/search?{asked}" for asked in HARMLESS]
    shapes = shapes_of(wire.page, planted_portal.page, *searches)
    return shapes.union(*(follow(wire, address).shapes for address in searches))


def several(texts: Sequence[str]) -> str:
    """The parameters of an address, each once for every text."""
    names = ("q", *PARAMETERS)
    return "&".join(f"{name}={quoted(text)}" for text in texts for name in names)


def follow(wire: Tripwire, address: str) -> Census:
    """Go to a page in place and count its elements."""
    wire.follow(address)
    return census(wire.page)


def look(wire: Tripwire, address: str) -> Census:
    """Load a page and count its elements."""
    wire.page.goto(address)
    return census(wire.page)


@pytest.mark.parametrize("way", ["loaded", "in place"])
@every_trick
def test_as_query_of_a_search(
    wire: Tripwire, planted_portal: RunningPortal, known: frozenset[str], trick: str, way: str
) -> None:
    search = f"{planted_portal.page}/search?per_page=1&q="
    twin, wrong = look(wire, f"{search}{needle(0)}"), []
    wire.page.evaluate("window.marked = true")
    for texts in some_of(PAYLOADS[trick], 4):
        asked = search + "+OR+".join([*map(quoted, texts), "answer"])
        seen = look(wire, asked) if way == "loaded" else follow(wire, asked)
        wrong += [f"{texts}: {what}" for what in beyond(seen, twin, known)]
    assert wrong + wire.tripped() == []
    assert wire.page.evaluate("window.marked === true") == (way == "in place")


@pytest.mark.parametrize("way", ["loaded", "in place"])
def test_as_every_parameter_of_a_search(
    wire: Tripwire, planted_portal: RunningPortal, known: frozenset[str], way: str
) -> None:
    twin, wrong = look(wire, f"{planted_portal.page}/search?{several((CLEAN,))}"), []
    wire.page.evaluate("window.marked = true")
    for texts in some_of(ALL, AT_ONCE):
        asked = f"{planted_portal.page}/search?{several(texts)}"
        seen = look(wire, asked) if way == "loaded" else follow(wire, asked)
        wrong += [f"{texts}: {what}" for what in beyond(seen, twin, known)]
    assert wrong + wire.tripped() == []
    assert wire.page.evaluate("window.marked === true") == (way == "in place")


@pytest.mark.parametrize("path", ["/search/agent", f"/conversations/{LEFT_ID}"])
def test_as_every_parameter_of_another_page(
    wire: Tripwire, planted_portal: RunningPortal, path: str
) -> None:
    assert from_elsewhere(wire, planted_portal.page + path, ALL) == []


@pytest.mark.parametrize("path", CARRYING)
def test_as_every_parameter_of_a_page_that_carries_it_along(
    wire: Tripwire, planted_portal: RunningPortal, path: str
) -> None:
    share = ALL[CARRYING.index(path) :: len(CARRYING)]
    assert from_elsewhere(wire, planted_portal.page + path, share) == []


def from_elsewhere(wire: Tripwire, home: str, texts: Sequence[str]) -> list[str]:
    """What a page has, with texts in its parameters, that it has not with harmless ones."""
    known = shapes_of(wire.page, home, f"{home}?q={CLEAN}&like=zzqx")
    twin, wrong = look(wire, f"{home}?{several((CLEAN,))}"), []
    for some in some_of(texts, AT_ONCE):
        seen = look(wire, f"{home}?{several(some)}")
        wrong += [f"{some}: {what}" for what in beyond(seen, twin, known | twin.shapes)]
    return wrong + wire.tripped()


@pytest.mark.parametrize("path", NOWHERE)
def test_as_an_address_that_leads_nowhere(
    wire: Tripwire, planted_portal: RunningPortal, path: str
) -> None:
    home, joint = planted_portal.page + path, "/" if path == "/" else ""
    twin, wrong = look(wire, f"{home}{CLEAN}?q={CLEAN}"), []
    for texts in some_of(ALL[NOWHERE.index(path) :: len(NOWHERE)], AT_ONCE):
        seen = look(wire, f"{home}{joint.join(map(quoted, texts))}?q={quoted(texts[0])}")
        wrong += [f"{texts}: {what}" for what in beyond(seen, twin, twin.shapes)]
    assert wrong + wire.tripped() == []
