"""How dates, times, numbers, countries and values read on the pages: the one place that knows.

Everything goes through babel and the language of the request. Pure.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, get_group_symbol
from msgspec import Struct

from app.conversations.model import Outcome
from app.language import gettext as _
from app.language import locale, marked, ngettext
from app.search.languages import LANGUAGES
from app.search.operators import NONE

RATING_LABELS: Final = {
    "good": marked("Good"),
    "normal": marked("Normal"),
    "bad": marked("Bad"),
    NONE: marked("Not rated"),
}
OUTCOME_LABELS: Final = {
    "chat": marked("Chat"),
    "completed": marked("Completed"),
    "triggered": marked("Triggered"),
    "missed": marked("Missed"),
    "offline": marked("Offline"),
    "dropped": marked("Dropped"),
}
VISIT_LABELS: Final = {"first": marked("First conversation"), "returning": marked("Returning")}
NONE_LABELS: Final = {
    "country": marked("Not known"),
    "language": marked("Not known"),
    "agent": marked("No agent"),
    "group": marked("No group"),
}
FACT_LABELS: Final = {
    "name": marked("Name"),
    "email": marked("Email"),
    "note": marked("Note"),
    "place": marked("Place"),
    "comment": marked("Rating comment"),
    "page": marked("Page"),
    "variable": marked("Variable"),
    "agent": marked("Agent"),
}
ALARMING: Final = (Outcome.MISSED.value, Outcome.DROPPED.value)
"""Outcomes that stand out in a list."""
EVENTS: Final = {
    "agent.join": ("enter", marked("{name} joined"), marked("An agent joined")),
    "agent.leave": ("leave", marked("{name} left"), marked("The agent left")),
    "agent.assign": ("move", marked("{name} was assigned"), marked("An agent was assigned")),
    "agent.unassign": (
        "move",
        marked("{name} was unassigned"),
        marked("The agent was unassigned"),
    ),
    "chat.transfer": (
        "move",
        marked("{name} handed over"),
        marked("The conversation was handed over"),
    ),
    "close.visitorClose": ("leave", "", marked("The visitor closed the conversation")),
    "close.agentClose": (
        "leave",
        marked("{name} closed the conversation"),
        marked("The agent closed it"),
    ),
    "close.botClose": ("leave", "", marked("The conversation was closed automatically")),
    "visitor.leave": ("leave", "", marked("The visitor left")),
}
"""Event code to its icon, its sentence with a name, and its sentence without one."""


_LONGEST_DECIMAL: Final = 10**15


class Stamp(Struct, frozen=True, gc=False):
    """A time for people and for machines."""

    iso: str
    text: str


def whole(number: int) -> str:
    """1204 as 1,204; also numbers that are longer than any decimal."""
    if abs(number) >= _LONGEST_DECIMAL:
        return f"{number:,}".replace(",", get_group_symbol(locale()))
    return _decimal(number, locale()) if abs(number) >= 1000 else str(number)


@lru_cache(maxsize=1024)
def _decimal(number: int, language: Locale) -> str:
    return format_decimal(number, locale=language)


def conversations(number: int) -> str:
    """1 conversation, 1,204 conversations."""
    return _counted(ngettext("{number} conversation", "{number} conversations", number), number)


def results(number: int) -> str:
    """All 1,204 results; the only result."""
    return _counted(ngettext("The only result", "All {number} results", number), number)


def hits(number: int) -> str:
    """1 hit, 17 hits."""
    return _counted(ngettext("{number} hit", "{number} hits", number), number)


def hit_place(number: int, total: int) -> str:
    """Hit 3 of 17."""
    return _("Hit {number} of {all}").format(number=whole(number), all=whole(total))


def messages_from(first: int, last: int) -> str:
    """Message 12, Messages 12 to 18."""
    form = _("Message {first}") if first == last else _("Messages {first} to {last}")
    return form.format(first=whole(first), last=whole(last))


def characters(number: int) -> str:
    """1 more character, 12,345 more characters."""
    return _counted(ngettext("{number} more character", "{number} more characters", number), number)


def more_hits(number: int) -> str:
    """8 more hits in this conversation."""
    form = ngettext(
        "{number} more hit in this conversation",
        "{number} more hits in this conversation",
        number,
    )
    return _counted(form, number)


def hooks(number: int) -> str:
    """1 hook, 12 hooks."""
    return _counted(ngettext("{number} hook", "{number} hooks", number), number)


def times(number: int) -> str:
    """once, 3 times."""
    return _counted(ngettext("once", "{number} times", number), number)


def size(length: int) -> str:
    """Bytes, in words: 812 bytes, 14 kB, 2.5 MB."""
    if length < 1000:
        return _counted(ngettext("{number} byte", "{number} bytes", length), length)
    if length < 1_000_000:
        return _("{number} kB").format(number=whole(round(length / 1000)))
    return _("{number} MB").format(
        number=format_decimal(round(length / 1_000_000, 1), locale=locale())
    )


def _counted(form: str, number: int) -> str:
    return form.format(number=whole(number))


def moment(when: datetime, zone: ZoneInfo) -> Stamp:
    """Tue 24 Nov 2026, 09:12."""
    local = when.astimezone(zone)
    return Stamp(iso(when), f"{_day(local.date(), 'EEE d MMM y')}, {local:%H:%M}")


def clock(when: datetime, zone: ZoneInfo) -> Stamp:
    """09:12."""
    local = when.astimezone(zone)
    return Stamp(iso(when), f"{local.hour:02}:{local.minute:02}")


def exact(when: datetime, zone: ZoneInfo) -> Stamp:
    """24 Nov 2026, 09:12:41."""
    local = when.astimezone(zone)
    return Stamp(iso(when), f"{short_day(local.date())}, {local:%H:%M:%S}")


def since_start(passed: timedelta) -> str:
    """+0:07, +12:41, +1:02:03; what was sent before the begin has a minus."""
    seconds = int(passed.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    sign = "−" if seconds < 0 else "+"
    if hours:
        return f"{sign}{hours}:{minutes_left:02}:{rest:02}"
    return f"{sign}{minutes}:{rest:02}"


def started(when: datetime, zone: ZoneInfo) -> Stamp:
    """Monday 23 November 2026 at 23:41."""
    local = when.astimezone(zone)
    text = _("{day} at {time}").format(day=whole_day(local.date()), time=f"{local:%H:%M}")
    return Stamp(iso(when), text)


def whole_day(day: date) -> str:
    """Monday 23 November 2026."""
    return _day(day, "EEEE d MMMM y")


def short_day(day: date) -> str:
    """1 Jun 2026."""
    return _day(day, "d MMM y")


def day_and_month(day: date) -> str:
    """1 Jun."""
    return _day(day, "d MMM")


def month(day: date, *, with_year: bool) -> str:
    """Jun 2026, or Jun."""
    return _day(day, "LLL y" if with_year else "LLL")


def _day(day: date, pattern: str) -> str:
    return _written_day(day, pattern, locale())


@lru_cache(maxsize=4096)
def _written_day(day: date, pattern: str, language: Locale) -> str:
    return format_date(day, pattern, locale=language)


def span(first: date, last: date) -> str:
    """16 to 22 Nov 2026; one day alone where both are the same."""
    if first == last:
        return short_day(first)
    if first.year != last.year:
        start = short_day(first)
    elif first.month != last.month:
        start = day_and_month(first)
    else:
        start = str(first.day)
    return _("{first} to {last}").format(first=start, last=short_day(last))


def iso(when: datetime) -> str:
    """ISO 8601 in UTC to the second: 2026-11-24T09:12:00Z."""
    utc = when if when.tzinfo is UTC else when.astimezone(UTC)
    return f"{utc.isoformat(timespec='seconds')[:-6]}Z"


def duration(seconds: int) -> str:
    """38 min; seconds only below five minutes, minutes only below a day."""
    if seconds < 0:
        return _("{number} s").format(number=whole(seconds))
    minutes, rest = divmod(seconds, 60)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return _two(_("{number} d"), days, _("{number} h"), hours_left)
    if hours:
        return _two(_("{number} h"), hours, _("{number} min"), minutes_left)
    if minutes >= 5:
        rest = 0
    if minutes:
        return _two(_("{number} min"), minutes, _("{number} s"), rest)
    return _("{number} s").format(number=rest)


def _two(large_form: str, large: int, small_form: str, small: int) -> str:
    first = large_form.format(number=whole(large))
    return f"{first} {small_form.format(number=small)}" if small else first


def country(code: str) -> str:
    """The name of a country; the code itself when it has none."""
    return _territory(code, locale())


@lru_cache(maxsize=512)
def _territory(code: str, language: Locale) -> str:
    return str(language.territories.get(code, code))


def language(code: str) -> str:
    """The name of a language that the portal recognises; the code itself for any other."""
    known = LANGUAGES.get(code)
    return code if known is None else _(known.name)


def facet_label(name: str, value: str) -> str:
    """A value of a facet in words; names of people and groups stay as they are."""
    labels = {"rating": RATING_LABELS, "outcome": OUTCOME_LABELS, "visit": VISIT_LABELS}
    if value == NONE and name in NONE_LABELS:
        return _(NONE_LABELS[name])
    if name == "country":
        return country(value)
    if name == "language":
        return language(value)
    label = labels.get(name, {}).get(value)
    return _(label) if label else value


def rating_label(word: str) -> str:
    """A rating in words; a number that has none stays."""
    label = RATING_LABELS.get(word)
    return _(label) if label else word


def outcome_words(outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """Outcomes as the words of one phrase: Chat, triggered, completed."""
    words = [_(OUTCOME_LABELS[outcome]) for outcome in outcomes]
    return tuple(word if place == 0 else word.lower() for place, word in enumerate(words))


def event_sentence(code: str, name: str) -> tuple[str, str] | None:
    """Icon and sentence of an event; None for a code that we do not know."""
    known = EVENTS.get(code)
    if known is None:
        return None
    icon, with_name, without = known
    return icon, _(with_name).format(name=name) if name and with_name else _(without)
