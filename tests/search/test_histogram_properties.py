"""What holds for the bars of any two instants in any zone, against a calendar of our own."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.histogram import MOST_BARS, borders

HOUR_MS, DAY_MS, YEAR_MS = 3_600_000, 86_400_000, 31_557_600_000
UNITS: dict[str, Callable[[datetime], tuple[object, ...]]] = {
    "hour": lambda at: (at.date(), at.hour, at.utcoffset()),
    "day": lambda at: (at.date(),),
    "week": lambda at: at.isocalendar()[:2],
    "month": lambda at: (at.year, at.month),
    "quarter": lambda at: (at.year, (at.month - 1) // 3),
    "year": lambda at: (at.year,),
}
"""What tells one hour, day … from another on a local clock, from fine to coarse."""
SPACING = {
    "hour": HOUR_MS // 2,
    "day": DAY_MS // 2,
    "week": 3 * DAY_MS,
    "month": 13 * DAY_MS,
    "quarter": 40 * DAY_MS,
    "year": 180 * DAY_MS,
}
"""Steps in ms so short that no unit is stepped over."""
ZONES = (
    *("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo"),
    *("America/Havana", "America/St_Johns", "Asia/Kathmandu", "Asia/Tehran", "Asia/Beirut"),
    *("Africa/Cairo", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Apia"),
)
HALF_HOURLY = "Australia/Lord_Howe"
"""Summer time of half an hour makes bars of an hour and a half."""
EARLIEST_MS = 536_457_600_000
"""1987: the last of these zones had changed by less than an hour."""
SINCE_2012_MS = 1_325_376_000_000
"""America/St_Johns changed its clock a minute past midnight until 2011: a day began twice."""
CHANGES = {
    "Europe/Berlin": 1_774_746_000_000,
    "America/Sao_Paulo": 1_541_300_400_000,
    "America/Havana": 1_793_509_200_000,
    "Pacific/Apia": 1_325_239_200_000,
    "Africa/Cairo": 1_776_981_600_000,
    HALF_HOURLY: 1_791_042_300_000,
}
"""Instants near which the clock of a zone changed."""
Span = tuple[int, int, ZoneInfo]


def local(instant: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(zone)


@st.composite
def spans(draw: st.DrawFn, zones: tuple[str, ...] = ZONES) -> Span:
    """Two instants and a zone: spans of hours as often as spans of years."""
    name = draw(st.sampled_from(zones))
    longest = draw(st.sampled_from((HOUR_MS, 45 * HOUR_MS, 45 * DAY_MS, YEAR_MS, 27 * YEAR_MS)))
    earliest = SINCE_2012_MS if name == "America/St_Johns" else EARLIEST_MS
    first = draw(st.integers(earliest, 2**41 - 1 - 27 * YEAR_MS))
    if name in CHANGES and draw(st.booleans()):
        first = CHANGES[name] + draw(st.integers(-50 * DAY_MS, DAY_MS))
    return first, first + draw(st.integers(0, longest)), ZoneInfo(name)


ANY_SPANS = spans((*ZONES, HALF_HOURLY))
bounded = settings(deadline=None, max_examples=100)


@bounded
@given(ANY_SPANS)
def test_borders_rise(span: Span) -> None:
    _, found = borders(*span)
    assert all(low < high for low, high in pairwise(found))


@bounded
@given(ANY_SPANS)
def test_the_bars_reach_from_the_first_instant_to_the_last(span: Span) -> None:
    _, found = borders(*span)
    assert found[0] <= span[0] < found[1]
    assert found[-2] <= span[1] < found[-1]


@bounded
@given(ANY_SPANS, st.floats(0, 1))
def test_every_instant_falls_in_exactly_one_bar(span: Span, share: float) -> None:
    first, last, _ = span
    instant = first + int((last - first) * share)
    _, found = borders(*span)
    assert [low <= instant < high for low, high in pairwise(found)].count(True) == 1


@bounded
@given(ANY_SPANS)
def test_there_are_at_most_40_bars_unless_they_are_years(span: Span) -> None:
    unit, found = borders(*span)
    assert unit == "year" or len(found) - 1 <= MOST_BARS


def number_of(unit: str, first: int, last: int, zone: ZoneInfo) -> int:
    """How many of a unit two instants and all between them touch; stops beyond 40."""
    seen = {UNITS[unit](local(first, zone))}
    at = first
    while at < last and len(seen) <= MOST_BARS:
        at = min(at + SPACING[unit], last)
        seen.add(UNITS[unit](local(at, zone)))
    return len(seen)


@bounded
@given(spans())
def test_no_finer_unit_would_have_done(span: Span) -> None:
    unit, _ = borders(*span)
    finer = list(UNITS)[: list(UNITS).index(unit)]
    assert all(number_of(each, *span) > MOST_BARS for each in finer)


@bounded
@given(spans())
def test_there_are_as_many_bars_as_the_calendar_has_units(
    span: Span,
) -> None:
    unit, found = borders(*span)
    expected = number_of(unit, *span)
    assert expected in {len(found) - 1, MOST_BARS + 1}


@bounded
@given(spans())
def test_a_bar_lies_within_one_unit(span: Span) -> None:
    unit, found = borders(*span)
    of, zone = UNITS[unit], span[2]
    assert all(of(local(low, zone)) == of(local(high - 1, zone)) for low, high in pairwise(found))


@bounded
@given(spans())
def test_a_border_lies_between_two_units(span: Span) -> None:
    unit, found = borders(*span)
    of, zone = UNITS[unit], span[2]
    assert all(of(local(border, zone)) != of(local(border - 1, zone)) for border in found)


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_of_years_falls_in_its_own_bar(zone: str) -> None:
    starts = range(SINCE_2012_MS, SINCE_2012_MS + 15 * YEAR_MS, 39 * DAY_MS)
    for start in starts:
        unit, found = borders(start, start + 38 * DAY_MS, ZoneInfo(zone))
        dates = [local(border, ZoneInfo(zone)).date() for border in found]
        assert (unit, dates) == ("day", sorted(set(dates)))
