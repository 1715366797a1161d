"""A conversation to take along: as plain text, as Markdown, and some of its messages as a quote.

The texts are as they were sent, with what nobody would see made visible; in Markdown nothing of
them can become markup. Pure.
"""

import re
from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from app.conversations.model import Conversation, Message, Role
from app.language import gettext as _
from app.search.values import rating_word
from app.web.facts_view import country_name, strip, visitor_facts
from app.web.result_view import speaker_label, visitor_name
from app.web.timeline_lines import role_label
from app.web.visible import shown
from app.web.wording import event_sentence, exact, outcome_words, rating_label, started

_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&~|#]|(?m:^(?=\s*[-+=]))|(?m:^(\s*\d+)(?=[.)]))")


def as_text(conversation: Conversation, zone: ZoneInfo, address: str) -> str:
    """The conversation as plain text: a head of facts, then every message with time and speaker."""
    head = [f"{label}: {text}" for label, text in _head(conversation, zone, address)]
    named = _visitor_named(conversation)
    lines = [line for message in conversation.messages for line in _told(message, zone, named)]
    return "\n".join([*head, "", *lines]).rstrip() + "\n"


def as_markdown(conversation: Conversation, zone: ZoneInfo, address: str) -> str:
    """The conversation as Markdown: a heading, a list of facts, messages as quotations."""
    lines = [f"# {_escaped(visitor_name(conversation))}", ""]
    lines += [f"- {label}: {_escaped(text)}" for label, text in _head(conversation, zone, address)]
    named = _visitor_named(conversation)
    for message in conversation.messages:
        if message.role is Role.SYSTEM:
            lines += ["", f"*{_escaped(_event(message))}* {_when(message, zone)}"]
            continue
        lines += ["", f"**{_escaped(_speaker(message, named))}** {_when(message, zone)}", ""]
        said = [_escaped(line) for line in shown(message.text).split("\n")]
        lines += [f"> {line}".rstrip() + ("\\" if line else "") for line in said[:-1]]
        lines.append(f"> {said[-1]}".rstrip())
    return "\n".join(lines) + "\n"


def as_quote(
    conversation: Conversation, zone: ZoneInfo, first: int, last: int, address: str
) -> str:
    """Some messages as a quotation: who, when and what, then where they stand."""
    lines: list[str] = []
    named = _visitor_named(conversation)
    for message in conversation.messages[first - 1 : last]:
        if lines:
            lines.append(">")
        lines += [f"> {line}".rstrip() for line in _told(message, zone, named)[:-1]]
    return "\n".join([*lines, "", f"— {visitor_name(conversation)}, {address}"]) + "\n"


def _head(conversation: Conversation, zone: ZoneInfo, address: str) -> Iterator[tuple[str, str]]:
    yield _("Conversation"), shown(conversation.identity.channel)
    yield _("Address"), address
    yield _("Visitor"), visitor_name(conversation)
    yield _("Started"), f"{started(conversation.begin, zone).text} ({zone.key})"
    for fact in strip(conversation):
        yield fact.label, fact.text
    outcomes = outcome_words(tuple(outcome.value for outcome in conversation.outcomes))
    yield _("Outcome"), ", ".join(outcomes) or _("none sent")
    comment = shown(conversation.rating_comment.strip())
    rating = rating_label(rating_word(conversation.rating))
    yield _("Rating"), f"{rating} “{comment}”" if comment else rating
    if country := country_name(conversation):
        yield _("Country"), country
    for fact in visitor_facts(conversation):
        yield fact.label, fact.text


def _told(message: Message, zone: ZoneInfo, named: str) -> list[str]:
    """Who, when and what, with an empty line behind."""
    when = _when(message, zone)
    if message.role is Role.SYSTEM:
        return [f"* {_event(message)}, {when}", ""]
    return [f"{_speaker(message, named)}, {when}:", *shown(message.text).split("\n"), ""]


def _when(message: Message, zone: ZoneInfo) -> str:
    return _("no time") if message.at is None else exact(message.at, zone).text


def _visitor_named(conversation: Conversation) -> str:
    """The visitor's own name, for messages that came without one; empty where none was sent."""
    return shown(conversation.visitor.name.strip())


def _speaker(message: Message, named: str) -> str:
    """Jonas Muster (Agent); Visitor alone where no name came. ``named`` is the visitor's name."""
    own = named if message.role is Role.VISITOR else ""
    name = shown(message.name.strip()) or own or speaker_label(message)
    role = role_label(message)
    return name if name == role else f"{name} ({role})"


def _event(message: Message) -> str:
    sentence = event_sentence(message.text, shown(message.name.strip()))
    return sentence[1] if sentence else shown(message.text)


def _escaped(text: str) -> str:
    """A text in which nothing is markup of Markdown."""
    return _MARKUP.sub(lambda found: f"{found[1]}\\" if found[1] else f"\\{found[0]}", text)
