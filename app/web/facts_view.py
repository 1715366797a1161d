"""The facts of a conversation as they were sent: strip, visitor, variables, pages. Pure."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlsplit

from msgspec import Struct

from app.conversations.model import Conversation
from app.flatten import country_code
from app.language import gettext as _
from app.language import marked
from app.web.wording import country, duration, shown

NOBODY: Final = marked("nobody answered")


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


def strip(conversation: Conversation) -> Iterator[Fact]:
    """The vendor's figures, as sent."""
    if conversation.duration is not None:
        yield Fact(_("Duration"), duration(conversation.duration))
    yield Fact(_("First response"), _response(conversation.first_response))
    yield Fact(_("Average response"), _response(conversation.average_response))


def _response(seconds: int | None) -> str:
    return duration(seconds) if seconds else _(NOBODY)


def country_name(conversation: Conversation) -> str:
    code = country_code(conversation)
    return country(code) if code else ""


def visitor_facts(conversation: Conversation) -> Iterator[Fact]:
    visitor = conversation.visitor
    place = [country_name(conversation), visitor.city, visitor.country]
    email = visitor.email.strip()
    facts = (
        Fact(_("Email"), shown(email), f"mailto:{quote(email, safe='@')}" if "@" in email else ""),
        Fact(
            _("Place"),
            ", ".join(dict.fromkeys(shown(part.strip()) for part in place if part.strip())),
        ),
        Fact(_("Group"), shown(visitor.group)),
        Fact(_("Note"), shown(visitor.note)),
        Fact(_("Browser"), shown(visitor.user_agent)),
        Fact(_("System"), shown(visitor.platform)),
        Fact(_("Address"), shown(visitor.ip_address), code=True),
        _came_from(visitor.referer),
    )
    yield from (fact for fact in facts if fact.text.strip())


def _came_from(referer: str) -> Fact:
    return Fact(_("Came from"), shown(referer), _web_address(referer))


def variables(conversation: Conversation) -> Iterator[Fact]:
    for variable in conversation.visitor.variables:
        yield Fact(shown(variable.label), shown(variable.value))


def visited_pages(conversation: Conversation) -> Iterator[VisitedPage]:
    for page in conversation.pages:
        address = shown(page.url)
        bare = address.removeprefix("https://").removeprefix("http://")
        yield VisitedPage(shown(page.title.strip()) or _("No title"), bare, _web_address(page.url))


def _web_address(url: str) -> str:
    """An address that may become a link: http or https with a host; empty for everything else."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable()
    except ValueError:
        return ""
    return url if safe else ""
