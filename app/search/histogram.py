"""How the time of results is cut into bars: pure calendar arithmetic in the portal's zone."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Final
from zoneinfo import ZoneInfo

MOST_BARS: Final = 40
LATEST_MS: Final = 2**41 - 1
"""No conversation begins later; bars of days far in the future would only be empty."""
_HOUR_MS: Final = 3_600_000
_LONGEST_MS: Final[Mapping[str, int]] = {
    "hour": 2 * _HOUR_MS,
    "day": 49 * _HOUR_MS,
    "week": 8 * 24 * _HOUR_MS,
    "month": 32 * 24 * _HOUR_MS,
    "quarter": 93 * 24 * _HOUR_MS,
    "year": 367 * 24 * _HOUR_MS,
}
"""More than the longest that a unit can be, in any zone."""


def borders(first_ms: int, last_ms: int, zone: ZoneInfo) -> tuple[str, tuple[int, ...]]:
    """The unit and the borders of the bars that hold both instants (ms since 1970).

    The unit is the finest of hour, day, week, month, quarter and year that gives at most 40 bars
    (more than 40 years give more). Borders rise; bars are one fewer than borders.
    """
    for unit in UNITS:
        if last_ms - first_ms > MOST_BARS * _LONGEST_MS[unit]:
            continue
        cut = tuple(islice(_borders_of(unit, first_ms, last_ms, zone), MOST_BARS + 1))
        if cut[-1] > last_ms:
            return unit, cut
    return "year", tuple(_borders_of("year", first_ms, last_ms, zone))


def edges_within(
    first_ms: int, last_ms: int, start_ms: int | None, end_ms: int | None, zone: ZoneInfo
) -> tuple[str, tuple[int, ...]]:
    """The unit and the edges of a histogram of results that begin from ``first_ms`` to ``last_ms``.

    Where days are chosen, from ``start_ms`` to before ``end_ms``, bars cover these instead and are
    cut at both.
    """
    start = first_ms if start_ms is None else max(start_ms, 0)
    end = last_ms if end_ms is None else min(end_ms - 1, LATEST_MS)
    unit, cut = borders(start, end, zone)
    first = cut[0] if start_ms is None else max(cut[0], start)
    last = cut[-1] if end_ms is None else min(cut[-1], end + 1)
    return unit, (first, *cut[1:-1], last)


def edges_before(unit: str, start_ms: int, zone: ZoneInfo, most: int) -> tuple[int, ...]:
    """Rising edges of the last ``most`` bars of a unit that end at an instant, from 1970 on."""
    longest = _LONGEST_MS[unit]
    early = max(0, start_ms - (most + 2) * longest)
    cut = [edge for edge in _until(unit, early, start_ms, zone) if 0 <= edge < start_ms]
    return (*cut[-most:], start_ms) if cut and most > 0 else ()


def edges_after(unit: str, end_ms: int, zone: ZoneInfo, most: int) -> tuple[int, ...]:
    """Rising edges of the first ``most`` bars of a unit that begin at an instant."""
    if most <= 0:
        return ()
    following = (edge for edge in _starts(unit, end_ms, zone) if edge > end_ms)
    return (end_ms, *islice(following, most))


def _until(unit: str, first_ms: int, last_ms: int, zone: ZoneInfo) -> Iterator[int]:
    return takewhile(lambda edge: edge < last_ms, _starts(unit, first_ms, zone))


def _borders_of(unit: str, first_ms: int, last_ms: int, zone: ZoneInfo) -> Iterator[int]:
    """Rising borders of one unit: from at or before the first instant to behind the last."""
    for border in _starts(unit, first_ms, zone):
        yield border
        if border > last_ms:
            return


def _starts(unit: str, first_ms: int, zone: ZoneInfo) -> Iterator[int]:
    """Rising borders of one unit without end, from at or before an instant."""
    before: int | None = None
    for border in _hours(first_ms, zone) if unit == "hour" else _days(unit, first_ms, zone):
        if before is not None and border <= before:
            continue  # a day that the zone skipped
        before = border
        yield border


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
