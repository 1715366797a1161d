"""Every sentence of ours passes through gettext: pages in another language show none in English.

The other language is made up: each sentence stands in ⟦brackets⟧. What senders wrote, codes and
the names of the portal stay as they are, and the whole of a page's other text must be in brackets.
"""

import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path
from typing import Final

import pytest
from babel import Locale
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from html_tree import Element
from web_world import BEGIN, MINUTE, WebWorld, answered, full_portal, happened, hook, name_of, said

from app.language import gettext, locale, ngettext, speaking
from app.web.wording import conversations, country, whole

ROOT: Final = Path(__file__).parents[2]
CATALOG: Final = ROOT / "app" / "locale" / "portal.pot"
KEPT: Final = re.compile(
    r"""^(?:Transcript[ ]Portal|UTC|Deutsch|English|Čeština|Demo|GET|POST|[A-Z]{2}|–|…
    |[\W\d]*|/|j|k|Enter|\?|[a-z_]+:|openapi\.json|curl.*|.*\d\d:\d\d.*|.*\d{4}.*
    |\(?\d[\d,.]*[ ]?\w{0,5}\)?)$""",
    re.VERBOSE,
)


TRANSLATED: Final = re.compile(r"⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧")


class Bracketed(NullTranslations):
    """A language in which every sentence stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


PAGES: Final = (
    "/",
    "/search?q=hello&rating=bad&country=CZ&from=2026-11-01&to=2026-11-30&sort=oldest",
    "/search?q=-country:CZ+%28nothing",
    "/search?q=nothinghasthis+either&rating=good&visit=first&page=0&per_page=x",
    "/search/country?q=hello",
    "/search/agent?like=zzz",
    f"/conversations/{name_of(1)}?q=hello",
    f"/conversations/{name_of(2)}",
    "/quarantine",
    "/quarantine/3",
    "/help/search",
    "/nothing",
)
SENT: Final = frozenset(
    {"hello", "world", "Eva", "eva@example.com", "Note", "Home", "https://shop.example/", "vip"}
    | {"Jonas Muster", "quick", "Orders", "7", "Greeting", "no.such.code", "shop.example/", "Brno"}
    | {"Czechia", "Czechia, Brno", "country CZ", "nothing", "nothinghasthis", "either", "zzz"}
)
"""What was sent, typed or named by babel."""
REASON: Final = "The body is not JSON:"
"""Reasons of the quarantine are kept as they were on their day."""


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    talk = hook(
        1,
        said("hello", BEGIN),
        happened("agent.join", BEGIN + 1, "Jonas Muster"),
        answered("world", BEGIN + 30 * MINUTE),
        happened("no.such.code", BEGIN + 31 * MINUTE),
        visitor={
            "name": "Eva", "email": "eva@example.com", "countryCode": "CZ", "city": "Brno",
            "group": "vip", "variables": {"o": {"label": "Orders", "value": "7"}},
        },
        rating=1, ratingDesc="quick", isChat=True, isMissed=True, duration=99,
        paths=[{"url": "https://shop.example/", "title": "Home"}],
    )  # fmt: skip
    bare = hook(2, said("hello"), rating=5)
    with full_portal(tmp_path_factory.mktemp("language"), talk, bare, b"{") as world:
        yield world


def texts(element: Element) -> Iterator[str]:
    """The texts of a page that a person reads or hears, piece by piece, without what was said."""
    if element.tag in {"script", "style", "code", "pre", "bdi", "blockquote", "q", "kbd"}:
        return
    if element.tag == "div" and "say" in element.classes:
        return
    for name in ("aria-label", "title", "placeholder", "alt"):
        if element.get(name):
            yield element[name]
    for child in element.children:
        if isinstance(child, str):
            yield child.strip()
        else:
            yield from texts(child)


def english(page: Element) -> list[str]:
    """Texts of a page that are neither translated nor sent by anybody."""
    bare = (TRANSLATED.sub("", text).strip(" ,.:·“”") for text in texts(page))
    left = (text for text in bare if not KEPT.match(text) and text not in SENT)
    return [text for text in left if not text.startswith(REASON)]


@pytest.mark.parametrize("address", PAGES)
def test_every_sentence_of_a_page_is_translated(web: WebWorld, address: str) -> None:
    with speaking(Locale("en"), Bracketed()):
        page = web.page(address, 404 if address == "/nothing" else 200)
    assert english(page) == []


def test_a_language_holds_for_its_block_alone() -> None:
    with speaking(Locale("cs"), Bracketed()):
        assert gettext("Search") == "⟦Search⟧"
        assert ngettext("{number} hook", "{number} hooks", 2) == "⟦{number} hooks⟧"
        assert locale() == Locale("cs")
    assert gettext("Search") == "Search"
    assert locale() == Locale("en")


def test_numbers_and_countries_follow_the_language() -> None:
    with speaking(Locale("cs"), NullTranslations()):
        assert (whole(1204), country("DE")) == ("1\xa0204", "Německo")
        assert conversations(2000) == "2\xa0000 conversations"
    assert (whole(1204), country("DE")) == ("1,204", "Germany")


def test_the_catalog_lists_every_sentence() -> None:
    """``make strings`` writes it."""
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "marked": None}
    method = [("app/**.py", "python"), ("templates/**.html", "jinja2")]
    options = {"templates/**.html": {"silent": "false"}}
    found = extract_from_dir(ROOT, method, options, keywords, ["Translators:"])
    wanted = {
        message for name, _, message, _, _ in found if name.startswith(("app/", "templates/"))
    }
    with CATALOG.open("rb") as file:
        listed = {message.id for message in read_po(file) if message.id}
    assert wanted == listed
