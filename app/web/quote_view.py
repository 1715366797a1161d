"""Messages as a text to copy, on a page of its own: for who has no script. Pure."""

from msgspec import Struct

from app.conversations.model import Conversation
from app.web.links import FIRST, LAST, conversation_url, message_url, numbers_of, quote_action
from app.web.shell import Shell
from app.web.wording import messages_from


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
    return QuotePage(
        shell=shell,
        heading=messages_from(first, last),
        text=text,
        rows=min(max(text.count("\n") + 2, 6), 40),
        first=first,
        last=last,
        most=len(conversation.messages),
        names=(FIRST, LAST),
        action=quote_action(conversation.id),
        back=conversation_url(conversation.id, (), first),
        permalink=message_url(conversation.id, numbers_of(first, last)),
    )
