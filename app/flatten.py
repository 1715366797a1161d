"""From a conversation to its document: the only place that knows both wings. Pure.

What people said goes to the place of its role, everything else that has words to the facts.
Event codes and browser strings are no words. ``passages`` gives the same texts unanalyzed, so
that marks are looked for in exactly what the index holds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from app.conversations.model import SORT_BITS, Conversation, Message, Role, Visit
from app.conversations.visitors import known_as
from app.search.clauses import FACTS, VISITOR_KEY
from app.search.engine import Document, Readable, Words
from app.search.highlight import Passage, Subject
from app.search.histogram import LATEST_MS
from app.search.inflected import NOTHING_SPOKEN, Inflecting, Spoken, words_of
from app.search.operators import NONE, ROLES
from app.search.text import Terms, terms
from app.search.values import agent_keyword, filter_value, keyword, rating_word

_PLACES: Final = {
    Role.VISITOR: "visitor",
    Role.AGENT: "agent",
    Role.AUTOMATIC: "automatic",
    Role.OTHER: FACTS,
}


def sort_key(conversation_id: str, begin_ms: int) -> int:
    """The place of a conversation in time; two of them rarely collide, and naming settles that."""
    digest = hashlib.sha256(conversation_id.encode()).digest()
    return begin_ms << SORT_BITS | int.from_bytes(digest[:3]) >> 3


def flatten(
    conversation: Conversation,
    place: int,
    visit: Visit = Visit.FIRST,
    change: int = 0,
    spoken: Spoken = NOTHING_SPOKEN,
    inflecting: Inflecting | None = None,
) -> Document:
    """The document of a conversation whose sort key is ``place``, as it was at a ``change``.

    ``visit`` is not in the conversation itself: it follows from all others of its visitor.
    ``inflecting`` gives the forms of words in the languages that are ``spoken``.
    """
    texts: dict[str, list[Words]] = {}
    said: dict[str, list[Sequence[str]]] = {}
    for passage in passages(conversation, spoken):
        analyzed = terms(passage.text)
        if analyzed.folded:
            texts.setdefault(passage.place, []).append(_words(analyzed))
            if inflecting is not None and passage.languages:
                said.setdefault(passage.place, []).append(words_of(passage.text, analyzed))
    return Document(
        id=conversation.id,
        sort_key=place,
        begin_ms=conversation.identity.begin_ms,
        keywords=_keywords(conversation, visit, spoken),
        texts={name: tuple(found) for name, found in texts.items()},
        readable=_readable(conversation),
        change=change,
        forms=_forms(said, spoken, inflecting),
    )


def _words(analyzed: Terms) -> Words:
    folded, whole, singles = map(" ".join, analyzed)
    return Words(folded, whole, singles)


def _forms(
    said: Mapping[str, Iterable[Sequence[str]]], spoken: Spoken, inflecting: Inflecting | None
) -> dict[str, str]:
    """The forms of the words that were said in each place."""
    if inflecting is None:
        return {}
    return {
        place: inflecting.forms_of_all(spoken[place], [*chain.from_iterable(words)])
        for place, words in said.items()
    }


def passages(conversation: Conversation, spoken: Spoken = NOTHING_SPOKEN) -> Iterator[Passage]:
    """Every text of a conversation that can be found, messages first; facts have no number.

    What people said has the languages that are ``spoken`` in its place, facts have none.
    """
    spoken_at = {place: tuple(spoken.get(place, ())) for place in _PLACES.values()}
    for message in conversation.messages:
        place = _PLACES.get(message.role)
        if place is not None:
            yield Passage(place, message.text, message.number, spoken_at[place])
    for fact, text, label in _facts(conversation):
        if text:
            yield Passage(FACTS, text, None, fact=fact, label=label)


def words_by_place(conversation: Conversation) -> Mapping[str, str]:
    """What each role said, in one text: its language is judged by it. Visitors come first."""
    said: dict[str, list[str]] = {place: [] for place in ROLES}
    for message in conversation.messages:
        place = _PLACES.get(message.role)
        if place in said:
            said[place].append(message.text)
    return {place: "\n".join(texts) for place, texts in said.items() if texts}


def subject(
    conversation: Conversation, visit: Visit = Visit.FIRST, spoken: Spoken = NOTHING_SPOKEN
) -> Subject:
    """A conversation as the highlighter looks at it."""
    return Subject(
        tuple(passages(conversation, spoken)),
        _keywords(conversation, visit, spoken),
        conversation.identity.begin_ms,
    )


def agent_spellings(conversation: Conversation) -> tuple[tuple[str, str], ...]:
    """The agents of a conversation as (keyword, name as sent), each pair once."""
    pairs = ((agent_keyword(name), keyword(name)) for name in conversation.agents)
    return tuple(dict.fromkeys(pair for pair in pairs if pair[0]))


def country_code(conversation: Conversation) -> str | None:
    """The visitor's country as two upper-case letters; None when none or nonsense was sent."""
    value = filter_value("country", conversation.visitor.country_code).value
    return None if value == NONE else value


def language_of(spoken: Spoken) -> str | None:
    """The language of a conversation: the visitor's, else the agent's; None where neither is sure.

    Somebody who may speak either of two languages is not sure.
    """
    return next(filter(None, (_only_language(spoken, place) for place in ROLES)), None)


def language_at(spoken: Spoken, role: Role) -> str:
    """The language that a role speaks; empty where it is not sure."""
    return _only_language(spoken, _PLACES.get(role, ""))


def _only_language(spoken: Spoken, place: str) -> str:
    codes = spoken.get(place, ())
    return codes[0] if len(codes) == 1 else ""


def _keywords(
    conversation: Conversation, visit: Visit, spoken: Spoken
) -> dict[str, tuple[str, ...]]:
    agents = tuple(dict.fromkeys(pair[0] for pair in agent_spellings(conversation)))
    return {
        "rating": (rating_word(conversation.rating),),
        "country": (country_code(conversation) or NONE,),
        "language": (language_of(spoken) or NONE,),
        "outcome": tuple(outcome.value for outcome in conversation.outcomes),
        "agent": agents or (NONE,),
        "group": (keyword(conversation.visitor.group) or NONE,),
        "visit": (visit.value,),
        VISITOR_KEY: (key,) if (key := known_as(conversation).key) else (),
    }


def _readable(conversation: Conversation) -> Readable:
    begin = conversation.identity.begin_ms
    end = conversation.end_ms
    spoken = [message for message in conversation.messages if message.role is not Role.SYSTEM]
    return Readable(
        end_ms=begin if end is None else max(begin, min(end, LATEST_MS)),
        visitor=keyword(conversation.visitor.name),
        email=keyword(conversation.visitor.email),
        agents=tuple(filter(None, map(keyword, conversation.agents))),
        messages=len(spoken),
        transcript="\n".join(f"{_speaker(message)}: {message.text}" for message in spoken),
    )


def _speaker(message: Message) -> str:
    return message.name or message.role.value


def _facts(conversation: Conversation) -> Iterator[tuple[str, str, str]]:
    """Kind, text and label of every fact that has words."""
    visitor = conversation.visitor
    yield "name", visitor.name, ""
    yield "email", visitor.email, ""
    yield "note", visitor.note, ""
    yield "place", visitor.city, ""
    yield "place", visitor.country, ""
    yield "comment", conversation.rating_comment, ""
    for page in conversation.pages:
        yield "page", page.title, ""
        yield "page", page.url, ""
    for variable in visitor.variables:
        yield "variable", variable.label, ""
        yield "variable", variable.value, variable.label
    for name in conversation.agents:
        yield "agent", name, ""
