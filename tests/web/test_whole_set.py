"""Rules that hold for all templates, routes, settings, commands and operators at once.

What the documentation does not name fails here.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from html_tree import Element, read_page
from web_world import WebWorld, full_portal, hook, name_of, portal, said

from app.commands.root import COMMANDS, HIDDEN
from app.conversations.visitors import KnownAs
from app.search.languages import LANGUAGES
from app.search.operators import DATES, FILTERS, OPERATORS, ROLES
from app.settings import DESCRIPTIONS, READERS

ROOT: Final = Path(__file__).parents[2]
TEMPLATES: Final = {path.name: path.read_text("utf-8") for path in ROOT.glob("templates/*.html")}
DOCS: Final = "\n".join(
    path.read_text("utf-8") for path in (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")))
)
KEY: Final = KnownAs("208", "", "7").key
RENDERED: Final = {
    "first_run.html": ("empty", "/", "Or look around first"),
    "search.html": ("filled", "/search?q=hello", "Conversations on this page"),
    "timeline.html": ("filled", f"/conversations/{name_of(1)}", "About this conversation"),
    "visitor.html": ("filled", f"/visitors/{KEY}", "History of this visitor"),
    "quote.html": ("filled", f"/conversations/{name_of(1)}/quote", "Text to copy: who said it"),
    "help.html": ("filled", "/help/search", "Numbers, addresses, codes"),
    "api.html": ("filled", "/help/api", "Its description for programs: openapi.json"),
    "facet.html": ("filled", "/search/country?q=hello", "Narrow the list"),
    "quarantine.html": ("filled", "/quarantine", "A hook comes here when"),
    "quarantined.html": ("filled", "/quarantine/2", "Control characters are drawn"),
    "problem.html": ("filled", "/nothing", "For the administrator:"),
}
"""Every template that is a page: where it shows, and words that stand in it alone."""


@pytest.fixture(name="pages", scope="module")
def _pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML of each template, as a request gets it."""
    found = {}
    with portal(tmp_path_factory.mktemp("empty")) as empty:
        found["first_run.html"] = empty.get("/").text
    with full_portal(
        tmp_path_factory.mktemp("filled"), hook(1, said("hello"), visitor={"id": 7}), b"{broken"
    ) as filled:
        for name, (world, address, _) in RENDERED.items():
            if world == "filled":
                found[name] = filled.get(address).text
    return found


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    bodies = [hook(n, said("refund"), rating=1) for n in range(3)]
    with full_portal(tmp_path_factory.mktemp("set"), *bodies) as world:
        yield world


def used_by_others() -> set[str]:
    """Templates that another one extends, includes or imports from."""
    tags = re.compile(r'\{%-?\s*(?:extends|include|from|import)\s+"([^"]+)"')
    return {name for text in TEMPLATES.values() for name in tags.findall(text)}


def test_every_template_is_a_page_that_is_rendered_or_part_of_another() -> None:
    assert set(RENDERED) | used_by_others() == set(TEMPLATES)
    assert not set(RENDERED) & used_by_others()


@pytest.mark.parametrize("name", RENDERED)
def test_the_page_of_a_template_is_rendered_from_it(pages: dict[str, str], name: str) -> None:
    words = RENDERED[name][2]
    assert [other for other, text in TEMPLATES.items() if words in text] == [name]
    assert words in pages[name]


def test_no_template_switches_escaping_off() -> None:
    forbidden = re.compile(r"\|\s*safe|autoescape|Markup|\|\s*tojson|xmlattr")
    assert [name for name, text in TEMPLATES.items() if forbidden.search(text)] == []


def test_no_template_leaves_an_attribute_unquoted() -> None:
    unquoted = re.compile(r"=\s*\{\{")
    assert [name for name, text in TEMPLATES.items() if unquoted.search(text)] == []


def elements(pages: dict[str, str]) -> list[Element]:
    """Every element of every page."""
    return [one for html in pages.values() for one in read_page(html).walk()]


def test_no_page_holds_an_inline_style_or_script(pages: dict[str, str]) -> None:
    for one in elements(pages):
        assert one.tag != "style"
        assert one.get("style") is None
        assert not [name for name in one.attributes if name.startswith("on")], one.attributes
        if one.tag == "script":
            assert one["src"].startswith("/static/")
            assert one.raw_text == ""


