"""The links and forms of the search page: each is an address that gives the search it promises."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

import httpx
import pytest
from html_tree import Element
from shop import bodies, conversations
from web_world import WebWorld, full_portal, read_query

from app.search.engine import Histogram, Hit, Results
from app.search.parameters import SearchQuery, Sort
from app.web.histogram_view import Beside
from app.web.search_view import SearchPage, Surroundings, search_page
from app.web.shell import Frame, shell

SEARCHES: Final = (
    "/",
    "/search?q=refund",
    "/search?q=refund+OR+invoice+-parcel7&sort=oldest",
    "/search?q=%22my+order%22&rating=bad&rating=none&per_page=5&page=2",
    "/search?country=CZ&country=none&outcome=missed&from=2026-11-17&to=2026-11-30",
    "/search?q=rating%3Abad+by%3A%22Jonas+Muster%22+after%3A2026-11-17&sort=relevance",
    "/search?q=visitor%3A(order+OR+parcel*)&agent=Jonas+Muster",
    "/search?q=%28%3Cb%3E&rating=purple&page=x",
    "/search?q=refund&agent=A+%26+B+%3D+%22%C3%A9%22",
)


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with full_portal(tmp_path_factory.mktemp("links"), *bodies()) as world:
        yield world


def total_of(page: Element) -> int:
    """How many conversations a page found."""
    heading = page.one("h1").text
    return 0 if heading == "No conversations match" else int(heading.split()[0].replace(",", ""))


def submitted(form: Element) -> str:
    """The address that a browser asks for when the form is sent as it stands."""
    fields: list[tuple[str, str | int | float | bool | None]] = [
        (one["name"], one["value"]) for one in form.all("input")
    ]
    fields += [
        (chooser["name"], option["value"])
        for chooser in form.all("select")
        for option in chooser.all("option")
        if option.get("selected") is not None
    ]
    return f"{form['action']}?{httpx.QueryParams(fields)}"


@pytest.mark.parametrize("address", SEARCHES)
def test_sending_the_form_as_it_stands_gives_the_same_search(web: WebWorld, address: str) -> None:
    form = web.page(address).one("form", "ask")
    assert web.query(submitted(form)) == web.query(address).replace()


@pytest.mark.parametrize("address", SEARCHES)
def test_every_facet_link_adds_or_removes_just_its_value(web: WebWorld, address: str) -> None:
    query = web.query(address)
    page = web.page(address)
    for facet in ("rating", "outcome", "country"):
        for link in [one for box in page.all(id=f"f-{facet}") for one in box.all("a", "fv")]:
            there = web.query(link["href"])
            chosen, now = query.chosen(facet), there.chosen(facet)
            assert len(set(chosen) ^ set(now)) == 1
            assert (len(now) < len(chosen)) == ("on" in link.classes)
            assert there == query.with_filter(facet, now)


@pytest.mark.parametrize("address", ["/", "/search?q=refund", "/search?q=refund&rating=bad"])
def test_a_facet_link_finds_what_its_count_says(web: WebWorld, address: str) -> None:
    for link in web.page(address).all("a", "fv"):
        second = "rating=" in address and link["href"].count("rating=") > 1
        if "on" in link.classes or second:
            continue  # a count says what a value finds alone
        promised = int(link.one("span", "n").text.removesuffix(" conversations"))
        assert total_of(web.page(link["href"])) == promised, link.text


@pytest.mark.parametrize("address", SEARCHES)
def test_every_chip_removes_one_thing_and_clear_all_removes_them_together(
    web: WebWorld, address: str
) -> None:
    query, page = web.query(address), web.page(address)
    dates = [("from", query.since), ("to", query.until)]
    narrowing = {(name, value) for name, values in query.filters.items() for value in values}
    narrowing |= {(name, day.isoformat()) for name, day in dates if day is not None}
    left = []
    for chip in page.all("a", "chip"):
        there = set(web.query(chip["href"]).to_params())
        left += [one for one in narrowing if one not in there]
    assert sorted(left) == sorted(narrowing)
    if narrowing:
        everything = web.query(page.one("ul", "chips").one("a", "clear")["href"])
        assert not everything.is_filtered
        assert everything.node == query.node


@pytest.mark.parametrize("address", SEARCHES)
def test_clear_beside_a_facet_clears_that_facet_alone(web: WebWorld, address: str) -> None:
    query, page = web.query(address), web.page(address)
    for name in ("rating", "outcome", "country"):
        rows = [box.one("div", "row") for box in page.all(css="facet", id=f"f-{name}")]
        links = [link for row in rows for link in row.all("a", "clear")]
        assert bool(links) == bool(query.chosen(name))
        assert [web.query(one["href"]) for one in links] == [query.with_filter(name, ())] * len(
            links
        )


def test_next_and_previous_walk_through_every_page(web: WebWorld) -> None:
    address, seen = "/search?q=order&per_page=5&sort=oldest", []
    while address:
        page = web.page(address)
        seen += [one.one("h3").text for one in page.all("li", "result")]
        following = page.one("nav", "pager").all("a", rel="next")
        address = following[0]["href"] if following else ""
    assert [one.split()[1] for one in seen] == [str(one.number) for one in conversations()]
    back = page.one("nav", "pager").one("a", rel="prev")["href"]
    assert web.query(back).page == 9


@pytest.mark.parametrize("number", [1, 2, 5, 9, 10])
def test_every_page_number_is_the_same_search_on_that_page(web: WebWorld, number: int) -> None:
    address = (
        f"/search?q=order+-nothing&rating=bad&rating=good&rating=none&per_page=3&page={number}"
    )
    query, pager = web.query(address), web.page(address).one("nav", "pager")
    for link in pager.all("a"):
        if link.get("rel") is None:
            wanted = int(link.text.removeprefix("Page "))
            assert web.query(link["href"]) == query.replace(page=wanted)
    assert pager.one("span", **{"aria-current": "page"}).text == f"Page {number}"


def test_results_of_one_page_have_no_pager(web: WebWorld) -> None:
    assert not web.page("/search?q=parcel7").has("nav", "pager")


def test_a_result_leads_to_the_timeline_with_the_search_carried_along(web: WebWorld) -> None:
    address = "/search?q=refund&rating=bad&page=1&sort=oldest"
    link = web.page(address).all("li", "result")[0].one("h3").one("a")["href"]
    assert web.query(link) == web.query(address)
    back = web.page(link).one("nav", "trail").links()[0]
    assert back.startswith("/search?")
    assert web.query(back.partition("#")[0]) == web.query(address)


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=refund+invoice+parcel2",
        "/search?q=parcel1+rating%3Anormal&country=FR",
        "/search?q=order+nothinghasthis",
        "/search?q=parcel1&from=2027-01-01",
        "/search?q=parcel1&rating=bad&outcome=missed&to=2026-11-17&country=US",
        "/search?q=(refund+OR+invoice)+parcel4",
    ],
)
def test_a_search_without_hits_offers_changes_and_says_what_each_would_find(
    web: WebWorld, address: str
) -> None:
    page = web.page(address)
    assert page.one("h1").text == "No conversations match"
    rescues = page.one("ul", "rescue").all("li")
    assert rescues
    for rescue in rescues:
        promise = rescue.one("span", "n").text
        links = rescue.all("a")
        if links:
            assert f"{total_of(web.page(links[0]['href']))} conversation" in promise
        else:
            assert promise == "still none"


def test_a_rescue_counts_what_is_found_without_the_thing_it_names(web: WebWorld) -> None:
    page = web.page("/search?q=parcel1+refund&rating=bad&from=2026-11-16")
    offered = {
        one.one("a").text: one.one("span", "n").text
        for one in page.one("ul", "rescue").all("li")
        if one.has("a")
    }
    refunded = sum("refund" in one.words and one.rating == "bad" for one in conversations())
    assert offered == {
        "Without parcel1": f"{refunded} conversations",
        "With any rating": "1 conversation",
    }


def test_what_a_rescue_leaves_out_is_named(web: WebWorld) -> None:
    rescues = web.page("/search?q=refund+parcel2&rating=bad&to=2026-12-31").one("ul", "rescue")
    named = [one.text.removesuffix(one.one("span", "n").text) for one in rescues.all("li")]
    assert named == [
        "Without refund",
        "Without parcel2",
        "With any rating",
        "On any date",
    ]


def test_a_filter_in_the_query_moves_out_of_the_box(web: WebWorld) -> None:
    form = web.page("/search?q=rating:bad").one("form", "ask")
    assert form.one("input", name="q")["value"] == ""
    hidden = [(one["name"], one["value"]) for one in form.all("input", type="hidden")]
    assert hidden == [("rating", "bad")]


@pytest.mark.parametrize("query", ["after:2026-11-17", "before:2026-11-30 after:2026-11-17"])
def test_a_date_in_the_query_moves_to_its_field(web: WebWorld, query: str) -> None:
    form = web.page(f"/search?{httpx.QueryParams(q=query)}").one("form", "ask")
    assert form.one("input", name="from")["value"] == "2026-11-17"
    assert form.one("input", name="q")["value"] == ""


def beyond(query: SearchQuery, total: int) -> SearchPage:
    """The page of a search that found very many, without an engine that holds them."""
    place = Hit("208-1-0", None if query.sort is Sort.RELEVANCE else 4711)
    results = Results(total, (place,) * query.per_page, {}, Histogram("day", ()))
    frame = Frame(
        "http://127.0.0.1:8000", "/", "system", query.zone, None, datetime(2026, 11, 24, tzinfo=UTC)
    )
    around = Surroundings({}, Beside(), behind=0, conversations=total, demo=False)
    return search_page(query, results, [], shell(frame, ""), around)


def test_pages_are_numbered_to_result_10000_and_then_begin_behind_the_last_hit() -> None:
    query = SearchQuery(since=date(2026, 1, 1), page=500)
    pager = beyond(query, 25_000).pager
    assert pager is not None
    assert [link.label for link in pager.links] == ["1", "", "499", "500"]
    assert read_query(pager.following) == query.replace(after=4711)
    assert read_query(pager.last) == query.replace(sort=Sort.OLDEST)


def test_beyond_the_numbered_pages_there_is_still_a_next_one() -> None:
    query = SearchQuery(sort=Sort.OLDEST, after=100)
    pager = beyond(query, 25_000).pager
    assert pager is not None
    assert (pager.links, pager.previous) == ((), "")
    assert read_query(pager.following) == query.replace(after=4711)


def test_in_order_of_relevance_pages_end_at_result_10000() -> None:
    pager = beyond(SearchQuery(sort=Sort.RELEVANCE, page=500), 25_000).pager
    assert pager is not None
    assert (pager.following, pager.last) == ("", "")
