"""One conversation in the list of results: its facts and the messages that show best why. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from app.archive.reading import Archived
from app.conversations.measures import last_word, longest, waits
from app.conversations.model import Conversation, Message, Role
from app.flatten import country_code, language_at, language_of, subject
from app.language import gettext as _
from app.search.clauses import text_clause
from app.search.highlight import Highlight, Highlighter, Part, cut
from app.search.operators import NONE, RATING_WORDS
from app.search.parameters import SearchQuery
from app.search.values import rating_word
from app.web import wording
from app.web.excerpt import excerpt
from app.web.facts_view import country_name
from app.web.links import HIT, conversation_url
from app.web.visible import shown
from app.web.wording import (
    ALARMING,
    FACT_LABELS,
    Stamp,
    clock,
    duration,
    moment,
    more_hits,
    rating_label,
)

MOST_SNIPPETS: Final = 3
MOST_FACTS: Final = 3
ROLE_CLASSES: Final = {Role.VISITOR: "visitor", Role.AGENT: "agent", Role.AUTOMATIC: "auto"}


class RatingView(Struct, frozen=True):
    """A rating in words; ``kind`` is the class that colours it, empty for unknown numbers."""

    kind: str
    label: str


class OutcomeWord(Struct, frozen=True):
    """An outcome in a phrase; alarming ones stand out."""

    text: str
    alarming: bool


class Snippet(Struct, frozen=True):
    """A message in a result; ``name`` is empty for a visitor without one.

    ``lang`` is the language it is written in, empty where it is not known. Where it is a hit of the
    conversation, ``hit`` is its number and ``url`` leads to it in the timeline.
    """

    number: int
    role: Role
    kind: str
    name: str
    label: str
    at: datetime | None
    clock: Stamp | None
    lang: str
    parts: tuple[Part, ...]
    url: str = ""
    hit: int = 0


class FactSnippet(Struct, frozen=True):
    """A fact that holds what no message says: its kind in a word, and what it was sent under."""

    fact: str
    kind: str
    label: str
    parts: tuple[Part, ...]


class ResultView(Struct, frozen=True):
    """A conversation as a result."""

    id: str
    url: str
    name: str
    demo: bool
    country_code: str
    country: str
    language: str | None
    begin: datetime
    end: datetime | None
    began: Stamp
    duration: str
    longest_wait: str
    last_word: str
    agents: tuple[str, ...]
    outcomes: tuple[str, ...]
    outcome_words: tuple[OutcomeWord, ...]
    rating: RatingView
    rating_value: str
    facts: tuple[FactSnippet, ...]
    snippets: tuple[Snippet, ...]
    more_hits: int
    more_text: str
    more_url: str


def result_view(query: SearchQuery, archived: Archived, found: Highlight) -> ResultView:
    """A conversation that was found by a query, whose text stands where ``found`` says."""
    conversation = archived.conversation
    carried = query.to_params()
    chosen = _best(found, conversation)
    wait, last = longest(waits(conversation)), last_word(conversation)
    hits = found.hits
    shown_hits = {message.number for message in chosen}
    more = [number for number in hits if number not in shown_hits]
    hit_urls = {
        number: conversation_url(conversation.id, [*carried, (HIT, str(place))], number)
        for place, number in enumerate(hits, start=1)
        if number in shown_hits or number == more[0]
    }
    return ResultView(
        id=conversation.id,
        url=conversation_url(conversation.id, carried),
        name=shown(conversation.visitor.name.strip()),
        demo=archived.is_demo,
        country_code=country_code(conversation) or "",
        country=country_name(conversation),
        language=language_of(archived.spoken),
        begin=conversation.begin,
        end=conversation.end,
        began=moment(conversation.begin, query.zone),
        duration="" if conversation.duration is None else duration(conversation.duration),
        longest_wait="" if wait is None else duration(wait.seconds),
        last_word="" if last is None else speaker_label(last),
        agents=tuple(shown(name) for name in conversation.agents),
        outcomes=tuple(outcome.value for outcome in conversation.outcomes),
        outcome_words=tuple(outcome_words(conversation)),
        rating=rating_view(conversation.rating),
        rating_value=rating_word(conversation.rating),
        facts=tuple(_fact(found, index) for index in found.telling_facts[:MOST_FACTS]),
        snippets=tuple(_snippet(archived, message, found, query, hit_urls) for message in chosen),
        more_hits=len(more),
        more_text=more_hits(len(more)) if more else "",
        more_url=hit_urls[more[0]] if more else "",
    )


class Finder:
    """Finds where the text of a query stands in conversations; nowhere when it has no text."""

    def __init__(self, query: SearchQuery) -> None:
        has_text = query.node is not None
        self._highlighter = Highlighter(text_clause(query), query.inflecting) if has_text else None

    def find(self, archived: Archived) -> Highlight:
        """Where it stands in one conversation."""
        if self._highlighter is None:
            return Highlight((), {})
        return self._highlighter.look(
            subject(archived.conversation, archived.visit, archived.spoken)
        )


def parts_in(found: Highlight, message: Message) -> tuple[Part, ...]:
    """A message cut where it is marked; whole where the query stands nowhere in it."""
    return found.parts_of(message.number) or (Part(message.text, hit=False),)


def rating_view(rating: int | None) -> RatingView:
    """A rating for the page."""
    word = rating_word(rating)
    return RatingView(
        word if word in RATING_WORDS.values() or word == NONE else "", rating_label(word)
    )


def outcome_words(conversation: Conversation) -> Iterator[OutcomeWord]:
    """The outcomes as the words of one phrase, the first with a capital."""
    values = tuple(outcome.value for outcome in conversation.outcomes)
    for value, text in zip(values, wording.outcome_words(values), strict=True):
        yield OutcomeWord(text, value in ALARMING)


def visitor_name(conversation: Conversation) -> str:
    """The visitor by name, or in a word."""
    return shown(conversation.visitor.name.strip()) or _("Visitor")


def speaker_label(message: Message) -> str:
    """Who spoke, in a word or by name: Visitor, Automatic, the agent's name."""
    if message.role is Role.VISITOR:
        return _("Visitor")
    if message.role is Role.AUTOMATIC:
        return _("Automatic")
    fallback = _("Agent") if message.role is Role.AGENT else message.kind or _("Unknown")
    return shown(message.name.strip()) or shown(fallback)


