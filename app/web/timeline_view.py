"""The timeline of one conversation as one frozen value, from the archive alone. Pure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from urllib.parse import quote, urlsplit

from msgspec import Struct

from app.archive.reading import Archived
from app.conversations.model import Conversation, Message, Role
from app.flatten import country_code
from app.search.highlight import Highlight, Part
from app.search.parameters import SearchQuery
from app.web.links import (
    EVENTS,
    HIT,
    PART,
    Pairs,
    conversation_url,
    message_url,
    raw_url,
    search_url,
)
from app.web.result_view import (
    ROLE_CLASSES,
    OutcomeWord,
    RatingView,
    found_in,
    outcome_words,
    rating_view,
    speaker_label,
)
from app.web.shell import Shell
from app.web.wording import (
    Stamp,
    clock,
    counted,
    country,
    duration,
    event_sentence,
    shown,
    started,
    whole_day,
)

PART_SIZE: Final = 500
"""Messages of one page of a long timeline."""
LONG_SILENCE: Final = 10 * 60
"""Seconds without a message that are worth a line."""
ROLE_LABELS: Final = {Role.VISITOR: "Visitor", Role.AGENT: "Agent"}
NOBODY: Final = "nobody answered"


class Fact(Struct, frozen=True):
    """A line of the side panel or the strip; an empty address makes it text."""

    label: str
    text: str
    url: str = ""
    code: bool = False


class VisitedPage(Struct, frozen=True):
    """A page of the visit; only http and https become links."""

    title: str
    address: str
    url: str


class Entry(Struct, frozen=True):
    """A line of the timeline: kind is day, message, event or gap; only its fields are filled."""

    kind: str
    number: int = 0
    role: Role | None = None
    css: str = ""
    first_of_run: bool = False
    name: str = ""
    role_label: str = ""
    clock: Stamp | None = None
    at: datetime | None = None
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


class TimelinePage(Struct, frozen=True):
    """Everything that the page of a conversation shows."""

    shell: Shell
    id: str
    demo: bool
    name: str
    channel: str
    started: Stamp
    country: str
    begin: datetime
    end: datetime | None
    strip: tuple[Fact, ...]
    outcomes: tuple[OutcomeWord, ...]
    rating: RatingView
    rating_comment: str
    entries: tuple[Entry, ...]
    hits: tuple[int, ...]
    hit_bar: HitBar | None
    back_url: str
    back_text: str
    events_count: int
    events_text: str
    events_url: str
    visitor: tuple[Fact, ...]
    variables: tuple[Fact, ...]
    pages: tuple[VisitedPage, ...]
    permalink: str
    raw: str
    stretches: tuple[Stretch, ...]


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


def timeline_page(archived: Archived, query: SearchQuery, wish: Wish, shell: Shell) -> TimelinePage:
    """The page of a conversation, with the hits of the search one came from."""
    conversation = archived.conversation
    found = found_in(query, conversation)
    hits = found.hits if found else ()
    current = min(max(wish.hit, 1), len(hits)) if hits else 0
    lines = _Lines(conversation, query, wish, found, current)
    comment = shown(conversation.rating_comment.strip())
    return TimelinePage(
        shell=shell,
        id=conversation.id,
        demo=archived.is_demo,
        name=shown(conversation.visitor.name.strip()),
        channel=shown(conversation.identity.channel),
        started=started(conversation.begin, query.zone),
        country=_country(conversation),
        begin=conversation.begin,
        end=conversation.end,
        strip=tuple(_strip(conversation)),
        outcomes=tuple(outcome_words(conversation)),
        rating=rating_view(conversation.rating),
        rating_comment=comment,
        entries=tuple(lines.entries()),
        hits=hits,
        hit_bar=lines.hit_bar(),
        back_url=search_url(query) if query.to_params() else "",
        back_text=query.canonical,
        events_count=lines.events_count,
        events_text=lines.events_text(),
        events_url=lines.events_url(),
        visitor=tuple(_visitor(conversation)),
        variables=tuple(_variables(conversation)),
        pages=tuple(_pages(conversation)),
        permalink=conversation_url(conversation.id),
        raw=raw_url(conversation.id),
        stretches=tuple(lines.stretches()),
    )


class _Lines:
    """The lines of one timeline, and the links between its hits and pages."""

    def __init__(
        self,
        conversation: Conversation,
        query: SearchQuery,
        wish: Wish,
        found: Highlight | None,
        current: int,
    ) -> None:
        self._conversation, self._query, self._wish = conversation, query, wish
        self._found, self._current = found, current
        self._hits = found.hits if found else ()
        self._places = {number: place for place, number in enumerate(self._hits, start=1)}
        self._carried = [*query.to_params(), *wish.pairs()]
        messages = conversation.messages
        here = self._hits[current - 1] if current else 1
        last = max(1, -(-len(messages) // PART_SIZE))
        self._part = min(max(wish.part or part_of(here), 1), last)
        self._last_part = last
        self.events_count = sum(message.role is Role.SYSTEM for message in messages)

    def entries(self) -> Iterator[Entry]:
        """Days, messages, events and silences of this page, in order."""
        start = (self._part - 1) * PART_SIZE
        day: date | None = None
        before: Message | None = None
        for message in self._conversation.messages[start : start + PART_SIZE]:
            if message.role is Role.SYSTEM and not self._wish.events:
                continue
            if message.at is not None and self._local_day(message.at) != day:
                yield from self._gap(before, message)
                day = self._local_day(message.at)
                yield Entry("day", text=whole_day(day))
                yield self._entry(message, None)
            else:
                yield from self._gap(before, message)
                yield self._entry(message, before)
            before = message

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
        return f"{'Hide' if self._wish.events else 'Show'} {counted(self.events_count, 'event')}"

    def events_url(self) -> str:
        """This page with the events hidden, or shown again; empty when there are none."""
        if not self.events_count:
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

    def _local_day(self, when: datetime) -> date:
        return when.astimezone(self._query.zone).date()

    def _gap(self, before: Message | None, message: Message) -> Iterator[Entry]:
        if before is None or before.at is None or message.at is None:
            return
        silence = int((message.at - before.at).total_seconds())
        if silence >= LONG_SILENCE:
            yield Entry("gap", text=f"{duration(silence)} silence")

    def _entry(self, message: Message, before: Message | None) -> Entry:
        return (
            self._event(message) if message.role is Role.SYSTEM else self._message(message, before)
        )

    def _event(self, message: Message) -> Entry:
        code = shown(message.text)
        sentence = event_sentence(message.text, shown(message.name.strip()))
        icon, text = sentence or ("dot", code or "an event without a code")
        return Entry(
            "event",
            number=message.number,
            role=message.role,
            name=shown(message.name.strip()),
            clock=self._clock(message),
            at=message.at,
            parts=(Part(message.text, hit=False),),
            icon=icon,
            text=text,
            unknown_code=sentence is None and bool(code),
            url=self._permalink(message),
        )

    def _message(self, message: Message, before: Message | None) -> Entry:
        marked = self._found.parts_of(message.number) if self._found else None
        hit = self._places.get(message.number, 0)
        return Entry(
            "message",
            number=message.number,
            role=message.role,
            css=ROLE_CLASSES.get(message.role, ""),
            first_of_run=before is None or _speaker(before) != _speaker(message),
            name=self._name(message),
            role_label=_role_label(message),
            clock=self._clock(message),
            at=message.at,
            parts=tuple(
                Part(shown(part.text), part.hit)
                for part in marked or (Part(message.text, hit=False),)
            ),
            hit=hit,
            current=bool(hit) and hit == self._current,
            url=self._permalink(message),
        )

    def _name(self, message: Message) -> str:
        """The speaker by name; the visitor's own name also where a message came without it."""
        if message.role is Role.VISITOR:
            own = message.name.strip() or self._conversation.visitor.name.strip()
            return shown(own) or "Visitor"
        return speaker_label(message)

    def _clock(self, message: Message) -> Stamp | None:
        return None if message.at is None else clock(message.at, self._query.zone)

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
        return f"Trigger “{shown(message.trigger)}”" if message.trigger else "Trigger"
    return ROLE_LABELS.get(message.role, "of an unknown kind")


