"""The lines of a timeline: days, messages, events, silences, and the links between hits. Pure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from app.archive.reading import Archived
from app.conversations.model import Message, Role
from app.flatten import language_at
from app.language import gettext as _
from app.language import marked, ngettext
from app.search.highlight import Highlight, Part
from app.search.parameters import SearchQuery
from app.web.links import EVENTS, HIT, PART, Pairs, conversation_url, message_url
from app.web.result_view import ROLE_CLASSES, parts_in, speaker_label
from app.web.wording import Stamp, clock, duration, event_sentence, shown, whole, whole_day

PART_SIZE: Final = 500
"""Messages of one page of a long timeline."""
LONG_SILENCE: Final = 10 * 60
"""Seconds without a message that are worth a line."""
ROLE_LABELS: Final = {Role.VISITOR: marked("Visitor"), Role.AGENT: marked("Agent")}


class Entry(Struct, frozen=True):
    """A line of the timeline: kind is day, message, event or gap; only its fields are filled."""

    kind: str
    number: int = 0
    css: str = ""
    first_of_run: bool = False
    name: str = ""
    role_label: str = ""
    clock: Stamp | None = None
    lang: str = ""
    parts: tuple[Part, ...] = ()
    hit: int = 0
    current: bool = False
    icon: str = ""
    text: str = ""
    unknown_code: bool = False
    url: str = ""


class HitBar(Struct, frozen=True):
    """Where one stands among the hits of a conversation."""

    current: int
    total: int
    text: str
    previous: str
    following: str


class Stretch(Struct, frozen=True):
    """A page of a long timeline; without ``url`` it is the current one."""

    label: str
    url: str


class Wish(Struct, frozen=True):
    """What the address of a timeline asks for besides the search one came from."""

    hit: int = 1
    part: int | None = None
    events: bool = True

    def pairs(self) -> list[tuple[str, str]]:
        """The wish as parameters, defaults left out; the hit is given link by link."""
        return [] if self.events else [(EVENTS, "no")]


def part_of(number: int) -> int:
    """The page of a long timeline on which a message stands, from 1."""
    return max(0, number - 1) // PART_SIZE + 1


class Lines:
    """The lines of one timeline, and the links between its hits and pages."""

    def __init__(
        self,
        archived: Archived,
        query: SearchQuery,
        wish: Wish,
        found: Highlight,
    ) -> None:
        conversation = archived.conversation
        self._conversation, self._query, self._wish = conversation, query, wish
        self._lang = {role: language_at(archived.spoken, role) for role in Role}
        self._found, self._hits = found, found.hits
        self._current = min(max(wish.hit, 1), len(self._hits))
        self._places = {number: place for place, number in enumerate(self._hits, start=1)}
        self._carried = [*query.to_params(), *wish.pairs()]
        messages = conversation.messages
        here = self._hits[self._current - 1] if self._hits else 1
        last = max(1, -(-len(messages) // PART_SIZE))
        self._part = min(max(wish.part or part_of(here), 1), last)
        self._last_part = last
        self._labels: dict[tuple[Role, str, str, str], tuple[str, str]] = {}
        self._events_count = sum(message.role is Role.SYSTEM for message in messages)

    def entries(self) -> Iterator[Entry]:
        """Days, messages, events and silences of this page, in order."""
        start = (self._part - 1) * PART_SIZE
        day: date | None = None
        before: Message | None = None
        before_at: datetime | None = None
        for message in self._conversation.messages[start : start + PART_SIZE]:
            if message.role is Role.SYSTEM and not self._wish.events:
                continue
            at, stamp = message.at, None
            if at is not None:
                local = at.astimezone(self._query.zone)
                stamp = clock(local, self._query.zone)
                yield from self._gap(before_at, at)
                if local.date() != day:
                    day, before = local.date(), None
                    yield Entry("day", text=whole_day(day))
            if message.role is Role.SYSTEM:
                yield self._event(message, stamp)
            else:
                yield self._message(message, before, stamp)
            before, before_at = message, at

    def hit_bar(self) -> HitBar | None:
        """The bar above the messages; None without hits."""
        if not self._current:
            return None
        at, total = self._current, len(self._hits)
        return HitBar(
            current=at,
            total=total,
            text=self._query.canonical,
            previous=self._hit_url(at - 1) if at > 1 else "",
            following=self._hit_url(at + 1) if at < total else "",
        )

    def events_text(self) -> str:
        """What the link at the first day does."""
        number = self._events_count
        text = ngettext("Show {number} event", "Show {number} events", number)
        if self._wish.events:
            text = ngettext("Hide {number} event", "Hide {number} events", number)
        return text.format(number=whole(number))

    def events_url(self) -> str:
        """This page with the events hidden, or shown again; empty when there are none."""
        if not self._events_count:
            return ""
        pairs = [pair for pair in self._carried if pair[0] != EVENTS]
        pairs += self._hit_pair(self._current) if self._current > 1 else []
        pairs += [(PART, str(self._part))] if self._last_part > 1 else []
        pairs += [(EVENTS, "no")] if self._wish.events else []
        return conversation_url(self._conversation.id, pairs)

    def stretches(self) -> Iterator[Stretch]:
        """The pages of a long timeline; none of a short one."""
        if self._last_part == 1:
            return
        total = len(self._conversation.messages)
        for part in range(1, self._last_part + 1):
            first, last = (part - 1) * PART_SIZE + 1, min(part * PART_SIZE, total)
            url = conversation_url(self._conversation.id, [*self._carried, (PART, str(part))])
            yield Stretch(f"{first}–{last}", "" if part == self._part else url)

    def _gap(self, before: datetime | None, at: datetime) -> Iterator[Entry]:
        silence = 0 if before is None else int((at - before).total_seconds())
        if silence >= LONG_SILENCE:
            yield Entry("gap", text=_("{duration} silence").format(duration=duration(silence)))

    def _event(self, message: Message, stamp: Stamp | None) -> Entry:
        code = shown(message.text)
        sentence = event_sentence(message.text, shown(message.name.strip()))
        icon, text = sentence or ("dot", code or _("an event without a code"))
        return Entry(
            "event",
            number=message.number,
            clock=stamp,
            icon=icon,
            text=text,
            unknown_code=sentence is None and bool(code),
        )

    def _message(self, message: Message, before: Message | None, stamp: Stamp | None) -> Entry:
        name, role_label = self._labels_of(message)
        hit = self._places.get(message.number, 0)
        return Entry(
            "message",
            number=message.number,
            css=ROLE_CLASSES.get(message.role, ""),
            first_of_run=before is None or _speaker(before) != _speaker(message),
            name=name,
            role_label=role_label,
            clock=stamp,
            lang=self._lang[message.role],
            parts=tuple(
                Part(shown(part.text), part.hit) for part in parts_in(self._found, message)
            ),
            hit=hit,
            current=bool(hit) and hit == self._current,
            url=self._permalink(message),
        )

    def _labels_of(self, message: Message) -> tuple[str, str]:
        """Who spoke and in which role, made once for each speaker."""
        key = message.role, message.name, message.trigger, message.kind
        if key not in self._labels:
            self._labels[key] = self._name(message), _role_label(message)
        return self._labels[key]

    def _name(self, message: Message) -> str:
        """The speaker by name; the visitor's own name also where a message came without it."""
        if message.role is Role.VISITOR:
            own = message.name.strip() or self._conversation.visitor.name.strip()
            return shown(own) or _("Visitor")
        return speaker_label(message)

    def _permalink(self, message: Message) -> str:
        if self._last_part == 1:
            return f"#m{message.number}"
        return message_url(self._conversation.id, message.number, self._carried)

    def _hit_pair(self, hit: int) -> Pairs:
        return [(HIT, str(hit))]

    def _hit_url(self, hit: int) -> str:
        pairs = [*self._carried, *self._hit_pair(hit)]
        return conversation_url(self._conversation.id, pairs, self._hits[hit - 1])


def _speaker(message: Message) -> tuple[Role, str, str]:
    return message.role, "" if message.role is Role.VISITOR else message.name, message.trigger


def _role_label(message: Message) -> str:
    if message.role is Role.AUTOMATIC:
        if not message.trigger:
            return _("Trigger")
        return _("Trigger “{name}”").format(name=shown(message.trigger))
    return _(ROLE_LABELS.get(message.role, marked("of an unknown kind")))