def test_every_page_loads_from_the_portal_alone(pages: dict[str, str]) -> None:
    loading = {"src", "srcset", "poster", "data"}
    for one in elements(pages):
        addresses = [value for name, value in one.attributes.items() if name in loading]
        addresses += [one["href"]] if one.tag in {"link", "use"} else []
        assert all(re.match(r"/(?!/)", address) for address in addresses), one.attributes


@pytest.mark.parametrize("name", RENDERED)
def test_every_page_has_a_title_one_heading_and_a_way_past_the_navigation(
    pages: dict[str, str], name: str
) -> None:
    page = read_page(pages[name])
    assert page.one("title").text.endswith(" · Transcript Portal")
    assert page.one("h1").text
    assert page.all("a", "skip")[0]["href"] == "#main"
    assert len(page.all("main", id="main")) == 1
    assert page.one("html")["lang"] == "en"


@pytest.mark.parametrize("name", RENDERED)
def test_every_field_of_a_page_has_a_label(pages: dict[str, str], name: str) -> None:
    page = read_page(pages[name])
    labelled = {one["for"] for one in page.all("label")}
    fields = [one for tag in ("input", "select", "textarea") for one in page.all(tag)]
    assert [one.attributes for one in fields if one.get("type") != "hidden"
            and one.get("id") not in labelled] == []  # fmt: skip


@pytest.mark.parametrize("name", RENDERED)
def test_no_id_stands_twice_on_a_page(pages: dict[str, str], name: str) -> None:
    ids = [one["id"] for one in read_page(pages[name]).walk() if one.get("id")]
    assert sorted(ids) == sorted(set(ids))


def test_every_icon_that_a_page_uses_is_drawn(pages: dict[str, str]) -> None:
    drawn = set(re.findall(r'<symbol[^>]*\bid="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
    used = {one["href"].split("#")[1] for one in elements(pages) if one.tag == "use"}
    assert used
    assert used <= drawn


def test_every_static_file_of_a_page_is_there(web: WebWorld, pages: dict[str, str]) -> None:
    values = [value for one in elements(pages) for value in one.attributes.values()]
    files = {value.split("#")[0] for value in values if value.startswith("/static/")}
    assert {address: web.get(address).status_code for address in files} == dict.fromkeys(files, 200)
    assert all("?v=" in address for address in files)


def test_every_route_is_documented(web: WebWorld) -> None:
    documented = {address.split("?")[0] for address in re.findall(r"`(/[^`\s]*)`", DOCS)}
    patterns = [re.sub(r"\\{\w+\\}|12$|…$", "[^/]+", re.escape(one)) for one in documented]
    for route in web.routes:
        if route.startswith("/openapi.json/"):
            continue  # made by Litestar beside the address that is documented
        path = re.sub(r"\{\w+:\w+\}", "x", route)
        path += "/x" if path == "/hooks/smartsupp" else ""
        assert any(re.fullmatch(pattern, path) for pattern in patterns), route


def test_every_setting_is_documented_and_described() -> None:
    assert set(DESCRIPTIONS) == set(READERS)
    for name in DESCRIPTIONS:
        assert f"PORTAL_{name}" in DOCS, name


def test_every_command_is_documented() -> None:
    for name in set(COMMANDS) - HIDDEN:
        assert f"portal {name}" in DOCS, name


def test_every_operator_is_on_the_help_page(web: WebWorld) -> None:
    page = web.page("/help/search").all("table", "words")[0]
    rows = [one for one in page.all("tr") if one.has("td")]
    assert [one.one("th").text for one in rows] == [one.form for one in OPERATORS]
    shown = page.text
    for operator in (*FILTERS, *DATES, *ROLES):
        assert f"{operator}:" in shown, operator


def test_every_language_is_on_the_help_page(web: WebWorld) -> None:
    rows = web.page("/help/search").one(id="languages").all("tr")[1:]
    codes = [row.one("code").text for row in rows]
    assert codes == list(LANGUAGES)
    assert [web.page(row.one("a")["href"]).one("h1").text for row in rows[:2]] == [
        "No conversations match"
    ] * 2


@pytest.mark.parametrize("example", [one.example for one in OPERATORS])
def test_the_example_of_an_operator_runs_without_a_note(web: WebWorld, example: str) -> None:
    page = web.page("/help/search").all("table", "words")[0]
    link = next(one for one in page.all("a") if one.text == example)
    assert not web.page(link["href"]).has("div", "notice")
    assert web.api(link["href"])["query"]["notes"] == []


def test_every_operator_is_documented() -> None:
    for operator in (*FILTERS, *DATES, *ROLES):
        assert f"`{operator}:`" in DOCS, operator
