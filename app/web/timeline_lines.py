"""The lines of a timeline: days, messages, events, silences and how long somebody waited. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from app.archive.reading import Archived
from app.conversations.measures import Wait
from app.conversations.model import Message, Role
from app.flatten import language_at
from app.language import gettext as _
from app.language import marked
from app.search.highlight import Highlight
from app.search.parameters import SearchQuery
from app.web.message_text import Piece, folded, is_plain, pieces
from app.web.result_view import ROLE_CLASSES, parts_in, speaker_label
from app.web.timeline_place import Place, Wish
from app.web.visible import shown
from app.web.wording import (
    Stamp,
    characters,
    duration,
    event_sentence,
    iso,
    since_start,
    whole_day,
)

LONG_SILENCE: Final = 10 * 60
"""Seconds without a message that are worth a line."""
LONG_WAIT: Final = 60
"""Seconds that a visitor waited for an answer that are worth a line; the first always is."""
ROLE_LABELS: Final = {Role.VISITOR: marked("Visitor"), Role.AGENT: marked("Agent")}


class Speaker(Struct, frozen=True):
    """Who says something: by name, in which role, in which language if one is known."""

    name: str
    role_label: str
    css: str
    lang: str


class Entry(Struct, frozen=True, gc=False):
    """A line of the timeline: kind is day, message, event, gap or waited.

    Only the fields of its kind are filled. A message has ``pieces``, or ``text`` where it is
    nothing but text. ``more_text`` tells of the rest of a folded message, ``more_url`` shows it.
    """

    kind: str
    number: int = 0
    by: Speaker | None = None
    first_of_run: bool = False
    clock: Stamp | None = None
    pieces: tuple[Piece, ...] = ()
    hit: int = 0
    current: bool = False
    chosen: bool = False
    icon: str = ""
    text: str = ""
    unknown_code: bool = False
    url: str = ""
    more_text: str = ""
    more_url: str = ""


class Lines:
    """The lines of one part of a timeline."""

    def __init__(
        self,
        archived: Archived,
        query: SearchQuery,
        wish: Wish,
        found: Highlight,
        place: Place,
        waits: Sequence[Wait],
    ) -> None:
        self._conversation, self._query, self._wish = archived.conversation, query, wish
        self._lang = {role: language_at(archived.spoken, role) for role in Role}
        self._found, self._place = found, place
        self._hits = {number: at for at, number in enumerate(found.hits, start=1)}
        self._speakers: dict[tuple[Role, str, str, str], Speaker] = {}
        self._waits: Mapping[int, Wait] = {wait.answered: wait for wait in waits}
        self._first_response = waits[0].answered if waits else 0

    def entries(self) -> Iterator[Entry]:
        """Days, messages, events, silences and waits of this part, in order."""
        day: date | None = None
        before: Message | None = None
        before_at: datetime | None = None
        for message in self._place.messages():
            if message.role is Role.SYSTEM and not self._wish.events:
                continue
            at, stamp = message.at, None
            if at is not None:
                local = at.astimezone(self._query.zone)
                stamp = self._stamp(at, local)
                for pause in self._pause(message, before_at, at):
                    yield pause
                    before = None
                if local.date() != day:
                    day, before = local.date(), None
                    yield Entry("day", text=whole_day(day))
            if message.role is Role.SYSTEM:
                yield self._event(message, stamp)
            else:
                yield self._message(message, before, stamp)
            before, before_at = message, at

    def _stamp(self, at: datetime, local: datetime) -> Stamp:
        if self._wish.from_start:
            return Stamp(iso(at), since_start(at - self._conversation.begin))
        return Stamp(iso(at), f"{local.hour:02}:{local.minute:02}")

    def _pause(self, message: Message, before: datetime | None, at: datetime) -> Iterator[Entry]:
        """A line for a silence, for a wait that this message ends, or for both."""
        silence = 0 if before is None else int((at - before).total_seconds())
        is_long = silence >= LONG_SILENCE
        told = [_("{duration} silence").format(duration=duration(silence))] if is_long else []
        wait = self._waits.get(message.number)
        if wait is not None and message.number == self._first_response:
            told.append(
                _("First response after {duration}").format(duration=duration(wait.seconds))
            )
        elif wait is not None and wait.seconds >= LONG_WAIT:
            told.append(_("The visitor waited {duration}").format(duration=duration(wait.seconds)))
        if told:
            yield Entry("gap" if is_long else "waited", text=". ".join(told))

    def _event(self, message: Message, stamp: Stamp | None) -> Entry:
        code = shown(message.text)
        sentence = event_sentence(message.text, shown(message.name.strip()))
        icon, text = sentence or ("dot", code or _("an event without a code"))
        return Entry(
            "event",
            number=message.number,
            clock=stamp,
            chosen=self._is_chosen(message),
            icon=icon,
            text=text,
            unknown_code=sentence is None and bool(code),
        )

    def _message(self, message: Message, before: Message | None, stamp: Stamp | None) -> Entry:
        number = message.number
        hit = self._hits.get(number, 0)
        parts, left_out = parts_in(self._found, message), 0
        if number != self._wish.unfolded:
            parts, left_out = folded(parts)
        plain = is_plain(parts)
        return Entry(
            "message",
            number=number,
            by=self._by(message),
            first_of_run=before is None or _speaker(before) != _speaker(message),
            clock=stamp,
            text=shown(parts[0].text) if plain else "",
            pieces=() if plain else pieces(parts),
            hit=hit,
            current=bool(hit) and hit == self._place.current,
            chosen=self._is_chosen(message),
            url=self._place.permalink(number),
            more_text=characters(left_out) if left_out else "",
            more_url=self._place.unfolding(number) if left_out else "",
        )

    def _is_chosen(self, message: Message) -> bool:
        chosen = self._wish.chosen
        return chosen is not None and chosen[0] <= message.number <= chosen[1]

    def _by(self, message: Message) -> Speaker:
        """Who spoke, told once for each."""
        key = message.role, message.name, message.trigger, message.kind
        found = self._speakers.get(key)
        if found is None:
            found = self._speakers[key] = Speaker(
                self._name(message),
                role_label(message),
                ROLE_CLASSES.get(message.role, ""),
                self._lang[message.role],
            )
        return found

    def _name(self, message: Message) -> str:
        """The speaker by name; the visitor's own name also where a message came without it."""
        if message.role is Role.VISITOR:
            own = message.name.strip() or self._conversation.visitor.name.strip()
            return shown(own) or _("Visitor")
        return speaker_label(message)


def _speaker(message: Message) -> tuple[Role, str, str]:
    return message.role, "" if message.role is Role.VISITOR else message.name, message.trigger


def role_label(message: Message) -> str:
    """In which role somebody spoke; of an automatic message the name of its trigger."""
    if message.role is Role.AUTOMATIC:
        if not message.trigger:
            return _("Trigger")
        return _("Trigger “{name}”").format(name=shown(message.trigger))
    return _(ROLE_LABELS.get(message.role, marked("of an unknown kind")))
