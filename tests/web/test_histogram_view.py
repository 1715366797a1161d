"""The histogram of the search page: bars that are links, hollow ones beside, and the way back."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from web_world import WebWorld, full_portal, hook, read_query, said

from app.search.engine import Bar, Histogram
from app.search.histogram import MOST_BARS, edges_after, edges_before
from app.search.parameters import SearchQuery
from app.web.histogram_view import Beside, histogram_view, wider_days

DAYS: Final = {date(2026, 1, 5): 3, date(2026, 3, 10): 1, date(2026, 3, 12): 4, date(2026, 6, 1): 2}
"""Days and how many conversations began on each."""
ZONE: Final = ZoneInfo("UTC")


def _begin(day: date, number: int) -> int:
    start = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return int(start.timestamp() * 1000) + number


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    bodies = [
        hook(f"{day}-{n}".replace("-", ""), said("hello"), begin=_begin(day, n))
        for day, number in DAYS.items()
        for n in range(number)
    ]
    with full_portal(tmp_path_factory.mktemp("bars"), *bodies) as world:
        yield world


def _bars(web: WebWorld, address: str) -> dict[str, int]:
    """The labels of filled bars that hold something, with their counts."""
    found = {}
    for bar in web.page(address).one("figure", "histo").all("a", "in"):
        days, _, count = bar["aria-label"].partition(": ")
        if not count.startswith("0 "):
            found[days] = int(count.split()[0])
    return found


def test_the_bars_of_everything_add_up_to_the_total(web: WebWorld) -> None:
    assert _bars(web, "/") == {
        "5 to 11 Jan 2026": 3,
        "9 to 15 Mar 2026": 5,
        "1 to 7 Jun 2026": 2,
    }


def test_every_bar_leads_to_its_days_and_keeps_the_search(web: WebWorld) -> None:
    page = web.page("/search?q=hello&rating=none")
    for bar in page.one("figure", "histo").all("a"):
        there = web.page(bar["href"])
        count = int(bar["aria-label"].split(": ")[1].split()[0])
        heading = there.one("h1").text
        assert heading == (f"{count} conversation{'' if count == 1 else 's'}" if count else
                           "No conversations match")  # fmt: skip
        query = read_query(bar["href"])
        assert (query.canonical, query.chosen("rating")) == ("hello", ("none",))


def test_bars_beside_the_chosen_days_are_hollow_and_counted(web: WebWorld) -> None:
    page = web.page("/search?from=2026-03-12&to=2026-03-14")
    bars = page.one("figure", "histo").all("a")
    hollow = [bar["aria-label"] for bar in bars if "in" not in bar.classes]
    assert "10 Mar 2026: 1 conversation, outside the chosen dates" in hollow
    assert all("outside the chosen dates" in label for label in hollow)
    assert len([bar for bar in bars if "in" in bar.classes]) == 3
    assert page.one("h1").text == "4 conversations"


def test_without_chosen_days_no_bar_is_hollow_and_nothing_is_wider(web: WebWorld) -> None:
    page = web.page("/")
    bars = page.one("figure", "histo").all("a")
    assert all("in" in bar.classes for bar in bars)
    assert "Wider" not in page.one("details", "bars").text


def test_wider_goes_back_step_by_step_to_all_dates(web: WebWorld) -> None:
    address, steps = "/search?from=2026-03-12&to=2026-03-12", []
    while True:
        links = [a for a in web.page(address).one("details", "bars").all("a") if "Wider" in a.text]
        if not links:
            break
        steps.append(links[0].text)
        address = links[0]["href"]
    assert steps == [
        "Wider: 9 to 15 Mar 2026",
        "Wider: 1 to 31 Mar 2026",
        "Wider: 1 Jan to 31 Mar 2026",
        "Wider: 1 Jan to 31 Dec 2026",
        "Wider: all dates",
    ]
    assert address == "/"


def test_the_table_behind_says_what_the_bars_say(web: WebWorld) -> None:
    page = web.page("/search?from=2026-03-10&to=2026-03-12")
    rows = page.one("details", "bars").one("tbody").all("tr")
    told = [(row.one("th").text.removesuffix(" (outside)"), row.one("td").text) for row in rows]
    bars = page.one("figure", "histo").all("a")
    assert told == [
        (days, rest.split()[0]) for days, _, rest in (b["aria-label"].partition(": ") for b in bars)
    ]


def test_the_highest_bar_alone_carries_its_number(web: WebWorld) -> None:
    figure = web.page("/").one("figure", "histo")
    numbered = [bar for bar in figure.all("a") if bar.has("text")]
    assert [bar.one("text").text for bar in numbered] == ["5"]


def test_one_day_is_drawn_by_the_hour(web: WebWorld) -> None:
    page = web.page("/search?from=2026-03-12&to=2026-03-12")
    assert page.one("details", "bars").all("summary")[0].text == "By hour"
    assert _bars(web, "/search?from=2026-03-12&to=2026-03-12") == {"12 Mar 2026, 09:00": 4}


def test_geometry_stands_in_attributes_within_the_plot(web: WebWorld) -> None:
    for address in ("/", "/search?from=2026-03-01&to=2026-03-31"):
        rects = web.page(address).one("figure", "histo").all("rect", "bar")
        for rect in rects:
            assert re.fullmatch(r"\d+\.\d\d%", rect["x"])
            assert 1 <= int(rect["height"]) <= 33
            assert int(rect["y"]) + int(rect["height"]) == 46
    assert len(rects) <= MOST_BARS


def test_nothing_found_has_no_bars(web: WebWorld) -> None:
    assert not web.page("/search?q=nothinghasthis").has("figure")


@pytest.mark.parametrize(
    ("since", "until", "wider"),
    [
        ("2026-03-12", "2026-03-12", ("2026-03-09", "2026-03-15")),
        ("2026-03-09", "2026-03-15", ("2026-03-01", "2026-03-31")),
        ("2026-02-26", "2026-03-03", ("2026-01-01", "2026-03-31")),
        ("2026-01-01", "2026-12-31", None),
        ("2025-12-30", "2026-01-02", ("2025-12-29", "2026-01-04")),
        ("2025-12-01", "2026-02-01", None),
    ],
)
def test_the_next_wider_days_are_the_calendars(
    since: str, until: str, wider: tuple[str, str] | None
) -> None:
    query = SearchQuery(since=date.fromisoformat(since), until=date.fromisoformat(until))
    found = wider_days(query)
    assert found == (None if wider is None else tuple(map(date.fromisoformat, wider)))


@pytest.mark.parametrize("bounds", [(None, date(2026, 1, 1)), (date(9999, 1, 1), date.max)])
def test_no_wider_days_where_the_calendar_gives_none(bounds: tuple[date | None, date]) -> None:
    assert wider_days(SearchQuery(since=bounds[0], until=bounds[1])) is None


@given(
    unit=st.sampled_from(["hour", "day", "week", "month", "quarter", "year"]),
    begin=st.integers(0, 2**41 - 1),
    most=st.integers(0, 50),
    zone=st.sampled_from(["UTC", "America/Havana", "Pacific/Apia", "Asia/Kathmandu"]),
)
def test_edges_beside_rise_touch_and_are_no_more_than_asked(
    unit: str, begin: int, most: int, zone: str
) -> None:
    before = edges_before(unit, begin, ZoneInfo(zone), most)
    after = edges_after(unit, begin, ZoneInfo(zone), most)
    for edges in (before, after):
        assert list(edges) == sorted(set(edges))
        assert len(edges) <= most + 1
    assert not before or (before[-1] == begin and before[0] >= 0)
    assert not after or after[0] == begin


@given(
    inside=st.integers(1, 45),
    before=st.lists(st.integers(0, 3), max_size=40),
    after=st.lists(st.integers(0, 3), max_size=40),
)
@example(inside=41, before=[], after=[0, 1])
def test_bars_beside_fill_the_room_that_is_left_and_no_more(
    inside: int, before: list[int], after: list[int]
) -> None:
    def bars(counts: list[int], start: int) -> tuple[Bar, ...]:
        return tuple(Bar(start + n * 10, start + n * 10 + 10, c) for n, c in enumerate(counts))

    middle = bars([1] * inside, 10_000)
    beside = Beside(bars(before, 10_000 - 10 * len(before)), bars(after, 10_000 + 10 * inside))
    query = SearchQuery(since=date(2026, 1, 1), zone=ZONE)
    view = histogram_view(query, Histogram("day", middle), beside)
    assert view is not None
    assert sum(bar.inside for bar in view.bars) == inside
    assert len(view.bars) <= max(inside, MOST_BARS)
    left = [bar for bar in view.bars if not bar.inside]
    worth = sum(map(bool, before)) + sum(map(bool, after))
    assert not left or worth


def test_days_far_away_are_no_trouble() -> None:
    far = int((datetime(2039, 9, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC))
              / timedelta(milliseconds=1))  # fmt: skip
    view = histogram_view(
        SearchQuery(since=date(1, 1, 1), until=date.max),
        Histogram("year", (Bar(0, far, 1),)),
        Beside(),
    )
    assert view is not None
    assert view.all_url == "/"


def test_a_portal_of_another_zone_cuts_at_its_own_midnights(tmp_path: Path) -> None:
    late = int(datetime(2026, 3, 12, 23, 30, tzinfo=UTC).timestamp() * 1000)
    zone = ZoneInfo("Europe/Prague")
    with full_portal(tmp_path, hook(1, said("hello"), begin=late), time_zone=zone) as web:
        assert _bars(web, "/search?from=2026-03-13&to=2026-03-13") == {"13 Mar 2026, 00:00": 1}
