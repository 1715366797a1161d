"""Messages as a text to copy, on a page of its own: for who has no script. Pure."""

from msgspec import Struct

from app.conversations.model import Conversation
from app.language import gettext as _
from app.web.links import FIRST, LAST, conversation_url, message_url, quote_action
from app.web.shell import Shell
from app.web.wording import whole


class QuotePage(Struct, frozen=True):
    """Everything that the page of a quote shows; the form asks for other messages."""

    shell: Shell
    heading: str
    text: str
    rows: int
    first: int
    last: int
    most: int
    names: tuple[str, str]
    action: str
    back: str
    permalink: str


def quote_page(
    shell: Shell, conversation: Conversation, first: int, last: int, text: str
) -> QuotePage:
    """The page of some messages, from the first to the last."""
    one, several = _("Message {first}"), _("Messages {first} to {last}")
    numbers = str(first) if first == last else f"{first}-{last}"
    return QuotePage(
        shell=shell,
        heading=(one if first == last else several).format(first=whole(first), last=whole(last)),
        text=text,
        rows=min(max(text.count("\n") + 2, 6), 40),
        first=first,
        last=last,
        most=len(conversation.messages),
        names=(FIRST, LAST),
        action=quote_action(conversation.id),
        back=conversation_url(conversation.id, (), first),
        permalink=message_url(conversation.id, numbers),
    )
