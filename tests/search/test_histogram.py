"""Borders of the histogram's bars: tables of days that the clock changed, and of edges."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.search.histogram import MOST_BARS, borders

HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def ms(text: str) -> int:
    """An instant, written in UTC, in ms since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def local(instant: int, zone: str) -> str:
    """An instant on the clock of a zone, to the minute."""
    return (
        f"{datetime.fromtimestamp(instant / 1000, UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    )


def cut(zone: str, first: str, last: str) -> tuple[str, list[str]]:
    """The unit and the borders on the zone's clock; both ends in UTC."""
    unit, found = borders(ms(first), ms(last), ZoneInfo(zone))
    return unit, [local(border, zone) for border in found]


HOURS = [
    (
        "UTC",
        ("2026-01-01T10:20", "2026-01-01T12:00"),
        ["10:00", "11:00", "12:00", "13:00"],
        "an instant on a border belongs to the bar that begins there",
    ),
    ("UTC", ("2026-01-01T10:20", "2026-01-01T10:20"), ["10:00", "11:00"], "one instant, one bar"),
    (
        "Europe/Berlin",
        ("2026-03-29T00:30", "2026-03-29T02:00"),
        ["01:00", "03:00", "04:00", "05:00"],
        "summer time begins: no hour from 2 to 3",
    ),
    (
        "Europe/Berlin",
        ("2026-10-25T00:10", "2026-10-25T02:00"),
        ["02:00", "02:00", "03:00", "04:00"],
        "summer time ends: the hour from 2 to 3 twice",
    ),
    (
        "Asia/Kathmandu",
        ("2026-01-01T00:10", "2026-01-01T01:20"),
        ["05:00", "06:00", "07:00", "08:00"],
        "5 hours and 45 minutes ahead",
    ),
    (
        "America/St_Johns",
        ("2026-01-01T12:10", "2026-01-01T13:20"),
        ["08:00", "09:00", "10:00"],
        "3 hours and a half behind",
    ),
    (
        "America/Sao_Paulo",
        ("2018-11-04T02:10", "2018-11-04T04:00"),
        ["23:00", "01:00", "02:00", "03:00"],
        "midnight does not exist",
    ),
]


@pytest.mark.parametrize(("zone", "ends", "clock", "reason"), HOURS, ids=[h[3] for h in HOURS])
def test_hours_begin_at_the_clocks_minute_zero(
    zone: str, ends: tuple[str, str], clock: list[str], reason: str
) -> None:
    unit, found = cut(zone, *ends)
    assert (unit, [border[-5:] for border in found]) == ("hour", clock), reason


HALF_HOURS = [
    (
        ("2026-10-03T14:10", "2026-10-03T16:40"),
        ["00:00", "01:00", "03:00", "04:00"],
        "begins: the clock jumps from 2 to half past two",
    ),
    (
        ("2026-04-04T13:10", "2026-04-04T16:40"),
        ["00:00", "01:00", "02:00", "03:00", "04:00"],
        "ends: the half hour before 2 comes twice",
    ),
]


@pytest.mark.parametrize(("ends", "clock", "reason"), HALF_HOURS, ids=[h[2] for h in HALF_HOURS])
def test_hours_begin_at_minute_zero_where_summer_time_is_half_an_hour(
    ends: tuple[str, str], clock: list[str], reason: str
) -> None:
    _, found = cut("Australia/Lord_Howe", *ends)
    assert [border[-5:] for border in found] == clock, reason


DAYS = [
    (
        "Europe/Berlin",
        ("2026-03-28T12:00", "2026-03-30T12:00"),
        ["03-28 00:00", "03-29 00:00", "03-30 00:00", "03-31 00:00"],
        "summer time begins",
    ),
    (
        "Europe/Berlin",
        ("2026-10-24T12:00", "2026-10-26T12:00"),
        ["10-24 00:00", "10-25 00:00", "10-26 00:00", "10-27 00:00"],
        "summer time ends",
    ),
    (
        "Europe/Berlin",
        ("2025-12-31T23:00", "2026-01-02T22:59"),
        ["01-01 00:00", "01-02 00:00", "01-03 00:00"],
        "a year's first midnight is not UTC's",
    ),
    (
        "Asia/Kathmandu",
        ("2026-01-01T18:15", "2026-01-03T18:14"),
        ["01-02 00:00", "01-03 00:00", "01-04 00:00"],
        "midnight at a quarter past",
    ),
    (
        "America/St_Johns",
        ("2026-01-01T03:29", "2026-01-03T03:30"),
        ["12-31 00:00", "01-01 00:00", "01-02 00:00", "01-03 00:00", "01-04 00:00"],
        "midnight at half past",
    ),
    (
        "America/Sao_Paulo",
        ("2018-11-03T12:00", "2018-11-05T12:00"),
        ["11-03 00:00", "11-04 01:00", "11-05 00:00", "11-06 00:00"],
        "a day that begins at 1 o'clock",
    ),
    (
        "America/Havana",
        ("2026-10-31T12:00", "2026-11-02T12:00"),
        ["10-31 00:00", "11-01 00:00", "11-02 00:00", "11-03 00:00"],
        "a day with two midnights begins at the first",
    ),
    (
        "Pacific/Apia",
        ("2011-12-29T11:00", "2011-12-31T11:00"),
        ["12-29 00:00", "12-31 00:00", "01-01 00:00", "01-02 00:00"],
        "a day that the zone skipped has no bar",
    ),
]


@pytest.mark.parametrize(("zone", "ends", "clock", "reason"), DAYS, ids=[day[3] for day in DAYS])
def test_days_begin_at_midnight_of_the_zone(
    zone: str, ends: tuple[str, str], clock: list[str], reason: str
) -> None:
    unit, found = cut(zone, *ends)
    assert (unit, [border[5:] for border in found]) == ("day", clock), reason


LENGTHS = [
    (("2026-03-28T12:00", "2026-03-30T12:00"), [24, 23, 24], "summer time begins"),
    (("2026-10-24T12:00", "2026-10-26T12:00"), [24, 25, 24], "summer time ends"),
]


@pytest.mark.parametrize(("ends", "hours", "reason"), LENGTHS, ids=[row[2] for row in LENGTHS])
def test_a_day_has_as_many_hours_as_the_clock_gives_it(
    ends: tuple[str, str], hours: list[int], reason: str
) -> None:
    _, found = borders(ms(ends[0]), ms(ends[1]), ZoneInfo("Europe/Berlin"))
    assert [(end - start) / HOUR_MS for start, end in pairwise(found)] == hours, reason


STARTS = [
    (("2026-01-01T12:00", "2026-04-01T12:00"), "week", "2025-12-29", "2026-04-06", "Mondays"),
    (("2026-01-15T12:00", "2028-01-15T12:00"), "month", "2026-01-01", "2028-02-01", "months"),
    (("2026-02-15T12:00", "2030-02-15T12:00"), "quarter", "2026-01-01", "2030-04-01", "quarters"),
    (("1999-06-15T12:00", "2026-02-15T12:00"), "year", "1999-01-01", "2027-01-01", "years"),
]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"])
@pytest.mark.parametrize(
    ("ends", "unit", "start", "end", "reason"), STARTS, ids=[row[4] for row in STARTS]
)
def test_longer_units_begin_at_midnight_of_their_first_day(
    ends: tuple[str, str], unit: str, start: str, end: str, reason: str, zone: str
) -> None:
    chosen, found = cut(zone, *ends)
    assert (chosen, found[0], found[-1]) == (unit, f"{start} 00:00", f"{end} 00:00"), reason


EDGES = [
    (("2026-01-01T00:00", "2026-01-02T15:59"), "hour", 40, "40 hours"),
    (("2026-01-01T00:00", "2026-01-02T16:00"), "day", 2, "41 hours"),
    (("2026-01-01T00:59", "2026-01-02T15:59"), "hour", 40, "40 hours, the first begun"),
    (("2026-01-01T00:59", "2026-01-02T16:00"), "day", 2, "39 hours and a minute in 41 bars"),
    (("2026-01-01T23:59", "2026-02-09T00:00"), "day", 40, "40 days"),
    (("2026-01-01T23:59", "2026-02-10T00:00"), "week", 7, "41 days"),
    (("2026-01-05T00:00", "2026-10-11T23:59"), "week", 40, "40 weeks"),
    (("2026-01-05T00:00", "2026-10-12T00:00"), "month", 10, "41 weeks"),
    (("2026-01-31T23:59", "2029-04-01T00:00"), "month", 40, "40 months"),
    (("2026-01-31T23:59", "2029-05-01T00:00"), "quarter", 14, "41 months"),
    (("2020-03-31T23:59", "2029-10-01T00:00"), "quarter", 40, "40 quarters"),
    (("2020-03-31T23:59", "2030-01-01T00:00"), "year", 11, "41 quarters"),
    (("1980-12-31T23:59", "2019-01-01T00:00"), "year", 40, "40 years"),
    (("1970-01-01T00:00", "2039-09-07T00:00"), "year", 70, "more than 40 years give more"),
]


@pytest.mark.parametrize(("ends", "unit", "bars", "reason"), EDGES, ids=[row[3] for row in EDGES])
def test_the_unit_is_the_finest_that_gives_at_most_40_bars(
    ends: tuple[str, str], unit: str, bars: int, reason: str
) -> None:
    chosen, found = borders(ms(ends[0]), ms(ends[1]), ZoneInfo("UTC"))
    assert (chosen, len(found) - 1) == (unit, bars), reason


def test_forty_bars_are_the_most_while_there_are_coarser_units() -> None:
    assert MOST_BARS == 40


def test_the_first_instant_of_all_has_a_bar_in_every_zone() -> None:
    unit, found = borders(0, 0, ZoneInfo("America/New_York"))
    assert (unit, found) == ("hour", (0, HOUR_MS))


def test_a_bar_holds_its_first_millisecond_and_not_its_last_border() -> None:
    _, found = borders(ms("2026-01-01T00:00"), ms("2026-01-05T00:00") - 1, ZoneInfo("UTC"))
    assert found[-1] == ms("2026-01-05T00:00")
