"""Days of a query as instants: midnight in the portal's zone, at both ends of the calendar too."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.clauses import days_clause, midnight

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def ms(text: str) -> int:
    """An instant, written in UTC, in ms since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def local_day(instant: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(zone).date()


MIDNIGHTS = [
    ("UTC", date(2026, 1, 1), "2026-01-01T00:00", "UTC"),
    ("Europe/Berlin", date(2026, 1, 1), "2025-12-31T23:00", "winter"),
    ("Europe/Berlin", date(2026, 7, 1), "2026-06-30T22:00", "summer"),
    ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00", "the day of 23 hours"),
    ("Europe/Berlin", date(2026, 3, 30), "2026-03-29T22:00", "the day after it"),
    ("Asia/Kathmandu", date(2026, 1, 1), "2025-12-31T18:15", "a quarter of an hour"),
    ("America/St_Johns", date(2026, 1, 1), "2026-01-01T03:30", "half an hour"),
    ("Pacific/Kiritimati", date(2026, 1, 1), "2025-12-31T10:00", "14 hours ahead"),
    ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00", "no midnight: at 1 o'clock"),
    ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00", "two midnights: the first"),
]


@pytest.mark.parametrize(
    ("zone", "day", "instant", "reason"), MIDNIGHTS, ids=[f"{m[0]} {m[3]}" for m in MIDNIGHTS]
)
def test_a_day_begins_at_midnight_of_its_zone(
    zone: str, day: date, instant: str, reason: str
) -> None:
    assert midnight(day, ZoneInfo(zone)) == ms(instant), reason


LENGTHS = [
    (date(2026, 3, 28), 24, "an ordinary day"),
    (date(2026, 3, 29), 23, "summer time begins"),
    (date(2026, 10, 25), 25, "summer time ends"),
]


@pytest.mark.parametrize(("day", "hours", "reason"), LENGTHS, ids=[row[2] for row in LENGTHS])
def test_one_day_holds_all_its_hours(day: date, hours: int, reason: str) -> None:
    found = days_clause(day, day, BERLIN)
    assert found.since is not None
    assert found.until is not None
    assert found.until - found.since == hours * HOUR_MS, reason


ZONES = st.sampled_from(
    ("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "America/Sao_Paulo")
).map(ZoneInfo)


@settings(deadline=None)
@given(st.dates(date(1970, 1, 2), date(2100, 12, 31)), ZONES)
def test_a_day_begins_on_its_date_and_not_before(day: date, zone: ZoneInfo) -> None:
    begin = midnight(day, zone)
    at, before = (
        datetime.fromtimestamp(t / 1000, UTC).astimezone(zone) for t in (begin, begin - 1)
    )
    assert (at.date(), before.date() < day) == (day, True)


@settings(deadline=None)
@given(st.dates(date(1970, 1, 2), date(2100, 12, 31)), ZONES, st.integers(0, 400))
def test_a_later_day_is_counted_on_the_calendar(day: date, zone: ZoneInfo, days: int) -> None:
    later = date.fromordinal(day.toordinal() + days)
    assert midnight(day, zone, days_later=days) == midnight(later, zone)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_instants_of_its_first_and_last_year(
    day: date, zone: str
) -> None:
    instant = midnight(day, ZoneInfo(zone), days_later=1)
    year = (date(day.year, 1, 1).toordinal() - date(1970, 1, 1).toordinal()) * DAY_MS
    assert year <= instant <= year + 366 * DAY_MS


@pytest.mark.parametrize(
    ("day", "zone"),
    [(date.max, "UTC"), (date.max, "Europe/Berlin"), (date.min, "Europe/Berlin")],
)
def test_a_day_at_the_end_of_the_calendar_ends_after_it_begins(day: date, zone: str) -> None:
    assert midnight(day, ZoneInfo(zone)) < midnight(day, ZoneInfo(zone), days_later=1)