def _strip(conversation: Conversation) -> Iterator[Fact]:
    """The vendor's figures, as sent."""
    if conversation.duration is not None:
        yield Fact("Duration", duration(conversation.duration))
    yield Fact("First response", _response(conversation.first_response))
    yield Fact("Average response", _response(conversation.average_response))


def _response(seconds: int | None) -> str:
    return duration(seconds) if seconds else NOBODY


def _country(conversation: Conversation) -> str:
    code = country_code(conversation)
    return country(code) if code else ""


def _visitor(conversation: Conversation) -> Iterator[Fact]:
    visitor = conversation.visitor
    place = [_country(conversation), visitor.city, visitor.country]
    email = visitor.email.strip()
    facts = (
        Fact("Email", shown(email), f"mailto:{quote(email, safe='@')}" if "@" in email else ""),
        Fact(
            "Place", ", ".join(dict.fromkeys(shown(part.strip()) for part in place if part.strip()))
        ),
        Fact("Group", shown(visitor.group)),
        Fact("Note", shown(visitor.note)),
        Fact("Browser", shown(visitor.user_agent)),
        Fact("System", shown(visitor.platform)),
        Fact("Address", shown(visitor.ip_address), code=True),
        _came_from(visitor.referer),
    )
    yield from (fact for fact in facts if fact.text.strip())


def _came_from(referer: str) -> Fact:
    return Fact("Came from", shown(referer), _web_address(referer))


def _variables(conversation: Conversation) -> Iterator[Fact]:
    for variable in conversation.visitor.variables:
        yield Fact(shown(variable.label), shown(variable.value))


def _pages(conversation: Conversation) -> Iterator[VisitedPage]:
    for page in conversation.pages:
        address = shown(page.url)
        bare = address.removeprefix("https://").removeprefix("http://")
        yield VisitedPage(shown(page.title.strip()) or "No title", bare, _web_address(page.url))


def _web_address(url: str) -> str:
    """An address that may become a link: http or https with a host; empty for everything else."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable()
    except ValueError:
        return ""
    return url if safe else ""
