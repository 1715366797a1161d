"""Where one is in a timeline: its hits, its parts, and the addresses of all others. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from app.conversations.model import Conversation, Message, Role
from app.language import gettext as _
from app.language import ngettext
from app.search.parameters import SearchQuery
from app.web.links import (
    EVENTS,
    HIT,
    PART,
    RANGE,
    TIMES,
    WHOLE,
    Link,
    Pairs,
    conversation_url,
    message_url,
    numbers_of,
)
from app.web.wording import clock, hit_place, hits, moment, whole

PART_SIZE: Final = 500
"""Messages of one page of a long timeline."""
LONG: Final = 50
"""Messages from which on a strip shows where the hits lie."""
STRIP_CELLS: Final = 24
"""Cells of that strip: each is a link that a finger can hit."""


class HitBar(Struct, frozen=True):
    """Where one stands among the hits of a conversation, in words, and the text looked for."""

    words: str
    text: str
    previous: str
    following: str


class Cell(Struct, frozen=True):
    """A place in the strip of hits: from where, in per cent, and the first hit that lies there."""

    x: str
    label: str
    url: str
    current: bool


class Stretch(Struct, frozen=True):
    """A page of a long timeline: numbers, times, hits; without ``url`` it is the current one."""

    label: str
    times: str
    hits: str
    url: str


class Wish(Struct, frozen=True):
    """What the address of a timeline asks for besides the search one came from.

    ``from_start`` gives times since the begin; ``unfolded`` is the number of the long message that
    is shown whole, ``chosen`` the first and last of a range of messages.
    """

    hit: int = 1
    part: int | None = None
    events: bool = True
    from_start: bool = False
    unfolded: int = 0
    chosen: tuple[int, int] | None = None

    def pairs(self) -> list[tuple[str, str]]:
        """How it is shown as parameters, defaults left out; the hit is given link by link."""
        shown = [] if self.events else [(EVENTS, "no")]
        return [*shown, (TIMES, "start")] if self.from_start else shown


def part_of(number: int, size: int = PART_SIZE) -> int:
    """The page of a long timeline on which a message stands, from 1."""
    return max(0, number - 1) // size + 1


class Place:
    """Which hit and which part of a conversation are shown; ``hits`` are numbers of messages.

    A part has ``size`` messages; ``is_alone`` where the conversation has the page to itself.
    """

    def __init__(
        self,
        conversation: Conversation,
        query: SearchQuery,
        wish: Wish,
        hits: Sequence[int],
        *,
        size: int = PART_SIZE,
        is_alone: bool = True,
    ) -> None:
        self._id, self._messages = conversation.id, conversation.messages
        self._query, self._wish, self._hits = query, wish, hits
        at = min(max(wish.hit, 1), len(hits))
        self.current = at if is_alone else 0
        here = hits[at - 1] if hits else 1
        self._size, self._is_alone = size, is_alone
        self._last_part = max(1, -(-len(self._messages) // size))
        self._part = min(max(wish.part or part_of(here, size), 1), self._last_part)
        self._carried = [*query.to_params(), *wish.pairs()]

    def messages(self) -> Sequence[Message]:
        """The messages of this part, events included."""
        return self._messages_of(self._part)

    def hit_bar(self) -> HitBar | None:
        """The bar above the messages; None without hits."""
        if not self.current:
            return None
        at, total = self.current, len(self._hits)
        return HitBar(
            words=hit_place(at, total),
            text=self._query.canonical,
            previous=self._hit_url(at - 1) if at > 1 else "",
            following=self._hit_url(at + 1) if at < total else "",
        )

    def strip(self) -> Iterator[Cell]:
        """Where the hits lie in a long conversation; nothing in a short one."""
        length = len(self._messages)
        if length < LONG or len(self._hits) < 2:
            return
        cells: dict[int, list[int]] = {}
        for place, number in enumerate(self._hits, start=1):
            cells.setdefault((number - 1) * STRIP_CELLS // length, []).append(place)
        for cell, places in cells.items():
            first, last = places[0], places[-1]
            one, several = _("Hit {first}"), _("Hits {first} to {last}")
            label = (one if first == last else several).format(first=first, last=last)
            at = f"{100 * cell / STRIP_CELLS:.4g}%"
            yield Cell(at, label, self._hit_url(first), self.current in places)

    def stretches(self) -> Iterator[Stretch]:
        """The pages of a long timeline; none of a short one."""
        if self._last_part == 1:
            return
        for part in range(1, self._last_part + 1):
            messages = self._messages_of(part)
            number = sum(part_of(hit, self._size) == part for hit in self._hits)
            yield Stretch(
                label=f"{messages[0].number}–{messages[-1].number}",
                times=self._times_of(messages),
                hits=hits(number) if number else "",
                url="" if part == self._part else self._url([(PART, str(part))]),
            )

    def toggles(self) -> Iterator[Link]:
        """Links that hide or show the events, and that change how times are told."""
        number = sum(message.role is Role.SYSTEM for message in self._messages)
        if number:
            text = ngettext("Show {number} event", "Show {number} events", number)
            if self._wish.events:
                text = ngettext("Hide {number} event", "Hide {number} events", number)
            label = text.format(number=whole(number))
            yield Link(label, self._otherwise(EVENTS, "no", on=not self._wish.events))
        if any(message.at for message in self._messages):
            label = _("Times of day") if self._wish.from_start else _("Times from the start")
            yield Link(label, self._otherwise(TIMES, "start", on=self._wish.from_start))

    def permalink(self, number: int) -> str:
        """The address of a message; of a short conversation its place on this page."""
        if self._is_alone and self._last_part == 1:
            return f"#m{number}"
        return message_url(self._id, str(number), self._carried)

    def unfolding(self, number: int) -> str:
        """The address at which a very long message is shown whole."""
        pairs = [*self._here(), (WHOLE, str(number))]
        return conversation_url(self._id, [*self._carried, *pairs], number)

    def unchosen(self) -> str:
        """This page without a range of messages."""
        return self._url(self._here())

    def chosen_url(self, first: int, last: int) -> str:
        """The permalink of a range of messages."""
        return message_url(self._id, numbers_of(first, last), self._carried)

    def _messages_of(self, part: int) -> Sequence[Message]:
        start = (part - 1) * self._size
        return self._messages[start : start + self._size]

    def _times_of(self, messages: Sequence[Message]) -> str:
        first = next((message.at for message in messages if message.at), None)
        last = next((message.at for message in reversed(messages) if message.at), None)
        if first is None or last is None:
            return ""
        zone = self._query.zone
        same = first.astimezone(zone).date() == last.astimezone(zone).date()
        form = clock if same else moment
        return _("{first} to {last}").format(
            first=form(first, zone).text, last=form(last, zone).text
        )

    def _here(self) -> list[tuple[str, str]]:
        """The current hit and part as parameters, where they are not those of the page alone."""
        pairs = [(HIT, str(self.current))] if self.current > 1 else []
        return [*pairs, (PART, str(self._part))] if self._last_part > 1 else pairs

    def _otherwise(self, name: str, value: str, *, on: bool) -> str:
        """This page with a way of showing switched on, or off where it is on."""
        carried = [pair for pair in self._carried if pair[0] != name]
        chosen = [(RANGE, numbers_of(*self._wish.chosen))] if self._wish.chosen else []
        pairs = [*carried, *self._here(), *chosen, *([] if on else [(name, value)])]
        return conversation_url(self._id, pairs)

    def _hit_url(self, hit: int) -> str:
        return conversation_url(self._id, [*self._carried, (HIT, str(hit))], self._hits[hit - 1])

    def _url(self, pairs: Pairs) -> str:
        return conversation_url(self._id, [*self._carried, *pairs])
