"""How dates, times, numbers, countries and outcomes read on the pages. Pure, English for now."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from msgspec import Struct

from app.conversations.model import Outcome
from app.search.operators import NONE

LOCALE: Final = Locale("en")
RATING_LABELS: Final = {"good": "Good", "normal": "Normal", "bad": "Bad", NONE: "Not rated"}
ALARMING: Final = (Outcome.MISSED.value, Outcome.DROPPED.value)
"""Outcomes that stand out in a list."""
EVENTS: Final = {
    "agent.join": ("enter", "{name} joined", "An agent joined"),
    "agent.leave": ("leave", "{name} left", "The agent left"),
    "agent.assign": ("move", "{name} was assigned", "An agent was assigned"),
    "agent.unassign": ("move", "{name} was unassigned", "The agent was unassigned"),
    "chat.transfer": ("move", "{name} handed over", "The conversation was handed over"),
    "close.visitorClose": ("leave", "", "The visitor closed the conversation"),
    "close.agentClose": ("leave", "{name} closed the conversation", "The agent closed it"),
    "close.botClose": ("leave", "", "The conversation was closed automatically"),
    "visitor.leave": ("leave", "", "The visitor left"),
}
"""Event code to its icon, its sentence with a name, and its sentence without one."""


class Stamp(Struct, frozen=True):
    """A time for people and for machines."""

    iso: str
    text: str


def whole(number: int) -> str:
    """1204 as 1,204."""
    return f"{number:,}"


def counted(number: int, noun: str) -> str:
    """1 conversation, 1,204 conversations."""
    return f"{whole(number)} {noun}{'' if number == 1 else 's'}"


def moment(when: datetime, zone: ZoneInfo) -> Stamp:
    """Tue 24 Nov 2026, 09:12."""
    text = format_datetime(when.astimezone(zone), "EEE d MMM y, HH:mm", locale=LOCALE)
    return Stamp(iso(when), text)


def clock(when: datetime, zone: ZoneInfo) -> Stamp:
    """09:12."""
    return Stamp(iso(when), f"{when.astimezone(zone):%H:%M}")


def started(when: datetime, zone: ZoneInfo) -> Stamp:
    """Monday 23 November 2026 at 23:41."""
    text = format_datetime(when.astimezone(zone), "EEEE d MMMM y 'at' HH:mm", locale=LOCALE)
    return Stamp(iso(when), text)


def whole_day(day: date) -> str:
    """Monday 23 November 2026."""
    return format_date(day, "EEEE d MMMM y", locale=LOCALE)


def short_day(day: date) -> str:
    """1 Jun 2026."""
    return format_date(day, "d MMM y", locale=LOCALE)


def iso(when: datetime) -> str:
    """ISO 8601 in UTC to the millisecond: 2026-11-24T09:12:00.000Z."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def duration(seconds: int) -> str:
    """38 min; seconds only below five minutes, minutes only below a day."""
    if seconds < 0:
        return f"{whole(seconds)} s"
    minutes, rest = divmod(seconds, 60)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return _two(days, "d", hours_left, "h")
    if hours:
        return _two(hours, "h", minutes_left, "min")
    if minutes >= 5:
        return f"{minutes} min"
    return _two(minutes, "min", rest, "s") if minutes else f"{rest} s"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    first = f"{whole(large)} {large_unit}"
    return f"{first} {small} {small_unit}" if small else first


@lru_cache(maxsize=512)
def country(code: str) -> str:
    """The English name of a country; the code itself when it has none."""
    return str(LOCALE.territories.get(code, code))


def facet_label(name: str, value: str) -> str:
    """A value of a facet in words."""
    if name == "rating":
        return RATING_LABELS.get(value, value)
    if value == NONE:
        return {"country": "Not known", "agent": "No agent"}.get(name, "None")
    if name == "country":
        return country(value)
    return value.capitalize() if name == "outcome" else value


def outcome_phrase(outcomes: tuple[str, ...]) -> str:
    """Chat, triggered, completed: one phrase, empty for none."""
    return ", ".join(outcomes).capitalize()


def event_sentence(code: str, name: str) -> tuple[str, str] | None:
    """Icon and sentence of an event; None for a code that we do not know."""
    known = EVENTS.get(code)
    if known is None:
        return None
    icon, with_name, without = known
    return icon, with_name.format(name=name) if name and with_name else without


_CONTROLS: Final = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {
    0x7F: 0x2421
}


def shown(text: str) -> str:
    """A text as HTML can carry it: line ends as \\n, other controls as their pictures."""
    return text.replace("\r\n", "\n").translate(_CONTROLS)