def _best(found: Highlight, conversation: Conversation) -> Sequence[Message]:
    """At most three messages: those in which most different words stand, the nearest first.

    Of those with a single word the ones with the most marks, in order of time. Where nothing is
    marked, how the conversation began.
    """
    if not found.hits:
        return _opening(conversation)

    def nearness(number: int) -> tuple[int, int]:
        cluster = found.clusters[number]
        return -cluster.words, cluster.spread

    ranked = sorted(found.hits, key=lambda number: (*nearness(number), -found.marks_in(number)))
    wanted = sorted(ranked[:MOST_SNIPPETS], key=lambda number: (*nearness(number), number))
    by_number = {message.number: message for message in conversation.messages}
    return [by_number[number] for number in wanted]


def _opening(conversation: Conversation) -> Sequence[Message]:
    """How a conversation began: the first words of the visitor and the first answer."""
    said = [message for message in conversation.messages if message.text.strip()]
    asked = next((m for m in said if m.role is Role.VISITOR), None)
    answered = next((m for m in said if m.role is Role.AGENT), None)
    opening = [message for message in (asked, answered) if message is not None]
    others = [m for m in said if m.role is not Role.SYSTEM][:1]
    return sorted(opening or others, key=lambda message: message.number)


def _fact(found: Highlight, index: int) -> FactSnippet:
    passage = found.passages[index]
    parts = excerpt(cut(passage.text, found.marks[index]))
    kind = _(FACT_LABELS[passage.fact])
    return FactSnippet(passage.fact, kind, shown(passage.label.strip()), parts)


def _snippet(
    archived: Archived,
    message: Message,
    found: Highlight,
    query: SearchQuery,
    hit_urls: Mapping[int, str],
) -> Snippet:
    cluster = found.clusters.get(message.number)
    number = message.number
    return Snippet(
        number=number,
        role=message.role,
        kind=ROLE_CLASSES.get(message.role, ""),
        name=message.name.strip(),
        label=speaker_label(message),
        at=message.at,
        clock=None if message.at is None else clock(message.at, query.zone),
        lang=language_at(archived.spoken, message.role),
        parts=excerpt(parts_in(found, message), None if cluster is None else cluster.start),
        url=hit_urls.get(number, ""),
        hit=found.hits.index(number) + 1 if number in hit_urls else 0,
    )
