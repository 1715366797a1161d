"""The API: its shape as the contract has it, every parameter, and the same values as the page."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from html_tree import Element
from shop import SIZE, Sold, bodies, conversations, count
from web_world import BEGIN, DAY, HOUR, WebWorld, full_portal, hook, said, until

from app.search.engine import FACETS
from app.web.facets_view import SHOWN_VALUES

Shape = Mapping[str, object]
UTC_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
OPTIONAL: Final = (str, type(None))
PART: Final[Shape] = {"text": str, "hit": bool}
SNIPPET: Final[Shape] = {"message": int, "role": str, "name": str, "at": OPTIONAL, "parts": [PART]}
RESULT: Final[Shape] = {
    "id": str,
    "url": str,
    "begin": str,
    "end": OPTIONAL,
    "visitor": str,
    "country": OPTIONAL,
    "rating": str,
    "outcomes": [str],
    "agents": [str],
    "language": OPTIONAL,
    "demo": bool,  # beside the contract, as are the facts
    "facts": [{"fact": str, "label": str, "parts": [PART]}],
    "snippets": [SNIPPET],
    "more_hits": int,
}
VALUE: Final[Shape] = {"value": str, "label": str, "count": int, "chosen": bool}
ANSWER: Final[Shape] = {
    "query": {"text": str, "canonical": str, "notes": [str]},
    "total": int,
    "page": int,
    "pages": int,
    "results": [RESULT],
    "facets": {name: [VALUE] for name in FACETS},
    "histogram": {"unit": str, "bars": [{"from": str, "to": str, "count": int}]},
    "index": {"behind": int},
}
MESSAGE: Final[Shape] = {"number": int, "role": str, "name": str, "at": OPTIONAL, "parts": [PART]}
CONVERSATION: Final[Shape] = {
    **{
        name: kind
        for name, kind in RESULT.items()
        if name not in {"facts", "snippets", "more_hits"}
    },
    "visitor_key": OPTIONAL,
    "messages": [MESSAGE],
    "hits": [int],
}
SEARCHES: Final = (
    "",
    "?q=refund",
    "?q=refund+-invoice&rating=bad&rating=none&per_page=5&page=2",
    "?q=by%3A%22Jonas+Muster%22&sort=oldest&country=CZ&country=none",
    "?outcome=missed&outcome=dropped&from=2026-11-18&to=2026-11-25",
    "?q=parcel7+order&sort=relevance",
    "?q=nothinghasthis&rating=good&country=ZW",
    "?q=%28refund&page=0&purple=1&rating=purple",
)


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with full_portal(tmp_path_factory.mktemp("api"), *bodies()) as world:
        yield world


def check(value: object, shape: object, where: str = "") -> None:
    """Compare keys and types, all the way down; a list's shape is that of each entry."""
    if isinstance(shape, Mapping):
        assert isinstance(value, dict), where
        assert sorted(value) == sorted(shape), where
        for name, inner in shape.items():
            check(value[name], inner, f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for entry in value:
            check(entry, shape[0], f"{where}[]")
    elif shape is int:
        assert type(value) is int, where
    else:
        assert isinstance(shape, type | tuple)
        assert isinstance(value, shape), where


@pytest.mark.parametrize("params", SEARCHES)
def test_a_search_has_the_keys_and_types_of_the_contract(web: WebWorld, params: str) -> None:
    check(web.api(f"/search{params}"), ANSWER)


@pytest.mark.parametrize("params", ["", "?q=refund+look", "?q=nothinghasthis&hit=2"])
def test_a_conversation_has_the_keys_and_types_of_the_contract(web: WebWorld, params: str) -> None:
    name = next(conversations()).id
    check(web.api(f"/conversations/{name}{params}"), CONVERSATION)


def test_times_are_iso_8601_in_utc(web: WebWorld) -> None:
    found = web.api("/search?q=parcel7")
    times = [found["results"][0]["begin"], found["results"][0]["snippets"][0]["at"]]
    times += [found["histogram"]["bars"][0][side] for side in ("from", "to")]
    assert all(UTC_TIME.fullmatch(time) for time in times)
    assert datetime.fromisoformat(times[0]).timestamp() * 1000 == BEGIN + 49 * HOUR


def _facets_on(page: Element) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for facet in page.all(css="facet"):
        for value in facet.all("a", "fv"):
            label = next(span.text for span in value.all("span") if not span.classes)
            number = int(value.one("span", "n").text.removesuffix(" conversations"))
            found.setdefault(facet["id"].removeprefix("f-"), {})[label] = number
    return found


@pytest.mark.parametrize("params", SEARCHES)
def test_api_and_page_say_the_same(web: WebWorld, params: str) -> None:
    answer, page = web.api(f"/search{params}"), web.page(f"/search{params}")
    links = [one.one("h3").one("a")["href"] for one in page.all("li", "result")]
    assert [one["url"] for one in answer["results"]] == links
    heading = page.one("h1").text.split()[0]
    assert heading == (str(answer["total"]) if answer["total"] else "No")
    facets = {
        name: {
            entry["label"]: entry["count"]
            for place, entry in enumerate(entries)
            if place < SHOWN_VALUES or entry["chosen"]
        }
        for name, entries in answer["facets"].items()
        if entries
    }
    assert _facets_on(page) == facets
    assert answer["query"]["notes"] == [one.text for one in page.all("div", "notice")]
    marks = [
        p["text"] for r in answer["results"] for s in r["snippets"] for p in s["parts"] if p["hit"]
    ]
    assert [one.text for one in page.all("mark")] == marks


FILTERED: Final[tuple[tuple[str, Callable[[Sold], bool]], ...]] = (
    ("q=refund", lambda one: "refund" in one.words),
    ("rating=bad&rating=4", lambda one: one.rating in {"bad", "4"}),
    ("rating=none", lambda one: one.rating == "none"),
    ("country=SK", lambda one: one.country == "SK"),
    ("country=none", lambda one: not one.country),
    ("outcome=missed&outcome=dropped", lambda one: bool({"missed", "dropped"} & set(one.outcomes))),
    ("agent=Jonas+Muster", lambda _: True),
    ("agent=jonas+muster&agent=none", lambda _: True),
    ("agent=none", lambda _: False),
    ("from=2026-11-20", lambda one: one.begin >= BEGIN + 4 * DAY - 9 * HOUR),
    ("to=2026-11-19", lambda one: one.begin < BEGIN + 4 * DAY - 9 * HOUR),
    ("q=refund&rating=bad&outcome=chat", lambda one: "refund" in one.words
     and one.rating == "bad" and "chat" in one.outcomes),
)  # fmt: skip


@pytest.mark.parametrize(("params", "matches"), FILTERED, ids=[params for params, _ in FILTERED])
def test_every_filter_finds_what_a_plain_count_finds(
    web: WebWorld, params: str, matches: Callable[[Sold], bool]
) -> None:
    expected = [one.id for one in conversations() if matches(one)]
    found = web.api(f"/search?{params}&per_page=100&sort=oldest")
    assert (found["total"], [one["id"] for one in found["results"]]) == (len(expected), expected)


def test_a_result_and_its_conversation_tell_the_same_facts(web: WebWorld) -> None:
    for result in web.api("/search?per_page=20")["results"]:
        whole = web.api(f"/conversations/{result['id']}")
        same = set(result) & set(whole) - {"url"}
        assert {name: result[name] for name in same} == {name: whole[name] for name in same}
        assert result["country"] is None or len(result["country"]) == 2


def test_page_and_per_page_cut_the_results(web: WebWorld) -> None:
    everything = [one["id"] for one in web.api("/search?per_page=100")["results"]]
    third = web.api("/search?per_page=15&page=3")
    assert [one["id"] for one in third["results"]] == everything[30:45]
    assert (third["page"], third["pages"], third["total"]) == (3, 4, SIZE)


@pytest.mark.parametrize(
    ("per_page", "given"), [("", 20), ("0", 20), ("1", 1), ("101", 47), ("x", 20)]
)
def test_a_page_has_20_results_unless_told_and_at_most_100(
    web: WebWorld, per_page: str, given: int
) -> None:
    assert len(web.api(f"/search?per_page={per_page}")["results"]) == given


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_after_goes_on_behind_a_place_in_the_order(web: WebWorld, sort: str) -> None:
    everything = [one["id"] for one in web.api(f"/search?per_page=100&sort={sort}")["results"]]
    begin = int(everything[19].split("-")[2])
    border = begin << 21 | (0 if sort == "newest" else 2**21 - 1)
    behind = [one["id"] for one in web.api(f"/search?after={border}&sort={sort}")["results"]]
    assert behind == everything[20:40]


def test_relevance_puts_the_best_match_first(web: WebWorld) -> None:
    web_ids = web.api("/search?q=order+OR+parcel7&sort=relevance")["results"]
    assert web_ids[0]["visitor"] == "Visitor 7"


def test_facets_list_all_values_and_the_chosen_ones_also_at_zero(web: WebWorld) -> None:
    facets = web.api("/search?q=parcel7&country=ZW&country=CZ")["facets"]
    country = {entry["value"]: (entry["count"], entry["chosen"]) for entry in facets["country"]}
    expected = dict.fromkeys(("ZW", "CZ"), (0, True))
    expected |= {
        v: (n, v == "CZ") for v, n in count("country", lambda one: one.number == 7).items()
    }
    assert country == expected


def test_the_value_of_a_facet_is_what_the_parameter_takes(web: WebWorld) -> None:
    for name, entries in web.api("/search?q=refund")["facets"].items():
        for entry in entries:
            found = web.api(f"/search?q=refund&{name}={entry['value']}")
            assert found["total"] == entry["count"]


@pytest.mark.parametrize(
    "params", ["", "?q=refund", "?from=2026-11-18&to=2026-11-25", "?q=refund&from=2026-11-01"]
)
def test_the_bars_of_the_histogram_add_up_to_the_total(web: WebWorld, params: str) -> None:
    found = web.api(f"/search{params}")
    bars = found["histogram"]["bars"]
    assert sum(bar["count"] for bar in bars) == found["total"] > 0
    assert len(bars) <= 40
    assert all(before["to"] == after["from"] for before, after in pairwise(bars))
    assert found["histogram"]["unit"] in {"hour", "day", "week", "month", "quarter", "year"}


def test_the_bars_lie_within_the_days_that_were_asked_for(web: WebWorld) -> None:
    bars = web.api("/search?from=2026-11-18&to=2026-11-25")["histogram"]["bars"]
    first, last = (datetime.fromisoformat(bars[i][side]) for i, side in ((0, "from"), (-1, "to")))
    assert first.isoformat() == "2026-11-18T00:00:00+00:00"
    assert last - first == timedelta(days=8)


def test_more_hits_are_the_messages_with_a_mark_that_no_snippet_shows(web: WebWorld) -> None:
    many = hook("many", *[said(f"needle {n}", BEGIN + n) for n in range(9)], begin=BEGIN - DAY)
    web.receive(many)
    web.settle()
    until(lambda: web.api("/search?q=needle")["total"] == 1, "it is found")
    (result,) = web.api("/search?q=needle")["results"]
    assert (len(result["snippets"]), result["more_hits"]) == (3, 6)
    assert web.api(f"/conversations/{result['id']}?q=needle")["hits"] == list(range(1, 10))


def test_what_search_does_not_know_yet_is_counted(web: WebWorld) -> None:
    assert web.api("/search")["index"] == {"behind": 0}
    web.receive(hook("late", said("late"), begin=BEGIN - 2 * DAY))
    assert web.api("/search")["index"] == {"behind": 1}


def test_a_conversation_is_cut_where_the_query_marks_it(web: WebWorld) -> None:
    name = list(conversations())[6].id
    answer: Any = web.api(f"/conversations/{name}?q=parcel7+look")
    assert answer["hits"] == [1, 2]
    cut = [[(part["text"], part["hit"]) for part in one["parts"]] for one in answer["messages"]]
    assert cut == [
        [("My order: order ", False), ("parcel7", True), (" refund", False)],
        [("Let me ", False), ("look", True), (".", False)],
    ]
    assert [one["role"] for one in answer["messages"]] == ["visitor", "agent"]
