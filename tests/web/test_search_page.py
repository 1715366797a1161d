"""The search page: total, order, facets with their counts, chips, notes, snippets, behind."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import httpx
import pytest
from html_tree import Element
from shop import SIZE, Sold, bodies, conversations, count
from web_world import (
    BEGIN,
    DAY,
    WebWorld,
    full_portal,
    hook,
    name_of,
    portal,
    read_query,
    said,
    until,
)

FACETS: Final = ("rating", "outcome", "country")


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with full_portal(tmp_path_factory.mktemp("search"), *bodies()) as world:
        yield world


def ids_on(page: Element) -> list[str]:
    """The conversations on a page, in its order."""
    results = [one.one("h3").one("a")["href"] for one in page.all("li", "result")]
    return [link.split("?")[0].removeprefix("/conversations/") for link in results]


def facet_on(page: Element, name: str) -> dict[str, int]:
    """The values of a facet beside the results, with their counts."""
    return values_on(page.one(css="facet", id=f"f-{name}"))


def values_on(part: Element) -> dict[str, int]:
    """The values of a facet as a part of a page names them, with their counts."""
    listed = {}
    for value in part.all("a", "fv"):
        label = next(one for one in value.all("span") if not one.classes)
        number = value.one("span", "n").text.removesuffix(" conversations")
        listed[label.text] = int(number.replace(",", ""))
    return listed


def chosen_on(page: Element) -> list[str]:
    """The labels of chosen values, all facets together."""
    return [
        next(span for span in one.all("span") if not span.classes).text
        for one in page.all("a", "fv", **{"aria-current": "true"})
    ]


SEARCHES: Final[tuple[tuple[str, Callable[[Sold], bool]], ...]] = (
    ("", lambda _: True),
    ("q=", lambda _: True),
    ("q=refund", lambda one: "refund" in one.words),
    ("q=refund+invoice", lambda one: {"refund", "invoice"} <= one.words),
    ("q=refund+-invoice", lambda one: "refund" in one.words and "invoice" not in one.words),
    ("q=parcel7", lambda one: one.number == 7),
    ("rating=bad", lambda one: one.rating == "bad"),
    ("rating=1", lambda one: one.rating == "bad"),
    ("rating=bad&rating=none", lambda one: one.rating in {"bad", "none"}),
    ("q=rating:bad&rating=none", lambda one: one.rating in {"bad", "none"}),
    ("country=CZ&country=none", lambda one: one.country in {"CZ", ""}),
    ("outcome=missed", lambda one: "missed" in one.outcomes),
    ("outcome=missed&rating=bad", lambda one: "missed" in one.outcomes and one.rating == "bad"),
    (
        "q=refund&rating=good&country=SK",
        lambda one: "refund" in one.words and one.rating == "good" and one.country == "SK",
    ),
    ("from=2026-11-20", lambda one: one.begin >= BEGIN + 4 * DAY - 9 * 3_600_000),
    ("to=2026-11-19", lambda one: one.begin < BEGIN + 4 * DAY - 9 * 3_600_000),
)


@pytest.mark.parametrize(("params", "matches"), SEARCHES, ids=[params for params, _ in SEARCHES])
def test_the_page_says_exactly_how_many_conversations_match(
    web: WebWorld, params: str, matches: Callable[[Sold], bool]
) -> None:
    expected = [one.id for one in conversations() if matches(one)]
    page = web.page(f"/search?{params}")
    noun = "conversation" if len(expected) == 1 else "conversations"
    said_so = f"{len(expected)} {noun}" if expected else "No conversations match"
    assert page.one("h1").text == said_so
    assert ids_on(page) == list(reversed(expected))[:20]


@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize("params", ["q=refund", "q=invoice+refund", ""])
def test_a_facet_counts_the_conversations_of_each_value(
    web: WebWorld, params: str, facet: str
) -> None:
    words = set(params.removeprefix("q=").split("+")) - {""}
    listed = values_on(web.page(f"/search/{facet}?{params}"))
    counted = count(facet, lambda one: words <= one.words)
    assert sorted(listed.values()) == sorted(counted.values())


def test_a_facet_ignores_its_own_choice_and_heeds_the_others(web: WebWorld) -> None:
    page = web.page("/search?q=refund&rating=bad&rating=good&country=SK")
    in_country = count("rating", lambda one: "refund" in one.words and one.country == "SK")
    labels = {"good": "Good", "normal": "Normal", "bad": "Bad", "none": "Not rated", "4": "4"}
    chosen = {"Good": 0, "Bad": 0}
    assert facet_on(page, "rating") == chosen | {labels[v]: n for v, n in in_country.items()}
    rated = count("country", lambda one: "refund" in one.words and one.rating in {"bad", "good"})
    countries = values_on(web.page("/search/country?q=refund&rating=bad&rating=good&country=SK"))
    assert sorted(countries.values()) == sorted(rated.values())


def test_several_values_of_one_facet_are_chosen_together(web: WebWorld) -> None:
    page = web.page("/search?rating=bad&rating=none&outcome=missed")
    assert sorted(chosen_on(page)) == ["Bad", "Missed", "Not rated"]


@pytest.mark.parametrize(
    ("params", "chosen"),
    [
        ("rating=bad&q=parcel1", "Bad"),  # 1 has another rating
        ("rating=77", "77"),  # no conversation has it
        ("country=ZW", "Zimbabwe"),
        ("country=QQ", "QQ"),
        ("rating=good&q=nothinghasthisword", "Good"),
        ("outcome=dropped&q=parcel1", "Dropped"),
    ],
)
def test_a_chosen_value_never_vanishes(web: WebWorld, params: str, chosen: str) -> None:
    page = web.page(f"/search?{params}")
    assert chosen_on(page) == [chosen]
    (link,) = page.all("a", "fv", **{"aria-current": "true"})
    assert {"on", "zero"} <= link.classes
    assert link.one("span", "n").text == "0 conversations"


def test_a_value_with_none_left_is_listed_only_when_it_is_chosen(web: WebWorld) -> None:
    page = web.page("/search?q=parcel7")
    assert all(number for name in FACETS for number in facet_on(page, name).values())


def test_the_values_of_a_facet_stand_by_count_then_by_value(web: WebWorld) -> None:
    counts = list(facet_on(web.page("/"), "country").values())
    assert counts == sorted(counts, reverse=True)


def test_a_long_facet_shows_seven_values_and_leads_to_all(web: WebWorld) -> None:
    facet = web.page("/search?q=refund").one(css="facet", id="f-country")
    assert len(facet.all("a", "fv")) == 7
    more = facet.one("a", "all")
    assert more.text == "Show all 10 countries"
    page = web.page(more["href"])
    assert len(page.all("a", "fv")) == 10
    assert page.one("h1").text == "All countries"
    assert page.one("nav", "trail").one("a")["href"] == "/search?q=refund"


def test_a_chosen_value_stands_beside_the_results_however_rare_it_is(web: WebWorld) -> None:
    last = web.page("/search/country").all("a", "fv")[-1]["href"]
    facet = web.page(last).one(css="facet", id="f-country")
    assert len(facet.all("a", "fv")) == 8
    assert facet.has("a", "fv", **{"aria-current": "true"})


@pytest.mark.parametrize(
    ("text", "found"), [("GERM", ["Germany"]), ("de", ["Germany"]), ("  ", None)]
)
def test_a_box_narrows_the_values_of_a_facet(
    web: WebWorld, text: str, found: list[str] | None
) -> None:
    page = web.page(f"/search/country?{httpx.QueryParams(like=text)}")
    listed = list(values_on(page))
    assert listed == found if found else len(listed) == 10


def test_a_box_that_narrows_to_nothing_offers_all_again(web: WebWorld) -> None:
    page = web.page("/search/country?like=atlantis&q=refund")
    assert not page.has("a", "fv")
    (again,) = [a for a in page.all("a") if a.text == "Show all"]
    assert len(web.page(again["href"]).all("a", "fv")) == 10


def test_the_box_of_a_facet_carries_the_search_along(web: WebWorld) -> None:
    form = web.page("/search/country?q=refund&rating=bad").one("form", "narrowing")
    hidden = [(one["name"], one["value"]) for one in form.all("input", type="hidden")]
    assert (form["action"], hidden) == ("/search/country", [("q", "refund"), ("rating", "bad")])


@pytest.mark.parametrize("name", ["colour", "Country", "q", "country/x"])
def test_there_is_no_page_of_what_is_no_facet(web: WebWorld, name: str) -> None:
    assert web.get(f"/search/{name}").status_code == 404


def test_a_click_excludes_a_value_and_another_lets_it_in_again(web: WebWorld) -> None:
    row = web.page("/search?q=refund").one(css="facet", id="f-country").all("li")[0]
    code = row.one("abbr").text
    out = web.page(row.one("a", "not")["href"])
    words = [one for one in conversations() if "refund" in one.words]
    left = [one for one in words if one.country != code]
    assert out.one("h1").text == f"{len(left)} conversations"
    assert f"-country:{code}" in out.one("input", id="q")["value"]
    (chip,) = out.all("a", "chip")
    assert chip.text.startswith("Remove filter Country not ")
    (excluded,) = out.all("a", "out")
    for back in (chip["href"], excluded["href"]):
        assert web.page(back).one("h1").text == f"{len(words)} conversations"


def test_choosing_an_excluded_value_lets_it_in_and_excluding_a_chosen_one_drops_it() -> None:
    chosen = read_query("/search?country=CZ").excluding("country", "CZ")
    assert (chosen.chosen("country"), chosen.excluded("country")) == ((), ("CZ",))
    again = chosen.toggled("country", "CZ")
    assert (again.chosen("country"), again.excluded("country")) == (("CZ",), ())


def test_clearing_a_facet_takes_choices_and_exclusions_away(web: WebWorld) -> None:
    page = web.page("/search?q=refund+-country:DE+-country:CZ&rating=bad")
    clear = page.one(css="facet", id="f-country").one("a", "clear")
    assert read_query(clear["href"]).to_params() == [("q", "refund"), ("rating", "bad")]
    assert read_query(page.one("ul", "chips").one("a", "clear")["href"]).to_params() == [
        ("q", "refund")
    ]


def test_every_filter_in_use_is_a_chip(web: WebWorld) -> None:
    page = web.page("/search?rating=bad&rating=none&country=SK&agent=Jonas+Muster&from=2026-11-16")
    chips = [chip.text.removeprefix("Remove filter ") for chip in page.all("a", "chip")]
    assert chips == [
        "Rating Bad",
        "Not rated",
        "Country Slovakia",
        "Agent Jonas Muster",
        "From 16 Nov 2026",
    ]
    assert [one.text for one in page.one("ul", "chips").all("li", "or")] == ["or"]


def test_what_could_not_be_used_is_said_in_a_note(web: WebWorld) -> None:
    page = web.page(
        "/search?q=parcel7+%28&rating=purple&from=yesterday&page=-1&visit=never&language=xx"
    )
    notes = " ".join(one.text for one in page.all("div", "notice"))
    for bad in (
        "1 bracket was ignored",
        "rating=purple",
        "from=yesterday",
        "page=-1",
        "visit",
        "language",
    ):
        assert bad in notes
    assert page.one("h1").text == "1 conversation"


def test_a_result_shows_the_visitor_the_facts_and_the_words_that_were_found(web: WebWorld) -> None:
    (result,) = web.page("/search?q=parcel7").all("li", "result")
    assert result.one("h3").one("a").text == "Visitor 7"
    assert [mark.text for mark in result.all("mark")] == ["parcel7"]
    assert result.one("span", "rating").text == "Rating: Bad"
    facts = [one.text for one in result.one("ul", "meta").all("li")]
    assert facts == [
        "longest wait 1 min",
        "Jonas Muster",
        "Chat, missed, offline",
        "last word: Jonas Muster",
    ]


def test_without_words_a_result_shows_how_the_conversation_began(web: WebWorld) -> None:
    first = web.page("/").all("li", "result")[0]
    assert [one.one("blockquote").text for one in first.all("li", "snip")][1] == "Let me look."
    assert not first.has("mark")


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_results_stand_in_the_order_that_was_asked_for(web: WebWorld, sort: str) -> None:
    oldest_first = [one.id for one in conversations()]
    expected = oldest_first if sort == "oldest" else list(reversed(oldest_first))
    assert ids_on(web.page(f"/search?sort={sort}")) == expected[:20]


def test_the_pages_hold_every_conversation_once(web: WebWorld) -> None:
    found = [one for number in (1, 2, 3) for one in ids_on(web.page(f"/search?page={number}"))]
    assert len(found) == len(set(found)) == SIZE


def test_a_page_behind_the_last_is_the_last(web: WebWorld) -> None:
    assert ids_on(web.page("/search?page=400")) == ids_on(web.page("/search?page=3"))


def test_the_page_says_how_far_search_is_behind(tmp_path: Path) -> None:
    with full_portal(tmp_path, hook(1, said("hello"))) as web:
        web.receive(hook(2, said("not found yet")))
        notice = web.page("/").one("div", "notice")
        assert (notice["id"], notice["role"]) == ("behind", "status")
        assert notice.text == (
            "Search is 1 conversation behind. What waits arrived in the last minute. "
            "It appears here shortly; nothing is lost."
        )
        web.settle()
        until(lambda: ids_on(web.page("/")) == [name_of(2), name_of(1)], "both are found")
        assert not web.page("/").has("div", "notice")


def test_the_day_of_a_filter_is_a_day_of_the_portals_zone(tmp_path: Path) -> None:
    late = (
        BEGIN + 14 * 3_600_000 + 30 * 60_000
    )  # 16 November, 23:30 UTC: already the 17th in Prague
    with portal(tmp_path, time_zone=ZoneInfo("Europe/Prague")) as web:
        web.receive(hook(1, said("late"), begin=late))
        web.settle()
        assert ids_on(web.page("/search?from=2026-11-17")) == [name_of(1, late)]
        assert ids_on(web.page("/search?q=before:2026-11-16")) == []
        assert web.page("/").one("li", "result").all("time")[0].text == "Tue 17 Nov 2026, 00:30"
