"""What else is known of a visitor, for the panel of a timeline: other conversations, identities.

Pure; the archive is asked by the page.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.archive.histories import Neighbours, Related, Visited
from app.conversations.model import Conversation, Role, moment
from app.language import gettext as _
from app.web.excerpt import word_end
from app.web.links import conversation_url, visitor_url
from app.web.result_view import outcome_words
from app.web.visible import shown
from app.web.wording import conversations, whole
from app.web.wording import moment as moment_words

MOST_BESIDE: Final = 3
"""Earlier and later conversations that are named, each."""
MOST_RELATED: Final = 10
_OPENING: Final = 120
"""Characters of how a conversation began."""


class Other(Struct, frozen=True):
    """Another conversation of the same visitor."""

    when: str
    opening: str
    url: str


class Identity(Struct, frozen=True):
    """Somebody with the same visitor id who is known otherwise."""

    label: str
    count: str
    url: str


class VisitorPanel(Struct, frozen=True):
    """Other conversations of a visitor with their counts, and other identities."""

    earlier_text: str = ""
    earlier: tuple[Other, ...] = ()
    later_text: str = ""
    later: tuple[Other, ...] = ()
    history_text: str = ""
    history_url: str = ""
    identities: tuple[Identity, ...] = ()


def visitor_panel(
    key: str,
    beside: Neighbours,
    related: Sequence[Related],
    opened: Mapping[str, Conversation],
    zone: ZoneInfo,
) -> VisitorPanel:
    """The panel of the visitor of a key; ``opened`` are conversations that it names, by id.

    Of those that are not among them it cannot tell how they began.
    """
    all_of_them = beside.earlier_count + beside.later_count + 1
    earlier = _("Earlier conversations ({number})").format(number=whole(beside.earlier_count))
    later = _("Later conversations ({number})").format(number=whole(beside.later_count))
    history = _("The whole history: {conversations}").format(
        conversations=conversations(all_of_them)
    )
    return VisitorPanel(
        earlier_text=earlier if beside.earlier else "",
        earlier=tuple(_others(beside.earlier, opened, zone)),
        later_text=later if beside.later else "",
        later=tuple(_others(beside.later, opened, zone)),
        history_text=history if all_of_them > 1 else "",
        history_url=visitor_url(key) if all_of_them > 1 else "",
        identities=tuple(identities(related)),
    )


def identities(related: Sequence[Related]) -> Iterator[Identity]:
    """Who else came with the same visitor id, as links."""
    for one in related:
        nameless = _("without e-mail, visitor id {id}").format(id=shown(one.visitor))
        label = shown(one.email) or nameless
        yield Identity(label, conversations(one.conversations), visitor_url(one.key))


def _others(
    visited: Sequence[Visited], opened: Mapping[str, Conversation], zone: ZoneInfo
) -> Iterator[Other]:
    for one in visited:
        conversation, begin = opened.get(one.conversation), moment(one.begin_ms)
        if begin is not None:
            began = "" if conversation is None else opening(conversation)
            yield Other(moment_words(begin, zone).text, began, conversation_url(one.conversation))


def opening(conversation: Conversation) -> str:
    """How a conversation began: the visitor's first words, else its outcome."""
    said = (m.text.strip() for m in conversation.messages if m.role is Role.VISITOR)
    first = next(filter(None, said), "")
    if len(first) > _OPENING:
        return shown(first[: word_end(first, _OPENING)]) + " …"
    if first:
        return shown(first)
    return ", ".join(word.text for word in outcome_words(conversation)) or _("no message")
