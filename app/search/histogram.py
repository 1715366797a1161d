"""How the time of results is cut into bars: pure calendar arithmetic in the portal's zone."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

MOST_BARS: Final = 40
_HOUR_MS: Final = 3_600_000


def borders(first_ms: int, last_ms: int, zone: ZoneInfo) -> tuple[str, tuple[int, ...]]:
    """The unit and the borders of the bars that hold both instants (ms since 1970).

    The unit is the finest of hour, day, week, month, quarter and year that gives at most 40 bars
    (more than 40 years give more). Borders rise; bars are one fewer than borders.
    """
    for unit in UNITS:
        cut = tuple(islice(_borders_of(unit, first_ms, last_ms, zone), MOST_BARS + 1))
        if cut[-1] > last_ms:
            return unit, cut
    return "year", tuple(_borders_of("year", first_ms, last_ms, zone))


def _borders_of(unit: str, first_ms: int, last_ms: int, zone: ZoneInfo) -> Iterator[int]:
    """Rising borders of one unit: from at or before the first instant to behind the last."""
    starts = _hours(first_ms, zone) if unit == "hour" else _days(unit, first_ms, zone)
    before: int | None = None
    for border in starts:
        if before is not None and border <= before:
            continue  # a day that the zone skipped
        before = border
        yield border
        if border > last_ms:
            return


def _hours(first_ms: int, zone: ZoneInfo) -> Iterator[int]:
    """Hours begin at the clock's minute zero, also where summer time is half an hour."""
    border = first_ms - _into_hour(first_ms, zone)
    while True:
        yield border
        later = border + _HOUR_MS
        into = _into_hour(later, zone)
        border = later + _HOUR_MS - into if into else later


def _into_hour(milliseconds: int, zone: ZoneInfo) -> int:
    """Milliseconds since the clock's last full hour."""
    local = _local(milliseconds, zone)
    return (local.minute * 60 + local.second) * 1000 + milliseconds % 1000


def _days(unit: str, first_ms: int, zone: ZoneInfo) -> Iterator[int]:
    """The midnights at which the unit begins, from the one at or before an instant."""
    start, following = UNITS[unit]
    day = start(_local(first_ms, zone).date())
    while True:
        yield _instant(day, zone)
        day = following(day)


def _local(milliseconds: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(zone)


def _instant(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp() * 1000)


def _months_later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


Step = tuple[Callable[[date], date], Callable[[date], date]]
UNITS: Final[Mapping[str, Step]] = {
    "hour": (lambda day: day, lambda day: day),
    "day": (lambda day: day, lambda day: day + timedelta(days=1)),
    "week": (
        lambda day: day - timedelta(days=day.weekday()),
        lambda day: day + timedelta(days=7),
    ),
    "month": (lambda day: day.replace(day=1), lambda day: _months_later(day, 1)),
    "quarter": (
        lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
        lambda day: _months_later(day, 3),
    ),
    "year": (lambda day: date(day.year, 1, 1), lambda day: date(day.year + 1, 1, 1)),
}
"""Units from fine to coarse: the first day of the unit that holds a day, and the next first day."""
