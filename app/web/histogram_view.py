"""The histogram above the results: bars as links, geometry in attributes, and the same as a table.

Bars of the chosen days are filled; those beside them stay hollow, so that one sees what a wider
choice would give. Choosing a bar narrows to its days. Pure.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.language import gettext as _
from app.language import marked, ngettext
from app.search.engine import Bar, Histogram
from app.search.histogram import MOST_BARS, UNITS
from app.search.parameters import SearchQuery
from app.web.links import search_url
from app.web.wording import conversations, day_and_month, month, span, whole

PLOT: Final = 46
"""Height of the plot, in pixels."""
TALLEST: Final = 33
"""Height of the highest bar, which carries its number above it."""
ROOMY: Final = 12
"""Bars of which each has room for a label of its own."""
_LABEL_SHARE: Final = 6.5
"""Per cent of the width that a label needs."""
_INSET: Final = 0.11
"""Share of a bar's place that is left free on each side."""
_UNITS: Final = {
    "hour": marked("By hour"),
    "day": marked("By day"),
    "week": marked("By week"),
    "month": marked("By month"),
    "quarter": marked("By quarter"),
    "year": marked("By year"),
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class BarView(Struct, frozen=True):
    """One bar: x and width in per cent, y and height in pixels; ``number`` on the highest."""

    url: str
    label: str
    days: str
    count_text: str
    inside: bool
    hit_x: str
    hit_width: str
    x: str
    width: str
    y: int
    height: int
    middle: str
    number: str


class Tick(Struct, frozen=True):
    """A mark on the axis."""

    x: str
    text: str


class HistogramView(Struct, frozen=True):
    """Everything that the histogram shows; ``wider`` is empty when nothing is chosen."""

    summary: str
    label: str
    skip: str
    bars: tuple[BarView, ...]
    ticks: tuple[Tick, ...]
    wider: str
    wider_url: str
    all_url: str


class Beside(Struct, frozen=True):
    """Bars before and after the chosen days."""

    before: tuple[Bar, ...] = ()
    after: tuple[Bar, ...] = ()


def histogram_view(
    query: SearchQuery, histogram: Histogram, beside: Beside
) -> HistogramView | None:
    """The histogram of a search; None when it found nothing."""
    if not histogram.bars:
        return None
    before, after = _fitting(beside, max(0, MOST_BARS - len(histogram.bars)))
    bars = (*before, *histogram.bars, *after)
    drawn = _Drawing(query, histogram.unit, bars, len(before), len(histogram.bars))
    wider = wider_days(query)
    return HistogramView(
        summary=_(_UNITS[histogram.unit]),
        label=drawn.label(),
        skip=ngettext("Skip the {number} bar", "Skip the {number} bars", len(bars)).format(
            number=len(bars)
        ),
        bars=tuple(drawn.bars()),
        ticks=tuple(drawn.ticks()),
        wider=span(*wider) if wider else "",
        wider_url=search_url(query.replace(since=wider[0], until=wider[1])) if wider else "",
        all_url=search_url(query.replace(since=None, until=None))
        if query.since or query.until
        else "",
    )


def wider_days(query: SearchQuery) -> tuple[date, date] | None:
    """The next longer stretch of the calendar that holds the chosen days; None for no such."""
    since, until = query.since, query.until
    if since is None or until is None or until < since or until.year > _LAST_YEAR:
        return None
    for unit in ("week", "month", "quarter", "year"):
        start, following = UNITS[unit]
        first = start(since)
        last = following(first) - timedelta(days=1)
        if until <= last and (first, last) != (since, until):
            return first, last
    return None


_LAST_YEAR: Final = 9000
"""Behind it the calendar ends too soon to look for something wider."""


def _fitting(beside: Beside, room: int) -> tuple[tuple[Bar, ...], tuple[Bar, ...]]:
    """As many bars of both sides as there is room for, without empty ones at the outer ends."""
    before = _without_empty(beside.before[::-1])
    after = _without_empty(beside.after)
    left = min(len(before), room - min(len(after), room // 2))
    right = min(len(after), room - left)
    return before[:left][::-1], after[:right]


def _without_empty(outward: Sequence[Bar]) -> tuple[Bar, ...]:
    last = max((place for place, bar in enumerate(outward) if bar.count), default=-1)
    return tuple(outward[: last + 1])


class _Drawing:
    """Bars and ticks of one histogram."""

    def __init__(
        self, query: SearchQuery, unit: str, bars: Sequence[Bar], first_inside: int, inside: int
    ) -> None:
        self._query, self._unit, self._all = query, unit, bars
        self._inside = range(first_inside, first_inside + inside)
        self._highest = max(bar.count for bar in bars)
        self._share = 100 / len(bars)

    def label(self) -> str:
        """What the whole drawing shows, for screen readers."""
        days = span(self._day(self._all[0].start_ms), self._day(self._all[-1].end_ms - 1))
        return _("Conversations, {days}; each bar leads to its days").format(days=days)

    def bars(self) -> Iterator[BarView]:
        marked_place = next(p for p, bar in enumerate(self._all) if bar.count == self._highest)
        for place, bar in enumerate(self._all):
            yield self._bar(place, bar, number=place == marked_place)

    def _bar(self, place: int, bar: Bar, *, number: bool) -> BarView:
        first, last = self._day(bar.start_ms), self._day(bar.end_ms - 1)
        height = max(1, round(TALLEST * bar.count / self._highest)) if self._highest else 1
        left = place * self._share
        inset = self._share * _INSET
        inside = place in self._inside
        days = self._days(bar)
        label = _("{days}: {conversations}")
        if not inside:
            label = _("{days}: {conversations}, outside the chosen dates")
        return BarView(
            url=search_url(self._query.replace(since=first, until=last)),
            label=label.format(days=days, conversations=conversations(bar.count)),
            days=days,
            count_text=whole(bar.count),
            inside=inside,
            hit_x=_percent(left),
            hit_width=_percent(self._share),
            x=_percent(left + inset),
            width=_percent(self._share - 2 * inset),
            y=PLOT - height,
            height=height,
            middle=_percent(left + self._share / 2),
            number=whole(bar.count) if number and self._highest else "",
        )

    def _days(self, bar: Bar) -> str:
        """The days of a bar in words; of an hour also the time."""
        first, last = self._day(bar.start_ms), self._day(bar.end_ms - 1)
        if self._unit == "hour":
            start = self._local(bar.start_ms)
            return f"{span(first, last)}, {start:%H:%M}"
        return span(first, last)

    def ticks(self) -> Iterator[Tick]:
        """Marks with their labels; a second one that is too near the first gives way."""
        labels: list[tuple[int, str]] = []
        before: date | None = None
        for place, bar in enumerate(self._all):
            text = self._tick(bar, before)
            if text:
                labels.append((place, text))
            before = self._day(bar.start_ms)
        crowded = len(labels) > 1 and (labels[1][0] - labels[0][0]) * self._share < _LABEL_SHARE
        for place, text in [*labels[:1], *labels[1 + crowded :]]:
            yield Tick(_percent(place * self._share), text)

    def _tick(self, bar: Bar, before: date | None) -> str:
        """The label at the beginning of a bar; empty for most."""
        day = self._day(bar.start_ms)
        if self._unit == "hour":
            return self._hour_tick(bar, day, before)
        if self._unit == "day":
            return day_and_month(day) if before is None or day.weekday() == 0 else ""
        if self._unit in ("week", "month"):
            return self._month_tick(day, before)
        new_year = before is None or before.year != day.year
        roomy = len(self._all) <= ROOMY or day.year % 5 == 0 or self._unit == "quarter"
        return str(day.year) if new_year and roomy else ""

    def _hour_tick(self, bar: Bar, day: date, before: date | None) -> str:
        start = self._local(bar.start_ms)
        if day != before:
            return day_and_month(day)
        return f"{start:%H:%M}" if start.hour % 6 == 0 else ""

    def _month_tick(self, day: date, before: date | None) -> str:
        if before is not None and before.month == day.month:
            return ""
        quarterly = self._unit == "month" and len(self._all) > ROOMY
        if before is not None and quarterly and day.month % 3 != 1:
            return ""
        return month(day, with_year=before is None or before.year != day.year)

    def _day(self, milliseconds: int) -> date:
        return self._local(milliseconds).date()

    def _local(self, milliseconds: int) -> datetime:
        return local(milliseconds, self._query.zone)


def local(milliseconds: int, zone: ZoneInfo) -> datetime:
    """An instant in ms since 1970 on the clock of a zone."""
    return (_EPOCH + timedelta(milliseconds=milliseconds)).astimezone(zone)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
