"""The facts of a conversation as they were sent: strip, visitor, variables, pages. Pure."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from app.conversations.model import Conversation, Role
from app.flatten import country_code
from app.language import gettext as _
from app.language import marked
from app.web.browser_view import browser_words, system_words
from app.web.message_text import mail_address, web_address
from app.web.visible import shown
from app.web.wording import country, duration

NOBODY: Final = marked("nobody answered")


class Fact(Struct, frozen=True):
    """A line of the side panel or the strip; an empty address makes it text.

    ``sent`` is what was sent where the text says it in words.
    """

    label: str
    text: str
    url: str = ""
    code: bool = False
    sent: str = ""


class VisitedPage(Struct, frozen=True):
    """A page of the visit; only http and https become links."""

    title: str
    address: str
    url: str


def strip(conversation: Conversation) -> Iterator[Fact]:
    """The vendor's figures, as sent."""
    if conversation.duration is not None:
        yield Fact(_("Duration"), duration(conversation.duration))
    is_answered = any(message.role is Role.AGENT for message in conversation.messages)
    for label, seconds in (
        (_("First response"), conversation.first_response),
        (_("Average response"), conversation.average_response),
    ):
        yield Fact(label, _response(seconds, is_answered=is_answered))


def _response(seconds: int | None, *, is_answered: bool) -> str:
    """A figure of the vendor: null or 0 says that nobody answered, unless the messages show it."""
    if seconds:
        return duration(seconds)
    return _("none sent") if is_answered else _(NOBODY)


def country_name(conversation: Conversation) -> str:
    code = country_code(conversation)
    return country(code) if code else ""


def visitor_facts(conversation: Conversation) -> Iterator[Fact]:
    visitor = conversation.visitor
    place = [country_name(conversation), visitor.city, visitor.country]
    email = visitor.email.strip()
    facts = (
        Fact(_("Email"), shown(email), mail_address(email)),
        Fact(
            _("Place"),
            ", ".join(dict.fromkeys(shown(part.strip()) for part in place if part.strip())),
        ),
        Fact(_("Group"), shown(visitor.group)),
        Fact(_("Note"), shown(visitor.note)),
        _in_words(_("Browser"), browser_words(visitor.user_agent), visitor.user_agent),
        _in_words(_("System"), system_words(visitor.user_agent), visitor.platform),
        Fact(_("Address"), shown(visitor.ip_address), code=True),
        _came_from(visitor.referer),
    )
    yield from (fact for fact in facts if fact.text.strip())


def _in_words(label: str, words: str, sent: str) -> Fact:
    return Fact(label, words or shown(sent), sent=shown(sent) if words else "")


def _came_from(referer: str) -> Fact:
    return Fact(_("Came from"), shown(referer), web_address(referer))


def variables(conversation: Conversation) -> Iterator[Fact]:
    for variable in conversation.visitor.variables:
        if variable.value.strip():
            yield Fact(shown(variable.label), shown(variable.value))


def visited_pages(conversation: Conversation) -> Iterator[VisitedPage]:
    for page in conversation.pages:
        address = shown(page.url)
        bare = address.removeprefix("https://").removeprefix("http://")
        yield VisitedPage(shown(page.title.strip()) or _("No title"), bare, web_address(page.url))
