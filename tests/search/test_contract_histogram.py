"""Histograms with bars counted by hand: units, borders, cuts, and the two ends of time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from contract import OpenEngine, ask, every_engine, said, serving
from corpus import milliseconds
from oracle import Oracle
from oracle_calendar import clock

from app.search.engine import Document, Histogram

LORD_HOWE: Final = "Australia/Lord_Howe"
APIA: Final = "Pacific/Apia"
HOUR_MS: Final = 3_600_000

TABLE: Final = """
# one conversation is one hour
UTC | 2024-05-05T10:20 |  | hour 1 | 2024-05-05T10 | 2024-05-05T11
# 40 hours are the most, and 41 are days
UTC | 2024-05-05T00:59 2024-05-06T15 |  | hour 40 | 2024-05-05T00 | 2024-05-06T16
UTC | 2024-05-05T00:59 2024-05-06T16 |  | day 2 | 2024-05-05T00 | 2024-05-07T00
# so are 40 days and 41, which are weeks from Monday to Monday
UTC | 2024-05-06T12 2024-06-14T12 |  | day 40 | 2024-05-06T00 | 2024-06-15T00
UTC | 2024-05-05T12 2024-06-14T12 |  | week 7 | 2024-04-29T00 | 2024-06-17T00
# 40 weeks and 41, which are months
UTC | 2024-01-01T12 2024-10-06T12 |  | week 40 | 2024-01-01T00 | 2024-10-07T00
UTC | 2024-01-01T12 2024-10-07T12 |  | month 10 | 2024-01-01T00 | 2024-11-01T00
# 40 months and 41, which are quarters
UTC | 2021-02-28T12 2024-05-31T12 |  | month 40 | 2021-02-01T00 | 2024-06-01T00
UTC | 2021-02-28T12 2024-06-01T12 |  | quarter 14 | 2021-01-01T00 | 2024-07-01T00
# 40 quarters and 41, which are years
UTC | 2014-06-30T12 2024-01-01T12 |  | quarter 40 | 2014-04-01T00 | 2024-04-01T00
UTC | 2014-06-30T12 2024-04-01T12 |  | year 11 | 2014-01-01T00 | 2025-01-01T00
# the span is that of the days asked for, and bars are cut at them
UTC | 2024-05-05T10:20 | 2024-05-05..2024-05-05 | hour 24 | 2024-05-05T00 | 2024-05-06T00
UTC | 2024-05-05T10:20 | 2024-05-05.. | hour 11 | 2024-05-05T00 | 2024-05-05T11
UTC | 2024-05-05T10:20 | ..2024-05-05 | hour 14 | 2024-05-05T10 | 2024-05-06T00
UTC | 2024-05-05T10:20 | 2024-04-03..2024-05-15 | week 7 | 2024-04-03T00 | 2024-05-16T00
UTC | 2024-05-05T10:20 | 2023-11-20..2024-10-10 | month 12 | 2023-11-20T00 | 2024-10-11T00
UTC | 2024-05-05T10:20 | 2012-12-31.. | year 13 | 2012-12-31T00 | 2025-01-01T00
# days of 23 and 25 hours
Europe/Prague | 2024-03-31T12 | 2024-03-31..2024-03-31 | hour 23 | 2024-03-31T00 | 2024-04-01T00
Europe/Prague | 2024-10-27T12 | 2024-10-27..2024-10-27 | hour 25 | 2024-10-27T00 | 2024-10-28T00
# a day without its first hour, and one whose first hour comes twice
America/Santiago | 2024-09-08T12 | 2024-09-08..2024-09-08 | hour 23 | 2024-09-08T01 | 2024-09-09T00
America/Havana | 2024-11-03T12 | 2024-11-03..2024-11-03 | hour 25 | 2024-11-03T00 | 2024-11-04T00
# hours begin on the zone's own clock
Asia/Kathmandu | 2024-05-05T10:20 |  | hour 1 | 2024-05-05T10 | 2024-05-05T11
"""
"""Zone, begins on its clock, days asked for, unit and number of bars, first and last border."""


class Row(NamedTuple):
    """One line of the table."""

    zone: str
    begins: Sequence[str]
    days: Mapping[str, str]
    unit: str
    bars: int
    first: str
    last: str


def _row(line: str) -> Row:
    zone, begins, span, bars, first, last = (cell.strip() for cell in line.split("|"))
    since, _, until = span.partition("..")
    days = {name: day for name, day in (("from", since), ("to", until)) if day}
    unit, number = bars.split()
    return Row(zone, begins.split(), days, unit, int(number), first, last)


every_row: Final = pytest.mark.parametrize(
    "row", [pytest.param(_row(line), id=line) for line in TABLE.splitlines() if "|" in line]
)


def _ms(shown: str, zone: str) -> int:
    return milliseconds(datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone)))


def _edges(histogram: Histogram) -> list[int]:
    """Where bars begin, and where the last one ends."""
    return [*(bar.start_ms for bar in histogram.bars), histogram.bars[-1].end_ms]


def _documents(row: Row) -> list[Document]:
    return [said(str(n), begin=_ms(begin, row.zone)) for n, begin in enumerate(row.begins)]


def _expected(row: Row) -> tuple[str, int, int, int]:
    return row.unit, row.bars, _ms(row.first, row.zone), _ms(row.last, row.zone)


def _shape(histogram: Histogram) -> tuple[str, int, int, int]:
    edges = _edges(histogram)
    return histogram.unit, len(histogram.bars), edges[0], edges[-1]


@every_engine
@every_row
def test_a_histogram_has_the_bars_of_the_row(
    open_engine: OpenEngine, row: Row, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, _documents(row))
    histogram = engine.search(ask("", row.days, zone=row.zone)).histogram
    assert _shape(histogram) == _expected(row)
    assert sum(bar.count for bar in histogram.bars) == len(row.begins)


@every_row
def test_the_oracle_draws_the_bars_of_the_row(row: Row) -> None:
    query = ask("", row.days, zone=row.zone)
    assert _shape(Oracle(_documents(row)).search(query).histogram) == _expected(row)


@every_engine
def test_bars_count_each_conversation_on_its_side_of_a_border(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    border = _ms("2024-05-05T11:00", "UTC")
    begins = (border - 1, border, border + HOUR_MS - 1, border + HOUR_MS)
    documents = [said(str(begin), begin=begin) for begin in begins]
    bars = serving(open_engine, tmp_path, documents).search(ask()).histogram.bars
    assert [bar.count for bar in bars] == [1, 2, 1]


@every_engine
def test_bars_without_conversations_are_there_too(open_engine: OpenEngine, tmp_path: Path) -> None:
    start = _ms("2024-05-05T00:00", "UTC")
    documents = [said(str(day), begin=start + day * 86_400_000) for day in (0, 1, 1, 4)]
    documents[2] = said("again", begin=start + 86_400_000)
    bars = serving(open_engine, tmp_path, documents).search(ask()).histogram.bars
    assert [bar.count for bar in bars] == [1, 2, 0, 0, 1]


ENDS_OF_TIME: Final = (0, 1, 2**41 - 2, 2**41 - 1)


@every_engine
@pytest.mark.parametrize(
    "days",
    [{}, {"from": "0001-01-01"}, {"to": "9999-12-31"}, {"from": "1969-12-31", "to": "2039-09-08"}],
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Apia", "Pacific/Honolulu"])
def test_bars_add_up_to_the_total_at_both_ends_of_time(
    open_engine: OpenEngine, days: Mapping[str, str], zone: str, tmp_path: Path
) -> None:
    documents = [said(str(begin), begin=begin) for begin in ENDS_OF_TIME]
    results = serving(open_engine, tmp_path, documents).search(ask("", days, zone=zone))
    assert results == Oracle(documents).search(ask("", days, zone=zone))
    assert sum(bar.count for bar in results.histogram.bars) == results.total == len(documents)


@every_engine
@pytest.mark.parametrize("change", ["2024-04-07T00:30", "2024-10-06T00:30"])
def test_bars_of_hours_begin_on_the_full_hour_where_summer_time_is_half_an_hour(
    open_engine: OpenEngine, change: str, tmp_path: Path
) -> None:
    start = datetime.fromisoformat(change).replace(tzinfo=ZoneInfo(LORD_HOWE))
    begins = (milliseconds(start), milliseconds(start) + 6 * HOUR_MS)
    documents = [said(str(begin), begin=begin) for begin in begins]
    histogram = serving(open_engine, tmp_path, documents).search(ask("", zone=LORD_HOWE)).histogram
    assert {clock(edge, ZoneInfo(LORD_HOWE)).minute for edge in _edges(histogram)} == {0}


@every_engine
def test_a_day_that_a_zone_skipped_is_no_bar(open_engine: OpenEngine, tmp_path: Path) -> None:
    begins = (_ms("2011-12-28T12:00", APIA), _ms("2011-12-31T12:00", APIA))
    documents = [said(str(begin), begin=begin) for begin in begins]
    histogram = serving(open_engine, tmp_path, documents).search(ask("", zone=APIA)).histogram
    assert all(start < end for start, end in pairwise(_edges(histogram)))
