"""The oracle's calendar: days in a zone, and the bars of a histogram, by walking day after day.

Instants are asked for their day and days for their first instant, by search and never by
arithmetic, so that nothing here repeats what the portal computes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Final
from zoneinfo import ZoneInfo

from app.search.engine import Bar, Histogram

MOST_BARS: Final = 40
FIRST_MS: Final = 0
END_MS: Final = 2**41
"""No conversation begins before the one or from the other on: there are no bars there."""
NO_BARS: Final = Histogram("day", ())
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)
_DAY: Final = timedelta(days=1)
_HOUR_MS: Final = 3_600_000

_PERIODS: Final[Mapping[str, Callable[[date], object]]] = {
    "day": lambda day: day,
    "week": lambda day: day.isocalendar()[:2],
    "month": lambda day: (day.year, day.month),
    "quarter": lambda day: (day.year, (day.month + 2) // 3),
    "year": lambda day: day.year,
}
"""What days of one bar have in common."""


def clock(ms: int, zone: ZoneInfo) -> datetime:
    """What the clock of a zone shows at an instant."""
    return (_EPOCH + timedelta(milliseconds=ms)).astimezone(zone)


def local_day(ms: int, zone: ZoneInfo) -> date:
    """The calendar day of an instant in a zone."""
    return clock(ms, zone).date()


@lru_cache(maxsize=100_000)
def first_instant(day: date, zone: ZoneInfo) -> int:
    """The first millisecond at which it is this day, or a later one, in a zone."""
    noon = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - _EPOCH) // _MS
    early, late = noon - 36 * _HOUR_MS, noon + 36 * _HOUR_MS
    while early < late:
        middle = (early + late) // 2
        if local_day(middle, zone) >= day:
            late = middle
        else:
            early = middle + 1
    return early


def histogram_of(
    begins: Sequence[int], since: date | None, until: date | None, zone: ZoneInfo
) -> Histogram:
    """Bars of the finest unit that gives at most 40, from ``since`` to ``until`` where given."""
    if not begins:
        return NO_BARS
    span = _Span(begins, since, until, zone)
    edges = span.hours()
    if len(edges) - 1 <= MOST_BARS:
        return _filled("hour", edges, begins)
    for unit, period in _PERIODS.items():
        bars = span.periods(period)
        if len(bars) <= MOST_BARS or unit == "year":
            return _filled(unit, span.edges(bars, period), begins)
    raise AssertionError("a year is the last unit")


class _Span:
    """The time that a histogram shows: from its first instant to its last, both included."""

    def __init__(
        self, begins: Sequence[int], since: date | None, until: date | None, zone: ZoneInfo
    ) -> None:
        self._zone = zone
        self._cut_first = since is not None
        self._cut_last = until is not None
        early, late = local_day(FIRST_MS, zone), local_day(END_MS - 1, zone)
        self._first, self._last = min(begins), max(begins)
        if since is not None:
            self._first = max(first_instant(max(since, early), zone), FIRST_MS)
        if until is not None:
            self._last = min(first_instant(min(until, late) + _DAY, zone), END_MS) - 1

    def hours(self) -> list[int]:
        """Borders on the full hours of the clock, a few more than fit where there are too many."""
        shown = clock(self._first, self._zone)
        past = timedelta(minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond)
        edges = [self._first - past // _MS]
        while edges[-1] <= self._last and len(edges) < MOST_BARS + 3:
            edges.append(edges[-1] + _HOUR_MS)
        return self._cut(edges)

    def periods(self, period: Callable[[date], object]) -> list[list[date]]:
        """The days of the span, those of one period together."""
        return [list(days) for _, days in groupby(self._days(), period)]

    def edges(self, bars: Sequence[Sequence[date]], period: Callable[[date], object]) -> list[int]:
        """Where bars begin and end; the first and last are whole periods unless days cut them."""
        start, end = bars[0][0], bars[-1][-1]
        while period(start - _DAY) == period(start):
            start -= _DAY
        while period(end + _DAY) == period(end):
            end += _DAY
        starts = [start, *(days[0] for days in bars[1:]), end + _DAY]
        return self._cut([first_instant(day, self._zone) for day in starts])

    def _cut(self, edges: list[int]) -> list[int]:
        if self._cut_first:
            edges[0] = max(edges[0], self._first)
        if self._cut_last:
            edges[-1] = min(edges[-1], self._last + 1)
        return edges

    def _days(self) -> Iterator[date]:
        day, last = local_day(self._first, self._zone), local_day(self._last, self._zone)
        while day <= last:
            yield day
            day += _DAY


def _filled(unit: str, edges: Sequence[int], begins: Sequence[int]) -> Histogram:
    bars = (
        Bar(start, end, sum(start <= begin < end for begin in begins))
        for start, end in pairwise(edges)
    )
    return Histogram(unit, tuple(bars))
