"""What the portal counted itself: lines of the side panel, told apart from what was sent. Pure."""

from collections.abc import Iterator
from typing import Final

from app.conversations.measures import SPEAKING, Measures, Wait
from app.conversations.model import Conversation, Role
from app.language import gettext as _
from app.language import marked
from app.web.facts_view import Fact
from app.web.links import Pairs, message_url
from app.web.result_view import speaker_label
from app.web.wording import duration, whole

SECONDS_APART: Final = 2
"""From which on a figure of ours contradicts the vendor's: both round."""
_SPEAKERS: Final = {
    Role.VISITOR: marked("visitor {share} %"),
    Role.AGENT: marked("agents {share} %"),
    Role.AUTOMATIC: marked("automatic {share} %"),
}


def counted(conversation: Conversation, found: Measures, carried: Pairs) -> Iterator[Fact]:
    """The figures of a conversation that people ask for; where the vendor says otherwise, both.

    Links to messages carry the search one came from.
    """
    yield from _contradicted(conversation, found, carried)
    if found.longest_wait is not None:
        yield _wait(conversation, _("Longest wait"), found.longest_wait, carried)
    if found.last_word is not None:
        url = message_url(conversation.id, found.last_word.number, carried)
        yield Fact(_("Last word"), speaker_label(found.last_word), url)
    total = sum(found.words[role] for role in SPEAKING)
    if total:
        shares = [(role, round(100 * found.words[role] / total)) for role in SPEAKING]
        said = [_(_SPEAKERS[role]).format(share=share) for role, share in shares if share]
        yield Fact(_("Words"), ", ".join(said))
        minutes = _("{number} min").format(number=whole(found.reading_minutes))
        yield Fact(_("Reading time"), minutes)


def _contradicted(conversation: Conversation, found: Measures, carried: Pairs) -> Iterator[Fact]:
    """Figures of the vendor that its own list of messages contradicts."""
    sent = conversation.messages_count
    if sent is not None and sent != found.messages:
        both = _("{number}; sent: {sent}")
        yield Fact(_("Messages"), both.format(number=whole(found.messages), sent=whole(sent)))
    first, claimed = found.first_response, conversation.first_response
    if first is None or (claimed and abs(first.seconds - claimed) < SECONDS_APART):
        return
    line = _wait(conversation, _("First response"), first, carried)
    if not claimed:
        yield line
        return
    both = _("{number}; sent: {sent}").format(number=line.text, sent=duration(claimed))
    yield Fact(line.label, both, line.url)


def _wait(conversation: Conversation, label: str, wait: Wait, carried: Pairs) -> Fact:
    return Fact(label, duration(wait.seconds), message_url(conversation.id, wait.asked, carried))
